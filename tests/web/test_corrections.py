"""A scan on the wrong patient is moved, and swapped legs are swapped back, until it is signed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories, scans
from tests.browser import Browser
from tests.pages import Page
from tests.pictures import a_picture
from workflow import files
from workflow.domain.anatomy import Leg
from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import Stage
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.exam import Exam
from workflow.models.history import Edit, StepTaken
from workflow.models.image import KeyImage
from workflow.models.patient import Episode
from workflow.picture import read_picture
from workflow.settings import Settings
from workflow.ultrasound import images, recording

SignIn = Callable[[Role], Browser]
CELLS = {
    "R.SFJ.reflux_ms": "2400",
    "R.SFJ.diameter_mm": "8.1",
    "R.CFV.reflux_ms": "0",
    "L.CFV.reflux_ms": "300",
    "L.SSV_PC.reflux_ms": "about 2",
}
WHY = "Opened the wrong patient; both came at ten."


@pytest.fixture
def room(signed_in: SignIn) -> Browser:
    return signed_in(Role.SONOGRAPHER)


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    exam = scans.scanning(session)
    scans.typed(session, exam, **CELLS)
    picture = read_picture(a_picture())
    sha256 = files.put(settings.files, picture.content)
    by, told = scans.sonographer(session), images.Told(Leg.RIGHT, "SFJ", "Reflux")
    images.add(session, exam, picture, sha256, told, by=by, at=exam.ordered_at)
    session.commit()
    return exam


@pytest.fixture
def other(session: Session) -> Episode:
    return scans.an_episode(session, "Berta Example")


def _confirm(browser: Browser, exam: Exam, to: Episode, note: str = WHY) -> Any:
    return browser.send(browser.page(f"/exams/{exam.id}/move/{to.id}").form(), note=note)


def _swap(browser: Browser, exam: Exam, note: str = "Lay the other way round.") -> Any:
    return browser.send(browser.page(f"/exams/{exam.id}/swap").form("Swap the legs"), note=note)


def _rows(session: Session, exam: Exam) -> list[dict[str, Any]]:
    session.expire_all()
    return [finding.as_case for finding in exam.findings]


def test_the_patient_is_found_by_record_number_or_name(
    room: Browser, exam: Exam, other: Episode
) -> None:
    number = other.patient.record_number
    for query in (number, number.lower(), "bert exam", "EXAMPLE"):
        page = room.page(f"/exams/{exam.id}/move?q={query}")
        assert page.links["Choose"] == f"/exams/{exam.id}/move/{other.id}"
    for query in ("Anna", "Nobody", "%", "_"):
        assert "Choose" not in room.page(f"/exams/{exam.id}/move?q={query}").links


def test_both_patients_are_shown_before_the_move(room: Browser, exam: Exam, other: Episode) -> None:
    page = room.page(f"/exams/{exam.id}/move/{other.id}")
    for patient in (exam.episode.patient, other.patient):
        assert page.main.count(patient.name) >= 1
        assert patient.record_number in page.main
    assert page.main.count("12 Mar 1961") == 2


def test_a_scan_moves_with_all_that_is_in_it_and_both_stages_follow(
    session: Session, room: Browser, exam: Exam, other: Episode
) -> None:
    left = exam.episode
    assert _confirm(room, exam, other).status_code == 303
    session.expire_all()
    assert exam.episode_id == other.id
    assert (left.stage, other.stage) == (Stage.INTAKE_DONE, Stage.SCANNING)
    assert recording.texts(exam)["R.SFJ.reflux_ms"] == "2400"
    assert exam.typed == {"L.SSV_PC.reflux_ms": "about 2"}
    assert session.scalars(select(KeyImage)).one().exam_id == exam.id
    assert room.page(f"/exams/{exam.id}").text.count("Berta Example") >= 1


def test_both_histories_and_the_log_show_the_move(
    session: Session, room: Browser, exam: Exam, other: Episode
) -> None:
    left = exam.episode
    _confirm(room, exam, other)
    steps = session.scalars(
        select(StepTaken).where(StepTaken.step == "move").order_by(StepTaken.id)
    ).all()
    assert [(step.episode_id, step.note) for step in steps] == [(left.id, WHY), (other.id, WHY)]
    assert steps[0].label == f"Scan moved to {other.patient.record_number}"
    assert steps[1].label == f"Scan moved here from {left.patient.record_number}"
    rows = session.scalars(select(AuditRow).where(AuditRow.action == "exam.move")).all()
    assert [row.patient_id for row in rows] == [left.patient_id, other.patient_id]
    assert {row.reason for row in rows} == {WHY}
    for episode in (left, other):
        assert WHY in room.page(f"/episodes/{episode.id}").main


def test_a_move_without_a_reason_moves_nothing(
    session: Session, room: Browser, exam: Exam, other: Episode
) -> None:
    before = exam.episode_id
    response = _confirm(room, exam, other, note=" ")
    assert response.status_code == 422
    assert any("Write why" in error for error in Page(response).errors)
    session.expire_all()
    assert exam.episode_id == before


def test_an_episode_with_a_scan_of_its_own_takes_no_other(
    session: Session, room: Browser, exam: Exam
) -> None:
    own = scans.scheduled(session, "Clara Example", room="Scan room 2")
    page = room.page(f"/exams/{exam.id}/move?q=clara")
    assert "has a scan of its own (scheduled)" in page.main
    form = room.page(f"/exams/{exam.id}/move/{own.episode_id}").form()
    response = room.post(form.action, data={**form.values, "note": WHY})
    assert response.status_code == 409
    assert any("scan of its own" in error for error in Page(response).errors)
    session.expire_all()
    assert exam.episode_id != own.episode_id


def test_a_critical_finding_moves_along_and_is_told_anew(
    session: Session, room: Browser, exam: Exam, other: Episode
) -> None:
    left = exam.episode
    scans.typed(session, exam, **{"L.POPV.thrombus": "acute", "L.POPV.compressibility": "none"})
    call = {
        "told-to": "Dr. Jonathan Arad",
        "told-method": "phone",
        "told-read_back": "yes",
        "told-patient": "no",
    }
    room.send(room.page(f"/exams/{exam.id}/critical").form("Log the call"), **call)
    _confirm(room, exam, other)
    session.expire_all()
    assert (left.critical, other.critical) == (False, True)
    panel = room.page(f"/exams/{exam.id}/critical").main
    assert "A critical finding is open" in panel
    assert "Tell Dr. Jonathan Arad now." in panel


def test_a_drafted_impression_follows_the_history_and_a_written_one_stays(
    session: Session, room: Browser, other: Episode
) -> None:
    exam = factories.scan_being_read(session)
    exam.impression = {**exam.impression, "R": "Written by hand."}
    exam.drafted = {**exam.drafted, "L": "An old draft."}
    exam.impression = {**exam.impression, "L": "An old draft."}
    session.commit()
    assert _confirm(room, exam, other).status_code == 303
    session.expire_all()
    assert exam.impression["R"] == "Written by hand."
    assert exam.impression["L"] == exam.drafted["L"] != "An old draft."


def test_swapped_legs_are_swapped_back_with_everything_in_one_act(
    session: Session, room: Browser, exam: Exam
) -> None:
    assert _swap(room, exam).status_code == 303
    session.expire_all()
    held = recording.texts(exam)
    assert held["L.SFJ.reflux_ms"] == "2400"
    assert held["L.SFJ.diameter_mm"] == "8.1"
    assert (held["R.CFV.reflux_ms"], held["L.CFV.reflux_ms"]) == ("300", "0")
    assert not any(name.startswith("R.SFJ") for name in held)
    assert exam.typed == {"R.SSV_PC.reflux_ms": "about 2"}
    assert session.scalars(select(KeyImage)).one().leg is Leg.LEFT
    step = session.scalars(select(StepTaken).where(StepTaken.step == "swap_legs")).one()
    edits = session.scalars(select(Edit).where(Edit.at == step.at)).all()
    assert {edit.cell for edit in edits} >= {"R.SFJ.reflux_ms", "L.SFJ.reflux_ms"}
    assert len({edit.by_id for edit in edits}) == 1


def test_swapping_twice_puts_everything_back(session: Session, room: Browser, exam: Exam) -> None:
    before = (_rows(session, exam), dict(exam.typed), dict(exam.impression))
    _swap(room, exam)
    assert _rows(session, exam) != before[0]
    _swap(room, exam, "It was right before.")
    assert (_rows(session, exam), dict(exam.typed), dict(exam.impression)) == before
    assert session.scalars(select(KeyImage)).one().leg is Leg.RIGHT


def test_the_interpretation_follows_the_swap(session: Session, room: Browser) -> None:
    exam = factories.scan_being_read(session)
    right, left = exam.impression["R"], exam.impression["L"]
    assert _swap(room, exam).status_code == 303
    session.expire_all()
    assert "great saphenous vein" in exam.impression["L"]
    assert exam.impression["L"] == exam.drafted["L"]
    assert (right, left) != (exam.impression["R"], exam.impression["L"])
    page = room.page(f"/exams/{exam.id}/read")
    assert "The main vein on the inside of your left leg leaks." in page.main


def test_what_was_typed_before_a_swap_does_not_land_on_the_wrong_leg(
    session: Session, room: Browser, exam: Exam
) -> None:
    form = room.page(f"/exams/{exam.id}/scan").form("grid")
    _swap(room, exam)
    response = room.send(form, **{"R.SFJ.reflux_ms": "2500"})
    assert response.status_code == 409
    session.expire_all()
    assert "R.SFJ.reflux_ms" not in recording.texts(exam)


def test_a_critical_finding_on_the_other_leg_is_told_anew(
    session: Session, room: Browser, exam: Exam
) -> None:
    scans.typed(session, exam, **{"L.POPV.thrombus": "acute", "L.POPV.compressibility": "none"})
    _swap(room, exam)
    raised = session.scalars(
        select(StepTaken.note).where(StepTaken.step == "critical").order_by(StepTaken.id)
    ).all()
    assert len(raised) == 2
    assert "left leg" in raised[0]
    assert "right leg" in raised[1]


def test_a_page_that_is_out_of_date_swaps_nothing(
    session: Session, room: Browser, exam: Exam
) -> None:
    form = room.page(f"/exams/{exam.id}/swap").form("Swap the legs")
    room.send(form, note="First")
    response = room.send(form, note="Second, from an old page")
    assert response.status_code == 409
    assert Page(response).form("Swap the legs").values["note"] == "Second, from an old page"
    assert recording.texts(exam)["L.SFJ.reflux_ms"] == "2400"


def test_after_the_signing_both_are_refused_with_a_sentence(
    session: Session, settings: Settings, room: Browser, other: Episode
) -> None:
    exam = factories.scan_being_read(session)
    move = room.page(f"/exams/{exam.id}/move/{other.id}").form()
    swap = room.page(f"/exams/{exam.id}/swap").form("Swap the legs")
    factories.sign(session, settings, exam)
    rows, episode_id = _rows(session, exam), exam.episode_id
    for form in (move, swap):
        values = {**form.values, "note": WHY, "revision": str(exam.revision)}
        response = room.post(form.action, data=values)
        assert response.status_code == 409
        assert any("is not possible while the scan is" in each for each in Page(response).errors)
    session.expire_all()
    assert (exam.status, exam.episode_id) == (ExamStatus.FINAL, episode_id)
    assert _rows(session, exam) == rows
    page = room.page(f"/exams/{exam.id}")
    assert "Move to another patient" not in page.links
    assert "Move to another patient is not possible while the scan is “read (final)”." in page.main


def test_a_scan_without_a_reading_has_no_legs_to_swap(session: Session, room: Browser) -> None:
    bare = scans.scanning(session, "Dora Example", room="Scan room 2")
    response = _swap_anyway(room, bare)
    assert response.status_code == 409
    assert any("Nothing is recorded yet." in error for error in Page(response).errors)


def _swap_anyway(room: Browser, exam: Exam) -> Any:
    form = room.page(f"/exams/{exam.id}/swap").form()
    return room.post(form.action, data={**form.values, "note": "Try"})


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PHYSICIAN, Role.ADMINISTRATOR])
def test_only_a_sonographer_puts_a_scan_right(
    signed_in: SignIn, exam: Exam, other: Episode, role: Role
) -> None:
    browser = signed_in(role)
    for address in ("move", f"move/{other.id}", "swap"):
        assert browser.get(f"/exams/{exam.id}/{address}").status_code == 403
