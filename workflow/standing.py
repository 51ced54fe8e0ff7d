"""Say of each signed report whether it stands, is amended, or is void: computed, never stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from workflow.domain.exam import ExamStatus
from workflow.domain.report import STANDS, ReportStatus, report_status
from workflow.models.exam import Exam
from workflow.models.report import Amendment, Void


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one signed scan stands, and the rows that say so."""

    status: ReportStatus = ReportStatus.FINAL
    amendment: Amendment | None = None
    void: Void | None = None

    @property
    def stands(self) -> bool:
        """Say whether the clinic may go by this report."""
        return self.status in STANDS

    @property
    def sentence(self) -> str:
        """Return what a page says over this report, or '' where nothing speaks against it."""
        if self.void is not None:
            return f"This scan was declared void by {self.void.by.printed}: {self.void.reason}"
        if self.amendment is None:
            return ""
        reason = f"Reason: {self.amendment.reason}"
        if self.status is ReportStatus.AMENDED:
            return f"The report was amended; the amendment takes its place. {reason}"
        return f"The report is being amended by {self.amendment.by.printed}. {reason}"


IN_FORCE = Standing()
"""Where a report stands that nothing speaks against."""


def standings(session: Session, exam_ids: Iterable[int]) -> Mapping[int, Standing]:
    """Return where each of these signed scans stands, in two queries."""
    wanted = list(dict.fromkeys(exam_ids))
    if not wanted:
        return {}
    voids = {
        void.exam_id: void
        for void in session.scalars(
            select(Void).options(joinedload(Void.by)).where(Void.exam_id.in_(wanted))
        )
    }
    amendments = {
        row.amends_id: row
        for row in session.scalars(
            select(Amendment)
            .options(joinedload(Amendment.exam), joinedload(Amendment.by))
            .join(Amendment.exam)
            .where(Amendment.amends_id.in_(wanted), Exam.status != ExamStatus.CANCELLED)
            .order_by(Amendment.id)
        )
    }
    return {at: _standing(voids.get(at), amendments.get(at)) for at in wanted}


def _standing(void: Void | None, amendment: Amendment | None) -> Standing:
    signed = amendment is not None and amendment.exam.status is ExamStatus.FINAL
    status = report_status(
        void=void is not None, amended=signed, amending=amendment is not None and not signed
    )
    return Standing(status, amendment, void)


def standing(session: Session, exam_id: int) -> Standing:
    """Return where one signed scan stands."""
    return standings(session, [exam_id])[exam_id]


def amendment_of(session: Session, exam_id: int) -> Amendment | None:
    """Return why this scan was begun as the corrected copy of a signed one, or None."""
    return session.scalars(select(Amendment).where(Amendment.exam_id == exam_id)).first()


def still_counts() -> ColumnElement[bool]:
    """Return the condition that a scan is neither cancelled, void, nor replaced by an amendment."""
    later = aliased(Exam)
    return ~or_(
        Exam.status == ExamStatus.CANCELLED,
        exists().where(Void.exam_id == Exam.id),
        exists().where(
            Amendment.amends_id == Exam.id,
            later.id == Amendment.exam_id,
            later.status == ExamStatus.FINAL,
        ),
    )
