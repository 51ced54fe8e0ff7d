"""Gather an episode's record: where it stands, its parts, and what happened in order of time."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import Stage
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.patient import Episode, Patient
from workflow.models.plan import Plan
from workflow.standing import Standing, standings

PATH = (
    ("Intake", (Stage.REFERRED,)),
    ("Booking", (Stage.INTAKE_DONE,)),
    ("Scan", (Stage.SCHEDULED, Stage.ARRIVED, Stage.SCANNING)),
    ("Reading", (Stage.TO_READ,)),
    ("Plan", (Stage.READ, Stage.PLAN_DRAFTED, Stage.PLAN_DECLINED)),
    ("Consent", (Stage.PLAN_APPROVED,)),
    ("Authorisation", (Stage.CONSENTED,)),
    ("Sessions", (Stage.AUTHORISED, Stage.SESSIONS)),
    ("Follow-up", (Stage.FOLLOW_UP,)),
    ("Discharged", (Stage.DISCHARGED,)),
)
"""The pathway as the step bar shows it: what is done at each place, and the stages it spans."""


@dataclass(frozen=True, slots=True)
class Record:
    """One episode, read once: bounded queries however long its history is."""

    episode: Episode
    exams: tuple[Exam, ...]
    plans: tuple[Plan, ...]
    papers: tuple[IssuedDocument, ...]
    steps: tuple[StepTaken, ...]
    standings: Mapping[int, Standing]

    @property
    def exam(self) -> Exam | None:
        """Return the newest scan that was not cancelled, voided or replaced."""
        return next(
            (
                exam
                for exam in self.exams
                if exam.status is not ExamStatus.CANCELLED and self.standings[exam.id].stands
            ),
            None,
        )

    @property
    def path(self) -> list[tuple[str, str, str]]:
        """Return the step bar: (label, past · now · next, when)."""
        at = next((n for n, (_, stages) in enumerate(PATH) if self.episode.stage in stages), None)
        if at is None:
            return []
        last = len(PATH) - 1
        return [(label, _state(n, at, last), "") for n, (label, _) in enumerate(PATH)]


def _state(place: int, at: int, last: int) -> str:
    if place < at or at == last:
        return "past"
    return "now" if place == at else "next"


def record_of(session: Session, episode_id: int) -> Record | None:
    """Return the episode with all its parts, the newest first, or None where there is none."""
    episode = session.scalars(
        select(Episode)
        .options(
            joinedload(Episode.patient).selectinload(Patient.episodes), joinedload(Episode.intake)
        )
        .where(Episode.id == episode_id)
    ).first()
    if episode is None:
        return None
    exams = tuple(
        session.scalars(
            select(Exam)
            .options(joinedload(Exam.sonographer))
            .where(Exam.episode_id == episode_id)
            .order_by(Exam.id.desc())
        )
    )
    return Record(
        episode,
        exams,
        tuple(
            session.scalars(
                select(Plan).where(Plan.episode_id == episode_id).order_by(Plan.version.desc())
            )
        ),
        tuple(
            session.scalars(
                select(IssuedDocument)
                .where(IssuedDocument.episode_id == episode_id)
                .order_by(IssuedDocument.id.desc())
            )
        ),
        tuple(
            session.scalars(
                select(StepTaken)
                .options(joinedload(StepTaken.by))
                .where(StepTaken.episode_id == episode_id)
                .order_by(StepTaken.id.desc())
            )
        ),
        standings(session, [exam.id for exam in exams]),
    )
