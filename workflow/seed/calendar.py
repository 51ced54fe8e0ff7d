"""Decide when everything in the demo happened, counted back from now."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.domain.pathway import Stage

OPENS, CLOSES = time(8), time(16)
_SLOT = timedelta(minutes=45)
_FRIDAY = 4
TODAY = 8
"""People of the demo listed before this one are booked for today, the others for the next day."""

GAPS = {
    Stage.REFERRED: timedelta(0),
    Stage.INTAKE_DONE: timedelta(hours=3),
    Stage.SCHEDULED: timedelta(hours=20),
    Stage.ARRIVED: timedelta(days=4),
    Stage.SCANNING: timedelta(minutes=9),
    Stage.TO_READ: timedelta(minutes=38),
    Stage.READ: timedelta(hours=21),
    Stage.PLAN_DRAFTED: timedelta(minutes=18),
    Stage.PLAN_APPROVED: timedelta(hours=4),
    Stage.PLAN_DECLINED: timedelta(hours=4),
    Stage.CONSENTED: timedelta(days=2),
    Stage.AUTHORISED: timedelta(days=6),
    Stage.SESSIONS: timedelta(days=2),
    Stage.FOLLOW_UP: timedelta(days=8),
    Stage.DISCHARGED: timedelta(days=30),
}
"""How long after the stage before it each stage is entered."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The demo's clock: the clinic's present moment, always within its working hours."""

    now: datetime
    zone: ZoneInfo

    @property
    def present(self) -> datetime:
        """Return now, or the last moment before it at which the clinic was at work."""
        here = self.now.astimezone(self.zone)
        if here.time() < OPENS:
            here = datetime.combine(here.date() - timedelta(days=1), CLOSES, self.zone)
        elif here.time() > CLOSES:
            here = datetime.combine(here.date(), CLOSES, self.zone)
        return here

    def entered(self, reached: Stage, days: int, order: int) -> dict[Stage, datetime]:
        """Return when each stage up to `reached` was entered; the last one `days` ago."""
        minutes = 12 + 7 * (order % 5) + (45 if reached is Stage.SCANNING else 0)
        last = self.present - timedelta(days=days, minutes=minutes)
        moments, at = {}, last
        for stage in reversed(_path(reached)):
            moments[stage] = at
            at -= GAPS[stage]
        return moments

    def slot(self, reached: Stage, arrived: datetime | None, order: int) -> datetime:
        """Return when the scan of somebody who has come so far is booked for."""
        if arrived is not None:
            return _five(arrived + timedelta(minutes=6))
        later = _five(self.present + _SLOT * (1 + order % 2))
        if reached is Stage.SCHEDULED and later > self.now and order < TODAY:
            return later
        return datetime.combine(self._next_day, time(9), self.zone) + _SLOT * order

    @property
    def _next_day(self) -> date:
        """Return the first weekday on which the clinic has yet to open."""
        here = self.now.astimezone(self.zone)
        day = here.date() + timedelta(days=0 if here.time() < OPENS else 1)
        return day + timedelta(days=7 - day.weekday() if day.weekday() > _FRIDAY else 0)


def _path(reached: Stage) -> list[Stage]:
    after_plan = Stage.PLAN_DECLINED if reached is Stage.PLAN_DECLINED else Stage.PLAN_APPROVED
    skipped = {Stage.PLAN_APPROVED, Stage.PLAN_DECLINED} - {after_plan}
    path = [stage for stage in GAPS if stage not in skipped]
    return path[: path.index(reached) + 1]


def _five(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute - moment.minute % 5, second=0, microsecond=0)
