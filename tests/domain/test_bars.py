"""What holds treatment back: emergencies, clots, pregnancy, outflow, arteries (rows 0 to 6)."""

import pytest

from tests.domain.invented import (
    ACUTE,
    AXIAL_GSV,
    OLD,
    answer,
    clinic,
    fired,
    offered,
    option,
    ruled_out,
)
from workflow.domain.interpretation import Interpretation
from workflow.domain.modality import PROCEDURES


def procedures(said: Interpretation, side: str = "R") -> dict[tuple[str, str | None], int]:
    return {key: rank for key, rank in offered(said, side).items() if key[0] in PROCEDURES}


@pytest.mark.parametrize("flag", ["chest_pain", "rest_pain"])
def test_an_emergency_leaves_only_the_physician(flag: str) -> None:
    said = answer(right=AXIAL_GSV, intake={"red_flags": [flag]})
    for side in "RL":
        assert offered(said, side) == {("PHYSICIAN_REVIEW", None): 1}
        assert set(PROCEDURES) <= set(ruled_out(said, side))


def test_a_likely_clot_holds_procedures_until_the_deep_veins_are_shown_to_compress() -> None:
    wells = {"wells": {"active_cancer": 1, "pitting_oedema": 1}}
    assert ("RFA", "GSV") in offered(answer(right=AXIAL_GSV, intake=wells))
    for gap in (None, {"compressibility": None}, {"compressibility": "not_tested"}):
        held = answer(right={**AXIAL_GSV, "PTV": gap}, intake=wells)
        assert procedures(held) == {}
        assert "Wells" in ruled_out(held)["RFA"]
        assert offered(held) == {("PHYSICIAN_REVIEW", None): 1}


def test_an_acute_deep_clot_in_one_leg_bars_elective_work_on_both() -> None:
    said = answer(right=AXIAL_GSV, left={"POPV": ACUTE})
    assert offered(said, "L") == {("PHYSICIAN_REVIEW", None): 1}
    assert offered(said, "R") == {}
    assert "left leg" in ruled_out(said, "R")["RFA"]


def test_an_extension_holds_the_next_session_of_the_other_leg_too() -> None:
    clot = {**ACUTE, "ehit": True, "extends_into": "CFV", "percent_deep_lumen": 20}
    said = answer(right=AXIAL_GSV, left={"SFJ": clot})
    assert procedures(said, "R") == {}
    assert ruled_out(said, "R")["NEXT_SESSION"]
    severe = answer(right=AXIAL_GSV, left={"SFJ": {**clot, "percent_deep_lumen": 80}})
    assert offered(severe, "R") == {}
    both = answer(right={"SFJ": clot}, left={"SFJ": {**clot, "percent_deep_lumen": 80}})
    assert ("SURVEILLANCE_DUPLEX", "SFJ") in offered(both, "R")


def test_a_superficial_clot_bars_its_own_leg_alone() -> None:
    clot = {**ACUTE, "thrombus_length_cm": 6, "tip_to_junction_cm": 10}
    said = answer(right={**AXIAL_GSV, "SSV_MC": clot}, left=AXIAL_GSV, seen={"L": clinic("C2")})
    assert procedures(said, "R") == {}
    assert ("RFA", "GSV") in offered(said, "L")


def test_a_pregnant_patient_is_cared_for_on_both_legs() -> None:
    said = answer(right=AXIAL_GSV, intake={"pregnant": True})
    for side in "RL":
        assert offered(said, side) == {("CONS", None): 1}
    clot = answer(right={"GSV_MT": ACUTE}, intake={"pregnant": True})
    assert offered(clot) == {("PHYSICIAN_REVIEW", "GSV"): 1, ("CONS", None): 1}


@pytest.mark.parametrize("flow", ["continuous", "absent"])
def test_signs_of_obstruction_hold_every_procedure_of_the_leg(flow: str) -> None:
    said = answer(right={**AXIAL_GSV, "CFV": {"phasicity": flow}})
    assert offered(said) == {("IMAGING_ILIAC", None): 1, ("CONS", None): 1}
    assert "WARN_PROXIMAL_OBSTRUCTION" in fired(said)


def test_an_old_clot_with_phasic_flow_brings_the_physician_beside_the_options() -> None:
    said = answer(right={**AXIAL_GSV, "POPV": OLD, "CFV": {"phasicity": "phasic"}})
    assert {("PHYSICIAN_REVIEW", None), ("RFA", "GSV")} <= set(offered(said))
    assert option(said, "UGFS", "GSV").agents == ("polidocanol",)
    assert ruled_out(said)["STS"]


def test_the_arteries_come_first() -> None:
    severe = answer(right=AXIAL_GSV, intake={"abi": {"R": 0.49, "L": 1.0}})
    assert offered(severe) == {("PHYSICIAN_REVIEW", None): 1}
    assert {"COMPRESSION_DEFAULT", "RFA"} <= set(ruled_out(severe))
    walking = {"cramps": {"timing": "exercise", "relief": "rest_from_walking"}}
    claudicant = answer(right=AXIAL_GSV, intake={"abi": {"R": 0.9}, **walking})
    assert offered(claudicant) == {("CONS", None): 1}
    assert "COMPRESSION_DEFAULT" in ruled_out(claudicant)
    for intake in ({"abi": {"R": 0.91}, **walking}, {"abi": {"R": 0.9}}):
        assert ("RFA", "GSV") in offered(answer(right=AXIAL_GSV, intake=intake))
    pregnant = answer(intake={"pregnant": True, "abi": {"R": 0.4}})
    assert ("PHYSICIAN_REVIEW", None) in offered(pregnant)
