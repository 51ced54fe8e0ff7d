"""What happened to a thing, step by step and cell by cell; rows are only ever added."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Day, Numbered, Utc
from workflow.models.staff import Staff


class StepTaken(Numbered, Base):
    """One step of an intake, a scan, a plan or the care that follows it."""

    __tablename__ = "steps_taken"
    __frozen__ = True
    __table_args__ = (Index("ix_steps_taken_subject", "subject", "subject_id"),)

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), index=True)
    subject: Mapped[str]
    subject_id: Mapped[int]
    step: Mapped[str]
    label: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(default="")
    next_on: Mapped[date | None] = mapped_column(Day)
    # Where the episode stood until this step, and since when: what a step undone goes back to.
    stood_at: Mapped[str | None]
    stood_since: Mapped[datetime | None] = mapped_column(Utc)

    by: Mapped[Staff] = relationship()


class Edit(Numbered, Base):
    """One cell of a grid or a form, changed: who, when, before and after.

    The id orders edits; it is the version a person saw when they typed, so that two people's
    changes to different cells merge and to the same cell are both shown.
    """

    __tablename__ = "edits"
    __frozen__ = True
    __table_args__ = (Index("ix_edits_subject_cell", "subject", "subject_id", "cell"),)

    subject: Mapped[str]
    subject_id: Mapped[int]
    cell: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Utc)

    by: Mapped[Staff] = relationship()
