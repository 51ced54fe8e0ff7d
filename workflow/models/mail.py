"""The mail that must leave the clinic, each row until it is taken by the server or given up."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Numbered, Utc
from workflow.models.link import PatientLink


class OutgoingMail(Numbered, Base):
    """One message to one address; its text is made when it is sent and is never stored.

    `message_id` stays the same through every attempt, so that a message whose acceptance was not
    heard is recognised by whoever receives it twice.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_due", "not_before", "sent_at", "given_up_at"),)

    link_id: Mapped[int] = mapped_column(ForeignKey("patient_links.id"), unique=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    to_address: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Utc)
    not_before: Mapped[datetime] = mapped_column(Utc)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(Utc)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    given_up_at: Mapped[datetime | None] = mapped_column(Utc)
    last_error: Mapped[str] = mapped_column(default="")

    link: Mapped[PatientLink] = relationship()
