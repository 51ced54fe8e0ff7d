"""Keep each person's second factor: its sealed secret, and recovery codes as keyed hashes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Numbered


class SecondFactor(Base):
    """One person's authenticator. Both secrets are sealed (see `workflow.sealing`).

    `pending` was shown and is not proven yet; `last_step` is the last 30-second step whose code was
    taken, so that a code that was seen is worthless.
    """

    __tablename__ = "second_factors"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    secret: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None]
    pending: Mapped[str | None]
    failures: Mapped[int]
    failed_at: Mapped[datetime | None]


class RecoveryCode(Numbered, Base):
    """One of a person's recovery codes, good once."""

    __tablename__ = "recovery_codes"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
