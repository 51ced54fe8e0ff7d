"""Say which scan holds a room, and when: one answer for booking, the day sheet and undoing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.domain.exam import ExamStatus
from workflow.models.exam import Exam

HOLDS_A_ROOM = (ExamStatus.SCHEDULED, ExamStatus.ARRIVED, ExamStatus.SCANNING)
_BOOKINGS = 7_310_442  # any number, the same for all who give a room away
_LONGEST_SCAN = timedelta(hours=4)  # the table of scans takes no longer one


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch of a room's time that is booked: what holds it, and from when to when (UTC)."""

    exam_id: int
    room: str
    starts: datetime
    ends: datetime


def one_booking_at_a_time(session: Session) -> None:
    """Make those who give a room away queue, until their transaction ends.

    Take it before any row is locked. On SQLite every writer queues already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_BOOKINGS)))


def clash(taken: Iterable[Taken], wanted: Taken) -> Taken | None:
    """Return what already holds part of the wanted stretch in the same room, if anything does."""
    for held in taken:
        if held.exam_id == wanted.exam_id or held.room != wanted.room:
            continue
        if wanted.starts < held.ends and held.starts < wanted.ends:
            return held
    return None


def taken_rooms(session: Session, begins: datetime, ends: datetime) -> list[Taken]:
    """Return the stretches of rooms held by scans that start between two instants."""
    rows = session.execute(
        select(Exam.id, Exam.room, Exam.starts_at, Exam.minutes)
        .where(Exam.starts_at >= begins, Exam.starts_at < ends, Exam.status.in_(HOLDS_A_ROOM))
        .order_by(Exam.starts_at, Exam.id)
    )
    return [
        Taken(row.id, row.room, row.starts_at, row.starts_at + timedelta(minutes=row.minutes))
        for row in rows
    ]


def held_by_another(session: Session, wanted: Taken) -> Taken | None:
    """Return another scan's stretch that overlaps the wanted one in its room, if there is one."""
    return clash(taken_rooms(session, wanted.starts - _LONGEST_SCAN, wanted.ends), wanted)
