"""The papers of an approved plan: issued with it, read at the clinic and by the patient."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import clock, files, issuing, rendering, signatures
from workflow.domain.clinic import Clinic, write_clinic
from workflow.domain.documents import as_json, digest
from workflow.domain.papernumber import number_of
from workflow.domain.plan import PlanStatus
from workflow.domain.plandocuments import ReferrerLetter, TreatmentPlan
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.clinic import ClinicSettings
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.plan import Plan
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]
RFA, PHLEB, FOAM = "R.GSV.RFA", "R.TRIB1.PHLEB", "R.GSV.UGFS"
REFERRER = "Dr. P. Example, Example Practice"
BORN = {"born-day": "27", "born-month": "3", "born-year": "1974"}
ARABIC = "د. مثال"


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    """Case C01, referred, read and signed, in a clinic that can be reached."""
    clinic = Clinic(site="http://127.0.0.1:8000", phone="212 555 0100")
    session.add(ClinicSettings(body=write_clinic(clinic), by_id=None, at=clock.now()))
    scan = factories.scan_being_read(session)
    scan.episode.referred_by = REFERRER
    session.commit()
    factories.sign(session, settings, scan)
    return scan


def _papers(session: Session, kind: str) -> list[IssuedDocument]:
    session.expire_all()
    rows = select(IssuedDocument).where(IssuedDocument.kind == kind)
    return list(session.scalars(rows.order_by(IssuedDocument.version)))


def _plan_value(paper: IssuedDocument) -> TreatmentPlan:
    value = rendering.value(paper)
    assert isinstance(value, TreatmentPlan)
    return value


def _letter_value(paper: IssuedDocument) -> ReferrerLetter:
    value = rendering.value(paper)
    assert isinstance(value, ReferrerLetter)
    return value


def _said(settings: Settings, paper: IssuedDocument) -> str:
    reader = PdfReader(io.BytesIO(files.get(settings.files, paper.file_sha256)))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def _approve(browser: Browser, exam: Exam, **typed: str) -> Page:
    page = browser.page(f"/episodes/{exam.episode_id}/plan")
    response = browser.send(page.form("/approve"), **typed)
    return Page(response) if response.status_code != 303 else browser.page(response.location)


def _stored(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def _row(page: Page, name: str) -> str:
    return next(row.text for row in page.root.all("tr") if name in row.text)


def test_an_approval_issues_plan_letter_and_result_with_one_signature(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA, PHLEB)
    page = _approve(signed_in(Role.PHYSICIAN), exam)
    assert "The treatment plan and the patient’s result are issued" in page.main
    (plan,), (letter,) = _papers(session, "plan"), _papers(session, "letter")
    result = _papers(session, "patient")[-1]
    assert {paper.issued_at for paper in (plan, letter, result)} == {plan.issued_at}
    assert {paper.signer_name for paper in (plan, letter, result)} == {"Phil Test"}
    assert (plan.anchor_seq, plan.anchor_hash) == (letter.anchor_seq, letter.anchor_hash)
    logged = session.scalars(
        select(AuditRow.action)
        .where(AuditRow.action.startswith("document.issue"))
        .order_by(AuditRow.seq)
    )
    assert list(logged)[-3:] == [
        "document.issue.patient",
        "document.issue.plan",
        "document.issue.letter",
    ]
    assert signatures.fault(session, plan, settings.files) == ""
    assert signatures.fault(session, letter, settings.files) == ""
    said = _said(settings, plan)
    assert "close the main vein on the inside of the leg with heat" in said
    assert "Radiofrequency ablation (RFA), right leg: great saphenous vein" in said
    said = _said(settings, letter)
    assert f"To {REFERRER}" in said
    assert "Right leg: tributary 1. Ambulatory phlebectomy (PHLEB), session 1." in said


def test_what_is_stored_reads_back_as_it_was_frozen(
    session: Session, settings: Settings, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    for kind in ("plan", "letter"):
        (paper,) = _papers(session, kind)
        value = rendering.value(paper)
        assert as_json(value) == paper.snapshot
        assert digest(value) == paper.digest
        again = rendering.pdf(value, settings.files)
        assert again == files.get(settings.files, paper.file_sha256)


def test_without_a_referring_doctor_no_letter_is_issued(
    session: Session, settings: Settings, exam: Exam
) -> None:
    exam.episode.referred_by = ""
    factories.approved_plan(session, settings, exam, RFA)
    assert _papers(session, "letter") == []
    assert len(_papers(session, "plan")) == 1


def test_a_paper_that_cannot_be_printed_refuses_the_approval_and_nothing_is_stored(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    plan = factories.submitted_plan(session, exam, RFA)
    exam.episode.referred_by = ARABIC
    session.commit()
    kept = _stored(settings.files)
    page = _approve(signed_in(Role.PHYSICIAN), exam)
    assert "Letter to the referring doctor: “" in page.main
    assert "Enter a Latin spelling for paper." in page.main
    session.expire_all()
    assert plan.status is PlanStatus.SUBMITTED
    assert len(_papers(session, "patient")) == 1
    assert _papers(session, "plan") == []
    assert _stored(settings.files) == kept


def test_a_plan_approved_anew_takes_the_place_of_the_papers_before_it(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    factories.approved_plan(session, settings, exam, FOAM)
    for kind in ("plan", "letter"):
        first, second = _papers(session, kind)
        assert second.supersedes_id == first.id
        assert (first.version, second.version) == (1, 2)
    second = _papers(session, "plan")[-1]
    assert "takes the place of the one from" in _plan_value(second).amends
    page = signed_in(Role.FRONT_DESK).page(f"/documents/{_papers(session, 'plan')[0].id}")
    assert page.links["Open version 2"] == f"/documents/{second.id}"


def test_the_plan_carries_the_version_of_the_plan_it_tells_of(
    session: Session, settings: Settings, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    factories.scanned_again(session, exam, {"GSV_MT": 2700})
    again = session.scalars(select(Exam).order_by(Exam.id.desc())).first()
    assert again is not None
    factories.sign(session, settings, again)
    factories.approved_plan(session, settings, again, RFA)
    (paper,) = _papers(session, "plan")
    newest = session.scalars(select(Plan).order_by(Plan.version.desc())).first()
    assert newest is not None
    assert paper.version == newest.version == 2


def test_what_the_physician_wrote_against_a_rule_is_printed(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, "R.GSV.PHLEB", against="The patient asked for it.")
    _approve(signed_in(Role.PHYSICIAN), exam)
    (paper,) = _papers(session, "plan")
    assert "Against the rules because: The patient asked for it." in _said(settings, paper)
    assert "Not offered by the rules." in _said(settings, paper)


def test_a_physicians_own_impression_is_what_the_letter_says(
    session: Session, settings: Settings
) -> None:
    scan = factories.scan_being_read(session)
    scan.episode.referred_by = REFERRER
    scan.impression = {**scan.impression, "R": "Reflux that I judge mild."}
    session.commit()
    factories.sign(session, settings, scan)
    factories.approved_plan(session, settings, scan, RFA)
    (paper,) = _papers(session, "letter")
    right, left, *_ = _letter_value(paper).summary
    assert right == "Right leg: Reflux that I judge mild."
    assert left.startswith("Left leg: no reflux in the veins that were timed.")


def test_a_patient_who_reads_spanish_gets_the_plan_in_spanish(
    session: Session, settings: Settings, exam: Exam
) -> None:
    exam.episode.patient.language = "es"
    factories.approved_plan(session, settings, exam, RFA)
    (plan,), (letter,) = _papers(session, "plan"), _papers(session, "letter")
    said = _said(settings, plan)
    assert "Su plan de tratamiento" in said
    assert "cerrar la vena mayor por dentro de la pierna con calor" in said
    assert "Thank you for referring" in _said(settings, letter)


def test_a_declined_plan_issues_no_plan_and_its_earlier_papers_say_so(
    session: Session, settings: Settings, signed_in: SignIn, client: Browser, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    form = browser.page(f"/episodes/{exam.episode_id}/plan").form("/decline")
    assert browser.send(form, **{"decline-note": "Wants to wait."}).status_code == 303
    (paper,) = _papers(session, "plan")
    listed = signed_in(Role.FRONT_DESK).page(f"/episodes/{exam.episode_id}/papers")
    for name in ("Treatment plan", "Letter to the referring doctor"):
        assert "Not in force" in _row(listed, name)
        assert "declined by the patient" in _row(listed, name)
    shown = signed_in(Role.FRONT_DESK).page(f"/documents/{paper.id}")
    assert "The clinic does not go by this document now" in shown.main
    checked = client.page(f"/verify/{number_of(paper.digest)}")
    assert "does not go by it any more" in checked.main


def test_a_stale_plan_says_so_on_its_papers(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    exam.episode.intake.answers = {**exam.episode.intake.answers, "pregnant": True}
    session.commit()
    (paper,) = _papers(session, "plan")
    page = signed_in(Role.FRONT_DESK).page(f"/documents/{paper.id}")
    assert "the rules no longer offer this" in page.main


def test_a_plan_whose_report_is_amended_says_so_on_its_papers(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    physician = signed_in(Role.PHYSICIAN)
    form = physician.page(f"/exams/{exam.id}/read").form("/amend")
    response = physician.send(form, **{"amend-note": "The wrong side was typed."})
    assert response.status_code == 303
    (paper,) = _papers(session, "plan")
    desk = signed_in(Role.FRONT_DESK)
    assert "is being amended" in desk.page(f"/documents/{paper.id}").main
    listed = desk.page(f"/episodes/{exam.episode_id}/papers")
    assert "Not in force" in _row(listed, "Treatment plan")
    assert "The wrong side was typed." in _row(listed, "Treatment plan")
    amended = session.scalars(select(Exam).order_by(Exam.id.desc())).first()
    assert amended is not None
    for finding in amended.findings:
        if (finding.leg.value, finding.segment) == ("R", "GSV_MT"):
            finding.reflux_ms = 1900
    session.commit()
    session.refresh(amended)
    factories.sign(session, settings, amended)
    shown = desk.page(f"/documents/{paper.id}")
    assert "The report was amended; the amendment takes its place." in shown.main
    assert "The findings changed after this plan was drafted" in shown.main


def test_a_void_scan_voids_the_papers_of_its_plan(
    session: Session, settings: Settings, signed_in: SignIn, client: Browser, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    physician = signed_in(Role.PHYSICIAN)
    form = physician.page(f"/exams/{exam.id}/read").form("/void")
    typed = {"void-note": "Wrong patient.", "void-password": factories.PASSWORD}
    assert physician.send(form, **typed).status_code == 303
    listed = signed_in(Role.FRONT_DESK).page(f"/episodes/{exam.episode_id}/papers")
    assert "Void" in _row(listed, "Treatment plan")
    assert "Void" in _row(listed, "Letter to the referring doctor")
    (paper,) = _papers(session, "letter")
    assert "has declared it void" in client.page(f"/verify/{number_of(paper.digest)}").main


def test_the_papers_are_read_on_screen_and_listed_with_signer_and_digest(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    desk = signed_in(Role.FRONT_DESK)
    listed = desk.page(f"/episodes/{exam.episode_id}/papers")
    (plan,), (letter,) = _papers(session, "plan"), _papers(session, "letter")
    for paper, name in ((plan, "Treatment plan"), (letter, "Letter to the referring doctor")):
        assert "Newest" in _row(listed, name)
        assert "Phil Test, MD" in _row(listed, name)
        assert paper.digest[:8] in _row(listed, name)
    assert f"To {REFERRER}. Print it" in _row(listed, "Letter to the referring doctor")
    page = desk.page(f"/documents/{plan.id}")
    assert "close the main vein on the inside of the leg with heat" in page.main
    assert "What may go wrong" in page.main
    assert "Signed electronically by Phil Test, MD" in page.main
    page = desk.page(f"/documents/{letter.id}")
    assert "Thank you for referring this patient" in page.main
    assert "Right great saphenous, mid thigh" in page.main
    chart = desk.page(f"/episodes/{exam.episode_id}")
    assert chart.links["Treatment plan"] == f"/documents/{plan.id}"
    assert chart.links["Letter to the referring doctor"] == f"/documents/{letter.id}"
    assert f"Phil Test, digest {letter.digest[:8]}" in chart.main


def test_the_physician_reads_the_papers_before_they_are_signed(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    plan = factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    page = browser.page(f"/episodes/{exam.episode_id}/plan")
    assert f"Letter to the referring doctor, to {REFERRER}" in page.main
    for kind in ("plan", "patient", "letter"):
        response = browser.get(f"/plans/{plan.id}/preview-{kind}.pdf")
        first = PdfReader(io.BytesIO(response.data)).pages[0].extract_text()
        assert "PRELIMINARY" in first
    assert _papers(session, "plan") == []
    exam.episode.referred_by = ""
    session.commit()
    assert browser.get(f"/plans/{plan.id}/preview-letter.pdf").status_code == 404


@pytest.fixture
def phone(app: Flask, signed_in: SignIn, exam: Exam) -> Callable[[], Browser]:
    """The patient's phone, their papers opened through a printed link."""

    def opened() -> Browser:
        desk = signed_in(Role.FRONT_DESK)
        listed = desk.page(f"/episodes/{exam.episode_id}/papers")
        form = next(f for f in listed.forms if f.values.get("way") == "printed")
        slip = desk.page(desk.send(form).location)
        address = "/result/" + slip.main.split("/result/")[1].split()[0]
        browser = app.test_client()
        assert isinstance(browser, Browser)
        asked = next(f for f in browser.page(address).forms if "born-day" in f.values)
        assert browser.send(asked, **BORN).status_code == 303
        return browser

    return opened


def test_the_patient_reads_the_plan_and_never_the_letter(
    session: Session, settings: Settings, exam: Exam, phone: Callable[[], Browser]
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    (plan,), (letter,) = _papers(session, "plan"), _papers(session, "letter")
    browser = phone()
    page = browser.page("/result")
    assert "Your treatment plan" in page.main
    assert "What may go wrong" in page.main
    assert "Radiofrequency" not in page.main
    assert "2,600" not in page.main
    assert browser.get(f"/result/{plan.id}.pdf").data.startswith(b"%PDF")
    assert REFERRER not in page.text
    assert browser.get(f"/result/{letter.id}.pdf").status_code == 404
    read = session.scalars(
        select(AuditRow.entity_id).where(AuditRow.action == "read", AuditRow.actor == "patient")
    )
    assert str(plan.id) in set(read)


def test_a_plan_that_is_looked_at_again_is_not_shown_to_the_patient(
    session: Session, settings: Settings, exam: Exam, phone: Callable[[], Browser]
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    (plan,) = _papers(session, "plan")
    browser = phone()
    assert "What may go wrong" in browser.page("/result").main
    exam.episode.intake.answers = {**exam.episode.intake.answers, "pregnant": True}
    session.commit()
    page = browser.page("/result")
    assert "Your doctor looks at your plan again." in page.main
    assert "What may go wrong" not in page.main
    assert browser.get(f"/result/{plan.id}.pdf").status_code == 404


def test_a_refused_approval_leaves_no_line_in_the_log(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    exam.episode.referred_by = ARABIC
    session.commit()
    _approve(signed_in(Role.PHYSICIAN), exam)
    issued = select(func.count(AuditRow.seq)).where(AuditRow.action == "document.issue.plan")
    assert session.scalar(issued) == 0


def test_the_frozen_plan_holds_no_time_of_reflux_in_the_patients_sentences(
    session: Session, settings: Settings, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA, PHLEB)
    (paper,) = _papers(session, "plan")
    body = json.loads(paper.snapshot)
    said = [sentence for line in body["lines"] for sentence in (line["what"], *line["why"])]
    said += [*body["risks"], *body["alternatives"], *body["next_steps"]]
    assert [sentence for sentence in said if " ms" in sentence] == []


def test_the_code_on_each_paper_opens_the_page_that_vouches_for_it(
    session: Session, settings: Settings, client: Browser, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    papers = session.scalars(select(IssuedDocument).order_by(IssuedDocument.id)).all()
    assert {paper.kind for paper in papers} == set(issuing.KINDS)
    for paper in papers:
        content = files.get(settings.files, paper.file_sha256)
        notes: Any = PdfReader(io.BytesIO(content)).pages[0]["/Annots"]
        (note,) = notes
        address = str(note.get_object()["/A"]["/URI"])
        assert address.startswith("http://127.0.0.1:8000/verify/")
        page = client.page(address.removeprefix("http://127.0.0.1:8000"))
        assert issuing.KINDS[paper.kind] in page.main
        assert paper.digest[:8] in page.main


def test_a_sheet_on_screen_leads_to_the_page_that_vouches_for_it(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    (paper,) = _papers(session, "plan")
    page = signed_in(Role.FRONT_DESK).page(f"/documents/{paper.id}")
    number = number_of(paper.digest)
    assert page.links[f"No. {number}"] == f"/verify/{number}"
