"""A patient's phone, and a signed scan whose papers a link leads to."""

from datetime import date

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests import factories
from tests.journeys.axe import in_both_schemes
from tests.journeys.conftest import Camera, Served, Windows
from tests.journeys.scans import people, records
from workflow import clock, home, links
from workflow.domain.clinic import Clinic, write_clinic
from workflow.domain.staff import Role
from workflow.keys import Purpose
from workflow.models.clinic import ClinicSettings
from workflow.models.exam import Exam
from workflow.models.link import PatientLink, Way
from workflow.portal.words import WORDS
from workflow.settings import Settings

PHONE = "212 555 0100"
BORN = date(1974, 3, 27)
WIDTH, HEIGHT = 390, 844
SMALLEST_TARGET = 44
LOCALES = {"en": "en-US", "es": "es-MX"}

TOO_LOW = """
least => [...document.querySelectorAll("a, button, input, summary")]
  .filter(e => e.checkVisibility() && !e.closest(".unseen, .skip") && e.type !== "hidden")
  .filter(e => e.getBoundingClientRect().height < least)
  .map(e => `${e.tagName} ${e.className} ${e.textContent.trim()}`)
"""


def signed(clinic: Served, language: str = "en", *, planned: bool = False) -> Exam:
    """Bring worked case C01 to its papers, in a clinic that patients can reach."""
    with records(clinic) as session:
        people(session)
        said = Clinic(site=clinic.url, phone=PHONE)
        session.add(ClinicSettings(body=write_clinic(said), by_id=None, at=clock.now()))
        settings = Settings.read(clinic.environ)
        name = {"en": "TEST Anna Phone", "es": "TEST Ana Teléfono"}[language]
        called = {"en": "Anna", "es": "Ana"}[language]
        exam = factories.scan_being_read(session, name=name)
        exam.episode.patient.called, exam.episode.patient.language = called, language
        factories.sign(session, settings, exam)
        if planned:
            factories.approved_plan(session, settings, exam, "R.GSV.RFA")
        return exam


def given(clinic: Served, exam: Exam) -> str:
    """Give the patient a printed link, and return its address."""
    with records(clinic) as session:
        key = home.key(Settings.read(clinic.environ)).derive(Purpose.LINK)
        at, by = clock.now(), factories.staff(session, Role.FRONT_DESK)
        exam = session.get_one(Exam, exam.id)
        link = links.make(session, exam.episode, Way.PRINTED, key, by=by, at=at)
        return f"/result/{links.token_of(link.nonce, key)}"


def newest_link(session: Session) -> PatientLink:
    """Return the link that was given last."""
    return session.query(PatientLink).order_by(PatientLink.id.desc()).limit(1).one()


def phone(windows: Windows, language: str = "en") -> Page:
    """Open a phone that is set to this language."""
    return windows(WIDTH, HEIGHT, has_touch=True, locale=LOCALES[language])


def typed(page: Page, born: date, language: str = "en") -> None:
    """Type a date of birth and press the button, with a finger."""
    say = WORDS[language]
    for part, text in (("day", born.day), ("month", born.month), ("year", born.year)):
        page.get_by_label(say[part], exact=True).fill(str(text))
    page.get_by_role("button", name=say["open"], exact=True).tap()


def looked_at(page: Page, camera: Camera, name: str = "", *, whole: bool = False) -> None:
    """Hold a page to what everybody can use with a thumb; take its picture in both schemes."""
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert page.evaluate(TOO_LOW, SMALLEST_TARGET) == []
    assert in_both_schemes(page) == []
    if name:
        camera.take(page, f"portal-{name}", whole=whole)
        page.emulate_media(color_scheme="dark")
        camera.take(page, f"portal-{name}-dark", whole=whole)
        page.emulate_media(color_scheme="light")
