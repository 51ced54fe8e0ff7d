"""Find patients by what a person has at hand: part of a name, a birth date, a phone, a number.

Whoever is on the pathway comes first, then the names in order; where few fit, names that differ by
one slip of the keyboard follow. Every query is bounded, however many patients there are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from workflow.domain.lookup import NAME, Wanted, wanted
from workflow.domain.pathway import OPEN_STAGES, Stage
from workflow.domain.slips import shortened, within_one_slip
from workflow.models.lookup import NameSlip, PatientKey
from workflow.models.patient import Episode, Patient

A_PAGE = 20
MOST_FOUND = 200
"""More patients than this are not listed: a letter more finds them sooner."""

_NEAR = 40
_AFTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """A patient in a list of results, where they stand, and whether the name was misspelt."""

    id: int
    name: str
    called: str
    born: date
    record_number: str
    phone: str
    stage: Stage | None
    misspelt: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """One page of the patients found, how many were found, and whether more would have been."""

    rows: tuple[Found, ...]
    total: int
    page: int
    cut: bool

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // A_PAGE))


def find(session: Session, query: str, *, page: int = 1) -> Results:
    """Return a page of the patients that fit everything in the query, the likeliest first.

    A date that can be read with the day or the month first finds both.
    """
    ids, misspelt = _ids(session, wanted(query), MOST_FOUND + 1)
    cut = len(ids) > MOST_FOUND
    ids = ids[:MOST_FOUND]
    page = min(max(page, 1), max(1, -(-len(ids) // A_PAGE)))
    shown = ids[(page - 1) * A_PAGE : page * A_PAGE]
    return Results(_rows(session, shown, misspelt), len(ids), page, cut)


def suggest(session: Session, query: str, *, most: int) -> tuple[Found, ...]:
    """Return the first few patients that fit, while a person types; none for an empty query."""
    ids, misspelt = _ids(session, wanted(query), most)
    return _rows(session, ids[:most], misspelt)


@dataclass(frozen=True, slots=True)
class Newest:
    """Some patients, the newest first, and where the list goes on."""

    rows: tuple[Found, ...]
    before: int | None


def newest(session: Session, *, before: int | None = None) -> Newest:
    """Return the patients registered last, or those registered before one of them."""
    listed = select(Patient.id).where(Patient.merged_into_id.is_(None))
    if before is not None:
        listed = listed.where(Patient.id < before)
    ids = list(session.scalars(listed.order_by(Patient.id.desc()).limit(A_PAGE + 1)))
    more = ids[A_PAGE - 1] if len(ids) > A_PAGE else None
    return Newest(_rows(session, ids[:A_PAGE], frozenset()), more)


def _ids(session: Session, parts: Sequence[Wanted], most: int) -> tuple[list[int], frozenset[int]]:
    """Return the patients that fit, likeliest first, and those of them found by a slip."""
    if not parts:
        return [], frozenset()
    found: dict[int, None] = {}
    for statement in chain(_open(parts, most), _as_typed(parts, most)):
        if len(found) < most:
            found.update(dict.fromkeys(session.scalars(statement)))
    typed = len(found)
    if typed < most and (near := _near_words(session, parts)):
        for by_word in _slipped(parts, near, most):
            found.update(dict.fromkeys(_shared_out(session.execute(by_word), most)))
    ids = list(found)
    return ids[:most], frozenset(ids[typed:])


_WHO = func.coalesce(Patient.merged_into_id, Patient.id)
"""Whoever was merged is found by what they were called, and stands under the record kept."""


def _open(parts: Sequence[Wanted], most: int) -> Iterator[Select[tuple[int]]]:
    """Yield the query over everyone on the pathway: a few hundred, so each is looked at."""
    yield (
        select(_WHO)
        .join(Episode, Episode.patient_id == Patient.id)
        .where(Episode.stage.in_(OPEN_STAGES), *(_fits(part) for part in parts))
        .order_by(Patient.name_key, Patient.id)
        .limit(most)
    )


def _as_typed(parts: Sequence[Wanted], most: int) -> Iterator[Select[tuple[int]]]:
    """Yield one query for each way the most telling part can be met, in the order of its index."""
    lead = max(parts, key=lambda part: part.weight)
    rest = [_fits(part) for part in parts if part is not lead]
    for key in lead.beginnings:
        yield (
            select(_WHO)
            .join(PatientKey, PatientKey.patient_id == Patient.id)
            .where(_begins(PatientKey.key, key), *rest)
            .order_by(PatientKey.key, PatientKey.patient_id)
            .limit(most)
        )
    if lead.days or lead.between:
        yield (
            select(_WHO).where(_born(lead), *rest).order_by(Patient.born, Patient.id).limit(most)
        )


def _slipped(
    parts: Sequence[Wanted], near: dict[Wanted, tuple[str, ...]], most: int
) -> Iterator[CompoundSelect[tuple[int, str]]]:
    """Yield one query for each word that may be misspelt; the other words may be as well.

    It asks for as many of each word that may be meant: a common name must not hide a rare one.
    """
    for lead, words in near.items():
        rest = [
            or_(_fits(part), _holds(near[part])) if part in near else _fits(part)
            for part in parts
            if part is not lead
        ]
        each = (
            select(_WHO.label("id"), PatientKey.key)
            .join(PatientKey, PatientKey.patient_id == Patient.id)
            .where(PatientKey.key == NAME + word, *rest)
            .order_by(PatientKey.patient_id)
            .limit(most)
            .subquery()
            for word in words
        )
        yield union_all(*(select(of_word.c.id, of_word.c.key) for of_word in each))


def _shared_out(rows: Iterable[Row[tuple[int, str]]], most: int) -> list[int]:
    """Return as many of the patients found, taking from each word in turn, a word's together."""
    of_word: dict[str, list[int]] = {}
    for patient_id, key in rows:
        of_word.setdefault(key, []).append(patient_id)
    taken = [(turn, key) for key, ids in of_word.items() for turn in range(len(ids))]
    share = Counter(key for _, key in sorted(taken)[:most])
    return [each for key in sorted(of_word) for each in of_word[key][: share[key]]]


def _near_words(session: Session, parts: Iterable[Wanted]) -> dict[Wanted, tuple[str, ...]]:
    """Return, for each word of the query, the names that differ from it by one slip."""
    near = {}
    for part in parts:
        if part.word and (words := near_words(session, part.word)):
            near[part] = words
    return near


def near_words(session: Session, word: str) -> tuple[str, ...]:
    """Return the words of patients' names that are not this one but within one slip of it."""
    shared = select(NameSlip.word).where(NameSlip.slip.in_(shortened(word))).distinct().limit(_NEAR)
    return tuple(
        each for each in session.scalars(shared) if each != word and within_one_slip(each, word)
    )


def _begins(
    column: ColumnElement[str] | InstrumentedAttribute[str], key: str
) -> ColumnElement[bool]:
    return and_(column >= key, column < key + _AFTER)


def _fits(part: Wanted) -> ColumnElement[bool]:
    keys = aliased(PatientKey)
    ways: list[ColumnElement[bool]] = [
        exists().where(keys.patient_id == Patient.id, _begins(keys.key, key))
        for key in part.beginnings
    ]
    if part.days or part.between:
        ways.append(_born(part))
    return or_(*ways)


def _holds(words: Iterable[str]) -> ColumnElement[bool]:
    keys = aliased(PatientKey)
    return exists().where(
        keys.patient_id == Patient.id, keys.key.in_([NAME + word for word in words])
    )


def _born(part: Wanted) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if part.days:
        ways.append(Patient.born.in_(part.days))
    if part.between:
        ways.append(Patient.born.between(*part.between))
    return or_(*ways)


def _rows(session: Session, ids: Sequence[int], misspelt: frozenset[int]) -> tuple[Found, ...]:
    """Return these patients as a list shows them, in this order."""
    newest = (
        select(Episode.patient_id, func.max(Episode.id).label("id"))
        .where(Episode.patient_id.in_(ids))
        .group_by(Episode.patient_id)
        .subquery()
    )
    rows = session.execute(
        select(
            *(Patient.id, Patient.name, Patient.called, Patient.born),
            *(Patient.record_number, Patient.phone, Episode.stage),
        )
        .outerjoin(newest, newest.c.patient_id == Patient.id)
        .outerjoin(Episode, Episode.id == newest.c.id)
        .where(Patient.id.in_(ids))
    )
    found = {
        row.id: Found(
            row.id,
            row.name,
            row.called,
            row.born,
            row.record_number,
            row.phone,
            row.stage,
            misspelt=row.id in misspelt,
        )
        for row in rows
    }
    return tuple(found[each] for each in ids)
