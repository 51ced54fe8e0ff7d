"""Freeze a document, and store it with its digest once its bytes are safe.

The order keeps a circle away: a document is frozen with the head of the log as its anchor, drawn
outside any transaction, and only then stored with its digest and the address of its bytes, which
are already safe on the disk, in one transaction with the step that issues it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow import audit, papernames
from workflow.domain import composing, documents
from workflow.domain.case import Case
from workflow.domain.composing import Issue
from workflow.domain.documents import (
    Anchor,
    Identity,
    Letterhead,
    PatientResult,
    Signature,
)
from workflow.domain.interpretation import Interpretation
from workflow.domain.plandocuments import Document
from workflow.models.clinic import clinic_in_force
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.installation import Installation, Kind
from workflow.models.patient import Episode, Patient
from workflow.models.staff import Staff
from workflow.standing import amendment_of, still_counts

SCAN, PATIENT, PLAN, LETTER = "scan", "patient", "plan", "letter"
KINDS = {
    SCAN: "Wellness Ultrasound report",
    PATIENT: "Your result",
    PLAN: "Treatment plan",
    LETTER: "Letter to the referring doctor",
}
"""The kinds of document, by the word stored, with the name people see."""

OF_A_PLAN = frozenset({PLAN, LETTER})
"""Those that tell of one plan and carry its version."""

_TEMPLATES = {SCAN: "scan/3", PATIENT: "patient/2", PLAN: "plan/1", LETTER: "letter/1"}


@dataclass(frozen=True, slots=True)
class Frozen:
    """A document that waits to be issued: its kind, its value, and the case it was read from."""

    kind: str
    document: Document
    case: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A frozen document and the address of its bytes, which are safe on the disk."""

    frozen: Frozen
    sha256: str
    size: int


def letterhead(session: Session) -> Letterhead:
    """Return the clinic as it stands now, for a document that is about to be frozen."""
    clinic, installation = clinic_in_force(session), session.get(Installation, 1)
    demo = installation is not None and installation.kind is Kind.DEMO
    return composing.letterhead_of(clinic, demo=demo)


def identity(patient: Patient) -> Identity:
    """Return who a document is about, as paper prints the name."""
    name, called = papernames.on_paper(patient)
    return Identity(
        name=name,
        called=called,
        born=patient.born,
        sex=patient.sex,
        record_number=patient.record_number,
        language=patient.language,
    )


def signature(by: Staff, *, at: datetime, meaning: str) -> Signature:
    """Return the signature of the person who signs, as it is printed."""
    return Signature(by.name, by.credentials, by.role.value, at, meaning)


def anchor(session: Session) -> Anchor:
    """Return the head of the log, which the document's footer carries."""
    seq, head = audit.head(session)
    return Anchor(seq, head)


def newest(session: Session, episode: Episode, kind: str) -> IssuedDocument | None:
    """Return the newest issued version of one kind of document, or None."""
    return session.scalars(
        select(IssuedDocument)
        .where(IssuedDocument.episode_id == episode.id, IssuedDocument.kind == kind)
        .order_by(IssuedDocument.version.desc())
        .limit(1)
    ).first()


def next_version(session: Session, episode: Episode, kind: str) -> int:
    """Return the number the next version of one kind of document takes."""
    last = session.scalar(
        select(func.max(IssuedDocument.version)).where(
            IssuedDocument.episode_id == episode.id, IssuedDocument.kind == kind
        )
    )
    return (last or 0) + 1


def store(
    session: Session,
    episode: Episode,
    rendered: Rendered,
    *,
    exam_id: int,
    by: Staff,
    at: datetime,
    method: str,
    reason: str = "",
) -> IssuedDocument:
    """Add the row of an issued document and its audit row; the caller commits.

    `method` is how the signer proved who they are. The database refuses a version that was issued
    meanwhile.
    """
    document, kind = rendered.frozen.document, rendered.frozen.kind
    signed, head = document.issued_by, document.anchor
    if signed is None or head is None:
        raise ValueError("Only a signed document is issued.")
    before = _replaced(session, episode, kind, exam_id)
    row = IssuedDocument(
        episode_id=episode.id,
        exam_id=exam_id,
        kind=kind,
        version=document.version,
        snapshot=documents.as_json(document),
        digest=documents.digest(document),
        case=rendered.frozen.case,
        file_sha256=rendered.sha256,
        file_size=rendered.size,
        template=_TEMPLATES[kind],
        signed_by_id=by.id,
        signer_name=signed.name,
        signer_credentials=signed.credentials,
        meaning=signed.meaning,
        method=method,
        issued_at=at,
        zone=document.letterhead.zone,
        anchor_seq=head.seq,
        anchor_hash=head.hash,
        supersedes_id=before.id if before else None,
        reason=reason,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        f"document.issue.{kind}",
        "document",
        row.id,
        by=by,
        at=at,
        patient_id=episode.patient_id,
        detail={"version": row.version, "digest": row.digest, "file": row.file_sha256},
    )
    return row


def _replaced(session: Session, episode: Episode, kind: str, exam_id: int) -> IssuedDocument | None:
    """Return the document a new one takes the place of, or None.

    A report replaces that of the same scan, or of the scan it amends, and stands beside the others;
    every other document replaces the one before it.
    """
    if kind != SCAN:
        return newest(session, episode, kind)
    amends = amendment_of(session, exam_id)
    return newest_of_scan(session, exam_id) or (
        newest_of_scan(session, amends.amends_id) if amends else None
    )


def newest_of_scan(session: Session, exam_id: int) -> IssuedDocument | None:
    """Return the newest signed report of one scan, its addenda included, or None."""
    return session.scalars(
        select(IssuedDocument)
        .where(IssuedDocument.kind == SCAN, IssuedDocument.exam_id == exam_id)
        .order_by(IssuedDocument.version.desc())
        .limit(1)
    ).first()


def standing_report(session: Session, episode: Episode) -> IssuedDocument | None:
    """Return the report the clinic goes by now: of the latest scan that still counts, or None.

    A void scan has no report that stands, and an amended one stands only in its amendment.
    """
    return session.scalars(
        select(IssuedDocument)
        .join(Exam, Exam.id == IssuedDocument.exam_id)
        .where(IssuedDocument.episode_id == episode.id, IssuedDocument.kind == SCAN, still_counts())
        .order_by(
            func.coalesce(Exam.scanned_at, Exam.ordered_at).desc(), IssuedDocument.version.desc()
        )
        .limit(1)
    ).first()


def patient_result(
    session: Session,
    episode: Episode,
    case: Case,
    read: Interpretation,
    *,
    scanned_on: date,
    decided: tuple[str, ...],
    next_steps: tuple[str, ...],
    signed: Signature | None,
    head: Anchor | None,
    amends: str = "",
) -> PatientResult:
    """Freeze the page a patient keeps: what was found, what it means, what was decided."""
    issue = Issue(
        letterhead=letterhead(session),
        patient=identity(episode.patient),
        version=next_version(session, episode, PATIENT),
        signature=signed,
        anchor=head,
        amends=amends,
    )
    return composing.patient_result(
        case, read, issue, scanned_on=scanned_on, decided=decided, next_steps=next_steps
    )
