"""A copy of the demo clinic that also holds what a fresh one lacks, so that every page opens."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.journeys.conftest import Served, serving
from tests.journeys.scans import records
from tests.pictures import a_picture
from workflow import clock, files, links
from workflow.accounts import links as password_links
from workflow.accounts import referrers
from workflow.accounts.actions import add_staff, suspend
from workflow.accounts.demo import DEMO_PASSWORD
from workflow.domain.anatomy import Leg
from workflow.domain.exam import ExamStatus
from workflow.domain.papernumber import number_of
from workflow.domain.pathway import Stage
from workflow.domain.staff import Role
from workflow.intake import merging
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.link import Way
from workflow.models.patient import Episode
from workflow.models.referrer import Referrer
from workflow.models.staff import Staff
from workflow.papers.sending import link_key
from workflow.picture import read_picture
from workflow.planning import actions as planning
from workflow.review import actions as reviewing
from workflow.review import after
from workflow.ultrasound import images


@dataclass(frozen=True)
class Furnished:
    """A served clinic, and what opens the addresses that no row's number opens."""

    served: Served
    password_token: str
    link_token: str
    born: tuple[int, int, int]
    """Day, month and year of the birth date that opens the patient's link."""
    paper_number: str
    referred: int
    """An episode whose intake nobody has begun."""


@contextmanager
def furnished(demo: Served, folder: Path, environ: dict[str, str]) -> Iterator[Furnished]:
    """Serve the copy, and leave the demo clinic itself as it is for the other journeys."""
    home = folder / "home"
    shutil.copytree(demo.home, home)
    environ = {**environ, "CLINIC_HOME": str(home)}
    waiting = Served(f"http://127.0.0.1:{environ['PORT']}", home, "", environ)
    with records(waiting) as session:
        _add_people(session)
        _add_work(session)
        _add_settings(session)
        told = _add_secrets(session, waiting)
    with serving(environ, folder / "server.log") as url:
        yield replace(told, served=replace(waiting, url=url))


def _who(session: Session, username: str) -> Staff:
    return session.scalars(select(Staff).where(Staff.username == username)).one()


def _exams(session: Session, status: ExamStatus) -> list[Exam]:
    return list(session.scalars(select(Exam).where(Exam.status == status).order_by(Exam.id)))


def _first(session: Session, stage: Stage) -> Episode:
    rows = select(Episode).where(Episode.stage == stage).order_by(Episode.id).limit(1)
    return session.scalars(rows).one()


def _add_people(session: Session) -> None:
    desk, admin = _who(session, "frontdesk"), _who(session, "admin")
    at = clock.now()
    away = add_staff(
        session,
        username="away",
        name="TEST Away",
        credentials="",
        role=Role.FRONT_DESK,
        password=DEMO_PASSWORD,
        by=admin,
        at=at,
    )
    suspend(session, away, reason="On leave", seen=away.revision, by=admin, at=at)
    one, other = session.scalars(
        select(Episode).where(Episode.stage == Stage.INTAKE_DONE).order_by(Episode.id)
    ).all()[:2]
    merging.ask(session, one.patient, other.patient, reason="The same phone", by=desk, at=at)
    session.flush()


def _add_work(session: Session) -> None:
    """Begin a reading, an amendment and a second plan; void a scan; add an image."""
    physician, sonographer = _who(session, "physician"), _who(session, "sonographer")
    at = clock.now()
    reading = _exams(session, ExamStatus.PRELIMINARY)[-1]
    reviewing.start(session, reading, by=physician, at=at, seen=reading.revision)
    running = _exams(session, ExamStatus.SCANNING)[0]
    picture = read_picture(a_picture())
    sha256 = files.put(current_app.config["SETTINGS"].files, picture.content)
    told = images.Told(Leg.RIGHT, "GSV_MT", "TEST picture", in_report=True)
    images.add(session, running, picture, sha256, told, by=sonographer, at=at)
    *_, amended, void = _exams(session, ExamStatus.FINAL)
    for exam, act, why in (
        (amended, after.amend, "A value was misread."),
        (void, after.declare_void, "The legs were swapped."),
    ):
        seen = after.signed_report(session, exam).version
        act(session, exam, why, by=physician, at=at, seen=seen)
    planning.draft(session, _first(session, Stage.AUTHORISED), by=physician, at=at)
    session.flush()


def _add_settings(session: Session) -> None:
    admin, at = _who(session, "admin"), clock.now()
    entry = {
        "name": "Dr. TEST Example",
        "practice": "Example Practice",
        "phone": "",
        "email": "",
        "active": True,
    }
    referrers.keep(session, Referrer(), entry, by=admin, at=at)
    session.flush()


def _add_secrets(session: Session, served: Served) -> Furnished:
    admin, desk, at = _who(session, "admin"), _who(session, "frontdesk"), clock.now()
    password_token = password_links.make(session, desk, by=admin, at=at)
    episode = _first(session, Stage.CONSENTED)
    key = link_key()
    link = links.make(session, episode, Way.PRINTED, key, by=desk, at=at)
    session.flush()
    born = episode.patient.born
    return Furnished(
        served,
        password_token,
        links.token_of(link.nonce, key),
        (born.day, born.month, born.year),
        number_of(session.scalars(select(IssuedDocument.digest)).first() or ""),
        _first(session, Stage.REFERRED).id,
    )
