"""Keep what a person did in a grid as acts, and say which of them can be taken back next.

Nothing here commits; the caller does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.domain.edits import Conflict
from workflow.models.act import Act, ActKind
from workflow.models.exam import Exam
from workflow.models.history import Edit
from workflow.models.staff import Staff

SUBJECT = "findings"


@dataclass(frozen=True, slots=True)
class Deed:
    """What an act is: done for the first time, or taking back or repeating another.

    `key` is what a browser knows it by, where it may be sent more than once.
    """

    kind: ActKind = ActKind.DO
    of: Act | None = None
    key: str = ""


DONE = Deed()


def note(session: Session, exam: Exam, *, since: int, deed: Deed, by: Staff, at: datetime) -> None:
    """Keep the edits made after edit `since` as one act; the caller holds the exam's lock."""
    made = _edits(session, exam, since + 1, None)
    if made:
        session.add(
            Act(
                exam_id=exam.id,
                kind=deed.kind,
                of_id=deed.of.id if deed.of else None,
                first_edit=made[0].id,
                last_edit=made[-1].id,
                detail={"key": deed.key} if deed.key else {},
                by_id=by.id,
                at=at,
            )
        )


def note_conflicts(
    session: Session, exam: Exam, conflicts: Iterable[Conflict], *, by: Staff, at: datetime
) -> None:
    """Keep each value that was not taken, so that both values of a conflict are in the history."""
    kept = session.scalars(
        select(Act).where(Act.exam_id == exam.id, Act.kind == ActKind.CONFLICT, Act.by_id == by.id)
    )
    known = [act.detail for act in kept]
    for conflict in conflicts:
        detail = {"cell": conflict.cell, "mine": conflict.mine, "theirs": conflict.theirs}
        if detail not in known:
            session.add(
                Act(exam_id=exam.id, kind=ActKind.CONFLICT, detail=detail, by_id=by.id, at=at)
            )


def next_to(session: Session, exam: Exam, kind: ActKind, by: Staff) -> Act | None:
    """Return the act of this person that an undo, or a redo, takes next, or None."""
    done: list[Act] = []
    undone: list[Act] = []
    for act in _acts(session, exam, by):
        if act.kind is ActKind.DO:
            done.append(act)
            undone.clear()
        elif act.kind is ActKind.UNDO and done:
            undone.append(done.pop())
        elif act.kind is ActKind.REDO and undone:
            done.append(undone.pop())
    waiting = done if kind is ActKind.UNDO else undone
    return waiting[-1] if waiting else None


def known_by(session: Session, exam: Exam, key: str, by: Staff) -> Act | None:
    """Return the act of this person that was sent under this key before, or None."""
    return next((act for act in _acts(session, exam, by) if act.detail.get("key") == key), None)


def edits_of(session: Session, exam: Exam, act: Act) -> list[Edit]:
    """Return the edits an act made, in their order."""
    return _edits(session, exam, act.first_edit, act.last_edit)


def _acts(session: Session, exam: Exam, by: Staff) -> Iterable[Act]:
    return session.scalars(
        select(Act)
        .where(Act.exam_id == exam.id, Act.by_id == by.id, Act.kind != ActKind.CONFLICT)
        .order_by(Act.id)
    )


def _edits(session: Session, exam: Exam, first: int, last: int | None) -> list[Edit]:
    wanted = select(Edit).where(
        Edit.subject == SUBJECT, Edit.subject_id == exam.id, Edit.id >= first
    )
    if last is not None:
        wanted = wanted.where(Edit.id <= last)
    return list(session.scalars(wanted.order_by(Edit.id)))
