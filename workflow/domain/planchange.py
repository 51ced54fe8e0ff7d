"""Say what differs between two versions of a treatment plan, treatment by treatment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.domain.appropriateness import Chosen


@dataclass(frozen=True, slots=True)
class Held:
    """One treatment as a version holds it, and the finding it rests on there."""

    item: Chosen
    finding: str

    @property
    def words(self) -> str:
        """Return where it stands and what it rests on: 'Session 1. GSV axial reflux, 2,600 ms'."""
        session = f"Session {self.item.session}." if self.item.is_procedure else "In the plan."
        against = " Against the rules." if not self.item.offered else ""
        return f"{session} {self.finding}{against}".strip()


@dataclass(frozen=True, slots=True)
class Treatment:
    """One treatment in two versions; None where a version does not hold it."""

    words: str
    before: Held | None
    after: Held | None

    @property
    def says(self) -> tuple[str, ...]:
        """Return what differs, in words; nothing where both versions hold it alike."""
        return tuple(_differs(self.before, self.after))


def beside(before: Sequence[Held], after: Sequence[Held]) -> tuple[Treatment, ...]:
    """Return every treatment of either version, in the order of the newer one, then the older."""
    old = {held.item.key: held for held in before}
    new = {held.item.key: held for held in after}
    return tuple(
        Treatment((new.get(key) or old[key]).item.words, old.get(key), new.get(key))
        for key in dict.fromkeys([*new, *old])
    )


def _differs(before: Held | None, after: Held | None) -> Iterator[str]:
    if before is None or after is None:
        yield "added" if before is None else "taken out"
        return
    if before.item.session != after.item.session:
        yield f"moved from session {before.item.session} to session {after.item.session}"
    if before.finding != after.finding:
        yield "rests on other values"
    if before.item.offered != after.item.offered:
        yield "now offered by the rules" if after.item.offered else "no longer offered by the rules"
