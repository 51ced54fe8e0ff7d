"""Opening a patient's documents, as the front desk meets them."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from workflow import files
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    """Case C01, read and signed."""
    return factories.signed_scan(session, settings)


def _paper(session: Session, kind: str) -> IssuedDocument:
    rows = select(IssuedDocument).where(IssuedDocument.kind == kind)
    return session.scalars(rows.order_by(IssuedDocument.version.desc())).all()[0]


def test_an_episode_without_papers_says_when_they_will_come(
    session: Session, signed_in: SignIn
) -> None:
    scan = factories.scan_to_read(session)
    page = signed_in(Role.FRONT_DESK).page(f"/episodes/{scan.episode_id}/papers")
    assert "issued when the physician signs the scan" in page.main


def test_every_version_is_listed_with_its_signer_and_digest(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, "R.GSV.RFA")
    page = signed_in(Role.FRONT_DESK).page(f"/episodes/{exam.episode_id}/papers")
    papers = session.scalars(select(IssuedDocument)).all()
    assert len(papers) == 4
    assert all(paper.digest[:8] in page.main for paper in papers)
    assert page.main.count("Replaced by a newer version") == 1
    assert page.main.count("Phil Test, MD") == 4


def test_the_scan_report_on_screen_says_what_was_signed(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    paper = _paper(session, "scan")
    exam.episode.referred_by = "Changed afterwards"
    page = signed_in(Role.FRONT_DESK).page(f"/documents/{paper.id}")
    assert "Typical right GSV reflux with night cramps" in page.main
    assert "Changed afterwards" not in page.main
    assert "reflux 2,600" in page.main
    assert "Signed electronically by Phil Test, MD" in page.main
    assert f"Log #{paper.anchor_seq} {paper.anchor_hash[:8]}" in page.main


def test_the_patients_result_leaves_milliseconds_out(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    paper = _paper(session, "patient")
    page = signed_in(Role.FRONT_DESK).page(f"/documents/{paper.id}")
    assert "The main vein on the inside of your right leg leaks." in page.main
    assert "2,600" not in page.main
    assert "Call 911" in page.main


def test_an_older_version_points_to_the_newer_one(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    first = _paper(session, "patient")
    factories.approved_plan(session, settings, exam, "R.GSV.RFA")
    page = signed_in(Role.FRONT_DESK).page(f"/documents/{first.id}")
    assert page.links["Open version 2"] == f"/documents/{_paper(session, 'patient').id}"


def test_the_pdf_is_the_very_bytes_that_were_issued(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    paper = _paper(session, "scan")
    response = signed_in(Role.FRONT_DESK).get(f"/documents/{paper.id}.pdf")
    assert response.data == files.get(settings.files, paper.file_sha256)
    assert len(response.data) == paper.file_size
    assert response.headers["Cache-Control"] == "no-store"
    shown = response.headers["Content-Disposition"]
    assert shown == f'inline; filename="scan-{paper.id}-version-1.pdf"'
    assert "Anna" in PdfReader(BytesIO(response.data)).pages[0].extract_text()


def test_bytes_that_are_not_those_issued_are_never_sent(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    paper = _paper(session, "patient")
    stored = settings.files / paper.file_sha256[:2] / paper.file_sha256
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    response = signed_in(Role.FRONT_DESK).get(f"/documents/{paper.id}.pdf")
    assert response.status_code == 500
    assert response.mimetype == "text/html"
    row = session.scalars(select(AuditRow).where(AuditRow.action == "document.damaged")).one()
    assert (row.outcome, row.entity_id) == ("error", str(paper.id))


def test_every_opening_of_a_document_is_written_down(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    paper = _paper(session, "scan")
    browser = signed_in(Role.FRONT_DESK)
    browser.get(f"/documents/{paper.id}.pdf")
    browser.page(f"/documents/{paper.id}")
    rows = session.scalars(select(AuditRow).where(AuditRow.action == "read")).all()
    assert [row.entity_type for row in rows] == ["document pdf", "document"]
    assert {row.patient_id for row in rows} == {exam.episode.patient_id}


def test_an_administrator_does_not_open_a_patients_papers(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.ADMINISTRATOR)
    paper = _paper(session, "scan")
    for address in (f"/episodes/{exam.episode_id}/papers", f"/documents/{paper.id}.pdf"):
        assert browser.get(address).status_code == 403


def test_a_document_that_is_not_there_is_not_found(signed_in: SignIn) -> None:
    browser = signed_in(Role.FRONT_DESK)
    for address in ("/documents/4711", "/documents/4711.pdf", "/episodes/4711/papers"):
        assert browser.get(address).status_code == 404
