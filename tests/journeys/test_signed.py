"""What follows a signature, and a patient who says no, as the physician meets it in a browser."""

import re

from playwright.sync_api import Page, expect

from tests import factories
from tests.journeys.conftest import Camera, Served, Windows
from tests.journeys.scans import issued, people, records, scan, signed_in
from workflow import issuing
from workflow.domain.staff import Role
from workflow.models.patient import Episode

NAME = "TEST Anna Signed"
OTHER = "TEST Ben Declined"


def test_read_sign_add_amend_and_revise_what_rests_on_it(
    clinic: Served, at: Windows, camera: Camera
) -> None:
    episode = _a_scan(clinic, NAME)
    page = signed_in(at(), clinic, Role.PHYSICIAN)
    exam = _read_and_sign(page, NAME)
    _plan(page, approve=True)

    page.goto(exam)
    _add(page, camera)
    _amend(page, camera)
    page.goto(exam)
    expect(page.get_by_text("This is not the report in force")).to_be_visible()
    camera.take(page, "report-amended")

    page.goto(f"/episodes/{episode.id}/plan")
    expect(page.get_by_text("This plan is stale")).to_be_visible()
    value = "Right great saphenous, mid thigh: 2,600 ms, 6.8 mm → 1,900 ms, 6.8 mm"
    expect(page.get_by_text(value).first).to_be_visible()
    camera.take(page, "plan-stale")
    _revise(page, camera)

    page.goto(f"/episodes/{episode.id}/papers")
    camera.take(page, "papers-amended")
    with records(clinic) as session:
        assert issued(session, episode) == 3  # as signed, with the addendum, and the amendment
        assert issued(session, episode, issuing.PATIENT) == 4
    assert "lines holds" in clinic.flask("audit", "verify")


def test_a_patient_declines_and_their_result_says_so(
    clinic: Served, at: Windows, camera: Camera
) -> None:
    episode = _a_scan(clinic, OTHER)
    page = signed_in(at(), clinic, Role.PHYSICIAN)
    _read_and_sign(page, OTHER)
    _plan(page, approve=False)
    page.get_by_text("The patient declined", exact=True).click()
    page.get_by_role("button", name="Record that the patient declined").click()
    expect(page.get_by_text("write why, in a sentence")).to_be_visible()
    page.get_by_label("Note").last.fill("Wants to wait until the summer is over.")
    page.get_by_role("button", name="Record that the patient declined").click()
    expect(page.get_by_text("The patient declined. Their result says so.")).to_be_visible()
    camera.take(page, "plan-declined")

    desk = signed_in(at(), clinic, Role.FRONT_DESK)
    desk.goto(f"/episodes/{episode.id}/papers")
    desk.get_by_role("link", name="Your result").first.click()
    expect(desk.get_by_text("You chose not to have a treatment now.")).to_be_visible()


def _a_scan(clinic: Served, name: str) -> Episode:
    with records(clinic) as session:
        people(session)
        return scan(session, name)


def _read_and_sign(page: Page, name: str) -> str:
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Read and sign").click()
    page.get_by_role("button", name="Start reading").click()
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign report").click()
    expect(page.get_by_role("heading", name="Signed")).to_be_visible()
    return page.url


def _plan(page: Page, *, approve: bool) -> None:
    page.get_by_role("link", name="Draft the plan").click()
    page.get_by_role("button", name="Draft the plan").click()
    page.locator('input[name="pick"][value="R.GSV.RFA"]').check(force=True)
    page.locator('input[name="pick"][value="R.TRIB1.PHLEB"]').check(force=True)
    page.locator('select[name="session.R.TRIB1.PHLEB"]').select_option("2")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_role("button", name="Approve the plan")).to_be_visible()
    if approve:
        page.get_by_role("button", name="Approve the plan").click()
        expect(page.get_by_text("Approved.").first).to_be_visible()


def _add(page: Page, camera: Camera) -> None:
    page.get_by_text("Write the addendum", exact=True).click()
    form = page.locator("form[action$='/addendum']")
    form.get_by_label("Text").fill("The left calf was scanned sitting, for the patient felt faint.")
    form.get_by_label("Your password").fill(factories.PASSWORD)
    form.scroll_into_view_if_needed()
    camera.take(page, "addendum")
    form.get_by_role("button", name="Sign the addendum").click()
    expect(page.get_by_role("region", name="Addendum", exact=True)).to_contain_text("felt faint")


def _amend(page: Page, camera: Camera) -> None:
    page.get_by_text("Begin the amendment", exact=True).click()
    form = page.locator("form[action$='/amend']")
    form.get_by_label("Text").fill("The mid thigh was timed at a tributary.")
    form.get_by_role("button", name="Amend the report").click()
    expect(page.get_by_role("heading", name="Amend and sign")).to_be_visible()
    page.get_by_role("link", name="Correct the findings").click()
    box = page.locator("[name='R.GSV_MT.reflux_ms']")
    box.fill("1.9")
    page.get_by_role("button", name="Save the corrections").click()
    expect(page.get_by_role("alert")).to_contain_text("seconds or milliseconds")
    expect(box).to_have_value("1.9")
    camera.take(page, "correct")
    box.fill("1.9s")
    page.get_by_role("button", name="Save the corrections").click()
    expect(page.get_by_label("Right leg", exact=True)).to_have_value(re.compile("1,900|2,400"))
    camera.take(page, "amend")
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign the amendment").click()
    expect(page.get_by_text("This report amends version 2")).to_be_visible()


def _revise(page: Page, camera: Camera) -> None:
    page.get_by_role("button", name="Revise the plan").click()
    expect(page.locator('input[value="R.GSV.RFA"]')).to_be_checked()
    page.get_by_role("button", name="Submit for approval").click()
    page.get_by_role("link", name=re.compile("what differs")).first.click()
    camera.take(page, "plan-versions")
    page.get_by_role("link", name="Open the plan").click()
    page.get_by_role("button", name="Approve the plan").click()
    expect(page.get_by_text("Approved.").first).to_be_visible()
