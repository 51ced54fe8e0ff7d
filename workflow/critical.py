"""Raise a critical finding, and say how far word of it has come (§8.4).

Nothing here commits. The flag on the episode says that one is open; the steps say since when, and
the communication log says who was told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Row, bindparam, select
from sqlalchemy.orm import Session

from workflow import progress
from workflow.domain.clinic import Clinic
from workflow.domain.escalation import Call, Escalation, escalation, ladder
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.notice import CriticalNotice
from workflow.models.staff import Staff

RAISED, CLEARED = "critical", "critical_handled"
"""The steps that record a critical finding, and what was decided about it."""

Step = TypeVar("Step", StepTaken, Row[Any])
"""A step of the history: its row as an object, or the columns of it that a board asks for."""


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


def decided(session: Session, exam: Exam, findings: Sequence[str]) -> frozenset[str]:
    """Return which of these findings of a scan a physician has decided on, and none since."""
    if not findings or exam.episode.critical:
        return frozenset()
    steps = steps_of(session, exam)
    if not steps or steps[-1].step != CLEARED:
        return frozenset()
    raised = " ".join(step.note for step in steps if step.step == RAISED)
    return frozenset(finding for finding in findings if finding in raised)


def _since_cleared(steps: Sequence[Step]) -> list[Step]:
    cleared = max((at for at, step in enumerate(steps) if step.step == CLEARED), default=-1)
    return [step for step in steps[cleared + 1 :] if step.step == RAISED]


def progress_of(
    clinic: Clinic, notices: Iterable[CriticalNotice | Row[Any]], *, since: datetime, now: datetime
) -> Escalation:
    """Return how far an open finding has come; only what was logged after it was raised counts."""
    calls = tuple(Call(n.told_to, n.told_at, n.read_back) for n in notices if n.at >= since)
    return escalation(ladder(clinic), calls, since=since, now=now)


def escalations(
    session: Session, since: Mapping[int, datetime], clinic: Clinic, *, now: datetime
) -> dict[int, Escalation]:
    """Return how far the open findings of these episodes have come, in two queries at most.

    `since` says of each episode since when it stands where it is, for a finding without a step.
    """
    if not since:
        return {}
    steps: dict[int, list[Row[Any]]] = {each: [] for each in since}
    calls: dict[int, list[Row[Any]]] = {each: [] for each in since}
    for statement, kept in ((_STEPS, steps), (_CALLS, calls)):
        for row in session.connection().execute(statement, {"episodes": list(since)}):
            kept[row.episode_id].append(row)
    return {
        each: progress_of(
            clinic,
            calls[each],
            since=next((step.at for step in _since_cleared(steps[each])), since[each]),
            now=now,
        )
        for each in since
    }


_EPISODES: BindParameter[int] = bindparam("episodes", expanding=True)
_STEPS = (
    select(StepTaken.episode_id, StepTaken.step, StepTaken.at)
    .where(StepTaken.episode_id.in_(_EPISODES), StepTaken.step.in_([RAISED, CLEARED]))
    .order_by(StepTaken.id)
)
_CALLS = (
    select(
        *(Exam.episode_id, CriticalNotice.at),
        *(CriticalNotice.told_to, CriticalNotice.told_at, CriticalNotice.read_back),
    )
    .join(Exam, Exam.id == CriticalNotice.exam_id)
    .where(Exam.episode_id.in_(_EPISODES))
    .order_by(CriticalNotice.id)
)
# Asked for with every board, as plain columns by statements made once.
