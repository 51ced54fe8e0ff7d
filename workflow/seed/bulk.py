"""Fill a demo with as many invented patients as are asked for, the same ones for the same seed.

Most have been discharged and were read on paper before the clinic kept its records here; a few
hundred stand on the pathway now. A handful walk it by the real actions, so that signed reports,
plans and papers are there as well.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from workflow import database
from workflow.domain.errors import Refused
from workflow.domain.pathway import Stage
from workflow.models.clinic import clinic_in_force
from workflow.models.installation import Installation, Kind
from workflow.seed import names
from workflow.seed.batch import Batch
from workflow.seed.believable import OPEN, invented
from workflow.seed.calendar import Calendar
from workflow.seed.demo import open_clinic, staff_of
from workflow.seed.people import Person
from workflow.seed.walk import Walk

A_BATCH = 5000
MOST_OPEN = 400
MOST_SIGNED = 16
SEED = 1

ONLY_A_DEMO = (
    "This is a clinic with real patients. Invented ones are added to a demo only: "
    "use another CLINIC_HOME."
)
_SIGNED = (Stage.READ, Stage.PLAN_DRAFTED, Stage.PLAN_DRAFTED, Stage.PLAN_APPROVED,
           Stage.PLAN_DECLINED, Stage.CONSENTED, Stage.SESSIONS, Stage.FOLLOW_UP)  # fmt: skip

Told = Callable[[int, int], None]


def fill(
    engine: Engine, folder: Path, patients: int, *, now: datetime, told: Told, seed: int = SEED
) -> None:
    """Add so many invented patients to a demo, or raise Refused; `folder` takes the papers."""
    with database.glance(engine) as session:
        if session.scalar(select(Installation.kind)) is not Kind.DEMO:
            raise Refused(ONLY_A_DEMO)
    open_clinic(engine, now=now)
    random, done = Random(seed), 0
    signed = min(MOST_SIGNED, patients // 20)
    waiting = min(MOST_OPEN, patients // 10) - signed
    for order in range(signed):
        _walk(engine, folder, random, order, now)
    words: set[str] = set()
    for batch in _batches(patients - signed):
        with database.transaction(engine) as session:
            _take_many(session)
            opens = max(0, min(len(batch), waiting - done))
            Batch(session, random, now, words).write(opens, len(batch) - opens)
        done += len(batch)
        told(done + signed, patients)


def _take_many(session: Session) -> None:
    """Have PostgreSQL plan the checks of signed rows for tables that grow under them.

    The plan of a check is kept from when its table was empty, and reads it whole for every row.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL statement_timeout = '5min'"))
        session.execute(text("DISCARD PLANS"))


def _batches(count: int) -> Iterator[range]:
    for first in range(0, count, A_BATCH):
        yield range(first, min(count, first + A_BATCH))


def _walk(engine: Engine, folder: Path, random: Random, order: int, now: datetime) -> None:
    """Take one invented patient past the signature by the actions that people take."""
    drawn = invented(random, OPEN, now, closed=False)
    person = Person(
        name=names.full_name(drawn.sex, random),
        sex=drawn.sex,
        born=drawn.born,
        phone=drawn.phone,
        right="gsv",
        left=drawn.left,
        reached=_SIGNED[order % len(_SIGNED)],
        days=random.randrange(1, 9),
    )
    with database.transaction(engine) as session:
        calendar = Calendar(now, ZoneInfo(clinic_in_force(session).zone))
        Walk(session, staff_of(session), calendar, folder, person, order).go()
