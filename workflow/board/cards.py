"""Lay the open episodes out as the columns of the pathway, in a bounded number of queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Integer, Row, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from workflow.board.ticket import Style, write
from workflow.critical import escalations
from workflow.domain.clinic import Clinic
from workflow.domain.escalation import Escalation
from workflow.domain.intake import RedFlag
from workflow.domain.pathway import (
    OPEN_STAGES,
    STAGE_WORDS,
    WAITS,
    Stage,
    ageing,
)
from workflow.domain.phrases import capital
from workflow.domain.staff import Role
from workflow.domain.workdays import ended_since
from workflow.models.exam import Exam
from workflow.models.patient import Episode, Patient
from workflow.models.tablet import signs_told
from workflow.screens import age, count
from workflow.standing import still_counts

A_COLUMN = 25
"""How many cards a column shows before it folds; the rest are one press away."""

STEP_MINUTES = 5
"""Waits of less than a day are told in steps of this many minutes."""

_LEGS = {"both": ", both legs", "R": ", right leg", "L": ", left leg"}
_WHAT = {stage: capital(waits.what) for stage, waits in WAITS.items()}
_TIMED = frozenset({Stage.SCHEDULED, Stage.ARRIVED})


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose board is asked for: what waits for a role, a day's, one person's scans, one column."""

    role: Role
    mine: bool = False
    day: date | None = None
    person_id: int | None = None
    only: Stage | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: its cards, critical ones and then the oldest wait first, and how many in all."""

    stage: Stage
    title: str
    who: Role
    what: str
    cards: Markup
    shown: int
    total: int

    @property
    def more(self) -> int:
        """Return how many cards the column does not show."""
        return self.total - self.shown


@dataclass(frozen=True, slots=True)
class Board:
    """The columns asked for; how many are on the pathway, wait for this role, and are shown."""

    columns: tuple[Column, ...]
    total: int
    mine: int
    shown: int


def board(session: Session, clinic: Clinic, asked: Asked, style: Style, *, now: datetime) -> Board:
    """Return the board as it was asked for."""
    signs = signs_told(session)
    rows = _gravest_first(session.connection().execute(_QUERY).all(), signs)
    zone = ZoneInfo(clinic.zone)
    wanted = rows
    if asked.day is not None or asked.person_id is not None:
        wanted = [row for row in rows if _is_wanted(row, asked, zone)]
    since = {row.episode_id: datetime.fromisoformat(row.since) for row in wanted if row.critical}
    alarms = escalations(session, since, clinic, now=now)
    here_now = now.astimezone(zone)
    writer = _Writer(
        clinic, style, asked.role, here_now, _oldest(wanted, now), alarms=alarms, signs=signs
    )
    by_stage: dict[str, list[Row[Any]]] = {stage.value: [] for stage in _stages(asked)}
    for row in wanted:
        if (here := by_stage.get(row[_STAGE])) is not None:
            here.append(row)
    columns = tuple(
        _column(Stage(stage), here, writer, len(here) if asked.only else A_COLUMN)
        for stage, here in by_stage.items()
    )
    at = Counter(map(itemgetter(_STAGE), rows))
    return Board(
        columns=columns,
        total=len(rows),
        mine=sum(at[stage] for stage in _waiting_for(asked.role)),
        shown=sum(column.total for column in columns),
    )


@cache
def _waiting_for(role: Role) -> frozenset[str]:
    return frozenset(stage.value for stage in OPEN_STAGES if WAITS[stage].role is role)


def _gravest_first(
    rows: Sequence[Row[Any]], signs: Mapping[int, tuple[RedFlag, ...]]
) -> Sequence[Row[Any]]:
    """Return the rows, those whose patient told a warning sign right after the critical ones."""
    if not signs:
        return rows
    return sorted(rows, key=lambda row: (not row.critical, row.episode_id not in signs))


def _stages(asked: Asked) -> list[Stage]:
    return [
        stage
        for stage in OPEN_STAGES
        if (not asked.mine or WAITS[stage].role is asked.role)
        and (asked.only is None or stage is asked.only)
    ]


def _is_wanted(row: Row[Any], asked: Asked, zone: ZoneInfo) -> bool:
    if asked.person_id is not None and asked.person_id not in (row.scanned_by, row.ordered_by):
        return False
    if asked.day is None:
        return True
    starts = datetime.fromisoformat(row.starts_at) if row.starts_at else None
    scanned = starts.astimezone(zone).date() if starts else None
    return asked.day in (scanned, date.fromisoformat(row.next_on) if row.next_on else None)


def _oldest(rows: Sequence[Row[Any]], now: datetime) -> datetime:
    oldest = min(map(itemgetter(_SINCE), rows), default="")  # stored times sort as text
    return datetime.fromisoformat(oldest) if oldest else now


def _column(stage: Stage, rows: Sequence[Row[Any]], writer: "_Writer", most: int) -> Column:
    waits = WAITS[stage]
    cards = [writer.card(stage, row) for row in rows[:most]]
    html = Markup("".join(cards))  # noqa: S704 - a card escapes what was typed
    return Column(stage, STAGE_WORDS[stage], waits.role, waits.what, html, len(cards), len(rows))


_NEWEST = (
    select(func.max(Exam.id))
    .where(Exam.episode_id == Episode.id, still_counts())
    .correlate(Episode)
    .scalar_subquery()
)


def _stored(column: Any) -> Any:
    """Return a column as the text it is stored as: most rows are counted only, never shown."""
    return type_coerce(column, Text).label(column.key)


_QUERY = (
    select(
        Episode.id.label("episode_id"),
        _stored(Episode.stage),
        Patient.name,
        _stored(Patient.born),
        Exam.legs,
        *(_stored(Episode.since), _stored(Exam.starts_at), _stored(Episode.next_on)),
        type_coerce(Episode.critical, Integer).label("critical"),
        Exam.sonographer_id.label("scanned_by"),
        Exam.ordered_by_id.label("ordered_by"),
    )
    .join(Patient, Patient.id == Episode.patient_id)
    .outerjoin(Exam, Exam.id == _NEWEST)
    .where(Episode.stage.in_(OPEN_STAGES))
    .order_by(Episode.critical.desc(), Episode.since, Episode.id)
)


_STAGE, _SINCE = 1, 5
"""Where a row of the query holds these: hundreds are counted by them."""


class _Writer:
    """Writes the cards of one board: the clinic's day, its limits and its words, asked once."""

    def __init__(
        self,
        clinic: Clinic,
        style: Style,
        role: Role,
        now: datetime,
        oldest: datetime,
        *,
        alarms: Mapping[int, Escalation],
        signs: Mapping[int, tuple[RedFlag, ...]],
    ) -> None:
        self.clinic, self.style, self.role, self.now = clinic, style, role, now
        self.zone, self.today, self.alarms, self.signs = now.tzinfo, now.date(), alarms, signs
        first = oldest.astimezone(self.zone).date()
        self.ended = ended_since(first, self.today, clinic.closed_days)
        self.longest = max(self.ended.values())

    def card(self, stage: Stage, row: Row[Any]) -> str:
        episode_id, _, name, born, legs, waited, starts, next_day, critical, *_ = row
        since = datetime.fromisoformat(waited)
        starts_at = datetime.fromisoformat(starts) if starts else None
        next_on = date.fromisoformat(next_day) if next_day else None
        days = self.ended.get(since.astimezone(self.zone).date(), self.longest)
        return write(
            self.style,
            episode_id,
            name,
            f"{age(date.fromisoformat(born), self.today)}{_LEGS.get(legs, '')}",
            self._what(stage, starts_at, next_on),
            self._waits(since, days),
            ageing(
                stage,
                days,
                interpret_days=self.clinic.interpret_days,
                final_days=self.clinic.final_days,
            ),
            critical=bool(critical),
            alarm=self._alarm(episode_id) if critical else "",
            told=self._told(episode_id) if episode_id in self.signs else "",
            mine=WAITS[stage].role is self.role,
        )

    def _told(self, episode_id: int) -> str:
        return capital(", ".join(flag.words for flag in self.signs[episode_id]))

    def _alarm(self, episode_id: int) -> str:
        """Return what an open critical finding waits for."""
        alarm = self.alarms.get(episode_id)
        if alarm is None:
            return ""
        if alarm.acknowledged is not None:
            at = alarm.acknowledged.told_at.astimezone(self.zone)
            return f"Read back {at:%H:%M} by {alarm.acknowledged.to}. A physician decides."
        return alarm.now.sentence if alarm.now else ""

    def _what(self, stage: Stage, starts_at: datetime | None, next_on: date | None) -> str:
        if stage in _TIMED and starts_at is not None:
            at = starts_at.astimezone(self.zone)
            if at.date() == self.today:
                return f"Today {at:%H:%M}"
            return f"{at:%a} {at.day} {at:%b}, {at:%H:%M}"
        if next_on is not None:
            return f"Next {next_on.day} {next_on:%b %Y}"
        return _WHAT[stage]

    def _waits(self, since: datetime, days: int) -> str:
        """Return how long, in working days; within a day by the clock."""
        if days:
            return count(days, "day")
        minutes = int((self.now - since).total_seconds()) // 60
        if minutes >= 24 * 60:
            return f"since {since.astimezone(self.zone):%a}"
        if minutes >= 60:
            return f"{minutes // 60} h"
        return f"{minutes - minutes % STEP_MINUTES} min" if minutes >= STEP_MINUTES else "just now"


def told_until(now: datetime) -> int:
    """Return a number that stays the same while no wait is told in other words."""
    return int(now.timestamp() // timedelta(minutes=STEP_MINUTES).total_seconds())
