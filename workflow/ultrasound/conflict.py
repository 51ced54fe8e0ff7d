"""Show a cell that two people changed: both values, and whose the stored one is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from workflow.domain.anatomy import segment_name
from workflow.domain.edits import Conflict
from workflow.models.exam import Exam
from workflow.models.history import Edit
from workflow.ultrasound import cell
from workflow.ultrasound.field import Field
from workflow.ultrasound.recording import SUBJECT


@dataclass(frozen=True, slots=True)
class Choice:
    """One cell to choose for: what I typed, what is stored, and who stored it when."""

    name: str
    label: str
    mine: str
    mine_said: str
    theirs: str
    theirs_said: str
    who: str
    at: datetime | None


def choices(session: Session, exam: Exam, conflicts: Iterable[Conflict]) -> tuple[Choice, ...]:
    """Return the choices to offer, in the order of the grid."""
    wanted = {conflict.cell: conflict for conflict in conflicts}
    newest = (
        select(func.max(Edit.id))
        .where(Edit.subject == SUBJECT, Edit.subject_id == exam.id, Edit.cell.in_(wanted))
        .group_by(Edit.cell)
    )
    edits = session.scalars(
        select(Edit).options(joinedload(Edit.by)).where(Edit.id.in_(newest))
    ).all()
    last = {edit.cell: edit for edit in edits}
    return tuple(_choice(conflict, last.get(name)) for name, conflict in wanted.items())


def _choice(conflict: Conflict, edit: Edit | None) -> Choice:
    site = cell.parse(conflict.cell)
    field = cell.field_of(site.key) if site else cell.exam_field(conflict.cell)
    label = field.label if field else conflict.cell
    if site:
        label = f"{site.leg.word.capitalize()} leg, {segment_name(site.segment)}: {label.lower()}"
    return Choice(
        conflict.cell,
        label,
        conflict.mine,
        said(field, conflict.mine),
        conflict.theirs,
        said(field, conflict.theirs),
        edit.by.name if edit else "",
        edit.at if edit else None,
    )


def said(field: Field | None, text: str) -> str:
    """Return a cell's text in words, with its unit."""
    if not text:
        return "empty"
    if text == cell.NOT_SEEN:
        return "not seen"
    if field is None:
        return text
    named = dict(field.choices)
    words = ", ".join(named.get(word, word) for word in text.split(",")) if named else text
    return f"{words} {field.unit}".strip()
