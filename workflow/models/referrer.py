"""Keep who refers patients to the clinic, so that a name is picked and not typed anew."""

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session

from workflow.models.base import Base, Numbered, Versioned, yes

MOST_OFFERED = 300


class Referrer(Numbered, Versioned, Base):
    """Someone who refers patients; kept when they no longer do, and then not offered."""

    __tablename__ = "referrers"

    name: Mapped[str]
    practice: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    active: Mapped[bool]
    name_key: Mapped[str]

    __table_args__ = (Index("ix_referrers_name_key", "name_key"),)

    @property
    def printed(self) -> str:
        """The name as a referral carries it: 'Dr. P. Example, Example Practice'."""
        return f"{self.name}, {self.practice}" if self.practice else self.name


def offered(session: Session) -> list[str]:
    """Return the referrers to pick from, as they are printed, by name."""
    known = select(Referrer).where(yes(Referrer.active)).order_by(Referrer.name_key)
    return [each.printed for each in session.scalars(known.limit(MOST_OFFERED))]
