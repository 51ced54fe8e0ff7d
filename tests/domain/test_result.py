"""The printed answer holds what applies, and leaves out what does not."""

from decimal import Decimal

import pytest

from tests.domain.invented import ACUTE, CLOSED, answer, case, data, fired, option
from workflow.domain.case import (
    ExamPart,
    read,
    read_clinical,
    read_intake,
    write_clinical,
    write_intake,
)
from workflow.domain.errors import CaseRefused
from workflow.domain.interpret import as_result, interpret
from workflow.domain.wording import patient_found


def test_scores_clots_doses_and_closure_are_printed_where_they_apply() -> None:
    asked = {
        "villalta": {"leg": "R", "pain": 3, "cramps": 2},
        "prior_vein_procedures": [{"leg": "R", "tumescent_ml": 500, "lidocaine_percent": 0.1}],
    }
    clot = {**ACUTE, "thrombus_length_cm": 6.5, "tip_to_junction_cm": 4}
    printed = as_result(answer(right={"SSV_PC": clot, "GSV_PT": CLOSED}, intake=asked))
    assert (printed["villalta_total"], printed["villalta_grade"]) == (5, "mild")
    assert printed["svt"] == {"length_cm": 6.5, "tip_cm": 4, "class": ">=5cm"}
    assert printed["lidocaine"] == {"mg_per_kg": 7.143, "level": "warn"}
    assert printed["closure"] == "complete"
    extension = {**ACUTE, "ehit": True, "extends_into": "CFV"}
    assert as_result(answer(right={"SFJ": extension}))["ehit_class"] is None
    unmeasured = as_result(answer(right={"GSV_MT": ACUTE}))["svt"]
    assert unmeasured["length_cm"] is None


def test_what_does_not_apply_is_left_out() -> None:
    printed = as_result(answer())
    absent = {"wells_total", "villalta_total", "svt", "ehit_class", "closure", "lidocaine", "dose"}
    assert not absent & set(printed)


def test_an_extension_is_known_by_the_procedure_on_record() -> None:
    clot = {**ACUTE, "extends_into": "POPV", "percent_deep_lumen": 10}
    changes = {
        "right": {"SPJ": clot},
        "exam": {"purpose": "post_ablation_surveillance"},
        "intake": {"prior_vein_procedures": [{"leg": "R", "vein": "ssv", "technique": "RFA"}]},
    }
    assert "URGENT_EHIT" in fired(answer(**changes))
    changes["intake"] = {"prior_vein_procedures": [{"leg": "L", "vein": "ssv"}, {"leg": "R"}]}
    assert "RF1_ACUTE_DVT" in fired(answer(**changes))


def test_a_posterior_arch_vein_is_treated_as_a_tributary() -> None:
    said = answer(right={"PAV": {"reflux_ms": 900, "diameter_mm": 4}})
    assert option(said, "PHLEB", "PAV").reasons[0].startswith("The posterior arch vein refluxes")


def test_a_width_nobody_measured_is_not_told() -> None:
    known = case(
        right={"SSV_PC": {"reflux_ms": 900, "diameter_mm": None}, "SSV_MC": None, "SSV_DC": None}
    )
    assert " mm" not in " ".join(patient_found(interpret(known), known))


def test_the_parts_of_a_case_are_written_as_they_were_read() -> None:
    intake = {"weight_kg": 70.5, "abi": {"R": 1, "L": None}, "note": "x", "pfo": None}
    assert write_intake(read_intake(intake)) == intake
    clinic = {"c": ["C2"], "vcss": None, "ulcer": {"months": 2}}
    assert write_clinical(read_clinical(clinic)) == clinic


def test_lists_are_bounded_and_unknown_values_must_be_json() -> None:
    with pytest.raises(CaseRefused):
        read_intake({"allergies": ["x"] * 501})
    with pytest.raises(CaseRefused):
        read({**data(), "unknown": Decimal(1)})
    assert read_intake({"weight_kg": Decimal("70.5")}).weight_kg == Decimal("70.5")
    assert ExamPart().segments == ()
