"""The database keeps what it was given, one writer at a time."""

import re
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from tests import factories
from workflow import clock, database, home
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.base import Base, Day, Flag, Hundredths, Json, Utc, Word
from workflow.models.frozen import frozen_keys
from workflow.models.installation import Kind
from workflow.models.staff import FailedSignIn, Staff
from workflow.settings import Settings, Unusable
from workflow.turnstile import Busy, Turnstile


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def on_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def test_the_migrations_make_the_tables_the_models_describe(
    engine: Engine, settings: Settings
) -> None:
    if not on_sqlite(engine):
        pytest.skip("SQLite keeps the text of each table, which is compared")
    with engine.connect() as connection:
        query = text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        made = {row.name: str(row.sql) for row in connection.execute(query)}
    for table in Base.metadata.sorted_tables:
        described = str(CreateTable(table).compile(dialect=engine.dialect))
        assert _lines(made[table.name]) == _lines(described), table.name


def _lines(statement: str) -> list[str]:
    """The order means nothing; SQLite writes an added column on the line of the one before it.

    A table that was rebuilt has its name in quotes.
    """
    lines = re.split(r"\n|, (?=\w+ (?:TEXT|INTEGER)\b)", statement.replace('"', ""))
    return sorted(line.strip(" ,\t") for line in lines if line.strip())


def test_every_frozen_table_has_its_triggers(engine: Engine) -> None:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if on_sqlite(engine)
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    )
    with engine.connect() as connection:
        found = set(connection.scalars(text(query)))
    verbs = (
        ("no_update", "no_delete", "no_replace")
        if on_sqlite(engine)
        else ("no_change", "no_truncate")
    )
    assert {f"{table}_{verb}" for table in frozen_keys(Base.metadata) for verb in verbs} <= found


def test_each_connection_is_durable_and_strict(engine: Engine) -> None:
    if not on_sqlite(engine):
        pytest.skip("PostgreSQL is durable unless told otherwise")
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 10_000,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
    }
    with engine.connect() as connection:
        found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in wanted}
    assert found == wanted


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER audit_log_no_update",
        "DROP TABLE audit_log",
        "ALTER TABLE audit_log RENAME TO gone",
        "ATTACH ':memory:' AS other",
        "PRAGMA writable_schema = ON",
    ],
)
def test_the_apps_own_connections_cannot_change_the_tables(engine: Engine, statement: str) -> None:
    if not on_sqlite(engine):
        pytest.skip("on PostgreSQL this is the role's privilege: see docs/operating.md")
    with engine.connect() as connection, pytest.raises(DBAPIError, match="not authorized"):
        connection.execute(text(statement))


def test_of_many_who_add_one_at_once_none_is_lost(app: Flask, session: Session) -> None:
    staff = factories.staff(session, Role.PHYSICIAN)
    staff_id = staff.id
    session.add(FailedSignIn(staff_id=staff_id, address="x", failures=1, last_at=clock.now()))
    session.commit()
    with app.app_context():
        engine = db.engine

    def add_ten() -> None:
        for _ in range(10):
            with database.transaction(engine) as writing:
                row = writing.get_one(FailedSignIn, (staff_id, "x"), with_for_update=True)
                row.failures += 1

    workers = [threading.Thread(target=add_ten) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert session.scalar(select(FailedSignIn.failures)) == 81


def test_writers_are_served_in_the_order_they_came(tmp_path: Path) -> None:
    turnstile = Turnstile(tmp_path / "lock", patience_s=5)
    order: list[int] = []
    turnstile.take()
    workers = []

    def wait(number: int) -> None:
        turnstile.take()
        order.append(number)
        turnstile.give_back()

    for number in range(6):
        worker = threading.Thread(target=wait, args=(number,))
        worker.start()
        workers.append(worker)
        while len(turnstile._waiting) <= number:
            pass
    turnstile.give_back()
    for worker in workers:
        worker.join()
    assert order == list(range(6))


def test_a_writer_who_waits_too_long_is_told_so(tmp_path: Path) -> None:
    turnstile = Turnstile(tmp_path / "lock", patience_s=0.05)
    turnstile.take()
    said: list[str] = []

    def wait() -> None:
        try:
            turnstile.take()
        except Busy:
            said.append("busy")

    worker = threading.Thread(target=wait)
    worker.start()
    worker.join()
    turnstile.give_back()
    assert said == ["busy"]
    turnstile.take()
    turnstile.give_back()


def test_another_process_is_kept_out_too(tmp_path: Path) -> None:
    here = Turnstile(tmp_path / "lock", patience_s=1)
    there = Turnstile(tmp_path / "lock", patience_s=0.05)  # another descriptor, as elsewhere
    here.take()
    with pytest.raises(Busy):
        there.take()
    here.give_back()
    there.take()
    there.give_back()


def test_writing_twice_at_once_in_one_thread_is_a_mistake_and_no_wait(tmp_path: Path) -> None:
    turnstile = Turnstile(tmp_path / "lock", patience_s=5)
    turnstile.take()
    with pytest.raises(RuntimeError, match="already holds"):
        turnstile.take()
    turnstile.give_back()


def test_a_reading_never_waits_for_a_writer(app: Flask, session: Session) -> None:
    factories.staff(session, Role.PHYSICIAN)
    session.execute(update(Staff).values(name="Not yet"))
    with app.app_context(), database.glance(db.engine) as reading:
        assert reading.scalar(select(Staff.name)) == "Phil Test"
    session.rollback()


def test_a_page_that_only_reads_cannot_write(app: Flask, session: Session) -> None:
    with (
        app.app_context(),
        database.glance(db.engine) as reading,
        pytest.raises(database.WroteWhileReading),
    ):
        reading.execute(update(Staff).values(name="Changed"))


def test_reading_ends_what_came_before_and_leaves_nothing_open(
    app: Flask, session: Session
) -> None:
    factories.staff(session, Role.PHYSICIAN)
    session.scalar(select(func.count(Staff.id)))
    with database.reading(session):
        session.scalar(select(func.count(Staff.id)))
        with app.app_context(), database.transaction(db.engine) as writing:
            writing.execute(update(Staff).values(name="Meanwhile"))
    assert not session.in_transaction()
    assert session.scalar(select(Staff.name)) == "Meanwhile"


def test_reading_refuses_to_drop_what_was_changed(session: Session) -> None:
    factories.staff(session, Role.PHYSICIAN).name = "Changed"
    with pytest.raises(RuntimeError, match="Save or drop"), database.reading(session):
        pass


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (Utc(), datetime(2026, 3, 8, 2, 30, tzinfo=UTC), "2026-03-08T02:30:00.000000Z"),
        (Day(), datetime(1961, 3, 12, tzinfo=UTC).date(), "1961-03-12"),
        (Json(), {"b": 1, "a": "é"}, '{"a":"é","b":1}'),
        (Flag(), True, 1),
        (Hundredths(), Decimal("7.25"), 725),
        (Word(Role), Role.PHYSICIAN, "physician"),
    ],
)
def test_a_stored_value_comes_back_as_it_was(kind: object, value: object, stored: object) -> None:
    assert kind.process_bind_param(value, None) == stored  # type: ignore[attr-defined]
    assert kind.process_result_value(stored, None) == value  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Utc(), datetime(2026, 3, 8)),  # noqa: DTZ001 - the point of it
        (Day(), datetime(2026, 3, 8, tzinfo=UTC)),
        (Json(), float("nan")),
        (Flag(), 1),
        (Hundredths(), Decimal("7.255")),
        (Hundredths(), Decimal("NaN")),
        (Word(Role), "owner"),
    ],
)
def test_a_value_that_would_change_in_storage_is_refused(kind: object, value: object) -> None:
    with pytest.raises((TypeError, ValueError, ArithmeticError)):
        kind.process_bind_param(value, None)  # type: ignore[attr-defined]


def test_a_word_that_is_not_on_the_list_is_refused_by_the_table(
    engine: Engine, session: Session
) -> None:
    staff = factories.staff(session, Role.PHYSICIAN)
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE staff SET role = 'owner' WHERE id = :id"), {"id": staff.id})
    session.rollback()
    with pytest.raises((StatementError, ValueError)):
        session.execute(update(Staff).values(role="owner"))
    session.rollback()


def _bare(tmp_path: Path) -> Settings:
    folder = tmp_path / "bare"
    return Settings(home=folder, database_url=f"sqlite:///{folder}/data/clinic.db", testing=True)


@pytest.fixture
def prepared(tmp_path: Path) -> Settings:
    settings = _bare(tmp_path)
    home.prepare(settings, Kind.CLINIC, clock.now())
    return settings


def _start(settings: Settings) -> None:
    home.prepare(settings, home.kind_of(settings), clock.now())


def test_preparing_again_changes_nothing(prepared: Settings) -> None:
    assert home.prepare(prepared, Kind.CLINIC, clock.now()) is None


def test_a_demo_and_a_clinic_never_share_a_home(prepared: Settings) -> None:
    with pytest.raises(Unusable, match="never"):
        home.prepare(prepared, Kind.DEMO, clock.now())


def test_a_missing_database_is_never_made_anew(prepared: Settings) -> None:
    file = prepared.data / "clinic.db"
    file.unlink()
    with pytest.raises(Unusable, match="missing"):
        _start(prepared)
    assert not file.exists()


def test_the_app_never_makes_an_empty_database(prepared: Settings) -> None:
    file = prepared.data / "clinic.db"
    file.unlink()
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(database.url_of(file).removeprefix("sqlite:///"), uri=True)
    assert not file.exists()


def test_a_lost_key_stops_the_start(prepared: Settings) -> None:
    prepared.key_file.unlink()
    with pytest.raises(Unusable, match="missing, though its database"):
        home.prepare(prepared, Kind.CLINIC, clock.now())
    assert not prepared.key_file.exists()


def test_a_different_key_stops_the_start(prepared: Settings) -> None:
    prepared.key_file.write_bytes(bytes(range(32)))
    with pytest.raises(Unusable, match="not the one"):
        _start(prepared)


def test_a_key_that_others_may_read_stops_the_start(prepared: Settings) -> None:
    prepared.key_file.chmod(0o644)
    with pytest.raises(Unusable, match="chmod 600"):
        _start(prepared)


def test_a_damaged_key_stops_the_start(prepared: Settings) -> None:
    prepared.key_file.write_bytes(b"short")
    with pytest.raises(Unusable, match="damaged"):
        _start(prepared)


def test_an_unreadable_setting_is_a_sentence() -> None:
    for environ in (
        {"PORT": "http"},
        {"PORT": "99999"},
        {"HOST": "0.0.0.0"},  # noqa: S104 - is refused
        {"BEHIND_PROXY": "1"},
        {"DATABASE_URL": "mysql://x"},
    ):
        with pytest.raises(Unusable) as refused:
            Settings.read(environ)
        assert str(refused.value).endswith((".", ","))


def test_a_tables_version_that_does_not_fit_is_not_served(
    app: Flask, session: Session, settings: Settings
) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    response = app.test_client().get("/sign-in")
    assert response.status_code == 503
    with pytest.raises(Unusable, match="do not fit"):
        home.check(session, settings)


def test_time_kept_as_text_sorts_as_time() -> None:
    early = datetime(999, 1, 1, tzinfo=UTC)
    late = early + timedelta(days=400_000)
    kept = [Utc().process_bind_param(moment, None) for moment in (early, late)]  # type: ignore[arg-type]
    assert kept == sorted(kept, key=str)
