"""A treatment plan, tied vein by vein to the signed finding it rests on."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.domain.anatomy import Leg
from workflow.domain.plan import PlanStatus
from workflow.models.base import Base, Flag, Numbered, Utc, Versioned, Word
from workflow.models.document import IssuedDocument
from workflow.models.patient import Episode
from workflow.models.staff import Staff


class Plan(Numbered, Versioned, Base):
    """One version of what the clinic and the patient mean to do."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("episode_id", "version"),)

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), index=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    version: Mapped[int]
    status: Mapped[PlanStatus] = mapped_column(Word(PlanStatus), default=PlanStatus.DRAFT)
    rationale: Mapped[str] = mapped_column(default="")
    against: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)

    episode: Mapped[Episode] = relationship()
    report: Mapped[IssuedDocument] = relationship()
    created_by: Mapped[Staff] = relationship()
    items: Mapped[list["PlanItem"]] = relationship(
        back_populates="plan", order_by="PlanItem.ordinal", cascade="all, delete-orphan"
    )
    reasons: Mapped[list["PlanReason"]] = relationship(
        back_populates="plan", order_by="PlanReason.alert", cascade="all, delete-orphan"
    )


class PlanItem(Numbered, Base):
    """One treatment of one vein of one leg, and the session it belongs to."""

    __tablename__ = "plan_items"
    __table_args__ = (CheckConstraint("session BETWEEN 1 AND 9", name="session"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    ordinal: Mapped[int]
    leg: Mapped[Leg] = mapped_column(Word(Leg))
    vein: Mapped[str | None]
    modality: Mapped[str]
    session: Mapped[int] = mapped_column(default=1)
    finding: Mapped[str] = mapped_column(default="")
    off_label: Mapped[bool] = mapped_column(Flag, default=False)
    offered: Mapped[bool] = mapped_column(Flag, default=True)

    plan: Mapped[Plan] = relationship(back_populates="items")


class PlanReason(Numbered, Base):
    """Why the plan goes against one alert: the alert as it was worded, and the reason."""

    __tablename__ = "plan_reasons"
    __table_args__ = (UniqueConstraint("plan_id", "alert"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    alert: Mapped[str]
    says: Mapped[str]
    reason: Mapped[str]

    plan: Mapped[Plan] = relationship(back_populates="reasons")
