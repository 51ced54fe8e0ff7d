"""The communication log of a critical finding: who told whom, how and when (§8.4)."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflow.domain.escalation import Means
from workflow.models.base import Base, Numbered, Utc, Word
from workflow.models.exam import Exam
from workflow.models.staff import Staff


class CriticalNotice(Numbered, Base):
    """One time somebody was told of a scan's critical finding. No row is ever changed."""

    __tablename__ = "critical_notices"
    __frozen__ = True

    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    finding: Mapped[str]
    told_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    told_to: Mapped[str]
    method: Mapped[Means] = mapped_column(Word(Means))
    told_at: Mapped[datetime] = mapped_column(Utc)
    read_back: Mapped[bool]
    patient_told: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Utc)

    told_by: Mapped[Staff] = relationship()


def notices_of(session: Session, exam: Exam) -> tuple[CriticalNotice, ...]:
    """Return the communication log of a scan, the earliest call first."""
    rows = select(CriticalNotice).where(CriticalNotice.exam_id == exam.id)
    return tuple(session.scalars(rows.order_by(CriticalNotice.told_at, CriticalNotice.id)))
