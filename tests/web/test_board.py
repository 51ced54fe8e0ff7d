"""The board: whom it shows, what it sends again, and what a press of the wrong button costs."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests import factories, scans
from tests.browser import Browser
from tests.pages import Page
from tests.recorder import counted
from workflow import clock, database, undoing
from workflow.board import cards
from workflow.domain.care import CareStep
from workflow.domain.clinic import Clinic, Holiday, write_clinic
from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus, ExamStep
from workflow.domain.findings import Purpose
from workflow.domain.pathway import Stage
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.intake import actions
from workflow.intake.identity import Identity
from workflow.models.clinic import ClinicSettings
from workflow.models.exam import Exam, Finding
from workflow.models.history import StepTaken
from workflow.models.patient import Episode
from workflow.models.staff import SignIn, Staff
from workflow.planning import care
from workflow.ultrasound import actions as scanning

SignIn_ = Callable[[Role], Browser]
TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def waiting(session: Session, name: str, *, since: datetime | None = None) -> Episode:
    """Return the episode of a patient who waits for the intake."""
    episode = actions.register(
        session,
        Identity(name=name, born=date(1961, 3, 12), sex="F"),
        reason="Leg cramps",
        on=date(2026, 11, 24),
        by=factories.staff(session, Role.FRONT_DESK),
        at=since or clock.now(),
    )
    session.commit()
    return episode


def booked(session: Session, name: str, *, starts: datetime | None = None) -> Exam:
    """Return the scan of a patient who has a time for it."""
    episode, by = waiting(session, name), factories.staff(session, Role.FRONT_DESK)
    episode.intake.finished_at, episode.intake.finished_by_id = clock.now(), by.id
    exam = scanning.order(
        session,
        episode,
        purpose=Purpose.REFLUX,
        legs="R",
        indication="Cramps",
        by=by,
        at=clock.now(),
    )
    scanning.schedule(
        session,
        exam,
        starts=starts or clock.now() + timedelta(hours=2),
        minutes=30,
        room="Scan room 1",
        by=by,
        at=clock.now(),
        seen=exam.revision,
    )
    session.commit()
    return exam


def step(session: Session, exam: Exam, word: ExamStep, role: Role, note: str = "") -> StepTaken:
    """Take a step of a scan by the real action, and return its line of the history."""
    by = factories.staff(session, role)
    scanning.take_step(session, word, exam, by=by, at=clock.now(), seen=exam.revision, note=note)
    session.commit()
    return session.scalars(select(StepTaken).order_by(StepTaken.id.desc()).limit(1)).one()


def shown(page: Page) -> list[str]:
    return [element.text for element in page.root.all("span") if element.get("class") == "name"]


def test_a_long_column_folds_and_the_rest_is_one_press_away(
    signed_in: SignIn_, session: Session
) -> None:
    for number in range(cards.A_COLUMN + 3):
        waiting(session, f"Ada Row{number}")
    desk = signed_in(Role.FRONT_DESK)
    page = desk.page("/")
    assert len(shown(page)) == cards.A_COLUMN
    assert len(shown(desk.page(page.links["3 more"]))) == cards.A_COLUMN + 3


def test_critical_ones_come_first_and_say_so(signed_in: SignIn_, session: Session) -> None:
    waiting(session, "Ada Early")
    late = waiting(session, "Ada Late")
    late.critical = True
    page = signed_in(Role.PHYSICIAN).page("/")
    assert shown(page) == ["Ada Late", "Ada Early"]
    assert page.main.index("Critical finding") < page.main.index("Ada Late")


def test_a_wait_is_counted_in_working_days_without_holidays(
    signed_in: SignIn_, session: Session, now: time_machine.Traveller
) -> None:
    waiting(session, "Ada Row", since=TUESDAY - timedelta(days=5))  # the Thursday before
    desk = signed_in(Role.FRONT_DESK)
    assert "3 days" in desk.page("/").main
    closed = Clinic(holidays=(Holiday(date(2026, 11, 20), "Closed"),))
    session.add(ClinicSettings(body=write_clinic(closed), by_id=None, at=clock.now()))
    assert "2 days" in desk.page("/").main


def test_the_board_narrows_to_mine_a_day_a_person_and_a_stage(
    signed_in: SignIn_, session: Session, now: time_machine.Traveller
) -> None:
    waiting(session, "Ada Waits")
    today = booked(session, "Bea Today")
    booked(session, "Cleo Later", starts=TUESDAY + timedelta(days=2))
    step(session, today, ExamStep.CHECK_IN, Role.FRONT_DESK)
    sonographer = factories.staff(session, Role.SONOGRAPHER)
    browser = signed_in(Role.SONOGRAPHER)
    assert shown(browser.page("/?view=mine")) == ["Bea Today"]
    assert shown(browser.page("/?on=2026-11-26")) == ["Cleo Later"]
    assert shown(browser.page("/?stage=referred")) == ["Ada Waits"]
    assert shown(browser.page(f"/?person={sonographer.id}")) == []
    step(session, today, ExamStep.START, Role.SONOGRAPHER)
    assert shown(browser.page(f"/?person={sonographer.id}")) == ["Bea Today"]
    assert shown(browser.page("/?on=2026-11-24")) == ["Bea Today"]
    assert "Show everyone" in browser.page("/?on=2031-01-01").links


@pytest.mark.parametrize(
    "query", ["view=x", "stage=x", "stage=discharged", "on=x", "on=2026-13-40", "person=x",
              "person=-1", "person=99999999999999999999"],
)  # fmt: skip
def test_a_view_the_board_does_not_have_is_refused(signed_in: SignIn_, query: str) -> None:
    desk = signed_in(Role.FRONT_DESK)
    assert desk.get(f"/?{query}").status_code == 400
    assert desk.get(f"/board/columns?{query}").status_code == 400


def _mark(browser: Browser) -> str:
    (board,) = [e for e in browser.page("/").root.all("div") if e.get("data-mark")]
    return board.get("data-mark")


def _asked_again(browser: Browser, mark: str) -> Any:
    return browser.get("/board/columns", query_string={"mark": mark})


def test_an_unchanged_board_is_not_sent_again(
    app: Flask, signed_in: SignIn_, session: Session, now: time_machine.Traveller
) -> None:
    episode = waiting(session, "Ada Row")
    desk = signed_in(Role.FRONT_DESK)
    mark = _mark(desk)
    assert _asked_again(desk, mark).status_code == 204
    assert desk.get(f"/episodes/{episode.id}").status_code == 200  # which is written down
    with counted(app) as asked:
        assert _asked_again(desk, mark).status_code == 204
    assert len(asked) <= 4


def test_a_changed_board_is_sent_again(signed_in: SignIn_, session: Session) -> None:
    waiting(session, "Ada Row")
    desk = signed_in(Role.FRONT_DESK)
    mark = _mark(desk)
    waiting(session, "Bea Row")
    answer = _asked_again(desk, mark)
    assert answer.status_code == 200
    assert "Bea Row" in answer.text


def test_a_board_that_shows_the_same_after_a_change_gives_only_its_new_mark(
    signed_in: SignIn_, session: Session, now: time_machine.Traveller
) -> None:
    waiting(session, "Ada Row", since=TUESDAY - timedelta(days=5))
    desk = signed_in(Role.FRONT_DESK)
    mark = _mark(desk)
    now.shift(timedelta(minutes=6))
    answer = _asked_again(desk, mark)
    assert (answer.status_code, answer.headers["X-Mark"]) != (204, mark)
    assert _asked_again(desk, answer.headers["X-Mark"]).status_code == 204


def test_a_wait_that_is_told_in_other_words_is_a_change(
    signed_in: SignIn_, session: Session, now: time_machine.Traveller
) -> None:
    waiting(session, "Ada Row")
    desk = signed_in(Role.FRONT_DESK)
    mark = _mark(desk)
    now.shift(timedelta(minutes=6))
    assert "5 min" in _asked_again(desk, mark).text


@pytest.mark.parametrize("mark", ["", "x", "1.2", "1.2.3.4", "-1.0.x", "٣.1.x", "9" * 40])
def test_a_mark_that_is_none_of_ours_gets_the_whole_board(
    signed_in: SignIn_, session: Session, mark: str
) -> None:
    waiting(session, "Ada Row")
    assert "Ada Row" in _asked_again(signed_in(Role.FRONT_DESK), mark).text


def test_asking_again_and_again_keeps_no_sign_in_alive(
    signed_in: SignIn_, session: Session, now: time_machine.Traveller
) -> None:
    desk = signed_in(Role.FRONT_DESK)
    mark = _mark(desk)
    before = session.scalars(select(SignIn.seen_at)).all()
    for _ in range(14):
        now.shift(timedelta(minutes=1))
        assert _asked_again(desk, mark).status_code in (200, 204)
    assert session.scalars(select(SignIn.seen_at)).all() == before
    now.shift(timedelta(minutes=2))
    assert desk.get("/board/columns", headers={"X-Requested-With": "fetch"}).status_code == 401


def test_the_board_asks_as_much_of_many_patients_as_of_few(
    app: Flask, signed_in: SignIn_, session: Session
) -> None:
    desk = signed_in(Role.FRONT_DESK)

    def asked() -> int:
        with counted(app) as statements:
            desk.page("/")
        return len(statements)

    waiting(session, "Ada Row")
    few = asked()
    for number in range(60):
        waiting(session, f"Ada Row{number}")
    assert asked() == few <= 12


def _check_in(desk: Browser, exam: Exam) -> int:
    forms = desk.page(f"/exams/{exam.id}/steps/check_in").forms
    form = next(form for form in forms if form.action.endswith("check_in"))
    return int(desk.send(form, asked="y").status_code)


def test_a_check_in_is_undone_to_the_minute(
    signed_in: SignIn_, session: Session, now: time_machine.Traveller
) -> None:
    exam = booked(session, "Ada Row")
    waited = exam.episode.since
    now.shift(timedelta(minutes=30))
    desk = signed_in(Role.FRONT_DESK)
    assert _check_in(desk, exam) == 303
    assert {exam.status} == {ExamStatus.ARRIVED}
    first = desk.page("/").text
    assert "Checked in. The sonographer can start the scan. Undo: Check in" in first
    page = desk.page("/")
    assert "Check in: done just now." in page.text
    undo = next(f for f in page.forms if f.action.endswith("/undo"))
    assert desk.send(undo).status_code == 303
    session.expire_all()
    assert exam.status is ExamStatus.SCHEDULED
    assert (exam.episode.stage, exam.episode.since) == (Stage.SCHEDULED, waited)
    assert "Undone: Check in" in session.scalars(select(StepTaken.label)).all()
    assert "done just now" not in desk.page("/").text


def test_the_offer_is_gone_after_a_minute_and_so_is_the_way(
    signed_in: SignIn_, session: Session, now: time_machine.Traveller
) -> None:
    exam = booked(session, "Ada Row")
    desk = signed_in(Role.FRONT_DESK)
    assert _check_in(desk, exam) == 303
    undo = next(f for f in desk.page("/").forms if f.action.endswith("/undo"))
    now.shift(timedelta(seconds=61))
    assert "done just now" not in desk.page("/").text
    refused = desk.send(undo)
    assert refused.status_code == 409
    assert "a minute; this one is older" in Page(refused).main
    assert exam.status is ExamStatus.ARRIVED


def test_nobody_undoes_the_step_of_somebody_else(signed_in: SignIn_, session: Session) -> None:
    exam = booked(session, "Ada Row")
    taken = step(session, exam, ExamStep.CHECK_IN, Role.FRONT_DESK)
    other = signed_in(Role.SONOGRAPHER)
    token = next(f for f in other.page("/").forms if f.method == "post").values["csrf_token"]
    answer = other.post(f"/steps/{taken.id}/undo", data={"csrf_token": token})
    assert answer.status_code == 404
    session.expire_all()
    assert exam.status is ExamStatus.ARRIVED


def _undo(session: Session, taken: StepTaken, role: Role) -> None:
    undoing.take_back(session, taken, by=factories.staff(session, role), at=clock.now())
    session.commit()


@pytest.mark.parametrize(
    ("before", "word", "role", "note"),
    [
        ((), ExamStep.CHECK_IN, Role.FRONT_DESK, ""),
        ((), ExamStep.NO_SHOW, Role.FRONT_DESK, ""),
        ((), ExamStep.CANCEL, Role.FRONT_DESK, "Called off"),
        ((ExamStep.CHECK_IN,), ExamStep.CANCEL, Role.FRONT_DESK, "Called off"),
        ((ExamStep.CHECK_IN,), ExamStep.START, Role.SONOGRAPHER, ""),
    ],
)
def test_a_move_of_a_scan_is_undone_as_if_it_had_not_been(
    session: Session,
    now: time_machine.Traveller,
    before: tuple[ExamStep, ...],
    word: ExamStep,
    role: Role,
    note: str,
) -> None:
    exam = booked(session, "Ada Row")
    for each in before:
        step(session, exam, each, Role.FRONT_DESK)
    episode = exam.episode

    def state() -> tuple[object, ...]:
        session.expire_all()
        return (
            *(exam.status, exam.sonographer_id, exam.scanned_at, exam.starts_at, exam.room),
            *(episode.stage, episode.since, episode.care, episode.next_on),
        )

    stood = state()
    now.shift(timedelta(minutes=20))
    taken = step(session, exam, word, role, note)
    assert state() != stood
    now.shift(timedelta(seconds=59))
    _undo(session, taken, role)
    assert state() == stood


def test_a_cancelled_episode_is_undone_with_its_next_appointment(
    session: Session, now: time_machine.Traveller
) -> None:
    episode, by = waiting(session, "Ada Row"), factories.staff(session, Role.FRONT_DESK)
    waited = episode.since
    now.shift(timedelta(hours=1))
    care.take_care_step(
        session,
        CareStep.CANCEL,
        episode,
        by=by,
        at=clock.now(),
        seen=care.last_step(session, episode),
        note="Called off",
    )
    session.commit()
    assert episode.stage is Stage.CANCELLED
    last = session.scalars(select(StepTaken).order_by(StepTaken.id.desc()).limit(1)).one()
    _undo(session, last, Role.FRONT_DESK)
    session.expire_all()
    assert (episode.stage, episode.since, episode.next_on) == (Stage.REFERRED, waited, None)


def test_a_scan_with_a_finding_is_not_unstarted(session: Session) -> None:
    exam = booked(session, "Ada Row")
    step(session, exam, ExamStep.CHECK_IN, Role.FRONT_DESK)
    taken = step(session, exam, ExamStep.START, Role.SONOGRAPHER)
    finding = Finding(ordinal=1)
    finding.take({"leg": "R", "segment": "GSV_K", "reflux_ms": 900, "diameter_mm": 5})
    exam.findings.append(finding)
    session.commit()
    with pytest.raises(Refused, match="the scan has begun"):
        _undo(session, taken, Role.SONOGRAPHER)


def test_a_room_that_was_given_away_stays_given(session: Session) -> None:
    exam = booked(session, "Ada Row")
    taken = step(session, exam, ExamStep.CANCEL, Role.FRONT_DESK, "Called off")
    booked(session, "Bea Row", starts=exam.starts_at)
    with pytest.raises(Refused, match="given to another scan"):
        _undo(session, taken, Role.FRONT_DESK)


def test_a_no_show_whose_room_was_given_away_stays_one(session: Session) -> None:
    exam = booked(session, "Ada Row")
    taken = step(session, exam, ExamStep.NO_SHOW, Role.FRONT_DESK)
    booked(session, "Bea Row", starts=exam.starts_at)
    with pytest.raises(Refused, match="given to another scan"):
        _undo(session, taken, Role.FRONT_DESK)


@dataclass(frozen=True)
class Contended:
    """A room that a cancelled scan held: it can be taken back, or be given to another scan."""

    engine: Engine
    exam_id: int
    step_id: int
    other_id: int
    by_id: int

    def take_back(self, writing: Session) -> None:
        """Undo the cancelling."""
        by, step_ = writing.get_one(Staff, self.by_id), writing.get_one(StepTaken, self.step_id)
        undoing.take_back(writing, step_, by=by, at=clock.now())

    def book(self, writing: Session) -> None:
        """Give the room at that time to the other scan."""
        held, other = writing.get_one(Exam, self.exam_id), writing.get_one(Exam, self.other_id)
        assert held.starts_at is not None
        scanning.schedule(
            writing,
            other,
            starts=held.starts_at,
            minutes=held.minutes,
            room=held.room,
            by=writing.get_one(Staff, self.by_id),
            at=clock.now(),
            seen=other.revision,
        )


@pytest.fixture
def contended(app: Flask, session: Session) -> Contended:
    with app.app_context():
        engine = db.engine
    exam, other = booked(session, "Ada Row"), scans.ordered(session, "Bea Row")
    taken = step(session, exam, ExamStep.CANCEL, Role.FRONT_DESK, "Called off")
    by = factories.staff(session, Role.FRONT_DESK)
    numbers = (exam.id, taken.id, other.id, by.id)
    session.commit()
    return Contended(engine, *numbers)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("take_back", "book", "is taken then"),
        ("book", "take_back", "given to another scan"),
    ],
)
def test_of_two_who_want_one_room_at_once_the_second_waits_and_is_refused(
    contended: Contended, first: str, second: str, sentence: str
) -> None:
    said: list[str] = []

    def want() -> None:
        try:
            with database.transaction(contended.engine) as writing:
                getattr(contended, second)(writing)
        except Refused as refusal:
            said.append(str(refusal))

    worker = threading.Thread(target=want)
    with database.transaction(contended.engine) as writing:
        getattr(contended, first)(writing)
        worker.start()
        worker.join(1)
        assert worker.is_alive()
        assert said == []
    worker.join(30)
    assert not worker.is_alive()
    assert len(said) == 1
    assert sentence in said[0]


def test_a_move_that_another_followed_stands(session: Session) -> None:
    exam = booked(session, "Ada Row")
    taken = step(session, exam, ExamStep.CHECK_IN, Role.FRONT_DESK)
    step(session, exam, ExamStep.START, Role.SONOGRAPHER)
    with pytest.raises(Refused, match="Something else was done"):
        _undo(session, taken, Role.FRONT_DESK)


def test_who_lost_the_right_meanwhile_undoes_nothing(session: Session) -> None:
    exam = booked(session, "Ada Row")
    taken = step(session, exam, ExamStep.CHECK_IN, Role.FRONT_DESK)
    by = factories.staff(session, Role.FRONT_DESK)
    by.role = Role.ADMINISTRATOR
    session.flush()
    with pytest.raises(Refused, match="may book scans"):
        undoing.take_back(session, taken, by=by, at=clock.now())


def test_an_administrator_sees_the_board_and_opens_no_card(
    signed_in: SignIn_, session: Session
) -> None:
    waiting(session, "Ada <i>Row")
    page = signed_in(Role.ADMINISTRATOR).page("/")
    assert shown(page) == ["Ada <i>Row"]
    assert not [href for href in page.links.values() if href.startswith("/episodes/")]


def test_a_record_number_is_never_on_the_board(signed_in: SignIn_, session: Session) -> None:
    episode = waiting(session, "Ada Row")
    session.execute(update(Episode).values(since=clock.now() - timedelta(hours=3)))
    page = signed_in(Role.FRONT_DESK).page("/")
    assert episode.patient.record_number not in page.main
    assert "3 h" in page.main
