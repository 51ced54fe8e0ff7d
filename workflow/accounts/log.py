"""Find lines of the audit log: by whom, over whom, what and when, a bounded page at a time."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from workflow.domain.errors import Refused
from workflow.models.audit import AuditDetail, AuditRow
from workflow.models.patient import Patient

PAGE = 50
MOST_EXPORTED = 100_000
COLUMNS = tuple(column.name for column in AuditRow.__table__.columns)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the log. `actor_id` 0 means whoever was not signed in."""

    actor_id: int | None = None
    patient_id: int | None = None
    action: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what a line must fulfil; `until` itself is no longer in."""
        if self.actor_id is not None:
            row = AuditRow.actor_id
            yield row == self.actor_id if self.actor_id else row.is_(None)
        if self.patient_id is not None:
            yield AuditRow.patient_id == self.patient_id
        if self.action:
            yield AuditRow.action == self.action
        if self.outcome:
            yield AuditRow.outcome == self.outcome
        if self.since is not None:
            yield AuditRow.at >= self.since
        if self.until is not None:
            yield AuditRow.at < self.until


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of lines, the newest first, and whether there are newer and older ones."""

    rows: Sequence[AuditRow]
    newer: bool
    older: bool


def read(
    session: Session, asked: Asked, *, before: int | None = None, after: int | None = None
) -> Slice:
    """Return the newest page, the one before a line's number, or the one after it."""
    lines = _lines(asked)
    if after is not None:
        found = list(session.scalars(lines.where(AuditRow.seq > after).order_by(AuditRow.seq)))
        return Slice(found[:PAGE][::-1], newer=len(found) > PAGE, older=True)
    if before is not None:
        lines = lines.where(AuditRow.seq < before)
    found = list(session.scalars(lines.order_by(AuditRow.seq.desc())))
    return Slice(found[:PAGE], newer=before is not None, older=len(found) > PAGE)


def _lines(asked: Asked) -> Select[tuple[AuditRow]]:
    return select(AuditRow).where(*asked.conditions()).limit(PAGE + 1)


def details(session: Session, rows: Sequence[AuditRow]) -> dict[str, Any]:
    """Return what changed, by digest, for these lines."""
    wanted = [row.detail_digest for row in rows if row.detail_digest]
    found = session.execute(
        select(AuditDetail.digest, AuditDetail.body).where(AuditDetail.digest.in_(wanted))
    )
    return {digest: json.loads(body)["detail"] for digest, body in found}


def record_numbers(session: Session, rows: Sequence[AuditRow]) -> dict[int, str]:
    """Return the record number of each patient these lines are over."""
    wanted = {row.patient_id for row in rows if row.patient_id is not None}
    found = session.execute(select(Patient.id, Patient.record_number).where(Patient.id.in_(wanted)))
    return dict(found.tuples().all())


def patient_id_of(session: Session, record_number: str) -> int:
    """Return the patient with this record number; raises Refused."""
    statement = select(Patient.id).where(
        func.lower(Patient.record_number) == record_number.strip().lower()
    )
    found = session.scalars(statement).first()
    if found is None:
        raise Refused("No patient has this record number.")
    return found


def actions(session: Session) -> list[str]:
    """Return each action the log holds, in order, by one look into the index for each."""
    listed = select(func.min(AuditRow.action).label("action")).cte("listed", recursive=True)
    following = (
        select(func.min(AuditRow.action)).where(AuditRow.action > listed.c.action).scalar_subquery()
    )
    listed = listed.union_all(select(following).where(listed.c.action.is_not(None)))
    return list(session.scalars(select(listed.c.action).where(listed.c.action.is_not(None))))


def size(session: Session, asked: Asked) -> int:
    """Return how many lines are asked for; raises Refused beyond what is exported at once."""
    bounded = select(AuditRow.seq).where(*asked.conditions()).limit(MOST_EXPORTED + 1)
    found = session.scalar(select(func.count()).select_from(bounded.subquery())) or 0
    if found > MOST_EXPORTED:
        raise Refused(f"These are more than {MOST_EXPORTED:,} lines. Ask for a shorter time.")
    return found


def exported(session: Session, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Yield the lines asked for, every column of the chain, the oldest first."""
    table = AuditRow.__table__
    statement = select(table).where(*asked.conditions()).order_by(table.c.seq)
    for row in session.execute(statement.execution_options(yield_per=1000)):
        yield tuple(
            value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
            for value in row
        )


def last_verification(session: Session) -> AuditRow | None:
    """Return the line that says when the log was last read whole, and what was found."""
    return session.scalars(
        select(AuditRow).where(AuditRow.action == "verify").order_by(AuditRow.seq.desc()).limit(1)
    ).first()
