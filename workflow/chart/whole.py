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
from sqlalchemy import BindParameter, Integer, Row, Select, Text, bindparam, select, type_coerce
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
    episodes = session.execute(_EPISODES, {"patient": patient_id}).all()
    titles = {row.id: row.title for row in episodes}
    ids = list(titles)
    entries = [
        *_intakes(episodes),
        *_scans(session, ids, titles),
        *_plans(session, ids, titles),
        *_papers(session, ids, titles),
        *_steps(session, ids, titles),
    ]
    entries.sort(key=lambda entry: entry.at)
    also = session.execute(_ALSO, {"patient": patient_id}).all()
    return Chart(episodes, entries, also)


def _raw(column: Any) -> Any:
    """Return a JSON column as the text it is stored as."""
    return type_coerce(column, Text)


_WHOSE: BindParameter[int] = bindparam("patient")
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


def _scans(session: Session, ids: Sequence[int], titles: Mapping[int, str]) -> Iterator[Entry]:
    exams = session.execute(
        select(
            *(Exam.id, Exam.episode_id, Exam.status, Exam.legs, Exam.indication, Exam.ordered_at),
            *(Exam.scanned_at, Exam.limitations, Exam.impression, Staff.name.label("by")),
        )
        .outerjoin(Staff, Staff.id == Exam.sonographer_id)
        .where(Exam.episode_id.in_(ids))
        .order_by(Exam.id)
    ).all()
    readings: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_readings(ids)):
        readings[row[0]].append(row)
    for exam in exams:
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


def _readings(ids: Sequence[int]) -> Select[Any]:
    """Return the query of every reading as its driver gives it: nothing is made of it here."""
    columns = Finding.__table__.c
    return (
        select(
            columns.exam_id,
            *(type_coerce(columns[name], Text) for name in ("leg", "segment")),
            *(columns["repeat"], columns.reflux_ms),
            type_coerce(columns.diameter_mm, Integer),
            *(type_coerce(columns[n], Text) for n in ("compressibility", "thrombus", "detail")),
        )
        .join(Exam, Exam.id == columns.exam_id)
        .where(Exam.episode_id.in_(ids))
        .order_by(columns.exam_id, columns.ordinal)
    )


def _plans(session: Session, ids: Sequence[int], titles: Mapping[int, str]) -> Iterator[Entry]:
    rows = session.execute(
        select(
            *(Plan.id, Plan.episode_id, Plan.version, Plan.status, Plan.created_at),
            *(Plan.rationale, Staff.name.label("by")),
            *(PlanItem.leg, PlanItem.vein, PlanItem.modality, PlanItem.session),
        )
        .join(Staff, Staff.id == Plan.created_by_id)
        .outerjoin(PlanItem, PlanItem.plan_id == Plan.id)
        .where(Plan.episode_id.in_(ids))
        .order_by(Plan.id, PlanItem.ordinal)
    )
    for plan, items in groupby(rows, key=itemgetter(*range(7))):
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


def _papers(session: Session, ids: Sequence[int], titles: Mapping[int, str]) -> Iterator[Entry]:
    rows = session.execute(
        select(
            *(IssuedDocument.id, IssuedDocument.episode_id, IssuedDocument.kind),
            *(IssuedDocument.version, IssuedDocument.issued_at, IssuedDocument.signer_name),
            *(IssuedDocument.meaning, IssuedDocument.reason),
        ).where(IssuedDocument.episode_id.in_(ids))
    )
    for row in rows:
        yield Entry(
            row.issued_at,
            f"{KINDS[row.kind]}, version {row.version}",
            titles[row.episode_id],
            row.signer_name,
            [line for line in (row.meaning, row.reason) if line],
            document_id=row.id,
        )


def _steps(session: Session, ids: Sequence[int], titles: Mapping[int, str]) -> Iterator[Entry]:
    rows = session.execute(
        select(
            *(StepTaken.at, StepTaken.label, StepTaken.episode_id, Staff.name),
            *(StepTaken.note, StepTaken.next_on),
        )
        .join(Staff, Staff.id == StepTaken.by_id)
        .where(StepTaken.episode_id.in_(ids))
        .order_by(StepTaken.id)
    )
    for at, label, episode_id, by, note, next_on in rows:
        told = [note] if note else []
        if next_on is not None:
            told.append(f"Next appointment {next_on.day} {next_on:%b %Y}.")
        yield Entry(at, label, titles[episode_id], by, told)
