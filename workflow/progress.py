"""Move a thing along its table of steps, and write down who moved it.

Nothing here commits; the caller does. The step, its history row, its audit row and the stage of
the episode are one transaction.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow import audit, criteria
from workflow.domain import protocol
from workflow.domain.anatomy import Leg
from workflow.domain.edits import Merged, merge
from workflow.domain.exam import ExamFacts
from workflow.domain.pathway import EpisodeFacts, stage
from workflow.domain.plan import PlanStatus
from workflow.domain.protocol import Missing
from workflow.domain.recorded import read_exam
from workflow.models.exam import Exam
from workflow.models.history import Edit, StepTaken
from workflow.models.patient import Episode
from workflow.models.plan import Plan
from workflow.models.staff import Staff
from workflow.standing import amendment_of, still_counts


def newest_exam(session: Session, episode: Episode) -> Exam | None:
    """Return the episode's newest scan that was not cancelled, voided or replaced."""
    return session.scalars(
        select(Exam)
        .where(Exam.episode_id == episode.id, still_counts())
        .order_by(Exam.id.desc())
        .limit(1)
    ).first()


def newest_plan(session: Session, episode: Episode) -> Plan | None:
    """Return the episode's newest plan version."""
    return session.scalars(
        select(Plan).where(Plan.episode_id == episode.id).order_by(Plan.version.desc()).limit(1)
    ).first()


def episode_facts(session: Session, episode: Episode) -> EpisodeFacts:
    """Gather what the pathway looks at."""
    exam, plan = newest_exam(session, episode), newest_plan(session, episode)
    return EpisodeFacts(
        status=episode.care,
        intake_finished=episode.intake.finished_at is not None,
        exam=exam.status if exam else None,
        plan=plan.status if plan and plan.status is not PlanStatus.SUPERSEDED else None,
        session_booked=_session_booked(session, episode),
    )


def scanned_legs(exam: Exam) -> tuple[Leg, ...]:
    """Return the legs the scan was ordered for."""
    return tuple(leg for leg in Leg if exam.legs in {"both", leg.value})


def missing(session: Session, exam: Exam) -> tuple[Missing, ...]:
    """Return what the protocol asks for and the scan does not hold (§1.7)."""
    part = read_exam(
        {
            "purpose": exam.purpose.value,
            "position": exam.position and exam.position.value,
            "manoeuvres": exam.manoeuvres,
            "segments": [finding.as_case for finding in exam.findings],
        }
    )
    return protocol.missing(part, scanned_legs(exam), criteria.read_by(session, exam))


def exam_facts(session: Session, exam: Exam) -> ExamFacts:
    """Gather what the steps of a scan look at."""
    return ExamFacts(
        status=exam.status,
        has_time=exam.starts_at is not None,
        intake_finished=exam.episode.intake.finished_at is not None,
        readings=len(exam.findings),
        missing=len(missing(session, exam)),
        incomplete_reason=exam.incomplete_reason,
        impression=all(exam.impression.get(leg, "").strip() for leg in scanned_legs(exam)),
        amends=amendment_of(session, exam.id) is not None,
    )


def _session_booked(session: Session, episode: Episode) -> bool:
    last = session.scalars(
        select(StepTaken.step)
        .where(
            StepTaken.episode_id == episode.id,
            StepTaken.subject == "care",
            StepTaken.step.in_(["book_session", "session_done", "abandon"]),
        )
        .order_by(StepTaken.id.desc())
        .limit(1)
    ).first()
    return last == "book_session"


def taken(
    session: Session,
    episode: Episode,
    subject: str,
    subject_id: int,
    step: str,
    label: str,
    *,
    before: str,
    after: str,
    by: Staff,
    at: datetime,
    note: str = "",
    next_on: date | None = None,
) -> None:
    """Append the history and audit rows of one step, and put the episode in its stage."""
    session.add(
        StepTaken(
            episode_id=episode.id,
            subject=subject,
            subject_id=subject_id,
            step=step,
            label=label,
            before=before,
            after=after,
            by_id=by.id,
            at=at,
            note=note.strip(),
            next_on=next_on,
            stood_at=episode.stage.value if episode.stage else None,
            stood_since=episode.since,
        )
    )
    audit.record(
        session,
        f"{subject}.{step}",
        subject,
        subject_id,
        by=by,
        at=at,
        patient_id=episode.patient_id,
        reason=note.strip(),
        detail={"before": before, "after": after},
    )
    session.flush()
    restage(session, episode, at=at)


def restage(session: Session, episode: Episode, *, at: datetime) -> None:
    """Store the episode's stage, and since when, if it changed."""
    now = stage(episode_facts(session, episode))
    if now is not episode.stage:
        episode.stage = now
        episode.since = at


def merge_edits(
    session: Session,
    subject: str,
    subject_id: int,
    mine: Mapping[str, str],
    now: Mapping[str, str],
    *,
    seen: int,
) -> Merged:
    """Merge typed cells with those changed after edit `seen`, which the page was read at."""
    later = session.scalars(
        select(Edit)
        .where(Edit.subject == subject, Edit.subject_id == subject_id, Edit.id > seen)
        .order_by(Edit.id.desc())
    )
    before = {**now, **{edit.cell: edit.before for edit in later}}
    return merge(mine, before, now)


def last_edit(session: Session, subject: str, subject_id: int) -> int:
    """Return the id of the newest edit of a thing; a page carries it as what was seen."""
    return (
        session.scalar(
            select(func.max(Edit.id)).where(Edit.subject == subject, Edit.subject_id == subject_id)
        )
        or 0
    )


def edited(
    session: Session,
    subject: str,
    subject_id: int,
    changes: Mapping[str, tuple[str, str]],
    *,
    patient_id: int,
    by: Staff,
    at: datetime,
) -> None:
    """Append an edit a cell (before, after), and one audit row over all of them."""
    if not changes:
        return
    session.add_all(
        Edit(
            subject=subject,
            subject_id=subject_id,
            cell=cell,
            before=before,
            after=after,
            by_id=by.id,
            at=at,
        )
        for cell, (before, after) in changes.items()
    )
    audit.record(
        session,
        f"{subject}.edit",
        subject,
        subject_id,
        by=by,
        at=at,
        patient_id=patient_id,
        detail={cell: list(pair) for cell, pair in changes.items()},
    )
