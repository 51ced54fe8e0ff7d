"""The criteria the clinic reads scans by, one row a version."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Json, Numbered, Utc
from workflow.models.staff import Staff


class Criteria(Numbered, Base):
    """One version of the threshold profile and the limits; the newest is in force.

    Version 1 is the clinical reference itself and has no row, so the first row is version 2.
    """

    __tablename__ = "criteria"
    __frozen__ = True
    version: Mapped[int] = mapped_column(unique=True)
    profile: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Utc)

    by: Mapped[Staff] = relationship()
