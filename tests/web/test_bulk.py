"""A demo of any size: believable, the same for the same seed, and never in a real clinic."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.browser import Browser
from workflow.accounts.demo import DEMO_PASSWORD
from workflow.domain.errors import Refused
from workflow.domain.lookup import keys_of
from workflow.domain.pathway import OPEN_STAGES, Stage
from workflow.extensions import db
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam, Finding
from workflow.models.installation import Kind
from workflow.models.lookup import PatientKey
from workflow.models.patient import Episode, Patient
from workflow.seed import bulk, names
from workflow.seed.batch import ON_PAPER
from workflow.settings import Settings

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
MANY = 120


@pytest.fixture
def kind() -> Kind:
    return Kind.DEMO


@pytest.fixture
def filled(app: Flask, settings: Settings) -> int:
    with app.app_context():
        bulk.fill(db.engine, settings.files, MANY, now=NOW, told=lambda *_: None)
    return MANY


def test_as_many_are_there_as_were_asked_for(filled: int, session: Session) -> None:
    assert session.scalar(select(func.count(Patient.id))) == filled
    numbers = session.scalars(select(Patient.record_number)).all()
    assert all(number.startswith("D") for number in numbers)
    stages = set(session.scalars(select(Episode.stage)))
    assert {Stage.DISCHARGED, Stage.REFERRED, Stage.READ} <= stages
    waiting = session.scalar(select(func.count()).where(Episode.stage.in_(OPEN_STAGES)))
    assert waiting == filled // 10


def test_some_are_really_signed_and_the_others_say_where_their_report_is(
    filled: int, session: Session
) -> None:
    assert session.scalar(select(func.count(IssuedDocument.id)))
    signed = select(IssuedDocument.exam_id)
    unsigned = session.scalars(
        select(Exam.limitations).where(Exam.status == "final", Exam.id.not_in(signed))
    ).all()
    assert unsigned
    assert set(unsigned) == {ON_PAPER}


def test_everyone_is_found_by_the_keys_of_their_record(filled: int, session: Session) -> None:
    for patient in session.scalars(select(Patient)):
        stored = session.scalars(select(PatientKey.key).where(PatientKey.patient_id == patient.id))
        assert set(stored) == keys_of(
            name=patient.name,
            called=patient.called,
            phone=patient.phone,
            record_number=patient.record_number,
        )


def test_every_reading_is_one_the_rules_take(filled: int, session: Session) -> None:
    findings = session.scalars(select(Finding)).all()
    assert findings
    assert all(finding.reading for finding in findings)


def test_the_same_seed_makes_the_same_patients_and_another_makes_others(
    app: Flask, settings: Settings, session: Session, filled: int
) -> None:
    first = session.execute(select(Patient.name, Patient.born).order_by(Patient.id)).all()
    session.rollback()
    with app.app_context():
        bulk.fill(db.engine, settings.files, MANY, now=NOW, told=lambda *_: None)
        bulk.fill(db.engine, settings.files, MANY, now=NOW, told=lambda *_: None, seed=2)
    everyone = session.execute(select(Patient.name, Patient.born).order_by(Patient.id)).all()
    assert everyone[MANY : 2 * MANY] == first
    assert everyone[2 * MANY :] != first


def test_further_patients_can_be_registered_after_them(
    filled: int, app: Flask, session: Session
) -> None:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    form = browser.page("/sign-in").form("sign-in")
    browser.send(form, username="frontdesk", password=DEMO_PASSWORD)
    register = browser.page("/patients/new").form("register")
    typed = {"name": "Ada Zzz", "born-day": "1", "born-month": "2", "born-year": "1950", "sex": "F"}
    assert browser.send(register, **typed).status_code == 303
    session.rollback()
    added = session.scalars(select(Patient).where(Patient.name == "Ada Zzz")).one()
    assert added.record_number == f"D{10001 + filled}"


@pytest.mark.parametrize("kind", [Kind.CLINIC])
def test_a_real_clinic_takes_no_invented_patient(
    app: Flask, settings: Settings, session: Session
) -> None:
    with app.app_context(), pytest.raises(Refused, match="real patients"):
        bulk.fill(db.engine, settings.files, 10, now=NOW, told=lambda *_: None)
    assert session.scalar(select(func.count(Patient.id))) == 0
    session.rollback()
    ran = app.test_cli_runner().invoke(args=["seed", "bulk", "--patients", "10"])
    assert ran.exit_code != 0
    assert "real patients" in ran.output


def test_every_page_of_an_invented_patient_opens(
    filled: int, session: Session, signed_in_demo: Callable[[str], Browser]
) -> None:
    newest = select(func.max(Episode.id)).group_by(Episode.stage)
    episodes = session.scalars(select(Episode).where(Episode.id.in_(newest))).all()
    for username in ("physician", "frontdesk"):
        browser = signed_in_demo(username)
        for episode in episodes:
            browser.page(f"/episodes/{episode.id}")
            browser.page(f"/patients/{episode.patient_id}")
            browser.page(f"/episodes/{episode.id}/care")


@pytest.fixture
def signed_in_demo(app: Flask) -> Callable[[str], Browser]:
    def sign_in(username: str) -> Browser:
        browser = app.test_client()
        assert isinstance(browser, Browser)
        form = browser.page("/sign-in").form("sign-in")
        assert browser.send(form, username=username, password=DEMO_PASSWORD).status_code == 303
        return browser

    return sign_in


def test_the_names_are_many_and_the_common_ones_common() -> None:
    random = Random(1)
    drawn = [names.full_name("F", random).split()[-1] for _ in range(20_000)]
    assert len(set(drawn)) > 2_000
    assert drawn.count("Smith") > 4 * drawn.count("Nielsen") > 0
