"""Keep the log of who did and read what, chained so that no line can change unseen.

A row is written in the transaction it speaks of: without the row there is no change. Each row's
hash covers the hash before it, and a MAC under a key kept outside the database keeps whoever can
write the tables from computing the chain anew.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, select, text
from sqlalchemy.orm import Session, SessionTransaction

from workflow import database
from workflow.models.audit import AuditDetail, AuditRow
from workflow.models.base import Base, canonical
from workflow.models.staff import Staff

START = "0" * 64
_LOCK = 4_207_315  # any number, the same for all who write the log
_KEY = "audit_key"
_PENDING = "audit_pending"
_MARKS = "audit_marks"
_CHAINED = tuple(
    column.name for column in AuditRow.__table__.columns if column.name not in ("hash", "mac")
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: the sign-in it belongs to and its network address."""

    sign_in_id: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, where the row of the staff table is not at hand."""

    id: int | None
    name: str
    role: str


_NOWHERE = Origin()
origin: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


@dataclass(frozen=True, slots=True)
class _Entry:
    values: dict[str, Any]
    entity: Base | None
    patient: Base | None
    detail: Mapping[str, object] | None


def arm(engine: Engine, key: bytes) -> None:
    """Give an engine the key its log is signed with; without it nothing can be recorded."""
    engine.update_execution_options(**{_KEY: key})


def record(
    session: Session,
    action: str,
    entity_type: str,
    entity_id: int | str | Base | None,
    *,
    by: Staff | Actor | None,
    at: datetime,
    patient_id: int | Base | None = None,
    outcome: str = "ok",
    reason: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write down what was done, when this session commits.

    `entity_id` and `patient_id` may be the new row itself: its number is read after the flush.
    `by` is None for someone who is not signed in. `detail` holds what changed, as JSON values; it
    is kept beside the log, under its digest.
    """
    entry = _Entry(
        values={
            **_said(by, at, action, entity_type),
            "entity_id": "" if entity_id is None else str(entity_id),
            "patient_id": None if isinstance(patient_id, Base) else patient_id,
            "outcome": outcome,
            "reason": reason,
        },
        entity=entity_id if isinstance(entity_id, Base) else None,
        patient=patient_id if isinstance(patient_id, Base) else None,
        detail=detail,
    )
    session.info.setdefault(_PENDING, []).append(entry)
    if not session.in_transaction():
        session.begin()


def record_reads(
    engine: Engine,
    reads: Iterable[tuple[int | None, str, int | str]],
    *,
    by: Staff | Actor | None,
    at: datetime,
) -> None:
    """Write down what was read: (whose, what, its number) each. Committed when this returns."""
    rows = [
        {
            **_said(by, at, "read", entity_type),
            "entity_id": str(entity_id),
            "patient_id": patient_id,
            "outcome": "ok",
            "reason": "",
            "detail_digest": "",
        }
        for patient_id, entity_type, entity_id in reads
    ]
    with database.plainly(engine, database.Mode.WRITING) as writing:
        _append(writing, rows)


def _said(by: Staff | Actor | None, at: datetime, action: str, entity_type: str) -> dict[str, Any]:
    where = origin.get()
    return {
        "at": at,
        "actor_id": by.id if by else None,
        "actor": by.name if by else "",
        "role": str(by.role) if by else "",
        "sign_in_id": where.sign_in_id,
        "address": where.address,
        "action": str(action),
        "entity_type": entity_type,
    }


def head(session: Session) -> tuple[int, str]:
    """Return the last line's number and hash; (0, zeros) for an empty log."""
    return _head(session.connection())


_NEWEST = select(AuditRow.seq, AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)
_INSERT = insert(AuditRow)


def _head(connection: Connection) -> tuple[int, str]:
    row = connection.execute(_NEWEST).first()
    return (row.seq, row.hash) if row else (0, START)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading the whole log found; `breaks` is empty when every line holds."""

    rows: int
    head: tuple[int, str]
    breaks: tuple[str, ...]


def verify(session: Session, key: bytes, anchor: tuple[int, str] | None = None) -> Verdict:
    """Read the whole log and its details, and name each line that does not hold.

    `anchor` is a line's number and (the beginning of) its hash, known from elsewhere, such as the
    foot of a signed document: it shows a cut tail, or a log written anew.
    """
    breaks: list[str] = []
    seq, previous, rows = 0, START, 0
    anchored = anchor is None
    for row in _rows(session):
        rows += 1
        breaks.extend(_breaks_of(row, seq + 1, previous, key))
        seq, previous = row["seq"], row["hash"]
        if anchor and seq == anchor[0]:
            anchored = True
            if not previous.startswith(anchor[1]):
                breaks.append(f"line {seq}: not the line that was anchored")
    if not anchored and anchor:
        breaks.append(f"line {anchor[0]}: missing, though it was anchored")
    breaks.extend(_broken_details(session))
    return Verdict(rows, (seq, previous), tuple(breaks))


def _rows(session: Session) -> Iterator[dict[str, Any]]:
    statement = select(AuditRow.__table__).order_by(AuditRow.seq)
    for row in session.execute(statement.execution_options(yield_per=2000)).mappings():
        yield dict(row)


def _breaks_of(row: dict[str, Any], expected: int, previous: str, key: bytes) -> Iterator[str]:
    seq = row["seq"]
    if seq != expected:
        yield f"line {expected}: missing"
    if row["prev_hash"] != previous:
        yield f"line {seq}: does not follow the line before it"
    if row["hash"] != _hash(row):
        yield f"line {seq}: was changed"
    elif not hmac.compare_digest(row["mac"], _mac(key, row["hash"])):
        yield f"line {seq}: was not written by this installation"


def _broken_details(session: Session) -> Iterator[str]:
    statement = select(AuditDetail.digest, AuditDetail.body).execution_options(yield_per=2000)
    for digest, body in session.execute(statement):
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            yield f"detail {digest[:8]}: was changed"


def _hash(row: Mapping[str, Any]) -> str:
    chained = {name: row[name] for name in _CHAINED}
    chained["at"] = chained["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical(chained).encode()).hexdigest()


def _mac(key: bytes, digest: str) -> str:
    return hmac.digest(key, digest.encode(), "sha256").hex()


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """Append what is pending, as the last thing a transaction does."""
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    pending: list[_Entry] = session.info.pop(_PENDING)
    rows = []
    for entry in pending:
        row = dict(entry.values)
        if entry.entity is not None:
            row["entity_id"] = str(entry.entity.id)  # type: ignore[attr-defined]
        if entry.patient is not None:
            row["patient_id"] = entry.patient.id  # type: ignore[attr-defined]
        row["detail_digest"] = _detail(session, entry.detail) if entry.detail else ""
        rows.append(row)
    _append(session.connection(), rows)


def _append(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Chain rows to the newest line, one writer at a time, and add them."""
    key = connection.engine.get_execution_options()[_KEY]
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    seq, previous = _head(connection)
    for row in rows:
        seq += 1
        row.update(seq=seq, prev_hash=previous)
        row["hash"] = previous = _hash(row)
        row["mac"] = _mac(key, previous)
    connection.execute(_INSERT, rows)


def _detail(session: Session, detail: Mapping[str, object] | None) -> str:
    # The salt keeps a short detail from being guessed from its digest once it is erased.
    body = canonical({"salt": secrets.token_hex(16), "detail": detail})
    digest = hashlib.sha256(body.encode()).hexdigest()
    session.execute(insert(AuditDetail), [{"digest": digest, "body": body}])
    return digest


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        marks = session.info.setdefault(_MARKS, {})
        marks[transaction] = len(session.info.get(_PENDING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """A savepoint that is rolled back takes with it what was recorded inside it."""
    mark = session.info.get(_MARKS, {}).get(previous)
    if mark is not None:
        del session.info.get(_PENDING, [])[mark:]


@event.listens_for(Session, "after_transaction_end")
def _end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_PENDING, None)
        session.info.pop(_MARKS, None)
