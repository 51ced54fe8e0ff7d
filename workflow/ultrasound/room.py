"""Tell a browser that shows the scan room how the exam stands now: cells, rows, map, meaning."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import current_app
from flask_wtf.csrf import generate_csrf

from workflow import progress, sessions
from workflow.extensions import session
from workflow.models.exam import Exam
from workflow.ultrasound import recording
from workflow.ultrasound.acts import SUBJECT
from workflow.ultrasound.meaning import SEVERITY_KIND, Meaning, meaning
from workflow.ultrasound.sheet import Box, Half, Sheet, sheet

CRITICAL = "The patient stays until a physician has decided."


def state(exam: Exam) -> dict[str, Any]:
    """Return all that the room shows of an exam, as the page applies it."""
    means = meaning(session(), exam)
    grid = sheet(exam, means.interpretation.segments, {name for name, _ in means.missing})
    return {
        "seen": progress.last_edit(session(), SUBJECT, exam.id),
        "saved": saved_at(exam),
        "token": generate_csrf(),
        "status": exam.status.value,
        "boxes": {box.name: _box(box) for box in _boxes(grid) if _speaks(box)},
        "drawers": {half.key: half.told for half in _halves(grid) if half.told},
        "rows": _rows(grid),
        "missing": len(means.missing),
        "who": sessions.signed_in().username,
        "alarm": bool(means.critical),
        "critical": _fragment("critical", exam, means),
        "means": _fragment("means", exam, means),
        "map": _fragment("map", exam, means),
    }


def _fragment(name: str, exam: Exam, means: Meaning) -> str:
    """Render one part of the room without the frame of a page, which would ask for its bar."""
    template = current_app.jinja_env.get_template(f"ultrasound/{name}.html")
    return template.render(means=means, exam=exam, kinds=SEVERITY_KIND, critical_sentence=CRITICAL)


def saved_at(exam: Exam) -> str:
    """Return the wall time of the last change, or an empty text."""
    last = recording.last_saved(session(), exam)
    return wall(last) if last else ""


def wall(moment: datetime) -> str:
    """Return the time on the clinic's wall: '10:42'."""
    return str(current_app.jinja_env.filters["clock"](moment))


def _box(box: Box) -> list[Any]:
    return [box.text, box.look, box.word, box.error]


def _speaks(box: Box) -> bool:
    return bool(box.text or box.look)


def _halves(grid: Sheet) -> Iterator[Half]:
    for _, rows in grid.groups:
        for row in rows:
            yield from row.halves


def _boxes(grid: Sheet) -> Iterator[Box]:
    yield from grid.exam.values()
    for half in _halves(grid):
        yield from (box for box in half.boxes if box is not None)
        yield from half.drawer


def _rows(grid: Sheet) -> list[dict[str, str]]:
    """Return the rows that were added, each with the row it follows."""
    found = []
    for group, rows in grid.groups:
        before = ""
        for row in rows:
            if not row.required:
                found.append({"key": row.key, "group": group, "after": before})
            before = row.key
    return found
