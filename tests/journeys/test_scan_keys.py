"""The grid under the keyboard: moving, typing, taking back, filling, pasting, adding."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.rooms import (
    Scan,
    Window,
    cell,
    enter,
    go,
    here,
    press,
    saved,
    scan,
    served,
    window,
)

__all__ = ["scan", "served", "window"]


def test_arrows_tab_and_enter_move_as_in_a_spreadsheet(scan: Scan, window: Window) -> None:
    page = window()
    go(page, "R.SFJ.reflux_ms")
    for key, name in (
        ("ArrowRight", "R.SFJ.diameter_mm"),
        ("ArrowDown", "R.GSV_PT.diameter_mm"),
        ("ArrowLeft", "R.GSV_PT.reflux_ms"),
        ("ArrowUp", "R.SFJ.reflux_ms"),
        ("End", "L.SFJ.thrombus"),
        ("Home", "R.SFJ.reflux_ms"),
        ("Enter", "R.GSV_PT.reflux_ms"),
        ("Shift+Enter", "R.SFJ.reflux_ms"),
        ("l", "L.SFJ.reflux_ms"),
        ("r", "R.SFJ.reflux_ms"),
        ("PageDown", "R.SPJ.reflux_ms"),
        ("PageUp", "R.SFJ.reflux_ms"),
        ("PageUp", "R.CFV.reflux_ms"),
        ("Tab", "R.CFV.diameter_mm"),
        ("Shift+Tab", "R.CFV.reflux_ms"),
    ):
        press(page, key)
        assert here(page) == name, key
    assert scan.cells() == {}


def test_enter_leads_from_a_time_to_its_diameter_and_on_to_the_next_site(
    scan: Scan, window: Window
) -> None:
    page = window()
    go(page, "R.GSV_MC.reflux_ms")
    press(page, "900", "Enter")
    assert here(page) == "R.GSV_MC.diameter_mm"
    press(page, "4.4", "Enter")
    assert here(page) == "R.SPJ.reflux_ms"
    press(page, "0", "Enter")
    assert here(page) == "R.SSV_PC.reflux_ms"
    go(page, "R.SSV_DC.reflux_ms")
    press(page, "n")
    assert here(page) == "L.CFV.reflux_ms"


def test_typing_replaces_escape_puts_back_and_f2_goes_into_the_text(
    scan: Scan, window: Window
) -> None:
    page = window()
    go(page, "R.SFJ.reflux_ms")
    press(page, "1800", "ArrowDown")
    saved(page)
    go(page, "R.SFJ.reflux_ms")
    press(page, "99")
    expect(cell(page, "R.SFJ.reflux_ms")).to_have_value("99")
    press(page, "Escape")
    expect(cell(page, "R.SFJ.reflux_ms")).to_have_value("1800")
    press(page, "F2", "Backspace", "5", "ArrowDown")
    assert scan.holds({"R.SFJ.reflux_ms": "1805"}) == []


@pytest.mark.parametrize(
    ("typed", "stored"), [("2400", "2400"), ("2.4s", "2400"), ("2,4 s", "2400")]
)
def test_a_time_is_echoed_as_it_is_stored(
    scan: Scan, window: Window, typed: str, stored: str
) -> None:
    page = window()
    go(page, "L.GSV_K.reflux_ms")
    press(page, typed, "Enter", "6,2", "Enter")
    expect(cell(page, "L.GSV_K.reflux_ms")).to_have_value("2400")
    expect(cell(page, "L.GSV_K.diameter_mm")).to_have_value("6.2")
    assert scan.holds({"L.GSV_K.reflux_ms": "2400", "L.GSV_K.diameter_mm": "6.2"}) == []


def test_what_could_mean_two_things_is_refused_and_stays_as_typed(
    scan: Scan, window: Window
) -> None:
    page = window()
    go(page, "R.GSV_PT.reflux_ms")
    press(page, "2.4", "ArrowDown")
    alert = page.get_by_role("alert").filter(has_text="not understood yet")
    expect(alert).to_contain_text("seconds or milliseconds")
    expect(cell(page, "R.GSV_PT.reflux_ms")).to_have_value("2.4")
    expect(cell(page, "R.GSV_PT.reflux_ms")).to_have_attribute("aria-invalid", "true")
    enter(page, scan)
    expect(cell(page, "R.GSV_PT.reflux_ms")).to_have_value("2.4")
    assert "R.GSV_PT.reflux_ms" not in scan.cells()
    go(page, "R.GSV_PT.reflux_ms")
    press(page, "2.4s", "ArrowDown")
    expect(alert).to_be_hidden()
    assert scan.holds({"R.GSV_PT.reflux_ms": "2400"}) == []


def test_undo_and_redo_go_back_across_a_reload(scan: Scan, window: Window) -> None:
    page = window()
    go(page, "R.SFJ.reflux_ms")
    press(page, "700", "Enter", "5.5", "Enter")
    saved(page)
    go(page, "R.SFJ.reflux_ms")
    press(page, "800", "ArrowDown", "o")
    saved(page)
    assert scan.holds({"R.GSV_PT.compressibility": "full"}) == []
    enter(page, scan)
    for wanted in ({}, {"R.SFJ.reflux_ms": "700"}, {"R.SFJ.reflux_ms": "700"}):
        press(page, "Control+Z")
        expect(cell(page, "R.GSV_PT.compressibility")).to_have_value("")
        assert scan.holds(wanted) == []
    expect(cell(page, "R.SFJ.diameter_mm")).to_have_value("")
    enter(page, scan)
    press(page, "Control+Shift+Z", "Control+Shift+Z")
    expect(cell(page, "R.SFJ.reflux_ms")).to_have_value("800")
    press(page, "Control+Y")
    expect(cell(page, "R.GSV_PT.compressibility")).to_have_value("full")
    assert scan.holds({"R.SFJ.diameter_mm": "5.5", "R.GSV_PT.reflux_ms": "0"}) == []


def test_a_filled_leg_is_undone_as_one_step(scan: Scan, window: Window) -> None:
    page = window()
    go(page, "L.SFJ.reflux_ms")
    press(page, "Shift+O")
    over = page.get_by_role("dialog")
    for stated in ("no reflux was seen", "fully compressible", "holds no thrombus", "18 required"):
        expect(over).to_contain_text(stated)
    press(page, "Enter")
    expect(cell(page, "L.PERO.thrombus")).to_have_value("none")
    assert len(scan.cells()) == 54
    press(page, "Control+Z")
    expect(cell(page, "L.PERO.thrombus")).to_have_value("")
    assert scan.cells() == {}


def test_a_site_that_was_not_seen_asks_why(scan: Scan, window: Window) -> None:
    page = window()
    go(page, "L.SSV_MC.reflux_ms")
    press(page, "x")
    assert here(page) == "L.SSV_MC.limitation"
    press(page, "dressing", "Enter")
    assert here(page) == "L.SSV_MC.reflux_ms"
    wanted = {"L.SSV_MC.visualised": "not_seen", "L.SSV_MC.limitation": "dressing"}
    assert scan.holds(wanted) == []
    press(page, "-")
    expect(cell(page, "L.SSV_MC.reflux_ms")).to_have_value("")


def test_a_line_adds_a_site_and_is_refused_as_it_was_typed(scan: Scan, window: Window) -> None:
    page = window()
    go(page, "L.GSV_K.reflux_ms")
    press(page, "=", "pt 13 620 4.2", "Enter")
    line = page.get_by_role("dialog", name="Add a site")
    expect(line).to_contain_text("measured from")
    expect(line.get_by_role("textbox")).to_have_value("pt 13 620 4.2")
    line.get_by_role("textbox").fill("pt 13 floor 620 4.2")
    press(page, "Enter")
    expect(cell(page, "L.PERF_PT1.reflux_ms")).to_have_value("620")
    assert here(page) == "L.GSV_K.reflux_ms"
    wanted = {"L.PERF_PT1.distance_cm": "13", "L.PERF_PT1.reference": "floor"}
    assert scan.holds(wanted) == []
    press(page, "Control+Z")
    expect(cell(page, "L.PERF_PT1.reflux_ms")).to_have_count(0)
    assert scan.cells() == {}


def _paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const held = new DataTransfer();
          held.setData("text/plain", text);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste",
            { clipboardData: held, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_a_block_of_a_spreadsheet_fills_cells_in_order(scan: Scan, window: Window) -> None:
    page = window()
    go(page, "L.SFJ.reflux_ms")
    _paste(page, "2.4s\t8,1\tfull\tnone\r\n900\t\tFull\tnone\r\n")
    wanted = {
        "L.SFJ.reflux_ms": "2400",
        "L.SFJ.diameter_mm": "8.1",
        "L.GSV_PT.reflux_ms": "900",
        "L.GSV_PT.compressibility": "full",
    }
    assert scan.holds(wanted) == []
    assert not any(name.startswith("R.") for name in scan.cells())
    press(page, "Control+Z")
    expect(cell(page, "L.SFJ.reflux_ms")).to_have_value("")
    assert scan.cells() == {}


@pytest.mark.parametrize(
    ("start", "block", "why"),
    [
        ("R.SFJ.diameter_mm", "8.1\tfull\tnone\t900", "would run into the other leg"),
        ("R.SSV_DC.reflux_ms", "1\n2\n3", "rows are left"),
        ("R.SFJ.reflux_ms", "900\t8\n900", "not equally long"),
        ("R.SFJ.reflux_ms", "900\t8\n2.4\t7", "seconds or milliseconds"),
    ],
)
def test_a_block_that_does_not_fit_is_refused_whole(
    scan: Scan, window: Window, start: str, block: str, why: str
) -> None:
    page = window()
    go(page, start)
    _paste(page, block)
    expect(page.locator(".toast")).to_contain_text(why)
    expect(cell(page, start)).to_have_value("")
    assert scan.cells() == {}


def test_single_letters_can_be_switched_off(scan: Scan, window: Window) -> None:
    page = window()
    go(page, "R.SFJ.reflux_ms")
    press(page, "?")
    page.get_by_role("dialog", name="Keys").get_by_label("Single letters are keys").uncheck()
    press(page, "Escape", "o", "ArrowDown")
    expect(cell(page, "R.SFJ.reflux_ms")).to_have_value("o")
    expect(cell(page, "R.SFJ.reflux_ms")).to_have_attribute("aria-invalid", "true")
    enter(page, scan)
    go(page, "R.GSV_PT.reflux_ms")
    press(page, "n", "ArrowDown")
    assert scan.holds({"R.GSV_PT.reflux_ms": "0"}) == []
    assert scan.cells().get("R.GSV_PT.compressibility") is None


def test_letters_outside_the_grid_do_nothing(scan: Scan, window: Window) -> None:
    page = window()
    page.get_by_role("link", name="Board").focus()
    press(page, "o", "x", "n", "=")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert scan.cells() == {}


def test_a_vein_of_the_map_leads_to_its_cell_and_a_cell_lights_its_vein(
    scan: Scan, window: Window
) -> None:
    page = window()
    go(page, "R.GSV_MT.reflux_ms")
    vein = page.locator('.segment[data-leg="R"][data-segment="GSV_MT"]')
    expect(vein).to_have_attribute("aria-current", "true")
    press(page, "2600", "Enter", "m")
    expect(vein).to_have_attribute("aria-label", "Right great saphenous, mid thigh: reflux, 2,600")
    expect(vein).to_be_focused()
    press(page, "ArrowDown", "Enter")
    assert here(page).endswith("reflux_ms")
    page.locator('.segment[data-leg="L"][data-segment="SFJ"]').click()
    assert here(page) == "L.SFJ.reflux_ms"


def test_the_history_of_a_cell_says_who_when_before_and_after(scan: Scan, window: Window) -> None:
    page = window()
    go(page, "R.SFJ.reflux_ms")
    press(page, "700", "ArrowDown")
    saved(page)
    go(page, "R.SFJ.reflux_ms")
    press(page, "900", "ArrowDown", "ArrowUp")
    saved(page)
    press(page, "h")
    past = page.get_by_role("dialog", name="History of the cell")
    expect(past.get_by_role("listitem")).to_have_count(2)
    expect(past.get_by_role("listitem").first).to_contain_text("Sona Test")
    expect(past.get_by_role("listitem").first).to_contain_text("700 ms → 900 ms")
    press(page, "Escape")
    assert here(page) == "R.SFJ.reflux_ms"


def test_an_incomplete_exam_leads_to_its_cells_and_is_handed_over_with_a_reason(
    scan: Scan, window: Window
) -> None:
    page = window()
    go(page, "R.SFJ.reflux_ms")
    press(page, "700", "Enter", "Control+Enter")
    over = page.get_by_role("dialog", name="Finish the scan")
    over.get_by_role("link", name="Left saphenofemoral junction: not examined.").click()
    assert here(page) == "L.SFJ.reflux_ms"
    press(page, "Control+Enter")
    expect(over.get_by_label("Why it is handed over as it is")).to_be_focused()
    press(page, "Enter")
    expect(over.get_by_role("alert")).to_contain_text("missing")
    over.get_by_label("Why it is handed over as it is").fill("Could not stand any longer")
    press(page, "Enter")
    page.wait_for_url("**/")
    expect(page.get_by_text("The scan is handed over")).to_be_visible()


def test_without_scripts_the_grid_is_a_plain_form(scan: Scan, window: Window) -> None:
    page = window(java_script_enabled=False)
    cell(page, "R.SFJ.reflux_ms").fill("2.4s")
    cell(page, "R.SFJ.thrombus").select_option("none")
    page.locator("#save").click()
    expect(cell(page, "R.SFJ.reflux_ms")).to_have_value("2400")
    page.get_by_role("button", name="Fill right as normal").click()
    page.get_by_role("button", name="as normal").click()
    assert scan.holds({"R.SFJ.reflux_ms": "2400", "R.PERO.compressibility": "full"}) == []
