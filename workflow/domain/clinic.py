"""Hold what a clinic may set for itself, with the defaults of Wellness & Surgery."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from workflow.domain import entry
from workflow.domain.errors import Refused

MOST_HOLIDAYS = 200


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the clinic is closed, and what it is called."""

    day: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Clinic:
    """Letterhead, zone, paper and working limits. Limits are in working days (§8.2).

    `logo` is the SHA-256 of the stored picture, or empty.
    """

    name: str = "Wellness & Surgery"
    physician: str = "Dr. Jonathan Arad"
    address: str = ""
    phone: str = ""
    zone: str = "America/New_York"
    paper: str = "letter"
    rooms: tuple[str, ...] = ("Scan room 1", "Scan room 2")
    opens: str = "08:00"
    closes: str = "17:00"
    slot_minutes: int = 45
    interpret_days: int = 2
    final_days: int = 4
    holidays: tuple[Holiday, ...] = ()
    logo: str = ""

    @property
    def closed_days(self) -> frozenset[date]:
        """Return the days that are no working days besides Saturdays and Sundays."""
        return frozenset(holiday.day for holiday in self.holidays)

    def closed_for(self, day: date) -> str | None:
        """Return what keeps the clinic closed on a day, or None where it is open."""
        return next((each.name or "a holiday" for each in self.holidays if each.day == day), None)


def read_clinic(body: Mapping[str, Any]) -> Clinic:
    """Return the settings a stored version holds; a key it lacks takes its default."""
    known = {f.name for f in fields(Clinic)}
    values = {key: value for key, value in body.items() if key in known}
    if "rooms" in values:
        values["rooms"] = tuple(values["rooms"])
    if "holidays" in values:
        values["holidays"] = tuple(
            Holiday(date.fromisoformat(day), name) for day, name in values["holidays"]
        )
    return Clinic(**values)


def write_clinic(clinic: Clinic) -> dict[str, Any]:
    """Return the settings as they are stored."""
    closed = [[each.day.isoformat(), each.name] for each in clinic.holidays]
    return {**asdict(clinic), "rooms": list(clinic.rooms), "holidays": closed}


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """Read days of closing, one a line, each with a name or without: '25 Dec 2026 Christmas'.

    Returns them in order of time; raises Refused naming the line that cannot be read.
    """
    found: dict[date, Holiday] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        holiday = _holiday(line)
        if holiday.day in found:
            raise Refused(f"“{line[:60]}”: this day stands there twice.")
        found[holiday.day] = holiday
    if len(found) > MOST_HOLIDAYS:
        raise Refused(f"At most {MOST_HOLIDAYS} days can be kept. Leave out those that are over.")
    return tuple(found[day] for day in sorted(found))


def _holiday(line: str) -> Holiday:
    words = line.split()
    length = 1 if "-" in words[0] else 3
    try:
        day = entry.one_day(" ".join(words[:length]))
        return Holiday(day, entry.line(" ".join(words[length:]), longest=60, name="The name"))
    except Refused as refusal:
        raise Refused(f"“{line[:60]}”: {refusal}") from None
