"""A patient opens their papers on a phone, in English and in Spanish; and what else may happen."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests import factories
from tests.journeys.conftest import Camera, Served, Windows
from tests.journeys.phones import (
    BORN,
    PHONE,
    given,
    looked_at,
    newest_link,
    phone,
    signed,
    typed,
)
from tests.journeys.scans import records, signed_in
from workflow import clock, links
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.exam import Exam
from workflow.models.link import LinkTry, PatientLink
from workflow.portal.words import WORDS
from workflow.review import after
from workflow.settings import Settings

WRONG = date(1975, 3, 27)
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
FOUND = {"en": "right leg leaks", "es": "pierna derecha"}
PREFIX = {"en": "", "es": "es-"}


def _questions(page: Page, language: str) -> None:
    """Every page says whom to call, and calls when it is pressed."""
    call = page.get_by_role("link", name=PHONE).last
    expect(call).to_have_attribute("href", "tel:2125550100")
    expect(page.get_by_text(WORDS[language]["questions"], exact=True)).to_be_visible()


@LANGUAGES
def test_the_link_and_the_date_of_birth_open_the_papers(
    clinic: Served, at: Windows, camera: Camera, language: str
) -> None:
    say, mark = WORDS[language], PREFIX[language]
    exam = signed(clinic, language, planned=True)
    desk = signed_in(at(), clinic, Role.FRONT_DESK)
    desk.goto(f"/episodes/{exam.episode_id}/papers")
    desk.get_by_role("button", name="Print a link").click()
    address = desk.locator(".slip-address").inner_text()

    page = phone(at, language)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(say["title"])
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("body")).not_to_contain_text("TEST An")
    _questions(page, language)
    looked_at(page, camera, f"{mark}ask")

    typed(page, date(1974, 12, 31), language)
    expect(page.get_by_role("alert")).to_contain_text(say["wrong"])
    expect(page.get_by_label(say["day"], exact=True)).to_have_value("31")
    looked_at(page, camera, f"{mark}wrong")

    typed(page, BORN, language)
    expect(page.get_by_role("heading", level=1)).to_have_text(say["kind_patient"])
    expect(page.locator("main")).to_contain_text(FOUND[language])
    expect(page.locator("main")).not_to_contain_text("2,600")
    _questions(page, language)
    looked_at(page, camera, f"{mark}result")
    looked_at(page, camera, f"{mark}result-whole", whole=True)

    paper = page.get_by_role("link", name=say["kind_patient"])
    with page.context.expect_event(
        "response", lambda answer: answer.url.endswith(".pdf")
    ) as answered:
        paper.tap()
    assert answered.value.status == 200
    assert answered.value.headers["content-type"] == "application/pdf"
    sent = page.request.get(paper.get_attribute("href") or "")
    assert sent.body().startswith(b"%PDF")

    page.get_by_role("button", name=say["close"]).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["closed_title"])
    _questions(page, language)
    looked_at(page, camera, f"{mark}closed")
    page.goto("/result")
    expect(page.get_by_role("heading", level=1)).to_have_text(say["closed_title"])

    desk.goto(f"/episodes/{exam.episode_id}/papers")
    expect(desk.get_by_role("region", name="Reaching the patient")).to_contain_text("Once")


@LANGUAGES
def test_five_wrong_dates_lock_the_link_and_staff_see_it(
    clinic: Served, at: Windows, camera: Camera, language: str
) -> None:
    say = WORDS[language]
    exam = signed(clinic, language)
    page = phone(at, language)
    page.goto(given(clinic, exam))
    for _ in range(5):
        typed(page, WRONG, language)
        expect(page.get_by_role("alert")).to_contain_text(say["wrong"])
    typed(page, BORN, language)
    expect(page.get_by_role("alert")).to_contain_text(say["wrong"])
    expect(page.locator("main")).not_to_contain_text(FOUND[language])
    _questions(page, language)
    looked_at(page, camera)
    desk = signed_in(at(), clinic, Role.FRONT_DESK)
    desk.goto(f"/episodes/{exam.episode_id}/papers")
    expect(desk.get_by_text("Locked after five wrong dates")).to_be_visible()
    camera.take(desk, "papers-locked")


@LANGUAGES
def test_a_link_that_is_over_or_was_ended_says_whom_to_call(
    clinic: Served, at: Windows, camera: Camera, language: str
) -> None:
    say = WORDS[language]
    exam = signed(clinic, language)
    over, ended = given(clinic, exam), given(clinic, exam)
    with records(clinic) as session:
        link = newest_link(session)
        links.revoke(session, link, by=factories.staff(session, Role.FRONT_DESK), at=clock.now())
        first = session.scalars(select(PatientLink).order_by(PatientLink.id)).first()
        assert first is not None
        first.expires_at = clock.now() - timedelta(minutes=1)
    page = phone(at, language)
    for address in (over, ended):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(say["title"])
        typed(page, BORN, language)
        expect(page.get_by_role("alert")).to_contain_text(say["wrong"])
        expect(page.locator("main")).not_to_contain_text(FOUND[language])
        _questions(page, language)
        looked_at(page, camera)


def test_the_old_link_shows_the_amended_result_and_says_so(
    clinic: Served, at: Windows, camera: Camera
) -> None:
    exam = signed(clinic)
    address = given(clinic, exam)
    page = phone(at)
    page.goto(address)
    typed(page, BORN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your result")
    old = page.get_by_role("link", name="Your result").get_attribute("href") or ""
    _amend(clinic, exam)
    page.goto(address)
    typed(page, BORN)
    expect(page.get_by_text(re.compile("This page was changed on"))).to_be_visible()
    looked_at(page, camera, "amended")
    assert page.get_by_role("link", name="Your result").get_attribute("href") != old
    assert page.request.get(old).status == 404


def _amend(clinic: Served, exam: Exam) -> None:
    with records(clinic) as session:
        signed_exam = session.get_one(Exam, exam.id)
        copy = after.amend(
            session,
            signed_exam,
            "The mid thigh was timed at a tributary.",
            by=factories.staff(session, Role.PHYSICIAN),
            at=clock.now(),
            seen=after.signed_report(session, signed_exam).version,
        )
        session.commit()
        factories.sign(session, Settings.read(clinic.environ), copy)


def test_a_mail_scanner_that_follows_the_link_changes_nothing(clinic: Served, at: Windows) -> None:
    exam = signed(clinic)
    address = given(clinic, exam)
    before = _counted(clinic)
    page = phone(at)
    for _ in range(12):
        assert page.request.get(address).status == 200
        assert page.request.head(address).status == 200
    page.goto(address)
    assert _counted(clinic) == before
    typed(page, BORN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your result")


def _counted(clinic: Served) -> tuple[object, ...]:
    """Return all that a try to open a link could change."""
    with records(clinic) as session:
        link = newest_link(session)
        return (
            session.scalar(select(func.count(AuditRow.seq))),
            session.scalar(select(func.count(LinkTry.id))),
            link.openings,
            link.wrong_dates,
        )
