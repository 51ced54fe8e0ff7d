"""A physician gives the spelling that papers print, where the name is refused."""

from playwright.sync_api import expect

from tests import factories
from tests.journeys.axe import in_both_schemes
from tests.journeys.conftest import Camera, Served, Windows
from tests.journeys.scans import issued, people, records, scan, signed_in
from workflow.domain.staff import Role

NAME = "TEST 王小明"


def test_a_refused_name_is_spelled_beside_the_refusal_and_then_signed(
    clinic: Served, at: Windows, camera: Camera
) -> None:
    with records(clinic) as session:
        people(session)
        episode = scan(session, NAME)
    page = signed_in(at(), clinic, Role.PHYSICIAN)
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="Read and sign").click()
    page.get_by_role("button", name="Start reading").click()
    page.get_by_label("Right leg", exact=True).fill("The right great saphenous vein leaks.")
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign report").click()
    asked = page.get_by_role("region", name="Papers cannot print this name")
    expect(asked).to_be_visible()
    expect(page.get_by_text("no embedded font can set").first).to_be_visible()
    assert in_both_schemes(page) == []
    camera.take(page, "read-spelling")

    spelling = asked.get_by_label("Latin spelling for paper")
    spelling.fill("TEST 王")
    asked.get_by_role("button", name="Use this spelling on paper").click()
    expect(asked).to_contain_text("Paper cannot set “王”.")
    expect(spelling).to_have_value("TEST 王")
    spelling.fill("TEST Wang Xiaoming")
    spelling.press("Enter")
    expect(asked).to_have_count(0)
    expect(page.get_by_label("Right leg", exact=True)).to_have_value(
        "The right great saphenous vein leaks."
    )
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign report").click()
    expect(page.get_by_role("heading", name="Signed")).to_be_visible()
    expect(page.locator(".person .name")).to_have_text(NAME)
    with records(clinic) as session:
        assert issued(session, episode) == 1
