"""Tell the history of a site's cells: who, when, before and after, and what was not taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.domain.anatomy import segment_name
from workflow.models.act import Act, ActKind
from workflow.models.exam import Exam
from workflow.models.history import Edit
from workflow.ultrasound import cell
from workflow.ultrasound.acts import SUBJECT
from workflow.ultrasound.conflict import said
from workflow.ultrasound.field import Field


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a cell's history, in words; `taken` is False where another's value was kept."""

    at: datetime
    who: str
    cell: str
    label: str
    before: str
    after: str
    taken: bool = True


def history(session: Session, exam: Exam, site: str, name: str = "") -> tuple[Change, ...]:
    """Return what was done to a site's cells, or to the one named, the newest first."""
    changes = [*_edits(session, exam, site), *_refused(session, exam, site)]
    wanted = [change for change in changes if not name or change.cell == name]
    return tuple(sorted(wanted, key=lambda change: change.at, reverse=True))


def _edits(session: Session, exam: Exam, site: str) -> Iterator[Change]:
    rows = session.scalars(
        select(Edit)
        .options(joinedload(Edit.by))
        .where(Edit.subject == SUBJECT, Edit.subject_id == exam.id)
        .where(Edit.cell.startswith(f"{site}.", autoescape=True))
        .order_by(Edit.id)
    )
    for row in rows:
        field = _field(row.cell)
        label = field.label if field else "Row"
        before, after = said(field, row.before), said(field, row.after)
        yield Change(row.at, row.by.name, row.cell, label, before, after)


def _refused(session: Session, exam: Exam, site: str) -> Iterator[Change]:
    rows = session.scalars(
        select(Act)
        .options(joinedload(Act.by))
        .where(Act.exam_id == exam.id, Act.kind == ActKind.CONFLICT)
    )
    for row in rows:
        name = row.detail["cell"]
        if name.rpartition(".")[0] == site:
            field = _field(name)
            label = field.label if field else name
            mine, theirs = said(field, row.detail["mine"]), said(field, row.detail["theirs"])
            yield Change(row.at, row.by.name, name, label, theirs, mine, taken=False)


def heading(name: cell.Name | None, only: str) -> str:
    """Return what a history is of: 'Right leg, great saphenous, mid thigh: reflux'."""
    field = cell.field_of(only)
    label = f": {field.label.lower()}" if field else ""
    if name is None:
        return f"The exam{label}"
    site = segment_name(name.segment)
    again = f", site {name.repeat}" if name.repeat > 1 else ""
    return f"{name.leg.word.capitalize()} leg, {site[0].lower()}{site[1:]}{again}{label}"


def _field(name: str) -> Field | None:
    site = cell.parse(name)
    return cell.field_of(site.key) if site else cell.exam_field(name)
