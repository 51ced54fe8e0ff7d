"""What a patient meets who opens their papers, and what whoever is not the patient meets."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import clock
from workflow.domain.clinic import Clinic, write_clinic
from workflow.domain.papernumber import number_of
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.clinic import ClinicSettings
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.link import LinkTry, PatientLink
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]
SITE = "http://127.0.0.1:8000"
BORN = {"born-day": "27", "born-month": "3", "born-year": "1974"}
WRONG = BORN | {"born-year": "1975"}


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until a test moves it."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    """Case C01, read and signed, in a clinic that can be reached."""
    clinic = Clinic(site=SITE, phone="212 555 0100")
    session.add(ClinicSettings(body=write_clinic(clinic), by_id=None, at=clock.now()))
    return factories.signed_scan(session, settings)


@pytest.fixture
def address(signed_in: SignIn, exam: Exam) -> str:
    """The address of a printed link, as the slip shows it."""
    return given(signed_in(Role.FRONT_DESK), exam)


def given(desk: Browser, exam: Exam) -> str:
    """Give the patient a printed link and return its address without the site."""
    papers = f"/episodes/{exam.episode_id}/papers"
    form = next(f for f in desk.page(papers).forms if f.values.get("way") == "printed")
    response = desk.send(form)
    assert response.status_code == 303
    slip = desk.page(response.location)
    found = re.search(rf"{SITE}(/result/\S+)", slip.main)
    assert found, slip.main
    return found[1]


@pytest.fixture
def phone(app: Flask, exam: Exam) -> Browser:
    """The patient's own browser."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


def opening(browser: Browser, address: str, born: dict[str, str]) -> Any:
    """Type a date of birth on the page a link leads to."""
    page = browser.page(address)
    form = next(form for form in page.forms if "born-day" in form.values)
    return browser.send(form, **born)


def test_the_link_and_the_birth_date_open_the_papers(
    phone: Browser, address: str, session: Session
) -> None:
    response = opening(phone, address, BORN)
    assert response.status_code == 303
    page = phone.page(response.location)
    assert "right leg leaks" in page.main
    assert "2,600" not in page.main
    paper = session.scalars(select(IssuedDocument).where(IssuedDocument.kind == "patient")).one()
    pdf = phone.get(f"/result/{paper.id}.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Cache-Control"] == "no-store"


def test_the_first_page_names_nobody_and_is_the_same_for_any_link(
    phone: Browser, address: str
) -> None:
    page = phone.page(address)
    assert "Anna" not in page.text
    assert "vein" not in page.text.lower()
    other = phone.page("/result/" + "x" * 43)
    assert re.sub(r'value="[^"]*"|/result/[\w-]+', "", page.html) == re.sub(
        r'value="[^"]*"|/result/[\w-]+', "", other.html
    )


def test_a_scanner_that_follows_the_link_changes_nothing(
    phone: Browser, address: str, session: Session
) -> None:
    rows = session.scalar(select(func.count(AuditRow.seq)))
    for _ in range(15):
        assert phone.get(address).status_code == 200
        assert phone.head(address).status_code == 200
    assert session.scalar(select(func.count(AuditRow.seq))) == rows
    assert session.scalar(select(func.count(LinkTry.id))) == 0
    assert opening(phone, address, BORN).status_code == 303


def _refused(response: Any) -> str:
    assert response.status_code == 422
    return re.sub(r'value="[^"]*"|/result/[\w-]+', "", Page(response).html)


def test_wrong_unknown_revoked_and_expired_are_answered_alike(
    phone: Browser, address: str, signed_in: SignIn, exam: Exam, now: time_machine.Traveller
) -> None:
    wrong = _refused(opening(phone, address, WRONG))
    unknown = _refused(opening(phone, "/result/" + "x" * 43, WRONG))
    ended = given(signed_in(Role.PHYSICIAN), exam)
    desk = signed_in(Role.FRONT_DESK)
    page = desk.page(f"/episodes/{exam.episode_id}/papers")
    form = next(form for form in page.forms if form.action.endswith("/end"))
    assert desk.send(form).status_code == 303
    revoked = _refused(opening(phone, ended, WRONG))
    now.shift(timedelta(days=14, seconds=1))
    expired = _refused(opening(phone, address, WRONG))
    assert wrong == unknown == revoked == expired


def test_five_wrong_dates_lock_the_link_for_good(phone: Browser, address: str) -> None:
    for _ in range(5):
        assert opening(phone, address, WRONG).status_code == 422
    assert opening(phone, address, BORN).status_code == 422


def test_a_link_opens_ten_times(
    phone: Browser, address: str, signed_in: SignIn, exam: Exam
) -> None:
    for _ in range(10):
        assert opening(phone, address, BORN).status_code == 303
    assert opening(phone, address, BORN).status_code == 422
    page = signed_in(Role.FRONT_DESK).page(f"/episodes/{exam.episode_id}/papers")
    assert "10 times" in page.main
    assert "Opened ten times" in page.main


def test_a_link_is_over_after_a_fortnight(
    phone: Browser, address: str, now: time_machine.Traveller
) -> None:
    now.shift(timedelta(days=14) - timedelta(minutes=2))
    assert opening(phone, address, BORN).status_code == 303
    now.shift(timedelta(minutes=3))
    assert opening(phone, address, BORN).status_code == 422


def test_what_is_open_closes_after_a_quarter_of_an_hour(
    phone: Browser, address: str, now: time_machine.Traveller
) -> None:
    opening(phone, address, BORN)
    now.shift(timedelta(minutes=14))
    assert phone.get("/result").status_code == 200
    now.shift(timedelta(minutes=2))
    assert phone.get("/result").status_code == 401


def test_a_link_that_staff_end_closes_what_is_open(
    phone: Browser, address: str, signed_in: SignIn, exam: Exam
) -> None:
    opening(phone, address, BORN)
    desk = signed_in(Role.FRONT_DESK)
    page = desk.page(f"/episodes/{exam.episode_id}/papers")
    desk.send(next(form for form in page.forms if form.action.endswith("/end")))
    assert phone.get("/result").status_code == 401


def test_a_patient_closes_the_page_on_a_shared_phone(phone: Browser, address: str) -> None:
    page = phone.page(opening(phone, address, BORN).location)
    form = next(form for form in page.forms if "close" in form.action)
    kept = phone.get_cookie("result", path="/result")
    assert kept is not None
    closed = phone.send(form)
    assert closed.status_code == 200
    assert "Your papers are closed on this device" in Page(closed).main
    spanish = re.search(r'href="(/result[^"]*lang=es)"', Page(closed).html)
    assert spanish is not None
    assert "está cerrada" in phone.get(spanish[1]).text
    phone.set_cookie("result", kept.value, path="/result")
    assert phone.get("/result").status_code == 401


def test_another_patients_paper_is_not_there(
    phone: Browser, address: str, session: Session, settings: Settings
) -> None:
    other = factories.signed_scan(session, settings, "C06", name="TEST Other")
    theirs = session.scalars(
        select(IssuedDocument.id).where(IssuedDocument.episode_id == other.episode_id)
    ).all()
    opening(phone, address, BORN)
    assert [phone.get(f"/result/{number}.pdf").status_code for number in theirs] == [404] * len(
        theirs
    )


def test_twenty_failed_tries_from_one_place_close_it_for_an_hour(
    phone: Browser, address: str, session: Session, now: time_machine.Traveller
) -> None:
    for _ in range(25):
        opening(phone, "/result/" + "y" * 43, WRONG)
    assert session.scalar(select(func.count(LinkTry.id))) == 20
    assert opening(phone, address, BORN).status_code == 422
    now.shift(timedelta(hours=1, seconds=1))
    assert opening(phone, address, BORN).status_code == 303


def test_a_token_changed_in_any_place_opens_nothing(phone: Browser, address: str) -> None:
    token = address.removeprefix("/result/")
    for at in range(0, len(token), 3):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert phone.post(f"/result/{changed}").status_code in (400, 422)
        assert phone.get_cookie("result", path="/result") is None


def test_the_token_is_not_in_the_database(address: str, session: Session) -> None:
    link = session.scalars(select(PatientLink)).one()
    token = address.removeprefix("/result/")
    assert len(token) == 43
    assert token not in (link.nonce, link.token_hash)


def test_a_date_that_is_no_date_is_said_and_costs_no_try(
    phone: Browser, address: str, session: Session
) -> None:
    response = opening(phone, address, {"born-day": "31", "born-month": "2", "born-year": "1974"})
    assert response.status_code == 422
    assert "not a date" in Page(response).main
    assert session.scalar(select(func.count(LinkTry.id))) == 0


def test_the_page_speaks_spanish_where_the_patient_asks_for_it(
    phone: Browser, address: str
) -> None:
    page = phone.page(f"{address}?lang=es")
    assert "fecha de nacimiento" in page.main.lower()
    assert page.root.all("html")[0].get("lang") == "es"


def test_why_no_link_can_be_given_is_said_at_the_button(
    signed_in: SignIn, session: Session, settings: Settings
) -> None:
    exam = factories.signed_scan(session, settings)
    page = signed_in(Role.FRONT_DESK).page(f"/episodes/{exam.episode_id}/papers")
    assert "address on the web is not set" in page.main
    refused = signed_in(Role.FRONT_DESK).post(
        f"/episodes/{exam.episode_id}/links",
        data={
            "way": "printed",
            "csrf_token": next(f for f in page.forms if f.method == "post").values["csrf_token"],
        },
    )
    assert refused.status_code in (400, 409)
    assert session.scalar(select(func.count(PatientLink.id))) == 0


def test_a_sonographer_gives_no_link(signed_in: SignIn, exam: Exam) -> None:
    page = signed_in(Role.SONOGRAPHER).page(f"/episodes/{exam.episode_id}/papers")
    assert "Print a link" not in page.buttons


def test_a_paper_is_vouched_for_without_a_word_of_the_patient(
    client: Browser, session: Session, settings: Settings, exam: Exam
) -> None:
    scan = session.scalars(select(IssuedDocument).where(IssuedDocument.kind == "scan")).one()
    page = client.page(f"/verify/{number_of(scan.digest)}")
    assert "newest version" in page.main
    assert "Phil Test, MD" in page.main
    assert "Anna" not in page.text
    assert "W1000" not in page.text


def test_an_older_paper_is_said_to_be_replaced(
    client: Browser, session: Session, settings: Settings, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, "R.GSV.RFA")
    older = session.scalars(
        select(IssuedDocument).where(IssuedDocument.kind == "patient", IssuedDocument.version == 1)
    ).one()
    assert "newer version has replaced it" in client.page(f"/verify/{number_of(older.digest)}").main


@pytest.mark.parametrize("number", ["0000-0000-0000", "x", "٣" * 12, "%00", "' OR 1=1 --"])
def test_a_number_of_no_paper_is_said_to_be_unknown(client: Browser, number: str) -> None:
    response = client.get(f"/verify/{number}")
    assert response.status_code in (400, 404)


def test_a_void_result_is_not_shown_to_the_patient_and_its_number_says_so(
    session: Session, signed_in: SignIn, client: Browser, exam: Exam, address: str
) -> None:
    paper = session.scalars(select(IssuedDocument).where(IssuedDocument.kind == "patient")).one()
    assert "newest version" in client.page(f"/verify/{number_of(paper.digest)}").main
    physician = signed_in(Role.PHYSICIAN)
    form = physician.page(f"/exams/{exam.id}/read").form("/void")
    typed = {"void-note": "Wrong patient.", "void-password": factories.PASSWORD}
    assert physician.send(form, **typed).status_code == 303
    page = client.page(f"/verify/{number_of(paper.digest)}")
    assert "has declared it void" in page.main
    opened = client.send(client.page(address).form(address), **BORN)
    assert opened.status_code == 303
    assert "leaks" not in client.page("/result").text
    assert client.get(f"/result/{paper.id}.pdf").status_code == 404
    desk = signed_in(Role.FRONT_DESK).page(f"/episodes/{exam.episode_id}/papers")
    assert "nothing is given to the patient until a report stands" in desk.main
