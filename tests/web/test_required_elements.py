"""The reading page lists what a report still lacks; without it, or a reason, nobody signs."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow.domain.exam import ExamStatus
from workflow.domain.staff import Role
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam

SignIn = Callable[[Role], Browser]
TECHNIQUE = "The technique: modes, position, manoeuvres."


def _lacks(page: Page) -> list[str]:
    """Return what the page says the report still lacks."""
    (found,) = [each for each in page.root.all("ul") if "lacks" in each.get("class").split()]
    return [line.text for line in found.all("li")]


def _whole(session: Session) -> Exam:
    """Return C01 being read, as if it had been scanned here: nothing was handed over incomplete."""
    exam = factories.scan_being_read(session)
    exam.incomplete_reason = ""
    session.commit()
    return exam


def test_a_report_that_lacks_nothing_says_nothing_of_it_and_is_signed(
    session: Session, signed_in: SignIn
) -> None:
    exam = _whole(session)
    browser = signed_in(Role.PHYSICIAN)
    page = browser.page(f"/exams/{exam.id}/read")
    assert "still lacks" not in page.main
    response = browser.send(page.form("Sign report"), password=factories.PASSWORD)
    assert response.status_code == 303
    session.expire_all()
    assert exam.status is ExamStatus.FINAL


def test_what_the_report_lacks_is_listed_value_by_value_and_it_is_not_signed(
    session: Session, signed_in: SignIn
) -> None:
    exam = _whole(session)
    browser = signed_in(Role.PHYSICIAN)
    form = browser.page(f"/exams/{exam.id}/read").form("Sign report")
    exam.position = None
    next(f for f in exam.findings if f.leg == "R" and f.segment == "POPV").compressibility = None
    session.commit()
    page = browser.page(f"/exams/{exam.id}/read")
    assert _lacks(page) == [
        f"{TECHNIQUE} State the position the patient was scanned in.",
        "State the position the patient was scanned in.",
        "The deep veins of each scanned leg. Right popliteal vein: compression not recorded.",
        "Right popliteal vein: compression not recorded.",
    ]
    assert "The report lacks 2 elements it must hold." in page.main
    response = browser.send(form, password=factories.PASSWORD)
    assert response.status_code == 409
    assert session.scalars(select(IssuedDocument)).all() == []
    assert exam.status is ExamStatus.IN_REVIEW


def test_what_a_reason_was_told_for_is_listed_and_can_be_signed(
    session: Session, signed_in: SignIn
) -> None:
    exam = _whole(session)
    exam.incomplete_reason = "The patient felt faint."
    next(f for f in exam.findings if f.leg == "R" and f.segment == "POPV").compressibility = None
    session.commit()
    browser = signed_in(Role.PHYSICIAN)
    page = browser.page(f"/exams/{exam.id}/read")
    assert "The deep veins of each scanned leg." in _lacks(page)[0]
    assert "It can be signed as it is" in page.main
    response = browser.send(page.form("Sign report"), password=factories.PASSWORD)
    assert response.status_code == 303
    session.expire_all()
    assert exam.status is ExamStatus.FINAL


def test_a_history_nobody_asked_and_a_finding_nobody_was_told_of_are_listed(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session, "C03")
    answers = exam.episode.intake.answers
    exam.episode.intake.answers = {**answers, "prior_vte": None}
    session.commit()
    page = signed_in(Role.PHYSICIAN).page(f"/exams/{exam.id}/read")
    assert "Earlier venous thrombosis: not asked." in _lacks(page)
    assert "The log of who was told of the critical finding." in _lacks(page)
    assert "It can be signed as it is" in page.main
