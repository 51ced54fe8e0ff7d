"""The clinic's wall clock, the rooms' slots, and the day as a page shows it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflow.domain.clinic import Clinic
from workflow.domain.errors import Refused
from workflow.rooms import Taken, clash
from workflow.ultrasound.slots import lay_out, moment, starts

ZONE = ZoneInfo("America/New_York")
DAY = date(2026, 5, 4)
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(Refused, match="There is no 02:30 on 8 Mar 2026: the clocks go forward"):
        moment(date(2026, 3, 8), time(2, 30), ZONE)


def test_a_time_that_the_clocks_show_twice_is_the_first_and_says_so() -> None:
    found = moment(date(2026, 11, 1), time(1, 30), ZONE)
    assert found.doubled
    assert found.at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_an_ordinary_time_is_itself() -> None:
    found = moment(DAY, time(9), ZONE)
    assert (found.at, found.doubled) == (datetime(2026, 5, 4, 13, tzinfo=UTC), False)


def _taken(exam_id: int, room: str, hour: int, minute: int = 0, minutes: int = 45) -> Taken:
    begins = datetime(2026, 5, 4, hour, minute, tzinfo=ZONE).astimezone(UTC)
    return Taken(exam_id, room, begins, begins + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("wanted", "clashes"),
    [
        (_taken(2, "A", 9), True),
        (_taken(2, "A", 9, 44), True),
        (_taken(2, "A", 8, 16), True),
        (_taken(2, "A", 9, 45), False),
        (_taken(2, "A", 8, 15), False),
        (_taken(2, "B", 9), False),
        (_taken(1, "A", 9, 15), False),
    ],
)
def test_two_scans_never_hold_a_room_at_the_same_time(wanted: Taken, *, clashes: bool) -> None:
    assert (clash([_taken(1, "A", 9)], wanted) is not None) is clashes


def test_the_last_slot_ends_before_the_clinic_closes() -> None:
    times = starts(Clinic(opens="08:00", closes="10:00", slot_minutes=45))
    assert times == (time(8), time(8, 45))


def _sheet(
    *taken: Taken, clinic: Clinic | None = None, now: datetime = NOON
) -> dict[str, list[object]]:
    clinic = clinic or Clinic(rooms=("A", "B"), opens="08:00", closes="11:00", slot_minutes=60)
    return {
        f"{line.at:%H:%M}": [(c.room, c.exam_ids, c.free, c.rows) for c in line.cells]
        for line in lay_out(clinic.rooms, taken, clinic, DAY, now)
    }


def test_a_long_scan_covers_the_slots_below_it() -> None:
    assert _sheet(_taken(7, "A", 8, 30, minutes=60)) == {
        "08:00": [("A", (7,), False, 2), ("B", (), True, 1)],
        "09:00": [("B", (), True, 1)],
        "10:00": [("A", (), True, 1), ("B", (), True, 1)],
    }


def test_a_scan_outside_opening_hours_has_a_slot_of_its_own() -> None:
    sheet = _sheet(_taken(7, "A", 7, 15, minutes=30), _taken(8, "B", 18, minutes=30))
    assert sheet["07:00"][0] == ("A", (7,), False, 1)
    assert sheet["18:00"][1] == ("B", (8,), False, 1)


def test_a_slot_that_is_past_is_not_offered() -> None:
    late = datetime(2026, 5, 4, 9, 30, tzinfo=ZONE).astimezone(UTC)
    sheet = _sheet(now=late)
    assert [cells[0][2] for cells in sheet.values()] == [False, False, True]  # type: ignore[index]


def test_every_scan_of_a_day_stands_somewhere_on_it() -> None:
    taken = [
        _taken(n, "AB"[n % 2], 7 + n, 10 * n % 60, minutes=20 + 25 * (n % 3)) for n in range(9)
    ]
    seen = [i for cells in _sheet(*taken).values() for c in cells for i in c[1]]  # type: ignore[index]
    assert sorted(seen) == list(range(9))
