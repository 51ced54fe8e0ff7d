"""Be a person's authenticator: enrol with the secret the page shows, and say the codes it gives."""

import re
from datetime import timedelta

import pyotp
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Camera
from workflow import clock


def enrol(page: Page, camera: Camera | None = None) -> str:
    """Set up the second factor on the page that asks for it; return its secret."""
    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    if camera:
        camera.take(page, "second-factor")
    secret = page.locator("[data-secret]").get_attribute("data-secret") or ""
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Take it into use").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    if camera:
        camera.take(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    return secret


def enrol_if_asked(page: Page) -> str:
    """Enrol where the role just signed in needs it; return the secret, or nothing."""
    page.wait_for_url(re.compile(r"/sign-in/enrol|/$"))
    return enrol(page) if "/sign-in/enrol" in page.url else ""


def enter_code(page: Page, secret: str) -> None:
    """Give the code that a later sign-in asks for: the next one, for each is good once."""
    page.get_by_label("Code").fill(code(secret, steps=1))
    page.get_by_role("button", name="Sign in").click()


def code(secret: str, steps: int = 0) -> str:
    """Return what the authenticator shows now, or so many steps of 30 s later; one is taken."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))
