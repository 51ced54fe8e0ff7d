"""Two records that are said to be one person: asked for, decided, and perhaps undone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.domain.merging import MergeStatus
from workflow.models.base import Base, Json, Numbered, Utc, Versioned, Word
from workflow.models.patient import Patient
from workflow.models.staff import Staff

IN_FORCE = "status IN ('asked', 'merged')"


class Merge(Numbered, Versioned, Base):
    """One request to keep one record of two. `moved` are the episodes that went over."""

    __tablename__ = "merges"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="two_records"),
        Index(
            "uq_merges_in_force",
            "merged_id",
            unique=True,
            sqlite_where=text(IN_FORCE),
            postgresql_where=text(IN_FORCE),
        ),
    )

    kept_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    status: Mapped[MergeStatus] = mapped_column(Word(MergeStatus), default=MergeStatus.ASKED)
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(Utc)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(default="")
    moved: Mapped[list[int]] = mapped_column(Json, default=list)

    kept: Mapped[Patient] = relationship(foreign_keys=[kept_id])
    merged: Mapped[Patient] = relationship(foreign_keys=[merged_id])
    asked_by: Mapped[Staff] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Staff | None] = relationship(foreign_keys=[decided_by_id])
