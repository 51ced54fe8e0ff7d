"""The clinic's own settings, one row a version."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ForeignKey, Text, select, type_coerce
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
    body = session.connection().execute(_NEWEST).scalar()
    return _read(body) if body else Clinic()


_NEWEST = select(type_coerce(ClinicSettings.body, Text)).order_by(ClinicSettings.id.desc()).limit(1)


@lru_cache(maxsize=64)
def _read(body: str) -> Clinic:
    return read_clinic(json.loads(body))
