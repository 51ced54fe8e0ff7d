"""Every step, in every state, by every role: held against a table written out by hand."""

from dataclasses import dataclass, replace
from itertools import product

import pytest

from workflow.domain.care import CARE, CareStep
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, ExamFacts, ExamStatus, ExamStep
from workflow.domain.pathway import Care, EpisodeFacts
from workflow.domain.plan import PLAN, PlanFacts, PlanStatus, PlanStep
from workflow.domain.report import REPORT, ReportFacts, ReportStatus, ReportStep, report_status
from workflow.domain.staff import Role

DESK, SONO, DOC, ADMIN = Role.FRONT_DESK, Role.SONOGRAPHER, Role.PHYSICIAN, Role.ADMINISTRATOR
CLINICAL = (DESK, SONO, DOC)
CARERS = (DESK, DOC)

E, ES = ExamStatus, ExamStep
EXAM_MOVES = {
    (ES.SCHEDULE, E.ORDERED): (E.SCHEDULED, CLINICAL),
    (ES.SCHEDULE, E.SCHEDULED): (E.SCHEDULED, CLINICAL),
    (ES.SCHEDULE, E.NO_SHOW): (E.SCHEDULED, CLINICAL),
    (ES.CHECK_IN, E.SCHEDULED): (E.ARRIVED, CLINICAL),
    (ES.START, E.ARRIVED): (E.SCANNING, (SONO,)),
    (ES.FINISH, E.SCANNING): (E.PRELIMINARY, (SONO,)),
    (ES.REOPEN, E.PRELIMINARY): (E.SCANNING, (SONO,)),
    (ES.OPEN, E.PRELIMINARY): (E.IN_REVIEW, (DOC,)),
    (ES.RETURN, E.IN_REVIEW): (E.SCANNING, (DOC,)),
    (ES.SIGN, E.IN_REVIEW): (E.FINAL, (DOC,)),
    (ES.NO_SHOW, E.SCHEDULED): (E.NO_SHOW, CLINICAL),
    (ES.CANCEL, E.ORDERED): (E.CANCELLED, CLINICAL),
    (ES.CANCEL, E.SCHEDULED): (E.CANCELLED, CLINICAL),
    (ES.CANCEL, E.ARRIVED): (E.CANCELLED, CLINICAL),
    (ES.CANCEL, E.NO_SHOW): (E.CANCELLED, CLINICAL),
    **{(ES.MOVE, at): (at, (SONO,)) for at in (E.ARRIVED, E.SCANNING, E.PRELIMINARY, E.IN_REVIEW)},
    **{(ES.SWAP_LEGS, at): (at, (SONO,)) for at in (E.SCANNING, E.PRELIMINARY, E.IN_REVIEW)},
    (ES.DROP, E.SCANNING): (E.CANCELLED, (DOC,)),
    (ES.DROP, E.PRELIMINARY): (E.CANCELLED, (DOC,)),
    (ES.DROP, E.IN_REVIEW): (E.CANCELLED, (DOC,)),
}

R, RS = ReportStatus, ReportStep
REPORT_MOVES = {
    (RS.ADD, R.FINAL): (R.FINAL, (DOC,)),
    (RS.AMEND, R.FINAL): (R.AMENDING, (DOC,)),
    (RS.DROP, R.AMENDING): (R.FINAL, (DOC,)),
    (RS.REPLACE, R.AMENDING): (R.AMENDED, (DOC,)),
    (RS.VOID, R.FINAL): (R.VOID, (DOC,)),
}

P, PS = PlanStatus, PlanStep
PLAN_MOVES = {
    (PS.SUBMIT, P.DRAFT): (P.SUBMITTED, (DOC,)),
    (PS.SUBMIT, P.RETURNED): (P.SUBMITTED, (DOC,)),
    (PS.RETURN, P.SUBMITTED): (P.RETURNED, (DOC,)),
    (PS.APPROVE, P.SUBMITTED): (P.APPROVED, (DOC,)),
    (PS.DECLINE, P.DRAFT): (P.PATIENT_DECLINED, (DOC,)),
    (PS.DECLINE, P.SUBMITTED): (P.PATIENT_DECLINED, (DOC,)),
    (PS.DECLINE, P.RETURNED): (P.PATIENT_DECLINED, (DOC,)),
    (PS.DECLINE, P.APPROVED): (P.PATIENT_DECLINED, (DOC,)),
    (PS.SUPERSEDE, P.DRAFT): (P.SUPERSEDED, (DOC,)),
    (PS.SUPERSEDE, P.SUBMITTED): (P.SUPERSEDED, (DOC,)),
    (PS.SUPERSEDE, P.RETURNED): (P.SUPERSEDED, (DOC,)),
    (PS.SUPERSEDE, P.APPROVED): (P.SUPERSEDED, (DOC,)),
    (PS.SUPERSEDE, P.PATIENT_DECLINED): (P.SUPERSEDED, (DOC,)),
}

C, CS = Care, CareStep
OPEN_CARE = (C.NONE, C.CONSENTED, C.AUTHORISED, C.SESSIONS, C.FOLLOW_UP)
CLOSED_CARE = (C.DISCHARGED, C.CANCELLED, C.TRANSFERRED)
CARE_MOVES = {
    (CS.CONSENT, C.NONE): (C.CONSENTED, CARERS),
    (CS.ASK_PAYER, C.CONSENTED): (C.CONSENTED, CARERS),
    (CS.AUTHORISE, C.CONSENTED): (C.AUTHORISED, CARERS),
    (CS.NOT_REQUIRED, C.CONSENTED): (C.AUTHORISED, CARERS),
    (CS.DENY, C.CONSENTED): (C.CONSENTED, CARERS),
    (CS.APPEAL, C.CONSENTED): (C.CONSENTED, CARERS),
    (CS.BOOK_SESSION, C.AUTHORISED): (C.SESSIONS, CARERS),
    (CS.BOOK_SESSION, C.SESSIONS): (C.SESSIONS, CARERS),
    (CS.SESSION_DONE, C.SESSIONS): (C.SESSIONS, (DOC,)),
    (CS.ABANDON, C.SESSIONS): (C.SESSIONS, (DOC,)),
    (CS.FOLLOW_UP, C.SESSIONS): (C.FOLLOW_UP, CARERS),
    (CS.PLAN_AGAIN, C.SESSIONS): (C.NONE, (DOC,)),
    (CS.PLAN_AGAIN, C.FOLLOW_UP): (C.NONE, (DOC,)),
    (CS.DISCHARGE, C.NONE): (C.DISCHARGED, (DOC,)),
    (CS.DISCHARGE, C.FOLLOW_UP): (C.DISCHARGED, (DOC,)),
    **{(CS.CANCEL, at): (C.CANCELLED, CARERS) for at in OPEN_CARE},
    **{(CS.TRANSFER, at): (C.TRANSFERRED, CARERS) for at in OPEN_CARE},
    **{(CS.DECEASED, at): (C.CANCELLED, CARERS) for at in OPEN_CARE},
    **{(CS.REOPEN, at): (C.NONE, CARERS) for at in CLOSED_CARE},
}


def _exam(status: ExamStatus) -> ExamFacts:
    return ExamFacts(status, has_time=True, intake_finished=True, readings=36, impression=True)


def _plan(status: PlanStatus) -> PlanFacts:
    return PlanFacts(status, items=1)


def _care(status: Care) -> EpisodeFacts:
    return EpisodeFacts(
        status,
        intake_finished=True,
        exam=ExamStatus.FINAL,
        plan=PlanStatus.APPROVED,
        session_booked=True,
    )


@pytest.mark.parametrize(("step", "status", "role"), list(product(ExamStep, ExamStatus, Role)))
def test_a_scan_moves_only_as_the_table_allows(
    step: ExamStep, status: ExamStatus, role: Role
) -> None:
    ends, roles = EXAM_MOVES.get((step, status), (None, ()))
    exam = replace(_exam(status), amends=step is ES.DROP)
    if role in roles:
        assert EXAM.take(step, exam, role, "a note") is ends
    else:
        with pytest.raises(Refused):
            EXAM.take(step, exam, role, "a note")


@pytest.mark.parametrize(("step", "status", "role"), list(product(ReportStep, ReportStatus, Role)))
def test_a_signed_report_moves_only_as_the_table_allows(
    step: ReportStep, status: ReportStatus, role: Role
) -> None:
    ends, roles = REPORT_MOVES.get((step, status), (None, ()))
    if role in roles:
        assert REPORT.take(step, ReportFacts(status), role, "a note") is ends
    else:
        with pytest.raises(Refused):
            REPORT.take(step, ReportFacts(status), role, "a note")


@pytest.mark.parametrize(
    ("void", "amended", "amending", "stands"),
    [
        (False, False, False, R.FINAL),
        (False, False, True, R.AMENDING),
        (False, True, False, R.AMENDED),
        (True, False, False, R.VOID),
        (True, True, True, R.VOID),
    ],
)
def test_where_a_report_stands_follows_from_what_became_of_it(
    *, void: bool, amended: bool, amending: bool, stands: ReportStatus
) -> None:
    assert report_status(void=void, amended=amended, amending=amending) is stands


@pytest.mark.parametrize("step", [RS.ADD, RS.AMEND, RS.VOID])
def test_what_is_done_to_a_signed_report_needs_its_words(step: ReportStep) -> None:
    with pytest.raises(Refused, match="write why"):
        REPORT.take(step, ReportFacts(R.FINAL), DOC, " ")


def test_an_amendment_is_not_moved_to_another_patient() -> None:
    exam = replace(_exam(E.IN_REVIEW), amends=True)
    assert "stays with the report it amends" in (EXAM.refusal(ES.MOVE, exam, SONO) or "")


def test_only_an_amendment_is_dropped() -> None:
    exam = ExamFacts(E.IN_REVIEW, readings=3, impression=True)
    assert EXAM.refusal(ES.DROP, exam, DOC) == "This scan amends no report; return it instead."


@pytest.mark.parametrize(("step", "status", "role"), list(product(PlanStep, PlanStatus, Role)))
def test_a_plan_moves_only_as_the_table_allows(
    step: PlanStep, status: PlanStatus, role: Role
) -> None:
    ends, roles = PLAN_MOVES.get((step, status), (None, ()))
    if role in roles:
        assert PLAN.take(step, _plan(status), role, "a note") is ends
    else:
        with pytest.raises(Refused):
            PLAN.take(step, _plan(status), role, "a note")


@pytest.mark.parametrize(("step", "status", "role"), list(product(CareStep, Care, Role)))
def test_care_moves_only_as_the_table_allows(step: CareStep, status: Care, role: Role) -> None:
    ends, roles = CARE_MOVES.get((step, status), (None, ()))
    if role in roles:
        assert CARE.take(step, _care(status), role, "a note") is ends
    else:
        with pytest.raises(Refused):
            CARE.take(step, _care(status), role, "a note")


@dataclass(frozen=True)
class Objection:
    """A scan that may not be moved, and the words that say why."""

    step: ExamStep
    exam: ExamFacts
    says: str


OBJECTIONS = [
    Objection(ES.SCHEDULE, ExamFacts(E.ORDERED), "Finish the intake"),
    Objection(ES.CHECK_IN, ExamFacts(E.SCHEDULED), "a time first"),
    Objection(ES.FINISH, ExamFacts(E.SCANNING), "Nothing is recorded"),
    Objection(ES.FINISH, ExamFacts(E.SCANNING, readings=3, missing=2), "2 required values"),
    Objection(ES.FINISH, ExamFacts(E.SCANNING, readings=3, missing=1), "1 required value is"),
    Objection(ES.SIGN, ExamFacts(E.IN_REVIEW), "nothing to sign"),
    Objection(ES.SIGN, ExamFacts(E.IN_REVIEW, readings=3), "Write an impression"),
]


@pytest.mark.parametrize("case", OBJECTIONS, ids=lambda case: case.says)
def test_a_scan_that_is_not_ready_says_what_is_missing(case: Objection) -> None:
    roles = {ES.SCHEDULE: DESK, ES.CHECK_IN: DESK, ES.FINISH: SONO, ES.SIGN: DOC}
    assert case.says in (EXAM.refusal(case.step, case.exam, roles[case.step]) or "")


def test_an_incomplete_scan_is_handed_over_with_a_reason() -> None:
    exam = ExamFacts(E.SCANNING, readings=3, missing=2, incomplete_reason="Patient felt faint")
    assert EXAM.take(ES.FINISH, exam, SONO) is E.PRELIMINARY


@pytest.mark.parametrize(
    "plan",
    [
        PlanFacts(P.SUBMITTED, items=0),
        PlanFacts(P.SUBMITTED, items=1, report="The report this plan rests on is void."),
        PlanFacts(P.SUBMITTED, items=1, stale="The right GSV was 2,600 ms and is now 400 ms."),
        PlanFacts(P.SUBMITTED, items=1, laterality="No finding of the left leg."),
        PlanFacts(P.SUBMITTED, items=1, unjustified="Say why."),
        PlanFacts(P.SUBMITTED, items=1, stops="The patient is pregnant."),
        PlanFacts(P.SUBMITTED, items=1, severity_missing="CEAP is not recorded."),
    ],
    ids=["empty", "unsigned", "stale", "wrong leg", "unjustified", "stopped", "no severity"],
)
def test_an_unsafe_plan_is_not_approved(plan: PlanFacts) -> None:
    with pytest.raises(Refused):
        PLAN.take(PS.APPROVE, plan, DOC)


@pytest.mark.parametrize("step", [ES.RETURN, ES.CANCEL, ES.REOPEN])
def test_a_step_that_undoes_work_needs_a_reason(step: ExamStep) -> None:
    start = next(iter(EXAM.rules[step].starts))
    role = {ES.RETURN: DOC, ES.CANCEL: DESK, ES.REOPEN: SONO}[step]
    with pytest.raises(Refused, match="write why"):
        EXAM.take(step, _exam(start), role, "   ")


@pytest.mark.parametrize(
    ("step", "status"),
    [
        (CS.CONSENT, C.NONE),
        (CS.ASK_PAYER, C.CONSENTED),
        (CS.AUTHORISE, C.CONSENTED),
        (CS.NOT_REQUIRED, C.CONSENTED),
        (CS.APPEAL, C.CONSENTED),
        (CS.BOOK_SESSION, C.AUTHORISED),
        (CS.BOOK_SESSION, C.SESSIONS),
    ],
)
def test_care_does_not_move_on_with_a_plan_that_no_longer_holds(
    step: CareStep, status: Care
) -> None:
    stale = replace(_care(status), plan_problem="The findings changed.")
    assert CARE.refusal(step, stale, DESK) == "The findings changed."
    critical = replace(_care(status), critical=True)
    assert "critical finding is open" in (CARE.refusal(step, critical, DESK) or "")


@pytest.mark.parametrize("step", [CS.SESSION_DONE, CS.ABANDON, CS.FOLLOW_UP])
def test_what_has_happened_is_recorded_whatever_became_of_the_plan(step: CareStep) -> None:
    facts = replace(_care(C.SESSIONS), plan_problem="The findings changed.", critical=True)
    assert CARE.refusal(step, facts, DOC) is None


def test_nobody_declines_a_plan_on_a_report_that_does_not_stand() -> None:
    plan = PlanFacts(P.SUBMITTED, items=1, report="The scan was declared void.")
    assert PLAN.refusal(PS.DECLINE, plan, DOC) == "The scan was declared void."


def test_consent_follows_only_an_approved_plan() -> None:
    refused = CARE.refusal(CS.CONSENT, EpisodeFacts(C.NONE, plan=PlanStatus.DRAFT), DESK)
    assert refused == "Consent follows an approved plan; there is none."


def test_a_session_is_recorded_only_after_it_was_booked() -> None:
    assert CARE.refusal(CS.SESSION_DONE, EpisodeFacts(C.SESSIONS), DOC)


def test_nobody_is_discharged_before_the_report_is_signed() -> None:
    assert CARE.refusal(CS.DISCHARGE, EpisodeFacts(C.NONE, exam=E.PRELIMINARY), DOC)
