"""The worksheet is one press away from the day and from the scan."""

import io
from collections.abc import Callable

from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import scans
from tests.browser import Browser
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow

SignIn = Callable[[Role], Browser]


def _text(content: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


def test_the_day_leads_to_a_blank_one(session: Session, signed_in: SignIn) -> None:
    desk = signed_in(Role.FRONT_DESK)
    link = desk.page("/day").links["Blank worksheet (opens in a new tab)"]
    answer = desk.get(link)
    assert answer.mimetype == "application/pdf"
    assert "Wellness Ultrasound worksheet" in _text(answer.data)


def test_the_scan_leads_to_its_own_and_the_reading_is_written_down(
    session: Session, signed_in: SignIn
) -> None:
    exam = scans.scheduled(session)
    desk = signed_in(Role.FRONT_DESK)
    link = desk.page(f"/exams/{exam.id}").links["Worksheet (opens in a new tab)"]
    text = _text(desk.get(link).data)
    assert "Anna Sample" in text
    assert exam.episode.patient.record_number in text
    assert scans.INDICATION in text
    read = session.scalars(select(AuditRow).where(AuditRow.action == "read")).all()
    assert {row.patient_id for row in read} == {exam.episode.patient_id}


def test_it_is_not_the_administrators(session: Session, signed_in: SignIn) -> None:
    exam = scans.scheduled(session)
    admin = signed_in(Role.ADMINISTRATOR)
    for address in ("/worksheet.pdf", f"/exams/{exam.id}/worksheet.pdf"):
        assert admin.get(address).status_code == 403
