"""Decide whether a new patient may be someone the clinic already knows."""

from dataclasses import dataclass
from datetime import date
from itertools import permutations

from workflow.domain.entry import folded
from workflow.domain.slips import within_one_slip

TRIED_IN_EVERY_ORDER = 4
"""Names of more words than this are compared word by word in sorted order only."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two records share; `strong` asks for a person's decision before a second is made."""

    reasons: tuple[str, ...]
    strong: bool


def likeness(
    name: str, born: date | None, phone: str, *, known: str, known_born: date, known_phone: str
) -> Likeness | None:
    """Say what a new patient shares with a known one, or None where nothing points at it.

    Names count as alike in either order, accents and marks aside, with one slip of a key in the
    whole name. A birth date alone is shown but asks for no decision.
    """
    alike = names_alike(name, known)
    same_born = born is not None and born == known_born
    same_phone = bool(phone) and phone == known_phone
    shared = same_born and _share_a_word(name, known)
    reasons = [
        *(["the same or a similar name"] if alike else []),
        *(["part of the name"] if shared and not alike else []),
        *(["the same date of birth"] if same_born else []),
        *(["the same phone"] if same_phone else []),
    ]
    if not reasons:
        return None
    return Likeness(tuple(reasons), strong=alike or same_phone or shared)


def names_alike(one: str, other: str) -> bool:
    """Say whether two names are the same but for order, accents and one slip of a key."""
    mine, theirs = folded(one).split(), folded(other).split()
    if not mine or not theirs:
        return False
    target = " ".join(theirs)
    if len(mine) > TRIED_IN_EVERY_ORDER:
        return within_one_slip(" ".join(sorted(mine)), " ".join(sorted(theirs)))
    return any(within_one_slip(" ".join(order), target) for order in permutations(mine))


def _share_a_word(one: str, other: str) -> bool:
    theirs = folded(other).split()
    return any(
        within_one_slip(word, each)
        for word in folded(one).split()
        for each in theirs
        if len(each) > 2
    )
