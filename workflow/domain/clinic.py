"""Hold what a clinic may set for itself, with the defaults of Wellness & Surgery."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Clinic:
    """Letterhead, zone, paper and working limits. Limits are in working days (§8.2).

    `site` is the address under which patients and readers of paper reach this installation, such
    as https://results.example.org; empty where it has none yet.

    The last four say whom a critical finding must reach when the physician does not answer, and
    after how many minutes: the default timers of §8.4 [K]. `second_contact` may be empty, for a
    clinic may have one physician.
    """

    name: str = "Wellness & Surgery"
    physician: str = "Dr. Jonathan Arad"
    address: str = ""
    phone: str = ""
    site: str = ""
    zone: str = "America/New_York"
    paper: str = "letter"
    rooms: tuple[str, ...] = ("Scan room 1", "Scan room 2")
    opens: str = "08:00"
    closes: str = "17:00"
    slot_minutes: int = 45
    interpret_days: int = 2
    final_days: int = 4
    second_contact: str = ""
    second_minutes: int = 15
    practice_lead: str = "the practice lead"
    lead_minutes: int = 30


def read_clinic(body: Mapping[str, Any]) -> Clinic:
    """Return the settings a stored version holds; a key it lacks takes its default."""
    known = {f.name for f in fields(Clinic)}
    values = {key: value for key, value in body.items() if key in known}
    if "rooms" in values:
        values["rooms"] = tuple(values["rooms"])
    return Clinic(**values)


def write_clinic(clinic: Clinic) -> dict[str, Any]:
    """Return the settings as they are stored."""
    return {**asdict(clinic), "rooms": list(clinic.rooms)}
