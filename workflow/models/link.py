"""The links by which patients open their papers, and each try to open one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Numbered, Utc, Word
from workflow.models.patient import Episode
from workflow.models.staff import Staff


class Way(StrEnum):
    """How a link reaches the patient."""

    MAIL = "mail"
    PRINTED = "printed"


class PatientLink(Numbered, Base):
    """One link to the papers of one episode.

    The token itself is never stored: it is derived from `nonce` with a key kept outside the
    database, and found again by its hash.
    """

    __tablename__ = "patient_links"

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), index=True)
    way: Mapped[Way] = mapped_column(Word(Way))
    nonce: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    openings: Mapped[int] = mapped_column(default=0)
    wrong_dates: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    episode: Mapped[Episode] = relationship()
    made_by: Mapped[Staff] = relationship(foreign_keys=made_by_id)
    tries: Mapped[list["LinkTry"]] = relationship(back_populates="link", order_by="LinkTry.id")


class Outcome(StrEnum):
    """What came of a try."""

    OPENED = "opened"
    WRONG = "wrong"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class LinkTry(Numbered, Base):
    """One try to open a link; an opened one is also the patient's session, kept by its hash."""

    __tablename__ = "link_tries"
    __table_args__ = (Index("ix_link_tries_at_outcome", "at", "outcome"),)

    link_id: Mapped[int | None] = mapped_column(ForeignKey("patient_links.id"), index=True)
    at: Mapped[datetime] = mapped_column(Utc)
    address: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    session_hash: Mapped[str | None] = mapped_column(unique=True)
    ends_at: Mapped[datetime | None] = mapped_column(Utc)

    link: Mapped[PatientLink | None] = relationship(back_populates="tries")
