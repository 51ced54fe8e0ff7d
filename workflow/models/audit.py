"""Keep the audit log: one chained row for each thing done or read, never changed again."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base

CHANGES = "action <> 'read'"
"""The lines that tell of a change, or of someone who came or went."""


class AuditRow(Base):
    """One line of the log. `hash` covers every other column but `mac`, which signs it."""

    __tablename__ = "audit_log"
    __frozen__ = True
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("outcome IN ('ok', 'denied', 'error')", name="outcome"),
        # What the log's reader asks by; each ends in the number, which is the order it reads in.
        Index("ix_audit_log_actor_id_seq", "actor_id", "seq"),
        Index("ix_audit_log_action_seq", "action", "seq"),
        Index("ix_audit_log_at_seq", "at", "seq"),
        # The newest change, however much was read after it.
        Index(
            "ix_audit_log_changes",
            "seq",
            sqlite_where=text(CHANGES),
            postgresql_where=text(CHANGES),
        ),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    # No foreign keys: the log outlives what it speaks of.
    actor_id: Mapped[int | None]
    actor: Mapped[str]
    role: Mapped[str]
    sign_in_id: Mapped[int | None]
    address: Mapped[str]
    action: Mapped[str]
    entity_type: Mapped[str]
    entity_id: Mapped[str]
    patient_id: Mapped[int | None] = mapped_column(index=True)
    outcome: Mapped[str]
    reason: Mapped[str]
    detail_digest: Mapped[str]
    prev_hash: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)
    mac: Mapped[str]


class AuditDetail(Base):
    """What changed, beside the log: the chain holds its digest, so content may be erased by law."""

    __tablename__ = "audit_details"
    __frozen__ = True

    digest: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
