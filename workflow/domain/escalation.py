"""Decide whom a critical finding must reach next, and by when (clinical reference §8.4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter

from workflow.domain.clinic import Clinic


class Means(StrEnum):
    """How somebody was told; a message alone rarely reaches a person in minutes (ACR)."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    MESSAGE = "message"

    @property
    def word(self) -> str:
        """Return the means as it stands in a sentence: 'by phone'."""
        return {"in_person": "in person", "phone": "by phone", "message": "by secure message"}[self]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who is told, in which order, and after how many minutes without an answer.

    `second` may be empty: a clinic may have one physician.
    """

    physician: str
    second: str
    lead: str
    second_minutes: int
    lead_minutes: int


def ladder(clinic: Clinic) -> Ladder:
    """Return whom this clinic tells, and when."""
    return Ladder(
        clinic.physician,
        clinic.second_contact,
        clinic.practice_lead,
        clinic.second_minutes,
        clinic.lead_minutes,
    )


@dataclass(frozen=True, slots=True)
class Rung:
    """One person to tell: when their turn comes, and whether it has come."""

    who: str
    sentence: str
    at: datetime
    due: bool


@dataclass(frozen=True, slots=True)
class Call:
    """What the rules look at of one entry of the log."""

    to: str
    told_at: datetime
    read_back: bool


@dataclass(frozen=True, slots=True)
class Escalation:
    """How far a critical finding has come: its rungs, and the call that was read back first."""

    since: datetime
    rungs: tuple[Rung, ...]
    acknowledged: Call | None

    @property
    def now(self) -> Rung | None:
        """Return the rung whose turn it is, or None once somebody has read the finding back."""
        due = [rung for rung in self.rungs if rung.due]
        return due[-1] if due and self.acknowledged is None else None


def escalation(
    asked: Ladder, calls: tuple[Call, ...], *, since: datetime, now: datetime
) -> Escalation:
    """Return whom to tell, by when, and who has acknowledged.

    The physician is told at once; the second contact's turn comes at `second_minutes` and the
    practice lead's at `lead_minutes` (reached counts) after the finding, where nobody has read it
    back. A call acknowledges only where the listener read the finding back.
    """
    read_back = (call for call in calls if call.read_back)
    acknowledged = min(read_back, key=attrgetter("told_at"), default=None)
    again = f"Tell {asked.second}." if asked.second else "Call again, by another route."
    steps = (
        (asked.physician, f"Tell {asked.physician} now. The patient stays.", 0),
        (asked.second or asked.physician, again, asked.second_minutes),
        (
            asked.lead,
            f"Tell {asked.lead}; consider the emergency department.",
            asked.lead_minutes,
        ),
    )
    rungs = tuple(_rung(who, said, since + timedelta(minutes=m), now) for who, said, m in steps)
    return Escalation(since, rungs, acknowledged)


def _rung(who: str, sentence: str, at: datetime, now: datetime) -> Rung:
    return Rung(who, sentence, at, due=at <= now)
