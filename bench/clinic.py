"""Fill an invented clinic once, and ask for its pages in this process as a browser would."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import Client

from tests import factories, scans, servers
from tests.browser import Browser
from tests.journeys.rooms import database as scratch
from workflow import clock, create_app, home
from workflow.accounts.demo import DEMO_PASSWORD
from workflow.domain.anatomy import REQUIRED, Leg
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.installation import Kind
from workflow.seed import bulk
from workflow.settings import Settings
from workflow.ultrasound import sites

PATIENTS = 4000
"""As many as it takes for the board to be full: one in ten is on the pathway."""

FINDINGS = 60
Answer = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Clinic:
    """A served demo clinic, a signed-in physician's cookie, and a patient with 60 findings."""

    app: Flask
    file: Path
    cookie: str
    patient_id: int

    def page(self, path: str) -> Answer:
        """Return a function that asks for a page; it raises where the page does not open."""
        return asking(self.app, path, self.cookie)


def asking(app: Callable[..., object], path: str, cookie: str = "", status: int = 200) -> Answer:
    """Return a function that makes a request, has it answered through WSGI, and reads it whole."""
    headers = {"Cookie": cookie} if cookie else {}
    client = Client(app, use_cookies=False)  # type: ignore[arg-type]

    def answer() -> bytes:
        answered = client.get(path, base_url="http://127.0.0.1:8000", headers=headers)
        if answered.status_code != status:
            raise RuntimeError(f"{path}: {answered.status}")
        return bytes(answered.data)

    answer()
    return answer


def hello() -> Answer:
    """Return the yardstick of pages: a bare Flask hello-world, asked for in the same way."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "Hello")
    return asking(app, "/")


def filled(database: str, patients: int) -> Flask:
    """Return a demo clinic of so many invented patients, on 'sqlite' or 'postgresql'."""
    return _filled(database, patients)[0]


def _filled(database: str, patients: int) -> tuple[Flask, Settings]:
    app, settings = _opened(database)
    with app.app_context():
        bulk.fill(db.engine, settings.files, patients, now=clock.now(), told=lambda *_: None)
    return app, settings


def _opened(database: str) -> tuple[Flask, Settings]:
    at = Path(tempfile.mkdtemp(prefix="bench-"))
    atexit.register(shutil.rmtree, at, ignore_errors=True)
    url = f"sqlite:///{at}/home/data/clinic.db"
    if database == "postgresql":
        url = servers.create_database(_server(), at.name.replace("-", "_"))
    settings = Settings(home=at / "home", database_url=url, testing=True)
    home.prepare(settings, Kind.DEMO, clock.now())
    return create_app(settings), settings


@functools.cache
def _server() -> str:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(servers.postgresql())


@functools.cache
def clinic() -> Clinic:
    """Return the clinic that every row of the pages is measured in."""
    app, settings = _filled("sqlite", PATIENTS)
    with scratch(settings) as session:
        patient_id = _sixty_findings(session)
    app.test_client_class = Browser
    browser = app.test_client()
    if not isinstance(browser, Browser):
        raise TypeError("The app was given another browser.")
    form = browser.page("/sign-in").form("sign-in")
    browser.send(form, username="physician", password=DEMO_PASSWORD)
    browser.page("/")  # gives the cookie of its forms, which every later page is asked with
    held = [browser.get_cookie(name) for name in ("sid", "form")]
    cookie = "; ".join(f"{each.key}={each.value}" for each in held if each is not None)
    return Clinic(app, settings.home / "data" / "clinic.db", cookie, patient_id)


def _sixty_findings(session: Session) -> int:
    exam = scans.scanning(session, "Sixty Sample")
    by = factories.staff(session, Role.SONOGRAPHER)
    added = ("TRIB", "PERF_TH", "PERF_PT")
    for number in range(FINDINGS // 2 - len(REQUIRED)):
        for leg in Leg:
            sites.add_site(session, exam, leg, added[number % 3], by=by, at=clock.now())
    session.commit()
    sited = [(leg.value, code) for leg in Leg for code in REQUIRED]
    sited += [(finding.leg.value, finding.segment) for finding in exam.findings]
    scans.typed(
        session, exam, **{f"{leg}.{code}.reflux_ms": str(700 + i) for i, (leg, code) in
                          enumerate(sited)}
    )  # fmt: skip
    session.refresh(exam)
    if len(exam.findings) != FINDINGS:
        raise RuntimeError(f"The chart holds {len(exam.findings)} findings, not {FINDINGS}.")
    return exam.episode.patient_id
