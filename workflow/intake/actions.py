"""What the clinic does when a patient comes: register, take the history, finish it.

Nothing here commits; the caller does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow import progress
from workflow.domain.edits import Conflict
from workflow.domain.entry import folded
from workflow.domain.errors import Refused
from workflow.domain.lookup import phone_key
from workflow.intake.facts import intake_facts, stored_of
from workflow.intake.identity import Identity
from workflow.intake.saving import Taken, errors_of, sent_cells, take, with_no_ulcer
from workflow.intake.steps import INTAKE, IntakeStatus, IntakeStep
from workflow.models.history import Edit
from workflow.models.patient import Episode, Intake, Patient, next_record_number
from workflow.models.staff import Staff

TRIES = 8
CHANGED = "Someone else changed this record after you opened it."


def register(
    session: Session,
    who: Identity,
    *,
    reason: str,
    referred_by: str = "",
    on: date,
    by: Staff,
    at: datetime,
    submission: str = "",
) -> Episode:
    """Add a patient with a first episode, and return that episode.

    `on` is the clinic's day. The same submission sent twice by one person adds one patient.
    """
    for _ in range(TRIES):
        if known := submitted(session, submission, by=by):
            return known
        patient = _patient(session, who, at=at)
        try:
            with session.begin_nested():
                session.add(patient)
                session.flush()
            break
        except IntegrityError:  # two took the same record number: the later one asks again
            continue
    else:
        raise Refused("No record number was free just now. Nothing was saved; try again.")
    episode = add_episode(
        session, patient, reason=reason, referred_by=referred_by, on=on, by=by, at=at
    )
    told = {"record_number": ("", patient.record_number), "name": ("", patient.name)}
    if submission:
        told["submission"] = ("", submission)
    progress.edited(session, "patient", patient.id, told, patient_id=patient.id, by=by, at=at)
    return episode


def submitted(session: Session, submission: str, *, by: Staff) -> Episode | None:
    """Return the episode that this person's submission of a form made already, if it did."""
    if not submission:
        return None
    return session.scalars(
        select(Episode)
        .join(Edit, Edit.subject_id == Episode.patient_id)
        .where(
            Edit.subject == "patient",
            Edit.cell == "submission",
            Edit.after == submission,
            Edit.by_id == by.id,
        )
        .order_by(Episode.id)
        .limit(1)
    ).first()


def _patient(session: Session, who: Identity, *, at: datetime) -> Patient:
    return Patient(
        record_number=next_record_number(session),
        name=who.name,
        name_key=f" {folded(who.name)} ",
        called=who.called,
        sex=who.sex,
        born=who.born,
        phone=who.phone,
        phone_key=phone_key(who.phone),
        email=who.email,
        address=who.address,
        language=who.language,
        paper_name=who.paper_name,
        created_at=at,
    )


def add_episode(
    session: Session,
    patient: Patient,
    *,
    reason: str,
    referred_by: str = "",
    on: date,
    by: Staff,
    at: datetime,
) -> Episode:
    """Open a further episode of a patient, with an empty intake."""
    count = len(patient.episodes) + 1
    while session.scalar(
        select(Episode.id).where(Episode.case_id == f"{patient.record_number}-{count}")
    ):
        count += 1
    episode = Episode(
        patient=patient,
        case_id=f"{patient.record_number}-{count}",
        title=reason,
        referred_by=referred_by,
        as_of=on,
        since=at,
        created_at=at,
    )
    episode.intake = Intake()
    session.add(episode)
    session.flush()
    progress.taken(
        session,
        episode,
        "episode",
        episode.id,
        "refer",
        "Registered",
        before="",
        after=reason,
        by=by,
        at=at,
        note=f"Referred by {referred_by}" if referred_by else "",
    )
    return episode


def change_identity(
    session: Session, patient: Patient, who: Identity, *, seen: int, by: Staff, at: datetime
) -> None:
    """Correct who a patient is, or how they are reached; each change is kept with its before.

    Raises Refused where the record changed after revision `seen`.
    """
    if patient.revision != seen:
        raise Refused(CHANGED)
    changes = {key: (before, after) for key, before, after in differences(patient, who)}
    for key in changes:
        setattr(patient, key, getattr(who, key))
    patient.name_key = f" {folded(who.name)} "
    patient.phone_key = phone_key(who.phone)
    progress.edited(session, "patient", patient.id, changes, patient_id=patient.id, by=by, at=at)


def differences(patient: Patient, who: Identity) -> tuple[tuple[str, str, str], ...]:
    """Return each key in which a record and what was typed differ: key, stored, typed."""
    pairs = (
        (key, getattr(patient, key), getattr(who, key)) for key in Identity.__dataclass_fields__
    )
    return tuple((key, _said(old), _said(new)) for key, old, new in pairs if old != new)


def _said(value: str | date) -> str:
    return value if isinstance(value, str) else value.isoformat()


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save.

    changed: the questions now stored anew. errors: the sentence at each box not understood.
    conflicts: what somebody else changed meanwhile, not written. seen: the newest edit.
    """

    changed: tuple[str, ...]
    errors: Mapping[str, str]
    conflicts: tuple[Conflict, ...]
    seen: int


def save_intake(
    session: Session,
    intake: Intake,
    typed: Mapping[str, str | Sequence[str]],
    *,
    seen: int,
    by: Staff,
    at: datetime,
) -> Saved:
    """Store what was typed: what is understood as answers, the rest as text beside its sentence.

    `typed` maps a question's name to its text (or texts), and a box of a row to its text, such as
    `prior_vte__0__date`. Only the questions it names are touched. Raises Refused once finished.
    """
    if intake.finished_at is not None:
        raise Refused("This intake is finished. Reopen it to change an answer.")
    before = stored_of(intake)
    now = before.cells()
    mine = with_no_ulcer(sent_cells(typed), now)
    merged = progress.merge_edits(session, "intake", intake.id, mine, now, seen=seen)
    if merged.changes:
        taken = take(before, merged.changes)
        _store(session, intake, taken, merged.changes, now, by=by, at=at)
    return Saved(
        tuple(merged.changes),
        errors_of(stored_of(intake)),
        merged.conflicts,
        progress.last_edit(session, "intake", intake.id),
    )


def _store(
    session: Session,
    intake: Intake,
    taken: Taken,
    changes: Mapping[str, str],
    now: Mapping[str, str],
    *,
    by: Staff,
    at: datetime,
) -> None:
    intake.answers = dict(taken.stored.answers)
    intake.clinical = dict(taken.stored.clinical)
    intake.typed = dict(taken.stored.typed)
    progress.edited(
        session,
        "intake",
        intake.id,
        {name: (now[name], cell) for name, cell in changes.items()},
        patient_id=intake.episode.patient_id,
        by=by,
        at=at,
    )
    session.flush()


def finish(
    session: Session, intake: Intake, *, on: date, by: Staff, at: datetime, note: str = ""
) -> None:
    """Finish an intake, so that a scan can be booked on it; raise Refused with what is needed."""
    facts = intake_facts(session, intake, on=on, by=by, note=note)
    after = INTAKE.take(IntakeStep.FINISH, facts, by.role, note)
    intake.finished_at, intake.finished_by_id = at, by.id
    _taken(session, intake, IntakeStep.FINISH, facts.status, after, by=by, at=at, note=note)


def reopen(session: Session, intake: Intake, *, on: date, by: Staff, at: datetime) -> None:
    """Open a finished intake again; raise Refused once the report that rests on it is signed."""
    facts = intake_facts(session, intake, on=on)
    after = INTAKE.take(IntakeStep.REOPEN, facts, by.role)
    intake.finished_at = intake.finished_by_id = None
    _taken(session, intake, IntakeStep.REOPEN, facts.status, after, by=by, at=at)


def _taken(
    session: Session,
    intake: Intake,
    step: IntakeStep,
    before: IntakeStatus,
    after: IntakeStatus,
    *,
    by: Staff,
    at: datetime,
    note: str = "",
) -> None:
    session.flush()
    progress.taken(
        session,
        intake.episode,
        "intake",
        intake.id,
        step.value,
        INTAKE.rules[step].label,
        before=before.value,
        after=after.value,
        by=by,
        at=at,
        note=note,
    )
