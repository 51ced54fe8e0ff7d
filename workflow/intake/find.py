"""Find patients by what a person has at hand: part of a name, a birth date, a phone, a number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import Session

from workflow.domain import entry
from workflow.domain.entry import folded
from workflow.domain.errors import Refused
from workflow.domain.pathway import Stage
from workflow.intake.matching import Likeness, likeness
from workflow.models.patient import Episode, Patient

A_PAGE = 20
MOST_CANDIDATES = 400
LONGEST_QUERY = 100
_PHONE_FROM = 3

_ISO = re.compile(r"\b([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\b", re.ASCII)
_DAY_FIRST = re.compile(r"\b([0-9]{1,2})[ .]+([a-z]{3,9})\.?,?[ ]+([0-9]{4})\b", re.I | re.ASCII)
_MONTH_FIRST = re.compile(
    r"\b([a-z]{3,9})\.?[ ]+([0-9]{1,2})(?:,[ ]*|[ ]+)([0-9]{4})\b", re.I | re.ASCII
)
_NUMBERS = re.compile(r"\b([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})\b", re.ASCII)
_RECORD = re.compile(r"[a-z][0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """A patient in a list of results, and where their newest episode stands."""

    patient: Patient
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class Results:
    """One page of patients, and how many there are in all."""

    rows: tuple[Found, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // A_PAGE))


def find(session: Session, query: str, *, page: int = 1) -> Results:
    """Return a page of the patients that fit everything in the query; all of them if it is empty.

    A date that can be read with the day or the month first finds both.
    """
    wanted = select(Patient)
    for part in _conditions(query[:LONGEST_QUERY]):
        wanted = wanted.where(part)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // A_PAGE)))
    order = (Patient.name_key, Patient.id) if query.strip() else (Patient.id.desc(),)
    patients = session.scalars(wanted.order_by(*order).limit(A_PAGE).offset((page - 1) * A_PAGE))
    return Results(_with_stages(session, patients.all()), total, page)


def _conditions(query: str) -> Iterable[ColumnElement[bool]]:
    rest, days = _without_dates(query)
    if days:
        yield Patient.born.in_(days)
    digits = re.sub(r"[^0-9]", "", rest)
    if digits and re.fullmatch(r"[0-9+()./ -]+", rest.strip(), re.ASCII):
        yield _number(rest, digits)
        return
    for word in folded(rest).split():
        yield _word(word)


def _word(word: str) -> ColumnElement[bool]:
    by_name = Patient.name_key.like(f"% {_literal(word)}%", escape="\\")
    if _RECORD.fullmatch(word):
        return or_(by_name, func.lower(Patient.record_number).like(f"{word}%"))
    if word.isdigit():
        return or_(by_name, _number(word, word))
    return by_name


def _number(text: str, digits: str) -> ColumnElement[bool]:
    fits: list[ColumnElement[bool]] = [Patient.record_number.like(f"_{digits}%")]
    if len(digits) >= _PHONE_FROM:
        fits.append(Patient.phone_key.like(f"%{phone_key(text)}%"))
    if re.fullmatch(r"(19|20)[0-9]{2}", digits):
        year = int(digits)
        fits.append(Patient.born.between(date(year, 1, 1), date(year, 12, 31)))
    return or_(*fits)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def phone_key(phone: str) -> str:
    """Return a phone's digits, without the country code of the United States."""
    digits = re.sub(r"[^0-9]", "", phone)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def _without_dates(query: str) -> tuple[str, set[date]]:
    """Return the query without the dates in it, and every day those dates can mean."""
    readings = (
        (_ISO, ((3, 2, 1),)),
        (_DAY_FIRST, ((1, 2, 3),)),
        (_MONTH_FIRST, ((2, 1, 3),)),
        (_NUMBERS, ((1, 2, 3), (2, 1, 3))),
    )
    for pattern, orders in readings:
        if match := pattern.search(query):
            days = {day for order in orders if (day := _day(*(match[n] for n in order)))}
            if days:
                return query[: match.start()] + " " + query[match.end() :], days
    return query, set()


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return entry.day(day, month, year)
    except Refused:
        return None


def _with_stages(session: Session, patients: Iterable[Patient]) -> tuple[Found, ...]:
    rows = list(patients)
    newest = select(func.max(Episode.id)).where(Episode.patient_id.in_([p.id for p in rows]))
    at = session.execute(
        select(Episode.patient_id, Episode.stage).where(
            Episode.id.in_(newest.group_by(Episode.patient_id))
        )
    )
    stages: dict[int, Stage] = {row.patient_id: row.stage for row in at}
    return tuple(Found(patient, stages.get(patient.id)) for patient in rows)


@dataclass(frozen=True, slots=True)
class Match:
    """A known patient who may be the new one, and why."""

    patient: Patient
    likeness: Likeness


def duplicates(
    session: Session, *, name: str, born: date | None, phone: str, but: int | None = None
) -> tuple[Match, ...]:
    """Return the known patients who may be this person, the likeliest first; at most five."""
    key = phone_key(phone) if len(phone_key(phone)) >= 7 else ""
    matches = []
    for patient in session.scalars(_candidates(name, born, key)):
        found = likeness(
            name,
            born,
            key,
            known=patient.name,
            known_born=patient.born,
            known_phone=patient.phone_key,
        )
        if found is not None and patient.id != but:
            matches.append(Match(patient, found))
    matches.sort(key=lambda match: (not match.likeness.strong, -len(match.likeness.reasons)))
    return tuple(matches[:5])


def _candidates(name: str, born: date | None, key: str) -> Select[tuple[Patient]]:
    words = [word for word in folded(name).split() if len(word) > 1]
    fits: list[ColumnElement[bool]] = [
        Patient.name_key.like(f"% {_literal(word)} %", escape="\\") for word in words
    ]
    # One slip leaves one half of a name of one word as it was.
    fits += [
        or_(
            Patient.name_key.like(f"% {_literal(word[: len(word) // 2])}%", escape="\\"),
            Patient.name_key.like(f"%{_literal(word[-(len(word) // 2) :])} %", escape="\\"),
        )
        for word in words
        if len(words) == 1 and len(word) > 3
    ]
    if born is not None:
        fits.append(Patient.born == born)
    if key:
        fits.append(Patient.phone_key == key)
    agreeing = sum((case((fit, 1), else_=0) for fit in fits), start=case((false(), 1), else_=0))
    return (
        select(Patient)
        .where(or_(false(), *fits))
        .order_by(agreeing.desc(), Patient.id.desc())
        .limit(MOST_CANDIDATES)
    )
