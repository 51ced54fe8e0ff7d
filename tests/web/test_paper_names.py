"""A name that no embedded font can set, and the Latin spelling that papers print instead."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Form, Page
from workflow import clock, files, papernames
from workflow.chart import export
from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import Edit
from workflow.models.patient import Patient
from workflow.models.plan import Plan
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]
CHINESE, LATIN = "王小明", "Wang Xiaoming"
RFA = "R.GSV.RFA"
CANNOT = "Papers cannot print this name"


@pytest.fixture
def exam(session: Session) -> Exam:
    """Case C01 of a patient whose name paper cannot set, being read."""
    return factories.scan_being_read(session, name=CHINESE)


def _spelled(session: Session, exam: Exam, text: str = LATIN) -> Patient:
    by, patient = factories.staff(session, Role.PHYSICIAN), exam.episode.patient
    papernames.spell(session, patient, text, by=by, at=clock.now())
    session.commit()
    return patient


def _printed(session: Session, settings: Settings, kind: str) -> str:
    session.expire_all()
    rows = select(IssuedDocument).where(IssuedDocument.kind == kind).order_by(IssuedDocument.id)
    paper = session.scalars(rows).all()[-1]
    pdf = PdfReader(BytesIO(files.get(settings.files, paper.file_sha256)))
    return "\n".join(page.extract_text() for page in pdf.pages)


def test_signing_is_refused_by_name_and_the_spelling_is_asked_for_beside_it(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    browser, address = signed_in(Role.PHYSICIAN), f"/exams/{exam.id}/read"
    typed = {"R": "The right great saphenous vein leaks.", "password": factories.PASSWORD}
    refused = browser.send(browser.page(address).form("Sign report"), **typed)
    assert refused.status_code == 409
    page = Page(refused)
    assert "no embedded font can set" in page.main
    assert CANNOT in page.main
    given = _give(browser, page.form("/sign"), f"/exams/{exam.id}/spelling", spelling=LATIN)
    assert given.status_code == 303
    page = browser.page(address)
    assert CANNOT not in page.main
    assert page.form("Sign report").values["R"].strip() == typed["R"]
    signed = browser.send(page.form("Sign report"), password=factories.PASSWORD)
    assert signed.status_code == 303
    session.expire_all()
    assert exam.status is ExamStatus.FINAL
    assert exam.episode.patient.name == CHINESE
    for kind in ("scan", "patient"):
        assert LATIN in _printed(session, settings, kind)


def _give(browser: Browser, form: Form, address: str, **typed: str) -> Any:
    """Press the button of the spelling, which sends along the form it stands beside."""
    return browser.post(address, data={**form.values, **typed})


def test_a_spelling_is_kept_with_what_stood_before_and_its_audit_row(
    session: Session, exam: Exam
) -> None:
    patient = _spelled(session, exam)
    edit = session.scalars(select(Edit).where(Edit.cell == "paper_name")).one()
    assert (edit.before, edit.after) == ("", LATIN)
    row = session.scalars(select(AuditRow).where(AuditRow.action == "patient.edit")).one()
    assert (row.patient_id, row.at, row.actor) == (patient.id, edit.at, "Phil Test")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the name in Latin letters."),
        ("王 Xiaoming", "Paper cannot set “王”."),
        ("x" * 101, "100"),
        ("123", "at least one letter"),
        ("Wang\u202eXiaoming", ""),
    ],
    ids=["empty", "unsettable", "too long", "no letter", "turned around"],
)
def test_a_spelling_that_paper_cannot_set_is_said_at_its_place_and_kept(
    session: Session, signed_in: SignIn, exam: Exam, typed: str, said: str
) -> None:
    browser, address = signed_in(Role.PHYSICIAN), f"/exams/{exam.id}/spelling"
    page = browser.page(f"/exams/{exam.id}/read")
    answer = _give(browser, page.form("/sign"), address, spelling=typed, R="Mine.")
    assert answer.status_code == 422
    page = Page(answer)
    assert said in page.main
    assert "Mine." in page.html
    session.expire_all()
    assert exam.episode.patient.paper_name == ""


def _submitted_without_a_spelling(session: Session, settings: Settings, exam: Exam) -> Plan:
    """Return a plan that waits to be approved, for a patient whose spelling was taken away."""
    patient = _spelled(session, exam)
    factories.sign(session, settings, exam)
    patient.paper_name = ""
    return factories.submitted_plan(session, exam, RFA)


def test_a_plan_is_approved_once_the_spelling_is_given(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    exam.episode.referred_by = "Dr. Rhea Referrer"
    plan = _submitted_without_a_spelling(session, settings, exam)
    browser, address = signed_in(Role.PHYSICIAN), f"/episodes/{exam.episode_id}/plan"
    refused = browser.send(browser.page(address).form("/approve"))
    assert refused.status_code == 409
    page = Page(refused)
    assert CANNOT in page.main
    given = _give(browser, page.form("/approve"), f"/plans/{plan.id}/spelling", spelling=LATIN)
    assert given.status_code == 303
    assert browser.send(browser.page(address).form("/approve")).status_code == 303
    for kind in ("plan", "patient", "letter"):
        assert LATIN in _printed(session, settings, kind)


def test_a_note_typed_beside_the_spelling_is_kept(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    plan = _submitted_without_a_spelling(session, settings, exam)
    browser = signed_in(Role.PHYSICIAN)
    page = browser.page(f"/episodes/{exam.episode_id}/plan")
    token = page.form("/decline").values
    said = {"decline-note": "Waits until the summer is over.", "spelling": LATIN}
    answer = browser.post(f"/plans/{plan.id}/spelling", data={**token, **said})
    assert answer.status_code == 200
    assert "Waits until the summer is over." in Page(answer).html
    session.expire_all()
    assert exam.episode.patient.paper_name == LATIN


def test_a_spelling_somebody_else_gave_meanwhile_is_not_overwritten(
    session: Session, exam: Exam
) -> None:
    _spelled(session, exam)
    with pytest.raises(Refused, match="Somebody else gave the spelling"):
        _spelled(session, exam, "Wong Siu Ming")
    session.rollback()
    assert exam.episode.patient.paper_name == LATIN


def test_the_spelling_is_changed_and_taken_away_on_the_patients_page(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    patient = _spelled(session, exam)
    desk, address = signed_in(Role.FRONT_DESK), f"/patients/{patient.id}"
    assert LATIN in desk.page(address).main
    for text in ("Wang Xiao-Ming", ""):
        form = desk.page(f"{address}/edit").form("Save the correction")
        assert desk.send(form, paper_name=text).status_code == 303
        session.expire_all()
        assert patient.paper_name == text
    assert "Papers cannot print this name" in desk.page(address).main
    refused = desk.send(desk.page(f"{address}/edit").form("Save the correction"), paper_name="王")
    assert refused.status_code == 422
    assert "Paper cannot set" in Page(refused).main


def test_what_they_like_to_be_called_is_left_out_where_paper_cannot_set_it(
    session: Session, exam: Exam
) -> None:
    patient = exam.episode.patient
    patient.called = "小明"
    assert papernames.lacking(patient)
    patient.paper_name = LATIN
    assert papernames.on_paper(patient) == (LATIN, "")
    patient.called = "Ming"
    assert papernames.on_paper(patient) == (LATIN, "Ming")


def test_a_name_that_paper_can_set_asks_for_no_spelling(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session, name="Nguyễn Thị Ánh")
    assert CANNOT not in signed_in(Role.PHYSICIAN).page(f"/exams/{exam.id}/read").main


def test_a_patient_is_found_by_the_spelling_on_their_papers(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    _spelled(session, exam)
    assert CHINESE in signed_in(Role.FRONT_DESK).page("/patients?q=xiaoming").main


def test_the_whole_record_handed_out_holds_the_spelling(
    session: Session, settings: Settings, exam: Exam
) -> None:
    patient = _spelled(session, exam)
    whole = export.export(session, patient, settings.files, at=clock.now())
    with ZipFile(BytesIO(whole.content)) as archive:
        held = json.loads(archive.read("patient.json"))
    assert (held["name"], held["paper_name"]) == (CHINESE, LATIN)


def test_whoever_decides_on_a_merge_sees_the_spelling_of_each_record(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    patient = _spelled(session, exam)
    other = factories.known_patient(session, "王 明")
    page = signed_in(Role.FRONT_DESK).page(f"/patients/{other.id}/merge/{patient.id}")
    assert "Latin spelling for paper" in page.main
    assert LATIN in page.main
