"""Documents as they were issued: the frozen value, its digest, and the bytes' address."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Numbered, Utc
from workflow.models.patient import Episode
from workflow.models.staff import Staff


class IssuedDocument(Numbered, Base):
    """One version of one document. No row is ever changed or removed."""

    __tablename__ = "documents"
    __frozen__ = True
    __table_args__ = (UniqueConstraint("episode_id", "kind", "version"),)

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), index=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    kind: Mapped[str]
    version: Mapped[int]
    snapshot: Mapped[str]
    digest: Mapped[str]
    case: Mapped[str]
    file_sha256: Mapped[str]
    file_size: Mapped[int]
    template: Mapped[str]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    signer_name: Mapped[str]
    signer_credentials: Mapped[str]
    meaning: Mapped[str]
    method: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(Utc)
    zone: Mapped[str]
    anchor_seq: Mapped[int]
    anchor_hash: Mapped[str]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    reason: Mapped[str] = mapped_column(default="")

    episode: Mapped[Episode] = relationship()
    signed_by: Mapped[Staff] = relationship()
