"""Scans at each state, reached by taking the steps that lead there."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from workflow import clock, progress
from workflow.domain.exam import ExamStep
from workflow.domain.findings import Purpose
from workflow.domain.staff import Role
from workflow.intake.actions import register
from workflow.intake.identity import Identity
from workflow.models.exam import Exam
from workflow.models.patient import Episode
from workflow.models.staff import Staff
from workflow.ultrasound import actions, recording

INDICATION = "Right calf cramps at night, heaviness."
ROOM = "Scan room 1"


def an_episode(session: Session, name: str = "Anna Sample", *, finished: bool = True) -> Episode:
    """A patient whose intake is finished, or only begun."""
    by, at = factories.staff(session, Role.FRONT_DESK), clock.now()
    episode = register(
        session,
        Identity(name=name, born=date(1961, 3, 12), sex="F"),
        reason="Leg cramps",
        on=date(2026, 5, 4),
        by=by,
        at=at,
    )
    if finished:
        episode.intake.answers = {
            "cramps": {
                "present": True,
                "side": "R",
                "site": "calf",
                "timing": "night",
                "frequency": "3-6/wk",
            },
            "symptoms": {"R": ["cramps", "heaviness"], "L": []},
        }
        episode.intake.clinical = {"R": {"c": ["C2"], "symptomatic": True}}
        episode.intake.finished_at, episode.intake.finished_by_id = at, by.id
        session.flush()
        progress.restage(session, episode, at=at)
    session.commit()
    return episode


def ordered(session: Session, name: str = "Anna Sample", **asked: Any) -> Exam:
    """A scan that has no time yet."""
    order = {"purpose": Purpose.REFLUX, "legs": "both", "indication": INDICATION, **asked}
    episode = an_episode(session, name)
    exam = actions.order(session, episode, by=sonographer(session), at=clock.now(), **order)
    session.commit()
    return exam


def scheduled(
    session: Session,
    name: str = "Anna Sample",
    *,
    starts: datetime | None = None,
    room: str = ROOM,
    minutes: int = 45,
    **asked: Any,
) -> Exam:
    """A scan with a time; tomorrow at this hour unless told otherwise."""
    exam = ordered(session, name, **asked)
    actions.schedule(
        session,
        exam,
        starts=starts or clock.now() + timedelta(days=1),
        minutes=minutes,
        room=room,
        by=sonographer(session),
        at=clock.now(),
        seen=exam.revision,
    )
    session.commit()
    return exam


def arrived(session: Session, name: str = "Anna Sample", **asked: Any) -> Exam:
    """A scan whose patient is here; asked as `scheduled` is."""
    exam = scheduled(session, name, **asked)
    _step(session, exam, ExamStep.CHECK_IN)
    return exam


def scanning(session: Session, name: str = "Anna Sample", **asked: Any) -> Exam:
    """A scan that is running, in which nothing is recorded yet."""
    exam = arrived(session, name, **asked)
    _step(session, exam, ExamStep.START)
    return exam


def typed(session: Session, exam: Exam, **cells: str) -> recording.Outcome:
    """Type into the grid as the sonographer: `typed(session, exam, **{"R.SFJ.reflux_ms": "0"})`."""
    outcome = recording.save_grid(
        session,
        exam,
        cells,
        seen=progress.last_edit(session, recording.SUBJECT, exam.id),
        by=sonographer(session),
        at=clock.now(),
    )
    session.commit()
    return outcome


def sonographer(session: Session) -> Staff:
    """The sonographer of these tests."""
    return factories.staff(session, Role.SONOGRAPHER)


def _step(session: Session, exam: Exam, step: ExamStep) -> None:
    by = sonographer(session)
    actions.take_step(session, step, exam, by=by, at=clock.now(), seen=exam.revision)
    session.commit()
