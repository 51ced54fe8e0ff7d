"""What a clot is: deep, superficial, or the extension of an ablation."""

from decimal import Decimal
from typing import Any

import pytest

from tests.domain.invented import (
    ACUTE,
    CLOSED,
    OLD,
    alert,
    answer,
    case,
    fired,
    offered,
    ruled_out,
    vein,
)
from workflow.domain.anatomy import Leg
from workflow.domain.findings import Reading
from workflow.domain.interpretation import Severity
from workflow.domain.thrombosis import after_ablation, extended_vein

CLOTS = {"RF1_ACUTE_DVT", "RF4_SVT_NEAR_SFJ", "RF5_SVT_LONG", "URGENT_EHIT"}


@pytest.mark.parametrize(
    "changes",
    [
        ACUTE,
        {"thrombus": "indeterminate"},
        {"compressibility": "none"},
        {"compressibility": "partial", "thrombus": None},
    ],
)
@pytest.mark.parametrize("code", ["CFV", "POPV", "PTV", "SOLV", "EIV"])
def test_a_deep_clot_or_a_deep_vein_that_does_not_compress_stops(
    code: str, changes: dict[str, Any]
) -> None:
    said = answer(left={code: changes})
    assert alert(said, "RF1_ACUTE_DVT").leg is Leg.LEFT
    assert alert(said, "RF1_ACUTE_DVT").severity is Severity.STOP
    assert fired(said) & CLOTS == {"RF1_ACUTE_DVT"}


@pytest.mark.parametrize(
    "changes",
    [OLD, {"compressibility": "not_tested"}, {"compressibility": None}, {"thrombus": None}],
)
def test_an_old_change_or_an_untested_vein_is_no_acute_clot(changes: dict[str, Any]) -> None:
    assert not fired(answer(left={"POPV": changes})) & CLOTS


def test_a_superficial_clot_that_reaches_a_deep_vein_stops() -> None:
    clot = {**ACUTE, "extends_into": "POPV", "tip_to_junction_cm": 0, "thrombus_length_cm": 6}
    said = answer(right={"SSV_PC": clot})
    assert {"RF1_ACUTE_DVT", "RF4_SVT_NEAR_SFJ"} <= fired(said)
    assert vein(said, "R", "POPV").thrombus == "acute"
    tributary = answer(right={"TRIB1": {**ACUTE, "extends_into": "GSV"}})
    assert not fired(tributary) & CLOTS


@pytest.mark.parametrize(
    ("length", "tip", "told", "extent"),
    [
        (8, 3, "RF4_SVT_NEAR_SFJ", "<=3cm_of_SFJ"),
        (8, 3.1, "RF5_SVT_LONG", ">=5cm"),
        (5, 3.1, "RF5_SVT_LONG", ">=5cm"),
        (4.9, 3.1, None, "short"),
        (4.9, 3.0, "RF4_SVT_NEAR_SFJ", "<=3cm_of_SFJ"),
        (8, None, "RF4_SVT_NEAR_SFJ", "<=3cm_of_SFJ"),
        (None, None, "RF4_SVT_NEAR_SFJ", "<=3cm_of_SFJ"),
        (None, 9, None, None),
    ],
)
@pytest.mark.parametrize("code", ["GSV_MT", "SSV_PC", "AASV"])
def test_a_superficial_clot_is_classed_by_its_tip_then_by_its_length(
    code: str, length: float | None, tip: float | None, told: str | None, extent: str | None
) -> None:
    clot = {**ACUTE, "thrombus_length_cm": length, "tip_to_junction_cm": tip}
    said = answer(right={code: clot})
    assert fired(said) & CLOTS == ({told} if told else set())
    assert said.svt is not None
    assert said.svt.extent == extent
    assert offered(said)["PHYSICIAN_REVIEW", vein_id(code)] == 1
    assert (("REPEAT_SCAN", None) in offered(said)) is (extent in {"short", None})


def vein_id(code: str) -> str:
    return code.split("_")[0]


def test_a_clot_through_junction_and_trunk_is_one() -> None:
    said = answer(right={"SFJ": ACUTE, "GSV_PT": {**ACUTE, "thrombus_length_cm": 12}})
    assert said.svt is not None
    assert (said.svt.vein, said.svt.tip_cm) == ("GSV", Decimal(0))
    assert alert(said, "RF4_SVT_NEAR_SFJ").leg is Leg.RIGHT


def test_a_clot_in_a_tributary_is_no_trunk_clot_but_stays_with_the_physician() -> None:
    said = answer(right={"TRIB1": {**ACUTE, "thrombus_length_cm": 7}})
    assert not fired(said) & CLOTS
    assert ("PHYSICIAN_REVIEW", "TRIB1") in offered(said)
    assert "thrombosis" in ruled_out(said)["RFA"]


def test_a_vein_just_closed_holds_its_own_clot() -> None:
    said = answer(right={"GSV_PT": {**CLOSED, "thrombus": "acute"}})
    assert not fired(said) & CLOTS
    assert said.svt is None


SURVEILLANCE = {"exam": {"purpose": "post_ablation_surveillance"}}


def extension(**changes: Any) -> dict[str, Any]:
    return {
        "right": {
            "SFJ": {**ACUTE, "ehit": True, "extends_into": "CFV", **changes},
            "GSV_PT": CLOSED,
            "GSV_MT": CLOSED,
        },
        **SURVEILLANCE,
    }


@pytest.mark.parametrize(
    ("percent", "level", "severity"),
    [
        (1, "II", Severity.URGENT),
        (49.9, "II", Severity.URGENT),
        (50, None, Severity.URGENT),
        (50.1, "III", Severity.STOP),
        (99, "III", Severity.STOP),
        (100, "IV", Severity.STOP),
        (None, None, Severity.URGENT),
    ],
)
def test_an_extension_is_classed_by_the_share_of_the_lumen(
    percent: float | None, level: str | None, severity: Severity
) -> None:
    said = answer(**extension(percent_deep_lumen=percent))
    assert said.ehit is not None
    assert said.ehit.level == level
    assert (said.ehit.question is not None) is (level is None)
    assert alert(said, "URGENT_EHIT").severity is severity
    assert fired(said) & CLOTS == {"URGENT_EHIT"}
    assert ruled_out(said)["NEXT_SESSION"]
    held = level in {"II", None}
    assert (("SURVEILLANCE_DUPLEX", "SFJ") in offered(said)) is held
    assert offered(said)["PHYSICIAN_REVIEW", None] == 1


def test_a_thrombus_up_to_the_junction_is_class_one_and_raises_no_alert() -> None:
    said = answer(**extension(extends_into=None))
    assert said.ehit is not None
    assert said.ehit.level == "I"
    assert not fired(said) & CLOTS


def test_an_extension_is_known_by_the_scan_where_nobody_named_it() -> None:
    said = answer(**extension(ehit=None, percent_deep_lumen=30))
    assert fired(said) & CLOTS == {"URGENT_EHIT"}
    named_no = answer(**extension(ehit=False))
    assert {"RF1_ACUTE_DVT", "RF4_SVT_NEAR_SFJ"} <= fired(named_no)


def test_the_deep_vein_an_extension_reaches_is_no_new_thrombosis() -> None:
    changes = extension(percent_deep_lumen=30)
    changes["right"]["CFV"] = {"compressibility": "partial", "thrombus": "acute"}
    assert fired(answer(**changes)) & CLOTS == {"URGENT_EHIT"}
    changes["right"]["POPV"] = ACUTE
    assert fired(answer(**changes)) & CLOTS == {"URGENT_EHIT", "RF1_ACUTE_DVT"}


def test_an_occlusive_deep_extension_is_class_four_and_a_named_class_stands() -> None:
    deep = {"CFV": {**ACUTE, "ehit": True, "thrombus_occlusion": "complete"}}
    said = answer(right=deep, **SURVEILLANCE)
    assert said.ehit is not None
    assert said.ehit.level == "IV"
    named = answer(**extension(ehit="EHIT class III"))
    assert named.ehit is not None
    assert named.ehit.level == "III"


def test_an_extension_behind_the_knee_is_watched_at_its_own_junction() -> None:
    changes = {"SPJ": {**ACUTE, "ehit": True, "extends_into": "POPV", "percent_deep_lumen": 20}}
    said = answer(right=changes, **SURVEILLANCE)
    assert ("SURVEILLANCE_DUPLEX", "SPJ") in offered(said)


def test_pregnancy_with_a_clot_rules_direct_anticoagulants_out() -> None:
    said = answer(left={"GSV_MT": ACUTE}, intake={"pregnant": True})
    assert alert(said, "STOP_DOAC_PREGNANCY").leg is Leg.LEFT
    assert "STOP_DOAC_PREGNANCY" not in fired(answer(left={"GSV_MT": ACUTE}))
    assert "STOP_DOAC_PREGNANCY" not in fired(answer(intake={"pregnant": True}))


@pytest.mark.parametrize("word", ["no", "None", ""])
def test_an_extension_into_nothing_is_none(word: str) -> None:
    clot = {**ACUTE, "extends_into": word, "tip_to_junction_cm": 9, "thrombus_length_cm": 2}
    assert not fired(answer(right={"GSV_MT": clot})) & CLOTS


@pytest.mark.parametrize(
    ("word", "vein_id"),
    [
        ("CFV", "CFV"), ("common femoral", "CFV"), ("Common femoral vein", "CFV"),
        ("fv_m", "FV"), ("femoral vein", "FV"), ("femoral", "FV"), ("Popliteal vein", "POPV"),
        ("posterior tibial", "PTV"), ("great saphenous vein", None), ("GSV_PT", None),
        ("no", None), (" ", None), ("a deep vein", ""),
    ],
)  # fmt: skip
def test_the_vein_a_clot_extends_into_is_known_by_its_names(word: str, vein_id: str | None) -> None:
    assert extended_vein(Reading(Leg.RIGHT, "SFJ", extends_into=word)) == vein_id


@pytest.mark.parametrize(
    ("treated", "junction", "own"),
    [
        ("GSV", "SFJ", True),
        ("GSV_PT", "SFJ", True),
        ("AASV", "SFJ", True),
        ("PASV", "SFJ", True),
        ("SSV", "SPJ", True),
        ("SSV_MC", "SPJ", True),
        ("SSV", "SFJ", False),
        ("GSV", "SPJ", False),
        ("TRIB1", "SFJ", False),
        ("the long vein", "SFJ", False),
    ],
)
def test_a_clot_at_a_junction_is_the_ablations_own_where_its_trunk_was_treated(
    treated: str, junction: str, *, own: bool
) -> None:
    known = case(
        right={junction: ACUTE},
        exam={"purpose": "post_ablation_surveillance"},
        intake={"prior_vein_procedures": [{"leg": "R", "vein": treated, "technique": "RFA"}]},
    )
    (reading,) = [each for each in known.readings(Leg.RIGHT) if each.segment == junction]
    assert after_ablation(reading, known) is own
