"""Pictures of the scan room for the documentation: each of its states, by day and in the dark."""

import json

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PROJECT, Camera
from tests.journeys.rooms import (
    SECOND,
    Scan,
    Window,
    cell,
    go,
    press,
    saved,
    scan,
    served,
    window,
)

__all__ = ["scan", "served", "window"]

C01 = json.loads((PROJECT / "tests/domain/cases/C01.json").read_text(encoding="utf-8"))


def _both(page: Page, camera: Camera, name: str) -> None:
    camera.take(page, f"room-{name}")
    page.emulate_media(color_scheme="dark")
    camera.take(page, f"room-{name}-dark")
    page.emulate_media(color_scheme="light")


def _right_trunk(page: Page) -> None:
    press(page, "s", "Enter", "m", "Enter", "600", "Enter", "PageDown")
    for row in C01["exam"]["segments"][7:13]:
        press(page, str(row["reflux_ms"]), "Enter", str(row["diameter_mm"]), "Enter")
    press(page, "=", "t medial calf 1200 5", "Enter", "=", "pt 13f 620 4.2", "Enter")
    expect(cell(page, "R.PERF_PT1.reflux_ms")).to_have_value("620")
    saved(page)


def test_the_room_is_pictured_in_each_of_its_states(
    scan: Scan, window: Window, camera: Camera
) -> None:
    page = window()
    _both(page, camera, "empty")
    _right_trunk(page)
    go(page, "R.GSV_MC.reflux_ms")
    _both(page, camera, "half-done")
    _conflict(page, window)
    _both(page, camera, "conflicting")
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    for leg in "rl":
        press(page, leg, "Shift+O")
        expect(page.locator("#page-over").get_by_role("button", name="as normal")).to_be_focused()
        press(page, "Enter")
        expect(page.locator("#page-over")).to_be_hidden()
    expect(page.get_by_text("Nothing the protocol requires is missing")).to_be_visible()
    _both(page, camera, "finished")
    go(page, "L.POPV.compressibility")
    press(page, "i", "ArrowUp", "ArrowRight", "a")
    panel = page.get_by_role("dialog").filter(has_text="Log a call")
    expect(panel).to_be_visible()
    _both(page, camera, "critical-panel")
    press(page, "Escape")
    expect(page.get_by_role("alert").filter(has_text="Tell the physician now")).to_be_visible()
    _both(page, camera, "critical")


def _conflict(page: Page, window: Window) -> None:
    other = window(SECOND)
    for each in (page, other):
        go(each, "L.SFJ.reflux_ms")
    press(other, "250", "ArrowDown")
    saved(other)
    press(page, "220", "ArrowDown")
    expect(page.get_by_role("group", name="choose a value")).to_be_visible()
