"""Find the patients the clinic may know already, before a second record of one is made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from workflow.domain.entry import folded
from workflow.domain.lookup import NAME, PHONE, phone_key
from workflow.domain.slips import SHORTEST
from workflow.intake.find import near_words
from workflow.intake.matching import Likeness, likeness
from workflow.models.lookup import PatientKey
from workflow.models.patient import Patient

MOST_CANDIDATES = 400
MOST_SHOWN = 5
_SHORTEST_PHONE = 7


@dataclass(frozen=True, slots=True)
class Match:
    """A known patient who may be the new one, and why."""

    patient: Patient
    likeness: Likeness


def duplicates(
    session: Session, *, name: str, born: date | None, phone: str, but: int | None = None
) -> tuple[Match, ...]:
    """Return the known patients who may be this person, the likeliest first; at most five."""
    key = phone_key(phone) if len(phone_key(phone)) >= _SHORTEST_PHONE else ""
    matches = []
    for patient in _candidates(session, name, born, key):
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
    return tuple(matches[:MOST_SHOWN])


def _candidates(session: Session, name: str, born: date | None, key: str) -> Iterable[Patient]:
    """Return those who share most with the new patient: words of the name, birth date, phone."""
    shared = [*_sharing(session, name), *_agreeing(born, key)]
    if not shared:
        return ()
    agreeing = union_all(*shared).subquery()
    likeliest = (
        select(agreeing.c.id)
        .group_by(agreeing.c.id)
        .order_by(func.count(agreeing.c.way.distinct()).desc(), agreeing.c.id.desc())
        .limit(MOST_CANDIDATES)
    )
    return session.scalars(
        select(Patient).where(Patient.id.in_(likeliest), Patient.merged_into_id.is_(None))
    )


def _sharing(session: Session, name: str) -> Iterator[Select[tuple[int, int]]]:
    words = [word for word in folded(name).split() if len(word) > 1]
    for way, word in enumerate(words):
        near = near_words(session, word) if len(word) >= SHORTEST else ()
        yield _holding(way, (word, *near))
    # A space too many or too few is a slip as well.
    if len(words) == 1:
        yield _holding(len(words), [words[0][:at] for at in range(2, len(words[0]) - 1)])
    elif words:
        yield _holding(len(words), ["".join(words)])


def _holding(way: int, words: Iterable[str]) -> Select[tuple[int, int]]:
    return select(PatientKey.patient_id.label("id"), literal(way).label("way")).where(
        PatientKey.key.in_([NAME + word for word in words])
    )


def _agreeing(born: date | None, key: str) -> Iterator[Select[tuple[int, int]]]:
    if born is not None:
        yield select(Patient.id.label("id"), literal(-1).label("way")).where(Patient.born == born)
    if key:
        yield select(PatientKey.patient_id.label("id"), literal(-2).label("way")).where(
            PatientKey.key == PHONE + key
        )
