"""Keep what a patient tells on the tablet, beside the intake, until staff confirm it.

Nothing here commits; the caller does. Nothing that a patient told is an answer of the intake, and
nothing staff entered is overwritten, before somebody has seen both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import audit, links
from workflow.domain.errors import Refused
from workflow.intake import actions
from workflow.intake.asked import Question
from workflow.intake.questions import QUESTIONS
from workflow.intake.saving import LONGEST_KEPT, Stored, take
from workflow.models.patient import Intake
from workflow.models.staff import Staff
from workflow.models.tablet import Outcome, Told, ToldAnswer

WAITING = (Told.ANSWERED, Told.UNCLEAR)


def told_of(session: Session, intake: Intake) -> dict[str, ToldAnswer]:
    """Return what the patient told, by question."""
    rows = session.scalars(
        select(ToldAnswer).where(ToldAnswer.intake_id == intake.id).order_by(ToldAnswer.id)
    )
    return {row.question: row for row in rows if row.question in QUESTIONS}


def waiting(told: Mapping[str, ToldAnswer]) -> dict[str, ToldAnswer]:
    """Return what staff have still to confirm."""
    return {name: row for name, row in told.items() if row.outcome is None and row.said in WAITING}


def beside(stored: Stored, told: Iterable[ToldAnswer]) -> Stored:
    """Return an intake as it would stand with what the patient told; nothing is stored."""
    cells = {row.question: row.cell for row in told if row.said is Told.ANSWERED}
    return take(stored, cells).stored if cells else stored


def tell(
    session: Session,
    intake: Intake,
    question: Question,
    said: Told,
    cell: str,
    *,
    tablet_id: int,
    at: datetime,
) -> ToldAnswer:
    """Keep what a patient said to one question; a changed answer waits to be confirmed anew."""
    if intake.finished_at is not None:
        raise Refused("This intake is finished.")
    cell = cell[:LONGEST_KEPT] if said is Told.UNCLEAR else cell
    row = told_of(session, intake).get(question.name)
    if row is not None and (row.said, row.cell) == (said, cell):
        return row
    before = [row.said.value, row.cell] if row is not None else ["", ""]
    if row is None:
        row = ToldAnswer(intake_id=intake.id, question=question.name)
        session.add(row)
    row.tablet_id, row.said, row.cell, row.at = tablet_id, said, cell, at
    row.outcome = row.settled_at = row.settled_by_id = None
    audit.record(
        session,
        "intake.told",
        "intake",
        intake.id,
        by=links.PATIENT,
        at=at,
        patient_id=intake.episode.patient_id,
        detail={question.name: [*before, said.value, cell]},
    )
    session.flush()
    return row


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a confirmation: the questions settled, and those that changed meanwhile."""

    done: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What staff chose for one told answer, and the revision of it that they saw."""

    outcome: Outcome
    seen: int


def settle(
    session: Session,
    intake: Intake,
    choices: Mapping[str, Choice],
    *,
    seen: int,
    by: Staff,
    at: datetime,
) -> Settled:
    """Put what staff confirm into the intake, as an edit of theirs, and set the rest aside.

    An answer that the patient, or a colleague, changed after it was shown is left for another
    look. Raises Refused once the intake is finished, and where text that is not understood is
    confirmed.
    """
    if intake.finished_at is not None:
        raise Refused("This intake is finished. Reopen it to change an answer.")
    pending = waiting(told_of(session, intake))
    rows = {name: row for name, row in pending.items() if name in choices}
    fresh = {name: row for name, row in rows.items() if row.revision == choices[name].seen}
    taken = {n: r for n, r in fresh.items() if choices[n].outcome is Outcome.CONFIRMED}
    if any(row.said is Told.UNCLEAR for row in taken.values()):
        raise Refused("Text that is not understood cannot be confirmed. Ask, and type the answer.")
    at_odds: set[str] = set()
    if taken:
        cells = {name: row.cell for name, row in taken.items()}
        saved = actions.save_intake(session, intake, cells, seen=seen, by=by, at=at)
        at_odds = {conflict.cell for conflict in saved.conflicts}
    done = [name for name in fresh if name not in at_odds]
    _close(session, intake, [fresh[name] for name in done], choices, by=by, at=at)
    return Settled(tuple(done), tuple(name for name in rows if name not in done))


def _close(
    session: Session,
    intake: Intake,
    rows: Sequence[ToldAnswer],
    choices: Mapping[str, Choice],
    *,
    by: Staff,
    at: datetime,
) -> None:
    if not rows:
        return
    for row in rows:
        row.outcome = choices[row.question].outcome
        row.settled_at, row.settled_by_id = at, by.id
    audit.record(
        session,
        "intake.told_settled",
        "intake",
        intake.id,
        by=by,
        at=at,
        patient_id=intake.episode.patient_id,
        detail={row.question: [row.outcome.value if row.outcome else "", row.cell] for row in rows},
    )
    session.flush()
