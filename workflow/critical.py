"""Raise a critical finding, and say how far word of it has come (§8.4).

Nothing here commits. The flag on the episode says that one is open; the steps say since when, and
the communication log says who was told.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import progress
from workflow.domain.clinic import Clinic
from workflow.domain.escalation import Call, Escalation, escalation, ladder
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.notice import CriticalNotice
from workflow.models.patient import Episode
from workflow.models.staff import Staff

RAISED, CLEARED = "critical", "critical_handled"
"""The steps that record a critical finding, and what was decided about it."""


@dataclass(frozen=True, slots=True)
class Open:
    """A critical finding that nobody has decided on yet: what it is, and since when."""

    findings: tuple[str, ...]
    since: datetime


def raise_finding(
    session: Session, exam: Exam, findings: Iterable[str], *, by: Staff, at: datetime
) -> None:
    """Flag the episode where a finding is new to it; one that was raised before is not repeated."""
    raised = " ".join(step.note for step in steps_of(session, exam) if step.step == RAISED)
    fresh = [finding for finding in findings if finding not in raised]
    if not fresh:
        return
    exam.episode.critical = True
    progress.taken(
        session,
        exam.episode,
        "exam",
        exam.id,
        RAISED,
        "Critical finding",
        before=exam.status.value,
        after=exam.status.value,
        by=by,
        at=at,
        note=" ".join(fresh),
    )


def steps_of(session: Session, exam: Exam) -> tuple[StepTaken, ...]:
    """Return what was raised and decided of a scan while it was this episode's, in order."""
    steps = select(StepTaken).where(
        StepTaken.episode_id == exam.episode_id,
        StepTaken.subject == "exam",
        StepTaken.subject_id == exam.id,
        StepTaken.step.in_([RAISED, CLEARED]),
    )
    return tuple(session.scalars(steps.order_by(StepTaken.id)))


def open_finding(session: Session, exam: Exam) -> Open | None:
    """Return the finding of a scan that is open, or None where the episode carries no flag."""
    if not exam.episode.critical:
        return None
    found = _since_cleared(steps_of(session, exam))
    since = found[0].at if found else exam.episode.since
    return Open(tuple(step.note for step in found), since)


def _since_cleared(steps: Sequence[StepTaken]) -> list[StepTaken]:
    cleared = max((at for at, step in enumerate(steps) if step.step == CLEARED), default=-1)
    return [step for step in steps[cleared + 1 :] if step.step == RAISED]


def progress_of(
    clinic: Clinic, notices: Iterable[CriticalNotice], *, since: datetime, now: datetime
) -> Escalation:
    """Return how far an open finding has come; only what was logged after it was raised counts."""
    calls = tuple(Call(n.told_to, n.told_at, n.read_back) for n in notices if n.at >= since)
    return escalation(ladder(clinic), calls, since=since, now=now)


def escalations(
    session: Session, episode_ids: Collection[int], clinic: Clinic, *, now: datetime
) -> dict[int, Escalation]:
    """Return how far each of these episodes' open findings has come, in three queries at most."""
    if not episode_ids:
        return {}
    steps: dict[int, list[StepTaken]] = {each: [] for each in episode_ids}
    rows = select(StepTaken).where(
        StepTaken.episode_id.in_(episode_ids), StepTaken.step.in_([RAISED, CLEARED])
    )
    for step in session.scalars(rows.order_by(StepTaken.id)):
        steps[step.episode_id].append(step)
    notices = _notices(session, episode_ids)
    since = dict(
        session.execute(select(Episode.id, Episode.since).where(Episode.id.in_(episode_ids)))
        .tuples()
        .all()
    )
    return {
        each: progress_of(
            clinic,
            notices[each],
            since=next((step.at for step in _since_cleared(steps[each])), since[each]),
            now=now,
        )
        for each in episode_ids
    }


def _notices(session: Session, episode_ids: Collection[int]) -> dict[int, list[CriticalNotice]]:
    found: dict[int, list[CriticalNotice]] = {each: [] for each in episode_ids}
    rows = select(Exam.episode_id, CriticalNotice).join(Exam, Exam.id == CriticalNotice.exam_id)
    for episode_id, notice in session.execute(
        rows.where(Exam.episode_id.in_(episode_ids))
    ).tuples():
        found[episode_id].append(notice)
    return found
