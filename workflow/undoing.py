"""Take a wrong move back, for as long as a minute; the history keeps the move and its undoing.

Nothing here commits; the caller does.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow import audit
from workflow.domain import undo
from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus, ExamStep
from workflow.domain.pathway import Care
from workflow.domain.staff import may, only
from workflow.models.exam import Exam, Finding
from workflow.models.history import StepTaken
from workflow.models.patient import Episode
from workflow.models.staff import Staff
from workflow.progress import restage
from workflow.rooms import HOLDS_A_ROOM, Taken, held_by_another, one_booking_at_a_time

UNDO = "undo"


def offer(session: Session, step_id: int, *, by_id: int, now: datetime) -> StepTaken | None:
    """Return the step if this person may still undo it, else None."""
    step = session.get(StepTaken, step_id)
    if step is None or undo.refusal(_taken(session, step), by_id=by_id, now=now):
        return None
    return step


def last_of(session: Session, by_id: int, *, since: datetime) -> StepTaken | None:
    """Return the step this person has just taken, if it can be undone at all.

    Looks at the newest few steps of the clinic only.
    """
    newest = session.scalars(select(StepTaken).order_by(StepTaken.id.desc()).limit(5))
    for step in newest:
        if step.by_id == by_id and step.at >= since:
            return step if step.step in undo.SAFE.get(step.subject, {}) else None
    return None


def take_back(session: Session, step: StepTaken, *, by: Staff, at: datetime) -> None:
    """Put what a step moved back to where it was, or raise Refused with the reason.

    To take a cancelled booking back is to book: whoever does it queues with those who book.
    """
    if step.subject == "exam":
        one_booking_at_a_time(session)
    if reason := undo.refusal(_taken(session, step), by_id=by.id, now=at):
        raise Refused(reason)
    needs = undo.SAFE[step.subject][step.step]
    if not may(by.role, needs):
        raise Refused(only(needs))
    episode = session.get_one(Episode, step.episode_id)
    session.refresh(episode, with_for_update=True)
    if step.subject == "exam":
        _put_back_exam(session, step)
    else:
        episode.care = Care(step.before)
        episode.next_on = _appointment_before(session, step)
    _write_down(session, episode, step, by=by, at=at)
    if step.stood_since is not None and step.stood_at == episode.stage.value:
        episode.since = step.stood_since


def _put_back_exam(session: Session, step: StepTaken) -> None:
    exam = session.get_one(Exam, step.subject_id)
    session.refresh(exam)
    if exam.status.value != step.after:
        raise Refused("The scan moved on since, so this cannot be undone.")
    before = ExamStatus(step.before)
    gave_it_up = before in HOLDS_A_ROOM and exam.status not in HOLDS_A_ROOM
    if gave_it_up and _given_away(session, exam):
        raise Refused("The room was given to another scan meanwhile. Give this one a new time.")
    if step.step == ExamStep.START.value:
        exam.sonographer_id = exam.scanned_at = None
    exam.status = before


def _appointment_before(session: Session, step: StepTaken) -> date | None:
    """Return the next appointment as the move of care before this one left it."""
    return session.scalars(
        select(StepTaken.next_on)
        .where(
            StepTaken.episode_id == step.episode_id,
            StepTaken.subject == step.subject,
            StepTaken.id < step.id,
        )
        .order_by(StepTaken.id.desc())
        .limit(1)
    ).first()


def _write_down(
    session: Session, episode: Episode, step: StepTaken, *, by: Staff, at: datetime
) -> None:
    session.add(
        StepTaken(
            episode_id=episode.id,
            subject=step.subject,
            subject_id=step.subject_id,
            step=UNDO,
            label=f"Undone: {step.label}",
            before=step.after,
            after=step.before,
            by_id=by.id,
            at=at,
            next_on=episode.next_on if step.subject == "care" else None,
            stood_at=episode.stage.value,
            stood_since=episode.since,
        )
    )
    audit.record(
        session,
        f"{step.subject}.{UNDO}",
        step.subject,
        step.subject_id,
        by=by,
        at=at,
        patient_id=episode.patient_id,
        detail={"step": step.id, "before": step.after, "after": step.before},
    )
    session.flush()
    restage(session, episode, at=at)


def _taken(session: Session, step: StepTaken) -> undo.Taken:
    last = session.scalar(
        select(func.max(StepTaken.id)).where(StepTaken.episode_id == step.episode_id)
    )
    return undo.Taken(
        subject=step.subject,
        step=step.step,
        by_id=step.by_id,
        at=step.at,
        is_last=step.id == last,
        recorded=step.step == ExamStep.START.value and _has_findings(session, step.subject_id),
    )


def _has_findings(session: Session, exam_id: int) -> bool:
    found = session.scalar(select(Finding.id).where(Finding.exam_id == exam_id).limit(1))
    return found is not None


def _given_away(session: Session, exam: Exam) -> bool:
    """Say whether another scan holds this one's room at its time."""
    if exam.starts_at is None:
        return False
    ends = exam.starts_at + timedelta(minutes=exam.minutes)
    return held_by_another(session, Taken(exam.id, exam.room, exam.starts_at, ends)) is not None
