"""The people the clinic looks after, and their episodes of care."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflow.domain.pathway import Care, Stage
from workflow.models.base import Base, Day, Flag, Json, Numbered, Utc, Versioned, Word
from workflow.models.installation import Installation, Kind
from workflow.models.staff import Staff


class Patient(Numbered, Versioned, Base):
    """A person with a record number; one full name, kept as written, and a folded search key.

    `paper_name` is the spelling that papers print in place of a name no embedded font can set.
    """

    __tablename__ = "patients"
    __table_args__ = (
        CheckConstraint("sex IN ('F', 'M', 'X')", name="sex"),
        CheckConstraint("language IN ('en', 'es')", name="language"),
        Index("ix_patients_name_key", "name_key"),
        Index("ix_patients_born", "born"),
    )

    record_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str]
    called: Mapped[str] = mapped_column(default="")
    paper_name: Mapped[str] = mapped_column(default="", server_default="")
    sex: Mapped[str]
    born: Mapped[date] = mapped_column(Day)
    phone: Mapped[str] = mapped_column(default="")
    phone_key: Mapped[str] = mapped_column(default="", index=True)
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[datetime] = mapped_column(Utc)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)

    episodes: Mapped[list["Episode"]] = relationship(
        back_populates="patient", order_by="Episode.id"
    )


class Episode(Numbered, Versioned, Base):
    """One problem of one patient, from referral to discharge."""

    __tablename__ = "episodes"
    __table_args__ = (Index("ix_episodes_stage_since", "stage", "since"),)

    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(unique=True)
    case_digest: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    referred_by: Mapped[str] = mapped_column(default="")
    as_of: Mapped[date] = mapped_column(Day)
    extra: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    stage: Mapped[Stage] = mapped_column(Word(Stage), default=Stage.REFERRED)
    care: Mapped[Care] = mapped_column(Word(Care), default=Care.NONE)
    since: Mapped[datetime] = mapped_column(Utc)
    critical: Mapped[bool] = mapped_column(Flag, default=False)
    next_on: Mapped[date | None] = mapped_column(Day)
    created_at: Mapped[datetime] = mapped_column(Utc)

    patient: Mapped[Patient] = relationship(back_populates="episodes")
    intake: Mapped["Intake"] = relationship(back_populates="episode", uselist=False)


class Intake(Numbered, Versioned, Base):
    """What the patient was asked and what the clinician saw, in the form of the case file.

    `answers` and `clinical` hold only values the rules can take. `typed` keeps, word for word,
    what was typed into a field and not understood yet, so that nothing typed is lost.
    """

    __tablename__ = "intakes"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    clinical: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    typed: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    finished_at: Mapped[datetime | None] = mapped_column(Utc)
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    episode: Mapped[Episode] = relationship(back_populates="intake")
    finished_by: Mapped[Staff | None] = relationship()


FIRST_NUMBER = 10_001


def next_record_number(session: Session) -> str:
    """Return the record number after the highest one: W10001, W10002, … (D in a demo clinic).

    Two that race get the same answer; the table's UNIQUE refuses the second, who asks again.
    """
    installation = session.get(Installation, 1)
    letter = "D" if installation is not None and installation.kind is Kind.DEMO else "W"
    highest = session.scalar(
        select(Patient.record_number)
        .where(Patient.record_number.like(f"{letter}%"))
        .order_by(func.length(Patient.record_number).desc(), Patient.record_number.desc())
        .limit(1)
    )
    return f"{letter}{int(highest[1:]) + 1 if highest else FIRST_NUMBER}"
