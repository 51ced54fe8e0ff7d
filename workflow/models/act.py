"""What a person did in a scan's grid, act by act, so that it can be undone; only ever added to."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Json, Numbered, Utc, Word
from workflow.models.staff import Staff


class ActKind(StrEnum):
    """What an act was: something done, something taken back, or a value that was not taken."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"
    CONFLICT = "conflict"


class Act(Numbered, Base):
    """One act of one person: the edits it made, first to last, and the act it took back.

    A conflict makes no edit; its `detail` holds the cell with the value that was not taken.
    """

    __tablename__ = "acts"
    __frozen__ = True

    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    kind: Mapped[ActKind] = mapped_column(Word(ActKind))
    of_id: Mapped[int | None] = mapped_column(ForeignKey("acts.id"))
    first_edit: Mapped[int] = mapped_column(default=0)
    last_edit: Mapped[int] = mapped_column(default=0)
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Utc)

    by: Mapped[Staff] = relationship()
