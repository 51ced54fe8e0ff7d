"""Bring a case file in, and take an episode out as one.

A case file is one episode and its latest scan (`case/1`). What came in goes out the same, keys
this product does not know included. Nothing here commits; the caller does.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import audit, criteria
from workflow.critical import raise_finding
from workflow.domain import case as casefile
from workflow.domain.alarm import is_critical
from workflow.domain.anatomy import Leg
from workflow.domain.entry import folded
from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus
from workflow.domain.findings import Position, Purpose
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.staff import Role
from workflow.models.base import canonical
from workflow.models.clinic import clinic_in_force
from workflow.models.exam import Exam, Finding
from workflow.models.patient import Episode, Intake, Patient, next_record_number
from workflow.models.staff import Staff
from workflow.progress import newest_exam, taken

IMPORTER = "case-import"
_OWN = {"format", "id", "title", "as_of", "patient", "intake", "clinical", "exam", "expect"}
_PATIENT = {"name", "sex", "born"}
_EXAM = {"purpose", "position", "manoeuvres", "segments"}


@dataclass(frozen=True, slots=True)
class Imported:
    """The episode a case file stands for, and whether this import made it."""

    episode: Episode
    new: bool


def export(session: Session, episode: Episode) -> dict[str, Any]:
    """Return the episode and its latest scan in the form of a case file."""
    return _as_file(episode, newest_exam(session, episode))


def case_of(episode: Episode, exam: Exam) -> casefile.Case:
    """Return what the rules take: this episode with this scan."""
    return casefile.read(_as_file(episode, exam))


def interpreted(session: Session, exam: Exam) -> tuple[casefile.Case, Interpretation]:
    """Return the case a scan belongs to, and what the rules say of it by the clinic's criteria."""
    case = case_of(exam.episode, exam)
    return case, interpret(case, criteria.read_by(session, exam))


def _as_file(episode: Episode, exam: Exam | None) -> dict[str, Any]:
    patient, extra = episode.patient, dict(episode.extra)
    return {
        "format": "case/1",
        "id": episode.case_id,
        "title": episode.title,
        "as_of": episode.as_of.isoformat(),
        "patient": {
            "name": patient.name,
            "sex": patient.sex,
            "born": patient.born.isoformat(),
            **extra.pop("patient", {}),
        },
        "intake": episode.intake.answers,
        "clinical": episode.intake.clinical,
        "exam": _exam_part(exam),
        **extra,
    }


def _exam_part(exam: Exam | None) -> dict[str, Any]:
    if exam is None:
        return {"purpose": "reflux", "position": None, "manoeuvres": [], "segments": []}
    return {
        "purpose": exam.purpose.value,
        "position": exam.position and exam.position.value,
        "manoeuvres": list(exam.manoeuvres),
        **exam.extra,
        "segments": [finding.as_case for finding in exam.findings],
    }


def import_case(session: Session, data: Mapping[str, Any], *, at: datetime) -> Imported:
    """Store a case file as an episode whose scan waits to be read, or find it already here.

    Raises CaseRefused naming the key that cannot be taken, and Refused where the id is taken by
    an episode that says something else.
    """
    case = casefile.read(data)
    known = session.scalars(select(Episode).where(Episode.case_id == case.id)).first()
    if known is not None:
        if _digest(data) in {known.case_digest, _digest(export(session, known))}:
            return Imported(known, new=False)
        raise Refused(
            f"id: {case.id} is already episode {known.id}, with other content. "
            "Give the case another id, or change that episode."
        )
    by = importer(session, at=at)
    episode = _stored(session, case, data, by=by, at=at)
    _store_exam(session, episode, data.get("exam") or {}, by=by, at=at)
    audit.record(
        session,
        "episode.import",
        "episode",
        episode.id,
        by=by,
        at=at,
        patient_id=episode.patient_id,
        detail={"case_id": case.id, "digest": episode.case_digest},
    )
    return Imported(episode, new=True)


def _stored(
    session: Session, case: casefile.Case, data: Mapping[str, Any], *, by: Staff, at: datetime
) -> Episode:
    extra = {key: value for key, value in data.items() if key not in _OWN}
    if unknown := {k: v for k, v in data["patient"].items() if k not in _PATIENT}:
        extra["patient"] = unknown
    episode = Episode(
        patient=_patient(session, case, at=at),
        case_id=case.id,
        case_digest=_digest(data),
        title=case.title,
        as_of=case.as_of,
        extra=extra,
        since=at,
        created_at=at,
    )
    episode.intake = Intake(
        answers=dict(data.get("intake") or {}),
        clinical=dict(data.get("clinical") or {}),
        finished_at=at,
        finished_by_id=by.id,
    )
    session.add(episode)
    session.flush()
    taken(
        session,
        episode,
        "intake",
        episode.intake.id,
        "import",
        "Brought in from a case file",
        before="",
        after="finished",
        by=by,
        at=at,
    )
    return episode


def _patient(session: Session, case: casefile.Case, *, at: datetime) -> Patient:
    """Return the one record with this very name, birth date and sex, or a new one."""
    key = f" {folded(case.patient.name)} "
    same = session.scalars(
        select(Patient).where(
            Patient.name == case.patient.name,
            Patient.born == case.patient.born,
            Patient.sex == case.patient.sex,
            Patient.merged_into_id.is_(None),
        )
    ).all()
    if len(same) == 1:
        return same[0]
    return Patient(
        record_number=next_record_number(session),
        name=case.patient.name,
        name_key=key,
        sex=case.patient.sex,
        born=case.patient.born,
        created_at=at,
    )


def _store_exam(
    session: Session, episode: Episode, part: Mapping[str, Any], *, by: Staff, at: datetime
) -> None:
    if not part.get("segments"):
        return
    zone = ZoneInfo(clinic_in_force(session).zone)
    scanned = datetime.combine(episode.as_of, time(12), zone)
    exam = Exam(
        episode_id=episode.id,
        purpose=Purpose(part.get("purpose") or Purpose.REFLUX),
        legs="both",
        indication=episode.title,
        status=ExamStatus.PRELIMINARY,
        ordered_by_id=by.id,
        ordered_at=at,
        starts_at=scanned,
        scanned_at=scanned,
        sonographer_id=by.id,
        position=Position(part["position"]) if part.get("position") else None,
        manoeuvres=list(part.get("manoeuvres") or []),
        incomplete_reason="Brought in from a case file.",
        extra={key: value for key, value in part.items() if key not in _EXAM},
    )
    session.add(exam)
    repeats: dict[tuple[str, str], int] = {}
    for ordinal, row in enumerate(part["segments"], start=1):
        place = row["leg"], row["segment"]
        repeats[place] = repeats.get(place, 0) + 1
        finding = Finding(ordinal=ordinal, repeat=repeats[place])
        finding.take(row)
        exam.findings.append(finding)
    exam.legs = _legs({finding.leg for finding in exam.findings})
    session.flush()
    taken(
        session,
        episode,
        "exam",
        exam.id,
        "import",
        "Brought in from a case file, to read",
        before="",
        after=exam.status.value,
        by=by,
        at=at,
    )
    alerts = interpreted(session, exam)[1].alerts
    found = [alert.text for alert in alerts if is_critical(alert)]
    raise_finding(session, exam, found, by=by, at=at)


def _legs(legs: set[Leg]) -> str:
    return "both" if len(legs) > 1 else next(iter(legs)).value


def importer(session: Session, *, at: datetime) -> Staff:
    """Return the account in whose name case files come in; nobody can sign in as it."""
    known = session.scalars(select(Staff).where(Staff.username == IMPORTER)).first()
    if known is not None:
        return known
    account = Staff(
        username=IMPORTER,
        name="Case import",
        credentials="",
        role=Role.SONOGRAPHER,
        password_hash="",
        active=False,
        created_at=at,
    )
    session.add(account)
    session.flush()
    audit.record(session, "staff.add", "staff", account.id, by=None, at=at)
    return account


def _digest(data: Mapping[str, Any]) -> str:
    """Return a digest of what a case says: its worked answers and what was not asked left out."""
    said = {key: value for key, value in data.items() if key != "expect"}
    return hashlib.sha256(canonical(_without_nulls(said)).encode()).hexdigest()


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
