"""A clinic may set its own limits; each decides at its boundary, and every set says its version."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.invented import ACUTE, AXIAL_GSV, alert, answer, case, fired, offered, vein
from workflow.domain.errors import CaseRefused, Refused
from workflow.domain.interpret import as_result, interpret
from workflow.domain.interpretation import Interpretation, Severity
from workflow.domain.limits import (
    ABOUT,
    DEFAULT_LIMITS,
    Limits,
    contradictions,
    read_limits,
    write_limits,
)
from workflow.domain.profile import (
    ESVS_2022,
    PROFILES,
    SVS_2022,
    Profile,
    read_profile,
    write_profile,
)

ULCER = {"intake": {"abi": {"R": 0.55}}, "plan": {"compression_mmhg": "20-30"}}
SVT = {**ACUTE, "tip_to_junction_cm": 4.0, "thrombus_length_cm": 5.0}


def by(limits: dict[str, Any], **changes: Any) -> Interpretation:
    """Return what the rules say of an invented case by limits of the clinic's own."""
    own = read_limits({"version": "2", **limits})
    return interpret(case(**changes), replace(SVS_2022, limits=own))


def test_the_defaults_are_those_of_the_reference() -> None:
    known = {name: str(getattr(DEFAULT_LIMITS, name)) for name in ABOUT}
    assert known == {
        "borderline_percent": "10",
        "deep_note_ms": "500",
        "pathologic_mm": "3.5",
        "tributary_mm": "3",
        "nonthermal_mm": "12",
        "thermal_depth_mm": "10",
        "accessory_apart_cm": "5",
        "svt_near_cm": "3",
        "svt_long_cm": "5",
        "svt_rescan_days": "10",
        "wells_likely": "2",
        "abi_severe": "0.50",
        "abi_arterial": "0.90",
        "abi_stiff": "1.40",
        "compression_abi": "0.60",
        "compression_ankle_mmhg": "60",
        "ulcer_days": "14",
        "pregnancy_from_years": "12",
        "pregnancy_to_years": "55",
        "patent_complete_cm": "5",
        "patent_recanalised_cm": "10",
        "lidocaine_warn_mg_kg": "7",
        "lidocaine_stop_mg_kg": "15",
        "lidocaine_refused_mg_kg": "35",
        "polidocanol_mg_kg": "2",
        "polidocanol_liquid_soft_ml": "3",
        "polidocanol_liquid_hard_ml": "10",
        "foam_soft_ml": "10",
        "foam_hard_ml": "15",
        "varithena_hard_ml": "15",
        "sts_liquid_hard_ml": "10",
        "sts_foam_hard_ml": "10",
        "glue_hard_ml": "10",
    }
    assert (DEFAULT_LIMITS.id, DEFAULT_LIMITS.version) == ("wellness-limits", "1")


@pytest.mark.parametrize("name", ABOUT)
def test_each_limit_has_its_meaning_its_source_and_a_default_within_its_range(name: str) -> None:
    about = ABOUT[name]
    assert about.says
    assert about.source
    assert Decimal(about.low) <= getattr(DEFAULT_LIMITS, name) <= Decimal(about.high)
    for outside in (Decimal(about.low) - 1, Decimal(about.high) + 1):
        with pytest.raises(CaseRefused, match=rf"limits\.{name}"):
            read_limits({name: outside})


def test_limits_come_back_as_they_were_stored() -> None:
    own = replace(DEFAULT_LIMITS, version="3", tributary_mm=Decimal("2.5"))
    assert read_limits(write_limits(own)) == own
    assert read_limits({}) == DEFAULT_LIMITS


def test_a_limit_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"limits\.tributary_cm is not a limit of the rules\."):
        read_limits({"tributary_cm": 3})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"abi_severe": 0.7, "compression_abi": 0.6}, None),
        (
            {"lidocaine_warn_mg_kg": 16},
            "“Lidocaine asks over” must not be higher than “Lidocaine stops",
        ),
        (
            {"lidocaine_stop_mg_kg": 35, "lidocaine_refused_mg_kg": 34},
            "“Lidocaine stops over” must",
        ),
        ({"svt_near_cm": 5, "svt_long_cm": 4}, "“Clot near a junction up to” must not be"),
        ({"polidocanol_liquid_soft_ml": 11}, "“Polidocanol liquid asks over” must not"),
        ({"foam_soft_ml": 16}, "“Polidocanol foam asks over” must not be higher than"),
        (
            {"patent_complete_cm": 10, "patent_recanalised_cm": 9},
            "“Closed while patent for less than” must not",
        ),
        ({"lidocaine_warn_mg_kg": 15}, None),
    ],
)
def test_limits_that_contradict_each_other_are_refused_in_a_sentence(
    wrong: dict[str, Any], sentence: str | None
) -> None:
    if sentence is None:
        assert contradictions(read_limits(wrong)) == {}
        return
    with pytest.raises(Refused) as refusal:
        read_limits(wrong)
    assert str(refusal.value).startswith(sentence)


def test_contradictions_are_found_in_a_set_that_was_never_read() -> None:
    assert contradictions(Limits()) == {}
    assert contradictions(Limits(abi_severe=Decimal("0.95"))) == {
        "abi_severe": "“ABI severe below” must not be higher than “ABI arterial up to”."
    }


def test_an_interpretation_says_by_which_limits_it_was_made() -> None:
    printed = as_result(by({}))
    assert printed["profile"] == {"id": "svs-avf-avls-2022", "version": "1"}
    assert printed["limits"] == {"id": "wellness-limits", "version": "2"}


def test_a_clinics_own_limits_decide_the_scan() -> None:
    tributary = {"right": {"TRIB1": {"reflux_ms": 900, "diameter_mm": 2.5}}}
    assert ("PHLEB", "TRIB1") not in offered(answer(**tributary))
    assert ("PHLEB", "TRIB1") in offered(by({"tributary_mm": 2.5}, **tributary))
    wide = {**AXIAL_GSV, "GSV_PT": {"reflux_ms": 2000, "diameter_mm": 12.5}}
    assert ("CAC", "GSV") not in offered(answer(right=wide))
    assert ("CAC", "GSV") in offered(by({"nonthermal_mm": 13}, right=wide))
    shallow = {**AXIAL_GSV, "GSV_PT": {"reflux_ms": 2000, "diameter_mm": 6, "depth_mm": 8}}
    assert "WARN_THERMAL_DEPTH" in fired(answer(right=shallow))
    assert "WARN_THERMAL_DEPTH" not in fired(by({"thermal_depth_mm": 8}, right=shallow))
    perforator = {"PERF_PT1": {"reflux_ms": 600, "diameter_mm": 3.0}}
    assert vein(answer(right=perforator), "R", "PERF_PT1").pathologic is False
    assert vein(by({"pathologic_mm": 3}, right=perforator), "R", "PERF_PT1").pathologic is True
    apart = {"AASV@3": {"reflux_ms": 900}, "AASV@7": {"reflux_ms": 900}}
    assert vein(answer(right=apart), "R", "AASV").pattern == "segmental"
    own = by({"accessory_apart_cm": 4}, right=apart)
    assert vein(own, "R", "AASV").pattern == "axial_accessory"


def test_a_clinics_own_limits_decide_what_is_borderline_or_noted() -> None:
    near = {"GSV_PT": {"reflux_ms": 430}}
    assert "WARN_BORDERLINE" not in fired(answer(right=near))
    assert "WARN_BORDERLINE" in fired(by({"borderline_percent": 14}, right=near))
    deep = {"CFV": {"reflux_ms": 600}}
    assert "INFO_DEEP_BELOW_CUTOFF" in fired(answer(right=deep))
    assert "INFO_DEEP_BELOW_CUTOFF" not in fired(by({"deep_note_ms": 600}, right=deep))


def test_a_clinics_own_limits_decide_clots_and_arteries() -> None:
    assert "RF5_SVT_LONG" in fired(answer(right={"GSV_MT": SVT}))
    assert "RF4_SVT_NEAR_SFJ" in fired(by({"svt_near_cm": 4}, right={"GSV_MT": SVT}))
    longer = by({"svt_long_cm": 6}, right={"GSV_MT": SVT})
    assert not {"RF4_SVT_NEAR_SFJ", "RF5_SVT_LONG"} & fired(longer)
    rescan = next(o for o in longer.options if o.modality == "REPEAT_SCAN")
    assert rescan.reasons == ("A short superficial thrombosis is scanned again within 10 days.",)
    assert "RF7_ABI_COMPRESSION" in fired(answer(**ULCER))
    assert "RF7_ABI_COMPRESSION" not in fired(by({"compression_abi": 0.5}, **ULCER))
    severe = by({"abi_severe": 0.6, "compression_abi": 0.3}, **ULCER)
    assert alert(severe, "RF6_ABI").severity is Severity.STOP
    assert alert(severe, "RF7_ABI_COMPRESSION").text.endswith("0.55, below 0.6.")
    stiff = {"intake": {"abi": {"R": 1.35}}}
    assert "RF6_ABI" not in fired(answer(**stiff))
    assert "RF6_ABI" in fired(by({"abi_stiff": 1.3}, **stiff))
    ankle = {"intake": {"ankle_mmhg": {"R": 70}}, "plan": {"compression_mmhg": "20-30"}}
    assert "RF7_ABI_COMPRESSION" not in fired(answer(**ankle))
    assert "RF7_ABI_COMPRESSION" in fired(by({"compression_ankle_mmhg": 71}, **ankle))


def test_a_clinics_own_limits_decide_scores_ages_and_ulcers() -> None:
    wells = {"intake": {"wells": {"active_cancer": 1, "paralysis_cast": 1}}}
    assert "RF2_WELLS" in fired(answer(**wells))
    assert "RF2_WELLS" not in fired(by({"wells_likely": 3}, **wells))
    asked = {
        "right": AXIAL_GSV,
        "patient": {"born": "1969-05-04"},
        "intake": {"pregnant": None},
    }
    assert "WARN_UNKNOWN" not in fired(answer(**asked))
    assert "WARN_UNKNOWN" in fired(by({"pregnancy_to_years": 57}, **asked))
    ulcer = {"c": "C6", "seen": {"R": {"c": ["C6"], "ulcer": {"months": 0.4}}}}
    assert "RF12_ULCER_PRIORITY" not in fired(answer(**ulcer))
    assert "RF12_ULCER_PRIORITY" in fired(by({"ulcer_days": 10}, **ulcer))


def test_a_clinics_own_limits_decide_doses() -> None:
    foam = {"planned_dose": {"agent": "polidocanol foam", "percent": 1, "ml": 11}}
    assert alert(answer(**foam), "WARN_DOSE").text.startswith("11 mL of polidocanol foam")
    assert "STOP_DOSE" in fired(by({"foam_hard_ml": 10}, **foam))
    numbing = {
        "intake": {
            "prior_vein_procedures": [
                {"leg": "R", "date": "2026-05-01", "tumescent_ml": 500, "lidocaine_percent": 0.1}
            ]
        }
    }
    assert "WARN_DOSE" in fired(answer(**numbing))
    assert "WARN_DOSE" not in fired(by({"lidocaine_warn_mg_kg": 8}, **numbing))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda each: each.id)
def test_a_profile_comes_back_as_it_was_stored(profile: Profile) -> None:
    assert read_profile(write_profile(profile)) == profile
    edited = replace(profile, version="2", limits=replace(DEFAULT_LIMITS, version="7"))
    assert read_profile(write_profile(edited)) == edited
    assert "version 2" in edited.line


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"superficial": {"ms": 99, "reaching_counts": False}}, r"profile\.superficial\.ms"),
        ({"superficial": {"ms": 5001, "reaching_counts": False}}, r"profile\.superficial\.ms"),
        ({"perforator": {"ms": 500}}, r"profile\.perforator\.reaching_counts: is missing"),
        ({"name": None}, r"profile\.name: is missing"),
        ({"limits": {"tributary_mm": 0}}, r"profile\.limits\.tributary_mm"),
        (
            {"perforator": {"ms": 500, "reaching_counts": True, "shown_as_borderline": [499]}},
            r"profile\.perforator\.shown_as_borderline must hold two times, the shorter one first",
        ),
        (
            {"perforator": {"ms": 500, "reaching_counts": True, "shown_as_borderline": [499, 350]}},
            "the shorter one first",
        ),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused_at_its_key(
    change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        read_profile({**write_profile(ESVS_2022), **change})
