"""Keep what this database is: a demo or a clinic, and the key it belongs to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Word


class Kind(StrEnum):
    """Invented patients and real ones never share a database."""

    DEMO = "demo"
    CLINIC = "clinic"


class Installation(Base):
    """The one row that says so."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    key_fingerprint: Mapped[str]
    created_at: Mapped[datetime]
    setup_token_hash: Mapped[str | None]
