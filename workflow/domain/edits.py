"""Merge what two people typed: different cells silently, the same cell never silently."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conflict:
    """One cell that somebody else changed after it was read: both texts, none chosen yet."""

    cell: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What to write, and what a person must choose first."""

    changes: Mapping[str, str]
    conflicts: tuple[Conflict, ...]


def merge(mine: Mapping[str, str], seen: Mapping[str, str], now: Mapping[str, str]) -> Merged:
    """Return the cells to write and the cells in conflict.

    `mine` is what was sent, `seen` what the cells held when the page was read, `now` what they
    hold. A cell that I left as I saw it is not mine to write, so the other's value stays.
    """
    changes: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for cell, text in mine.items():
        before, current = seen.get(cell, ""), now.get(cell, "")
        if text in {before, current}:
            continue
        if before == current:
            changes[cell] = text
        else:
            conflicts.append(Conflict(cell, text, current))
    return Merged(changes, tuple(conflicts))
