"""A clot under the probe: from its cell to the physician who reads it back, decides and signs."""

import re
from datetime import UTC, datetime, timedelta

import time_machine
from playwright.sync_api import Locator, Page, expect

from tests import factories, scans
from tests.journeys.conftest import Camera, Served, Windows
from tests.journeys.rooms import go, press, saved
from tests.journeys.scans import people, records, signed_in
from workflow import clock
from workflow.domain.clinic import Clinic, write_clinic
from workflow.domain.staff import Role
from workflow.models.clinic import ClinicSettings
from workflow.models.exam import Exam

NAME = "TEST Clara Clot"
UNANSWERED = "TEST Dora Unanswered"
CLOT = {"L.POPV.thrombus": "acute", "L.POPV.compressibility": "none"}
DECIDED = "Anticoagulation began today; seen again in a week."


def test_a_clot_goes_from_its_cell_to_the_physician_who_decides(
    clinic: Served, at: Windows, camera: Camera
) -> None:
    running = _arranged(clinic)
    room = signed_in(at(1366, 768), clinic, Role.SONOGRAPHER)
    room.goto(f"/exams/{running.id}/scan")
    room.locator("html[data-live]").wait_for(state="attached")
    go(room, "L.POPV.compressibility")
    press(room, "i", "ArrowUp", "ArrowRight", "a")
    panel = room.get_by_role("dialog").filter(has_text="Log a call")
    expect(panel.get_by_label("Told to")).to_have_value("Dr. Arad Sample")
    _log_a_call(panel, how="By secure message", read_back="No")
    expect(panel).to_contain_text("told Dr. Arad Sample by secure message; not read back")
    expect(panel.get_by_role("list", name="Whom to tell, and when")).to_be_visible()
    camera.take(room, "critical-not-read-back")
    press(room, "Escape")
    saved(room)

    desk = signed_in(at(), clinic, Role.FRONT_DESK)
    expect(_card(desk, NAME)).to_contain_text("Tell Dr. Arad Sample now")
    expect(_card(desk, UNANSWERED)).to_contain_text("Tell Dr. Second Sample")
    camera.take(desk, "board-critical")

    _is_escalated(room, camera)

    physician = signed_in(at(), clinic, Role.PHYSICIAN)
    _acknowledges_and_decides(physician, running, camera)

    desk.goto("/")
    expect(_card(desk, NAME)).not_to_contain_text("Critical finding")
    room.goto(f"/exams/{running.id}/scan")
    expect(room.locator("[name='L.POPV.thrombus']")).to_have_value("acute")
    expect(room.get_by_role("heading", name="A physician has decided")).to_be_visible()
    expect(room.get_by_role("alert").filter(has_text="Log whom you told")).to_have_count(0)
    camera.take(room, "room-decided")
    assert "lines holds" in clinic.flask("audit", "verify")


def _arranged(clinic: Served) -> Exam:
    """Return a running scan; beside it, somebody's clot that nobody answered for twenty minutes."""
    earlier = datetime.now(UTC) - timedelta(minutes=20)  # noqa: TID251 - the server's own clock
    with time_machine.travel(earlier, tick=True), records(clinic) as session:
        people(session)
        body = write_clinic(
            Clinic(
                physician="Dr. Arad Sample",
                second_contact="Dr. Second Sample",
                practice_lead="Pat Sample",
            )
        )
        session.add(ClinicSettings(body=body, by_id=None, at=clock.now()))
        waiting = scans.scanning(session, UNANSWERED)
        scans.typed(session, waiting, **CLOT)
        starts = clock.now() + timedelta(days=1, hours=3)
        return scans.scanning(session, NAME, starts=starts)


def _log_a_call(panel: Locator, *, how: str, read_back: str) -> None:
    panel.get_by_label(how, exact=True).check()
    for question, answer in (("They read it back", read_back), ("The patient was told", "Yes")):
        panel.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
    panel.get_by_role("button", name="Log the call").click()


def _card(page: Page, name: str) -> Locator:
    return page.locator("[data-card]").filter(has_text=name)


def _is_escalated(page: Page, camera: Camera) -> None:
    """Nobody answered: it is the second contact's turn, who reads the finding back."""
    page.goto("/")
    with page.expect_navigation():
        _card(page, UNANSWERED).click()
    page.get_by_role("link", name="Open the scan").click()
    page.locator("html[data-live]").wait_for(state="attached")
    page.get_by_role("link", name="Log whom you told").click()
    panel = page.get_by_role("dialog").filter(has_text="Log a call")
    rungs = panel.get_by_role("list", name="Whom to tell, and when").get_by_role("listitem")
    expect(rungs.nth(0)).to_contain_text("No answer yet")
    expect(rungs.nth(1)).to_contain_text("Now")
    expect(panel.get_by_label("Told to")).to_have_value("Dr. Second Sample")
    camera.take(page, "critical-escalated")
    _log_a_call(panel, how="By phone", read_back="Yes")
    expect(panel.get_by_text(re.compile(r"Read back .* by Dr\. Second Sample"))).to_be_visible()


def _acknowledges_and_decides(page: Page, exam: Exam, camera: Camera) -> None:
    """The physician opens the case from the board, reads the finding back, and decides."""
    with page.expect_navigation():
        _card(page, NAME).click()
    expect(page.get_by_role("heading", name="Critical finding", level=2)).to_be_visible()
    page.goto(f"/exams/{exam.id}/critical")
    main = page.get_by_role("main")
    main.get_by_label("Told to").fill("Dr. Arad Sample")
    with page.expect_navigation():
        _log_a_call(main, how="In person", read_back="Yes")
    expect(main.get_by_role("heading", name="Critical finding, acknowledged")).to_be_visible()
    camera.take(page, "critical-acknowledged")
    with page.expect_navigation():
        main.get_by_role("button", name="Record the decision").click()
    expect(main.get_by_role("alert")).to_contain_text("Write what was decided for the patient")
    main.get_by_label("What was decided").fill(DECIDED)
    with page.expect_navigation():
        main.get_by_role("button", name="Record the decision").click()
    expect(main.get_by_role("heading", name="Critical finding, handled")).to_be_visible()
    log = main.get_by_role("region", name="What was said and done").get_by_role("listitem")
    expect(log.last).to_contain_text(f"Decided: {DECIDED} ({factories.NAMES[Role.PHYSICIAN][0]}")
    camera.take(page, "critical-handled")
