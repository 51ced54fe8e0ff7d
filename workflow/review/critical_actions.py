"""What the clinic does about a critical finding: tell, write it down, decide. Nothing commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflow import audit, critical, progress
from workflow.domain.errors import Refused
from workflow.domain.escalation import Means
from workflow.domain.staff import Permission, may, only
from workflow.models.exam import Exam
from workflow.models.notice import CriticalNotice
from workflow.models.staff import Staff

NONE_OPEN = "No critical finding is open here."


@dataclass(frozen=True, slots=True)
class Told:
    """One call: to whom, how and when, whether it was read back, whether the patient knows."""

    to: str
    method: Means
    at: datetime
    read_back: bool
    patient_told: bool


def tell(session: Session, exam: Exam, told: Told, *, by: Staff, at: datetime) -> CriticalNotice:
    """Write down that the person who records it told somebody of the open critical finding."""
    found = critical.open_finding(session, exam)
    if found is None:
        raise Refused(NONE_OPEN)
    if told.at > at:
        raise Refused("That time is still to come. Type when they were told.")
    notice = CriticalNotice(
        exam_id=exam.id,
        finding=" ".join(found.findings),
        told_by=by,
        told_to=told.to,
        method=told.method,
        told_at=told.at,
        read_back=told.read_back,
        patient_told=told.patient_told,
        at=at,
    )
    session.add(notice)
    session.flush()
    audit.record(
        session,
        "exam.critical_told",
        "exam",
        exam.id,
        by=by,
        at=at,
        patient_id=exam.episode.patient_id,
        detail={"to": told.to, "method": told.method.value, "read_back": told.read_back},
    )
    return notice


def clear(session: Session, exam: Exam, *, disposition: str, by: Staff, at: datetime) -> None:
    """Record what a physician decided about a critical finding; the flag comes off (§8.4)."""
    if not may(by.role, Permission.SIGN_REPORTS):
        raise Refused(only(Permission.SIGN_REPORTS))
    if not exam.episode.critical:
        raise Refused(NONE_OPEN)
    if not disposition.strip():
        raise Refused("Write what was decided for the patient.")
    exam.episode.critical = False
    progress.taken(
        session,
        exam.episode,
        "exam",
        exam.id,
        critical.CLEARED,
        "Critical finding handled",
        before=exam.status.value,
        after=exam.status.value,
        by=by,
        at=at,
        note=disposition,
    )
