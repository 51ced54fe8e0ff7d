"""Walk through the demo clinic at every size and in both colour schemes, as each role.

No page may be wider than its window, and none may break its own content policy.
"""

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Camera, Served, Windows
from workflow.accounts.demo import DEMO_PASSWORD

SIZES = {"desk": (1366, 768), "wide": (1920, 1080), "tablet": (820, 1180), "phone": (390, 844)}
PAGES = {
    "frontdesk": (
        "/",
        "/day",
        "/patients",
        "/patients/new",
        "/patients/7",
        "/episodes/7/intake",
        "/episodes/9/exams/new",
        "/exams/6",
        "/exams/6/schedule",
        "/episodes/29/care",
        "/episodes/29/papers",
        "/me/sign-ins",
        "/me/password",
    ),
    "sonographer": ("/", "/exams/12", "/exams/12/scan", "/exams/12/fill/R", "/exams/1/scan"),
    "physician": (
        "/",
        "/episodes/2",
        "/exams/1/read",
        "/exams/2/read",
        "/exams/16/read",
        "/settings/criteria",
        "/episodes/24/plan",
        "/episodes/26/plan",
        "/documents/1",
    ),
    "admin": (
        "/",
        "/staff",
        "/staff/new",
        "/staff/1",
        "/staff/1/suspend",
        "/staff/1/password-link",
        "/settings",
        "/settings/criteria",
        "/settings/criteria/1",
        "/settings/referrers",
        "/settings/referrers/new",
        "/audit",
        "/me/sign-ins",
        "/me/factor",
    ),
}
PICTURES = {
    ("frontdesk", "/", "desk", "light"): "board",
    ("physician", "/", "desk", "dark"): "board-dark",
    ("frontdesk", "/", "phone", "light"): "board-phone",
    ("frontdesk", "/day", "desk", "light"): "day",
    ("frontdesk", "/patients", "desk", "light"): "find",
    ("physician", "/episodes/2", "desk", "light"): "episode-critical",
    ("physician", "/exams/2/read", "desk", "light"): "read-critical",
    ("physician", "/exams/1/read", "desk", "dark"): "read-dark",
    ("frontdesk", "/me/sign-ins", "desk", "light"): "sign-ins",
    ("admin", "/staff/1", "desk", "light"): "person",
    ("admin", "/audit", "desk", "light"): "audit-log",
    ("admin", "/settings/criteria", "desk", "light"): "criteria",
    ("admin", "/settings/referrers", "desk", "light"): "referrers",
}


def _sign_in(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


@pytest.mark.parametrize("username", PAGES)
def test_no_page_is_wider_than_its_window_in_either_scheme(
    browser: Browser, demo: Served, camera: Camera, username: str
) -> None:
    windows = Windows(browser, demo.url)
    page = windows()
    _sign_in(page, username)
    wide = []
    for address in PAGES[username]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                if name := PICTURES.get((username, address, size, scheme)):
                    camera.take(page, name)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((address, size))
    windows.close()
    assert wide == []
