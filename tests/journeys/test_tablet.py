"""A patient fills in the clinic's tablet, held upright, with a finger; staff confirm it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.axe import in_both_schemes
from tests.journeys.conftest import Camera, Served, Windows
from workflow.accounts.demo import DEMO_PASSWORD

SMALLEST_TYPE = 20
SMALLEST_TARGET = 48

TOO_SMALL = """
([type, target]) => {
  const shown = element => element.checkVisibility() && !element.closest(".unseen, .skip");
  const texts = [...document.querySelectorAll("body *")].filter(element =>
    shown(element) && [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  const small = texts.filter(e => parseFloat(getComputedStyle(e).fontSize) < type);
  const pressed = [...document.querySelectorAll("main button, main a, main label, header button")]
    .filter(e => shown(e) && !e.closest("h1, .tablet-field"));
  const low = pressed.filter(e => e.getBoundingClientRect().height < target);
  return [...small, ...low].map(e => `${e.tagName} ${e.className} ${e.textContent.trim()}`);
}
"""


@pytest.fixture
def windows(browser: Browser, demo: Served) -> Iterator[Windows]:
    """Windows on the demo clinic."""
    windows = Windows(browser, demo.url)
    yield windows
    windows.close()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def tablet(windows: Windows, request: pytest.FixtureRequest) -> Page:
    """The intake of a newly registered patient, on a tablet held upright."""
    page = windows(820, 1180, has_touch=True, java_script_enabled=request.param)
    page.goto("/")
    page.get_by_label("Username").fill("frontdesk")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/patients/new")
    page.get_by_label("Full name").fill(f"Rosa Tablet {'AB'[request.param]}")
    for part, text in (("Day", "3"), ("Month", "7"), ("Year", "1951")):
        page.get_by_label(part, exact=True).fill(text)
    page.get_by_label("Female", exact=True).check()
    page.get_by_role("button", name="Register", exact=True).click()
    if page.get_by_label("None of these is the same person").count():
        page.get_by_label("None of these is the same person").check()
        page.get_by_role("button", name="Register as a new person").click()
    page.get_by_role("button", name="Hand to the patient").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, Rosa")
    return page


def _asked(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def _press(page: Page, *answers: str) -> None:
    before = _asked(page)
    for answer in answers:
        page.get_by_text(answer, exact=True).tap()
    page.get_by_role("button", name="Next").tap()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)


def _skip(page: Page) -> None:
    before = _asked(page)
    page.get_by_role("button", name="Skip").tap()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)


def _look(page: Page, camera: Camera, name: str, *, scripted: bool) -> None:
    """Hold a page to what everybody can use, in both schemes, and take its picture."""
    if not scripted:
        return
    assert page.evaluate(TOO_SMALL, [SMALLEST_TYPE, SMALLEST_TARGET]) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    assert in_both_schemes(page) == []
    camera.take(page, f"tablet-{name}")


def test_a_patient_answers_on_the_tablet_and_staff_confirm(
    tablet: Page, camera: Camera, request: pytest.FixtureRequest
) -> None:
    page, scripted = tablet, "no script" not in request.node.name
    _look(page, camera, "start", scripted=scripted)
    page.get_by_role("link", name="Begin").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Do you have any of these now?")
    page.get_by_text("A foot is numb", exact=True).tap()
    _look(page, camera, "warning-signs", scripted=scripted)
    page.get_by_role("button", name="Next").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Please tell us now")
    _look(page, camera, "now", scripted=scripted)
    page.get_by_role("link", name="I have told them").tap()

    page.get_by_label("What troubles you most?").fill("My calves cramp at night")
    page.get_by_role("button", name="Next").tap()
    page.get_by_label("How tall are you?").fill("quite tall")
    page.get_by_role("button", name="Next").tap()
    expect(page.get_by_role("alert")).to_contain_text("Type it like 5 ft 5")
    expect(page.get_by_label("How tall are you?")).to_have_value("quite tall")
    _look(page, camera, "not-understood", scripted=scripted)
    page.get_by_label("How tall are you?").fill("5 ft 5")
    page.get_by_label("How tall are you?").press("Enter")
    _skip(page)  # weight
    page.get_by_role("button", name="Back").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("How much do you weigh?")
    page.get_by_label("How much do you weigh?").fill("154 lb")
    page.get_by_role("button", name="Next").tap()
    _skip(page)  # hours on their feet
    _press(page, "I walk on my own")
    _press(page, "No")
    _look(page, camera, "yes-or-no", scripted=scripted)
    _press(page, "Yes")
    _press(page, "Both legs")
    _press(page, "Calf")
    _look(page, camera, "choose-one", scripted=scripted)
    _press(page, "3 to 6 times a week")
    _press(page, "At night")
    _press(page, "1 to 9 minutes")
    _press(page, "For hours")
    page.get_by_text("7", exact=True).tap()
    _look(page, camera, "scale", scripted=scripted)
    page.get_by_role("button", name="Next").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("On how many nights")

    page.goto("/tablet/prior_vein_procedures")
    page.get_by_text("Left", exact=True).tap()
    page.get_by_label("What was done").fill("Laser")
    page.get_by_label("When", exact=True).fill("2019")
    _look(page, camera, "treatments", scripted=scripted)
    page.get_by_role("button", name="Add one more").tap()
    expect(page.get_by_text("Number 2")).to_be_visible()
    page.goto("/tablet/allergies")
    page.get_by_text("Latex", exact=True).tap()
    _look(page, camera, "allergies", scripted=scripted)
    page.get_by_role("button", name="Español").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("¿Es alérgico o alérgica")
    page.get_by_text("Látex", exact=True).tap()
    _look(page, camera, "spanish", scripted=scripted)
    page.get_by_role("button", name="Siguiente").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("tratado antes")
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("treated before")

    page.goto("/day")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, Rosa")
    page.goto("/tablet/insurer")
    _skip(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hand the tablet back")
    _look(page, camera, "thank-you", scripted=scripted)
    page.get_by_role("link", name="Look at my answers again").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers")
    _look(page, camera, "answers", scripted=scripted)
    page.goto("/tablet/done")
    page.get_by_role("link", name="Staff: take the tablet back").tap()
    expect(page.get_by_label("Password")).to_be_visible()
    _look(page, camera, "take-back", scripted=scripted)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Take back").tap()

    expect(page.get_by_role("heading", name="told by the patient, to be confirmed")).to_be_visible()
    expect(page.locator("#flags")).to_contain_text("Told by the patient, to be confirmed.")
    page.set_viewport_size({"width": 1366, "height": 900})
    camera.take(page, "tablet-intake")
    page.get_by_role("link", name="Go over them and confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Told by the patient")
    if scripted:
        assert in_both_schemes(page) == []
        camera.take(page, "tablet-confirm")
    page.get_by_role("radiogroup", name="Warning signs").get_by_text("Confirm").click()
    page.get_by_role("button", name="Settle what is chosen").click()
    expect(page.get_by_role("heading", name="Intake", level=1)).to_be_visible()
    expect(page.locator(".told-mark")).to_have_count(0)
