"""Decide which moment a time on the clinic's wall is, and which times of a room are free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.domain import entry
from workflow.domain.clinic import Clinic
from workflow.domain.errors import Refused
from workflow.rooms import Taken


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall time as an instant; `doubled` where the clocks show that time twice that night."""

    at: datetime
    doubled: bool = False


def clock_time(text: str) -> time:
    """Read a time of day: '9:30', '09.30', '9:30 am', '14'. Raises Refused otherwise."""
    return time.fromisoformat(entry.clock_time(text))


def moment(day: date, wall: time, zone: ZoneInfo) -> Moment:
    """Return the instant of a wall time in the clinic's zone.

    A time that the clocks skip is refused. One they show twice is the first of the two.
    """
    local = datetime.combine(day, wall, zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(
            f"There is no {wall:%H:%M} on {day.day} {day:%b %Y}: the clocks go forward then. "
            "Choose another time."
        )
    return Moment(at, doubled=local.utcoffset() != local.replace(fold=1).utcoffset())


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants at which a day of the clinic begins and ends."""
    start = datetime.combine(day, time(0), zone).astimezone(UTC)
    return start, datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)


def starts(clinic: Clinic) -> tuple[time, ...]:
    """Return the times at which the clinic's slots begin; each ends before the clinic closes."""
    opens, closes = clock_time(clinic.opens), clock_time(clinic.closes)
    first = opens.hour * 60 + opens.minute
    last = closes.hour * 60 + closes.minute - clinic.slot_minutes
    return tuple(
        time(minute // 60, minute % 60) for minute in range(first, last + 1, clinic.slot_minutes)
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the day sheet: what starts there, or that it is free, or covered from above."""

    room: str
    exam_ids: tuple[int, ...] = ()
    free: bool = False
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One slot of the day: its wall time, and a place for each room not covered from above."""

    at: time
    cells: tuple[Cell, ...]


def lay_out(
    rooms: Sequence[str], taken: Sequence[Taken], clinic: Clinic, day: date, now: datetime
) -> tuple[Line, ...]:
    """Lay the booked stretches of a day out by room and slot.

    A booking outside opening hours adds slots before or after. A slot is free where nothing holds
    any part of it and it is not past.
    """
    zone = ZoneInfo(clinic.zone)
    times = _times(starts(clinic), taken, clinic, zone)
    covered: dict[str, int] = dict.fromkeys(rooms, 0)
    lines = []
    for index, at in enumerate(times):
        cells = []
        for room in rooms:
            if covered[room] > index:
                continue
            cell = _cell(room, index, times, [t for t in taken if t.room == room], zone)
            covered[room] = index + cell.rows
            if cell.free:
                cell = Cell(room, free=_bookable(day, at, zone, now))
            cells.append(cell)
        lines.append(Line(at, tuple(cells)))
    return tuple(lines)


def _cell(room: str, index: int, times: Sequence[time], held: list[Taken], zone: ZoneInfo) -> Cell:
    """Return the place that begins at this slot, as tall as what is booked in it needs."""
    rows, ids = 1, []
    while True:
        end = times[index + rows] if index + rows < len(times) else None
        inside = [t for t in held if _within(t, times[index], end, zone)]
        ids = [t.exam_id for t in sorted(inside, key=lambda t: t.starts)]
        needed = max((_rows(t, index, times, zone) for t in inside), default=1)
        if needed <= rows:
            return Cell(room, tuple(ids), free=not ids, rows=rows)
        rows = needed


def _within(taken: Taken, start: time, end: time | None, zone: ZoneInfo) -> bool:
    begins = taken.starts.astimezone(zone).time()
    return start <= begins and (end is None or begins < end)


def _rows(taken: Taken, index: int, times: Sequence[time], zone: ZoneInfo) -> int:
    ends = taken.ends.astimezone(zone)
    if ends.date() > taken.starts.astimezone(zone).date():
        return len(times) - index
    return max(1, sum(1 for at in times[index:] if at < ends.time()))


def _times(
    usual: tuple[time, ...], taken: Sequence[Taken], clinic: Clinic, zone: ZoneInfo
) -> tuple[time, ...]:
    early = [t.starts.astimezone(zone).time() for t in taken]
    before = {at.replace(minute=0) for at in early if not usual or at < usual[0]}
    closes = clock_time(clinic.closes)
    after = {at.replace(minute=0) for at in early if usual and at >= closes}
    return tuple(sorted({*before, *usual, *(at for at in after if at > usual[-1])}))


def _bookable(day: date, at: time, zone: ZoneInfo, now: datetime) -> bool:
    try:
        return moment(day, at, zone).at > now
    except Refused:
        return False
