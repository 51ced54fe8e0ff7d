"""What became of a signed report: the amendment that takes its place, and its being void."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Numbered, Utc
from workflow.models.exam import Exam
from workflow.models.staff import Staff


class Amendment(Numbered, Base):
    """A scan (`exam`) that was begun as a corrected copy of a signed one, and why."""

    __tablename__ = "amendments"
    __frozen__ = True

    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), unique=True)
    amends_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Utc)

    exam: Mapped[Exam] = relationship(foreign_keys=[exam_id])
    amends: Mapped[Exam] = relationship(foreign_keys=[amends_id])
    by: Mapped[Staff] = relationship()


class Void(Numbered, Base):
    """A signed scan that was declared void: it stays readable, and nothing may rest on it."""

    __tablename__ = "voids"
    __frozen__ = True

    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), unique=True)
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Utc)

    exam: Mapped[Exam] = relationship()
    by: Mapped[Staff] = relationship()
