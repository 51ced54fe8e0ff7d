"""Decide how the database is opened: durably, one writer at a time, in the order they came."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum, auto
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from workflow.turnstile import Busy, Turnstile

__all__ = ["Busy", "Mode", "WroteWhileReading"]

PATIENCE_S = 10.0
OLDEST_SQLITE = (3, 37, 0)

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    f"busy_timeout = {int(PATIENCE_S * 1000)}",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",
)

_FORBIDDEN = frozenset(
    {
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_DROP_TRIGGER,
        sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
    }
)

_POSTGRESQL = (
    "-c statement_timeout=15s -c lock_timeout=5s "
    "-c idle_in_transaction_session_timeout=60s -c timezone=UTC"
)


class Mode(Enum):
    """What the transactions that begin now are for."""

    READING = auto()
    WRITING = auto()


class WroteWhileReading(RuntimeError):
    """A page that only reads tried to change something: a mistake in the program."""


_mode: ContextVar[Mode] = ContextVar("mode", default=Mode.WRITING)


def use(mode: Mode) -> None:
    """Say what the transactions of this request are for."""
    _mode.set(mode)


def in_use() -> Mode:
    """Return what the transactions that begin now are for."""
    return _mode.get()


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """Read without holding up a writer, in a transaction of its own.

    Ends the session's transaction first (unsaved changes are a mistake and raise) and rolls the
    reading back at the end, so that slow work such as a PDF never holds the right to write.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Save or drop what was changed before reading.")
    session.rollback()
    before = _mode.set(Mode.READING)
    try:
        yield
    finally:
        session.rollback()
        _mode.reset(before)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Write something apart from the request's own session: committed at the end, or not at all."""
    before = _mode.set(Mode.WRITING)
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        _mode.reset(before)


@contextmanager
def glance(engine: Engine) -> Iterator[Session]:
    """Read something apart from the request's own session."""
    before = _mode.set(Mode.READING)
    try:
        with Session(engine, expire_on_commit=False) as session:
            yield session
    finally:
        _mode.reset(before)


@contextmanager
def plainly(engine: Engine, mode: Mode) -> Iterator[Connection]:
    """Read or write by plain statements, apart from the request's own session.

    What every page asks for goes this way: it costs a third of what a session does. Committed at
    the end, or not at all.
    """
    before = _mode.set(mode)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        _mode.reset(before)


def url_of(file: Path) -> str:
    """Return the URL of a SQLite file that must exist: opening never makes an empty one."""
    return f"sqlite:///file:{quote(str(file))}?mode=rw&uri=true"


def options(url: str) -> dict[str, Any]:
    """Return what create_engine is told besides the URL."""
    if url.startswith("postgresql"):
        return {
            "pool_pre_ping": True,
            "pool_size": 16,
            "max_overflow": 8,
            "connect_args": {"options": _POSTGRESQL},
        }
    return {
        "pool_size": 24,
        "max_overflow": 0,
        "connect_args": {"timeout": PATIENCE_S, "cached_statements": 512},
    }


def govern(engine: Engine, lock_file: Path) -> None:
    """Attach this module's rules to an engine before its first connection."""
    event.listen(engine, "before_cursor_execute", _refuse_a_write_while_reading)
    if engine.dialect.name == "sqlite":
        _govern_sqlite(engine, Turnstile(lock_file, PATIENCE_S))
    else:
        event.listen(engine, "begin", _note_the_mode)


def _govern_sqlite(engine: Engine, turnstile: Turnstile) -> None:
    def begin(connection: Connection) -> None:
        notes = connection.connection.record_info
        writes = _note_the_mode(connection) is Mode.WRITING
        if writes and notes is not None and "turn" not in notes:
            turnstile.take()
            notes["turn"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def checked_in(_: object, record: ConnectionPoolEntry) -> None:
        # The session has committed by now: it gives its connection back right after.
        if (record.record_info or {}).pop("turn", False):
            turnstile.give_back()

    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", checked_in)


def _note_the_mode(connection: Connection) -> Mode:
    mode = _mode.get()
    notes = connection.connection.record_info
    if notes is not None:
        notes["mode"] = mode
    return mode


def _refuse_a_write_while_reading(
    connection: Connection, _cursor: Any, _sql: str, _values: Any, context: Any, _many: Any
) -> None:
    writes = context is not None and (context.isinsert or context.isupdate or context.isdelete)
    if writes:
        notes = connection.connection.record_info
        if notes is not None and notes.get("mode") is Mode.READING:
            raise WroteWhileReading("A page that only reads tried to change something.")


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event says BEGIN, not the driver
    for pragma in _PRAGMAS:
        connection.execute("PRAGMA " + pragma).close()
    connection.set_authorizer(_authorise)


def _authorise(
    action: int, first: str | None, _second: str | None, _database: str | None, _by: str | None
) -> int:
    """Keep the app's own connections from changing the schema: migrations use another engine."""
    if action in _FORBIDDEN:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() == "writable_schema":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def govern_maintenance(engine: Engine) -> None:
    """Let an engine change tables, with every change of a migration in one transaction."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _open(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (*_PRAGMAS, "foreign_keys = OFF"):  # a table rebuilt must not take its rows
            connection.execute("PRAGMA " + pragma).close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
