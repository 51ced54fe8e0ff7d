"""The whole record of a patient: in order of time, bounded, and handed out to who asks for it."""

import csv
import io
import json
import zipfile
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from tests.recorder import counted
from workflow import clock, files
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    exam = factories.signed_scan(session, settings, "C01")
    factories.approved_plan(session, settings, exam, "R.GSV.RFA")
    return exam


def test_the_chart_tells_everything_in_order_of_time(signed_in: SignIn, exam: Exam) -> None:
    patient = exam.episode.patient
    page = signed_in(Role.PHYSICIAN).page(f"/patients/{patient.id}/chart")
    for said in (
        *("History, as it stands", "Brought in from a case file", "Scan of both legs"),
        *("Impression, right leg", "Wellness Ultrasound report, version 1", "Your result"),
        *("Plan, version 1", "Radiofrequency ablation (RFA)", "Sign report"),
    ):
        assert said in page.main, said
    times = [time.get("datetime") for time in page.root.all("time") if time.inside("ol")]
    assert times == sorted(times)
    table = next(t for t in page.root.all("table") if "readings" in t.get("class"))
    assert len(table.all("tr")) == len(exam.findings) + 1


def test_the_front_desk_reads_no_chart(signed_in: SignIn, exam: Exam) -> None:
    desk = signed_in(Role.FRONT_DESK)
    patient = exam.episode.patient
    assert desk.get(f"/patients/{patient.id}/chart").status_code == 403
    assert "Whole chart" not in desk.page(f"/patients/{patient.id}").main


def test_a_reading_of_a_chart_is_written_down(
    signed_in: SignIn, session: Session, exam: Exam
) -> None:
    signed_in(Role.PHYSICIAN).page(f"/patients/{exam.episode.patient_id}/chart")
    read = session.scalars(select(AuditRow).where(AuditRow.entity_type == "chart")).one()
    assert read.patient_id == exam.episode.patient_id


def test_a_long_record_asks_no_more_than_a_short_one(
    app: Flask, signed_in: SignIn, session: Session, exam: Exam
) -> None:
    browser, patient = signed_in(Role.PHYSICIAN), exam.episode.patient
    address = f"/patients/{patient.id}/chart"

    def asked() -> int:
        with counted(app) as statements:
            browser.page(address)
        return len(statements)

    frozen = time_machine.travel(clock.now(), tick=False)  # a sign-in notes its use by the clock
    frozen.start()
    few = asked()
    for _ in range(10):
        factories.further_episode(session, patient)
    session.commit()
    many = asked()
    frozen.stop()
    assert many == few <= 20


def test_what_was_typed_is_shown_as_typed(
    signed_in: SignIn, session: Session, settings: Settings
) -> None:
    scan = factories.scan_to_read(session)
    scan.indication = "<b>Cramps</b> & {{7*7}}"
    scan.findings[0].detail = {"location": "<i>x</i>"}
    page = signed_in(Role.PHYSICIAN).page(f"/patients/{scan.episode.patient_id}/chart")
    assert "<b>Cramps</b> & {{7*7}}" in page.main
    assert "location: <i>x</i>" in page.main


def _sent(browser: Browser, patient_id: int, **typed: str) -> object:
    form = browser.page(f"/patients/{patient_id}/export").form("export")
    return browser.send(form, **typed)


def _archive(browser: Browser, patient_id: int) -> zipfile.ZipFile:
    answer = _sent(browser, patient_id, reason="The patient in person", password=factories.PASSWORD)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert "attachment" in answer.headers["Content-Disposition"]  # type: ignore[attr-defined]
    return zipfile.ZipFile(io.BytesIO(answer.data))  # type: ignore[attr-defined]


def test_a_record_is_handed_out_whole(
    signed_in: SignIn, session: Session, settings: Settings, exam: Exam
) -> None:
    archive = _archive(signed_in(Role.PHYSICIAN), exam.episode.patient_id)
    assert archive.testzip() is None
    papers = session.scalars(select(IssuedDocument)).all()
    held = {name: archive.read(name) for name in archive.namelist()}
    for paper in papers:
        name = f"documents/{paper.id}-{paper.kind}-version-{paper.version}.pdf"
        assert held[name] == files.get(settings.files, paper.file_sha256)
    episode = json.loads(held[f"episodes/{exam.episode_id}.json"])
    assert episode["format"] == "case/1"
    assert len(episode["exam"]["segments"]) == len(exam.findings)
    assert json.loads(held["patient.json"])["record_number"] == exam.episode.patient.record_number
    rows = list(csv.reader(io.StringIO(held["readings.csv"].decode("utf-8-sig"))))
    assert len(rows) == len(exam.findings) + 1
    told = session.scalars(select(AuditRow).where(AuditRow.action == "record.export")).one()
    assert (told.patient_id, told.reason) == (exam.episode.patient_id, "The patient in person")


def test_a_cell_that_a_spreadsheet_would_run_is_text(
    signed_in: SignIn, session: Session, exam: Exam
) -> None:
    factories.further_episode(session, exam.episode.patient, "=HYPERLINK(1)")
    archive = _archive(signed_in(Role.PHYSICIAN), exam.episode.patient_id)
    text = archive.read("what-happened.csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith("=")]


def test_a_record_is_not_handed_out_without_password_and_reason(
    signed_in: SignIn, session: Session, exam: Exam
) -> None:
    browser, patient_id = signed_in(Role.PHYSICIAN), exam.episode.patient_id
    wrong = _sent(browser, patient_id, reason="The patient", password="wrong")
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert Page(wrong).form("export").values["reason"] == "The patient"
    empty = _sent(browser, patient_id, reason="", password=factories.PASSWORD)
    assert empty.status_code == 422  # type: ignore[attr-defined]
    assert not session.scalars(select(AuditRow).where(AuditRow.action == "record.export")).all()


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.SONOGRAPHER, Role.ADMINISTRATOR])
def test_only_a_physician_hands_out_a_record(signed_in: SignIn, exam: Exam, role: Role) -> None:
    address = f"/patients/{exam.episode.patient_id}/export"
    assert signed_in(role).get(address).status_code == 403


def test_a_record_with_a_damaged_document_is_not_handed_out_in_part(
    signed_in: SignIn, session: Session, settings: Settings, exam: Exam
) -> None:
    digest = session.scalars(select(IssuedDocument.file_sha256)).first() or ""
    (settings.files / digest[:2] / digest).unlink()
    answer = _sent(
        signed_in(Role.PHYSICIAN),
        exam.episode.patient_id,
        reason="The patient",
        password=factories.PASSWORD,
    )
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "damaged or missing" in Page(answer).main
