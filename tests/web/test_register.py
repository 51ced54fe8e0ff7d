"""Finding a patient, and registering one, as the front desk does."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import clock
from workflow.domain.staff import Role
from workflow.intake.matching import names_alike
from workflow.models.history import Edit, StepTaken
from workflow.models.installation import Kind
from workflow.models.patient import Episode, Patient

_known = factories.known_patient
SignIn = Callable[[Role], Browser]

ANNA: dict[str, Any] = {
    "name": "Anna Sample",
    "born-day": "12",
    "born-month": "Mar",
    "born-year": "1961",
    "sex": "F",
    "phone": "(212) 555-0147",
    "reason": "Leg cramps",
}


@pytest.fixture
def desk(signed_in: SignIn) -> Browser:
    return signed_in(Role.FRONT_DESK)


def _send(browser: Browser, **typed: Any) -> Any:
    return browser.send(browser.page("/patients/new").form("register"), **{**ANNA, **typed})


def _count(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count(Patient.id))) or 0


def test_a_registered_patient_is_asked_next(desk: Browser, session: Session) -> None:
    response = _send(desk, referred_by="Dr. Helen Marsh")
    assert response.status_code == 303
    page = desk.page(response.headers["Location"])
    assert page.heading == "Intake"
    assert "Registered as W10001" in page.text
    patient = session.scalars(select(Patient)).one()
    assert (patient.name_key, patient.phone_key) == (" anna sample ", "2125550147")
    episode = patient.episodes[0]
    assert episode.case_id == "W10001-1"
    assert session.scalars(select(StepTaken.step)).all() == ["refer"]


@pytest.mark.parametrize("kind", [Kind.DEMO])
def test_an_invented_patient_has_a_number_of_the_demo(desk: Browser, session: Session) -> None:
    _send(desk)
    assert session.scalars(select(Patient.record_number)).all() == ["D10001"]


@pytest.mark.parametrize(
    "query",
    [
        "anna sample",
        "sample anna",
        "SAM ann",
        "12 Mar 1961",
        "march 12, 1961",
        "1961-03-12",
        "12/3/1961",
        "3/12/1961",
        "anna 12 mar 1961",
        "sample 1961",
        "555 0147",
        "+1 212 555 0147",
        "0147",
        "W10001",
        "w10001",
        "10001",
    ],
)
def test_a_patient_is_found_by_what_is_at_hand(desk: Browser, session: Session, query: str) -> None:
    _known(session, "Anna Sample", date(1961, 3, 12), "(212) 555-0147")
    _known(session, "Ruth Other", date(1955, 7, 30), "(718) 555-9911")
    page = desk.page(f"/patients?q={query.replace('+', '%2B').replace(' ', '+')}")
    assert "Anna Sample" in page.main
    assert "Ruth Other" not in page.main


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Łukasz Żółć", "lukasz zolc"),
        ("José Núñez", "nunez jose"),
        ("Jose\u0301 Núñez", "josé"),
        ("O'Neill Patrick", "oneill"),
        ("Nguyễn Thị Ánh", "nguyen anh"),
        ("Groß Anna", "gross"),
        ("王小明", "王小明"),
        ("100% _Sure", "100% _sure"),
    ],
)
def test_accents_and_marks_do_not_hide_a_name(
    desk: Browser, session: Session, name: str, query: str
) -> None:
    response = _send(desk, name=name, phone="")
    assert response.status_code == 303, response.text
    _known(session, "Ruth Other", date(1955, 7, 30))
    page = desk.page("/patients?q=" + query.replace("%", "%25").replace(" ", "+"))
    assert "Ruth Other" not in page.main
    assert "1 patient fits" in page.main


def test_nobody_found_says_what_to_do(desk: Browser) -> None:
    page = desk.page("/patients?q=nobody")
    assert "Nobody fits “nobody”" in page.main
    assert "/patients/new?name=nobody" in page.links.values()
    assert "No patients yet" in desk.page("/patients").main


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1e9", "٣", "9999999999"])
def test_a_page_that_is_no_number_is_refused(desk: Browser, page: str) -> None:
    assert desk.get(f"/patients?q=ada&page={page}").status_code == 400
    assert desk.get(f"/patients?before={page}").status_code == 400


def test_a_long_list_has_pages(desk: Browser, session: Session) -> None:
    for day in range(1, 26):
        _known(session, f"Ada Row{chr(64 + day)}", date(1950, 1, day))
    page = desk.page("/patients?q=ada&page=2")
    assert "Page 2 of 2" in page.main
    assert "Ada RowY" in page.main


@pytest.mark.parametrize(
    "name",
    ["O'Neill", "Łukasz Żółć", "X", "Null", "Robert'); DROP TABLE", "../../etc/passwd",
     "<b>Anna", "{{7*7}} Ana", "de la Cruz", "محمد", "a" * 100],
)  # fmt: skip
def test_a_name_is_kept_as_written(desk: Browser, session: Session, name: str) -> None:
    assert _send(desk, name=name).status_code == 303
    patient = session.scalars(select(Patient)).one()
    assert patient.name == name
    assert desk.page(f"/patients/{patient.id}").heading == name


@pytest.mark.parametrize(
    "name", ["", "   ", "\u200b", "a\u202egnp", "Anna\x0bB", "A\tB", "a" * 101, "e" + "\u0301" * 9]
)
def test_a_name_that_cannot_be_kept_is_refused_at_its_field(
    desk: Browser, session: Session, name: str
) -> None:
    response = _send(desk, name=name, referred_by="Dr. Marsh")
    assert response.status_code == 422
    page = Page(response)
    assert any(said.startswith("Full name:") for said in page.errors)
    assert page.form("register").values["referred_by"] == "Dr. Marsh"
    assert _count(session) == 0


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("30", "2", "1961"), ("1", "1", "1850"), ("1", "1", "2199"), ("", "3", "1961"),
     ("12", "Mrz", "1961"), ("１２", "3", "1961"), ("12", "3", "61"), ("0", "0", "0000")],
)  # fmt: skip
def test_a_birth_date_that_cannot_be_is_refused(
    desk: Browser, session: Session, day: str, month: str, year: str
) -> None:
    response = _send(desk, **{"born-day": day, "born-month": month, "born-year": year})
    assert response.status_code == 422
    page = Page(response)
    assert any(said.startswith("Date of birth:") for said in page.errors)
    assert not any("tick that it is right" in said for said in page.errors)
    assert page.form("register").values["born-year"] == year
    assert _count(session) == 0


@pytest.mark.parametrize("year", ["1905", str(clock.now().year)])
def test_an_unlikely_age_is_confirmed_first(desk: Browser, session: Session, year: str) -> None:
    typed = {"born-day": "1", "born-month": "1", "born-year": year}
    response = _send(desk, **typed)
    assert response.status_code == 422
    form = Page(response).form("register")
    assert "age_checked" in form.labels
    assert desk.send(form, age_checked="y").status_code == 303
    assert _count(session) == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [("phone", "call me"), ("phone", "12"), ("email", "a@b,c@d"), ("email", "a b@c.d"),
     ("email", "anna"), ("sex", "Q"), ("sex", ""), ("language", "xx"), ("reason", ""),
     ("address", "x" * 301)],
)  # fmt: skip
def test_what_is_not_understood_is_said_at_its_field(
    desk: Browser, session: Session, field: str, text: str
) -> None:
    response = _send(desk, **{field: text})
    assert response.status_code == 422
    assert Page(response).errors
    assert _count(session) == 0


@pytest.mark.parametrize(
    ("name", "born", "phone"),
    [
        ("Sample Anna", date(1940, 1, 1), ""),
        ("Ana Sample", date(1940, 1, 1), ""),
        ("Anna Smaple", date(1940, 1, 1), ""),
        ("Аnna Sample", date(1940, 1, 1), ""),
        ("Anna Married", date(1961, 3, 12), ""),
        ("Somebody Else", date(1940, 1, 1), "212 555 0147"),
    ],
)
def test_a_likely_duplicate_is_shown_before_it_exists(
    desk: Browser, session: Session, name: str, born: date, phone: str
) -> None:
    known = _known(session, name, born, phone)
    response = _send(desk)
    assert response.status_code == 409
    page = Page(response)
    assert name in page.main
    assert f"/patients/{known.id}" in page.links.values()
    assert _count(session) == 1
    again = desk.send(page.form("register"), is_new="y")
    assert again.status_code == 303
    assert _count(session) == 2


def test_a_birth_date_alone_is_shown_but_does_not_stop(desk: Browser, session: Session) -> None:
    _known(session, "Ruth Other", date(1961, 3, 12))
    shown = desk.get("/patients/duplicates?name=Anna&born-day=12&born-month=3&born-year=1961")
    assert "Ruth Other" in shown.text
    assert "the same date of birth" in shown.text.lower()
    assert _send(desk).status_code == 303


def test_half_a_form_shows_nobody(desk: Browser, session: Session) -> None:
    _known(session, "Ruth Other", date(1961, 3, 12))
    assert desk.get("/patients/duplicates?name=A&born-day=12").text.strip() == ""
    assert desk.get("/patients/duplicates").text.strip() == ""


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Anna Sample", "sample ANNA", True),
        ("Anna Sample", "Anna Samplee", True),
        ("Anna Maria Sample", "Sample Anna Marie", True),
        ("Anna Sample", "Anne Simple", False),
        ("Anna", "Hanna", True),
        ("Anna", "", False),
        ("a b c d e", "e d c b a", True),
    ],
)
def test_names_are_alike_in_either_order_with_one_slip(
    one: str, other: str, *, alike: bool
) -> None:
    assert names_alike(one, other) is alike


def test_a_form_sent_twice_registers_one_patient(desk: Browser, session: Session) -> None:
    form = desk.page("/patients/new").form("register")
    first, second = desk.send(form, **ANNA), desk.send(form, **ANNA)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert _count(session) == 1


def test_a_known_patient_gets_a_further_episode(desk: Browser, session: Session) -> None:
    patient = _known(session, "Anna Sample", date(1961, 3, 12))
    form = desk.page(f"/patients/{patient.id}").form("new-episode")
    response = desk.send(form, reason="Varicose veins")
    assert response.status_code == 303
    ids = session.scalars(select(Episode.case_id).order_by(Episode.id)).all()
    assert ids == ["W10001-1", "W10001-2"]
    assert "Varicose veins" in desk.page(f"/patients/{patient.id}").main


def test_a_further_episode_needs_its_reason(desk: Browser, session: Session) -> None:
    patient = _known(session, "Anna Sample", date(1961, 3, 12))
    response = desk.send(desk.page(f"/patients/{patient.id}").form("new-episode"), reason=" ")
    assert response.status_code == 422
    assert any("why they come" in said for said in Page(response).errors)


def test_a_correction_keeps_what_stood_before(desk: Browser, session: Session) -> None:
    patient = _known(session, "Anna Sample", date(1961, 3, 12))
    form = desk.page(f"/patients/{patient.id}/edit").form("edit")
    assert desk.send(form, name="Anna Married", email="anna@example.org").status_code == 303
    session.expire_all()
    assert patient.name_key == " anna married "
    edits = select(Edit.before, Edit.after).where(Edit.cell == "name").order_by(Edit.id)
    assert session.execute(edits).all()[-1] == ("Anna Sample", "Anna Married")


def test_two_corrections_at_once_are_both_shown(desk: Browser, session: Session) -> None:
    patient = _known(session, "Anna Sample", date(1961, 3, 12))
    form = desk.page(f"/patients/{patient.id}/edit").form("edit")
    assert desk.send(form, phone="212 555 0001").status_code == 303
    response = desk.send(form, phone="212 555 0002")
    assert response.status_code == 409
    page = Page(response)
    assert "212 555 0001" in page.main
    assert "212 555 0002" in page.main
    assert desk.send(page.form("edit")).status_code == 303
    session.expire_all()
    assert patient.phone == "212 555 0002"


def test_an_administrator_sees_no_patients(signed_in: SignIn, session: Session) -> None:
    patient = _known(session, "Anna Sample", date(1961, 3, 12))
    browser = signed_in(Role.ADMINISTRATOR)
    for address in ("/patients", "/patients/new", f"/patients/{patient.id}"):
        assert browser.get(address).status_code == 403
    assert browser.get("/patients/99").status_code == 403


def test_a_patient_that_is_not_there_is_not_found(desk: Browser) -> None:
    assert desk.get("/patients/99").status_code == 404
    assert desk.get("/patients/0").status_code == 404
