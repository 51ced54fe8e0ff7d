"""Whether a dose stays within its limits."""

from decimal import Decimal
from typing import Any

import pytest

from tests.domain.invented import alert, answer, fired
from workflow.domain.anatomy import Leg
from workflow.domain.case import read_dose
from workflow.domain.dosing import milligrams


def dose(agent: str, ml: float | None, percent: float | None = 1, **more: Any) -> dict[str, Any]:
    return {"agent": agent, "ml": ml, "percent": percent, **more}


@pytest.mark.parametrize(
    ("agent", "ml", "percent", "level"),
    [
        ("polidocanol liquid", 3, 0.5, "ok"),
        ("polidocanol liquid", 3.1, 0.5, "soft_stop"),
        ("polidocanol liquid", 10, 0.5, "soft_stop"),
        ("polidocanol liquid", 10.1, 0.5, "hard_stop"),
        ("polidocanol liquid", 7, 2, "soft_stop"),
        ("polidocanol liquid", 7.1, 2, "hard_stop"),
        ("polidocanol foam", 10, 1, "ok"),
        ("polidocanol foam", 10.1, 1, "soft_stop"),
        ("polidocanol foam", 15.1, 1, "hard_stop"),
        ("varithena", 15, 1, "ok"),
        ("varithena", 15.1, 1, "hard_stop"),
        ("STS liquid", 10, 3, "ok"),
        ("STS liquid", 10.1, 1, "hard_stop"),
        ("STS foam", 10.1, 1, "hard_stop"),
        ("cyanoacrylate", 10, None, "ok"),
        ("cyanoacrylate", 10.1, None, "hard_stop"),
    ],
)
def test_a_dose_beyond_its_limit_is_told_and_at_its_limit_is_not(
    agent: str, ml: float, percent: float | None, level: str
) -> None:
    said = answer(planned_dose=dose(agent, ml, percent))
    assert said.dose is not None
    assert said.dose.level == level
    assert ("WARN_DOSE" in fired(said)) is (level == "soft_stop")
    assert ("STOP_DOSE" in fired(said)) is (level == "hard_stop")


def test_doses_of_one_day_count_together_over_both_legs() -> None:
    one = dose("polidocanol liquid", 2, 0.5, leg="R")
    said = answer(planned_dose=[one, {**one, "leg": "L"}])
    assert said.dose is not None
    assert (said.dose.ml, said.dose.mg, said.dose.level, said.dose.leg) == (
        Decimal(4),
        Decimal(20),
        "soft_stop",
        None,
    )
    assert alert(answer(planned_dose=dose("STS foam", 11, leg="L")), "STOP_DOSE").leg is Leg.LEFT


@pytest.mark.parametrize(
    ("given", "mg"),
    [
        (dose("polidocanol liquid", 2, 0.5), "10"),
        (dose("polidocanol foam", 5, 1, gas_ratio="1:4"), "10"),
        (dose("polidocanol foam", 5, 1), "10"),
        (dose("polidocanol foam", 8, 1, gas_ratio="1:3"), "20"),
        (dose("polidocanol foam", 8, 1, gas_ratio="3:1"), "20"),
        (dose("polidocanol foam", 8, 1, gas_ratio=3), "20"),
        (dose("varithena", 10, 1), "13"),
        (dose("STS liquid", 2, 3), "60"),
        (dose("STS liquid", 2, None), None),
        (dose("cyanoacrylate", 2, None), None),
        (dose("STS liquid", None, 1), None),
    ],
)
def test_milligrams_count_the_liquid_inside_a_foam(given: dict[str, Any], mg: str | None) -> None:
    assert milligrams(read_dose(given)) == (None if mg is None else Decimal(mg))


def test_a_dose_without_its_volume_has_no_level_and_no_dose_has_none() -> None:
    said = answer(planned_dose=dose("polidocanol liquid", None))
    assert said.dose is not None
    assert said.dose.level is None
    assert answer().dose is None
    assert answer(planned_dose={"percent": 1}).dose is None


def test_without_a_weight_only_the_volume_decides() -> None:
    said = answer(planned_dose=dose("polidocanol liquid", 8, 3), intake={"weight_kg": None})
    assert said.dose is not None
    assert (said.dose.level, said.dose.mg_per_kg) == ("soft_stop", None)


def session(ml: float, percent: float = 0.1, **more: Any) -> dict[str, Any]:
    return {
        "leg": "R",
        "vein": "GSV",
        "technique": "EVLA",
        "date": "2026-04-28",
        "tumescent_ml": ml,
        "lidocaine_percent": percent,
        **more,
    }


@pytest.mark.parametrize(
    ("ml", "level"),
    [(490, "ok"), (491, "warn"), (1050, "warn"), (1051, "hard_stop"), (2500, "hard_stop")],
)
def test_lidocaine_warns_over_seven_and_stops_over_fifteen(ml: float, level: str) -> None:
    said = answer(intake={"prior_vein_procedures": [session(ml)]})
    assert said.lidocaine is not None
    assert said.lidocaine.level == level
    told = {"ok": set(), "warn": {"WARN_DOSE"}, "hard_stop": {"STOP_DOSE"}}[level]
    assert fired(said) & {"WARN_DOSE", "STOP_DOSE"} == told


def test_lidocaine_of_one_session_counts_together_and_an_older_one_does_not() -> None:
    done = [session(300), session(300, leg="L"), session(900, date="2025-01-01")]
    said = answer(intake={"prior_vein_procedures": done})
    assert said.lidocaine is not None
    assert (said.lidocaine.mg, said.lidocaine.level, said.lidocaine.leg) == (
        Decimal(600),
        "warn",
        None,
    )


def test_lidocaine_without_a_weight_has_no_level() -> None:
    intake = {"prior_vein_procedures": [session(500)], "weight_kg": None}
    said = answer(intake=intake)
    assert said.lidocaine is not None
    assert said.lidocaine.level is None
    assert answer().lidocaine is None


def test_all_foam_of_a_day_is_told_together() -> None:
    doses = [dose("varithena", 6, leg="R"), dose("STS foam", 6, leg="L")]
    said = answer(intake={"weight_kg": 120}, planned_dose=doses)
    assert said.dose is not None
    assert said.dose.reason == "12 mL of foam in all; more than 10 mL needs a second look."


def test_the_milligrams_of_a_day_are_known_only_where_each_dose_says_its_strength() -> None:
    strong, unsaid = dose("polidocanol liquid", 2, 0.5), dose("polidocanol liquid", 1, None)
    said = answer(planned_dose=[strong, unsaid])
    assert said.dose is not None
    assert (said.dose.ml, said.dose.mg, said.dose.mg_per_kg) == (Decimal(3), None, None)
    unmeasured = answer(planned_dose=[strong, dose("polidocanol liquid", None, 0.5)])
    assert unmeasured.dose is not None
    assert (unmeasured.dose.level, unmeasured.dose.reason) == (None, "The volume is not recorded.")


def test_what_was_not_measured_adds_nothing_to_a_limit() -> None:
    doses = [dose("STS liquid", 10, 1), dose("STS liquid", None, 1)]
    said = answer(planned_dose=doses)
    assert said.dose is not None
    assert said.dose.level is None


def test_glue_has_no_milligrams_whatever_its_strength() -> None:
    assert milligrams(read_dose(dose("cyanoacrylate", 2, 1), "dose")) is None


@pytest.mark.parametrize("ratio", ["0:0", "4", "1:4:9", "much gas", None])
def test_a_mix_nobody_can_read_is_taken_as_one_to_four(ratio: str | None) -> None:
    foam = dose("polidocanol foam", 5, 1, gas_ratio=ratio)
    assert milligrams(read_dose(foam, "dose")) == Decimal(10)


@pytest.mark.parametrize(
    ("ml", "reason"),
    [
        (490, "Lidocaine 7.0 mg/kg; over 7 asks, over 15 stops."),
        (2450, "Lidocaine 35.0 mg/kg; over 7 asks, over 15 stops."),
        (
            2457,
            "Lidocaine 35.1 mg/kg; over 7 asks, over 15 stops. It is refused beyond 35 mg/kg.",
        ),
    ],
)
def test_lidocaine_says_where_it_asks_stops_and_is_refused(ml: float, reason: str) -> None:
    said = answer(intake={"prior_vein_procedures": [session(ml)]})
    assert said.lidocaine is not None
    assert said.lidocaine.reason == reason
