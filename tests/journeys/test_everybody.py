"""Everybody can use the scan room: by sight, by name and role, without colours, on any screen."""

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import in_both_schemes
from tests.journeys.rooms import (
    SECOND,
    Scan,
    Window,
    cell,
    go,
    here,
    press,
    saved,
    scan,
    served,
    window,
)
from workflow.domain.exam import ExamStatus

__all__ = ["scan", "served", "window"]


def _empty(page: Page, _: Window) -> None:
    expect(page.get_by_role("heading", name="Still missing")).to_be_visible()


def _typed(page: Page, _: Window) -> None:
    go(page, "R.SFJ.reflux_ms")
    press(page, "1800", "Enter", "8.1", "Enter", "510", "ArrowDown", "o", "x")
    press(page, "dressing", "Enter")
    saved(page)
    expect(page.get_by_text("junctional reflux to 1,800 ms")).to_be_visible()


def _refused(page: Page, _: Window) -> None:
    go(page, "R.SFJ.reflux_ms")
    press(page, "2.4", "Enter")
    expect(page.get_by_role("alert").filter(has_text="not understood")).to_be_visible()


def _conflict(page: Page, window: Window) -> None:
    other = window(SECOND)
    for each in (page, other):
        go(each, "R.SFJ.reflux_ms")
    press(other, "700", "ArrowDown")
    saved(other)
    press(page, "800", "ArrowDown")
    expect(page.get_by_role("group", name="choose a value")).to_be_visible()


def _critical(page: Page, _: Window) -> None:
    go(page, "L.POPV.thrombus")
    press(page, "a")
    expect(page.get_by_role("alert").filter(has_text="Tell the physician now")).to_be_visible()


def _signed_out(page: Page, window: Window) -> None:
    page.context.clear_cookies()
    go(page, "R.SFJ.reflux_ms")
    press(page, "700", "ArrowDown", "Control+S")
    expect(page.get_by_text("You are signed out")).to_be_visible()
    press(page, "Control+S")
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()


def _keys(page: Page, _: Window) -> None:
    go(page, "R.SFJ.reflux_ms")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def _line(page: Page, _: Window) -> None:
    go(page, "R.SFJ.reflux_ms")
    press(page, "=", "nowhere", "Enter")
    expect(page.get_by_role("dialog", name="Add a site")).to_contain_text("not a site")


def _drawer(page: Page, _: Window) -> None:
    go(page, "R.SFJ.reflux_ms")
    press(page, "d")
    expect(cell(page, "R.SFJ.comment")).to_be_visible()


def _history(page: Page, _: Window) -> None:
    _typed(page, _)
    go(page, "R.SFJ.reflux_ms")
    press(page, "h")
    expect(page.get_by_role("dialog", name="History of the cell")).to_be_visible()


def _fill(page: Page, _: Window) -> None:
    go(page, "R.SFJ.reflux_ms")
    press(page, "Shift+O")
    expect(page.get_by_role("button", name="as normal").last).to_be_visible()


def _finish(page: Page, _: Window) -> None:
    press(page, "Control+Enter")
    expect(page.get_by_label("Why it is handed over as it is")).to_be_visible()


STATES = {
    "empty": _empty,
    "typed": _typed,
    "refused": _refused,
    "conflicting": _conflict,
    "critical": _critical,
    "signed out": _signed_out,
    "keys": _keys,
    "line": _line,
    "drawer": _drawer,
    "history": _history,
    "fill": _fill,
    "finish": _finish,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_any_state_of_the_room(scan: Scan, window: Window, state: str) -> None:
    page = window()
    reach: Callable[[Page, Window], None] = STATES[state]
    reach(page, window)
    assert in_both_schemes(page) == []


def test_the_whole_exam_can_be_done_by_roles_and_names(scan: Scan, window: Window) -> None:
    page = window()
    page.get_by_role("combobox", name="Position").select_option("standing")
    page.get_by_role("checkbox", name="valsalva").check()
    page.get_by_role("textbox", name="Right, saphenofemoral junction, reflux").fill("1800")
    page.get_by_role("textbox", name="Right, saphenofemoral junction, diameter").fill("8.1")
    thrombus = page.get_by_role("combobox", name="Left, popliteal, thrombus")
    thrombus.select_option("none")
    page.get_by_role("button", name="Site").click()
    line = page.get_by_role("dialog", name="Add a site")
    line.get_by_role("textbox", name="Add a site").fill("pt 13 floor 620 4.2")
    line.get_by_role("button", name="Add").click()
    added = page.get_by_role("textbox", name="perforator (Cockett) 1, reflux").first
    expect(added).to_have_value("620")
    for leg in ("right", "left"):
        page.get_by_role("button", name=f"Fill {leg} as normal").click()
        page.get_by_role("dialog").get_by_role("button", name="as normal").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Nothing the protocol requires is missing")).to_be_visible()
    page.get_by_role("button", name="Great saphenous", exact=False).first.focus()
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Hand over to be read").click()
    page.wait_for_url("**/")
    assert scan.status() is ExamStatus.PRELIMINARY


def test_the_states_of_the_map_differ_in_pattern(scan: Scan, window: Window) -> None:
    page = window()
    for name, text in (
        ("R.GSV_PT.reflux_ms", "1800"),
        ("R.GSV_MT.reflux_ms", "520"),
        ("R.GSV_DT.reflux_ms", "100"),
    ):
        go(page, name)
        press(page, text, "ArrowDown")
    for name, key in (("R.GSV_K.thrombus", "a"), ("R.GSV_PC.thrombus", "c")):
        go(page, name)
        press(page, key)
    saved(page)
    expect(page.locator('[data-leg="R"].state-chronic')).to_have_count(1)
    looks = {}
    for code in ("GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC", "GSV_MC"):
        looks[code] = page.locator(f'.segment[data-leg="R"][data-segment="{code}"]').evaluate(
            """vein => {
              const line = getComputedStyle(vein.querySelector(".line"));
              const marked = vein.querySelectorAll(".mark").length > 0;
              return `${line.strokeWidth} ${line.strokeDasharray} ${marked}`;
            }"""
        )
    alike = [pair for pair in combinations(looks, 2) if looks[pair[0]] == looks[pair[1]]]
    assert alike == []


def test_the_room_fits_one_screen_and_smaller_ones_lose_nothing(scan: Scan, window: Window) -> None:
    for size, scrolls in (
        ("1366x768", False),
        ("1180x820", False),
        ("820x1180", False),
        ("683x384", True),  # 1366 × 768 enlarged to 200 %
        ("390x844", True),
    ):
        page = window(size=size)
        high, wide = page.evaluate(
            "[document.documentElement.scrollHeight - innerHeight, "
            "document.documentElement.scrollWidth - innerWidth]"
        )
        assert wide <= 0, size
        assert (high > 0) is scrolls, size
        go(page, "L.SSV_DC.reflux_ms")
        expect(cell(page, "L.SSV_DC.reflux_ms")).to_be_in_viewport()
        assert here(page) == "L.SSV_DC.reflux_ms"
