"""Lay the open episodes out as the columns of the pathway, in one bounded query."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from workflow.critical import escalations
from workflow.domain.clinic import Clinic
from workflow.domain.escalation import Escalation
from workflow.domain.pathway import (
    OPEN_STAGES,
    STAGE_WORDS,
    WAITS,
    Ageing,
    Stage,
    ageing,
    working_days,
)
from workflow.domain.staff import Role
from workflow.models.exam import Exam
from workflow.models.patient import Episode, Patient
from workflow.standing import still_counts

A_COLUMN = 40
"""How many cards a column shows before it folds; the rest are one press away."""


@dataclass(frozen=True, slots=True)
class Card:
    """One patient on the board: who, which leg, what is waited for, and how long."""

    episode_id: int
    exam_id: int | None
    stage: Stage
    name: str
    born: date
    record_number: str
    legs: str
    since: datetime
    starts_at: datetime | None
    next_on: date | None
    room: str
    critical: bool
    alarm: str
    days: int
    ageing: Ageing


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: its cards, the oldest wait first, and how many more there are."""

    stage: Stage
    title: str
    who: Role
    what: str
    cards: tuple[Card, ...]
    total: int

    @property
    def more(self) -> int:
        """Return how many cards the column does not show."""
        return self.total - len(self.cards)


@dataclass(frozen=True, slots=True)
class Board:
    """All columns, and a mark that changes when anything on them does."""

    columns: tuple[Column, ...]
    total: int
    mine: int
    mark: str


def board(
    session: Session,
    clinic: Clinic,
    *,
    role: Role,
    now: datetime,
    mine: bool = False,
    only: Stage | None = None,
) -> Board:
    """Return the board as this role sees it; `mine` keeps what waits for that role."""
    zone = ZoneInfo(clinic.zone)
    rows = session.execute(_QUERY).all()
    alarms = escalations(session, [row.episode_id for row in rows if row.critical], clinic, now=now)
    cards = [_card(row, clinic, now, zone, alarms.get(row.episode_id)) for row in rows]
    columns = []
    for at in OPEN_STAGES:
        waits = WAITS[at]
        if (mine and waits.role is not role) or (only is not None and at is not only):
            continue
        here = [card for card in cards if card.stage is at]
        shown = here if only is not None else here[:A_COLUMN]
        columns.append(Column(at, STAGE_WORDS[at], waits.role, waits.what, tuple(shown), len(here)))
    return Board(
        columns=tuple(columns),
        total=len(cards),
        mine=sum(1 for card in cards if WAITS[card.stage].role is role),
        mark=_mark(columns),
    )


_NEWEST = (
    select(func.max(Exam.id))
    .where(Exam.episode_id == Episode.id, still_counts())
    .correlate(Episode)
    .scalar_subquery()
)
_QUERY = (
    select(
        Episode.id.label("episode_id"),
        Exam.id.label("exam_id"),
        Episode.stage,
        Patient.name,
        Patient.born,
        Patient.record_number,
        func.coalesce(Exam.legs, "").label("legs"),
        Episode.since,
        Exam.starts_at,
        Episode.next_on,
        func.coalesce(Exam.room, "").label("room"),
        Episode.critical,
    )
    .join(Patient, Patient.id == Episode.patient_id)
    .outerjoin(Exam, Exam.id == _NEWEST)
    .where(Episode.stage.in_(OPEN_STAGES))
    .order_by(Episode.critical.desc(), Episode.since, Episode.id)
)


def _card(
    row: Row[Any], clinic: Clinic, now: datetime, zone: ZoneInfo, alarm: Escalation | None
) -> Card:
    days = working_days(row.since, now, zone, clinic.closed_days)
    age = ageing(
        row.stage, days, interpret_days=clinic.interpret_days, final_days=clinic.final_days
    )
    said = _alarm(alarm, zone) if alarm else ""
    return Card(**row._asdict(), alarm=said, days=days, ageing=age)


def _alarm(alarm: Escalation, zone: ZoneInfo) -> str:
    """Return what an open critical finding waits for, as its card says it."""
    if alarm.acknowledged is not None:
        at = alarm.acknowledged.told_at.astimezone(zone)
        return f"Read back {at:%H:%M} by {alarm.acknowledged.to}. A physician decides."
    return alarm.now.sentence if alarm.now else ""


def _mark(columns: list[Column]) -> str:
    told = repr([(column.stage, column.total, column.cards) for column in columns])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
