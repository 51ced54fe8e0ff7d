"""Move care on after a plan is approved: dated moves, each with a note and a next appointment.

Nothing here commits; the caller does.
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow import progress
from workflow.domain.care import CARE, CareStep
from workflow.domain.entry import paragraphs
from workflow.domain.errors import Refused
from workflow.domain.pathway import Care, EpisodeFacts
from workflow.domain.plan import PlanStatus
from workflow.models.clinic import clinic_in_force
from workflow.models.history import StepTaken
from workflow.models.patient import Episode
from workflow.models.staff import Staff
from workflow.planning import actions
from workflow.plans import facts as plan_facts

CHANGED = (
    "Something else was recorded for this episode after you opened it, so nothing was saved. "
    "Read what happened; what you typed is still below."
)
NEEDS_A_DATE = "Give the session its date."
ENDS = frozenset({CareStep.DISCHARGE, CareStep.CANCEL, CareStep.TRANSFER, CareStep.DECEASED})


class Changed(Refused):
    """The episode moved on after it was read."""


def last_step(session: Session, episode: Episode) -> int:
    """Return the number of the last step of the episode; a page carries it as what was seen."""
    newest = select(func.max(StepTaken.id)).where(StepTaken.episode_id == episode.id)
    return session.scalar(newest) or 0


def take_care_step(
    session: Session,
    step: CareStep,
    episode: Episode,
    *,
    by: Staff,
    at: datetime,
    seen: int,
    note: str = "",
    next_on: date | None = None,
) -> None:
    """Record one move and the next appointment, or raise Refused.

    `next_on` is a day in the clinic's zone, today or later; a move that ends the episode takes the
    next appointment away.
    """
    session.refresh(episode, with_for_update=True)
    if last_step(session, episode) != seen:
        raise Changed(CHANGED)
    note = paragraphs(note, longest=1000, name="The note")
    before = episode.care
    after = CARE.take(step, care_facts(session, episode), by.role, note)
    if step is CareStep.BOOK_SESSION and next_on is None:
        raise Refused(NEEDS_A_DATE)
    _refuse_a_past_day(session, next_on, at)
    episode.care = Care(after)
    episode.next_on = None if step in ENDS else next_on
    progress.taken(
        session,
        episode,
        "care",
        episode.id,
        step.value,
        CARE.rules[step].label,
        before=before.value,
        after=episode.care.value,
        by=by,
        at=at,
        note=note,
        next_on=episode.next_on,
    )
    if step is CareStep.PLAN_AGAIN:
        actions.draft(session, episode, by=by, at=at)


def care_facts(session: Session, episode: Episode) -> EpisodeFacts:
    """Gather what the moves after a plan look at: an approved plan must still hold today."""
    plan = progress.newest_plan(session, episode)
    problem = ""
    if plan is not None and plan.status is PlanStatus.APPROVED:
        at = plan_facts(session, plan)
        problem = at.report or at.stale
    return replace(
        progress.episode_facts(session, episode), plan_problem=problem, critical=episode.critical
    )


def _refuse_a_past_day(session: Session, on: date | None, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(clinic_in_force(session).zone)).date()
    if on is not None and on < today:
        raise Refused("The next appointment lies in the past. Check the date.")


def history(session: Session, episode: Episode) -> list[StepTaken]:
    """Return what happened with the plan and the care, the newest first."""
    return list(
        session.scalars(
            select(StepTaken)
            .where(StepTaken.episode_id == episode.id, StepTaken.subject.in_(["plan", "care"]))
            .order_by(StepTaken.id.desc())
        )
    )
