"""Gather everything the clinic knows about one patient, in order of time.

A bounded number of queries, however long the record is, and plain rows: a chart is read often.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from markupsafe import Markup
from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from workflow.chart.findings import table
from workflow.domain import jsontext
from workflow.domain.exam import EXAM
from workflow.domain.intake import read_intake
from workflow.domain.modality import modality_name
from workflow.domain.phrases import capital, the_vein
from workflow.domain.plan import PLAN
from workflow.domain.wording import history_lines
from workflow.issuing import KINDS
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam, Finding
from workflow.models.history import StepTaken
from workflow.models.patient import Episode, Intake, Patient
from workflow.models.plan import Plan, PlanItem
from workflow.models.staff import Staff

LEGS = {"both": "both legs", "R": "right leg", "L": "left leg"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, what, to which episode, by whom, and what was written."""

    at: datetime
    title: str
    episode: str
    by: str = ""
    lines: Sequence[str] = ()
    findings: Markup | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient's episodes, and all that happened, the earliest first."""

    episodes: Sequence[Row[Any]]
    entries: Sequence[Entry]
    also: Sequence[Row[Any]]


def chart_of(session: Session, patient_id: int) -> Chart:
    """Return the whole record of one patient, with the records that were merged into it."""
    ask = _Asked(session.connection(), {"patient": patient_id})
    episodes = ask(_EPISODES)
    titles = {row.id: row.title for row in episodes}
    entries = [
        *_intakes(episodes),
        *_scans(ask, titles),
        *_plans(ask, titles),
        *_papers(ask, titles),
        *_steps(ask, titles),
    ]
    entries.sort(key=lambda entry: entry.at)
    return Chart(episodes, entries, ask(_ALSO))


class _Asked:
    """Asks one patient's questions as plain statements, each made once for all charts."""

    def __init__(self, connection: Connection, whose: Mapping[str, int]) -> None:
        self.connection, self.whose = connection, whose

    def __call__(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return self.connection.execute(statement, self.whose).all()


def _raw(column: Any) -> Any:
    """Return a JSON column as the text it is stored as."""
    return type_coerce(column, Text)


_WHOSE: BindParameter[int] = bindparam("patient")
_THEIRS = select(Episode.id).where(Episode.patient_id == _WHOSE)
_EPISODES = (
    select(
        *(Episode.id, Episode.title, Episode.stage, Episode.created_at, Episode.referred_by),
        *(Intake.finished_at, _raw(Intake.answers).label("answers"), Staff.name.label("asked_by")),
    )
    .join(Intake, Intake.episode_id == Episode.id)
    .outerjoin(Staff, Staff.id == Intake.finished_by_id)
    .where(Episode.patient_id == _WHOSE)
    .order_by(Episode.id)
)
_ALSO = (
    select(Patient.id, Patient.name, Patient.born, Patient.record_number)
    .where(Patient.merged_into_id == _WHOSE)
    .order_by(Patient.id)
)


@lru_cache(maxsize=256)
def _history(answers: str) -> tuple[str, ...]:
    return history_lines(read_intake(jsontext.loads(answers)))


def _intakes(episodes: Iterable[Row[Any]]) -> Iterator[Entry]:
    for row in episodes:
        if row.answers != "{}":
            title = "History, as it stands" if row.finished_at else "History, not finished"
            at = row.finished_at or row.created_at
            yield Entry(at, title, row.title, row.asked_by or "", _history(row.answers))


_EXAMS = (
    select(
        *(Exam.id, Exam.episode_id, Exam.status, Exam.legs, Exam.indication, Exam.ordered_at),
        *(Exam.scanned_at, Exam.limitations, Exam.impression, Staff.name.label("by")),
    )
    .outerjoin(Staff, Staff.id == Exam.sonographer_id)
    .where(Exam.episode_id.in_(_THEIRS))
    .order_by(Exam.id)
)


def _scans(ask: _Asked, titles: Mapping[int, str]) -> Iterator[Entry]:
    readings: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in ask(_READINGS):
        readings[row[0]].append(row)
    for exam in ask(_EXAMS):
        title = f"Scan of {LEGS[exam.legs]} ({EXAM.words[exam.status]})"
        told = [exam.indication, exam.limitations]
        told += [f"{_LEG[leg]}: {text}" for leg, text in exam.impression.items() if text]
        here = readings.get(exam.id)
        yield Entry(
            exam.scanned_at or exam.ordered_at,
            title,
            titles[exam.episode_id],
            exam.by or "",
            [line for line in told if line],
            table(here) if here else None,
        )


_LEG = {"R": "Impression, right leg", "L": "Impression, left leg"}


_CELLS = Finding.__table__.c
_READINGS = (
    # As the driver gives them: nothing is made of a reading here.
    select(
        _CELLS.exam_id,
        *(type_coerce(_CELLS[name], Text) for name in ("leg", "segment")),
        *(_CELLS["repeat"], _CELLS.reflux_ms),
        type_coerce(_CELLS.diameter_mm, Integer),
        *(type_coerce(_CELLS[name], Text) for name in ("compressibility", "thrombus", "detail")),
    )
    .join(Exam, Exam.id == _CELLS.exam_id)
    .where(Exam.episode_id.in_(_THEIRS))
    .order_by(_CELLS.exam_id, _CELLS.ordinal)
)
_PLANS = (
    select(
        *(Plan.id, Plan.episode_id, Plan.version, Plan.status, Plan.created_at),
        *(Plan.rationale, Staff.name.label("by")),
        *(PlanItem.leg, PlanItem.vein, PlanItem.modality, PlanItem.session),
    )
    .join(Staff, Staff.id == Plan.created_by_id)
    .outerjoin(PlanItem, PlanItem.plan_id == Plan.id)
    .where(Plan.episode_id.in_(_THEIRS))
    .order_by(Plan.id, PlanItem.ordinal)
)


def _plans(ask: _Asked, titles: Mapping[int, str]) -> Iterator[Entry]:
    for plan, items in groupby(ask(_PLANS), key=itemgetter(*range(7))):
        _, episode_id, version, status, created_at, rationale, by = plan
        title = f"Plan, version {version} ({PLAN.words[status]})"
        lines = [_item(item) for item in items if item.modality]
        yield Entry(created_at, title, titles[episode_id], by, [*lines, *filter(None, [rationale])])


def _item(item: Row[Any]) -> str:
    where = f"{the_vein(item.vein)}, " if item.vein else ""
    return (
        f"{capital(item.leg.word)} leg: {where}{modality_name(item.modality)}, "
        f"session {item.session}."
    )


_PAPERS = select(
    *(IssuedDocument.id, IssuedDocument.episode_id, IssuedDocument.kind),
    *(IssuedDocument.version, IssuedDocument.issued_at, IssuedDocument.signer_name),
    *(IssuedDocument.meaning, IssuedDocument.reason),
).where(IssuedDocument.episode_id.in_(_THEIRS))


def _papers(ask: _Asked, titles: Mapping[int, str]) -> Iterator[Entry]:
    for row in ask(_PAPERS):
        yield Entry(
            row.issued_at,
            f"{KINDS[row.kind]}, version {row.version}",
            titles[row.episode_id],
            row.signer_name,
            [line for line in (row.meaning, row.reason) if line],
            document_id=row.id,
        )


_STEPS = (
    select(
        *(StepTaken.at, StepTaken.label, StepTaken.episode_id, Staff.name),
        *(StepTaken.note, StepTaken.next_on),
    )
    .join(Staff, Staff.id == StepTaken.by_id)
    .where(StepTaken.episode_id.in_(_THEIRS))
    .order_by(StepTaken.id)
)


def _steps(ask: _Asked, titles: Mapping[int, str]) -> Iterator[Entry]:
    for at, label, episode_id, by, note, next_on in ask(_STEPS):
        told = [note] if note else []
        if next_on is not None:
            told.append(f"Next appointment {next_on.day} {next_on:%b %Y}.")
        yield Entry(at, label, titles[episode_id], by, told)
