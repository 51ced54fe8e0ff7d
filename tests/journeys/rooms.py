"""Give a journey a scan that is running, served, with sonographers who open it in real browsers.

The server can be stopped for a while, killed and started again, as power cuts and updates do.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests import factories, scans, servers
from tests.conftest import Built
from tests.journeys.conftest import PROJECT
from workflow import clock, create_app
from workflow.domain.exam import ExamStatus
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.exam import Exam, Finding
from workflow.models.installation import Kind
from workflow.models.staff import SignIn
from workflow.settings import Settings

ROUNDS = 20 if os.environ.get("TRUST") == "1" else 1
"""How often each fault is tried; `make trust` tries each twenty times, and waits in full."""

SECOND = "secondsono"


def wait_s(full: float, short: float) -> float:
    """Return how long a fault lasts: in full for `make trust`, shorter in the suite."""
    return full if ROUNDS > 1 else short


@dataclass
class Scan:
    """A running scan in a served clinic, and the hand that serves it."""

    settings: Settings
    exam_id: int
    port: int
    log: Path
    server: "subprocess.Popen[bytes] | None" = None
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the clinic answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def path(self) -> str:
        """Where the scan room is."""
        return f"/exams/{self.exam_id}/scan"

    def start(self) -> None:
        """Serve the clinic, and wait until it answers."""
        environ = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "CLINIC_HOME": str(self.settings.home),
            "PORT": str(self.port),
        }
        if self.settings.on_postgresql:
            environ["DATABASE_URL"] = self.settings.database_url
        with self.log.open("a") as out:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
                cwd=PROJECT,
                env=environ,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + 60
        while not self._answers():
            assert self.server.poll() is None, self.log.read_text()
            assert time.monotonic() < until, "The server did not answer within 60 s."
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/sign-in", timeout=2):  # noqa: S310 - our own
                return True
        except OSError:
            return False

    def signal(self, kind: signal.Signals) -> None:
        """Send the server a signal: SIGSTOP stalls it, SIGCONT wakes it, SIGKILL ends it."""
        assert self.server is not None
        self.server.send_signal(kind)
        if kind in {signal.SIGKILL, signal.SIGTERM}:
            self.server.wait(30)

    def cells(self) -> dict[str, str]:
        """Return what is stored, as text by cell: times, diameters, compression, thrombus."""
        with self.session() as session:
            rows = session.scalars(select(Finding).where(Finding.exam_id == self.exam_id)).all()
            return {
                f"{row.site_key}.{key}": str(value)
                for row in rows
                for key, value in row.as_case.items()
                if value is not None and key not in {"leg", "segment"}
            }

    def holds(self, wanted: dict[str, str], patience_s: float = 15) -> list[str]:
        """Return the cells that do not hold what was typed, once they do or patience ends."""
        until = time.monotonic() + patience_s
        while True:
            stored = self.cells()
            lost = [f"{name}={text}" for name, text in wanted.items() if stored.get(name) != text]
            if not lost or time.monotonic() > until:
                return lost
            time.sleep(0.1)

    def session(self) -> Session:
        """Look into the database beside the server."""
        return Session(create_engine(self.settings.database_url))

    def end_every_sign_in(self) -> None:
        """End all sign-ins, as the idle limit does."""
        with self.session() as session, session.begin():
            for row in session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))):
                row.ended_at = row.seen_at

    def status(self) -> ExamStatus:
        """Return where the scan stands."""
        with self.session() as session:
            return session.get_one(Exam, self.exam_id).status


@pytest.fixture(scope="session")
def served(
    built: dict[Kind, Built], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, Scan]]:
    """One clinic for all journeys of a run, with its sonographers."""
    folder = tmp_path_factory.mktemp("rooms")
    settings = _settings(built[Kind.CLINIC], folder / "home")
    with database(settings) as session:
        factories.staff(session, Role.SONOGRAPHER)
        factories.staff(session, Role.SONOGRAPHER, SECOND).name = "Sora Test"
        session.commit()
    running = Scan(settings, 0, free_port(), folder / "room.log")
    running.start()
    try:
        yield settings, running
    finally:
        running.signal(signal.SIGCONT)
        running.signal(signal.SIGTERM)


def _settings(origin: Built, home: Path) -> Settings:
    shutil.copytree(origin.home, home)
    plain = Settings(home=home, database_url=f"sqlite:///{home}/data/clinic.db", testing=True)
    if not origin.server:
        return plain
    name = f"rooms_{os.getpid()}"
    url = servers.create_database(origin.server, name, template=f"installed_{Kind.CLINIC}")
    return replace(plain, database_url=url)


@contextmanager
def database(settings: Settings) -> Iterator[Session]:
    """Arrange things in a clinic that is not served yet, or beside its server."""
    app = create_app(settings)
    with app.app_context():
        engine = db.engine
        with Session(engine) as session:
            yield session
        engine.dispose()


@pytest.fixture
def scan(served: tuple[Settings, Scan]) -> Iterator[Scan]:
    """An empty scan that is running, of a patient whose intake is finished."""
    settings, running = served
    with database(settings) as session:
        starts = clock.now() + timedelta(days=1, minutes=next(_MINUTES))
        running.exam_id = scans.scanning(session, starts=starts).id
    yield running
    for context in running.contexts:
        context.close()
    running.contexts.clear()


_MINUTES = count(step=60)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


expect.set_options(timeout=15_000)

Window = Callable[..., Page]


@pytest.fixture
def window(browser: Browser, scan: Scan) -> Window:
    """Return a function that opens the room in a browser window of a person's own."""

    def opened(username: str = "sonographer", *, size: str = "1366x768", **options: Any) -> Page:
        width, height = map(int, size.split("x"))
        context = browser.new_context(
            base_url=scan.url,
            viewport={"width": width, "height": height},
            locale="en-US",
            reduced_motion="reduce",
            **options,
        )
        scan.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.on("console", lambda told: _complain(told.type, told.text))
        sign_in(page, username)
        if options.get("java_script_enabled", True):
            return enter(page, scan)
        page.goto(scan.path)
        return page

    return opened


def sign_in(page: Page, username: str) -> None:
    """Sign a person in through the page."""
    page.goto("/sign-in")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def _complain(kind: str, text: str) -> None:
    if kind == "error" and "Content Security Policy" in text:
        pytest.fail(text)


def enter(page: Page, scan: Scan) -> Page:
    """Open the room, and wait until its scripts have taken it over."""
    page.goto(scan.path)
    if page.locator("form[data-room]").count():
        page.locator("html[data-live]").wait_for(state="attached")
    return page


def cell(page: Page, name: str) -> Locator:
    """Return a cell of the grid by its name."""
    return page.locator(f'[name="{name}"]')


def go(page: Page, name: str) -> None:
    """Put the cursor on a cell."""
    cell(page, name).focus()


def press(page: Page, *words: str) -> None:
    """Press keys: a word of letters and digits is typed key by key, a named key is pressed."""
    for word in words:
        if word in NAMED or "+" in word[1:]:
            page.keyboard.press(word)
        else:
            for character in word:
                page.keyboard.press("Space" if character == " " else character)


NAMED = frozenset(
    (
        *("Enter", "Tab", "Escape", "F2", "Space", "Backspace", "Delete"),
        *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"),
    )
)


def saved(page: Page) -> None:
    """Wait until the room says that everything is saved."""
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)


SAVED = re.compile(r"^Saved \d\d:\d\d$")


def here(page: Page) -> str:
    """Return the name of the cell in which the cursor is."""
    return str(page.evaluate("document.activeElement.name ?? ''"))


def count_keys(page: Page) -> Callable[[], int]:
    """Count the browser's own keydown events from now on, and refuse the mouse."""
    page.evaluate(
        """() => {
          window.keydowns = 0; window.mouse = 0;
          addEventListener("keydown", () => { window.keydowns += 1; }, true);
          addEventListener("pointerdown", () => { window.mouse += 1; }, true);
        }"""
    )

    def counted() -> int:
        assert page.evaluate("window.mouse") == 0
        return int(page.evaluate("window.keydowns"))

    return counted
