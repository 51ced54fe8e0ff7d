"""A step that may not be taken now says why, in the words the page shows."""

from dataclasses import replace

import pytest

from workflow.domain.care import CARE, CareStep
from workflow.domain.exam import EXAM, ExamFacts, ExamStatus, ExamStep
from workflow.domain.pathway import Care, EpisodeFacts
from workflow.domain.plan import PLAN, PlanFacts, PlanStatus, PlanStep
from workflow.domain.staff import Role

E, ES = ExamStatus, ExamStep
DESK, SONO, DOC = Role.FRONT_DESK, Role.SONOGRAPHER, Role.PHYSICIAN


@pytest.mark.parametrize(
    ("step", "exam", "role", "says"),
    [
        (ES.SCHEDULE, ExamFacts(E.ORDERED), DESK,
         "Finish the intake first; its red flags are asked there."),
        (ES.CHECK_IN, ExamFacts(E.SCHEDULED), DESK, "Give the scan a time first."),
        (ES.FINISH, ExamFacts(E.SCANNING), SONO, "Nothing is recorded yet."),
        (ES.FINISH, ExamFacts(E.SCANNING, readings=3, missing=1), SONO,
         "1 required value is missing. Record them, or say why the scan is handed over as it is."),
        (ES.FINISH, ExamFacts(E.SCANNING, readings=3, missing=2, incomplete_reason=" "), SONO,
         ("2 required values are missing. Record them, or say why the scan is handed over as it "
          "is.")),
        (ES.SIGN, ExamFacts(E.IN_REVIEW), DOC,
         "There is nothing to sign: no finding is recorded."),
        (ES.SIGN, ExamFacts(E.IN_REVIEW, readings=3), DOC,
         "Write an impression for each leg that was scanned."),
        (ES.MOVE, ExamFacts(E.IN_REVIEW, readings=3, amends=True), SONO,
         "An amendment stays with the report it amends; a physician declares that one void."),
        (ES.SWAP_LEGS, ExamFacts(E.SCANNING), SONO, "Nothing is recorded yet."),
    ],
)  # fmt: skip
def test_a_scan_that_is_not_ready(step: ExamStep, exam: ExamFacts, role: Role, says: str) -> None:
    assert EXAM.refusal(step, exam, role) == says


@pytest.mark.parametrize(
    ("step", "exam", "role"),
    [
        (ES.SCHEDULE, ExamFacts(E.ORDERED, intake_finished=True), DESK),
        (ES.CHECK_IN, ExamFacts(E.SCHEDULED, has_time=True), DESK),
        (ES.FINISH, ExamFacts(E.SCANNING, readings=1), SONO),
        (ES.SIGN, ExamFacts(E.IN_REVIEW, readings=1, impression=True), DOC),
        (ES.MOVE, ExamFacts(E.ARRIVED), SONO),
        (ES.SWAP_LEGS, ExamFacts(E.SCANNING, readings=1), SONO),
    ],
)
def test_a_scan_that_is_ready(step: ExamStep, exam: ExamFacts, role: Role) -> None:
    assert EXAM.refusal(step, exam, role) is None


def test_care_that_may_not_move_on() -> None:
    consent = EpisodeFacts(Care.NONE, plan=PlanStatus.APPROVED, critical=True)
    assert CARE.refusal(CareStep.CONSENT, consent, DESK) == (
        "A critical finding is open. A physician records what was done about it first."
    )
    done = EpisodeFacts(Care.SESSIONS)
    assert CARE.refusal(CareStep.SESSION_DONE, done, DOC) == (
        "No session is booked. Book one first."
    )
    booked = replace(done, session_booked=True)
    assert CARE.refusal(CareStep.SESSION_DONE, booked, DOC) is None
    early = EpisodeFacts(Care.NONE, exam=E.PRELIMINARY)
    assert CARE.refusal(CareStep.DISCHARGE, early, DOC) == (
        "A patient is discharged after the report is signed."
    )
    assert CARE.refusal(CareStep.DISCHARGE, replace(early, exam=E.FINAL), DOC) is None


def test_an_empty_plan() -> None:
    assert PLAN.refusal(PlanStep.SUBMIT, PlanFacts(PlanStatus.DRAFT), DOC) == (
        "The plan is empty. Choose at least one option, conservative care included."
    )
