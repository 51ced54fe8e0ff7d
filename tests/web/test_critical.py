"""A critical finding: told, logged, escalated, and cleared by a physician alone."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import time_machine
from markupsafe import Markup
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories, scans
from tests.browser import Browser
from tests.pages import Page
from workflow import clock
from workflow.board.cards import Asked, board
from workflow.board.ticket import Style
from workflow.domain.clinic import Clinic, write_clinic
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.clinic import ClinicSettings, clinic_in_force
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.notice import CriticalNotice
from workflow.review.documents import critical_log

SignIn = Callable[[Role], Browser]
CLOT = {"L.POPV.thrombus": "acute", "L.POPV.compressibility": "none"}
STYLE = Style("/episodes/", "", linked=True, critical_sign=Markup(), late_sign=Markup())
CALL = {
    "told-to": "Dr. Jonathan Arad",
    "told-method": "phone",
    "told-read_back": "yes",
    "told-patient": "no",
}


@pytest.fixture
def room(signed_in: SignIn) -> Browser:
    return signed_in(Role.SONOGRAPHER)


@pytest.fixture
def physician(signed_in: SignIn) -> Browser:
    return signed_in(Role.PHYSICIAN)


@pytest.fixture
def exam(session: Session) -> Exam:
    exam = scans.scanning(session)
    scans.typed(session, exam, **CLOT)
    return exam


def _panel(browser: Browser, exam: Exam) -> Page:
    return browser.page(f"/exams/{exam.id}/critical")


def _call(browser: Browser, exam: Exam, **said: str) -> Any:
    return browser.send(_panel(browser, exam).form("Log the call"), **{**CALL, **said})


def _clear(browser: Browser, exam: Exam, note: str) -> Any:
    form = _panel(browser, exam).form("Record the decision")
    return browser.send(form, **{"critical-note": note})


def _notices(session: Session) -> list[CriticalNotice]:
    session.expire_all()
    return list(session.scalars(select(CriticalNotice).order_by(CriticalNotice.id)))


def _is_open(session: Session, exam: Exam) -> bool:
    session.expire_all()
    return exam.episode.critical


def _card(browser: Browser) -> str:
    cards = [a for a in browser.page("/").root.all("a") if "critical" in a.get("class").split()]
    return cards[0].text if cards else ""


def test_the_moment_a_saved_finding_is_critical_the_room_leads_to_its_panel(
    room: Browser, exam: Exam
) -> None:
    page = room.page(f"/exams/{exam.id}/scan")
    assert page.links["Log whom you told"] == f"/exams/{exam.id}/critical"
    panel = _panel(room, exam)
    assert "A critical finding is open" in panel.main
    assert "popliteal" in panel.main
    assert "Tell Dr. Jonathan Arad now. The patient stays." in panel.main
    assert panel.form("Log the call").values["told-to"] == "Dr. Jonathan Arad"


def test_the_room_can_fetch_the_panel_alone(room: Browser, exam: Exam) -> None:
    answer = room.get(f"/exams/{exam.id}/critical", headers={"X-Requested-With": "fetch"})
    assert answer.text.lstrip().startswith("<section")
    assert "<h1" not in answer.text
    form = _panel(room, exam).form("Log the call")
    answer = room.post(
        form.action, data={**form.values, **CALL}, headers={"X-Requested-With": "fetch"}
    )
    assert answer.status_code == 200
    assert "acknowledged" in answer.text


def test_a_call_is_logged_with_who_to_whom_how_and_when(
    session: Session, room: Browser, exam: Exam
) -> None:
    assert _call(room, exam).status_code == 303
    (notice,) = _notices(session)
    assert (notice.told_by.name, notice.told_to) == ("Sona Test", "Dr. Jonathan Arad")
    assert (notice.method.value, notice.read_back, notice.patient_told) == ("phone", True, False)
    assert "popliteal" in notice.finding
    said = (
        "Sona Test, RVT told Dr. Jonathan Arad by phone; read back. The patient was not told yet."
    )
    assert said in _panel(room, exam).main
    row = session.scalars(select(AuditRow).where(AuditRow.action == "exam.critical_told")).one()
    assert row.patient_id == exam.episode.patient_id


def test_an_entry_of_the_log_is_never_changed(session: Session, room: Browser, exam: Exam) -> None:
    _call(room, exam)
    (notice,) = _notices(session)
    notice.told_to = "Somebody else"
    with pytest.raises(DBAPIError, match="kept as they were written"):
        session.flush()
    session.rollback()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("told-to", "", "Type who was told."),
        ("told-method", "", "Choose how they were told."),
        ("told-method", "pigeon", "Choose one of the listed answers."),
        ("told-when", "soon", "is not a time"),
        ("told-when", "", "Type when they were told."),
        ("told-read_back", "", "Say whether they read it back."),
        ("told-patient", "", "Say whether the patient knows."),
    ],
)
def test_a_call_without_one_of_its_parts_is_not_logged_and_keeps_what_was_typed(
    session: Session, room: Browser, exam: Exam, field: str, typed: str, sentence: str
) -> None:
    response = _call(room, exam, **{"told-to": "Dr. Kept", field: typed})
    assert response.status_code == 422
    page = Page(response)
    assert any(sentence in error for error in page.errors)
    if field != "told-to":
        assert page.form("Log the call").values["told-to"] == "Dr. Kept"
    assert _notices(session) == []


def test_a_time_that_is_still_to_come_is_refused(
    session: Session, room: Browser, exam: Exam
) -> None:
    with time_machine.travel("2026-05-04T14:00:00Z", tick=True):
        session.commit()
        response = _call(room, exam, **{"told-when": "10:30"})
    assert response.status_code == 409
    assert any("still to come" in error for error in Page(response).errors)
    assert _notices(session) == []


def test_a_call_before_midnight_may_be_logged_after_it(session: Session, signed_in: SignIn) -> None:
    with time_machine.travel("2026-05-05T04:05:00Z", tick=True):  # 00:05 in New York
        exam = scans.scanning(session)
        scans.typed(session, exam, **CLOT)
        assert _call(signed_in(Role.SONOGRAPHER), exam, **{"told-when": "23:58"}).status_code == 303
    (notice,) = _notices(session)
    assert notice.told_at.isoformat() == "2026-05-05T03:58:00+00:00"


def test_unanswered_it_moves_to_the_second_contact_and_then_to_the_practice_lead(
    session: Session, room: Browser, exam: Exam
) -> None:
    body = write_clinic(Clinic(second_contact="Dr. Second", practice_lead="Pat Lead"))
    session.add(ClinicSettings(body=body, by_id=None, at=clock.now()))
    session.commit()
    assert "Tell Dr. Jonathan Arad now." in _card(room)
    _call(room, exam, **{"told-read_back": "no"})
    raised = session.scalars(select(StepTaken).where(StepTaken.step == "critical")).one()

    def said(minutes: int) -> str:
        at = raised.at + timedelta(minutes=minutes)
        asked = Asked(role=Role.SONOGRAPHER)
        shown = board(session, clinic_in_force(session), asked, STYLE, now=at)
        cards = "".join(lane.cards for lane in shown.columns)
        return unescape(cards.split('class="alarm">')[1].split("</span>")[0])

    assert said(14) == "Tell Dr. Jonathan Arad now. The patient stays."
    assert said(15) == "Tell Dr. Second."
    assert said(30) == "Tell Pat Lead; consider the emergency department."


def test_whoever_read_it_back_is_named_be_it_the_physician_or_not(
    room: Browser, exam: Exam
) -> None:
    _call(room, exam, **{"told-to": "Pat Lead"})
    panel = _panel(room, exam).main
    assert "by Pat Lead. A physician decides what happens to the patient now." in panel
    assert "Tell Dr. Jonathan Arad now" not in panel


def test_it_stays_on_the_board_until_a_physician_decides(
    session: Session, room: Browser, physician: Browser, exam: Exam
) -> None:
    _call(room, exam)
    assert "by Dr. Jonathan Arad. A physician decides." in _card(room)
    assert "Tell" not in _card(room)
    assert _is_open(session, exam)
    assert _clear(physician, exam, "Anticoagulation started; scan in a week.").status_code == 303
    assert not _is_open(session, exam)
    assert _card(room) == ""
    page = _panel(physician, exam)
    assert "Critical finding, handled" in page.main
    assert "Decided: Anticoagulation started; scan in a week. (Phil Test, MD)" in page.main


def test_only_a_physician_clears_it_and_only_with_a_decision(
    session: Session, room: Browser, physician: Browser, exam: Exam
) -> None:
    page = _panel(room, exam)
    assert "Record the decision" not in page.buttons
    assert "Only a physician clears a critical finding" in page.main
    token = page.form("Log the call").values["csrf_token"]
    data = {"csrf_token": token, "critical-note": "Nothing to do."}
    assert room.post(f"/exams/{exam.id}/critical/clear", data=data).status_code == 403
    response = _clear(physician, exam, "  ")
    assert response.status_code == 422
    assert any("Write what was decided" in error for error in Page(response).errors)
    assert _is_open(session, exam)


def test_the_front_desk_and_the_administrator_open_no_panel(signed_in: SignIn, exam: Exam) -> None:
    for role in (Role.FRONT_DESK, Role.ADMINISTRATOR):
        assert signed_in(role).get(f"/exams/{exam.id}/critical").status_code == 403


def test_what_was_decided_is_not_raised_again_but_something_new_is(
    session: Session, physician: Browser, exam: Exam
) -> None:
    _clear(physician, exam, "Treated.")
    scans.typed(session, exam, **{"L.SFJ.reflux_ms": "0"})
    assert not _is_open(session, exam)
    scans.typed(session, exam, **{"R.CFV.thrombus": "acute", "R.CFV.compressibility": "none"})
    assert _is_open(session, exam)
    raised = session.scalars(
        select(StepTaken).where(StepTaken.step == "critical").order_by(StepTaken.id)
    ).all()
    assert len(raised) == 2
    assert "Tell Dr. Jonathan Arad now" in _panel(physician, exam).main


@pytest.mark.parametrize("screen", ["scan", "finish"])
def test_the_room_asks_for_the_physician_until_they_have_decided_and_again_for_something_new(
    session: Session, room: Browser, physician: Browser, exam: Exam, screen: str
) -> None:
    address = f"/exams/{exam.id}/{screen}"
    assert "Tell the physician now" in room.page(address).main
    _clear(physician, exam, "Treated.")
    decided = room.page(address).main
    assert "A physician has decided" in decided
    assert "What was said and done" in decided
    assert "Tell the physician now" not in decided
    scans.typed(session, exam, **{"R.CFV.thrombus": "acute", "R.CFV.compressibility": "none"})
    again = room.page(address).main
    assert "Tell the physician now" in again
    assert "A physician has decided" not in again


def test_the_log_is_in_order_of_time_and_the_report_prints_it(
    session: Session, physician: Browser, room: Browser
) -> None:
    exam = factories.scan_being_read(session, "C03")
    assert _is_open(session, exam)
    _call(room, exam, **{"told-method": "in_person", "told-patient": "yes"})
    _clear(physician, exam, "Sent to the emergency department.")
    session.expire_all()
    found, told, decided = critical_log(session, exam)
    assert "Critical finding: " in found
    assert "told Dr. Jonathan Arad in person; read back. The patient was told." in told
    assert "Decided: Sent to the emergency department. (Phil Test, MD)" in decided
    reader = PdfReader(BytesIO(physician.get(f"/exams/{exam.id}/preview-scan.pdf").data))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for line in (found, told, decided):
        assert line in text


def test_the_reading_page_shows_the_panel_and_returns_to_itself(
    session: Session, physician: Browser
) -> None:
    exam = factories.scan_being_read(session, "C03")
    page = physician.page(f"/exams/{exam.id}/read")
    assert "A critical finding is open" in page.main
    response = physician.send(page.form("Log the call"), **CALL)
    assert response.location == f"/exams/{exam.id}/read"
    page = physician.page(f"/exams/{exam.id}/read")
    form = page.form("Record the decision")
    assert physician.send(form, **{"critical-note": "Seen today."}).status_code == 303
    assert "A critical finding is open" not in physician.page(f"/exams/{exam.id}/read").main


def test_where_nothing_is_critical_the_panel_says_so_and_takes_nothing(
    session: Session, room: Browser, exam: Exam
) -> None:
    quiet = scans.scanning(session, "Berta Sample", room="Scan room 2")
    assert "No critical finding is recorded." in _panel(room, quiet).main
    values = _panel(room, exam).form("Log the call").values
    response = room.post(f"/exams/{quiet.id}/critical", data={**values, **CALL})
    assert response.status_code == 409
    assert _notices(session) == []


def test_the_clinic_sets_its_contacts_and_their_minutes(
    session: Session, signed_in: SignIn
) -> None:
    admin = signed_in(Role.ADMINISTRATOR)
    form = admin.page("/settings").form("Save settings")
    wrong = admin.send(form, second_minutes="20", lead_minutes="20")
    assert wrong.status_code == 422
    assert any("after the second contact" in error for error in Page(wrong).errors)
    assert admin.send(form, second_contact="Dr. Second", second_minutes="10").status_code == 303
    body = session.scalars(select(ClinicSettings).order_by(ClinicSettings.id.desc())).first()
    assert body is not None
    assert (body.body["second_contact"], body.body["second_minutes"]) == ("Dr. Second", 10)


def test_the_front_desk_sees_that_something_is_critical_but_not_what(
    signed_in: SignIn, exam: Exam
) -> None:
    page = signed_in(Role.FRONT_DESK).page(f"/exams/{exam.id}")
    assert "Critical finding" in page.main
    assert "popliteal" not in page.text
