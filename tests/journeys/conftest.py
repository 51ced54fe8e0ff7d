"""Give a journey a served clinic of its own and a real browser to walk through it."""

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

# The first visit is still being walked through; until it is whole it runs only when asked for.
collect_ignore = [] if os.environ.get("JOURNEYS") == "1" else ["test_first_visit.py"]

PROJECT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str | None:
    """Return the path of the Chromium on this machine, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; skipped where there is none, a failure in CI."""
    path = chromium()
    if path is None:
        reason = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as driver:
        yield _launch(driver, path)


def _launch(driver: Playwright, path: str) -> Browser:
    return driver.chromium.launch(executable_path=path, args=ARGUMENTS)


@dataclass(frozen=True)
class Served:
    """A clinic that answers: where, its home, its set-up token, and how to run its commands."""

    url: str
    home: Path
    token: str
    environ: dict[str, str]

    def flask(self, *words: str) -> str:
        """Run one of the clinic's commands and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=PROJECT,
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Served]:
    """A real clinic, set up as `make setup` does and served as `make run` does."""
    port = _free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "CLINIC_HOME": str(tmp_path / "home"),
        "PORT": str(port),
        "LC_ALL": "C.UTF-8",
    }
    told = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "setup"],
        cwd=PROJECT,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    token = re.search(r"[A-Za-z0-9_-]{32}", told)
    assert token, told
    log = (tmp_path / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
        cwd=PROJECT,
        env=environ,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, server)
        yield Served(url, tmp_path / "home", token[0], environ)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        log.close()


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert server.poll() is None, "The server stopped before it answered."
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback server
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("The server did not answer within 90 s.")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Camera:
    """Takes the README's pictures; only a run with SCREENS=1 replaces those in docs/screens."""

    def __init__(self, folder: Path) -> None:
        keep = os.environ.get("SCREENS") == "1"
        self.folder = PROJECT / "docs" / "screens" if keep else folder
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Take a picture of what a person sees now, or of the whole page."""
        page.screenshot(path=self.folder / f"{name}.png", full_page=whole, animations="disabled")


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    """A camera for the pictures in the documentation."""
    return Camera(tmp_path / "screens")


@pytest.fixture
def at(browser: Browser, clinic: Served) -> Iterator[Callable[..., Page]]:
    """Return a function that gives a person a browser window of their own."""
    contexts: list[BrowserContext] = []

    def window(width: int = 1366, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(
            base_url=clinic.url,
            viewport={"width": width, "height": height},
            locale="en-US",
            timezone_id="America/New_York",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda told: _no_complaint(told.type, told.text))
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        return page

    yield window
    for context in contexts:
        context.close()


COMPLAINTS: list[str] = []


def _no_complaint(kind: str, text: str) -> None:
    if kind == "error" and "Content Security Policy" in text:
        COMPLAINTS.append(text)
