"""What the clinic does once a report is signed: add to it, amend it, or declare it void.

Nothing here commits; the caller does. What was signed is never written again. An addendum issues
the next version of the same report with the addendum under it; an amendment is a scan of its own,
copied from the signed one, that is read and signed anew and then takes its place.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow import issuing, progress
from workflow.domain.documents import Addendum, scan_report
from workflow.domain.entry import paragraphs
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, ExamStatus, ExamStep
from workflow.domain.report import REPORT, ReportFacts, ReportStatus, ReportStep
from workflow.issuing import Frozen, Rendered
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam, Finding
from workflow.models.image import KeyImage, images_of
from workflow.models.report import Amendment, Void
from workflow.models.staff import Staff
from workflow.standing import amendment_of, standing

ADDED = "I have added this to the report; the report above it stands as it was signed."
"""What a signature under an addendum says, printed with it."""

LONGEST = 2000
CHANGED = (
    "Something was done to this report after you opened it, so nothing was saved. "
    "Read it again; what you typed is still below."
)


class Changed(Refused):
    """The report is no longer the one that was read."""


def report_facts(session: Session, exam: Exam) -> ReportFacts:
    """Return what the steps of this scan's signed report look at, or raise Refused."""
    if exam.status is not ExamStatus.FINAL:
        raise Refused("This report is not signed yet; correct it while you read it.")
    return ReportFacts(standing(session, exam.id).status)


def signed_report(session: Session, exam: Exam) -> IssuedDocument:
    """Return the newest signed report of this scan, or raise Refused."""
    report = issuing.newest_of_scan(session, exam.id)
    if report is None:
        raise Refused("This report is not signed yet; correct it while you read it.")
    return report


def freeze_addendum(session: Session, exam: Exam, text: str, *, by: Staff, at: datetime) -> Frozen:
    """Return the signed report with an addendum under it, as its next version would be issued.

    Everything above the addendum is word for word what was signed.
    """
    text = _note(text)
    REPORT.take(ReportStep.ADD, report_facts(session, exam), by.role, text)
    signed = signed_report(session, exam)
    report = scan_report(signed.snapshot)
    added = Addendum(text, issuing.signature(by, at=at, meaning=ADDED))
    version = issuing.next_version(session, exam.episode, issuing.SCAN)
    document = replace(
        report,
        version=version,
        addenda=(*report.addenda, added),
        anchor=issuing.anchor(session),
    )
    return Frozen(issuing.SCAN, document, signed.case)


def add_addendum(
    session: Session,
    exam: Exam,
    text: str,
    rendered: Rendered,
    *,
    by: Staff,
    at: datetime,
    seen: int,
) -> IssuedDocument:
    """Issue the report's next version with the addendum; `seen` is the version that was read."""
    facts = _as_seen(session, exam, seen)
    REPORT.take(ReportStep.ADD, facts, by.role, _note(text))
    issued = issuing.store(
        session,
        exam.episode,
        rendered,
        exam_id=exam.id,
        by=by,
        at=at,
        method="password",
        reason="Addendum",
    )
    _taken(session, exam, ReportStep.ADD, facts, by=by, at=at, note=_note(text))
    return issued


def amend(session: Session, exam: Exam, reason: str, *, by: Staff, at: datetime, seen: int) -> Exam:
    """Begin the amendment of a signed report: a copy of the scan, to be corrected and signed."""
    reason = _note(reason)
    facts = _as_seen(session, exam, seen)
    after = REPORT.take(ReportStep.AMEND, facts, by.role, reason)
    copy = _copied(exam)
    session.add(copy)
    session.flush()
    for image in images_of(session, exam):
        session.add(_pictured(image, copy))
    session.add(Amendment(exam_id=copy.id, amends_id=exam.id, reason=reason, by_id=by.id, at=at))
    _taken(session, exam, ReportStep.AMEND, facts, after=after, by=by, at=at, note=reason)
    return copy


def _copied(exam: Exam) -> Exam:
    """Return the scan as it was signed, without its appointment, ready to be read again."""
    copy = Exam(
        episode_id=exam.episode_id,
        episode=exam.episode,
        purpose=exam.purpose,
        legs=exam.legs,
        indication=exam.indication,
        status=ExamStatus.IN_REVIEW,
        ordered_by_id=exam.ordered_by_id,
        ordered_at=exam.ordered_at,
        scanned_at=exam.scanned_at,
        sonographer_id=exam.sonographer_id,
        position=exam.position,
        manoeuvres=list(exam.manoeuvres),
        limitations=exam.limitations,
        comparison=exam.comparison,
        incomplete_reason=exam.incomplete_reason,
        impression=dict(exam.impression),
        drafted=dict(exam.drafted),
        extra=dict(exam.extra),
    )
    for finding in exam.findings:
        row = Finding(ordinal=finding.ordinal, repeat=finding.repeat)
        row.take(finding.as_case)
        copy.findings.append(row)
    return copy


def _pictured(image: KeyImage, copy: Exam) -> KeyImage:
    """Return a key image as the copy of its scan holds it: the same bytes, the same caption."""
    return KeyImage(
        exam_id=copy.id,
        ordinal=image.ordinal,
        leg=image.leg,
        segment=image.segment,
        caption=image.caption,
        in_report=image.in_report,
        file_sha256=image.file_sha256,
        file_size=image.file_size,
        kind=image.kind,
        width=image.width,
        height=image.height,
        added_by_id=image.added_by_id,
        added_at=image.added_at,
    )


def drop_amendment(
    session: Session, exam: Exam, reason: str, *, by: Staff, at: datetime, seen: int
) -> Exam:
    """Give an unsigned amendment up: the report it would have replaced stands as before."""
    amendment = amendment_of(session, exam.id)
    if amendment is None:
        raise Refused("This scan amends no report.")
    if exam.revision != seen:
        raise Changed(CHANGED)
    reason = _note(reason)
    original = _locked(session, amendment.amends)
    facts = ReportFacts(standing(session, original.id).status)
    after = REPORT.take(ReportStep.DROP, facts, by.role, reason)
    exam.status = EXAM.take(ExamStep.DROP, progress.exam_facts(session, exam), by.role, reason)
    session.flush()
    _taken(session, original, ReportStep.DROP, facts, after=after, by=by, at=at, note=reason)
    return original


def replace_amended(session: Session, exam: Exam, *, by: Staff, at: datetime) -> None:
    """Mark the report that this scan amends as replaced; called as the amendment is signed."""
    amendment = amendment_of(session, exam.id)
    if amendment is None:
        return
    original = _locked(session, amendment.amends)
    facts = ReportFacts(standing(session, original.id).status)
    after = REPORT.take(ReportStep.REPLACE, facts, by.role)
    _taken(
        session,
        original,
        ReportStep.REPLACE,
        facts,
        after=after,
        by=by,
        at=at,
        note=amendment.reason,
    )


def declare_void(
    session: Session, exam: Exam, reason: str, *, by: Staff, at: datetime, seen: int
) -> None:
    """Declare a signed scan void: it stays readable, and nothing may rest on it any more."""
    reason = _note(reason)
    facts = _as_seen(session, exam, seen)
    after = REPORT.take(ReportStep.VOID, facts, by.role, reason)
    session.add(Void(exam_id=exam.id, reason=reason, by_id=by.id, at=at))
    session.flush()
    _taken(session, exam, ReportStep.VOID, facts, after=after, by=by, at=at, note=reason)


def _note(text: str) -> str:
    return paragraphs(text, longest=LONGEST, name="This")


def _as_seen(session: Session, exam: Exam, seen: int) -> ReportFacts:
    _locked(session, exam)
    facts = report_facts(session, exam)
    if signed_report(session, exam).version != seen:
        raise Changed(CHANGED)
    return facts


def _locked(session: Session, exam: Exam) -> Exam:
    """Make two who act on one signed report queue, so that the second sees what the first did."""
    session.refresh(exam, with_for_update=True)
    return exam


def _taken(
    session: Session,
    exam: Exam,
    step: ReportStep,
    facts: ReportFacts,
    *,
    after: ReportStatus | None = None,
    by: Staff,
    at: datetime,
    note: str,
) -> None:
    ends = after or facts.status
    progress.taken(
        session,
        exam.episode,
        "report",
        exam.id,
        step.value,
        REPORT.rules[step].label,
        before=facts.status.value,
        after=ends.value,
        by=by,
        at=at,
        note=note,
    )
