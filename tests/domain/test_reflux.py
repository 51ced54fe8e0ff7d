"""Does this valve hold? Each cut-off, at it, below it and above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.invented import alert, answer, fired
from workflow.domain.anatomy import CATALOGUE, Leg, ThresholdClass
from workflow.domain.findings import Reading
from workflow.domain.reflux import (
    ESVS_2022,
    PROFILES,
    SVS_2022,
    Profile,
    borderline,
    judge,
    payers_that_differ,
    refluxes,
)

CODES = [row.code for row in CATALOGUE]
TIMED = [row.code for row in CATALOGUE if row.threshold is not ThresholdClass.NONE]


def timed(code: str, reflux_ms: int | None) -> Reading:
    return Reading(Leg.RIGHT, code, reflux_ms=reflux_ms)


@pytest.mark.parametrize(
    ("code", "reflux_ms", "expected"),
    [
        ("GSV_PT", 499, False),
        ("GSV_PT", 500, False),
        ("GSV_PT", 501, True),
        ("SFJ", 500, False),
        ("SSV_MC", 501, True),
        ("TRIB3", 500, False),
        ("CFV", 999, False),
        ("CFV", 1000, False),
        ("CFV", 1001, True),
        ("FV_M", 1000, False),
        ("POPV", 1001, True),
        ("DFV", 500, False),
        ("DFV", 501, True),
        ("PTV", 501, True),
        ("GASV", 500, False),
        ("PERF_PT1", 499, False),
        ("PERF_PT1", 500, True),
        ("PERF_LAT2", 501, True),
        ("GSV_PT", 0, False),
    ],
)
def test_the_direction_of_each_boundary_is_that_of_the_guideline(
    code: str, reflux_ms: int, *, expected: bool
) -> None:
    assert refluxes(timed(code, reflux_ms), SVS_2022) is expected


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.id)
def test_a_vein_that_was_not_timed_is_never_normal(code: str, profile: object) -> None:
    assert refluxes(timed(code, None), SVS_2022) is None
    assert not borderline(timed(code, None), SVS_2022)


@pytest.mark.parametrize("code", ["IVC", "EIV", "TEL", "RET"])
def test_a_site_that_is_not_timed_by_the_protocol_has_no_answer(code: str) -> None:
    assert refluxes(timed(code, 3000), SVS_2022) is None
    assert not borderline(timed(code, 500), SVS_2022)
    assert payers_that_differ(timed(code, 500), judge(timed(code, 500), SVS_2022)) == ()


@given(st.sampled_from(TIMED), st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_longer_time_never_turns_reflux_into_none(code: str, one: int, other: int) -> None:
    low, high = sorted((one, other))
    for profile in PROFILES.values():
        if refluxes(timed(code, low), profile):
            assert refluxes(timed(code, high), profile)


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [("GSV_PT", 450, 550), ("CFV", 900, 1100), ("DFV", 450, 550), ("PERF_PT1", 350, 550)],
)
def test_a_time_at_90_to_110_percent_is_borderline_both_ends_included(
    code: str, low: int, high: int
) -> None:
    told = [ms for ms in range(1300) if borderline(timed(code, ms), SVS_2022)]
    assert told == list(range(low, high + 1))


def test_the_european_profile_times_a_perforator_at_more_than_350_ms() -> None:
    assert refluxes(timed("PERF_PT1", 350), ESVS_2022) is False
    assert refluxes(timed("PERF_PT1", 351), ESVS_2022) is True
    assert refluxes(timed("GSV_PT", 500), ESVS_2022) is False


@pytest.mark.parametrize(
    ("code", "reflux_ms", "payers"),
    [
        ("SFJ", 499, ()),
        ("SFJ", 500, ("Aetna CPB 0050",)),
        ("SPJ", 500, ("Aetna CPB 0050",)),
        ("SFJ", 501, ()),
        ("GSV_PT", 500, ()),
        ("PERF_PT1", 499, ()),
        ("PERF_PT1", 500, ("Medicare L39121",)),
        ("PERF_PT1", 501, ()),
        ("PTV", 500, ()),
        ("PTV", 501, ("Medicare L39121",)),
        ("PTV", 1000, ("Medicare L39121",)),
        ("PTV", 1001, ()),
        ("POPV", 1000, ()),
        ("POPV", 1001, ()),
        ("POPV", None, ()),
    ],
)
def test_a_payer_that_compares_otherwise_is_named(
    code: str, reflux_ms: int | None, payers: tuple[str, ...]
) -> None:
    reading = timed(code, reflux_ms)
    assert payers_that_differ(reading, judge(reading, SVS_2022)) == payers


def test_the_profile_says_its_cut_offs_and_their_direction() -> None:
    assert "superficial veins over 500 ms" in SVS_2022.line
    assert "femoral and popliteal veins over 1,000 ms" in SVS_2022.line
    assert "perforators at least 500 ms" in SVS_2022.line
    assert SVS_2022.version in SVS_2022.line


def test_a_judged_reading_keeps_its_place() -> None:
    judged = judge(timed("GSV_PT", 501), SVS_2022)
    assert (judged.leg, judged.segment, judged.reflux, judged.borderline) == (
        Leg.RIGHT,
        "GSV_PT",
        True,
        True,
    )


def test_borderline_and_payer_alerts_name_the_leg_and_the_site() -> None:
    said = answer(right={"SFJ": {"reflux_ms": 500}})
    assert alert(said, "WARN_BORDERLINE").leg is Leg.RIGHT
    assert "saphenofemoral junction, 500 ms" in alert(said, "WARN_BORDERLINE").text
    assert "Aetna" in alert(said, "WARN_CLINICAL_VS_PAYER").text
    assert not fired(answer()) & {"WARN_BORDERLINE", "WARN_CLINICAL_VS_PAYER"}


@pytest.mark.parametrize(("ms", "told"), [(500, False), (501, True), (1000, True), (1001, False)])
def test_deep_reflux_below_its_cut_off_is_told(ms: int, *, told: bool) -> None:
    said = answer(right={"FV_M": {"reflux_ms": ms}})
    assert ("INFO_DEEP_BELOW_CUTOFF" in fired(said)) is told
    assert "INFO_DEEP_BELOW_CUTOFF" not in fired(answer(right={"PTV": {"reflux_ms": ms}}))


def test_a_time_taken_in_any_position_but_standing_is_told_once() -> None:
    assert "WARN_NOT_STANDING" not in fired(answer())
    assert alert(answer(exam={"position": "supine"}), "WARN_NOT_STANDING").leg is None
    single = answer(left={"GSV_K": {"position": "sitting"}})
    assert alert(single, "WARN_NOT_STANDING").leg is Leg.LEFT
    untimed = answer(left={"GSV_K": {"position": "sitting", "reflux_ms": None}})
    assert "WARN_NOT_STANDING" not in fired(untimed)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.id)
@pytest.mark.parametrize("code", TIMED)
def test_each_cut_off_of_each_profile_is_exact_one_below_at_and_one_above(
    code: str, profile: Profile
) -> None:
    cutoff = profile.cutoff(timed(code, 0).site)
    assert cutoff is not None
    around = [refluxes(timed(code, cutoff.ms + step), profile) for step in (-1, 0, 1)]
    assert around == [False, cutoff.reaching_counts, True]
