"""Take back what a person did in a grid, or do it again. Nothing here commits; the caller does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.domain.errors import Refused
from workflow.models.act import ActKind
from workflow.models.exam import Exam
from workflow.models.history import Edit
from workflow.models.staff import Staff
from workflow.ultrasound import acts, cell, recording, sites
from workflow.ultrasound.acts import Deed

_NOTHING = {
    ActKind.UNDO: "There is nothing of yours to undo in this scan.",
    ActKind.REDO: "There is nothing to redo.",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What was put back: the cells, the rows, and the cells left as others changed them since."""

    cells: tuple[str, ...]
    rows: tuple[str, ...]
    left: tuple[str, ...]


def take_back(session: Session, exam: Exam, kind: ActKind, *, by: Staff, at: datetime) -> Taken:
    """Undo, or redo, this person's latest act as one step; raises Refused where there is none.

    A cell that somebody changed since is left as it is.
    """
    recording.lock(session, exam)
    act = acts.next_to(session, exam, kind, by)
    if act is None:
        raise Refused(_NOTHING[kind])
    steps = [_step(edit, kind) for edit in acts.edits_of(session, exam, act)]
    now = recording.texts(exam)
    rows = {step.row: step for step in steps if step.cell.endswith(".site")}
    values = {step.cell: step for step in steps if not step.cell.endswith(".site")}
    marks = _move_rows(exam, rows, now, values)
    here = {name: step for name, step in values.items() if now.get(name, "") == step.holds}
    gone = {key for key, step in rows.items() if not step.wanted}
    back = {name: step.wanted for name, step in here.items() if step.row not in gone}
    recording.restore(exam, back)
    recording.keep(session, exam, now, here, deed=Deed(kind, act), by=by, at=at, marks=marks)
    left = tuple(name for name in values if name not in here)
    return Taken(tuple(here), tuple(rows), left)


@dataclass(frozen=True, slots=True)
class _Step:
    """One cell of an act: what it must still hold, and what is to be put there."""

    cell: str
    holds: str
    wanted: str

    @property
    def row(self) -> str:
        return self.cell.rpartition(".")[0]


def _step(edit: Edit, kind: ActKind) -> _Step:
    undoes = kind is ActKind.UNDO
    return _Step(
        edit.cell, edit.after if undoes else edit.before, edit.before if undoes else edit.after
    )


def _move_rows(
    exam: Exam, rows: Mapping[str, _Step], now: Mapping[str, str], values: Collection[str]
) -> dict[str, tuple[str, str]]:
    """Take out the rows that were added, and put in those that were taken out."""
    for key, step in rows.items():
        name = cell.parse(f"{key}.comment")
        if not step.wanted:
            if set(sites.row_of(now, key)) - set(values):
                raise Refused("This row holds values by now. Clear them first, or take it out.")
            sites.take_out(exam, key)
        elif name:
            sites.put_in(exam, name.leg, name.segment, name.repeat)
    return {f"{key}.site": (step.holds, step.wanted) for key, step in rows.items()}
