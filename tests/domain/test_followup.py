"""How a treatment turned out: closure, complications, and scores followed over time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from workflow.domain.anatomy import Leg
from workflow.domain.followup import (
    CLAVIEN_DINDO,
    SIR_GRADES,
    Complication,
    ComplicationRecord,
    CrampChange,
    CrampScore,
    PatentSegment,
    closure_of,
    complication_problems,
    cramp_change,
    cramp_score,
    needs_physician_now,
    vcss_change,
)
from workflow.domain.interpretation import VcssTotal
from workflow.domain.limits import DEFAULT_LIMITS
from workflow.domain.questionnaire import CRAMP_FREQUENCIES, Cramps


def part(cm: str, ms: int | None = None) -> PatentSegment:
    return PatentSegment(Decimal(cm), ms)


@pytest.mark.parametrize(
    ("parts", "closure"),
    [
        ([], "complete"),
        ([part("4.9")], "complete"),
        ([part("4.9"), part("4.9")], "complete"),
        ([part("5")], "partial"),
        ([part("10")], "partial"),
        ([part("10.1")], "recanalised"),
        ([part("1", 500)], "complete"),
        ([part("1", 501)], "recanalised"),
        ([part("6", 0)], "partial"),
        ([part("1"), part("12")], "recanalised"),
    ],
)
def test_a_treated_vein_is_judged_by_its_open_parts(
    parts: list[PatentSegment], closure: str
) -> None:
    assert closure_of(parts) == closure


def test_a_clinic_may_draw_the_lines_elsewhere() -> None:
    own = replace(DEFAULT_LIMITS, patent_complete_cm=Decimal(3), patent_recanalised_cm=Decimal(5))
    assert closure_of([part("4")], limits=own) == "partial"
    assert closure_of([part("6")], limits=own) == "recanalised"


def test_the_list_of_complications_is_that_of_the_reference() -> None:
    assert {str(each) for each in Complication} == {
        "bruise", "haematoma", "pain_over_7_days", "phlebitis_superficial", "retained_coagulum",
        "pigmentation", "matting", "paraesthesia_saphenous", "paraesthesia_sural",
        "paraesthesia_tibial", "skin_burn", "skin_necrosis", "infection", "allergic_local",
        "anaphylaxis", "DVT", "PE", "EHIT_I", "EHIT_II", "EHIT_III", "EHIT_IV",
        "visual_disturbance", "migraine", "TIA_stroke", "glue_hypersensitivity", "granuloma",
        "nerve_motor", "foreign_body", "vasovagal", "LAST", "residual_reflux", "recurrence",
        "other",
    }  # fmt: skip


def test_a_dangerous_complication_reaches_the_physician_at_once() -> None:
    assert {kind for kind in Complication if needs_physician_now(kind)} == {
        Complication.ANAPHYLAXIS, Complication.DVT, Complication.PE, Complication.TIA_STROKE,
        Complication.EHIT_III, Complication.EHIT_IV, Complication.LAST, Complication.NERVE_MOTOR,
        Complication.SKIN_NECROSIS, Complication.VISUAL_DISTURBANCE,
    }  # fmt: skip


@pytest.mark.parametrize("grade", [*CLAVIEN_DINDO, *SIR_GRADES])
def test_a_grade_is_minor_or_major(grade: str) -> None:
    major = grade in {"IIIa", "IIIb", "IVa", "IVb", "V", "C", "D", "E", "F"}
    assert ComplicationRecord(Complication.BRUISE, grade).major is major


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"grade": "VI"}, "Grade it by Clavien-Dindo (0 to V) or by the SIR (A to F)."),
        ({"grade": "IIIa"}, "Write what was done about a major complication."),
        ({"grade": "IIIa", "treatment": "drained"}, None),
        ({"onset": date(2026, 5, 2), "detected": date(2026, 5, 2)}, None),
        (
            {"onset": date(2026, 5, 3), "detected": date(2026, 5, 2)},
            "It cannot have been found before it began.",
        ),
        ({"onset": date(2026, 5, 3)}, None),
    ],
)
def test_a_record_of_a_complication_says_what_it_lacks(
    changes: dict[str, object], problem: str | None
) -> None:
    record = replace(ComplicationRecord(Complication.HAEMATOMA, "A"), **changes)  # type: ignore[arg-type]
    assert complication_problems(record) == ((problem,) if problem else ())


DAY = date(2026, 5, 4)
WEEKLY = Cramps(present=True, frequency="3-6/wk", nights_per_week=Decimal(4), nrs_0_10=7)


def test_cramps_are_three_numbers_and_never_one() -> None:
    assert cramp_score(WEEKLY, DAY) == CrampScore(DAY, 4, Decimal(4), 7)
    assert cramp_score(Cramps(present=False, nrs_0_10=7), DAY) == CrampScore(DAY, 0, Decimal(0), 0)
    assert cramp_score(Cramps(present=True), DAY) == CrampScore(DAY, None, None, None)
    assert cramp_score(Cramps(), DAY) is None
    assert cramp_score(None, DAY) is None
    ranks = [cramp_score(Cramps(present=True, frequency=f), DAY) for f in CRAMP_FREQUENCIES]
    assert [each.frequency for each in ranks if each] == [0, 1, 2, 3, 4, 5]


def test_cramps_are_followed_from_the_first_day_to_the_last() -> None:
    later = CrampScore(date(2026, 8, 4), 1, Decimal(0), 2)
    between = CrampScore(date(2026, 6, 4), 5, None, 9)
    first = CrampScore(DAY, 4, Decimal(4), 7)
    assert cramp_change([later, first, between]) == CrampChange(-3, Decimal(-4), -5)
    assert cramp_change([first]) is None
    assert cramp_change([]) is None
    assert cramp_change([first, replace(later, on=DAY)]) is None
    gap = CrampScore(date(2026, 9, 1), None, None, None)
    assert cramp_change([first, gap]) == CrampChange(None, None, None)
    assert cramp_change([first, gap, later]) == CrampChange(-3, Decimal(-4), -5)


def test_rvcss_changes_with_and_without_compression() -> None:
    before, after = VcssTotal(Leg.RIGHT, 9, 7), VcssTotal(Leg.RIGHT, 4, 1)
    assert vcss_change(before, after) == (-5, -6)
    assert vcss_change(after, before) == (5, 6)
    assert vcss_change(VcssTotal(Leg.RIGHT, None, None), after) is None
    assert vcss_change(before, VcssTotal(Leg.RIGHT, None, None)) is None
