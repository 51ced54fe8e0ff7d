"""What the clinic does with a scan, from its order to its handing over. Nothing here commits."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from workflow import progress
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, OPEN_STATES, ExamFacts, ExamStatus, ExamStep
from workflow.domain.findings import Purpose
from workflow.models.exam import Exam
from workflow.models.patient import Episode
from workflow.models.staff import Staff
from workflow.rooms import Taken, held_by_another, one_booking_at_a_time
from workflow.ultrasound import recording

CHANGED = "This scan changed after you opened it. Read it again, then decide."

__all__ = ["facts", "order", "schedule", "take_step"]


def facts(session: Session, exam: Exam) -> ExamFacts:
    """Return what the steps of a scan look at."""
    return progress.exam_facts(session, exam)


def order(
    session: Session,
    episode: Episode,
    *,
    purpose: Purpose,
    legs: str,
    indication: str,
    by: Staff,
    at: datetime,
) -> Exam:
    """Order a scan; why it is done is on record before it begins (§1.7)."""
    newest = progress.newest_exam(session, episode)
    if newest is not None and newest.status in OPEN_STATES:
        words = EXAM.words[newest.status]
        raise Refused(f"This episode already has a scan ({words}). Finish or cancel it first.")
    if not indication.strip():
        raise Refused("Write why the scan is done: the indication is recorded before the exam.")
    exam = Exam(
        episode=episode,
        purpose=purpose,
        legs=legs,
        indication=indication,
        status=ExamStatus.ORDERED,
        ordered_by=by,
        ordered_at=at,
    )
    session.add(exam)
    session.flush()
    progress.taken(
        session,
        episode,
        "exam",
        exam.id,
        "order",
        "Order the scan",
        before="",
        after=exam.status.value,
        by=by,
        at=at,
    )
    return exam


def schedule(
    session: Session,
    exam: Exam,
    *,
    starts: datetime,
    minutes: int,
    room: str,
    by: Staff,
    at: datetime,
    seen: int,
) -> None:
    """Give the scan a time in a room, or raise Refused where it is past or the room is taken."""
    if starts <= at:
        raise Refused("That time is past. Choose a later one.")
    one_booking_at_a_time(session)
    ends = starts + timedelta(minutes=minutes)
    if held := held_by_another(session, Taken(exam.id, room, starts, ends)):
        raise Refused(
            f"{room} is taken then: another scan holds it for "
            f"{int((held.ends - held.starts).total_seconds() // 60)} minutes. "
            "Choose another time or room."
        )
    exam.starts_at, exam.minutes, exam.room = starts, minutes, room
    take_step(session, ExamStep.SCHEDULE, exam, by=by, at=at, seen=seen)


def take_step(
    session: Session,
    step: ExamStep,
    exam: Exam,
    *,
    by: Staff,
    at: datetime,
    seen: int,
    note: str = "",
) -> None:
    """Move the scan on and write down who moved it, or raise Refused with the reason.

    `seen` is the revision of the scan that the person read. A note is required where the table
    says so; handing over an incomplete scan takes it as the reason.
    """
    if exam.revision != seen:
        raise Refused(CHANGED)
    if step is ExamStep.FINISH:
        exam.incomplete_reason = note.strip()
        recording.note_critical(session, exam, by=by, at=at)
    before = exam.status
    exam.status = EXAM.take(step, facts(session, exam), by.role, note)
    if step is ExamStep.START:
        exam.sonographer, exam.scanned_at = by, at
    session.flush()
    progress.taken(
        session,
        exam.episode,
        "exam",
        exam.id,
        step.value,
        EXAM.rules[step].label,
        before=before.value,
        after=exam.status.value,
        by=by,
        at=at,
        note=note,
    )
