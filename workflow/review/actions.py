"""What the clinic does when it reads a scan. Nothing here commits; the caller does.

Signing happens in three parts. `freeze` reads everything into two documents; the caller draws
them outside any transaction; `sign` then checks that nothing they rest on has changed since, and
stores them with the step in one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from workflow import audit, issuing, progress
from workflow.cases import interpreted
from workflow.domain import decision
from workflow.domain.case import write
from workflow.domain.composing import drafted
from workflow.domain.documents import ScanReport, digest
from workflow.domain.entry import paragraphs
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, ExamFacts, ExamStatus, ExamStep
from workflow.domain.required import barring
from workflow.domain.staff import Permission, may, only
from workflow.issuing import Frozen, Rendered
from workflow.models.base import canonical
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.staff import Staff
from workflow.review.after import replace_amended
from workflow.review.documents import amended_report, lacks_of, legs_of, scan_report

MEANING = "I have reviewed this examination and approve this report."
"""What a signature under a report says, printed with it."""

LONGEST = 4000
CHANGED = (
    "This scan changed after you opened it, so nothing was saved. What you typed is still below; "
    "the page now shows the scan as it is."
)
READ_AGAIN = (
    "What this report says changed after you opened it, so nothing was signed. "
    "Read it again; what you typed is still below."
)


class Changed(Refused):
    """The scan is no longer the one that was read."""


@dataclass(frozen=True, slots=True)
class Papers:
    """The two documents of a signing, frozen together, and the digest of what was read."""

    scan: Frozen
    patient: Frozen
    read: str


def start(session: Session, exam: Exam, *, by: Staff, at: datetime, seen: int) -> None:
    """Begin to read: keep the rules' draft, and put it where nothing was written yet."""
    facts = _read_as_seen(session, exam, seen)
    status = EXAM.take(ExamStep.OPEN, facts, by.role)
    redraft(session, exam)
    _move(session, exam, ExamStep.OPEN, status, by=by, at=at)


def redraft(session: Session, exam: Exam) -> None:
    """Keep the rules' draft as it is now, and put it where nobody wrote anything else."""
    fresh = drafted(interpreted(session, exam)[1])
    kept = {
        leg: text
        for leg, text in exam.impression.items()
        if text.strip() and text != exam.drafted.get(leg, "")
    }
    exam.drafted = fresh
    exam.impression = {leg.value: fresh.get(leg.value, "") for leg in legs_of(exam)} | kept


def save_impression(
    session: Session, exam: Exam, typed: Mapping[str, str], *, by: Staff, at: datetime, seen: int
) -> None:
    """Keep what the physician wrote for each leg; raises Changed where somebody else did too."""
    _read_as_seen(session, exam, seen)
    if not may(by.role, Permission.SIGN_REPORTS):
        raise Refused(only(Permission.SIGN_REPORTS))
    if exam.status is not ExamStatus.IN_REVIEW:
        raise Refused(
            f"An impression is written while a scan is being read; "
            f"this one is “{EXAM.words[exam.status]}”."
        )
    _keep(session, exam, cleaned(exam, typed), by=by, at=at)


def cleaned(exam: Exam, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the impression of each scanned leg as it may be stored, or raise Refused."""
    return {
        leg.value: paragraphs(
            typed.get(leg.value, ""), longest=LONGEST, name=f"The {leg.word} leg's impression"
        )
        for leg in legs_of(exam)
    }


def _keep(
    session: Session, exam: Exam, impression: Mapping[str, str], *, by: Staff, at: datetime
) -> None:
    before = dict(exam.impression)
    changes = {
        f"impression.{leg}": (before.get(leg, ""), text)
        for leg, text in impression.items()
        if text != before.get(leg, "")
    }
    exam.impression = {**before, **impression}
    progress.edited(
        session, "exam", exam.id, changes, patient_id=exam.episode.patient_id, by=by, at=at
    )


def give_back(
    session: Session,
    exam: Exam,
    typed: Mapping[str, str],
    *,
    by: Staff,
    at: datetime,
    seen: int,
    note: str,
) -> None:
    """Return the scan to the sonographer with a comment; what was written so far is kept."""
    facts = _read_as_seen(session, exam, seen)
    status = EXAM.take(ExamStep.RETURN, facts, by.role, note)
    _keep(session, exam, cleaned(exam, typed), by=by, at=at)
    _move(session, exam, ExamStep.RETURN, status, by=by, at=at, note=note)


def unsigned(session: Session, exam: Exam, impression: Mapping[str, str]) -> ScanReport:
    """Return the report as it would be signed now, without a signature."""
    case, read = interpreted(session, exam)
    return scan_report(session, exam, case, read, impression=impression, signed=None, head=None)


def what_is_read(report: ScanReport) -> str:
    """Return the digest of all a report says but its impression and signature.

    The page carries it, so that nobody signs a history or a value they have not seen.
    """
    bare = tuple(replace(leg, impression=()) for leg in report.legs)
    return digest(replace(report, legs=bare, signature=None, anchor=None, version=0))[:32]


def freeze(
    session: Session, exam: Exam, typed: Mapping[str, str], *, by: Staff, at: datetime
) -> Papers:
    """Read the scan into the two documents this signature would issue.

    The signer is always the person who signs; nobody else can be named. Raises Refused where the
    scan may not be signed.
    """
    impression = cleaned(exam, typed)
    EXAM.take(ExamStep.SIGN, _to_sign(session, exam, impression), by.role)
    case, read = interpreted(session, exam)
    signed, head = issuing.signature(by, at=at, meaning=MEANING), issuing.anchor(session)
    scan = scan_report(session, exam, case, read, impression=impression, signed=signed, head=head)
    clinic = scan.letterhead
    result = issuing.patient_result(
        session,
        exam.episode,
        case,
        read,
        scanned_on=scan.scanned_at.astimezone(ZoneInfo(clinic.zone)).date(),
        decided=(),
        next_steps=decision.after_signing(
            clinic.phone, exam.episode.next_on, exam.episode.patient.language
        ),
        signed=signed,
        head=head,
        amends=_replaces(session, exam),
    )
    file = canonical(write(case))
    return Papers(
        Frozen(issuing.SCAN, scan, file),
        Frozen(issuing.PATIENT, result, file),
        what_is_read(scan),
    )


def _replaces(session: Session, exam: Exam) -> str:
    """Tell the patient that this page takes the place of an earlier one, or ''."""
    before = amended_report(session, exam)
    if before is None:
        return ""
    given = before.issued_at.astimezone(ZoneInfo(before.zone)).date()
    return decision.replaces(given, exam.episode.patient.language)


def sign(
    session: Session,
    exam: Exam,
    typed: Mapping[str, str],
    rendered: Sequence[Rendered],
    *,
    by: Staff,
    at: datetime,
    seen: int,
    read: str,
) -> tuple[IssuedDocument, ...]:
    """Sign the report: the impression, the step and both documents, or nothing of it.

    `read` is the digest of what the physician had before their eyes. Raises Changed where the scan
    or anything the report says is not what was read.
    """
    _read_as_seen(session, exam, seen)
    if what_is_read(unsigned(session, exam, {})) != read:
        raise Changed(READ_AGAIN)
    impression = cleaned(exam, typed)
    status = EXAM.take(ExamStep.SIGN, _to_sign(session, exam, impression), by.role)
    _keep(session, exam, impression, by=by, at=at)
    issued = tuple(
        issuing.store(
            session, exam.episode, paper, exam_id=exam.id, by=by, at=at, method="password"
        )
        for paper in rendered
    )
    audit.record(
        session,
        "exam.signature",
        "exam",
        exam.id,
        by=by,
        at=at,
        patient_id=exam.episode.patient_id,
        reason=MEANING,
        detail={row.kind: row.digest for row in issued},
    )
    replace_amended(session, exam, by=by, at=at)
    _move(session, exam, ExamStep.SIGN, status, by=by, at=at)
    return issued


def _to_sign(session: Session, exam: Exam, impression: Mapping[str, str]) -> ExamFacts:
    """Return what signing looks at, with the impression as it was typed."""
    lacks = lacks_of(session, exam, unsigned(session, exam, impression))
    return replace(
        progress.exam_facts(session, exam),
        impression=all(impression.values()),
        lacks=barring(lacks),
    )


def _read_as_seen(session: Session, exam: Exam, seen: int) -> ExamFacts:
    if exam.revision != seen:
        raise Changed(CHANGED)
    return progress.exam_facts(session, exam)


def _move(
    session: Session,
    exam: Exam,
    step: ExamStep,
    status: ExamStatus,
    *,
    by: Staff,
    at: datetime,
    note: str = "",
) -> None:
    before, exam.status = exam.status, status
    progress.taken(
        session,
        exam.episode,
        "exam",
        exam.id,
        step.value,
        EXAM.rules[step].label,
        before=before.value,
        after=status.value,
        by=by,
        at=at,
        note=note,
    )
