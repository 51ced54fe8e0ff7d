"""Answer the scan room while it is open: save a cell, tell what changed, undo, add a site."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from workflow import clock, progress, sessions
from workflow.access import permits, polling, reads, takes_json
from workflow.domain.edits import Conflict
from workflow.domain.exam import RECORDABLE
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.models.act import ActKind
from workflow.models.exam import Exam
from workflow.models.history import Edit
from workflow.models.staff import Staff
from workflow.ultrasound import cell, conflict, past, quick, recording, room, sites, undoing
from workflow.ultrasound.acts import SUBJECT
from workflow.ultrasound.blueprint import bp, found, page
from workflow.ultrasound.meaning import meaning
from workflow.ultrasound.sent import Cell, sent, sent_line
from workflow.ultrasound.sheet import sheet


@bp.post("/exams/<id:exam_id>/cells")
@permits(Permission.RECORD_EXAMS)
@takes_json
def save_cells(exam_id: int) -> ResponseReturnValue:
    """Save cells as (site, field, value, base_version); 409 where another changed one since."""
    exam, batch = _exam(exam_id), sent(request.get_json())
    by, at = sessions.signed_in(), clock.now()
    outcome = recording.Outcome()
    for seen, cells in _by_version(batch.cells).items():
        typed = {each.name: each.value for each in cells}
        part = recording.save_grid(
            session(), exam, typed, seen=seen, by=by, at=at, held=typed, whole=batch.whole
        )
        outcome = outcome.joined(part)
    answer = _saved(exam, batch.cells, outcome, at)
    db.session.commit()
    return answer, 409 if outcome.conflicts else 422 if outcome.refused else 200


def _exam(exam_id: int) -> Exam:
    """Return the scan that is written into; what is written is logged, so no reading is."""
    exam = db.session.get(Exam, exam_id)
    if exam is None:
        abort(404)
    return exam


def _by_version(cells: tuple[Cell, ...]) -> dict[int, list[Cell]]:
    groups: dict[int, list[Cell]] = defaultdict(list)
    for each in cells:
        groups[each.base_version].append(each)
    return groups


def _saved(
    exam: Exam, cells: tuple[Cell, ...], outcome: recording.Outcome, at: datetime
) -> Response:
    held = recording.texts(exam)
    names = {*(each.name for each in cells), *outcome.saved}
    return jsonify(
        seen=progress.last_edit(session(), SUBJECT, exam.id),
        saved=room.wall(at),
        cells={name: held.get(name, "") for name in names},
        refused=dict(outcome.refused),
        conflicts=[_choice(each) for each in _choices(exam, outcome.conflicts)],
    )


def _choices(exam: Exam, conflicts: tuple[Conflict, ...]) -> tuple[conflict.Choice, ...]:
    return conflict.choices(session(), exam, conflicts) if conflicts else ()


def _choice(choice: conflict.Choice) -> dict[str, Any]:
    return {
        "name": choice.name,
        "label": choice.label,
        "mine": choice.mine,
        "mine_said": choice.mine_said,
        "theirs": choice.theirs,
        "theirs_said": choice.theirs_said,
        "who": choice.who,
        "at": room.wall(choice.at) if choice.at else "",
    }


@bp.get("/exams/<id:exam_id>/live")
@permits(Permission.READ_FINDINGS)
@polling
def live(exam_id: int) -> ResponseReturnValue:
    """Tell how the exam stands, or 204 where nothing changed since the browser last asked."""
    exam, seen = _exam(exam_id), _number("seen")
    last = progress.last_edit(session(), SUBJECT, exam.id)
    asked = request.args.get("status", "")
    if last == seen and asked == exam.status.value:
        return "", 204
    others = _others(exam, seen)
    if others or asked != exam.status.value:
        reads(exam.episode.patient_id, "exam", exam.id)
    return jsonify({**room.state(exam), "others": others})


def _number(name: str) -> int:
    text = request.args.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        abort(400, "The address does not say which version of the grid is shown.")
    return int(text)


def _others(exam: Exam, seen: int) -> dict[str, str]:
    """Return the cells that somebody else changed after edit `seen`, each with who did."""
    who = sessions.person()
    rows = (
        session()
        .query(Edit)
        .filter(Edit.subject == SUBJECT, Edit.subject_id == exam.id, Edit.id > seen)
    )
    return {row.cell: row.by.name for row in rows if who is None or row.by_id != who.id}


@bp.post("/exams/<id:exam_id>/<any(undo, redo):way>")
@permits(Permission.RECORD_EXAMS)
def take_back(exam_id: int, way: str) -> ResponseReturnValue:
    """Undo, or redo, what this person did last in the grid."""

    def act(exam: Exam, by: Staff, at: datetime) -> dict[str, Any]:
        taken = undoing.take_back(session(), exam, ActKind(way), by=by, at=at)
        return {"cells": taken.cells, "rows": taken.rows, "left": taken.left}

    return _done(exam_id, act)


@bp.post("/exams/<id:exam_id>/sites")
@permits(Permission.RECORD_EXAMS)
@takes_json
def add_line(exam_id: int) -> ResponseReturnValue:
    """Add a site that was found from one typed line, once however often the line is sent."""
    line = sent_line(request.get_json())

    def act(exam: Exam, by: Staff, at: datetime) -> dict[str, Any]:
        what = quick.described(line.text, line.leg)
        key = sites.add_once(session(), exam, what, line.key, by=by, at=at)
        return {"row": key}

    return _done(exam_id, act)


def _done(exam_id: int, act: Callable[[Exam, Staff, datetime], dict[str, Any]]) -> Response:
    exam, at = _exam(exam_id), clock.now()
    told = act(exam, sessions.signed_in(), at)
    seen = progress.last_edit(session(), SUBJECT, exam.id)
    db.session.commit()
    return jsonify(seen=seen, saved=room.wall(at), **told)


@bp.get("/exams/<id:exam_id>/rows/<key>")
@permits(Permission.READ_FINDINGS)
@polling
def row(exam_id: int, key: str) -> ResponseReturnValue:
    """Show one row of the grid, as it is put into a grid that is open."""
    exam = found(exam_id)
    means = meaning(session(), exam)
    grid = sheet(exam, means.interpretation.segments, {name for name, _ in means.missing})
    wanted = grid.row(key)
    if wanted is None:
        abort(404)
    return render_template("ultrasound/row.html", row=wanted, writes=exam.status in RECORDABLE)


@bp.get("/exams/<id:exam_id>/history/<site>")
@permits(Permission.READ_FINDINGS)
def site_history(exam_id: int, site: str) -> ResponseReturnValue:
    """Show who changed a site's cells, when, from what and to what; or one cell's alone."""
    exam = found(exam_id)
    name = cell.parse(f"{site}.comment")
    if name is None and site != "exam":
        abort(404)
    only = request.args.get("field", "")
    changes = past.history(session(), exam, site, f"{site}.{only}" if only else "")
    heading = past.heading(name, only)
    return page("history", exam.episode, exam=exam, changes=changes, heading=heading)
