"""Twenty scans are read and signed in a row, in a real browser, without touching the mouse."""

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests import factories
from tests.journeys.conftest import Camera, Served, Windows
from tests.journeys.scans import people, records, scan, signed_in
from workflow.domain.staff import Role
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam

MANY = 20
WORDS = "Seen and agreed."
PRESSABLE = "document.activeElement.matches('a, button') ? document.activeElement.innerText : ''"
"""What the link or button with the focus says."""


def test_twenty_scans_are_signed_without_the_mouse_the_urgent_one_first(
    clinic: Served, at: Windows, camera: Camera
) -> None:
    names = [f"TEST Patient {number:02d}" for number in range(MANY)]
    with records(clinic) as session:
        people(session)
        for waited, name in enumerate(names, start=1):
            urgent = name == names[-1]
            scan(session, name, "C03" if urgent else "C01", waited=0 if urgent else 100 - waited)
    page = signed_in(at(1366, 768), clinic, Role.PHYSICIAN)
    _open_the_first(page)

    read = []
    for number in range(MANY):
        read.append(page.locator(".person .name").inner_text())
        _reads_and_signs(page, adds_words=number == 1)
        if number < MANY - 1:
            expect(page.get_by_text("This is the next scan to read.")).to_be_visible()
        if number == 0:
            camera.take(page, "read-next")
    expect(page.get_by_role("heading", name="Signed")).to_be_visible()

    assert read[1] == names[-1]  # the critical one, though it came last
    assert read[:1] + read[2:] == names[:-1]
    with records(clinic) as session:
        assert session.scalar(select(func.count(IssuedDocument.id))) == 2 * MANY
        second = session.scalars(select(Exam).join(Exam.episode).order_by(Exam.id)).all()[-1]
        assert second.impression["R"].endswith(WORDS)
    assert "lines holds" in clinic.flask("audit", "verify")


def _open_the_first(page: Page) -> None:
    """Walk from the board to the first scan to read by Tab, an arrow and Enter alone."""
    _walk_to(page, "TEST Patient", by="Tab")  # the board takes one Tab; arrows go on from there
    _walk_to(page, "TEST Patient 00", by="ArrowDown")
    _press_enter(page, "**/episodes/*")
    for text in ("Read and sign", "Start reading"):
        _walk_to(page, text, by="Tab")
        _press_enter(page, "**/read")
    expect(page.get_by_text("You are reading this scan.")).to_be_visible()


def _walk_to(page: Page, text: str, *, by: str) -> None:
    for _ in range(60):
        page.keyboard.press(by)
        if text in page.evaluate(PRESSABLE):
            return


def _press_enter(page: Page, leads_to: str) -> None:
    page.keyboard.press("Enter")
    page.wait_for_url(leads_to)


def _reads_and_signs(page: Page, *, adds_words: bool) -> None:
    """Read from where the focus is put, perhaps add to the impression, and sign."""
    begins = page.locator(".alert-strip, .desk-evidence").first
    expect(begins).to_be_focused()
    if adds_words:
        page.keyboard.press("i")
        page.keyboard.press("Control+End")
        page.keyboard.type(f"\n{WORDS}")
        page.keyboard.press("Escape")
        expect(begins).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_label("Your password")).to_be_focused()
    page.keyboard.type(factories.PASSWORD)
    with page.expect_navigation():  # the page before says "the next scan" too
        page.keyboard.press("Enter")
