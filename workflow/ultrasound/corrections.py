"""Put a scan right that was recorded on the wrong patient or with the legs swapped.

Both are possible until the report is signed, each is one act with its reason, and both histories
show it. Nothing here commits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from workflow import critical, progress
from workflow.cases import interpreted
from workflow.domain.anatomy import Leg
from workflow.domain.entry import folded
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, OPEN_STATES, ExamStep
from workflow.domain.pathway import OPEN_STAGES
from workflow.models.exam import Exam, Finding
from workflow.models.image import images_of
from workflow.models.patient import Episode, Patient
from workflow.models.staff import Staff
from workflow.ultrasound import images, recording
from workflow.ultrasound.actions import CHANGED

A_PAGE = 20
_Value = TypeVar("_Value")


def open_episodes(session: Session, exam: Exam, query: str) -> tuple[Episode, ...]:
    """Return other patients' open episodes by (the beginning of) record number or names."""
    words = folded(query).split()
    if not words:
        return ()
    wanted = (
        select(Episode)
        .join(Patient, Patient.id == Episode.patient_id)
        .options(joinedload(Episode.patient))
        .where(Episode.stage.in_(OPEN_STAGES), Episode.patient_id != exam.episode.patient_id)
        .order_by(Patient.name_key, Episode.id)
        .limit(A_PAGE)
    )
    for word in words:
        bare = word.replace("_", "\\_").replace("%", "\\%")
        wanted = wanted.where(
            or_(
                Patient.name_key.like(f"% {bare}%", escape="\\"),
                func.lower(Patient.record_number).like(f"{bare}%", escape="\\"),
            )
        )
    return tuple(session.scalars(wanted))


def objection(session: Session, exam: Exam, episode: Episode) -> str | None:
    """Say why a scan cannot be moved to this episode, or None if it can."""
    if episode.patient_id == exam.episode.patient_id:
        return "The scan is this patient's already."
    if episode.stage not in OPEN_STAGES:
        return "This episode is closed. Reopen it first."
    newest = progress.newest_exam(session, episode)
    if newest is not None and newest.status in OPEN_STATES:
        here = EXAM.words[newest.status]
        return f"This episode has a scan of its own ({here}). Finish or cancel that one first."
    return None


def move(
    session: Session, exam: Exam, to: Episode, *, reason: str, by: Staff, at: datetime, seen: int
) -> None:
    """Move a scan with all that is in it to another patient's open episode."""
    _take(session, exam, ExamStep.MOVE, reason, by=by, seen=seen)
    if why := objection(session, exam, to):
        raise Refused(why)
    left, found = exam.episode, critical.open_finding(session, exam)
    exam.episode = to
    session.flush()
    _redraft(session, exam)
    there, here = to.patient.record_number, left.patient.record_number
    for episode, label in ((left, f"Scan moved to {there}"), (to, f"Scan moved here from {here}")):
        _taken(session, exam, episode, ExamStep.MOVE.value, label, (here, there), reason, by, at)
    if found and found.findings:
        label, status = "Critical finding moved with the scan", exam.status.value
        left.critical = False
        _taken(session, exam, left, critical.CLEARED, label, (status, status), reason, by, at)
    recording.note_critical(session, exam, by=by, at=at)


def swap_legs(
    session: Session, exam: Exam, *, reason: str, by: Staff, at: datetime, seen: int
) -> None:
    """Put everything recorded of the right leg on the left one, and the other way round.

    Readings, images, what was typed and not understood, and the impression go together; doing it
    again puts all of it back.
    """
    _take(session, exam, ExamStep.SWAP_LEGS, reason, by=by, seen=seen)
    before, typed = recording.texts(exam), exam.typed
    _swap_findings(session, exam)
    exam.typed = _by_name(typed)
    exam.impression, exam.drafted = _by_leg(exam.impression), _by_leg(exam.drafted)
    pictures = _swap_images(session, exam)
    session.flush()
    _redraft(session, exam)
    patient_id = exam.episode.patient_id
    for subject, changes in (
        (recording.SUBJECT, _changes(before, recording.texts(exam))),
        (images.SUBJECT, pictures),
    ):
        progress.edited(session, subject, exam.id, changes, patient_id=patient_id, by=by, at=at)
    status, rule = exam.status.value, EXAM.rules[ExamStep.SWAP_LEGS]
    step = ExamStep.SWAP_LEGS.value
    _taken(session, exam, exam.episode, step, rule.label, (status, status), reason, by, at)
    recording.note_critical(session, exam, by=by, at=at)


def _take(
    session: Session, exam: Exam, step: ExamStep, reason: str, *, by: Staff, seen: int
) -> None:
    session.refresh(exam, with_for_update=True)
    if exam.revision != seen:
        raise Refused(CHANGED)
    EXAM.take(step, progress.exam_facts(session, exam), by.role, reason)


def _taken(
    session: Session,
    exam: Exam,
    episode: Episode,
    step: str,
    label: str,
    change: tuple[str, str],
    reason: str,
    by: Staff,
    at: datetime,
) -> None:
    before, after = change
    progress.taken(
        session,
        episode,
        "exam",
        exam.id,
        step,
        label,
        before=before,
        after=after,
        by=by,
        at=at,
        note=reason,
    )


def _swap_findings(session: Session, exam: Exam) -> None:
    """Write the rows anew: changed in place, a site would stand twice on one leg for a moment."""
    rows = [(f.ordinal, f.repeat, f.as_case | {"leg": f.leg.other.value}) for f in exam.findings]
    exam.findings.clear()
    session.flush()
    for ordinal, repeat, row in rows:
        finding = Finding(ordinal=ordinal, repeat=repeat)
        finding.take(row)
        exam.findings.append(finding)


def _swap_images(session: Session, exam: Exam) -> dict[str, tuple[str, str]]:
    changes = {}
    for image in images_of(session, exam):
        changes[f"{image.id}.leg"] = (image.leg.value, image.leg.other.value)
        image.leg = image.leg.other
    return changes


def _redraft(session: Session, exam: Exam) -> None:
    """Let the drafted impression follow; what a physician wrote stays as it was written."""
    if not exam.drafted:
        return
    said = interpreted(session, exam)[1].impression
    fresh = {part.leg.value: "\n".join(part.sentences) for part in said}
    exam.impression = {
        leg: fresh.get(leg, "") if text in {"", exam.drafted.get(leg, "")} else text
        for leg, text in exam.impression.items()
    }
    exam.drafted = fresh


def _by_leg(held: Mapping[str, _Value]) -> dict[str, _Value]:
    return {(Leg(key).other.value if key in set(Leg) else key): each for key, each in held.items()}


def _by_name(held: Mapping[str, str]) -> dict[str, str]:
    """Return texts by their cells' names, each on the other leg: 'R.SFJ.reflux_ms' → 'L.SFJ.…'."""
    parts = {name: name.partition(".") for name in held}
    return {
        f"{Leg(leg).other.value}.{rest}" if leg in set(Leg) else name: held[name]
        for name, (leg, _, rest) in parts.items()
    }


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name: (before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    }
