"""Gather one day of the scan rooms: who comes when, to which room, and who is due otherwise."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.domain.clinic import Clinic
from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import OPEN_STAGES
from workflow.models.exam import Exam
from workflow.models.patient import Episode
from workflow.rooms import Taken, taken_rooms
from workflow.ultrasound.slots import Line, day_bounds, lay_out

AWAY = frozenset({ExamStatus.NO_SHOW, ExamStatus.CANCELLED})
MOST_DUE = 100


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A day of the clinic: the rooms with their slots, the scans by id, who is due,
    and how many scans each day of the week holds."""

    day: date
    rooms: tuple[str, ...]
    lines: tuple[Line, ...]
    exams: dict[int, Exam]
    away: tuple[Exam, ...]
    due: tuple[Episode, ...]
    week: tuple[tuple[date, int], ...]


def day_sheet(session: Session, clinic: Clinic, day: date, *, now: datetime) -> DaySheet:
    """Return the day as the clinic's wall clock and rooms show it."""
    begins, ends = day_bounds(day, ZoneInfo(clinic.zone))
    exams = session.scalars(
        select(Exam)
        .options(joinedload(Exam.episode).joinedload(Episode.patient))
        .where(Exam.starts_at >= begins, Exam.starts_at < ends)
        .order_by(Exam.starts_at, Exam.room, Exam.id)
    ).all()
    coming = [exam for exam in exams if exam.status not in AWAY]
    taken = [_taken(exam) for exam in coming]
    rooms = tuple(dict.fromkeys([*clinic.rooms, *(exam.room or "No room" for exam in coming)]))
    return DaySheet(
        day=day,
        rooms=rooms,
        lines=lay_out(rooms, taken, clinic, day, now),
        exams={exam.id: exam for exam in coming},
        away=tuple(exam for exam in exams if exam.status in AWAY),
        due=_due(session, day),
        week=_week(session, day, ZoneInfo(clinic.zone)),
    )


def _week(session: Session, day: date, zone: ZoneInfo) -> tuple[tuple[date, int], ...]:
    """Return the days of this week, Monday first, and how many scans each holds."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    begins, ends = day_bounds(monday, zone)[0], day_bounds(days[-1], zone)[1]
    moments = session.scalars(
        select(Exam.starts_at).where(
            Exam.starts_at >= begins, Exam.starts_at < ends, Exam.status.not_in(AWAY)
        )
    )
    booked = Counter(at.astimezone(zone).date() for at in moments if at is not None)
    return tuple((each, booked[each]) for each in days)


def _taken(exam: Exam) -> Taken:
    if exam.starts_at is None:
        raise ValueError(exam.id)
    ends = exam.starts_at + timedelta(minutes=exam.minutes)
    return Taken(exam.id, exam.room or "No room", exam.starts_at, ends)


def _due(session: Session, day: date) -> tuple[Episode, ...]:
    rows = session.scalars(
        select(Episode)
        .options(joinedload(Episode.patient))
        .where(Episode.next_on == day, Episode.stage.in_(OPEN_STAGES))
        .order_by(Episode.id)
        .limit(MOST_DUE)
    )
    return tuple(rows)


def free_slots(
    session: Session, clinic: Clinic, day: date, *, now: datetime
) -> tuple[tuple[str, str], ...]:
    """Return the free slots of a day as (time, room), the earliest first."""
    zone = ZoneInfo(clinic.zone)
    taken = taken_rooms(session, *day_bounds(day, zone))
    return tuple(
        (f"{line.at:%H:%M}", cell.room)
        for line in lay_out(clinic.rooms, taken, clinic, day, now)
        for cell in line.cells
        if cell.free
    )
