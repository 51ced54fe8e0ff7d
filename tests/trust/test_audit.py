"""Nothing is done or read without a line in the log, and no line changes unseen."""

import random
import sqlite3
import threading
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from workflow import access, audit, clock, database, home
from workflow.access import staff_only
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.audit import AuditDetail, AuditRow
from workflow.models.staff import Staff
from workflow.settings import Settings


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def key(settings: Settings) -> bytes:
    return home.audit_key(settings)


def note(session: Session, action: str = "look", **more: Any) -> None:
    audit.record(session, action, "thing", 1, by=None, at=clock.now(), **more)


def rows(session: Session) -> list[AuditRow]:
    return list(session.scalars(select(AuditRow).order_by(AuditRow.seq)))


def test_what_is_done_and_its_line_are_one_transaction(session: Session) -> None:
    staff = factories.staff(session, Role.SONOGRAPHER)
    staff.name = "Changed"
    note(session)
    session.rollback()
    assert [row.action for row in rows(session)] == ["add"]
    assert staff.name == "Sona Test"


def test_a_change_whose_line_cannot_be_written_is_not_made(session: Session) -> None:
    staff = factories.staff(session, Role.PHYSICIAN)
    staff.name = "Changed"
    note(session, detail={"not": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        session.commit()
    session.rollback()
    assert session.scalar(select(Staff.name)) == "Phil Test"


def test_a_line_names_who_what_when_and_from_where(session: Session) -> None:
    staff = factories.staff(session, Role.SONOGRAPHER)
    at = clock.now()
    before = audit.origin.set(audit.Origin(7, "192.0.2.1"))
    audit.record(
        session, "finish", "exam", 12, by=staff, at=at, patient_id=3, reason="done", detail={"a": 1}
    )
    session.commit()
    audit.origin.reset(before)
    row = rows(session)[-1]
    assert (row.actor_id, row.actor, row.role) == (staff.id, "Sona Test", "sonographer")
    assert (row.action, row.entity_type, row.entity_id) == ("finish", "exam", "12")
    assert (row.patient_id, row.at, row.outcome, row.reason) == (3, at, "ok", "done")
    assert (row.sign_in_id, row.address) == (7, "192.0.2.1")
    detail = session.get_one(AuditDetail, row.detail_digest)
    assert '"detail":{"a":1}' in detail.body


def test_the_number_of_a_new_row_is_known_when_the_line_is_written(session: Session) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    new = Staff(
        username="new",
        name="New",
        credentials="",
        role=Role.FRONT_DESK,
        password_hash="",
        active=False,
        created_at=clock.now(),
    )
    session.add(new)
    audit.record(session, "add", "staff", new, by=physician, at=clock.now())
    session.commit()
    assert rows(session)[-1].entity_id == str(new.id)


def test_a_savepoint_that_is_undone_takes_its_lines_with_it(session: Session) -> None:
    note(session, "kept")
    inner = session.begin_nested()
    note(session, "undone")
    inner.rollback()
    with session.begin_nested():
        note(session, "kept too")
    session.commit()
    assert [row.action for row in rows(session)] == ["kept", "kept too"]


def test_a_session_that_is_closed_leaves_no_line_for_the_next(session: Session) -> None:
    note(session, "never happened")
    session.close()
    note(session, "happened")
    session.commit()
    assert [row.action for row in rows(session)] == ["happened"]


def test_an_untouched_log_holds(session: Session, key: bytes) -> None:
    assert audit.verify(session, key) == audit.Verdict(0, (0, audit.START), ())
    for number in range(20):
        note(session, detail={"number": number})
        session.commit()
    found = audit.verify(session, key, anchor=audit.head(session))
    assert (found.rows, found.breaks) == (20, ())
    assert found.head == audit.head(session)


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC"])
def test_a_line_holds_in_whatever_zone_its_time_was_told(
    session: Session, key: bytes, zone: str
) -> None:
    at = clock.now().astimezone(ZoneInfo(zone))
    audit.record(session, "look", "thing", 1, by=None, at=at)
    session.commit()
    session.expire_all()
    assert audit.verify(session, key).breaks == ()
    assert rows(session)[0].at == at


def test_many_who_write_at_once_make_one_chain(
    engine: Engine, session: Session, key: bytes
) -> None:
    def write_ten() -> None:
        for _ in range(5):
            with database.transaction(engine) as writing:
                note(writing)
                note(writing)

    workers = [threading.Thread(target=write_ten) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = audit.verify(session, key)
    assert (found.rows, found.head[0], found.breaks) == (80, 80, ())


def test_a_fork_of_the_chain_is_refused_by_the_table(session: Session) -> None:
    note(session)
    note(session)
    session.commit()
    second = session.execute(select(AuditRow.__table__).where(AuditRow.seq == 2)).mappings().one()
    with pytest.raises(DBAPIError):
        session.execute(insert(AuditRow), [{**second, "seq": 3, "hash": "f" * 64}])
    session.rollback()


CHANGES = (
    "UPDATE audit_log SET reason = 'other'",
    "DELETE FROM audit_log",
    "DELETE FROM audit_details",
    "UPDATE audit_details SET body = ''",
)
SQLITE_CHANGES = (
    "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log",
    "REPLACE INTO audit_details SELECT digest, 'forged' FROM audit_details",
    """INSERT INTO audit_log SELECT * FROM audit_log WHERE true
    ON CONFLICT (seq) DO UPDATE SET reason = 'x'""",
)
POSTGRESQL_CHANGES = (
    "TRUNCATE audit_log",
    "TRUNCATE audit_log, audit_details",
    "SET LOCAL session_replication_role = replica; DELETE FROM audit_log",
)


def test_no_line_can_be_changed_or_removed(engine: Engine, session: Session) -> None:
    note(session, detail={"a": 1})
    session.commit()
    own = SQLITE_CHANGES if engine.dialect.name == "sqlite" else POSTGRESQL_CHANGES
    for statement in CHANGES + own:
        with pytest.raises(DBAPIError, match="kept as they were written"):
            session.execute(text(statement))
        session.rollback()


def test_replace_is_refused_even_without_recursive_triggers(settings: Settings, app: Flask) -> None:
    if settings.database_file is None:
        pytest.skip("PostgreSQL has no REPLACE")
    with database.transaction(_engine(app)) as writing:
        note(writing)
    with sqlite3.connect(settings.database_file) as plain:
        plain.execute("PRAGMA recursive_triggers = OFF")
        with pytest.raises(sqlite3.IntegrityError, match="kept as they were written"):
            plain.execute("INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log")


def _engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


Lines = list[dict[str, Any]]


def _edit(lines: Lines, chance: random.Random) -> None:
    line = chance.choice(lines)
    column = chance.choice([name for name in line if name != "seq"])
    line[column] = clock.now() if column == "at" else f"{line[column]}x"


def _delete(lines: Lines, chance: random.Random) -> None:
    lines.remove(chance.choice(lines))


def _swap(lines: Lines, chance: random.Random) -> None:
    one, other = chance.sample(lines, 2)
    one["seq"], other["seq"] = other["seq"], one["seq"]
    lines.sort(key=lambda line: int(line["seq"]))


def _insert(lines: Lines, chance: random.Random) -> None:
    place = chance.randrange(len(lines))
    lines.insert(place, {**lines[place], "action": "forged", "hash": f"{place:064d}"})


def _cut(lines: Lines, chance: random.Random) -> None:
    del lines[-chance.randint(1, 3) :]


def _write_anew(lines: Lines, chance: random.Random) -> None:
    """Forge one line and compute every hash after it, but without the key."""
    chance.choice(lines)["reason"] = "forged"
    previous = audit.START
    for line in lines:
        line["prev_hash"] = previous
        line["hash"] = previous = audit._hash(line)
        line["mac"] = audit._mac(b"guessed", previous)


def test_of_a_thousand_manipulations_every_one_is_found(
    session: Session, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        note(session, f"step {number}", reason=f"{number}", patient_id=number or None)
        session.commit()
    anchor = audit.head(session)
    original = [dict(line) for line in audit._rows(session)]
    chance = random.Random(1)
    for number in range(1000):
        lines = [dict(line) for line in original]
        forge = (_edit, _delete, _swap, _insert, _cut, _write_anew)[number % 6]
        forge(lines, chance)
        monkeypatch.setattr(audit, "_rows", lambda _, lines=lines: iter(lines))
        assert audit.verify(session, key, anchor).breaks != (), (number, forge)


def test_a_cut_tail_shows_against_an_anchor(session: Session, key: bytes) -> None:
    note(session)
    session.commit()
    found = audit.verify(session, key, anchor=(2, "abcd1234"))
    assert found.breaks == ("line 2: missing, though it was anchored",)


def test_a_log_that_does_not_hold_fails_the_command(app: Flask, session: Session) -> None:
    factories.staff(session, Role.SONOGRAPHER)
    runner = app.test_cli_runner()
    fine = runner.invoke(args=["audit", "verify"])
    assert fine.exit_code == 0, fine.output
    assert "Every one of 1 lines holds." in fine.output
    cut = runner.invoke(args=["audit", "verify", "--anchor", "9:abcd"])
    assert cut.exit_code == 1
    assert "line 9: missing" in cut.output


@pytest.fixture
def reader(app: Flask, signed_in: Callable[[Role], Browser]) -> Browser:
    @app.get("/reader")
    @staff_only
    def reader() -> str:
        access.reads(5, "exam", 8)
        access.reads(5, "exam", 8)
        return "the record"

    return signed_in(Role.PHYSICIAN)


def test_reading_a_record_leaves_one_line(reader: Browser, session: Session) -> None:
    assert reader.get("/reader").text == "the record"
    read = [row for row in rows(session) if row.action == "read"]
    assert [(row.patient_id, row.entity_type, row.entity_id, row.actor) for row in read] == [
        (5, "exam", "8", "Phil Test")
    ]
    assert read[0].sign_in_id is not None


def test_what_cannot_be_written_down_is_not_shown(
    reader: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(audit, "record_reads", fail)
    response = reader.get("/reader")
    assert response.status_code == 503
    assert "the record" not in response.text


def test_a_refusal_is_written_down(signed_in: Callable[[Role], Browser], session: Session) -> None:
    assert signed_in(Role.FRONT_DESK).get("/staff").status_code == 403
    last = rows(session)[-1]
    assert (last.outcome, last.entity_id, last.actor) == (
        "denied",
        "people.staff_list",
        "Fern Test",
    )
