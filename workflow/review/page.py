"""Gather what the reading page shows: the report, what the rules say, and what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import case as first_where
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow import frame, issuing, papernames, progress
from workflow.cases import interpreted
from workflow.domain import decision
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import finding
from workflow.domain.comparison import Difference, differences
from workflow.domain.documents import PatientResult, ScanReport, side_by_side
from workflow.domain.documents import scan_report as frozen_report
from workflow.domain.exam import EXAM, ExamStatus, ExamStep
from workflow.domain.interpretation import Interpretation, Severity, VeinResult
from workflow.domain.legmap import place
from workflow.domain.report import REPORT, ReportFacts, ReportStep
from workflow.domain.required import IMPRESSION, Lack, barring
from workflow.domain.staff import Permission, Role, may
from workflow.models.base import yes
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.image import images_of
from workflow.models.patient import Episode
from workflow.models.report import Amendment
from workflow.review import actions
from workflow.review.documents import (
    amended_report,
    lacks_of,
    legs_of,
    previous_report,
    scan_report,
)
from workflow.standing import IN_FORCE, Standing, amendment_of, standing


@dataclass(frozen=True, slots=True)
class Reading:
    """One scan as the physician reads it: the signed value where there is one."""

    report: ScanReport
    read: Interpretation
    digest: str
    signed: IssuedDocument | None = None
    previous: IssuedDocument | None = None
    before: ScanReport | None = None
    refusals: Mapping[ExamStep, str] = field(default_factory=dict)
    returned: StepTaken | None = None
    following: int | None = None
    waiting: int = 0
    amendment: Amendment | None = None
    amended: IssuedDocument | None = None
    standing: Standing = IN_FORCE
    lacks: tuple[Lack, ...] = ()

    @property
    def version(self) -> int:
        """Return the version of the signed report that is shown; 0 where none is signed."""
        return self.signed.version if self.signed else 0

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Return what differs from the earlier scan, site by site."""
        return differences(self.before, self.report) if self.before else ()


def reading_of(session: Session, exam: Exam, *, role: Role) -> Reading:
    """Read everything the page shows; a signed scan shows what was signed, word for word."""
    case, read = interpreted(session, exam)
    signed = issuing.newest_of_scan(session, exam.id)
    report = (
        scan_report(session, exam, case, read, impression=exam.impression, signed=None, head=None)
        if signed is None
        else frozen_report(signed.snapshot)
    )
    previous = previous_report(session, exam)
    waits, following = to_read(session, after=exam.id)
    lacks = () if signed else _apart_from_the_form(lacks_of(session, exam, report))
    facts = replace(
        progress.exam_facts(session, exam), impression=True, lacks=barring(lacks)
    )  # the impression is in the form
    return Reading(
        report=report,
        read=read,
        digest="" if signed is not None else actions.what_is_read(report),
        signed=signed,
        previous=previous,
        before=frozen_report(previous.snapshot) if previous else None,
        refusals={
            step: EXAM.refusal(step, facts, role) or ""
            for step in (ExamStep.OPEN, ExamStep.RETURN, ExamStep.SIGN, ExamStep.DROP)
        },
        returned=_last_return(session, exam),
        following=following,
        waiting=waits,
        amendment=amendment_of(session, exam.id),
        amended=amended_report(session, exam),
        standing=IN_FORCE if signed is None else standing(session, exam.id),
        lacks=lacks,
    )


def _apart_from_the_form(lacks: tuple[Lack, ...]) -> tuple[Lack, ...]:
    """Leave out the impression: it is being written on the page itself."""
    return tuple(each for each in lacks if each.says != IMPRESSION)


def context(session: Session, shown: Reading, exam: Exam, *, role: Role) -> dict[str, object]:
    """Return the names the template uses."""
    may_sign = may(role, Permission.SIGN_REPORTS)
    return {
        "may_sign": may_sign,
        "lacking": papernames.lacking(exam.episode.patient),
        "may_plan": may(role, Permission.DRAFT_PLANS),
        "writing": may_sign and shown.signed is None and exam.status is ExamStatus.IN_REVIEW,
        "groups": side_by_side(shown.report.rows, shown.before.rows if shown.before else ()),
        "after_refusals": after_refusals(session, shown, role=role),
        "Report": ReportStep,
        "earlier": place(shown.before.map) if shown.before else None,
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
        "images": images_of(session, exam),
    }


def after_refusals(session: Session, shown: Reading, *, role: Role) -> dict[ReportStep, str]:
    """Return, for each step over a signed report, why it may not be taken now; '' where it may."""
    facts = ReportFacts(shown.standing.status)
    said = {step: REPORT.refusal(step, facts, role) or "" for step in ReportStep}
    return said if shown.signed is not None else dict.fromkeys(said, "The report is not signed.")


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


def to_read(session: Session, *, after: int) -> tuple[int, int | None]:
    """Return how many other scans wait to be read, and the one to read next (None for none).

    Critical ones come first, then whoever has waited longest.
    """
    row = session.execute(
        select(func.count().over(), Exam.id)
        .join(Episode, Exam.episode_id == Episode.id)
        .where(Exam.status == ExamStatus.PRELIMINARY, Exam.id != after)
        .order_by(first_where((yes(Episode.critical), 0), else_=1), Episode.since, Exam.id)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else (0, None)


def preview(session: Session, exam: Exam, kind: str) -> ScanReport | PatientResult:
    """Return a document as it would be issued now, without a signature."""
    found, read = interpreted(session, exam)
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
        next_steps=decision.after_signing(
            clinic.phone, exam.episode.next_on, exam.episode.patient.language
        ),
        signed=None,
        head=None,
    )


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
