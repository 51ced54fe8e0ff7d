"""No request changes what it may not: without its token, from elsewhere, or by extra fields."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter

from tests import factories
from tests.browser import Browser
from workflow.access import IdConverter
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.staff import Staff

_LOGS = ("audit_log", "audit_details", "sign_ins")


def content(session: Session) -> dict[str, list[str]]:
    """Return every row of every table but the log's and the sign-ins'."""
    session.rollback()
    return {
        table.name: sorted(map(str, session.execute(text(f"SELECT * FROM {table.name}"))))  # noqa: S608
        for table in db.metadatas[None].sorted_tables
        if table.name not in _LOGS
    }


def _posts(app: Flask) -> Iterator[str]:
    """Yield each address that takes a form, with the number 1 where it wants one."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and rule.endpoint != "csp":
            values = {name: _value(rule._converters[name]) for name in rule.arguments}
            with app.test_request_context():
                yield app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")


def _value(converter: BaseConverter) -> object:
    if isinstance(converter, IdConverter):
        return 1
    return min(converter.items) if isinstance(converter, AnyConverter) else "x"


@pytest.mark.parametrize("role", list(Role))
def test_a_form_without_its_token_or_from_another_site_changes_nothing(
    app: Flask, signed_in: Callable[[Role], Browser], session: Session, role: Role
) -> None:
    factories.scan_being_read(session)
    browser, before = signed_in(role), content(session)
    wrong = []
    for address in _posts(app):
        plain = browser.post(address, data={"revision": "1"})
        foreign = browser.post(address, headers={"Sec-Fetch-Site": "cross-site"})
        if plain.status_code not in (400, 403) or foreign.status_code != 403:
            wrong.append((address, plain.status_code, foreign.status_code))
    assert wrong == []
    assert content(session) == before
    assert browser.get("/me/sign-ins").status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_looking_changes_nothing(
    app: Flask, signed_in: Callable[[Role], Browser], session: Session, role: Role
) -> None:
    factories.scan_being_read(session)
    browser, before = signed_in(role), content(session)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.endpoint != "static":
            values = {name: _value(rule._converters[name]) for name in rule.arguments}
            with app.test_request_context():
                address = app.url_map.bind("localhost").build(rule.endpoint, values, method="GET")
            browser.get(address)
            browser.head(address)
    assert content(session) == before


FORGED = {
    "id": "987654",
    "staff_id": "987654",
    "patient_id": "987654",
    "exam_id": "987654",
    "episode_id": "987654",
    "record_number": "forged",
    "name_key": "forged",
    "is_admin": "1",
    "password_hash": "forged",
    "active": "0",
    "suspended_at": "2001-01-01T00:00:00.000000Z",
    "status": "forged",
    "stage": "forged",
    "signed_by_id": "987654",
    "signed_at": "2001-01-01T00:00:00.000000Z",
    "signer_name": "forged",
    "version": "987654",
    "created_at": "2001-01-01T00:00:00.000000Z",
    "deleted_at": "2001-01-01T00:00:00.000000Z",
    "secret": "forged",
    "logo": "forged",
    "by_id": "987654",
}
FORMS = [
    (Role.FRONT_DESK, "/patients/new", "register", {"name": "New Person", "reason": "Cramps"}),
    (Role.FRONT_DESK, "/me/password", "password", {"current": factories.PASSWORD}),
    (Role.ADMINISTRATOR, "/settings", "settings", {"phone": "212 555 0100"}),
    (Role.ADMINISTRATOR, "/settings/referrers/new", "new", {"name": "Dr. P. Example"}),
    (Role.ADMINISTRATOR, "/staff/new", "new", {"name": "New", "username": "new"}),
    (Role.ADMINISTRATOR, "/staff/1", "/staff/1", {"name": "Other Name"}),
    (Role.ADMINISTRATOR, "/staff/1/suspend", "suspend", {"reason": "Leave"}),
    (Role.PHYSICIAN, "/exams/1/read", "sign", {"password": factories.PASSWORD}),
]
MORE = {
    "/patients/new": {"born-day": "1", "born-month": "2", "born-year": "1961", "sex": "F"},
    "/me/password": {"password": "five quite plain words here"},
    "/staff/new": {"role": "front desk", "password": "five quite plain words here"},
}


@pytest.mark.parametrize(("role", "address", "form", "values"), FORMS, ids=lambda v: str(v)[:24])
def test_a_field_that_the_page_does_not_have_is_stored_nowhere(
    signed_in: Callable[[Role], Browser],
    session: Session,
    role: Role,
    address: str,
    form: str,
    values: dict[str, str],
) -> None:
    factories.staff(session, Role.FRONT_DESK)
    factories.scan_being_read(session)
    browser = signed_in(role)
    offered = browser.page(address).form(form)
    extra = {name: value for name, value in FORGED.items() if name not in offered.values}
    assert extra.keys() >= {"id", "password_hash", "signed_by_id"}
    before = content(session)
    response = browser.send(offered, **extra, **values, **MORE.get(address, {}))
    assert response.status_code in (200, 303)
    after = content(session)
    assert after != before
    for table, rows in after.items():
        for row in set(rows) - set(before[table]):
            assert "forged" not in row, table
            assert "987654" not in row, table
            assert "2001-01-01" not in row, table
    roles = dict(session.execute(select(Staff.username, Staff.role)).tuples().all())
    assert roles["frontdesk"] is Role.FRONT_DESK
    assert roles["physician"] is Role.PHYSICIAN


def test_a_new_clinic_has_nobody_in_it(session: Session) -> None:
    assert session.scalars(select(Staff)).all() == []
