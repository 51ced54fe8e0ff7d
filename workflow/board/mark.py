"""Say in a word what a page of the board shows, so that an unchanged one is not sent again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from workflow.board.cards import told_until
from workflow.models.audit import CHANGES, AuditRow

_NEWEST_CHANGE = select(AuditRow.seq).where(text(CHANGES)).order_by(AuditRow.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Mark:
    """When the board was gathered, by the log and the clock, and a digest of what it showed.

    The log tells of every change in the same transaction: where its newest change and the clock
    are those of the mark, the board need not be gathered to know that it is the same.
    """

    change: int
    clock: int
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.change}.{self.clock}.{self.digest}"

    def is_as_new_as(self, other: "Mark") -> bool:
        """Say whether nothing changed between two marks."""
        return (self.change, self.clock) == (other.change, other.clock)


def mark_now(session: Session, now: datetime) -> Mark:
    """Return the mark of a board that is about to be gathered."""
    return Mark(session.connection().execute(_NEWEST_CHANGE).scalar() or 0, told_until(now))


def read_mark(told: str) -> Mark | None:
    """Return the mark a page sent back, or None where it is none of ours."""
    parts = told.split(".")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 16 for p in parts[:2]):
        return None
    return Mark(int(parts[0]), int(parts[1]), parts[2])


def digest(told: Iterable[str]) -> str:
    """Return a short digest of everything a board shows."""
    digest = hashlib.blake2b(digest_size=8)
    for piece in told:
        digest.update(piece.encode())
    return digest.hexdigest()
