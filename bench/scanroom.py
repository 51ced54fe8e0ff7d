"""Measure the scan room in a real browser: how soon a key shows, and how soon it is interpreted.

The grid has 60 rows of two legs. Times are taken by the browser itself, from the key's own time
stamp to the frame after it, while values are saved and the meaning comes in as in real use.
"""

import functools
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from bench.measure import Figure
from tests import factories, scans
from tests.journeys.conftest import ARGUMENTS, chromium
from tests.journeys.rooms import Scan, database, enter, free_port, go, press, saved, sign_in
from workflow import clock, home
from workflow.domain.anatomy import REQUIRED, Leg
from workflow.domain.staff import Role
from workflow.models.exam import Exam
from workflow.models.installation import Kind
from workflow.settings import Settings
from workflow.ultrasound import sites

ROWS_OF_THE_GRID = 60
_ADDED = ("TRIB", "PERF_TH", "PERF_PT")  # numbered, so that there can be many
_SHOWN_MS, _MEANT_MS = 100, 200
_TYPED = 40
_WATCH = """() => {
  window.shown = []; window.meant = [];
  const painted = (then) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => then(performance.now());
    channel.port2.postMessage(0);
  });
  addEventListener("keydown", (event) => {
    painted((now) => window.shown.push(now - event.timeStamp));
  }, true);
  let answered = 0;
  const asked = window.fetch;
  window.fetch = async (...sent) => {
    const response = await asked(...sent);
    if (String(sent[0]).endsWith("/cells")) answered = performance.now();
    return response;
  };
  new MutationObserver(() => {
    const since = answered;
    answered = 0;
    if (since) painted((now) => window.meant.push(now - since));
  }).observe(document.querySelector("[data-means]"), { childList: true });
}"""


@contextmanager
def _room() -> Iterator[Page]:
    """Serve an exam of 60 rows, and open it in a browser."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        at = Path(folder)
        settings = Settings(
            home=at / "home", database_url=f"sqlite:///{at}/home/data/clinic.db", testing=True
        )
        home.prepare(settings, Kind.CLINIC, clock.now())
        with database(settings) as session:
            exam = scans.scanning(session)
            _add_rows(session, exam)
            running = Scan(settings, exam.id, free_port(), at / "room.log")
        running.start()
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            page = browser.new_page(base_url=running.url, viewport={"width": 1366, "height": 768})
            sign_in(page, "sonographer")
            yield enter(page, running)
        finally:
            browser.close()
            running.signal(SIGTERM)


def _add_rows(session: Any, exam: Exam) -> None:
    by = factories.staff(session, Role.SONOGRAPHER)
    for number in range(ROWS_OF_THE_GRID - len(REQUIRED)):
        code = _ADDED[number % len(_ADDED)]
        sites.add_site(session, exam, Leg.RIGHT, code, by=by, at=clock.now())
    session.commit()


@functools.cache
def _times() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return, in ms, how long each key took to show, and each save's meaning to come in."""
    with _room() as page:
        expect(page.locator("tr.site")).to_have_count(ROWS_OF_THE_GRID)
        page.evaluate(_WATCH)
        for number in range(_TYPED):
            leg, code = "RL"[number % 2], REQUIRED[number // 2 % len(REQUIRED)]
            go(page, f"{leg}.{code}.reflux_ms")
            press(page, str(600 + number * 31), "ArrowDown")
            saved(page)
            while page.evaluate("window.meant.length") <= number:
                page.wait_for_timeout(10)
        return tuple(page.evaluate("window.shown")), tuple(page.evaluate("window.meant"))


def _p95(times: tuple[float, ...]) -> float:
    return round(statistics.quantiles(times, n=20)[-1], 1)


def cell_to_screen() -> Figure:
    """How long a key takes until the frame that shows it, at the 95th percentile."""
    return Figure("S1 key to screen, 60 rows, p95", _p95(_times()[0]), "ms", _SHOWN_MS)


def live_interpretation() -> Figure:
    """How long after the save answers its meaning stands beside it, at the 95th percentile."""
    return Figure("S2 meaning after the save answers, p95", _p95(_times()[1]), "ms", _MEANT_MS)


ROWS = (cell_to_screen, live_interpretation)
