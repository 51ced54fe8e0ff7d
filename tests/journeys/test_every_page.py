"""Everybody can use every page there is, by day and in the dark, also what a press opens on it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import MethodNotAllowed

from tests import factories
from tests.journeys import every_page, factor, furnished
from tests.journeys.axe import in_both_schemes
from tests.journeys.conftest import Served, Windows, environ_of
from tests.journeys.every_page import Visit
from tests.journeys.furnished import Furnished
from tests.journeys.scans import records
from workflow import create_app
from workflow.accounts.demo import DEMO_PASSWORD
from workflow.domain.staff import Role
from workflow.settings import Settings

UNFOLD = """
() => {
  for (const fold of document.querySelectorAll("details:not([data-menu])")) fold.open = true;
}
"""
"""Opens what is folded away, so that it is looked at too."""

FORM = """
  const form = [...document.querySelectorAll("main form[method=post]")]
    .find(each => new URL(each.getAttribute("action") || "", location.href).pathname.endsWith(end));
"""
HAS_FORM = f"end => {{ {FORM} return Boolean(form); }}"
SEND_EMPTY = f"""
end => {{ {FORM}
  for (const box of form.elements) {{
    if (box.type === "radio" || box.type === "checkbox") box.checked = false;
    else if (box.type !== "hidden") box.value = "";
  }}
  form.submit();
}}
"""
"""Sends the form whose address ends so, with all that can be seen of it emptied."""


@dataclass
class Clinic:
    """The furnished clinic and what there is to open in it."""

    told: Furnished
    app: Flask
    visits: list[Visit]


@pytest.fixture(scope="module")
def clinic_of_all(demo: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """The demo clinic, and in it everything that a page can be opened with."""
    folder = tmp_path_factory.mktemp("furnished")
    with furnished.furnished(demo, folder, environ_of(folder / "home")) as told:
        app = create_app(Settings.read(told.served.environ))
        with records(told.served) as session:
            visits = every_page.visits(app, session)
        yield Clinic(told, app, visits)


@pytest.fixture
def windows(browser: Browser, clinic_of_all: Clinic) -> Iterator[Windows]:
    """Windows on the furnished clinic."""
    windows = Windows(browser, clinic_of_all.told.served.url)
    yield windows
    windows.close()


USERNAMES = {
    Role.FRONT_DESK: "frontdesk",
    Role.SONOGRAPHER: "sonographer",
    Role.PHYSICIAN: "physician",
    Role.ADMINISTRATOR: "admin",
}


def _fill_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)


def _sign_in(page: Page, username: str) -> None:
    _fill_in(page, username, DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Board")).to_be_visible()


class Walk:
    """Somebody who goes from page to page, and looks at each by day and in the dark."""

    def __init__(self, page: Page, app: Flask) -> None:
        self.page = page
        self.opened: set[str] = set()
        self.wrong: list[str] = []
        self._rules = app.url_map.bind("localhost")

    def open(self, address: str) -> None:
        """Go to an address, which must answer with the page that is asked for, and look at it."""
        answer = self.page.goto(address)
        assert answer is not None
        self.look()
        if answer.status != 200 or not self.page.url.endswith(address):
            self.wrong.append(f"{address} answered {answer.status} at {self.page.url}")

    def look(self) -> None:
        """Look at the page that is open, at what is folded away in it, and at its dialogs."""
        page, path = self.page, urlsplit(self.page.url).path
        with suppress(MethodNotAllowed):  # what a refused form showed may have no link of its own
            rule, _ = self._rules.match(path, method="GET", return_rule=True)
            self.opened.add(rule.rule)
        page.evaluate(UNFOLD)
        found = in_both_schemes(page)
        for opener in page.locator("[data-opens]").all():
            opener.click()
            dialog = page.locator("dialog[open]")
            expect(dialog).to_be_visible()
            found += in_both_schemes(page)
            dialog.evaluate("dialog => dialog.close()")
        self.wrong += [f"{path}: {line}" for line in found]

    def press(self, name: str) -> None:
        """Press a button or follow a link that leads to another page, and look at that."""
        main = self.page.locator("main")
        there = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name))
        with self.page.expect_navigation():
            there.first.click()
        self.look()

    def sends_empty(self, ending: str) -> bool:
        """Send one of the page's forms with nothing in it, if it has it; it must be refused."""
        if not self.page.evaluate(HAS_FORM, ending):
            return False
        with self.page.expect_navigation() as going:
            self.page.evaluate(SEND_EMPTY, ending)
        answer = going.value
        assert answer is not None
        self.look()
        if answer.status not in {409, 422}:
            self.wrong.append(f"An empty {answer.url} answered {answer.status}")
        return True


@pytest.mark.parametrize("role", USERNAMES)
def test_axe_finds_nothing_on_any_page_that_a_role_opens(
    clinic_of_all: Clinic, windows: Windows, role: Role
) -> None:
    walk, sent = Walk(windows(), clinic_of_all.app), set()
    _sign_in(walk.page, USERNAMES[role])
    for visit in clinic_of_all.visits:
        if visit.role is not role:
            continue
        walk.open(visit.address)
        for ending in every_page.REFUSED.get(visit.rule, ()):
            if (visit.rule, ending) not in sent and walk.sends_empty(ending):
                sent.add((visit.rule, ending))
                walk.page.goto(visit.address)
    assert walk.wrong == []
    assert {visit.rule for visit in clinic_of_all.visits if visit.role is role} <= walk.opened


def test_axe_finds_nothing_on_the_pages_for_people_who_are_not_signed_in(
    clinic_of_all: Clinic, windows: Windows
) -> None:
    told, walk = clinic_of_all.told, Walk(windows(), clinic_of_all.app)
    for address in ("/sign-in", f"/password/{told.password_token}"):
        walk.open(address)
        walk.press(walk.page.locator("main button[type=submit]").last.inner_text())
    walk.open(f"/result/{told.link_token}?lang=es")
    walk.open(f"/result/{told.link_token}")
    walk.press("Open")
    for part, number in zip(("Day", "Month", "Year"), told.born, strict=True):
        walk.page.get_by_label(part, exact=True).fill(str(number))
    walk.press("Open")
    walk.open("/verify")
    walk.open(f"/verify/{told.paper_number}")
    walk.page.get_by_label("Check another number").fill("7K2M-9QXA-40TZ")
    walk.press("Check")
    assert walk.wrong == []
    assert walk.opened == every_page.OUTSIDE


def test_axe_finds_nothing_on_the_pages_of_the_tablet(
    clinic_of_all: Clinic, windows: Windows
) -> None:
    walk = Walk(windows(820, 1180), clinic_of_all.app)
    page = walk.page
    _sign_in(page, "frontdesk")
    page.goto(f"/episodes/{clinic_of_all.told.referred}/intake")
    walk.press("Hand to the patient")
    walk.press("Begin")
    page.get_by_text("A foot is numb", exact=True).click()
    walk.press("Next")
    walk.press("I have told them")
    for address in ("/tablet/answers", "/tablet/done", "/tablet/back"):
        walk.open(address)
    walk.press("Take back")
    assert walk.wrong == []
    assert walk.opened == every_page.on_the_tablet()


def test_axe_finds_nothing_in_a_new_clinic_where_every_list_is_empty(
    clinic: Served, at: Windows
) -> None:
    walk = Walk(at(), create_app(Settings.read(clinic.environ)))
    page = walk.page
    walk.open("/setup")
    walk.press("Set up")
    for label, text in (
        ("Set-up token", clinic.token),
        ("Full name", "Ada Sample"),
        ("Username", "ada"),
        ("Password", DEMO_PASSWORD),
    ):
        page.get_by_label(label).fill(text)
    walk.press("Set up")
    walk.press("Take it into use")
    secret = factor.enrol(page)
    for address in ("/merges", "/settings/referrers", "/me/factor/codes", "/me/factor/remove"):
        walk.open(address)
    walk.open("/me/factor")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    walk.press("Go on")
    with records(clinic) as session:
        factories.staff(session, Role.FRONT_DESK)
    page.context.clear_cookies()
    _fill_in(page, "ada", DEMO_PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    walk.look()
    assert secret
    page.context.clear_cookies()
    _fill_in(page, "frontdesk", factories.PASSWORD)
    walk.press("Sign in")
    for address in ("/day", "/patients"):
        walk.open(address)
    assert walk.wrong == []
    assert walk.opened >= every_page.NEW_CLINIC


def test_what_is_said_to_be_no_page_or_to_be_opened_apart_is_still_there(app: Flask) -> None:
    apart = every_page.OUTSIDE | every_page.NEW_CLINIC | every_page.NO_PAGES.keys()
    assert apart - set(every_page.pages(app)) == set()
