"""Decide where a patient stands on the pathway, and how long they may wait there.

The stage of an episode is computed from the facts of its intake, scan, plan and care (clinical
reference §8.1), and stored in the same transaction as the fact that changed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from workflow.domain.exam import ExamStatus
from workflow.domain.plan import PlanStatus
from workflow.domain.staff import Role


class Stage(StrEnum):
    """A column of the board."""

    REFERRED = "referred"
    INTAKE_DONE = "intake_done"
    SCHEDULED = "scheduled"
    ARRIVED = "arrived"
    SCANNING = "scanning"
    TO_READ = "to_read"
    READ = "read"
    PLAN_DRAFTED = "plan_drafted"
    PLAN_APPROVED = "plan_approved"
    PLAN_DECLINED = "plan_declined"
    CONSENTED = "consented"
    AUTHORISED = "authorised"
    SESSIONS = "sessions"
    FOLLOW_UP = "follow_up"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"


class Care(StrEnum):
    """What has happened since the plan: the part of the pathway that moves by dated notes."""

    NONE = "none"
    CONSENTED = "consented"
    AUTHORISED = "authorised"
    SESSIONS = "sessions"
    FOLLOW_UP = "follow_up"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """What the pathway looks at: the newest scan that still counts, and the newest plan.

    plan_problem: why the plan may not be gone by now, as a full sentence, or empty. critical: a
    critical finding is open.
    """

    status: Care = Care.NONE
    intake_finished: bool = False
    exam: ExamStatus | None = None
    plan: PlanStatus | None = None
    session_booked: bool = False
    plan_problem: str = ""
    critical: bool = False


_SCAN_STAGE = {
    ExamStatus.ORDERED: Stage.INTAKE_DONE,
    ExamStatus.NO_SHOW: Stage.INTAKE_DONE,
    ExamStatus.CANCELLED: Stage.INTAKE_DONE,
    ExamStatus.SCHEDULED: Stage.SCHEDULED,
    ExamStatus.ARRIVED: Stage.ARRIVED,
    ExamStatus.SCANNING: Stage.SCANNING,
    ExamStatus.PRELIMINARY: Stage.TO_READ,
    ExamStatus.IN_REVIEW: Stage.TO_READ,
    ExamStatus.FINAL: Stage.READ,
}
_PLAN_STAGE = {
    PlanStatus.DRAFT: Stage.PLAN_DRAFTED,
    PlanStatus.SUBMITTED: Stage.PLAN_DRAFTED,
    PlanStatus.RETURNED: Stage.PLAN_DRAFTED,
    PlanStatus.APPROVED: Stage.PLAN_APPROVED,
    PlanStatus.PATIENT_DECLINED: Stage.PLAN_DECLINED,
    PlanStatus.SUPERSEDED: Stage.READ,
}


def stage(episode: EpisodeFacts) -> Stage:
    """Return the column of the board an episode stands in."""
    if episode.status is not Care.NONE:
        return Stage(episode.status.value)
    if episode.plan is not None and episode.exam is ExamStatus.FINAL:
        return _PLAN_STAGE[episode.plan]
    if episode.exam is not None and (
        episode.intake_finished or _SCAN_STAGE[episode.exam] is not Stage.INTAKE_DONE
    ):
        return _SCAN_STAGE[episode.exam]
    return Stage.INTAKE_DONE if episode.intake_finished else Stage.REFERRED


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whom a stage waits for, and for what, in the words of a card."""

    role: Role
    what: str


WAITS = {
    Stage.REFERRED: Waiting(Role.FRONT_DESK, "intake to finish"),
    Stage.INTAKE_DONE: Waiting(Role.FRONT_DESK, "scan to book"),
    Stage.SCHEDULED: Waiting(Role.FRONT_DESK, "patient to arrive"),
    Stage.ARRIVED: Waiting(Role.SONOGRAPHER, "scan to start"),
    Stage.SCANNING: Waiting(Role.SONOGRAPHER, "scan to finish"),
    Stage.TO_READ: Waiting(Role.PHYSICIAN, "report to sign"),
    Stage.READ: Waiting(Role.PHYSICIAN, "plan to draft"),
    Stage.PLAN_DRAFTED: Waiting(Role.PHYSICIAN, "plan to approve"),
    Stage.PLAN_APPROVED: Waiting(Role.FRONT_DESK, "consent to record"),
    Stage.PLAN_DECLINED: Waiting(Role.PHYSICIAN, "discharge or a new plan"),
    Stage.CONSENTED: Waiting(Role.FRONT_DESK, "authorisation to record"),
    Stage.AUTHORISED: Waiting(Role.FRONT_DESK, "session to book"),
    Stage.SESSIONS: Waiting(Role.PHYSICIAN, "session to record"),
    Stage.FOLLOW_UP: Waiting(Role.PHYSICIAN, "follow-up to complete"),
}

STAGE_WORDS = {
    Stage.REFERRED: "Referred",
    Stage.INTAKE_DONE: "Intake done",
    Stage.SCHEDULED: "Scheduled",
    Stage.ARRIVED: "Arrived",
    Stage.SCANNING: "Scanning",
    Stage.TO_READ: "To read",
    Stage.READ: "Read",
    Stage.PLAN_DRAFTED: "Plan drafted",
    Stage.PLAN_APPROVED: "Plan approved",
    Stage.PLAN_DECLINED: "Plan declined",
    Stage.CONSENTED: "Consented",
    Stage.AUTHORISED: "Authorised",
    Stage.SESSIONS: "Sessions",
    Stage.FOLLOW_UP: "Follow-up",
    Stage.DISCHARGED: "Discharged",
    Stage.CANCELLED: "Cancelled",
    Stage.TRANSFERRED: "Transferred",
}

OPEN_STAGES = tuple(WAITS)
"""The stages the board shows, in the order of the pathway."""

_SATURDAY = 5


def working_days(
    since: datetime, now: datetime, zone: ZoneInfo, closed: Collection[date] = ()
) -> int:
    """Count the working days that ended between two instants, in the clinic's zone.

    Working days are Mondays to Fridays on which the clinic is not `closed`; a Friday evening to a
    Monday morning is one.
    """
    day, last = since.astimezone(zone).date(), now.astimezone(zone).date()
    return sum(1 for d in _days(day, last) if d.weekday() < _SATURDAY and d not in closed)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days)]


class Ageing(StrEnum):
    """How a wait looks on the board."""

    FRESH = "fresh"
    AMBER = "amber"
    RED = "red"


def ageing(at: Stage, days: int, *, interpret_days: int, final_days: int) -> Ageing:
    """Say whether a wait of so many working days is within the clinic's limits (§8.2).

    A scan to read turns amber when it has waited `interpret_days` and red at `final_days`; every
    other stage turns amber at twice and red at four times `final_days`.
    """
    amber, red = final_days * 2, final_days * 4
    if at is Stage.TO_READ:
        amber, red = interpret_days, final_days
    if at in {Stage.SCHEDULED, Stage.SESSIONS, Stage.FOLLOW_UP}:  # these wait for a date on purpose
        return Ageing.FRESH
    if days >= red:
        return Ageing.RED
    return Ageing.AMBER if days >= amber else Ageing.FRESH
