"""No typed value is lost: not to a slow, dead or distant server, a closed tab, or a colleague.

Each is tried once in the suite, and twenty times, with the full waits, by `make trust`.
"""

import re
import signal
import time
from collections.abc import Iterator
from itertools import product

from playwright.sync_api import Page, expect

from tests import factories
from tests.journeys.rooms import (
    ROUNDS,
    SECOND,
    Scan,
    Window,
    cell,
    enter,
    go,
    press,
    saved,
    scan,
    served,
    wait_s,
    window,
)
from workflow.domain.anatomy import REQUIRED

__all__ = ["scan", "served", "window"]

TIMES = [f"{leg}.{code}.reflux_ms" for leg, code in product("RL", REQUIRED)]


def _cells(first: int = 0) -> Iterator[tuple[str, str]]:
    """Yield one time after the other, each with a value of its own."""
    at = first
    while True:
        yield TIMES[at % len(TIMES)], str(501 + at)
        at += 1


def _type(page: Page, wanted: dict[str, str], name: str, text: str) -> None:
    go(page, name)
    press(page, text, "ArrowDown")
    wanted[name] = text


def _tell(fault: str, typed: int, lost: list[str]) -> None:
    print(f"\n{fault}: {ROUNDS} rounds, {typed} values typed, {len(lost)} lost.")  # noqa: T201
    assert lost == []


def test_a_server_that_stalls_loses_nothing(scan: Scan, window: Window) -> None:
    page, cells = window(), _cells()
    wanted: dict[str, str] = {}
    for _ in range(ROUNDS):
        scan.signal(signal.SIGSTOP)
        for _ in range(3):
            _type(page, wanted, *next(cells))
        time.sleep(wait_s(10, 3))
        expect(page.locator("[data-save-state]")).to_contain_text("Saving…")
        scan.signal(signal.SIGCONT)
        saved(page)
    _tell("Server stalled", 3 * ROUNDS, scan.holds(wanted))


def test_a_server_that_is_killed_and_started_again_loses_nothing(
    scan: Scan, window: Window
) -> None:
    page, cells = window(), _cells()
    wanted: dict[str, str] = {}
    for _ in range(ROUNDS):
        _type(page, wanted, *next(cells))
        scan.signal(signal.SIGKILL)
        _type(page, wanted, *next(cells))
        expect(page.locator("[data-save-state]")).to_contain_text("does not answer")
        scan.start()
        saved(page)
    _tell("Server killed", 2 * ROUNDS, scan.holds(wanted))


def test_a_network_that_is_away_loses_nothing(scan: Scan, window: Window) -> None:
    page, cells = window(), _cells()
    wanted: dict[str, str] = {}
    for _ in range(ROUNDS):
        page.context.set_offline(True)
        for _ in range(2):
            _type(page, wanted, *next(cells))
        expect(page.locator("[data-save-state]")).to_have_text("No connection. 2 values wait")
        time.sleep(wait_s(30, 3))
        page.context.set_offline(False)
        saved(page)
    _tell("Network away", 2 * ROUNDS, scan.holds(wanted))


def test_a_tab_that_is_closed_two_seconds_later_loses_nothing(scan: Scan, window: Window) -> None:
    page, cells = window(), _cells()
    wanted: dict[str, str] = {}
    for _ in range(ROUNDS):
        _type(page, wanted, *next(cells))
        time.sleep(2)
        context = page.context
        page.close()
        page = enter(context.new_page(), scan)
    _tell("Tab closed", ROUNDS, scan.holds(wanted))


def test_closing_the_tab_while_values_wait_is_asked_about(scan: Scan, window: Window) -> None:
    page = window()
    page.context.set_offline(True)
    _type(page, {}, *next(_cells()))
    asked: list[str] = []

    def keep(dialog: object) -> None:
        asked.append("asked")
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", keep)
    page.close(run_before_unload=True)
    expect(page.locator("[data-save-state]")).to_have_text("1 value is not saved yet")
    assert asked == ["asked"]
    page.context.set_offline(False)
    saved(page)


def test_a_sign_in_that_ends_while_typing_loses_nothing(scan: Scan, window: Window) -> None:
    page, cells = window(), _cells()
    wanted: dict[str, str] = {}
    for _ in range(ROUNDS):
        scan.end_every_sign_in()
        for _ in range(2):
            _type(page, wanted, *next(cells))
        expect(page.get_by_text("You are signed out")).to_be_visible()
        expect(page.locator("[data-save-state]")).to_contain_text("2 values wait")
        press(page, "Control+S")
        again = page.get_by_role("dialog", name="Sign in again").get_by_label("Password")
        again.fill("this is not the password")
        press(page, "Enter")
        expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("not right")
        again.fill(factories.PASSWORD)
        press(page, "Enter")
        saved(page)
    _tell("Signed out while typing", 2 * ROUNDS, scan.holds(wanted))


def test_two_browsers_in_different_cells_merge(scan: Scan, window: Window) -> None:
    one, other = window(), window(SECOND)
    wanted: dict[str, str] = {}
    mine, theirs = _cells(), _cells(len(REQUIRED))
    for _ in range(ROUNDS):
        first, second = next(mine), next(theirs)
        _type(one, wanted, *first)
        _type(other, wanted, *second)
        for page in (one, other):
            saved(page)
            for name, text in (first, second):
                expect(cell(page, name)).to_have_value(text)
    _tell("Two browsers, different cells", 2 * ROUNDS, scan.holds(wanted))


def test_two_browsers_in_one_cell_show_both_until_one_is_chosen(scan: Scan, window: Window) -> None:
    one, other, cells = window(), window(SECOND), _cells()
    wanted: dict[str, str] = {}
    lost: list[str] = []
    for turn in range(ROUNDS):
        name, text = next(cells)
        another = str(int(text) + 1000)
        for page in (one, other):
            go(page, name)
        press(one, text, "ArrowDown")
        expect(one.locator("[data-save-state]")).to_have_text(re.compile("Saved"))
        press(other, another, "ArrowDown")
        choice = other.get_by_role("group", name="choose a value")
        expect(choice).to_contain_text(f"{text} ms")
        expect(choice).to_contain_text(f"{another} ms")
        expect(choice).to_contain_text("Sona Test")
        expect(other.locator("[data-save-state]")).to_have_text("1 value to choose")
        kept = "mine" if turn % 2 == 0 else "theirs"
        choice.get_by_role("button", name=f"Keep {kept}").click()
        saved(other)
        wanted[name] = another if kept == "mine" else text
        expect(cell(one, name)).to_have_value(wanted[name])
        lost += _not_in_the_history(other, scan, name, [text, another])
    _tell("Two browsers, one cell", 2 * ROUNDS, scan.holds(wanted) + lost)


def _not_in_the_history(page: Page, scan: Scan, name: str, typed: list[str]) -> list[str]:
    site, _, key = name.rpartition(".")
    answer = page.request.get(f"/exams/{scan.exam_id}/history/{site}?field={key}")
    return [text for text in typed if f"{text} ms" not in answer.text()]
