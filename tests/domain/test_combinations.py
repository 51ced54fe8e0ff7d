"""What two findings at once call for: the first row that bars everything ends the leg (§4.8)."""

from typing import Any

import pytest

from tests.domain.invented import (
    ACUTE,
    AXIAL_GSV,
    AXIAL_SSV,
    alert,
    answer,
    clinic,
    fired,
    offered,
    ruled_out,
    vein,
)
from workflow.domain.interpretation import Interpretation, Severity
from workflow.domain.modality import PROCEDURES

SVT = {**ACUTE, "tip_to_junction_cm": 20, "thrombus_length_cm": 6}
EHIT_2 = {**ACUTE, "ehit": True, "percent_deep_lumen": 30}
WELLS = {"wells": {"active_cancer": 1, "paralysis_cast": 1}}


def procedures(said: Interpretation, side: str = "R") -> set[str]:
    """Return the procedures offered to a leg."""
    return {modality for modality, _ in offered(said, side)} & set(PROCEDURES)


def test_a_superficial_clot_in_pregnancy_brings_review_and_care_and_no_doac() -> None:
    said = answer(right={"GSV_MT": SVT}, intake={"pregnant": True, "gestation_weeks": 20})
    assert offered(said) == {("PHYSICIAN_REVIEW", "GSV"): 1, ("CONS", None): 1}
    assert offered(said, "L") == {("CONS", None): 1}
    assert {"RF5_SVT_LONG", "RF9_PREGNANCY", "STOP_DOAC_PREGNANCY"} <= fired(said)
    assert said.icd10 == ("O22.22", "I80.01", "O22.02")


def test_an_extension_of_class_two_holds_the_leg_that_was_planned_next() -> None:
    said = answer(right={"SFJ": EHIT_2}, left=AXIAL_GSV, seen={"L": clinic("C2")})
    assert offered(said) == {("SURVEILLANCE_DUPLEX", "SFJ"): 1, ("PHYSICIAN_REVIEW", None): 1}
    assert procedures(said, "L") == set()
    assert "NEXT_SESSION" in ruled_out(said)
    assert "NEXT_SESSION" in ruled_out(said, "L")
    assert alert(said, "URGENT_EHIT").severity is Severity.URGENT
    assert "RF1_ACUTE_DVT" not in fired(said)


def test_an_extension_and_another_clot_of_the_same_leg_are_both_reviewed() -> None:
    said = answer(right={"SFJ": EHIT_2, "SSV_MC": SVT})
    assert ("PHYSICIAN_REVIEW", "SSV") in offered(said)
    assert ("PHYSICIAN_REVIEW", None) in offered(said)


@pytest.mark.parametrize(("mm", "into"), [(3, True), (0, False), (-2, False)])
def test_a_tip_measured_past_the_junction_reaches_the_deep_vein(mm: int, *, into: bool) -> None:
    sfj = {**ACUTE, "ehit": True, "tip_to_junction_mm": mm}
    said = answer(right={"SFJ": sfj, "CFV": {**ACUTE, "reflux_ms": None}})
    assert ("RF1_ACUTE_DVT" in fired(said)) is not into
    alone = answer(right={"SFJ": sfj})
    assert ("URGENT_EHIT" in fired(alone)) is into


def test_a_likely_clot_is_cleared_by_full_compression_of_every_required_deep_site() -> None:
    cleared = answer(right=AXIAL_GSV, intake=WELLS)
    assert "RF2_WELLS" in fired(cleared)
    assert "RFA" in procedures(cleared)
    for wrong in ({"compressibility": "not_tested"}, {"compressibility": None}, None):
        held = answer(right={**AXIAL_GSV, "PERO": wrong}, intake=WELLS)
        assert procedures(held) == set()
        assert procedures(held, "L") == set()
        assert offered(held) == {("PHYSICIAN_REVIEW", None): 1}


@pytest.mark.parametrize("code", ["CFV", "FV_M", "POPV", "PTV", "GASV"])
@pytest.mark.parametrize("how", ["partial", "none"])
def test_a_deep_vein_that_does_not_compress_waits_for_the_physician(code: str, how: str) -> None:
    said = answer(right={**AXIAL_GSV, code: {"compressibility": how}}, left=AXIAL_SSV)
    assert offered(said) == {("PHYSICIAN_REVIEW", None): 1}
    assert offered(said, "L") == {}
    assert alert(said, "RF1_ACUTE_DVT").severity is Severity.STOP
    assert not [code for code in said.icd10 if code.startswith("I82.4")]


def test_a_thrombus_of_uncertain_age_is_pending_in_a_deep_vein_and_no_alert_in_a_trunk() -> None:
    unsure = {"thrombus": "indeterminate", "reflux_ms": None}
    assert "RF1_ACUTE_DVT" in fired(answer(right={"FV_D": unsure}))
    trunk = answer(right={"GSV_MT": unsure})
    assert not {"RF1_ACUTE_DVT", "RF4_SVT_NEAR_SFJ", "RF5_SVT_LONG"} & fired(trunk)


def test_a_superficial_clot_that_extends_gives_the_deep_vein_its_thrombus() -> None:
    said = answer(right={"SPJ": {**ACUTE, "extends_into": "POPV"}, "POPV": None})
    assert vein(said, "R", "POPV").thrombus == "acute"
    assert vein(said, "R", "POPV").reflux is None
    assert {"RF1_ACUTE_DVT", "RF4_SVT_NEAR_SFJ"} <= fired(said)
    assert said.icd10 == ("I82.431",)


@pytest.mark.parametrize(
    ("clot", "told"),
    [
        ({"tip_to_junction_cm": 3}, "RF4_SVT_NEAR_SFJ"),
        ({"tip_to_junction_cm": 3.1, "thrombus_length_cm": 5}, "RF5_SVT_LONG"),
        ({"tip_to_junction_cm": 3.1, "thrombus_length_cm": 4.9}, None),
        ({"thrombus_length_cm": 4}, "RF4_SVT_NEAR_SFJ"),
        ({"tip_to_junction_cm": 3.1}, None),
    ],
)
@pytest.mark.parametrize("code", ["GSV_MT", "SSV_MC", "AASV", "PASV", "TE"])
def test_each_trunk_is_warned_of_by_tip_then_length(
    code: str, clot: dict[str, Any], told: str | None
) -> None:
    said = answer(right={code: {**ACUTE, **clot}})
    assert {"RF4_SVT_NEAR_SFJ", "RF5_SVT_LONG"} & fired(said) == ({told} if told else set())


def test_a_long_clot_in_a_tributary_stays_with_the_physician_without_a_trunks_alert() -> None:
    said = answer(right={"TRIB1": SVT})
    assert not {"RF4_SVT_NEAR_SFJ", "RF5_SVT_LONG"} & fired(said)
    assert ("PHYSICIAN_REVIEW", "TRIB1") in offered(said)


@pytest.mark.parametrize(
    ("general", "own", "told"),
    [
        ("standing", None, []), ("standing", "standing", []), ("standing", "sitting", ["R"]),
        ("supine", None, [None]), ("supine", "standing", [None]), (None, "supine", ["R"]),
        (None, None, []), ("supine", "sitting", [None, "R"]),
    ],
)  # fmt: skip
def test_a_time_taken_otherwise_than_standing_is_warned_of_once(
    general: str | None, own: str | None, told: list[str | None]
) -> None:
    said = answer(right={"GSV_MT": {"position": own}}, exam={"position": general})
    found = [a.leg and a.leg.value for a in said.alerts if a.id == "WARN_NOT_STANDING"]
    assert found == told


@pytest.mark.parametrize("c", ["C2r", "C6r"])
def test_a_recurrence_keeps_its_letter_and_its_treatment(c: str) -> None:
    said = answer(right=AXIAL_GSV, c=c)
    assert said.ceap[0].basic == f"{c}s Ep As Pr"
    assert {"RFA", "EVLA", "CAC", "PEM", "MOCA", "UGFS"} == procedures(said)
    assert (("CONS", None) in offered(said)) is (c == "C6r")


@pytest.mark.parametrize(
    ("near", "pathologic_2011"), [("active", True), ("healed", True), ("none", False), (None, None)]
)
def test_a_perforator_is_read_by_both_guidelines(
    near: str | None, *, pathologic_2011: bool | None
) -> None:
    wide = {"reflux_ms": 500, "diameter_mm": 3.5, "near_ulcer": near}
    said = answer(right={"PERF_PT1": wide, "PERF_LAT1": {**wide, "diameter_mm": 3.4}}, c="C6")
    assert vein(said, "R", "PERF_PT1").pathologic is True
    assert vein(said, "R", "PERF_PT1").pathologic_2011 is pathologic_2011
    assert vein(said, "R", "PERF_LAT1").pathologic is False
    assert vein(said, "R", "PERF_LAT1").pathologic_2011 is False
    assert (("PERF_RFA", "PERF_PT1") in offered(said)) is (pathologic_2011 is True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("RFA of the left GSV", True), ("Lt GSV RFA", True), ("LLE: RFA", True),
        ("RFA of the right GSV", False), ("RFA right away", False), ("both legs", False),
        ("left now, right later", False), ("RFA of the GSV", False),
    ],
)  # fmt: skip
def test_a_text_that_names_the_other_leg_is_told(text: str, *, told: bool) -> None:
    said = answer(right=AXIAL_GSV, plan={"text": text})
    assert ("WARN_LATERALITY" in fired(said)) is told


def test_a_site_named_in_a_plan_is_read_as_its_vein() -> None:
    items = [{"leg": "L", "vein": "gsv_mt", "modality": "RFA"}]
    said = answer(right=AXIAL_GSV, plan={"items": items})
    assert alert(said, "WARN_LATERALITY").text == (
        "The plan names the left great saphenous vein; the reflux is in the other leg."
    )


def test_severe_arteries_end_the_leg_before_its_ulcer_and_its_trunk() -> None:
    said = answer(right=AXIAL_GSV, c="C6", intake={"abi": {"R": 0.49, "L": 1.0}})
    assert offered(said) == {("PHYSICIAN_REVIEW", None): 1}
    assert "COMPRESSION_DEFAULT" in ruled_out(said)
    edge = answer(right=AXIAL_GSV, c="C6", intake={"abi": {"R": 0.5, "L": 1.0}})
    assert "RFA" in procedures(edge)
    assert "COMPRESSION_DEFAULT" in ruled_out(edge)


def test_a_leg_whose_deep_veins_were_never_compressed_is_not_called_patent() -> None:
    deep = ("CFV", "FV_P", "FV_M", "FV_D", "POPV", "PTV", "PERO")
    said = answer(right={code: {"compressibility": None} for code in deep})
    (right, _) = said.impression
    assert not any("patent" in line or "Fully compressible" in line for line in right.sentences)
    assert right.sentences[0].startswith("Compression was not recorded at: common femoral vein")


def test_an_impression_says_what_of_a_leg_was_not_looked_at() -> None:
    deep = ("CFV", "FV_P", "FV_M", "FV_D", "POPV", "PTV", "PERO")
    (right, _) = answer(right=dict.fromkeys(deep)).impression
    assert right.sentences[0] == "The deep veins of the right leg were not examined."
    only = answer(only="", exam={"segments": [{"leg": "R", "segment": "POPV", "reflux_ms": 0}]})
    (said,) = only.impression
    assert not any("No reflux was found" in line for line in said.sentences)
    assert "Whether the right leg holds a thrombus was not recorded." in said.sentences
