"""The audit log as an administrator reads it: found, bounded, verified, exported, and noted."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import audit, clock
from workflow.accounts import log
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.audit import AuditRow


@pytest.fixture
def admin(signed_in: Callable[[Role], Browser]) -> Browser:
    return signed_in(Role.ADMINISTRATOR)


def noted(
    session: Session, *actions: str, patient_id: int | None = None, by: str = "Nobody"
) -> None:
    """Put lines into the log."""
    for action in actions:
        audit.record(
            session,
            action,
            "thing",
            "1",
            by=audit.Actor(None, by, "sonographer"),
            at=clock.now(),
            patient_id=patient_id,
        )
    session.commit()


def lines(page: Page) -> list[str]:
    """Return the lines of the log that the page shows."""
    return [row.text for row in page.root.all("tr")][1:]


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.SONOGRAPHER, Role.PHYSICIAN])
def test_only_an_administrator_reads_the_log(
    signed_in: Callable[[Role], Browser], role: Role
) -> None:
    browser = signed_in(role)
    page = browser.page("/audit", status=403)
    assert "Only an administrator may read the audit log." in page.main


def test_the_newest_line_comes_first_and_the_look_itself_is_a_line(
    admin: Browser, session: Session
) -> None:
    noted(session, "first", "second")
    page = admin.page("/audit")
    shown = lines(page)
    assert "second" in shown[0]
    assert "first" in shown[1]
    looked = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
    assert looked is not None
    assert (looked.action, looked.entity_type, looked.actor) == ("read", "audit log", "Ada Test")
    assert looked.entity_id.endswith(f"-{looked.seq - 1}")


def test_what_cannot_be_written_down_is_not_shown(
    app: Flask, admin: Browser, session: Session
) -> None:
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def fail(_c: object, _cur: object, sql: str, *_: object) -> None:
        if sql.startswith("INSERT INTO audit_log"):
            raise OSError("no room")

    response = admin.get("/audit")
    event.remove(engine, "before_cursor_execute", fail)
    assert response.status_code == 503
    assert "sign in" not in response.text


def test_lines_are_found_by_who_what_outcome_and_patient(admin: Browser, session: Session) -> None:
    patient = factories.scan_to_read(session).episode.patient
    noted(session, "looked at it", patient_id=patient.id)
    noted(session, "something else")
    me = factories.staff(session, Role.ADMINISTRATOR).id
    admin.get("/patients")  # which an administrator may not
    mine = lines(admin.page(f"/audit?who={me}"))
    assert mine
    assert all("Ada Test" in line for line in mine)
    assert [line for line in lines(admin.page("/audit?did=looked+at+it")) if "looked" in line]
    assert len(lines(admin.page("/audit?did=looked+at+it"))) == 1
    refused = lines(admin.page("/audit?outcome=denied"))
    assert refused
    assert all("Refused" in line for line in refused)
    found = lines(admin.page(f"/audit?record={patient.record_number.lower()}&did=looked+at+it"))
    assert len(found) == 1
    assert patient.record_number in found[0]
    assert patient.name not in found[0]
    nobody = lines(admin.page("/audit?who=0"))
    assert any("something else" in line for line in nobody)
    assert not any("read audit log" in line for line in nobody)


def test_looking_at_one_patients_lines_is_written_down_as_theirs(
    admin: Browser, session: Session
) -> None:
    patient = factories.scan_to_read(session).episode.patient
    admin.page(f"/audit?record={patient.record_number}")
    looked = session.scalars(
        select(AuditRow).where(AuditRow.action == "read").order_by(AuditRow.seq.desc())
    ).first()
    assert looked is not None
    assert looked.patient_id == patient.id


def test_a_period_holds_its_last_day(admin: Browser, session: Session) -> None:
    noted(session, "today")
    today = clock.now().astimezone().date()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    whole = f"since={yesterday}&until={tomorrow.day}+{tomorrow:%b}+{tomorrow.year}"
    assert any("today" in line for line in lines(admin.page(f"/audit?did=today&{whole}")))
    assert lines(admin.page(f"/audit?did=today&until={today - timedelta(days=2)}")) == []
    assert "No line of the log fits" in admin.page(f"/audit?since={today + timedelta(days=2)}").main


@pytest.mark.parametrize(
    "asked",
    [
        "who=x",
        "who=999999",
        "did=%27%3B+DROP",
        "outcome=fine",
        "record=nobody",
        "since=31+2+2026",
        "until=yesterday",
    ],
)
def test_what_cannot_be_looked_for_is_said_and_kept(admin: Browser, asked: str) -> None:
    page = admin.page(f"/audit?{asked}", status=422)
    assert page.errors
    assert lines(page) == []


@pytest.mark.parametrize(
    "place", ["before=abc", "after=-1", "before=99999999999999999999", "after=٣"]
)
def test_a_place_that_is_none_is_the_newest(admin: Browser, place: str) -> None:
    assert lines(admin.page(f"/audit?{place}"))


def test_pages_follow_one_another_without_a_gap_or_a_double(
    admin: Browser, session: Session
) -> None:
    noted(session, *["step"] * (2 * log.PAGE + 20))
    address, seen = "/audit?did=step", list[int]()
    page = admin.page(address)
    while address:
        page = admin.page(address)
        shown = [int(line.split(" ")[0]) for line in lines(page)]
        assert len(shown) <= log.PAGE
        seen += shown
        address = next((a.get("href") for a in page.root.all("a") if a.get("rel") == "prev"), "")
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen) == 2 * log.PAGE + 20
    back = next(a.get("href") for a in page.root.all("a") if a.get("rel") == "next")
    middle = [int(line.split(" ")[0]) for line in lines(admin.page(back))]
    assert middle == seen[log.PAGE : 2 * log.PAGE]


def test_a_page_of_a_long_log_asks_as_often_as_one_of_a_short_log(
    app: Flask, admin: Browser, session: Session
) -> None:
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    admin.page("/audit")
    few = len(asked)
    noted(session, *["step"] * 200)
    asked.clear()
    admin.page("/audit")
    assert len(asked) == few


def test_a_log_that_holds_is_said_to_hold(admin: Browser, session: Session) -> None:
    noted(session, "step")
    admin.send(admin.page("/audit").form("/audit/verify"))
    assert "lines hold" in admin.page("/audit").main
    assert (
        session.scalars(select(AuditRow).where(AuditRow.action == "verify")).one().outcome == "ok"
    )


def test_a_log_that_was_changed_is_said_not_to_hold(
    app: Flask, admin: Browser, session: Session
) -> None:
    noted(session, "step")
    trigger = (
        "DROP TRIGGER audit_log_no_update"
        if session.connection().dialect.name == "sqlite"
        else "ALTER TABLE audit_log DISABLE TRIGGER audit_log_no_change"
    )
    settings = app.config["SETTINGS"]
    session.commit()
    from workflow import home

    engine = home.maintenance_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(trigger))
        connection.execute(text("UPDATE audit_log SET actor = 'Another' WHERE action = 'step'"))
    engine.dispose()
    admin.send(admin.page("/audit").form("/audit/verify"))
    page = admin.page("/audit")
    assert "Does not hold" in page.main
    assert "1 of" in page.main
    assert "was changed" in page.main


def export(admin: Browser, asked: str = "") -> list[dict[str, str]]:
    response = admin.send(admin.page(f"/audit?{asked}").form("/audit/export"))
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(response.text)))


def test_an_export_holds_what_was_looked_for_with_the_chain(
    admin: Browser, session: Session
) -> None:
    noted(session, "step", "step", "stop")
    rows = export(admin, "did=step")
    stored = session.scalars(select(AuditRow).where(AuditRow.action == "step")).all()
    assert [row["hash"] for row in rows] == [line.hash for line in stored]
    assert {"seq", "prev_hash", "hash", "mac", "detail_digest"} <= set(rows[0])
    made = session.scalars(select(AuditRow).where(AuditRow.action == "export")).one()
    assert (made.actor, made.reason) == ("Ada Test", "2 lines")


def test_an_export_runs_nothing_in_a_spreadsheet(admin: Browser, session: Session) -> None:
    noted(session, "step", by="=HYPERLINK(1)")
    assert export(admin, "did=step")[0]["actor"] == "'=HYPERLINK(1)"


def test_an_export_asks_for_the_password_where_it_is_not_fresh(
    admin: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow import signins

    monkeypatch.setattr(signins, "FRESH", timedelta(0))
    form = admin.page("/audit").form("/audit/export")
    refused = admin.send(form, confirmation="not this")
    assert refused.status_code == 422
    assert "not right" in Page(refused).main
    assert admin.send(form, confirmation=factories.PASSWORD).mimetype == "text/csv"


def test_too_long_an_export_is_refused_with_what_to_do(
    admin: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MOST_EXPORTED", 3)
    noted(session, *["step"] * 4)
    response = admin.send(admin.page("/audit?did=step").form("/audit/export"))
    assert response.status_code == 422
    assert "Ask for a shorter time" in Page(response).main
