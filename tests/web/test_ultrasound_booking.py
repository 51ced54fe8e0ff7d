"""Ordering a scan, giving it a time, and moving it on, through the pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import scans
from tests.browser import Browser
from tests.pages import Page
from workflow import clock
from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import Stage
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.exam import Exam
from workflow.models.history import StepTaken

SignIn = Callable[[Role], Browser]
MONDAY = datetime(2031, 5, 5, 13, tzinfo=UTC)  # 09:00 in New York, and to come for years
SLOT = {
    "on-day": "5",
    "on-month": "May",
    "on-year": "2031",
    "at": "9:00",
    "room": scans.ROOM,
    "minutes": "45",
}


@pytest.fixture
def desk(signed_in: SignIn) -> Browser:
    return signed_in(Role.FRONT_DESK)


def test_an_order_suggests_the_indication_from_the_cramps(session: Session, desk: Browser) -> None:
    episode = scans.an_episode(session)
    form = desk.page(f"/episodes/{episode.id}/exams/new").form()
    assert (
        form.values["indication"] == "Right calf cramps at night, 3 to 6 times a week; heaviness."
    )


def test_an_ordered_scan_waits_for_a_time(session: Session, desk: Browser) -> None:
    episode = scans.an_episode(session)
    form = desk.page(f"/episodes/{episode.id}/exams/new").form()
    response = desk.send(form, legs="R", indication="Cramps.")
    exam = session.scalars(select(Exam)).one()
    assert response.location == f"/exams/{exam.id}/schedule"
    assert (exam.status, exam.legs, exam.indication) == (ExamStatus.ORDERED, "R", "Cramps.")
    assert "Free on" in desk.page(response.location).main


def test_a_scan_can_be_ordered_and_booked_at_once(session: Session, desk: Browser) -> None:
    episode = scans.an_episode(session)
    form = desk.page(f"/episodes/{episode.id}/exams/new").form()
    response = desk.send(form, **SLOT)
    assert response.location == "/day?on=2031-05-05"
    exam = session.scalars(select(Exam)).one()
    assert (exam.status, exam.starts_at) == (ExamStatus.SCHEDULED, MONDAY)
    page = desk.page(response.location)
    assert "Booked: 5 May 2031, 09:00, Scan room 1." in page.text
    assert "Anna Sample" in page.main


def test_the_indication_is_on_record_before_the_exam(session: Session, desk: Browser) -> None:
    episode = scans.an_episode(session)
    form = desk.page(f"/episodes/{episode.id}/exams/new").form()
    response = desk.send(form, indication="  ", legs="L")
    assert response.status_code == 422
    page = Page(response)
    assert any("Write why the scan is done" in error for error in page.errors)
    assert page.form().values["legs"] == "L"
    assert session.scalars(select(Exam)).all() == []


def test_half_a_time_is_asked_for_in_full_and_nothing_typed_is_lost(
    session: Session, desk: Browser
) -> None:
    episode = scans.an_episode(session)
    form = desk.page(f"/episodes/{episode.id}/exams/new").form()
    page = Page(desk.send(form, at="9:00"))
    assert page.status == 422
    assert any("Give the day" in error for error in page.errors)
    assert page.form().values["at"] == "9:00"


def test_an_episode_has_one_open_scan(session: Session, desk: Browser) -> None:
    exam = scans.ordered(session)
    form = desk.page(f"/episodes/{exam.episode_id}/exams/new").form()
    page = Page(desk.send(form, indication="Once more."))
    assert page.status == 422
    assert "already has a scan (ordered)" in page.main
    assert page.form().values["indication"] == "Once more."


def _schedule(desk: Browser, exam: Exam, **slot: str) -> Page:
    form = desk.page(f"/exams/{exam.id}/schedule").form()
    response = desk.send(form, **{**SLOT, **slot})
    return Page(desk.get(response.location) if response.status_code == 303 else response)


def test_a_room_that_is_taken_is_refused_and_the_time_stays_typed(
    session: Session, desk: Browser
) -> None:
    scans.scheduled(session, "Tom Baker", starts=MONDAY)
    page = _schedule(desk, scans.ordered(session), at="9:30")
    assert page.status == 422
    assert any("Scan room 1 is taken then" in error for error in page.errors)
    assert page.form().values["at"] == "9:30"


def test_another_room_is_free_at_the_same_time(session: Session, desk: Browser) -> None:
    scans.scheduled(session, "Tom Baker", starts=MONDAY)
    page = _schedule(desk, scans.ordered(session), room="Scan room 2")
    assert "Tom Baker" in page.main
    assert "Anna Sample" in page.main


def test_a_cancelled_scan_frees_its_room(session: Session, desk: Browser) -> None:
    other = scans.scheduled(session, "Tom Baker", starts=MONDAY)
    other.status = ExamStatus.CANCELLED
    assert _schedule(desk, scans.ordered(session)).status == 200


def test_a_time_that_is_past_is_refused(session: Session, desk: Browser) -> None:
    page = _schedule(desk, scans.ordered(session), **{"on-year": "2021"})
    assert any("past" in error for error in page.errors)


@pytest.mark.parametrize(
    ("day", "month", "year", "at", "said"),
    [
        ("9", "3", "2031", "2:30", "the clocks go forward"),
        ("31", "2", "2031", "9:00", "There is no such day"),
        ("5", "5", "2031", "25:00", "is not a time"),
        ("5", "5", "2031", "9.5", "is not a time"),
        ("5", "5", "３１", "9:00", "four digits"),
    ],
)
def test_a_time_that_does_not_exist_is_refused_at_its_field(
    session: Session, desk: Browser, day: str, month: str, year: str, at: str, said: str
) -> None:
    parts = {"on-day": day, "on-month": month, "on-year": year, "at": at}
    page = _schedule(desk, scans.ordered(session), **parts)
    assert page.status == 422
    assert any(said in error for error in page.errors)
    assert {name: page.form().values[name] for name in parts} == parts


def test_a_time_shown_twice_by_the_clocks_is_taken_as_the_first(
    session: Session, desk: Browser
) -> None:
    parts = {"on-day": "2", "on-month": "11", "on-year": "2031", "at": "1:30"}
    page = _schedule(desk, scans.ordered(session), **parts)
    assert "this is the first" in page.text
    exam = session.scalars(select(Exam)).one()
    assert exam.starts_at == datetime(2031, 11, 2, 5, 30, tzinfo=UTC)


def test_a_scan_is_not_booked_before_its_intake_is_finished(
    session: Session, desk: Browser
) -> None:
    exam = scans.ordered(session)
    exam.episode.intake.finished_at = None
    page = _schedule(desk, exam)
    assert "Finish the intake first" in page.main
    session.refresh(exam)
    assert exam.status is ExamStatus.ORDERED


def test_a_booking_that_was_moved_meanwhile_is_not_moved_again(
    session: Session, desk: Browser
) -> None:
    exam = scans.scheduled(session, starts=MONDAY)
    form = desk.page(f"/exams/{exam.id}/schedule").form()
    exam.minutes = 60
    page = Page(desk.send(form, **{**SLOT, "at": "11:00"}))
    assert any("changed after you opened it" in error for error in page.errors)
    session.refresh(exam)
    assert exam.starts_at == MONDAY


def test_the_day_offers_its_free_times_to_the_scan_that_is_booked(
    session: Session, desk: Browser
) -> None:
    exam = scans.ordered(session)
    page = desk.page(f"/day?on=2031-05-05&for={exam.id}")
    offered = page.links["09:30, Scan room 2"]
    form = desk.page(offered).form()
    assert (form.values["at"], form.values["room"]) == ("09:30", "Scan room 2")
    desk.send(form)
    session.refresh(exam)
    assert exam.starts_at == MONDAY + timedelta(minutes=30)


def test_the_day_lists_who_is_due_without_a_scan(session: Session, desk: Browser) -> None:
    episode = scans.an_episode(session, "Ngozi Adeyemi")
    episode.next_on = datetime(2031, 5, 5, tzinfo=UTC).date()
    assert "Ngozi Adeyemi" in desk.page("/day?on=2031-05-05").main
    assert "Ngozi Adeyemi" not in desk.page("/day?on=2031-05-06").main


@pytest.mark.parametrize("on", ["2031-02-31", "yesterday", "２０３１-05-05", "2031-5-5"])
def test_a_day_that_does_not_exist_is_refused(desk: Browser, on: str) -> None:
    assert desk.get(f"/day?on={on}").status_code == 400


def test_a_check_in_asks_again_about_medicines_allergies_and_pregnancy(
    session: Session, desk: Browser
) -> None:
    exam = scans.scheduled(session, starts=MONDAY)
    form = desk.page("/day?on=2031-05-05")
    page = desk.page(form.links["Check in"])
    refused = Page(desk.send(page.form()))
    assert refused.status == 422
    assert any("Ask again about medicines" in error for error in refused.errors)
    assert desk.send(page.form(), asked="y").status_code == 303
    session.refresh(exam)
    assert exam.status is ExamStatus.ARRIVED
    assert exam.episode.stage is Stage.ARRIVED
    step = session.scalars(select(StepTaken).where(StepTaken.step == "check_in")).one()
    assert "have not changed" in step.note


def test_a_no_show_leads_to_a_new_time(session: Session, desk: Browser) -> None:
    exam = scans.scheduled(session, starts=MONDAY)
    response = desk.send(desk.page(f"/exams/{exam.id}/steps/no_show").form())
    assert response.location == f"/exams/{exam.id}/schedule"
    session.refresh(exam)
    assert exam.status is ExamStatus.NO_SHOW
    assert "Did not take place" in desk.page("/day?on=2031-05-05").main


def test_a_scan_is_cancelled_with_a_reason(session: Session, desk: Browser) -> None:
    exam = scans.scheduled(session, starts=MONDAY)
    form = desk.page(f"/exams/{exam.id}/steps/cancel").form()
    assert Page(desk.send(form)).status == 422
    assert desk.send(form, note="The patient moved away.").status_code == 303
    session.refresh(exam)
    assert exam.status is ExamStatus.CANCELLED
    assert "The patient moved away." in desk.page(f"/exams/{exam.id}").main


def test_what_may_not_be_done_now_is_greyed_with_the_reason(
    session: Session, desk: Browser
) -> None:
    exam = scans.arrived(session)
    page = desk.page(f"/exams/{exam.id}")
    assert "Only a sonographer may record an exam" in page.main


def test_the_front_desk_does_not_start_a_scan_or_see_its_findings(
    session: Session, desk: Browser
) -> None:
    exam = scans.arrived(session)
    assert desk.get(f"/exams/{exam.id}/steps/start").status_code == 403
    assert desk.get(f"/exams/{exam.id}/scan").status_code == 403


def test_starting_the_scan_opens_the_grid(session: Session, signed_in: SignIn) -> None:
    exam = scans.arrived(session)
    room = signed_in(Role.SONOGRAPHER)
    response = room.send(room.page(f"/exams/{exam.id}").form("start"))
    assert response.location == f"/exams/{exam.id}/scan"
    session.refresh(exam)
    assert exam.sonographer is not None
    assert exam.sonographer.role is Role.SONOGRAPHER
    assert exam.scanned_at is not None
    assert clock.now() - exam.scanned_at < timedelta(minutes=5)


@pytest.mark.parametrize("word", ["sign", "finish", "schedule", "open", "delete"])
def test_steps_of_other_pages_are_not_taken_here(
    session: Session, desk: Browser, word: str
) -> None:
    exam = scans.scheduled(session)
    assert desk.get(f"/exams/{exam.id}/steps/{word}").status_code == 404


def test_a_scan_that_is_not_there_is_not_there(desk: Browser) -> None:
    for address in ("/exams/99", "/exams/99/schedule", "/episodes/99/exams/new", "/exams/0"):
        assert desk.get(address).status_code == 404


def test_opening_a_scan_is_written_down(session: Session, desk: Browser) -> None:
    exam = scans.scheduled(session)
    desk.page(f"/exams/{exam.id}")
    row = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
    assert row is not None
    assert (row.action, row.entity_type, row.entity_id) == ("read", "exam", str(exam.id))
    assert row.patient_id == exam.episode.patient_id
