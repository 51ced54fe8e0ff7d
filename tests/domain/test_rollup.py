"""What a whole vein does, from what its sites do."""

from typing import Any

import pytest

from tests.domain.invented import AXIAL_GSV, AXIAL_SSV, CLOSED, answer, fired, vein
from workflow.domain.interpretation import VeinResult


def right(name: str, **sites: Any) -> VeinResult:
    return vein(answer(right={k.replace("__", "@"): v for k, v in sites.items()}), "R", name)


def test_a_vein_refluxes_if_any_timed_site_does() -> None:
    found = right("GSV", GSV_MT={"reflux_ms": 501})
    assert (found.reflux, found.pattern, found.max_ms) == (True, "segmental", 501)


def test_a_vein_whose_sites_all_hold_does_not_reflux_and_has_no_pattern() -> None:
    found = vein(answer(), "R", "GSV")
    assert (found.reflux, found.pattern, found.max_ms, found.incomplete) == (
        False,
        None,
        200,
        False,
    )


def test_a_vein_that_nobody_timed_is_unknown_and_incomplete() -> None:
    found = right("SSV", SSV_PC=None, SSV_MC={"reflux_ms": None}, SSV_DC={"reflux_ms": None})
    assert (found.reflux, found.incomplete) == (None, True)


def test_a_missing_site_makes_a_quiet_vein_incomplete_but_not_unknown() -> None:
    found = right("GSV", GSV_MC=None)
    assert (found.reflux, found.incomplete) == (False, True)


@pytest.mark.parametrize("changes", [{"thrombus": "acute"}, {"closure": "closed_after_ablation"}])
def test_an_untimed_clot_or_closure_makes_a_quiet_vein_unknown(changes: dict[str, Any]) -> None:
    assert right("SSV", SSV_MC={"reflux_ms": None, **changes}).reflux is None


def test_a_timed_leak_beside_a_clot_is_still_a_leak() -> None:
    found = right("GSV", GSV_MT={"reflux_ms": None, "thrombus": "acute"}, GSV_K={"reflux_ms": 900})
    assert (found.reflux, found.thrombus) == (True, "acute")


def test_a_closed_vein_is_never_normal_even_where_nothing_was_timed_in_it() -> None:
    found = right("GSV", GSV_PT=CLOSED, GSV_MT={**CLOSED, "reflux_ms": 0})
    assert (found.reflux, found.closure) == (None, "complete")


def test_the_great_saphenous_is_axial_from_groin_to_upper_calf() -> None:
    assert right("GSV", **AXIAL_GSV).pattern == "axial"


@pytest.mark.parametrize("site", list(AXIAL_GSV))
@pytest.mark.parametrize("gap", [None, {"reflux_ms": None}, {"reflux_ms": 500}])
def test_one_missing_untimed_or_quiet_site_makes_it_segmental(site: str, gap: Any) -> None:
    assert right("GSV", **{**AXIAL_GSV, site: gap}).pattern == "segmental"


def test_reflux_below_the_upper_calf_is_not_needed_for_an_axial_pattern() -> None:
    assert right("GSV", **AXIAL_GSV, GSV_MC={"reflux_ms": None}).pattern == "axial"


def test_the_small_saphenous_is_axial_from_knee_to_ankle() -> None:
    assert right("SSV", **AXIAL_SSV).pattern == "axial"
    assert right("SSV", **{**AXIAL_SSV, "SSV_DC": {"reflux_ms": 500}}).pattern == "segmental"


@pytest.mark.parametrize(
    ("sites", "pattern"),
    [
        ({3: 900, 8: 900}, "axial_accessory"),
        ({3: 900, 7.9: 900}, "segmental"),
        ({3: 900, 5: 900, 9: 900}, "axial_accessory"),
        ({3: 900, 6: 100, 12: 900}, "segmental"),
        ({3: 900}, "segmental"),
    ],
)
def test_an_accessory_vein_is_axial_over_five_centimetres(
    sites: dict[float, int], pattern: str
) -> None:
    changes = {f"AASV@{cm}": {"reflux_ms": ms} for cm, ms in sites.items()}
    assert vein(answer(right=changes), "R", "AASV").pattern == pattern


def test_accessory_sites_without_a_distance_cannot_be_axial() -> None:
    assert right("AASV", AASV={"reflux_ms": 900}).pattern == "segmental"


def test_a_junction_that_leaks_is_junctional() -> None:
    assert right("SFJ", SFJ={"reflux_ms": 700}).pattern == "junctional"
    assert right("SPJ", SPJ={"reflux_ms": 700}).pattern == "junctional"


@pytest.mark.parametrize("name", ["POPV", "TRIB1", "PERF_PT1", "PAV"])
def test_deep_veins_tributaries_and_perforators_have_no_pattern(name: str) -> None:
    found = right(name, **{name: {"reflux_ms": 2000}})
    assert (found.reflux, found.pattern) == (True, None)


@pytest.mark.parametrize(
    ("ms", "mm", "pathologic"),
    [
        (500, 3.5, True),
        (499, 3.5, False),
        (500, 3.4, False),
        (500, None, None),
        (499, None, False),
        (None, 3.5, None),
        (None, 3.4, False),
    ],
)
def test_a_perforator_is_pathologic_by_both_numbers(
    ms: int | None, mm: float | None, *, pathologic: bool | None
) -> None:
    found = right("PERF_PT1", PERF_PT1={"reflux_ms": ms, "diameter_mm": mm})
    assert found.pathologic is pathologic


@pytest.mark.parametrize(
    ("sites", "closure", "told"),
    [
        ({"GSV_PT": CLOSED, "GSV_MT": CLOSED}, "complete", "INFO_CLOSURE_COMPLETE"),
        ({"GSV_PT": CLOSED, "GSV_MT": {**CLOSED, "closure": "partly_open"}}, "partial", None),
        (
            {"GSV_PT": CLOSED, "GSV_MT": {"reflux_ms": 300, "closure": "recanalised"}},
            "recanalised",
            "WARN_RECANALISED",
        ),
        (
            {"GSV_PT": CLOSED, "GSV_MT": {"reflux_ms": 501, "closure": "partly_open"}},
            "recanalised",
            "WARN_RECANALISED",
        ),
        ({"GSV_PT": CLOSED, "GSV_PC": {"reflux_ms": 900}}, "complete", "INFO_CLOSURE_COMPLETE"),
    ],
)
def test_a_treated_vein_is_closed_partly_open_or_open_again(
    sites: dict[str, Any], closure: str, told: str | None
) -> None:
    said = answer(right=sites)
    assert vein(said, "R", "GSV").closure == said.closure == closure
    assert fired(said) & {"INFO_CLOSURE_COMPLETE", "WARN_RECANALISED"} == (
        {told} if told else set()
    )


def test_a_vein_on_record_as_closed_that_leaks_is_open_again() -> None:
    before = {"leg": "R", "vein": "GSV", "technique": "RFA", "year": 2020, "result": "closed"}
    intake = {"prior_vein_procedures": [before]}
    leaking = answer(right={"GSV_PT": {"reflux_ms": 900}}, intake=intake)
    assert vein(leaking, "R", "GSV").closure == "recanalised"
    assert vein(answer(intake=intake), "R", "GSV").closure is None
    other = answer(left={"GSV_PT": {"reflux_ms": 900}}, intake=intake)
    assert vein(other, "L", "GSV").closure is None


def test_a_deep_vein_takes_the_thrombus_that_extends_into_it() -> None:
    clot = {"thrombus": "acute", "compressibility": "none", "extends_into": "CFV"}
    assert right("CFV", SFJ=clot).thrombus == "acute"
    named = {**clot, "extends_into": "common femoral vein"}
    found = vein(answer(right={"SFJ": named, "CFV": None}), "R", "CFV")
    assert (found.reflux, found.thrombus, found.max_ms) == (None, "acute", None)


def test_veins_come_in_the_order_of_the_catalogue() -> None:
    said = answer(right={"TRIB2": {}, "TRIB1": {}, "PERF_PT1": {}})
    names = [v.vein for v in said.veins if v.leg.value == "R"]
    assert names[:3] == ["CFV", "FV", "POPV"]
    assert names[-3:] == ["TRIB1", "TRIB2", "PERF_PT1"]
