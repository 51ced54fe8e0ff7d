"""What may follow a signature, as the physician and those around them meet it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Element, Page
from workflow import clock, files
from workflow.domain.anatomy import Leg
from workflow.domain.documents import patient_result, scan_report
from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import Stage
from workflow.domain.plan import PlanStatus
from workflow.domain.report import ReportStatus
from workflow.domain.staff import Role
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import Edit, StepTaken
from workflow.models.image import KeyImage, images_of
from workflow.models.plan import Plan
from workflow.models.report import Amendment, Void
from workflow.settings import Settings
from workflow.standing import standing

SignIn = Callable[[Role], Browser]
RFA = "R.GSV.RFA"
TEXT = "The left calf was scanned sitting."
REASON = "The mid thigh was timed at the tributary."


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    """Case C01, read and signed."""
    return factories.signed_scan(session, settings)


def _reading(browser: Browser, exam: Exam | int) -> Page:
    number = exam if isinstance(exam, int) else exam.id
    return browser.page(f"/exams/{number}/read")


def _documents(session: Session, kind: str = "scan") -> list[IssuedDocument]:
    session.expire_all()
    rows = select(IssuedDocument).where(IssuedDocument.kind == kind).order_by(IssuedDocument.id)
    return list(session.scalars(rows))


def _amended(session: Session, browser: Browser, exam: Exam) -> Exam:
    """Begin an amendment through the page, and return the copy."""
    form = _reading(browser, exam).form("/amend")
    assert browser.send(form, **{"amend-note": REASON}).status_code == 303
    session.expire_all()
    return session.scalars(select(Amendment)).one().exam


def _corrected(browser: Browser, copy: Exam, **cells: str) -> None:
    form = browser.page(f"/exams/{copy.id}/correct").form("/correct")
    assert browser.send(form, **cells).status_code == 303


def _signed(browser: Browser, copy: Exam) -> None:
    form = _reading(browser, copy).form("Sign the amendment")
    assert browser.send(form, password=factories.PASSWORD).status_code == 303


def _text(settings: Settings, document: IssuedDocument) -> str:
    pages = PdfReader(BytesIO(files.get(settings.files, document.file_sha256))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_an_addendum_is_printed_under_a_report_that_stays_as_it_was(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("/addendum")
    done = browser.send(form, **{"addendum-note": TEXT, "addendum-password": factories.PASSWORD})
    assert done.status_code == 303
    first, second = _documents(session)
    before, after = scan_report(first.snapshot), scan_report(second.snapshot)
    assert second.supersedes_id == first.id
    assert before.addenda == ()
    assert after.legs == before.legs
    assert after.signature == before.signature
    assert after.addenda[0].text == TEXT
    assert after.addenda[0].signature.name == second.signer_name == "Phil Test"
    assert TEXT not in _text(settings, first)
    assert TEXT in _text(settings, second)
    assert TEXT in _reading(browser, exam).main
    assert len(_documents(session, "patient")) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"addendum-note": TEXT, "addendum-password": "wrong"}, "The password is not right"),
        ({"addendum-note": " ", "addendum-password": factories.PASSWORD}, "Write it in a sentence"),
        ({"addendum-note": "a" * 2001, "addendum-password": "x"}, "at most 2000 fit"),
        ({"addendum-note": "王", "addendum-password": factories.PASSWORD}, "王"),
    ],
)
def test_an_addendum_that_cannot_be_signed_says_why_and_keeps_its_text(
    session: Session, signed_in: SignIn, exam: Exam, typed: dict[str, str], sentence: str
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    response = browser.send(_reading(browser, exam).form("/addendum"), **typed)
    assert response.status_code in {409, 422}
    page = Page(response)
    assert sentence in page.main
    kept = page.form("/addendum").values
    assert kept["addendum-note"].strip() == typed["addendum-note"].strip()
    assert kept["addendum-password"] == ""
    assert len(_documents(session)) == 1


def test_an_addendum_sent_twice_is_signed_once(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("/addendum")
    typed = {"addendum-note": TEXT, "addendum-password": factories.PASSWORD}
    assert [browser.send(form, **typed).status_code for _ in range(2)] == [303, 409]
    assert len(_documents(session)) == 2


def test_an_addendum_changes_no_value_so_the_plan_is_not_stale(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("/addendum")
    browser.send(form, **{"addendum-note": TEXT, "addendum-password": factories.PASSWORD})
    page = browser.page(f"/episodes/{exam.episode_id}/plan")
    assert "stale" not in page.main
    assert browser.send(page.form("/approve")).status_code == 303


def test_an_amendment_is_a_copy_to_correct_and_the_signed_report_stands_meanwhile(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    assert copy.status is ExamStatus.IN_REVIEW
    assert copy.starts_at is None
    assert [f.as_case for f in copy.findings] == [f.as_case for f in exam.findings]
    assert copy.impression == exam.impression
    assert standing(session, exam.id).status is ReportStatus.AMENDING
    assert exam.episode.stage is Stage.TO_READ
    page = _reading(browser, exam)
    assert "An amendment is being written" in page.main
    assert "Amend the report is not possible while the report is “being amended”." in page.main
    assert "/addendum" not in [form.action.rpartition("/")[2] for form in page.forms]


def test_the_copy_holds_the_key_images_and_the_signed_ones_stay(
    session: Session, settings: Settings, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    session.add(
        KeyImage(
            exam_id=exam.id,
            ordinal=1,
            leg=Leg.RIGHT,
            segment="GSV_MT",
            caption="Reflux",
            file_sha256=files.put(settings.files, b"a picture"),
            file_size=9,
            kind="png",
            width=1,
            height=1,
            added_by_id=factories.staff(session, Role.SONOGRAPHER).id,
            added_at=clock.now(),
        )
    )
    factories.sign(session, settings, exam)
    copy = _amended(session, signed_in(Role.PHYSICIAN), exam)
    mine, theirs = images_of(session, exam)[0], images_of(session, copy)[0]
    assert (theirs.file_sha256, theirs.caption) == (mine.file_sha256, "Reflux")
    mine.caption = "Something else"
    with pytest.raises(DBAPIError, match="kept as it was signed"):
        session.flush()
    session.rollback()


def test_amending_needs_a_reason(session: Session, signed_in: SignIn, exam: Exam) -> None:
    browser = signed_in(Role.PHYSICIAN)
    response = browser.send(_reading(browser, exam).form("/amend"))
    assert response.status_code == 422
    assert "Write it in a sentence." in Page(response).main
    assert session.scalars(select(Amendment)).all() == []


def test_a_corrected_value_redrafts_the_impression_where_nobody_wrote_another(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    before = copy.impression["R"]
    _corrected(browser, copy, **{"R.GSV_MT.reflux_ms": "0.3s", "R.GSV_MT.diameter_mm": "6"})
    session.expire_all()
    row = next(f for f in copy.findings if f.site_key == "R.GSV_MT")
    assert (row.reflux_ms, str(row.diameter_mm)) == (300, "6.00")
    assert copy.impression["R"] == copy.drafted["R"] != before
    edits = session.scalars(
        select(Edit).where(Edit.subject_id == copy.id, Edit.subject == "findings")
    )
    assert {(e.cell, e.before, e.after) for e in edits} == {
        ("R.GSV_MT.reflux_ms", "2600", "300"),
        ("R.GSV_MT.diameter_mm", "6.8", "6.0"),
    }
    original = next(f for f in exam.findings if f.site_key == "R.GSV_MT")
    assert original.reflux_ms == 2600


def test_a_correction_that_is_not_understood_stores_nothing_and_keeps_what_was_typed(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    form = browser.page(f"/exams/{copy.id}/correct").form("/correct")
    cells = {"R.GSV_MT.reflux_ms": "2.4", "R.GSV_DT.reflux_ms": "100", "L.CFV.thrombus": "jelly"}
    response = browser.send(form, **cells)
    assert response.status_code == 422
    page = Page(response)
    assert "seconds or milliseconds" in page.main
    assert "Choose one of the listed answers." in page.main
    assert page.form("/correct").values["R.GSV_MT.reflux_ms"] == "2.4"
    session.expire_all()
    assert [f.as_case for f in copy.findings] == [f.as_case for f in exam.findings]


def test_two_who_correct_one_amendment_do_not_overwrite_each_other(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    form = browser.page(f"/exams/{copy.id}/correct").form("/correct")
    assert browser.send(form, **{"R.GSV_MT.reflux_ms": "300"}).status_code == 303
    response = browser.send(form, **{"R.GSV_MT.reflux_ms": "400"})
    assert response.status_code == 409
    assert Page(response).form("/correct").values["R.GSV_MT.reflux_ms"] == "400"
    session.expire_all()
    assert next(f for f in copy.findings if f.site_key == "R.GSV_MT").reflux_ms == 300


def test_a_signed_scan_is_corrected_only_in_an_amendment(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    page = browser.page(f"/exams/{exam.id}/correct")
    assert "only while a signed report is being amended" in page.main
    response = browser.send(page.form("/correct"), **{"R.GSV_MT.reflux_ms": "300"})
    assert response.status_code == 409


def test_a_clot_that_is_corrected_in_raises_the_critical_flag(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    _corrected(browser, copy, **{"R.POPV.compressibility": "none", "R.POPV.thrombus": "acute"})
    session.expire_all()
    assert copy.episode.critical


def test_a_signed_amendment_takes_the_reports_place_and_names_every_value(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    _corrected(browser, copy, **{"R.GSV_MT.reflux_ms": "300"})
    _signed(browser, copy)
    first, second = _documents(session)
    assert (second.version, second.supersedes_id, second.exam_id) == (2, first.id, copy.id)
    said = scan_report(second.snapshot).amends
    assert f"Reason: {REASON}" in said
    assert "Right great saphenous, mid thigh: 2,600 ms, 6.8 mm → 300 ms, 6.8 mm" in said
    assert "takes its place" in _text(settings, second)
    assert "2,600 ms" in _text(settings, first)
    assert standing(session, exam.id).status is ReportStatus.AMENDED
    old, new = _documents(session, "patient")
    assert new.supersedes_id == old.id
    assert patient_result(new.snapshot).amends.startswith("We looked at your scan again")

    page = _reading(browser, exam)
    assert "This is not the report in force" in page.main
    assert page.links["Open the amendment"] == f"/exams/{copy.id}/read"
    papers = browser.page(f"/episodes/{exam.episode_id}/papers")
    assert papers.main.count("The report was amended; the amendment takes its place.") == 2
    shown = browser.page(f"/documents/{first.id}")
    assert "A newer version replaces this one" in shown.main
    assert "The report was amended" in browser.page(f"/episodes/{exam.episode_id}").main


def test_an_amendment_that_changes_a_value_makes_the_plan_stale_until_it_is_revised(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    plan = factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    old_form = browser.page(f"/episodes/{exam.episode_id}/plan").form("/approve")
    copy = _amended(session, browser, exam)
    page = browser.page(f"/episodes/{exam.episode_id}/plan")
    assert "Sign or drop the amendment first." in page.main
    _corrected(browser, copy, **{"R.GSV_MT.reflux_ms": "1800"})
    _signed(browser, copy)

    page = browser.page(f"/episodes/{exam.episode_id}/plan")
    assert "This plan is stale" in page.main
    assert "Right great saphenous, mid thigh: 2,600 ms, 6.8 mm → 1,800 ms, 6.8 mm" in page.main
    refused = browser.send(old_form)
    assert refused.status_code == 409
    assert "The findings changed after this plan was drafted" in Page(refused).main
    session.expire_all()
    assert plan.status is PlanStatus.SUBMITTED

    assert browser.send(page.form("Revise the plan")).status_code == 303
    form = browser.page(f"/episodes/{exam.episode_id}/plan").form("/save")
    assert form.values["pick"] == RFA
    browser.send(form, then="submit")
    page = browser.page(f"/episodes/{exam.episode_id}/plan")
    assert "stale" not in page.main
    assert browser.send(page.form("/approve")).status_code == 303
    session.expire_all()
    versions = list(session.scalars(select(Plan).order_by(Plan.version)))
    assert [v.status for v in versions] == [PlanStatus.SUPERSEDED, PlanStatus.APPROVED]
    assert versions[1].report.exam_id == copy.id


def test_an_amendment_that_changes_no_value_leaves_the_plan_as_it_is(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    form = _reading(browser, copy).form("Sign the amendment")
    browser.send(form, password=factories.PASSWORD, L="Nothing leaks on this side.")
    page = browser.page(f"/episodes/{exam.episode_id}/plan")
    assert "This plan is stale" not in page.main
    assert "The report it rests on was amended" in page.main
    assert browser.send(page.form("/approve")).status_code == 303


def test_a_dropped_amendment_leaves_the_signed_report_as_before(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    form = _reading(browser, copy).form("/drop")
    done = browser.send(form, **{"drop_amendment-note": "It was right after all."})
    assert done.location == f"/exams/{exam.id}/read"
    session.expire_all()
    assert copy.status is ExamStatus.CANCELLED
    assert standing(session, exam.id).status is ReportStatus.FINAL
    assert exam.episode.stage is Stage.READ
    assert _amended_again(session, browser, exam) != copy.id


def _amended_again(session: Session, browser: Browser, exam: Exam) -> int:
    form = _reading(browser, exam).form("/amend")
    assert browser.send(form, **{"amend-note": REASON}).status_code == 303
    session.expire_all()
    return max(row.exam_id for row in session.scalars(select(Amendment)))


def test_an_amendment_can_go_back_to_the_sonographer(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    copy = _amended(session, browser, exam)
    form = _reading(browser, copy).form("Sign the amendment")
    values = {**form.values, "note": "Time the mid thigh again."}
    assert browser.post(f"/exams/{copy.id}/read/return", data=values).status_code == 303
    session.expire_all()
    assert copy.status is ExamStatus.SCANNING
    grid = signed_in(Role.SONOGRAPHER).get(f"/exams/{copy.id}/scan")
    assert grid.status_code == 200


def test_a_void_scan_stays_readable_and_everything_that_rests_on_it_says_so(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    form = _reading(browser, exam).form("/void")
    why = "Recorded on the wrong patient."
    done = browser.send(form, **{"void-note": why, "void-password": factories.PASSWORD})
    assert done.status_code == 303
    session.expire_all()
    assert exam.status is ExamStatus.FINAL
    assert exam.episode.stage is Stage.INTAKE_DONE
    assert len(_documents(session)) == 1
    assert why in _reading(browser, exam).main
    plan = browser.page(f"/episodes/{exam.episode_id}/plan")
    assert why in plan.main
    papers = browser.page(f"/episodes/{exam.episode_id}/papers")
    assert papers.main.count(why) == 4
    kinds = ("scan", "patient", "plan")
    for document in [each for kind in kinds for each in _documents(session, kind)]:
        assert why in browser.page(f"/documents/{document.id}").main
    assert why in browser.page(f"/episodes/{exam.episode_id}").main
    care = browser.page(f"/episodes/{exam.episode_id}/care")
    assert f"The scan this plan rests on was declared void: {why}" in care.main
    assert "consent" not in [box.get("value") for box in _open_moves(care)]


def _open_moves(page: Page) -> list[Element]:
    boxes = page.form("/care").element.all("input")
    return [b for b in boxes if b.get("name") == "step" and "disabled" not in b.attributes]


def test_nothing_more_is_done_to_a_void_report(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    page = _reading(browser, exam)
    forms = {step: page.form(f"/{step}") for step in ("addendum", "amend", "void")}
    typed = {"void-note": "Wrong legs.", "void-password": factories.PASSWORD}
    assert browser.send(forms["void"], **typed).status_code == 303
    for step, form in forms.items():
        again = {f"{step}-note": "Again.", f"{step}-password": factories.PASSWORD}
        response = browser.send(form, **again)
        assert response.status_code == 409, step
        assert "while the report is “void”" in Page(response).main
    assert len(session.scalars(select(Void)).all()) == 1


@pytest.mark.parametrize("role", [Role.SONOGRAPHER, Role.FRONT_DESK, Role.ADMINISTRATOR])
@pytest.mark.parametrize("step", ["addendum", "amend", "void", "amendment/drop", "correct"])
def test_only_a_physician_acts_on_a_signed_report(
    session: Session, signed_in: SignIn, exam: Exam, role: Role, step: str
) -> None:
    browser = signed_in(role)
    token = browser.page("/").forms[0].values.get("csrf_token") or ""
    response = browser.post(f"/exams/{exam.id}/{step}", data={"csrf_token": token})
    assert response.status_code in {400, 403}
    session.expire_all()
    taken = session.scalars(select(StepTaken).where(StepTaken.subject == "report")).all()
    assert taken == []
