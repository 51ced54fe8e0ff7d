"""The clinic's own settings, one row a version."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.domain.clinic import Clinic, read_clinic
from workflow.models.base import Base, Json, Numbered, Utc


class ClinicSettings(Numbered, Base):
    """One version of the settings; the newest is in force and no version is changed."""

    __tablename__ = "clinic_settings"
    __frozen__ = True
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Utc)


def clinic_in_force(session: Session) -> Clinic:
    """Return the newest version of the settings, or the defaults where none was saved."""
    newest = session.scalars(select(ClinicSettings).order_by(ClinicSettings.id.desc()).limit(1))
    row = newest.first()
    return read_clinic(row.body) if row else Clinic()
