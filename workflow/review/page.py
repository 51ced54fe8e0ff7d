"""Gather what the reading page shows: the report, what the rules say, and what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import case as first_where
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import frame, issuing, progress
from workflow.domain import decision
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import changes, finding
from workflow.domain.documents import Document, ScanReport, side_by_side
from workflow.domain.documents import scan_report as frozen_report
from workflow.domain.exam import EXAM, ExamStatus, ExamStep
from workflow.domain.interpretation import Interpretation, Severity, VeinResult
from workflow.domain.legmap import place
from workflow.domain.staff import Permission, Role, may
from workflow.models.base import yes
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.patient import Episode
from workflow.review import actions
from workflow.review.documents import (
    interpreted,
    legs_of,
    previous_report,
    scan_report,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One scan as the physician reads it: the signed value where there is one."""

    report: ScanReport
    read: Interpretation
    digest: str
    signed: IssuedDocument | None = None
    previous: IssuedDocument | None = None
    changed: tuple[str, ...] = ()
    refusals: Mapping[ExamStep, str] = field(default_factory=dict)
    returned: StepTaken | None = None
    following: int | None = None


def reading_of(session: Session, exam: Exam, *, role: Role) -> Reading:
    """Read everything the page shows; a signed scan shows what was signed, word for word."""
    case, read = interpreted(exam)
    signed = issuing.newest_of_scan(session, exam.id)
    report = (
        scan_report(session, exam, case, read, impression=exam.impression, signed=None, head=None)
        if signed is None
        else frozen_report(signed.snapshot)
    )
    previous = previous_report(session, exam)
    facts = replace(progress.exam_facts(session, exam), impression=True)  # it is in the form
    return Reading(
        report=report,
        read=read,
        digest="" if signed is not None else actions.what_is_read(report),
        signed=signed,
        previous=previous,
        changed=changes(frozen_report(previous.snapshot), report) if previous else (),
        refusals={
            step: EXAM.refusal(step, facts, role) or ""
            for step in (ExamStep.OPEN, ExamStep.RETURN, ExamStep.SIGN)
        },
        returned=_last_return(session, exam),
        following=next_to_read(session, after=exam.id),
    )


def context(shown: Reading, exam: Exam, *, role: Role) -> dict[str, object]:
    """Return the names the template uses."""
    may_sign = may(role, Permission.SIGN_REPORTS)
    return {
        "may_sign": may_sign,
        "may_plan": may(role, Permission.DRAFT_PLANS),
        "writing": may_sign and shown.signed is None and exam.status is ExamStatus.IN_REVIEW,
        "groups": side_by_side(shown.report.rows),
        "patterns": patterns(shown.read),
        "alerts": [a for a in shown.read.alerts if a.severity is not Severity.INFO],
        "notes": [a for a in shown.read.alerts if a.severity is Severity.INFO],
        "exam": exam,
        "episode": exam.episode,
        "shown": shown,
        "report": shown.report,
        "drawing": place(shown.report.map),
        "legs": legs_of(exam),
        "person": frame.person_of(exam.episode.patient, *frame.critical_mark(exam.episode)),
        "meaning": actions.MEANING,
        "status": EXAM.words[exam.status],
        "Step": ExamStep,
    }


def patterns(read: Interpretation) -> list[tuple[str, list[str]]]:
    """Return what the rules make of each leg: the veins that leak or hold a clot, in words."""
    said = []
    for leg in Leg:
        veins = [v for v in read.veins if v.leg is leg and (v.reflux or _clot(v) or v.closure)]
        if any(v.leg is leg for v in read.veins):
            words = [finding(read, leg, v.vein) for v in veins]
            said.append((f"{leg.word.capitalize()} leg", words or ["No reflux"]))
    return said


def _clot(result: VeinResult) -> bool:
    return result.thrombus not in {None, "", "none"}


def _last_return(session: Session, exam: Exam) -> StepTaken | None:
    return session.scalars(
        select(StepTaken)
        .where(
            StepTaken.subject == "exam",
            StepTaken.subject_id == exam.id,
            StepTaken.step == ExamStep.RETURN.value,
        )
        .order_by(StepTaken.id.desc())
        .limit(1)
    ).first()


def next_to_read(session: Session, *, after: int) -> int | None:
    """Return the scan that waits longest to be read, critical ones first; None where none does."""
    return session.scalars(
        select(Exam.id)
        .join(Episode, Exam.episode_id == Episode.id)
        .where(Exam.status == ExamStatus.PRELIMINARY, Exam.id != after)
        .order_by(first_where((yes(Episode.critical), 0), else_=1), Episode.since, Exam.id)
        .limit(1)
    ).first()


def preview(session: Session, exam: Exam, kind: str) -> Document:
    """Return a document as it would be issued now, without a signature."""
    found, read = interpreted(exam)
    report = scan_report(
        session, exam, found, read, impression=exam.impression, signed=None, head=None
    )
    if kind == issuing.SCAN:
        return report
    clinic = report.letterhead
    return issuing.patient_result(
        session,
        exam.episode,
        found,
        read,
        scanned_on=_day(report.scanned_at, clinic.zone),
        decided=(),
        next_steps=decision.after_signing(clinic.phone, exam.episode.next_on),
        signed=None,
        head=None,
    )


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
