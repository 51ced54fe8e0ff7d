"""Recording a scan in the grid, through the pages, with script and CSRF as a plain browser has."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests import factories, scans
from tests.browser import Browser
from tests.pages import Form, Page
from workflow import clock
from workflow.domain.anatomy import REQUIRED, Leg
from workflow.domain.case import read_reading
from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus
from workflow.domain.findings import Position, Visualised
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.audit import AuditRow
from workflow.models.exam import Exam, Finding
from workflow.models.history import Edit, StepTaken
from workflow.ultrasound import recording, sites

SignIn = Callable[[Role], Browser]
CASES = Path(__file__).parent.parent / "domain" / "cases"


@pytest.fixture
def room(signed_in: SignIn) -> Browser:
    return signed_in(Role.SONOGRAPHER)


@pytest.fixture
def exam(session: Session) -> Exam:
    return scans.scanning(session)


def _grid(room: Browser, exam: Exam) -> Form:
    return room.page(f"/exams/{exam.id}/scan").form("grid")


def _reading(session: Session, key: str) -> dict[str, Any]:
    session.expire_all()
    rows = session.scalars(select(Finding)).all()
    return next((row.as_case for row in rows if row.site_key == key), {})


def test_what_is_typed_is_stored_and_shown_as_it_is_stored(
    session: Session, room: Browser, exam: Exam
) -> None:
    typed = {
        "R.SFJ.reflux_ms": "2,4 s",
        "R.SFJ.diameter_mm": "6,2",
        "R.SFJ.thrombus": "none",
        "exam.position": "standing",
    }
    response = room.send(_grid(room, exam), **typed)
    assert response.status_code == 303
    row = _reading(session, "R.SFJ")
    assert (row["reflux_ms"], row["diameter_mm"], row["thrombus"]) == (2400, 6.2, "none")
    assert exam.position is Position.STANDING
    values = _grid(room, exam).values
    assert (values["R.SFJ.reflux_ms"], values["R.SFJ.diameter_mm"]) == ("2400", "6.2")


def test_every_cell_has_its_history_and_the_save_one_audit_row(
    session: Session, room: Browser, exam: Exam
) -> None:
    room.send(_grid(room, exam), **{"L.CFV.reflux_ms": "0", "L.CFV.compressibility": "full"})
    room.send(_grid(room, exam), **{"L.CFV.reflux_ms": "300"})
    edits = session.scalars(select(Edit).where(Edit.subject == "findings").order_by(Edit.id)).all()
    assert [(e.cell, e.before, e.after) for e in edits] == [
        ("L.CFV.reflux_ms", "", "0"),
        ("L.CFV.compressibility", "", "full"),
        ("L.CFV.reflux_ms", "0", "300"),
    ]
    written = select(func.count()).where(AuditRow.action == "findings.edit")
    assert session.scalar(written) == 2


def test_good_cells_are_stored_where_others_are_refused_and_nothing_typed_is_lost(
    session: Session, room: Browser, exam: Exam
) -> None:
    typed = {"R.SFJ.reflux_ms": "2.4", "R.GSV_PT.reflux_ms": "2.4s", "R.CFV.limitation": "a\u0007b"}
    response = room.send(_grid(room, exam), **typed)
    assert response.status_code == 422
    page = Page(response)
    assert any("seconds or milliseconds" in error for error in page.errors)
    assert page.form("grid").values["R.SFJ.reflux_ms"] == "2.4"
    assert _reading(session, "R.GSV_PT")["reflux_ms"] == 2400
    assert _reading(session, "R.SFJ") == {}
    again = room.page(f"/exams/{exam.id}/scan")
    assert again.form("grid").values["R.SFJ.reflux_ms"] == "2.4"
    assert "#R.SFJ.reflux_ms" in again.links.values()


def test_a_refused_cell_that_is_put_right_is_not_refused_any_more(
    session: Session, room: Browser, exam: Exam
) -> None:
    room.send(_grid(room, exam), **{"R.SFJ.reflux_ms": "2.4"})
    response = room.send(_grid(room, exam), **{"R.SFJ.reflux_ms": "2.4s"})
    assert response.status_code == 303
    session.refresh(exam)
    assert exam.typed == {}
    assert _reading(session, "R.SFJ")["reflux_ms"] == 2400


def test_a_refused_cell_that_is_emptied_is_empty(
    session: Session, room: Browser, exam: Exam
) -> None:
    room.send(_grid(room, exam), **{"R.SFJ.reflux_ms": "about 2"})
    assert room.send(_grid(room, exam), **{"R.SFJ.reflux_ms": ""}).status_code == 303
    session.refresh(exam)
    assert exam.typed == {}


def test_a_minus_clears_and_a_cleared_required_site_was_not_examined(
    session: Session, room: Browser, exam: Exam
) -> None:
    room.send(_grid(room, exam), **{"R.SFJ.reflux_ms": "0"})
    room.send(_grid(room, exam), **{"R.SFJ.reflux_ms": "-"})
    assert _reading(session, "R.SFJ") == {}


def test_nought_and_empty_are_not_the_same(session: Session, room: Browser, exam: Exam) -> None:
    room.send(_grid(room, exam), **{"R.SFJ.reflux_ms": "n", "R.CFV.thrombus": "none"})
    assert _reading(session, "R.SFJ")["reflux_ms"] == 0
    assert _reading(session, "R.CFV")["reflux_ms"] is None


def test_a_site_that_was_not_seen_asks_why(session: Session, room: Browser, exam: Exam) -> None:
    room.send(_grid(room, exam), **{"L.SSV_PC.reflux_ms": "x"})
    finding = session.scalars(select(Finding)).one()
    assert finding.reading.visualised is Visualised.NOT_SEEN
    page = room.page(f"/exams/{exam.id}/scan")
    assert page.form("grid").values["L.SSV_PC.reflux_ms"] == "x"
    assert any("say why it was not seen" in text for text in page.links)
    room.send(page.form("grid"), **{"L.SSV_PC.limitation": "Dressing"})
    assert not any("say why" in text for text in room.page(f"/exams/{exam.id}/scan").links)


def test_sending_the_page_back_unchanged_changes_nothing(
    session: Session, room: Browser, exam: Exam
) -> None:
    case = json.loads((CASES / "C01.json").read_text())
    readings = [read_reading(row) for row in case["exam"]["segments"]]
    recording.record(session, exam, readings, by=scans.sonographer(session), at=clock.now())
    before = [finding.as_case for finding in exam.findings]
    edits = session.scalar(select(func.count(Edit.id)))
    assert room.send(_grid(room, exam)).status_code == 303
    session.expire_all()
    assert [finding.as_case for finding in exam.findings] == before
    assert session.scalar(select(func.count(Edit.id))) == edits


@pytest.mark.parametrize("case", ["C01", "C03", "C06", "C08", "C10"])
def test_every_worked_case_can_be_recorded_and_reads_back_as_it_was(
    session: Session, room: Browser, exam: Exam, case: str
) -> None:
    data = json.loads((CASES / f"{case}.json").read_text())
    readings = [read_reading(row) for row in data["exam"]["segments"]]
    recording.record(session, exam, readings, by=scans.sonographer(session), at=clock.now())
    session.commit()
    assert [finding.reading for finding in exam.findings] == readings
    assert room.send(_grid(room, exam)).status_code == 303
    session.expire_all()
    assert [finding.reading for finding in exam.findings] == readings


def test_two_people_in_different_cells_merge(session: Session, room: Browser, exam: Exam) -> None:
    opened = _grid(room, exam)
    scans.typed(session, exam, **{"R.CFV.reflux_ms": "600"})
    assert room.send(opened, **{"L.CFV.reflux_ms": "300"}).status_code == 303
    assert _reading(session, "R.CFV")["reflux_ms"] == 600
    assert _reading(session, "L.CFV")["reflux_ms"] == 300


def test_two_people_in_one_cell_are_both_shown_and_neither_is_lost(
    session: Session, room: Browser, exam: Exam
) -> None:
    opened = _grid(room, exam)
    scans.typed(session, exam, **{"R.CFV.reflux_ms": "600"})
    page = Page(room.send(opened, **{"R.CFV.reflux_ms": "700", "R.SFJ.reflux_ms": "0"}))
    assert page.status == 409
    assert "600 ms" in page.main
    assert "700 ms" in page.main
    assert "Sona Test" in page.main
    assert _reading(session, "R.CFV")["reflux_ms"] == 600
    assert _reading(session, "R.SFJ")["reflux_ms"] == 0
    assert room.send(page.form(), **{"R.CFV.reflux_ms": "700"}).status_code == 303
    assert _reading(session, "R.CFV")["reflux_ms"] == 700


def test_the_other_value_can_be_kept(session: Session, room: Browser, exam: Exam) -> None:
    opened = _grid(room, exam)
    scans.typed(session, exam, **{"R.CFV.reflux_ms": "600"})
    page = Page(room.send(opened, **{"R.CFV.reflux_ms": "700"}))
    room.send(page.form(), **{"R.CFV.reflux_ms": "600"})
    assert _reading(session, "R.CFV")["reflux_ms"] == 600


def test_sites_are_added_as_they_are_found(session: Session, room: Browser, exam: Exam) -> None:
    for leg, site in (("R", "TRIB"), ("R", "TRIB"), ("L", "AASV"), ("L", "AASV")):
        room.send(_grid(room, exam), then="add", add_leg=leg, add_site=site)
    form = _grid(room, exam)
    cells = {
        "R.TRIB2.location": "medial calf",
        "L.AASV-2.reflux_ms": "900",
        "L.AASV-2.cm_from_sfj": "11",
    }
    assert set(cells) <= set(form.values)
    room.send(form, **cells)
    assert _reading(session, "R.TRIB2")["location"] == "medial calf"
    assert _reading(session, "L.AASV-2")["cm_from_sfj"] == 11


def test_a_site_the_leg_has_already_is_not_added_twice(
    session: Session, room: Browser, exam: Exam
) -> None:
    room.send(_grid(room, exam), then="add", add_leg="R", add_site="DFV")
    response = room.send(_grid(room, exam), then="add", add_leg="R", add_site="DFV")
    assert response.status_code == 409
    assert "is in the grid already" in response.text


@pytest.mark.parametrize("site", ["SFJ", "TRIB1", "NOWHERE", ""])
def test_only_listed_sites_are_added(room: Browser, exam: Exam, site: str) -> None:
    response = room.send(_grid(room, exam), then="add", add_leg="R", add_site=site)
    assert response.status_code == 409


def test_a_row_that_is_taken_out_keeps_its_history(
    session: Session, room: Browser, exam: Exam
) -> None:
    room.send(_grid(room, exam), then="add", add_leg="R", add_site="TRIB")
    room.send(_grid(room, exam), **{"R.TRIB1.reflux_ms": "1200"})
    room.send(_grid(room, exam), then="remove:R.TRIB1")
    assert _reading(session, "R.TRIB1") == {}
    last = select(Edit).where(Edit.cell == "R.TRIB1.reflux_ms").order_by(Edit.id.desc())
    edit = session.scalars(last).first()
    assert edit is not None
    assert (edit.before, edit.after) == ("1200", "")


def test_a_required_row_is_not_taken_out(session: Session, room: Browser, exam: Exam) -> None:
    room.send(_grid(room, exam), **{"R.SFJ.reflux_ms": "0"})
    assert room.send(_grid(room, exam), then="remove:R.SFJ").status_code == 409
    assert _reading(session, "R.SFJ")["reflux_ms"] == 0


def test_a_block_fill_says_what_is_stated_and_fills_only_what_is_empty(
    session: Session, room: Browser, exam: Exam
) -> None:
    typed = {
        "R.SFJ.reflux_ms": "1800",
        "R.PTV.thrombus": "acute",
        "R.SSV_PC.reflux_ms": "x",
        "R.GSV_K.reflux_ms": "2.4",
    }
    room.send(_grid(room, exam), **typed)
    page = room.page(f"/exams/{exam.id}/fill/R")
    for stated in ("no reflux was seen", "fully compressible", "holds no thrombus"):
        assert stated in page.main
    assert "15 required sites" in page.main
    assert "Posterior tibial: a thrombus" in page.main
    room.send(page.form("fill"))
    assert _reading(session, "R.SFJ") == {
        **_reading(session, "R.SFJ"),
        "reflux_ms": 1800,
        "compressibility": "full",
        "thrombus": "none",
    }
    assert _reading(session, "R.PTV")["compressibility"] is None
    assert _reading(session, "R.SSV_PC")["compressibility"] is None
    assert _reading(session, "R.GSV_K") == {}
    assert _reading(session, "L.SFJ") == {}
    row = session.scalars(select(AuditRow).where(AuditRow.action == "findings.block_fill")).one()
    assert row.actor == "Sona Test"


def test_a_block_fill_of_what_was_not_read_is_refused(
    session: Session, room: Browser, exam: Exam
) -> None:
    form = room.page(f"/exams/{exam.id}/fill/L").form("fill")
    scans.typed(session, exam, **{"L.CFV.reflux_ms": "2000"})
    assert room.send(form).status_code == 409
    assert _reading(session, "L.SFJ") == {}


def test_nothing_can_be_filled_where_nothing_is_empty(session: Session, exam: Exam) -> None:
    by = scans.sonographer(session)
    sites.block_fill(session, exam, Leg.LEFT, seen=0, by=by, at=clock.now())
    assert sites.plan_fill(exam, Leg.LEFT).cells == {}


def _complete(session: Session, exam: Exam) -> None:
    scans.typed(session, exam, **{"exam.position": "standing", "exam.manoeuvres": "valsalva"})
    for leg in Leg:
        cells = sites.plan_fill(exam, leg).cells
        scans.typed(session, exam, **cells)


def test_a_complete_scan_is_handed_over(session: Session, room: Browser, exam: Exam) -> None:
    _complete(session, exam)
    page = room.page(f"/exams/{exam.id}/finish")
    assert "Everything the protocol requires is recorded." in page.main
    assert room.send(page.form()).status_code == 303
    session.refresh(exam)
    assert exam.status is ExamStatus.PRELIMINARY


def test_an_incomplete_scan_needs_a_reason_and_links_to_what_is_missing(
    session: Session, room: Browser, exam: Exam
) -> None:
    _complete(session, exam)
    scans.typed(session, exam, **{"L.SFJ.reflux_ms": ""})
    page = room.page(f"/exams/{exam.id}/finish")
    assert f"/exams/{exam.id}/scan#L.SFJ.reflux_ms" in page.links.values()
    refused = Page(room.send(page.form()))
    assert refused.status == 409
    assert any("1 required value is missing" in error for error in refused.errors)
    assert room.send(page.form(), reason="The patient could not stand.").status_code == 303
    session.refresh(exam)
    assert exam.incomplete_reason == "The patient could not stand."


def test_every_missing_value_leads_to_a_cell_of_the_grid(
    session: Session, room: Browser, exam: Exam
) -> None:
    scans.typed(session, exam, **{"R.SFJ.reflux_ms": "1800", "L.PTV.reflux_ms": "x"})
    room.send(_grid(room, exam), then="add", add_leg="R", add_site="PERF_PT")
    page = room.page(f"/exams/{exam.id}/scan")
    ids = {element.get("id") for element in page.root}
    wanted = {link[1:] for link in page.links.values() if link.startswith(("#R.", "#L.", "#exam."))}
    assert len(wanted) > 30
    assert wanted <= ids


def test_a_critical_finding_is_flagged_at_once_and_stays(
    session: Session, room: Browser, exam: Exam
) -> None:
    room.send(_grid(room, exam), **{"L.POPV.thrombus": "acute", "L.POPV.compressibility": "none"})
    session.refresh(exam.episode)
    assert exam.episode.critical
    assert "Tell the physician now" in room.page(f"/exams/{exam.id}/scan").main
    room.send(_grid(room, exam), **{"L.POPV.thrombus": "none", "L.POPV.compressibility": "full"})
    session.refresh(exam.episode)
    assert exam.episode.critical
    noted = select(StepTaken).where(StepTaken.step == "critical")
    assert len(session.scalars(noted).all()) == 1


def test_a_normal_leg_is_not_critical(session: Session, exam: Exam) -> None:
    _complete(session, exam)
    assert not exam.episode.critical


@pytest.mark.parametrize(
    "status", [s for s in ExamStatus if s is not ExamStatus.SCANNING], ids=lambda s: s.value
)
def test_findings_are_written_only_while_the_scan_runs(
    session: Session, room: Browser, exam: Exam, status: ExamStatus
) -> None:
    form = _grid(room, exam)
    exam.status = status
    response = room.send(form, **{"R.SFJ.reflux_ms": "100"})
    assert response.status_code == 409
    assert session.scalars(select(Finding)).all() == []
    page = room.page(f"/exams/{exam.id}/scan")
    assert "Save" not in page.buttons


def test_a_physician_reads_the_grid_and_cannot_write_it(
    session: Session, exam: Exam, room: Browser, signed_in: SignIn
) -> None:
    scans.typed(session, exam, **{"R.SFJ.reflux_ms": "1800"})
    physician = signed_in(Role.PHYSICIAN)
    page = physician.page(f"/exams/{exam.id}/scan")
    assert "1800" in page.main
    assert "Save" not in page.buttons
    form = _grid(room, exam)
    token = page.form("grid").values["csrf_token"]
    assert physician.send(form, csrf_token=token).status_code == 403


def test_cells_that_are_not_of_the_grid_are_not_stored(
    session: Session, room: Browser, exam: Exam
) -> None:
    forged = {"R.SFJ.leg": "L", "status": "final", "exam.status": "final", "R.SFJ.extra": "1"}
    room.send(_grid(room, exam), **forged)
    session.refresh(exam)
    assert exam.status is ExamStatus.SCANNING
    assert session.scalars(select(Finding)).all() == []


@pytest.mark.parametrize(
    "text", ["<script>window.__xss=1</script>", "{{7*7}}", "O'Neill <b>", "a & b", "=1+1", "été"]
)
def test_free_text_comes_back_as_it_was_typed(
    session: Session, room: Browser, exam: Exam, text: str
) -> None:
    room.send(_grid(room, exam), **{"R.SFJ.comment": text, "exam.limitations": text})
    assert _reading(session, "R.SFJ")["comment"] == text
    values = _grid(room, exam).values
    assert values["R.SFJ.comment"] == values["exam.limitations"] == text


def test_a_one_leg_scan_asks_for_that_leg_and_both_groin_veins(
    session: Session, room: Browser
) -> None:
    exam = scans.scanning(session, legs="R")
    missing = set(room.page(f"/exams/{exam.id}/scan").links.values())
    assert "#R.SFJ.reflux_ms" in missing
    assert "#L.SFJ.reflux_ms" not in missing
    assert "#L.CFV.compressibility" in missing


def test_a_grid_needs_a_bounded_number_of_queries(
    app: Any, session: Session, room: Browser, exam: Exam
) -> None:
    def queries() -> int:
        seen: list[str] = []
        with app.app_context():
            engine = db.engine

        def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        room.get(f"/exams/{exam.id}/scan")
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    few = queries()
    _complete(session, exam)
    assert len(exam.findings) == 2 * len(REQUIRED)
    assert queries() <= few + 2


def test_an_exam_is_recorded_once(session: Session, exam: Exam) -> None:
    by = factories.staff(session, Role.SONOGRAPHER)
    readings = [read_reading({"leg": "R", "segment": "SFJ", "reflux_ms": 0})]
    recording.record(session, exam, readings, by=by, at=clock.now())
    with pytest.raises(Refused, match="already holds findings"):
        recording.record(session, exam, readings, by=by, at=clock.now())
