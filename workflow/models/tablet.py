"""The clinic's tablet in a patient's hands, and what the patient tells on it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflow.domain.intake import RedFlag
from workflow.domain.pathway import OPEN_STAGES
from workflow.models.base import Base, Numbered, Utc, Versioned, Word
from workflow.models.patient import Episode, Intake
from workflow.models.staff import SignIn, Staff


class Tablet(Numbered, Base):
    """One time the tablet was handed to a patient, for the intake of one episode.

    The cookie is never stored, only its SHA-256. `sign_in` is the staff member's, put aside
    until their password takes the tablet back.
    """

    __tablename__ = "tablets"
    __table_args__ = (CheckConstraint("language IN ('en', 'es')", name="language"),)

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id"), index=True)
    handed_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    handed_at: Mapped[datetime] = mapped_column(Utc)
    seen_at: Mapped[datetime] = mapped_column(Utc)
    closes_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)

    episode: Mapped[Episode] = relationship()
    sign_in: Mapped[SignIn] = relationship()
    handed_by: Mapped[Staff] = relationship()


RED_FLAGS = "red_flags"
"""The question of the warning signs."""


class Told(StrEnum):
    """What a patient said to one question; `unclear` is text that is not understood."""

    ANSWERED = "answered"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Outcome(StrEnum):
    """What staff made of it: put into the intake, or the intake stays as staff have it."""

    CONFIRMED = "confirmed"
    SET_ASIDE = "set aside"


class ToldAnswer(Numbered, Versioned, Base):
    """What a patient last told to one question of an intake; the audit log keeps what came before.

    It is no answer of the intake until staff confirm it.
    """

    __tablename__ = "told_answers"
    __table_args__ = (UniqueConstraint("intake_id", "question"),)

    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id"))
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablets.id"), index=True)
    question: Mapped[str]
    said: Mapped[Told] = mapped_column(Word(Told))
    cell: Mapped[str]
    at: Mapped[datetime] = mapped_column(Utc)
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    settled_at: Mapped[datetime | None] = mapped_column(Utc)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    intake: Mapped[Intake] = relationship()
    settled_by: Mapped[Staff | None] = relationship()


def signs_told(session: Session) -> dict[int, tuple[RedFlag, ...]]:
    """Return the warning signs that patients told and nobody has settled yet, by episode.

    Text that names a sign beside something else is not understood, and counts as the sign.
    """
    rows = session.connection().execute(_SIGNS).all()
    told = {episode: set(cell.splitlines()) for episode, cell in rows}
    signs = {at: tuple(flag for flag in RedFlag if flag in said) for at, said in told.items()}
    return {at: flags for at, flags in signs.items() if flags}


_SIGNS = (
    select(Episode.id, ToldAnswer.cell)
    .join(Intake, Intake.episode_id == Episode.id)
    .join(ToldAnswer, ToldAnswer.intake_id == Intake.id)
    .where(
        Episode.stage.in_(OPEN_STAGES),
        Intake.finished_at.is_(None),
        ToldAnswer.question == RED_FLAGS,
        ToldAnswer.said.in_([Told.ANSWERED, Told.UNCLEAR]),
        ToldAnswer.outcome.is_(None),
    )
)
