"""A Wellness Ultrasound and what was recorded in it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.domain.anatomy import Leg
from workflow.domain.case import read_reading, write_reading
from workflow.domain.exam import ExamStatus
from workflow.domain.findings import Compressibility, Position, Purpose, Reading, Thrombus
from workflow.models.base import Base, Hundredths, Json, Numbered, Utc, Versioned, Word
from workflow.models.patient import Episode
from workflow.models.staff import Staff

CELLS = ("reflux_ms", "diameter_mm", "compressibility", "thrombus")
"""The columns of the grid; every other key of a reading lives in `detail`."""


class Exam(Numbered, Versioned, Base):
    """One scan of one episode, from its order to its signed report."""

    __tablename__ = "exams"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 10 AND 240", name="minutes"),
        CheckConstraint("legs IN ('R', 'L', 'both')", name="legs"),
        Index("ix_exams_starts_at", "starts_at"),
        Index("ix_exams_status", "status"),
    )

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose), default=Purpose.REFLUX)
    legs: Mapped[str] = mapped_column(default="both")
    indication: Mapped[str] = mapped_column(default="")
    status: Mapped[ExamStatus] = mapped_column(Word(ExamStatus), default=ExamStatus.ORDERED)
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ordered_at: Mapped[datetime] = mapped_column(Utc)
    starts_at: Mapped[datetime | None] = mapped_column(Utc)
    minutes: Mapped[int] = mapped_column(default=45)
    room: Mapped[str] = mapped_column(default="")
    scanned_at: Mapped[datetime | None] = mapped_column(Utc)
    sonographer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    position: Mapped[Position | None] = mapped_column(Word(Position))
    manoeuvres: Mapped[list[str]] = mapped_column(Json, default=list)
    limitations: Mapped[str] = mapped_column(default="")
    comparison: Mapped[str] = mapped_column(default="")
    incomplete_reason: Mapped[str] = mapped_column(default="")
    impression: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    drafted: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    typed: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    extra: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    episode: Mapped[Episode] = relationship()
    ordered_by: Mapped[Staff] = relationship(foreign_keys=[ordered_by_id])
    sonographer: Mapped[Staff | None] = relationship(foreign_keys=[sonographer_id])
    findings: Mapped[list["Finding"]] = relationship(
        back_populates="exam", order_by="Finding.ordinal", cascade="all, delete-orphan"
    )


class Finding(Numbered, Base):
    """One reading, kept exactly as the rules see it: a site of a leg, or a repeat of that site."""

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("exam_id", "leg", "segment", "repeat"),
        CheckConstraint("reflux_ms BETWEEN 0 AND 20000", name="reflux_ms"),
        CheckConstraint("diameter_mm BETWEEN 50 AND 4000", name="diameter_mm"),
        CheckConstraint("repeat BETWEEN 1 AND 9", name="repeat"),
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    ordinal: Mapped[int]
    leg: Mapped[Leg] = mapped_column(Word(Leg))
    segment: Mapped[str]
    repeat: Mapped[int] = mapped_column(default=1)
    reflux_ms: Mapped[int | None]
    diameter_mm: Mapped[Decimal | None] = mapped_column(Hundredths)
    compressibility: Mapped[Compressibility | None] = mapped_column(Word(Compressibility))
    thrombus: Mapped[Thrombus | None] = mapped_column(Word(Thrombus))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    exam: Mapped[Exam] = relationship(back_populates="findings")

    @property
    def site_key(self) -> str:
        """Return the row's name in the grid: 'R.AASV', or 'R.AASV-2' for a second site."""
        again = "" if self.repeat == 1 else f"-{self.repeat}"
        return f"{self.leg.value}.{self.segment}{again}"

    @property
    def as_case(self) -> dict[str, Any]:
        """Return the reading as a case file writes it."""
        return {
            "leg": self.leg.value,
            "segment": self.segment,
            "reflux_ms": self.reflux_ms,
            "diameter_mm": None if self.diameter_mm is None else _number(self.diameter_mm),
            "compressibility": self.compressibility and self.compressibility.value,
            "thrombus": self.thrombus and self.thrombus.value,
            **self.detail,
        }

    @property
    def reading(self) -> Reading:
        """Return the value the rules take."""
        return read_reading(self.as_case, "finding")

    @reading.setter
    def reading(self, value: Reading) -> None:
        self.take(write_reading(value))

    def take(self, row: Mapping[str, Any]) -> None:
        """Fill the columns from a reading as a case file writes it; the caller has validated it."""
        value = read_reading(row, "finding")
        self.leg, self.segment = value.leg, value.segment
        self.reflux_ms, self.diameter_mm = value.reflux_ms, value.diameter_mm
        self.compressibility, self.thrombus = value.compressibility, value.thrombus
        self.detail = {k: v for k, v in row.items() if k not in {"leg", "segment", *CELLS}}


def _number(value: Decimal) -> int | float:
    """Return a JSON number that prints as the decimal does."""
    return int(value) if value == value.to_integral_value() else float(value)
