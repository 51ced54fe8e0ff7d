"""Keep who works here, their sign-ins, and the attempts that failed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.domain.staff import Role
from workflow.models.base import Base, Numbered, Versioned, Word


class Staff(Numbered, Versioned, Base):
    """A member of staff; never deleted, only suspended."""

    __tablename__ = "staff"

    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    credentials: Mapped[str]
    role: Mapped[Role] = mapped_column(Word(Role))
    password_hash: Mapped[str]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    suspended_because: Mapped[str | None]

    @property
    def printed(self) -> str:
        """The name as a document prints it: 'Ana Sample, RVT'."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class SignIn(Numbered, Base):
    """One browser's sign-in. The cookie itself is never stored, only its SHA-256.

    `passed_at` is empty while only the password was given and a second factor is still awaited.
    """

    __tablename__ = "sign_ins"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    address: Mapped[str]
    browser: Mapped[str]

    staff: Mapped[Staff] = relationship()


class FailedSignIn(Base):
    """How often a password was wrong for one person from one address, lately."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (CheckConstraint("failures > 0", name="failures"),)

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class PasswordLink(Numbered, Base):
    """A one-time link to choose a new password. The link is never stored, only its SHA-256."""

    __tablename__ = "password_links"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
