"""Gather what the steps of an intake look at."""

from datetime import date

from sqlalchemy.orm import Session

from workflow import criteria, progress
from workflow.domain.staff import Permission, may
from workflow.intake import told
from workflow.intake.saving import Stored
from workflow.intake.steps import IntakeFacts, IntakeStatus, missing
from workflow.intake.warnings import stop
from workflow.models.patient import Intake
from workflow.models.staff import Staff


def stored_of(intake: Intake) -> Stored:
    """Return an intake's columns as `saving` takes them."""
    return Stored(intake.answers, intake.clinical, intake.typed)


def intake_facts(
    session: Session, intake: Intake, *, on: date, by: Staff | None = None, note: str = ""
) -> IntakeFacts:
    """Gather what the steps of an intake look at; a physician's note overrules a STOP flag."""
    patient, exam = intake.episode.patient, progress.newest_exam(session, intake.episode)
    stored, limits = stored_of(intake), criteria.in_force(session).limits
    return IntakeFacts(
        status=IntakeStatus.OPEN if intake.finished_at is None else IntakeStatus.FINISHED,
        not_understood=len(intake.typed),
        to_confirm=len(told.waiting(told.told_of(session, intake))),
        missing=len(missing(stored, sex=patient.sex, born=patient.born, on=on, limits=limits)),
        stop=stop(stored, sex=patient.sex, born=patient.born, on=on, limits=limits),
        overruled=by is not None and may(by.role, Permission.TREAT) and bool(note.strip()),
        exam=exam.status if exam else None,
    )
