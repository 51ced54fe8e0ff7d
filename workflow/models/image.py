"""The key images of a scan: which picture, of which site, and whether the report prints it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflow.domain.anatomy import Leg, segment_name
from workflow.models.base import Base, Numbered, Utc, Versioned, Word
from workflow.models.exam import Exam
from workflow.models.staff import Staff


class KeyImage(Numbered, Versioned, Base):
    """One picture of one site; its bytes are a stored file, named by their SHA-256."""

    __tablename__ = "images"
    __table_args__ = (
        UniqueConstraint("exam_id", "file_sha256"),
        CheckConstraint("kind IN ('jpeg', 'png')", name="kind"),
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    ordinal: Mapped[int]
    leg: Mapped[Leg] = mapped_column(Word(Leg))
    segment: Mapped[str]
    caption: Mapped[str] = mapped_column(default="")
    in_report: Mapped[bool] = mapped_column(default=False)
    file_sha256: Mapped[str]
    file_size: Mapped[int]
    kind: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime] = mapped_column(Utc)

    exam: Mapped[Exam] = relationship()
    added_by: Mapped[Staff] = relationship()

    @property
    def site(self) -> str:
        """Return leg and site in words: 'Right great saphenous, mid thigh'."""
        name = segment_name(self.segment)
        return f"{self.leg.word.capitalize()} {name[:1].lower()}{name[1:]}"

    @property
    def words(self) -> str:
        """Return what the picture shows, for whoever cannot see it."""
        return f"{self.site}. {self.caption}" if self.caption else f"{self.site}."


def images_of(session: Session, exam: Exam) -> tuple[KeyImage, ...]:
    """Return the images of a scan in the order they were put in."""
    rows = select(KeyImage).where(KeyImage.exam_id == exam.id)
    return tuple(session.scalars(rows.order_by(KeyImage.ordinal, KeyImage.id)))
