"""A page that nobody uses covers itself, and opens again without losing a word."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Camera, Served, Windows
from workflow.accounts.demo import DEMO_PASSWORD

SECOND = 1000
QUARTER = 15 * 60 * SECOND


@pytest.fixture
def page(browser: Browser, demo: Served) -> Iterator[Page]:
    """The registration of a new patient, with something typed and a clock that can be moved."""
    windows = Windows(browser, demo.url)
    page = windows()
    page.goto("/")
    page.get_by_label("Username").fill("frontdesk")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    page.clock.install()
    page.goto("/patients/new")
    page.get_by_label("Full name").fill("Half Typed")
    yield page
    windows.close()


def test_a_page_covers_itself_and_opens_again_with_what_was_typed(
    page: Page, camera: Camera
) -> None:
    page.clock.fast_forward(QUARTER - 40 * SECOND)
    expect(page.get_by_role("dialog", name="Locked")).to_be_hidden()
    page.clock.fast_forward(40 * SECOND)
    expect(page.get_by_role("dialog", name="Locked")).to_be_visible()
    expect(page.get_by_label("Full name")).to_be_hidden()
    assert page.title() == "Locked"
    camera.take(page, "locked")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Locked")).to_be_visible()

    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("dialog", name="Locked")).to_be_hidden()
    expect(page.get_by_label("Full name")).to_have_value("Half Typed")
    assert page.title().startswith("Register a patient")

    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("date of birth")


def test_use_keeps_a_page_open_and_another_tab_with_it(page: Page) -> None:
    beside = page.context.new_page()
    beside.clock.install()
    beside.goto("/day")
    for _ in range(4):
        page.clock.fast_forward(QUARTER // 3)
        beside.clock.fast_forward(QUARTER // 3)
        with page.expect_response("**/me/here"):
            page.get_by_label("Full name").press("End")
    for each in (page, beside):
        expect(each.get_by_role("dialog", name="Locked")).to_be_hidden()


def test_what_one_tab_unlocks_opens_in_the_other(page: Page) -> None:
    beside = page.context.new_page()
    beside.clock.install()
    beside.goto("/day")
    for each in (page, beside):
        each.clock.fast_forward(QUARTER)
        expect(each.get_by_role("dialog", name="Locked")).to_be_visible()
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(beside.get_by_role("dialog", name="Locked")).to_be_hidden()


def test_a_sign_in_that_has_ended_covers_the_page_at_the_next_key(page: Page) -> None:
    beside = page.context.new_page()
    beside.goto("/me/sign-ins")
    beside.locator("[data-menu] summary").click()
    beside.get_by_role("button", name="Sign out", exact=True).click()
    page.clock.fast_forward(90 * SECOND)
    page.get_by_label("Full name").press("End")
    expect(page.get_by_role("dialog", name="Locked")).to_be_visible()
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("alert")).to_contain_text("This sign-in has ended")
