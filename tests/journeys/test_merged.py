"""One person with two records: noticed, asked, merged by somebody else, and two again as before."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests import factories
from tests.journeys.conftest import Camera, Served, Windows
from tests.journeys.scans import people, records, signed_in
from workflow.domain.staff import Role
from workflow.models.base import Base

FIRST, SECOND = "TEST Maria Sample", "TEST Mária Sample"
REASON = "The same phone; she says so"
ASIDE = {"audit_log", "audit_details", "merges", "sign_ins", "failed_sign_ins", "second_factors"}
"""What the people write down while they work: the log, the request itself, their sign-ins."""


def test_two_records_become_one_and_two_again_byte_for_byte(
    clinic: Served, at: Windows, camera: Camera
) -> None:
    with records(clinic) as session:
        people(session)
        kept = factories.known_patient(session, FIRST, phone="212 555 0147")
    desk = signed_in(at(), clinic, Role.FRONT_DESK)
    _registers_her_again(desk, camera)
    numbers = _asks(desk, camera)
    before = _rows(clinic)

    desk.get_by_role("link", name="All requests").click()
    expect(desk.get_by_role("table", name="Requests")).to_contain_text(SECOND)
    desk.get_by_role("link", name=FIRST).click()
    refused = desk.get_by_role("button", name="Merge the records")
    expect(refused).to_have_attribute("aria-disabled", "true")

    admin = signed_in(at(), clinic, Role.ADMINISTRATOR)
    admin.get_by_role("link", name="Merges").click()
    admin.get_by_role("link", name=FIRST).click()
    with admin.expect_navigation():
        admin.get_by_role("button", name="Merge the records").click()
    expect(admin.get_by_text("The records are merged. Both numbers find")).to_be_visible()
    camera.take(admin, "merge-merged")
    during = _rows(clinic)
    assert {name for name in before if during[name] != before[name]} == {"episodes", "patients"}
    _is_one(desk, kept.id, numbers, camera)

    _separates(admin, camera)
    assert _rows(clinic) == before
    desk.goto(f"/patients/{kept.id}")
    expect(desk.get_by_role("heading", name=FIRST, exact=True)).to_be_visible()
    expect(desk.get_by_text("was merged into this record")).to_have_count(0)
    assert "lines holds" in clinic.flask("audit", "verify")


def _rows(clinic: Served) -> dict[str, list[str]]:
    """Return every row of every table, as its columns are written."""
    with records(clinic) as session:
        return {
            table.name: sorted(
                map(repr, session.execute(text(f"SELECT * FROM {table.name}")))  # noqa: S608
            )
            for table in Base.metadata.sorted_tables
            if table.name not in ASIDE
        }


def _registers_her_again(page: Page, camera: Camera) -> None:
    """The clinic notices her while she is typed in; she is registered all the same."""
    page.get_by_role("link", name="Register a patient").click()
    page.get_by_label("Full name").fill(SECOND)
    for part, typed in (("Day", "12"), ("Month", "3"), ("Year", "1961")):
        page.get_by_label(part, exact=True).fill(typed)
    page.get_by_label("Female", exact=True).check()
    page.get_by_label("Phone").fill("212 555 0147")
    beside = page.get_by_role("complementary").filter(has_text="Is it this person?")
    expect(beside).to_contain_text(FIRST)
    camera.take(page, "register-known")
    page.locator("[name=reason]").fill("Leg cramps")
    with page.expect_navigation():
        page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(FIRST)
    page.get_by_label("None of these is the same person").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Register as a new person").click()
    expect(page.get_by_role("heading", name="Intake", level=1)).to_be_visible()


def _asks(page: Page, camera: Camera) -> list[str]:
    """The front desk finds the double and asks; return both record numbers."""
    page.get_by_role("region", name="Patient").get_by_role("link", name=SECOND).click()
    page.get_by_role("link", name="Another record is the same person").click()
    expect(page.get_by_role("heading", name="Likely the same")).to_be_visible()
    camera.take(page, "merge-choose")
    page.get_by_role("link", name="Compare").click()
    pairs = page.get_by_role("table", name="The two records side by side")
    numbers = [
        pairs.get_by_role("row", name=re.compile("Record number")).get_by_role("cell").nth(n)
        for n in (0, 1)
    ]
    both = [number.inner_text().split()[0] for number in numbers]
    with page.expect_navigation():
        page.get_by_role("button", name="Ask to merge").click()
    expect(page.get_by_role("alert")).to_contain_text("Say how you know")
    page.get_by_label("How do you know").fill(REASON)
    camera.take(page, "merge-ask")
    with page.expect_navigation():
        page.get_by_role("button", name="Ask to merge").click()
    expect(page.get_by_text("A physician or the administrator decides.")).to_be_visible()
    return both


def _is_one(page: Page, kept_id: int, numbers: list[str], camera: Camera) -> None:
    """Both numbers find the one record, and it holds both episodes."""
    for number in numbers:
        page.goto(f"/patients?q={number}")
        expect(page.get_by_role("main").get_by_role("link", name=re.compile(FIRST))).to_have_count(
            1
        )
    page.goto(f"/patients/{kept_id}")
    expect(page.get_by_text("was merged into this record")).to_be_visible()
    expect(page.locator(".episodes > li")).to_have_count(2)
    camera.take(page, "patient-merged")


def _separates(page: Page, camera: Camera) -> None:
    """Separating asks for a reason, and gives each record back."""
    button = page.get_by_role("button", name=re.compile("Separate"))
    with page.expect_navigation():
        button.click()
    expect(page.get_by_text("Nothing was changed")).to_be_visible()
    page.get_by_label("Why").fill("Two sisters with one phone")
    with page.expect_navigation():
        button.click()
    expect(page.get_by_text("The records are apart again, each as it was.")).to_be_visible()
    camera.take(page, "merge-separated")
