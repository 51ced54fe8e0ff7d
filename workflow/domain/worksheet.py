"""Lay out the paper on which a scan is written while the computer is down."""

from dataclasses import dataclass
from datetime import datetime

from workflow.domain.anatomy import CATALOGUE, REQUIRED, Group, Leg, Segment
from workflow.domain.documents import Identity, Letterhead

FOUND = (
    ("Tributary", "where"),
    ("Tributary", "where"),
    ("Perforator", "cm from floor"),
    ("Perforator", "cm from floor"),
)
"""Rows for what is recorded only where it is found: its name, and what its place is given in."""

_GROUPS = {
    Group.DEEP: "Deep",
    Group.GSV: "Great saphenous",
    Group.SSV: "Small saphenous",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One site to write on, and whether its diameter is part of the protocol (§1.2)."""

    code: str
    name: str
    measured: bool


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A sheet for one scan, or a blank one where `patient` is None."""

    letterhead: Letterhead
    patient: Identity | None = None
    starts_at: datetime | None = None
    room: str = ""
    indication: str = ""
    legs: tuple[Leg, ...] = tuple(Leg)


def lines() -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """Return every site the protocol requires, in scanning order, under its group (§1.1)."""
    return tuple(
        (
            words,
            tuple(
                Line(row.code, _short(row), row.measured)
                for row in CATALOGUE
                if row.code in REQUIRED and row.group is group
            ),
        )
        for group, words in _GROUPS.items()
    )


def _short(row: Segment) -> str:
    """Return a site's name as a narrow column holds it: 'GSV, mid thigh', 'SSV, mid calf'."""
    for long in (Group.GSV, Group.SSV):
        bare = row.name.lower().removeprefix(f"{long}, ")
        if bare != row.name.lower():
            return f"{row.vein}, {bare}"
    return row.name
