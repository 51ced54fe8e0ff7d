"""What the open scan room asks of the server: cells saved one by one, undone, merged, told."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories, scans
from tests.browser import Browser
from tests.pages import Page
from workflow import clock, progress
from workflow.domain.anatomy import Leg
from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.exam import Exam, Finding
from workflow.models.history import Edit
from workflow.models.staff import SignIn
from workflow.ultrasound import quick, recording
from workflow.ultrasound.acts import SUBJECT

SignInAs = Callable[[Role], Browser]


class Room:
    """A browser that has the scan room open, and asks as its scripts do."""

    def __init__(self, browser: Browser, exam: Exam) -> None:
        self.browser, self.at = browser, f"/exams/{exam.id}"
        self.form = browser.page(f"{self.at}/scan").form("grid")
        self.seen = int(self.form.values["seen"])

    def _headers(self) -> dict[str, str]:
        return {
            "X-CSRFToken": str(self.form.values["csrf_token"]),
            "X-Requested-With": "fetch",
        }

    def save(
        self, cells: Mapping[str, str], *, whole: bool = False, seen: int | None = None
    ) -> Any:
        """Save cells: `save({"R.SFJ.reflux_ms": "1800"})`."""
        version = self.seen if seen is None else seen
        return self.send(
            {
                "whole": whole,
                "cells": [
                    {
                        "site": name.rpartition(".")[0],
                        "field": name.rpartition(".")[2],
                        "value": text,
                        "base_version": version,
                    }
                    for name, text in cells.items()
                ],
            }
        )

    def send(self, body: Any) -> Any:
        """Send any body to where cells are saved."""
        text = body if isinstance(body, str) else json.dumps(body)
        return self.post("cells", data=text, content_type="application/json")

    def add(self, line: str, leg: str = "R", key: str = "a-line-of-its-own") -> Any:
        """Send a line for a site."""
        body = json.dumps({"line": line, "leg": leg, "key": key})
        return self.post("sites", data=body, content_type="application/json")

    def post(self, what: str, **sent: Any) -> Any:
        """Post to one of the room's addresses."""
        return self.browser.post(f"{self.at}/{what}", headers=self._headers(), **sent)

    def live(self, seen: int = 0, status: str = "scanning") -> Any:
        """Ask what changed."""
        headers = {**self._headers(), "X-Poll": "1"}
        return self.browser.get(f"{self.at}/live?seen={seen}&status={status}", headers=headers)


@pytest.fixture
def exam(session: Session) -> Exam:
    return scans.scanning(session)


@pytest.fixture
def room(signed_in: SignInAs, exam: Exam) -> Room:
    return Room(signed_in(Role.SONOGRAPHER), exam)


def _stored(session: Session, key: str) -> dict[str, Any]:
    session.expire_all()
    return next((f.as_case for f in session.scalars(select(Finding)) if f.site_key == key), {})


def test_a_cell_is_saved_and_echoed_as_it_is_stored(session: Session, room: Room) -> None:
    answer = room.save(cells={"R.SFJ.reflux_ms": "2,4 s"})
    assert answer.status_code == 200
    assert answer.json["cells"] == {"R.SFJ.reflux_ms": "2400"}
    assert answer.json["seen"] > room.seen
    assert _stored(session, "R.SFJ")["reflux_ms"] == 2400


def test_a_save_that_is_sent_again_is_stored_once(session: Session, room: Room) -> None:
    for _ in range(2):
        assert room.save(cells={"R.SFJ.reflux_ms": "700"}).status_code == 200
    edits = select(func.count()).select_from(Edit).where(Edit.cell == "R.SFJ.reflux_ms")
    assert session.scalar(edits) == 1


def test_a_value_that_is_not_understood_is_told_and_kept(session: Session, room: Room) -> None:
    answer = room.save(cells={"R.SFJ.reflux_ms": "2.4", "R.SFJ.diameter_mm": "8.1"})
    assert answer.status_code == 422
    assert "seconds or milliseconds" in answer.json["refused"]["R.SFJ.reflux_ms"]
    assert _stored(session, "R.SFJ")["diameter_mm"] == 8.1
    assert room.browser.page(f"{room.at}/scan").form("grid").values["R.SFJ.reflux_ms"] == "2.4"


def test_the_same_cell_answers_409_with_both_values_and_both_are_in_the_history(
    session: Session, room: Room, exam: Exam
) -> None:
    scans.typed(session, exam, **{"R.SFJ.reflux_ms": "600"})
    sent = {"R.SFJ.reflux_ms": "700", "L.SFJ.reflux_ms": "300"}
    assert room.save(cells=sent).status_code == 409
    answer = room.save(cells=sent)
    assert answer.status_code == 409
    (choice,) = answer.json["conflicts"]
    assert (choice["mine"], choice["theirs"], choice["who"]) == ("700", "600", "Sona Test")
    assert _stored(session, "R.SFJ")["reflux_ms"] == 600
    assert _stored(session, "L.SFJ")["reflux_ms"] == 300
    told = Page(room.browser.get(f"{room.at}/history/R.SFJ?field=reflux_ms")).main
    assert told.count("700 ms was typed, and not taken") == 1
    assert "600 ms" in told
    kept = room.save(seen=answer.json["seen"], cells={"R.SFJ.reflux_ms": "700"})
    assert kept.status_code == 200
    assert _stored(session, "R.SFJ")["reflux_ms"] == 700


def test_a_block_is_taken_whole_or_not_at_all(session: Session, room: Room) -> None:
    refused = room.save(whole=True, cells={"R.SFJ.reflux_ms": "700", "R.GSV_PT.reflux_ms": "2.4"})
    assert refused.status_code == 422
    assert _stored(session, "R.SFJ") == {}
    assert session.scalars(select(Exam.typed)).one() == {}
    room.save(whole=True, cells={"R.SFJ.reflux_ms": "700", "R.GSV_PT.reflux_ms": "2.4s"})
    assert _stored(session, "R.GSV_PT")["reflux_ms"] == 2400


CELL = {"site": "R.SFJ", "field": "reflux_ms", "value": "700", "base_version": 0}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        '{"cells": []}',
        '{"cells": [1]}',
        '{"cells": NaN}',
        '{"cells": [], "cells": []}',
        "[" * 200,
        {"cells": [CELL], "more": 1},
        {"cells": [CELL, CELL]},
        {"cells": [CELL], "whole": "yes"},
        {"cells": [{**CELL, "extra": 1}]},
        {"cells": [{**CELL, "value": 700}]},
        {"cells": [{**CELL, "value": "7" * 3000}]},
        {"cells": [{**CELL, "value": "a\0b"}]},
        {"cells": [{**CELL, "base_version": "0"}]},
        {"cells": [{**CELL, "base_version": True}]},
        {"cells": [{**CELL, "base_version": -1}]},
        {"cells": [{**CELL, "site": "R.NOWHERE"}]},
        {"cells": [{**CELL, "field": "status"}]},
        {"cells": [{**CELL, "site": "exam", "field": "status"}]},
        {"cells": [{**CELL, "site": f"R.TRIB{n}"} for n in range(1, 500)]},
    ],
)
def test_what_the_room_does_not_send_is_refused_and_nothing_is_saved(
    session: Session, room: Room, body: Any
) -> None:
    answer = room.send(body)
    assert answer.status_code == 400
    assert answer.text.endswith(".")
    assert session.scalars(select(Finding)).all() == []


def test_cells_are_not_taken_as_a_form_or_without_the_token(room: Room) -> None:
    assert room.post("cells", data={"cells": "1"}).status_code == 415
    body = json.dumps({"cells": [CELL]})
    bare = {"X-Requested-With": "fetch"}
    answer = room.browser.post(
        f"{room.at}/cells", data=body, content_type="application/json", headers=bare
    )
    assert answer.status_code == 400


def test_only_who_records_saves_and_only_while_the_scan_runs(
    session: Session, room: Room, exam: Exam, signed_in: SignInAs
) -> None:
    physician = Room(signed_in(Role.PHYSICIAN), exam)
    assert physician.save(cells={"R.SFJ.reflux_ms": "700"}).status_code == 403
    assert physician.live(status="").status_code == 200
    assert Browser.get(signed_in(Role.FRONT_DESK), f"/exams/{exam.id}/live").status_code == 403
    exam.status = ExamStatus.PRELIMINARY
    answer = room.save(cells={"R.SFJ.reflux_ms": "700"})
    assert answer.status_code == 409
    assert "Nothing was saved" in answer.text


def test_nothing_new_is_told_in_a_word_and_is_no_reading(session: Session, room: Room) -> None:
    reads = select(func.count()).select_from(AuditRow).where(AuditRow.action == "read")
    before = session.scalar(reads)
    assert room.live(room.seen).status_code == 204
    seen = room.save(cells={"R.SFJ.reflux_ms": "700"}).json["seen"]
    assert room.live(room.seen).status_code == 200
    assert room.live(seen).status_code == 204
    assert session.scalar(reads) == before


def test_what_another_typed_is_told_with_their_name_and_is_a_reading(
    session: Session, room: Room, exam: Exam, signed_in: SignInAs
) -> None:
    watching = Room(signed_in(Role.PHYSICIAN), exam)
    reads = select(func.count()).select_from(AuditRow).where(AuditRow.action == "read")
    before = session.scalar(reads) or 0
    room.save(cells={"R.SFJ.reflux_ms": "1800"})
    state = watching.live(watching.seen).json
    assert state["others"] == {"R.SFJ.reflux_ms": "Sona Test"}
    assert state["boxes"]["R.SFJ.reflux_ms"][:3] == ["1800", "reflux", "reflux"]
    assert "junctional reflux to 1,800 ms" in state["means"]
    assert "1,800" in state["map"]
    assert session.scalar(reads) == before + 1


def test_a_poll_never_keeps_a_sign_in_alive(session: Session, room: Room) -> None:
    row = session.scalars(select(SignIn)).one()
    before = row.seen_at
    room.live()
    room.browser.get(f"{room.at}/rows/SFJ")
    session.expire_all()
    assert session.scalars(select(SignIn)).one().seen_at == before


def test_a_critical_finding_is_told(room: Room) -> None:
    room.save(cells={"L.POPV.thrombus": "acute"})
    assert room.live().json["critical"]


def test_undo_and_redo_follow_what_the_server_holds(session: Session, room: Room) -> None:
    room.save(cells={"R.SFJ.reflux_ms": "700"})
    seen = room.live().json["seen"]
    room.save(seen=seen, cells={"R.SFJ.reflux_ms": "800"})
    assert room.post("undo").json["cells"] == ["R.SFJ.reflux_ms"]
    assert _stored(session, "R.SFJ")["reflux_ms"] == 700
    room.post("undo")
    assert _stored(session, "R.SFJ") == {}
    nothing = room.post("undo")
    assert nothing.status_code == 409
    assert "nothing of yours to undo" in nothing.text
    for _ in range(2):
        room.post("redo")
    assert _stored(session, "R.SFJ")["reflux_ms"] == 800
    assert room.post("redo").status_code == 409


def test_what_is_typed_after_an_undo_ends_the_redo(session: Session, room: Room) -> None:
    room.save(cells={"R.SFJ.reflux_ms": "700"})
    room.post("undo")
    room.save(seen=room.live().json["seen"], cells={"R.SFJ.reflux_ms": "900"})
    assert room.post("redo").status_code == 409
    assert _stored(session, "R.SFJ")["reflux_ms"] == 900


def test_undo_leaves_what_another_person_changed_since(
    session: Session, room: Room, exam: Exam
) -> None:
    room.save(whole=True, cells={"R.SFJ.reflux_ms": "700", "R.SFJ.diameter_mm": "8.1"})
    other = factories.staff(session, Role.SONOGRAPHER, "another")
    recording.save_grid(
        session,
        exam,
        {"R.SFJ.reflux_ms": "900"},
        seen=progress.last_edit(session, SUBJECT, exam.id),
        by=other,
        at=clock.now(),
    )
    told = room.post("undo").json
    assert told["left"] == ["R.SFJ.reflux_ms"]
    assert _stored(session, "R.SFJ")["reflux_ms"] == 900
    assert _stored(session, "R.SFJ")["diameter_mm"] is None


def test_a_block_fill_is_undone_as_one_step(session: Session, room: Room) -> None:
    room.save(cells={"R.SFJ.reflux_ms": "700"})
    form = room.browser.page(f"{room.at}/fill/R").form("fill")
    room.browser.send(form)
    assert len(session.scalars(select(Finding)).all()) == 18
    assert len(room.post("undo").json["cells"]) == 53
    assert _stored(session, "R.SFJ") == {**_stored(session, "R.SFJ"), "reflux_ms": 700}
    assert len(session.scalars(select(Finding)).all()) == 1


def test_a_line_adds_a_row_once_however_often_it_is_sent(session: Session, room: Room) -> None:
    rows = [room.add("pt 13 floor 620 4.2").json["row"] for _ in range(2)]
    assert rows == ["R.PERF_PT1", "R.PERF_PT1"]
    assert _stored(session, "R.PERF_PT1")["distance_cm"] == 13
    assert room.add("pt 18 floor", key="another-line").json["row"] == "R.PERF_PT2"
    assert room.browser.get(f"{room.at}/rows/PERF_PT2").status_code == 200
    assert room.browser.get(f"{room.at}/rows/PERF_PT3").status_code == 404


def test_a_row_that_was_added_or_taken_out_is_undone_with_its_values(
    session: Session, room: Room, exam: Exam
) -> None:
    room.add("t medial calf 1200 5")
    assert room.post("undo").json["rows"] == ["R.TRIB1"]
    assert _stored(session, "R.TRIB1") == {}
    room.post("redo")
    assert _stored(session, "R.TRIB1")["location"] == "medial calf"
    form = room.browser.page(f"{room.at}/scan").form("grid")
    room.browser.send(form, then="remove:R.TRIB1")
    assert _stored(session, "R.TRIB1") == {}
    room.post("undo")
    assert _stored(session, "R.TRIB1")["reflux_ms"] == 1200


def test_a_row_that_another_filled_is_not_taken_out_by_an_undo(
    session: Session, room: Room, exam: Exam
) -> None:
    room.add("t medial calf")
    recording.save_grid(
        session,
        exam,
        {"R.TRIB1.reflux_ms": "900"},
        seen=progress.last_edit(session, SUBJECT, exam.id),
        by=factories.staff(session, Role.SONOGRAPHER, "another"),
        at=clock.now(),
    )
    answer = room.post("undo")
    assert answer.status_code == 409
    assert "holds values by now" in answer.text
    assert _stored(session, "R.TRIB1")["reflux_ms"] == 900


@pytest.mark.parametrize(
    ("line", "leg", "code", "cells"),
    [
        (
            "pt 13f 620 4.2",
            "R",
            "PERF_PT",
            {
                "distance_cm": "13",
                "reference": "floor",
                "reflux_ms": "620",
                "diameter_mm": "4.2",
            },
        ),
        ("l pt 13 cm floor", "L", "PERF_PT", {"distance_cm": "13", "reference": "floor"}),
        ("pt 620 4,2 9 malleolus", "R", "PERF_PT", {"reference": "medial_malleolus"}),
        ("boyd 0.6s 3", "R", "PERF_BOYD", {"reflux_ms": "600", "diameter_mm": "3.0"}),
        ("t medial calf 1200 5", "R", "TRIB", {"location": "medial calf", "reflux_ms": "1200"}),
        ("aasv 11cm n", "R", "AASV", {"cm_from_sfj": "11", "reflux_ms": "0"}),
        ("gsv_dc", "R", "GSV_DC", {}),
    ],
)
def test_a_line_says_its_site_and_what_was_measured(
    line: str, leg: str, code: str, cells: dict[str, str]
) -> None:
    what = quick.described(line, Leg.RIGHT)
    assert (what.leg.value, what.code) == (leg, code)
    assert cells.items() <= dict(what.cells).items()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "l",
        "nowhere 620",
        "sfj 620",
        "trib1",
        "pt 13 620 4.2",
        "pt 2.4",
        "aasv medial calf 900",
        "pt 900 floor",
        "pt 13f 620 60",
        "t medial\u202ecalf",
        "x" * 300,
    ],
)
def test_a_line_that_could_mean_two_things_is_refused(line: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        quick.described(line, Leg.RIGHT)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"line": "t", "leg": "both", "key": "a-key-of-its-own"},
        {"line": "t", "leg": "R", "key": "short"},
        {"line": 1, "leg": "R", "key": "a-key-of-its-own"},
        {"line": "t" * 301, "leg": "R", "key": "a-key-of-its-own"},
    ],
)
def test_a_line_is_sent_as_the_room_sends_it_or_refused(room: Room, body: Any) -> None:
    answer = room.post("sites", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 400


def test_the_history_of_a_site_is_a_page_of_its_own(room: Room) -> None:
    room.save(cells={"R.SFJ.reflux_ms": "700"})
    page = room.browser.page(f"{room.at}/history/R.SFJ")
    assert "Reflux: empty → 700 ms" in page.main
    assert "Sona Test" in page.main
    assert "Nothing was ever recorded here" in room.browser.page(f"{room.at}/history/L.SFJ").main
    assert room.browser.get(f"{room.at}/history/R.NOWHERE").status_code == 404
