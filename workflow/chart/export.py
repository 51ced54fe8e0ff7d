"""Put everything the clinic holds about one patient into one file for them to keep.

The documents as they were issued, the record as data that another system can read, and tables that
open in a spreadsheet.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from workflow import cases, files
from workflow.domain import csvtext
from workflow.domain.anatomy import segment_name
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM
from workflow.domain.modality import modality_name
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam, Finding
from workflow.models.history import StepTaken
from workflow.models.patient import Episode, Patient
from workflow.models.plan import Plan, PlanItem

_EXPLAINED = """\
What the clinic holds about {name}, born {born}, record {record}, on {on}.

documents/   your reports and results as they were issued (PDF)
episodes/    each episode as data, one file an episode (JSON, the format case/1)
patient.json who you are and how the clinic reaches you
*.csv        the same as tables: what happened, scans, readings, plans, documents

A cell that begins with = + - or @ has an apostrophe before it, so that no spreadsheet runs it.
"""


@dataclass(frozen=True, slots=True)
class Export:
    """The file, and how many documents and episodes it holds."""

    content: bytes
    documents: int
    episodes: int


def export(session: Session, patient: Patient, folder: Path, *, at: datetime) -> Export:
    """Return the patient's record as a ZIP; raises Refused where a document's bytes are damaged."""
    episodes = list(
        session.scalars(
            select(Episode)
            .options(joinedload(Episode.intake))
            .where(Episode.patient_id == patient.id)
            .order_by(Episode.id)
        )
    )
    ids = [episode.id for episode in episodes]
    documents = _all(session, IssuedDocument, ids)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = patient.record_number.encode()
        for name, content in _parts(session, patient, episodes, documents, folder, at):
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content)
    return Export(buffer.getvalue(), len(documents), len(episodes))


def _all(session: Session, kind: Any, ids: Sequence[int]) -> list[Any]:
    return list(session.scalars(select(kind).where(kind.episode_id.in_(ids)).order_by(kind.id)))


def _parts(
    session: Session,
    patient: Patient,
    episodes: Sequence[Episode],
    documents: Sequence[IssuedDocument],
    folder: Path,
    at: datetime,
) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", _explained(patient, at).encode()
    yield "patient.json", _json(_identity(session, patient))
    for episode in episodes:
        yield (
            f"episodes/{episode.id}.json",
            _json(cases.export(session, episode)),
        )
    for paper in documents:
        yield _name(paper), _bytes(paper, folder)
    ids = [episode.id for episode in episodes]
    yield "what-happened.csv", _csv(_HISTORY, _history(session, ids))
    exams = session.scalars(
        select(Exam)
        .options(selectinload(Exam.findings), joinedload(Exam.sonographer))
        .where(Exam.episode_id.in_(ids))
        .order_by(Exam.id)
    ).all()
    yield "scans.csv", _csv(_SCANS, map(_scan, exams))
    yield "readings.csv", _csv(_READINGS, (_reading(f) for exam in exams for f in exam.findings))
    plans = session.scalars(
        select(Plan)
        .options(selectinload(Plan.items), joinedload(Plan.created_by))
        .where(Plan.episode_id.in_(ids))
        .order_by(Plan.id)
    ).all()
    yield "plans.csv", _csv(_PLANS, (_item(plan, item) for plan in plans for item in plan.items))
    yield "documents.csv", _csv(_DOCUMENTS, map(_document, documents))


def _explained(patient: Patient, at: datetime) -> str:
    return _EXPLAINED.format(
        name=patient.name,
        born=f"{patient.born.day} {patient.born:%b %Y}",
        record=patient.record_number,
        on=f"{at.day} {at:%b %Y}",
    )


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    # The mark at the beginning lets a spreadsheet read the accents.
    return ("\ufeff" + "".join(csvtext.lines(head, rows))).encode()


def _identity(session: Session, patient: Patient) -> dict[str, Any]:
    also = session.scalars(
        select(Patient.record_number).where(Patient.merged_into_id == patient.id)
    )
    return {
        "record_number": patient.record_number,
        "also_recorded_as": sorted(also),
        "name": patient.name,
        "called": patient.called,
        "paper_name": patient.paper_name,
        "sex": patient.sex,
        "born": patient.born.isoformat(),
        "phone": patient.phone,
        "email": patient.email,
        "address": patient.address,
        "language": patient.language,
    }


def _name(paper: IssuedDocument) -> str:
    return f"documents/{paper.id}-{paper.kind}-version-{paper.version}.pdf"


def _bytes(paper: IssuedDocument, folder: Path) -> bytes:
    try:
        return files.get(folder, paper.file_sha256)
    except files.Damaged:
        raise Refused(
            f"The stored bytes of document {paper.id} are damaged or missing, so the record cannot "
            "be handed out whole. Restore them from a backup first."
        ) from None


_HISTORY = ("when", "episode", "what", "by", "before", "after", "note", "next appointment")


def _history(session: Session, ids: Sequence[int]) -> Iterator[tuple[object, ...]]:
    steps = session.scalars(
        select(StepTaken)
        .options(joinedload(StepTaken.by))
        .where(StepTaken.episode_id.in_(ids))
        .order_by(StepTaken.id)
    )
    for step in steps:
        yield (
            step.at.isoformat(timespec="seconds"),
            step.episode_id,
            step.label,
            step.by.printed,
            step.before,
            step.after,
            step.note,
            step.next_on.isoformat() if step.next_on else None,
        )


_SCANS = (
    "scan",
    "episode",
    "status",
    "legs",
    "indication",
    "scanned",
    "sonographer",
    "limitations",
)


def _scan(exam: Exam) -> tuple[object, ...]:
    return (
        exam.id,
        exam.episode_id,
        EXAM.words[exam.status],
        exam.legs,
        exam.indication,
        exam.scanned_at.isoformat(timespec="seconds") if exam.scanned_at else None,
        exam.sonographer.printed if exam.sonographer else None,
        exam.limitations,
    )


_READINGS = ("scan", "leg", "site", "code", "reflux_ms", "diameter_mm", "compressibility",
             "thrombus", "further")  # fmt: skip


def _reading(finding: Finding) -> tuple[object, ...]:
    return (
        finding.exam_id,
        finding.leg.value,
        segment_name(finding.segment),
        finding.segment,
        finding.reflux_ms,
        finding.diameter_mm,
        finding.compressibility and finding.compressibility.value,
        finding.thrombus and finding.thrombus.value,
        json.dumps(finding.detail, ensure_ascii=False) if finding.detail else None,
    )


_PLANS = ("episode", "version", "status", "drafted", "by", "leg", "vein", "treatment", "session")


def _item(plan: Plan, item: PlanItem) -> tuple[object, ...]:
    return (
        plan.episode_id,
        plan.version,
        plan.status.value,
        plan.created_at.isoformat(timespec="seconds"),
        plan.created_by.printed,
        item.leg.value,
        item.vein,
        modality_name(item.modality),
        item.session,
    )


_DOCUMENTS = ("document", "episode", "kind", "version", "issued", "signed by", "meaning", "sha256")


def _document(paper: IssuedDocument) -> tuple[object, ...]:
    return (
        _name(paper),
        paper.episode_id,
        paper.kind,
        paper.version,
        paper.issued_at.isoformat(timespec="seconds"),
        paper.signer_name,
        paper.meaning,
        paper.file_sha256,
    )
