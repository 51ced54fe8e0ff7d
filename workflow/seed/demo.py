"""Decide what a demo clinic holds, and fill it once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from workflow import cases, database
from workflow.accounts.demo import add_demo_staff
from workflow.domain.case import loads
from workflow.domain.clinic import Clinic, write_clinic
from workflow.domain.entry import folded
from workflow.domain.staff import Role
from workflow.models.base import yes
from workflow.models.clinic import ClinicSettings
from workflow.models.patient import Patient
from workflow.models.staff import Staff
from workflow.seed.calendar import Calendar
from workflow.seed.people import CASES, PEOPLE, Person
from workflow.seed.walk import Walk

_CASES = Path(__file__).parent / "cases"
DEMO_CLINIC = Clinic(address="1 Example Street\nNew York, NY 10001", phone="212 555 0100")

Told = Callable[[int, int], None]


def is_full(engine: Engine) -> bool:
    """Say whether a demo holds all its people; one that was cut short does not."""
    with database.glance(engine) as session:
        held = session.scalar(select(func.count(Patient.id))) or 0
    return held >= len(PEOPLE) + len(CASES)


def _silent(done: int, of: int) -> None:
    """Tell nobody."""


def fill(
    engine: Engine,
    folder: Path,
    *,
    now: datetime,
    people: Sequence[Person] = PEOPLE,
    site: str = "",
    told: Told = _silent,
) -> None:
    """Add the demo's staff, cases and people; each whole, in a transaction of its own.

    `folder` takes the papers; `site` is where the demo is reached. Somebody who is there already
    is passed over, so that a demo that was cut short is completed.
    """
    open_clinic(engine, now=now, site=site)
    steps = len(CASES) + len(people)
    for done, name in enumerate(CASES, start=1):
        with database.transaction(engine) as session:
            text = (_CASES / f"{name}.json").read_text(encoding="utf-8")
            data = loads(text)
            if isinstance(data, dict):
                cases.import_case(session, data, at=now)
        told(done, steps)
    calendar = Calendar(now, ZoneInfo(DEMO_CLINIC.zone))
    for order, person in enumerate(people):
        with database.transaction(engine) as session:
            if not _is_here(session, person.name):
                Walk(session, staff_of(session), calendar, folder, person, order).go()
        told(len(CASES) + order + 1, steps)


def open_clinic(engine: Engine, *, now: datetime, site: str = "") -> None:
    """Add the demo's staff and settings, once; `site` is where the demo is reached."""
    with database.transaction(engine) as session:
        if session.scalar(select(Staff.id).limit(1)) is None:
            add_demo_staff(session, physician=DEMO_CLINIC.physician, at=now)
            body = write_clinic(replace(DEMO_CLINIC, site=site))
            session.add(ClinicSettings(body=body, by_id=None, at=now))


def _is_here(session: Session, name: str) -> bool:
    key = f" {folded(name)} "
    return session.scalar(select(Patient.id).where(Patient.name_key == key)) is not None


def staff_of(session: Session) -> dict[Role, Staff]:
    """Return one person of each role who works at the demo."""
    return {staff.role: staff for staff in session.scalars(select(Staff).where(yes(Staff.active)))}
