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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    sync_playwright,
)

PROJECT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
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


def environ_of(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "CLINIC_HOME": str(home),
        "PORT": str(_free_port()),
        "LC_ALL": "C.UTF-8",
    }


@contextmanager
def serving(environ: dict[str, str], log_file: Path) -> Iterator[str]:
    """Serve as `make run` does, and yield the address."""
    with log_file.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            cwd=PROJECT,
            env=environ,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{environ['PORT']}"
        try:
            _wait_for(url, server)
            yield url
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Served]:
    """A real clinic, set up as `make setup` does and served as `make run` does."""
    environ = environ_of(tmp_path / "home")
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
    with serving(environ, tmp_path / "server.log") as url:
        yield Served(url, tmp_path / "home", token[0], environ)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo clinic with its invented patients, as the first `make run` makes it."""
    folder = tmp_path_factory.mktemp("demo")
    environ = environ_of(folder / "home")
    with serving(environ, folder / "server.log") as url:
        yield Served(url, folder / "home", "", environ)


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
        file = self.folder / f"{name}.png"
        try:
            page.screenshot(path=file, full_page=whole, animations="disabled")
        except Error:  # a busy machine's browser sometimes has no frame to give; the next has one
            page.screenshot(path=file, full_page=whole, animations="disabled")


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    """A camera for the pictures in the documentation."""
    return Camera(tmp_path / "screens")


class Windows:
    """Gives each person a browser window of their own, and hears what the browser complains of."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._contexts: list[BrowserContext] = []
        self._complaints: list[str] = []

    def __call__(self, width: int = 1366, height: int = 900, **options: Any) -> Page:
        """Open a window of this size, in American English unless the options say otherwise."""
        usual = {
            "locale": "en-US",
            "timezone_id": "America/New_York",
            "reduced_motion": "reduce",
        }
        context = self._browser.new_context(
            base_url=self._url,
            viewport={"width": width, "height": height},
            **(usual | options),
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complaints.append(f"script error: {error}"))
        return page

    def _hear(self, told: ConsoleMessage) -> None:
        if told.type == "error" and "Content Security Policy" in told.text:
            self._complaints.append(told.text)

    def close(self) -> None:
        """Close every window; none may have broken the page's policy or its script."""
        for context in self._contexts:
            context.close()
        assert self._complaints == []


@pytest.fixture
def at(browser: Browser, clinic: Served) -> Iterator[Windows]:
    """Windows on a new, empty clinic."""
    windows = Windows(browser, clinic.url)
    yield windows
    windows.close()
