"""Reading and signing, as the physician and those around them meet it."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import files
from workflow.domain.documents import as_json, digest, patient_result, scan_report
from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import Stage
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import Edit, StepTaken
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]


def _reading(browser: Browser, exam: Exam) -> Page:
    return browser.page(f"/exams/{exam.id}/read")


def _documents(session: Session) -> list[IssuedDocument]:
    session.expire_all()
    return list(session.scalars(select(IssuedDocument).order_by(IssuedDocument.id)))


def _said(session: Session, action: str) -> list[AuditRow]:
    return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))


def test_the_page_shows_values_in_words_the_rules_and_why_the_scan_was_done(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_to_read(session)
    page = _reading(signed_in(Role.PHYSICIAN), exam)
    assert "reflux 2,600" in page.main
    assert "GSV axial reflux, 2,600 ms" in page.main
    assert "C2s Ep As Pr" in page.main
    assert "The main vein on the inside of your right leg leaks." in page.main
    assert exam.indication in page.main
    assert "Compression trial: 19 Jan 2026" in page.main


def test_starting_to_read_puts_the_drafted_impression_in_place(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_to_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form(f"/exams/{exam.id}/sign")
    response = browser.post(f"/exams/{exam.id}/read/start", data=form.values)
    assert response.status_code == 303
    session.expire_all()
    assert exam.status is ExamStatus.IN_REVIEW
    assert exam.impression == exam.drafted
    assert "great saphenous vein" in exam.impression["R"]
    assert "R" in _reading(browser, exam).form("Sign report").values


def test_an_edited_impression_is_kept_and_the_draft_stays_beside_it(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    response = browser.post(
        f"/exams/{exam.id}/read/save", data={**form.values, "R": "Axial reflux.\r\nNo clot."}
    )
    assert response.status_code == 303
    session.expire_all()
    assert exam.impression["R"] == "Axial reflux.\nNo clot."
    assert "What the rules drafted for the right leg" in _reading(browser, exam).main
    edit = session.scalars(select(Edit).where(Edit.cell == "impression.R")).one()
    assert edit.after == "Axial reflux.\nNo clot."


def test_two_physicians_do_not_overwrite_each_other_in_silence(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    save = f"/exams/{exam.id}/read/save"
    assert browser.post(save, data={**form.values, "R": "Theirs."}).status_code == 303
    response = browser.post(save, data={**form.values, "R": "Mine."})
    assert response.status_code == 409
    page = Page(response)
    assert page.form("Sign report").values["R"] == "Mine."
    assert "What is saved now for the right leg Theirs." in page.main
    session.expire_all()
    assert exam.impression["R"] == "Theirs."


def test_signing_issues_both_documents_and_makes_the_report_final(
    session: Session, settings: Settings, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    response = browser.send(form, password=factories.PASSWORD, L="Nothing leaks.")
    assert response.status_code == 303
    scan, patient = _documents(session)
    assert exam.status is ExamStatus.FINAL
    assert exam.episode.stage is Stage.READ
    assert (scan.kind, patient.kind) == ("scan", "patient")
    assert scan.meaning == "I have reviewed this examination and approve this report."
    assert (scan.signer_name, scan.signer_credentials) == ("Phil Test", "MD")
    report = scan_report(scan.snapshot)
    assert report.legs[1].impression == ("Nothing leaks.",)
    assert digest(report) == scan.digest
    text = "\n".join(
        page.extract_text()
        for page in PdfReader(BytesIO(files.get(settings.files, scan.file_sha256))).pages
    )
    assert "Nothing leaks." in text
    assert "PRELIMINARY" not in text
    assert as_json(patient_result(patient.snapshot)) == patient.snapshot
    assert _said(session, "exam.signature")[0].reason == scan.meaning


def test_a_wrong_password_signs_nothing_and_keeps_what_was_typed(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    response = browser.send(form, password="not it", R="My words.")
    assert response.status_code == 422
    page = Page(response)
    assert "The password is not right" in " ".join(page.errors)
    assert page.form("Sign report").values["R"] == "My words."
    assert page.form("Sign report").values["password"] == ""
    assert _documents(session) == []


def test_a_signature_sent_twice_issues_one_report(session: Session, signed_in: SignIn) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    assert browser.send(form, password=factories.PASSWORD).status_code == 303
    assert browser.send(form, password=factories.PASSWORD).status_code == 409
    assert len(_documents(session)) == 2


def test_a_history_that_changed_since_it_was_read_is_not_signed(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    intake = exam.episode.intake
    intake.answers = {**intake.answers, "anticoagulant": "apixaban 5 mg"}
    response = browser.send(form, password=factories.PASSWORD)
    assert response.status_code == 409
    page = Page(response)
    assert "What this report says changed after you opened it" in page.main
    assert "apixaban" in page.main
    assert _documents(session) == []
    again = page.form("Sign report")
    assert browser.send(again, password=factories.PASSWORD).status_code == 303


def test_an_impression_left_empty_is_not_signed(session: Session, signed_in: SignIn) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    response = browser.send(form, password=factories.PASSWORD, L="  ")
    assert response.status_code == 409
    assert "Write an impression for each leg that was scanned." in Page(response).main
    assert _documents(session) == []


def test_a_name_that_paper_cannot_show_stops_the_signature_and_is_named(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session, name="王小明")
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    response = browser.send(form, password=factories.PASSWORD)
    assert response.status_code == 409
    assert "王" in Page(response).main
    assert _documents(session) == []
    session.expire_all()
    assert exam.status is ExamStatus.IN_REVIEW


def test_nobody_signs_for_somebody_else(session: Session, signed_in: SignIn) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    other = factories.staff(session, Role.ADMINISTRATOR)
    forged = {"signed_by": str(other.id), "signer_name": "Dr. Other", "by": str(other.id)}
    browser.send(form, password=factories.PASSWORD, **forged)
    assert {row.signer_name for row in _documents(session)} == {"Phil Test"}


@pytest.mark.parametrize("role", [Role.SONOGRAPHER, Role.FRONT_DESK, Role.ADMINISTRATOR])
def test_only_a_physician_signs(session: Session, signed_in: SignIn, role: Role) -> None:
    exam = factories.scan_being_read(session)
    physician, browser = signed_in(Role.PHYSICIAN), signed_in(role)
    form = _reading(physician, exam).form("Sign report")
    response = browser.send(form, password=factories.PASSWORD)
    assert response.status_code == 403
    assert _documents(session) == []


def test_the_sonographer_reads_along_but_cannot_write(session: Session, signed_in: SignIn) -> None:
    exam = factories.scan_being_read(session)
    page = _reading(signed_in(Role.SONOGRAPHER), exam)
    assert "R" not in page.form(f"/exams/{exam.id}/sign").values
    assert "Sign report" not in page.buttons


def test_the_front_desk_does_not_read_findings(session: Session, signed_in: SignIn) -> None:
    exam = factories.scan_being_read(session)
    response = signed_in(Role.FRONT_DESK).get(f"/exams/{exam.id}/read")
    assert response.status_code == 403


def test_returning_needs_a_comment_and_keeps_the_impression(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    back = f"/exams/{exam.id}/read/return"
    refused = browser.post(back, data={**form.values, "R": "So far."})
    assert refused.status_code == 422
    assert "Write what to look at again, in a sentence." in " ".join(Page(refused).errors)
    done = browser.post(back, data={**form.values, "R": "So far.", "note": "Time the SPJ again."})
    assert done.status_code == 303
    session.expire_all()
    assert exam.status is ExamStatus.SCANNING
    assert exam.impression["R"] == "So far."
    step = session.scalars(select(StepTaken).where(StepTaken.step == "return")).one()
    assert step.note == "Time the SPJ again."


def test_what_was_written_before_a_return_is_not_overwritten_by_the_next_draft(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    values = {**form.values, "R": "So far.", "note": "Time the SPJ again."}
    browser.post(f"/exams/{exam.id}/read/return", data=values)
    session.expire_all()
    exam.status = ExamStatus.PRELIMINARY
    form = _reading(browser, exam).form(f"/exams/{exam.id}/sign")
    browser.post(f"/exams/{exam.id}/read/start", data=form.values)
    session.expire_all()
    assert exam.impression["R"] == "So far."
    assert exam.impression["L"] == exam.drafted["L"]


def test_a_preview_is_preliminary_on_every_page_and_is_not_kept(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    response = signed_in(Role.PHYSICIAN).get(f"/exams/{exam.id}/preview-scan.pdf")
    assert response.mimetype == "application/pdf"
    pages = PdfReader(BytesIO(response.data)).pages
    assert all("PRELIMINARY" in page.extract_text() for page in pages)
    assert _documents(session) == []


def test_a_signed_report_stays_word_for_word_when_the_record_changes(
    session: Session, settings: Settings, signed_in: SignIn
) -> None:
    exam = factories.signed_scan(session, settings)
    exam.episode.referred_by = "Dr. Somebody Else"
    page = _reading(signed_in(Role.PHYSICIAN), exam)
    assert "Typical right GSV reflux with night cramps" in page.main
    assert "Dr. Somebody Else" not in page.main
    assert page.links["Draft the plan"] == f"/episodes/{exam.episode_id}/plan"


def test_sign_and_next_opens_the_scan_that_waits_longest(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    waiting = factories.scan_to_read(session, "C06")
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign and next")
    response = browser.send(form, password=factories.PASSWORD, then="next")
    assert response.location == f"/exams/{waiting.id}/read"
    page = _reading(browser, waiting)
    assert "This is the next scan to read. It is the last one." in page.text
    session.expire_all()
    assert waiting.status is ExamStatus.IN_REVIEW
    assert waiting.impression == waiting.drafted


def test_the_urgent_scan_is_next_and_then_the_one_that_waits_longest(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    longest, urgent = (factories.scan_to_read(session, case) for case in ("C06", "C03"))
    assert urgent.episode.critical
    browser = signed_in(Role.PHYSICIAN)
    order = []
    for _ in range(2):
        form = _reading(browser, exam).form("Sign and next")
        browser.send(form, password=factories.PASSWORD, then="next")
        session.expire_all()
        exam = next(e for e in (urgent, longest) if e.status is ExamStatus.IN_REVIEW)
        order.append(exam)
    assert order == [urgent, longest]


def test_reading_starts_where_the_focus_is_put(session: Session, signed_in: SignIn) -> None:
    exam = factories.scan_being_read(session)
    page = _reading(signed_in(Role.PHYSICIAN), exam)
    focused = [e for e in page.root if "data-takes-focus" in e.attributes]
    assert len(focused) == 1
    assert focused[0].get("class").split()[0] in {"alert-strip", "desk-evidence"}
    keys = {e.get("data-key"): e.get("name") for e in page.root if e.get("data-key")}
    assert keys == {"i": "R", "s": "password"}


def test_the_earlier_scan_stands_beside_this_one_with_what_changed(
    session: Session, settings: Settings, signed_in: SignIn
) -> None:
    first = factories.signed_scan(session, settings)
    again = factories.scanned_again(session, first, {"GSV_MT": 300, "SSV_PC": 900})
    page = _reading(signed_in(Role.PHYSICIAN), again)
    assert "Since the scan of 4 May 2026" in page.main
    assert "Right great saphenous, mid thigh : no longer refluxing" in page.main
    assert "2,600 ms, 6.8 mm → 300 ms, 6.8 mm" in page.main
    assert "newly refluxing" in page.main
    assert "then 2,600" in page.main
    assert "The map of" in page.main


def test_what_the_rules_drafted_is_kept_under_the_signed_words(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("Sign report")
    browser.send(form, password=factories.PASSWORD, R="My own words.")
    page = _reading(browser, exam)
    assert "My own words." in page.main
    assert "What the rules drafted for the right leg (yours differs)" in page.main
    assert "What the rules drafted for the left leg" not in page.main


def test_every_opening_of_a_scan_is_written_down(session: Session, signed_in: SignIn) -> None:
    exam = factories.scan_to_read(session)
    before = session.scalar(select(func.count()).select_from(AuditRow)) or 0
    browser = signed_in(Role.SONOGRAPHER)
    _reading(browser, exam)
    rows = session.scalars(select(AuditRow).where(AuditRow.seq > before, AuditRow.action == "read"))
    (row,) = rows
    assert (row.entity_type, row.entity_id) == ("exam", str(exam.id))
    assert row.patient_id == exam.episode.patient_id


def test_a_time_is_printed_in_the_clinics_zone(session: Session, signed_in: SignIn) -> None:
    exam = factories.scan_to_read(session)
    exam.scanned_at = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    assert "30 Jun 2026, 21:30 EDT" in _reading(signed_in(Role.PHYSICIAN), exam).main
