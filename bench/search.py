"""Measure finding people: whether a search stays as quick as the clinic grows, and forgives a slip.

A clinic of 100,000 patients stands beside one of 1,000, on each database that runs here. Times are
taken in turns, one clinic after the other, and compared by their medians.
"""

import contextlib
import functools
import statistics
import string
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from flask import Flask
from markupsafe import Markup
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bench.clinic import filled
from bench.measure import Figure
from tests.servers import programs
from workflow import clock
from workflow.board import cards
from workflow.board.ticket import Style
from workflow.chart.whole import chart_of
from workflow.domain.clinic import Clinic
from workflow.domain.lookup import name_words
from workflow.domain.slips import SHORTEST
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.intake.find import newest, suggest
from workflow.models.patient import Patient

FULL, HUNDREDTH = 100_000, 1_000
ASKED = 60
TYPOS = 400
_SUGGESTED = 8
_ALIKE = 0.3  # what PostgreSQL's own trigram search calls similar
_SEED = 7

Act = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class People:
    """A clinic of a size, and patients of it drawn at random: (id, family name)."""

    app: Flask
    drawn: tuple[tuple[int, str], ...]
    at: datetime


@functools.cache
def _people(database: str, patients: int) -> People:
    app = filled(database, patients)
    random = Random(_SEED)
    with app.app_context(), Session(db.engine) as session:
        most = session.scalar(select(func.max(Patient.id))) or 0
        rows: dict[int, str] = {}
        while len(rows) < TYPOS:
            patient = session.get(Patient, random.randint(1, most))
            word = name_words(patient.name)[-1] if patient else ""
            if patient and len(word) >= SHORTEST and word.isascii() and word.isalpha():
                rows[patient.id] = word
    return People(app, tuple(rows.items()), clock.now())


def _timed(people: People, acts: Sequence[Act]) -> list[float]:
    with people.app.app_context(), Session(db.engine) as session:
        spent = []
        for act in acts:
            start = time.perf_counter()
            act(session)
            spent.append(time.perf_counter() - start)
        session.rollback()
    return spent


def _growth(database: str, acts: Callable[[People], Sequence[Act]]) -> tuple[float, float]:
    """Return the full clinic's median time over the small one's, and the full one's in ms."""
    full, small = _people(database, FULL), _people(database, HUNDREDTH)
    taken: tuple[list[float], list[float]] = ([], [])
    for warm in (True, False):
        for one, other in zip(acts(full), acts(small), strict=True):
            pair = (_timed(full, [one])[0], _timed(small, [other])[0])
            if not warm:
                taken[0].append(pair[0])
                taken[1].append(pair[1])
    medians = [statistics.median(each) for each in taken]
    return medians[0] / medians[1], medians[0] * 1000


def typo(word: str, random: Random) -> str:
    """Return a word with one slip of the keyboard after its first letter."""
    at = random.randrange(1, len(word))
    letter = random.choice(string.ascii_lowercase)
    kinds = [word[:at] + word[at + 1 :], word[:at] + letter + word[at:]]
    kinds += [word[:at] + letter + word[at + 1 :]]
    if at + 1 < len(word):
        kinds.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return random.choice([kind for kind in kinds if kind != word])


def _typos(people: People) -> list[tuple[str, str]]:
    random = Random(_SEED)
    return [(word, typo(word, random)) for _, word in people.drawn]


def _prefix(people: People) -> Sequence[Act]:
    return [
        functools.partial(suggest, query=word[:4], most=_SUGGESTED)
        for _, word in people.drawn[:ASKED]
    ]


def _slip(people: People) -> Sequence[Act]:
    asked = _typos(people)[:ASKED]
    return [functools.partial(suggest, query=slip, most=_SUGGESTED) for _, slip in asked]


def _chart(people: People) -> Sequence[Act]:
    return [functools.partial(chart_of, patient_id=each) for each, _ in people.drawn[:ASKED]]


def _keyset(people: People) -> Sequence[Act]:
    return [functools.partial(newest, before=each) for each, _ in people.drawn[:ASKED]]


def _board(people: People) -> Sequence[Act]:
    sign = Markup("<svg></svg>")
    style = Style("/episodes/", "", linked=True, critical_sign=sign, late_sign=sign)
    asked = cards.Asked(Role.PHYSICIAN)
    act = functools.partial(cards.board, clinic=Clinic(), asked=asked, style=style, now=people.at)
    return [act] * (ASKED // 3)


def _databases() -> tuple[str, ...]:
    return ("sqlite", "postgresql") if programs() is not None else ("sqlite",)


def _trigram_ms(database: str) -> float:
    """Return what it costs to compare every patient's name by trigrams, in ms; 0 where none can."""
    people = _people(database, FULL)
    asked = [slip for _, slip in _typos(people)[:3]]
    with people.app.app_context(), db.engine.connect() as connection:
        if database == "sqlite":
            driver = connection.connection.driver_connection
            driver.create_function("similarity", 2, _similarity, deterministic=True)  # type: ignore[union-attr]
        else:
            with contextlib.suppress(DBAPIError):
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        spent = []
        for slip in asked:
            start = time.perf_counter()
            try:
                connection.execute(_TRIGRAM, {"word": slip, "alike": _ALIKE}).all()
            except DBAPIError:
                return 0.0
            spent.append(time.perf_counter() - start)
        connection.rollback()
    return statistics.median(spent) * 1000


_TRIGRAM = text(
    "SELECT id FROM patients WHERE similarity(name_key, :word) > :alike "
    "ORDER BY similarity(name_key, :word) DESC LIMIT 8"
)


@functools.lru_cache(maxsize=8)
def _trigrams(word: str) -> frozenset[str]:
    padded = [f"  {part} " for part in word.split()]
    return frozenset(part[i : i + 3] for part in padded for i in range(len(part) - 2))


def _similarity(name: str, word: str) -> float:
    theirs, ours = _trigrams.__wrapped__(name), _trigrams(word)
    return len(theirs & ours) / len(theirs | ours)


def _grown(database: str, what: str, acts: Callable[[People], Sequence[Act]], bar: float) -> Figure:
    value, full_ms = _growth(database, acts)
    name = f"D1 {what}, {FULL:,} patients against {HUNDREDTH:,}, {database}"
    return Figure(name, round(value, 2), "×", bar, peers={"full_ms": round(full_ms, 2)})


def _cheaper(database: str) -> Figure:
    value = statistics.median(_timed(_people(database, FULL), _slip(_people(database, FULL))))
    trigram = _trigram_ms(database)
    name = f"D2 whole-table trigram over the search with a slip, {database}"
    ratio = trigram / (value * 1000)
    peers = {"slip_ms": round(value * 1000, 2), "trigram_ms": round(trigram, 1)}
    return Figure(name, round(ratio), "×", 100, better="higher", peers=peers)


def _found(database: str) -> Figure:
    people, hit = _people(database, FULL), 0
    with people.app.app_context(), Session(db.engine) as session:
        for word, slip in _typos(people):
            rows = suggest(session, slip, most=_SUGGESTED)
            hit += any(word in name_words(row.name, row.called) for row in rows)
    name = f"D2 single slips found among the first {_SUGGESTED}, {database}"
    return Figure(name, round(100 * hit / TYPOS, 1), "%", 95, better="higher")


_GROWTH: tuple[tuple[str, Callable[[People], Sequence[Act]], float], ...] = (
    ("prefix", _prefix, 1.6),
    ("chart", _chart, 1.6),
    ("page of the newest", _keyset, 1.6),
    ("slip", _slip, 3),
    ("board", _board, 3),
)

ROWS: tuple[Callable[[], Figure], ...] = tuple(
    row
    for database in _databases()
    for row in (
        *(functools.partial(_grown, database, *each) for each in _GROWTH),
        functools.partial(_cheaper, database),
        functools.partial(_found, database),
    )
)
