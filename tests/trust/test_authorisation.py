"""Every route × principal against a written table; and no request signs for another."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, Rule

from tests import factories, scans
from tests.browser import Browser
from tests.pages import Page
from tests.trust.authorisation import table
from workflow import access
from workflow.domain.exam import ExamStatus
from workflow.domain.plan import PlanStatus
from workflow.domain.staff import Role
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.plan import Plan
from workflow.models.report import Void
from workflow.models.staff import Staff
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]
RFA = "R.GSV.RFA"


def _routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield method, rule


def _address(app: Flask, rule: Rule, method: str) -> str:
    values = {name: _value(rule._converters[name]) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=method)


def _value(converter: BaseConverter) -> object:
    """Return a number that is nobody's, or a word the address takes."""
    if isinstance(converter, access.IdConverter):
        return 999_999
    return min(converter.items) if isinstance(converter, AnyConverter) else "x"


def test_every_route_has_its_line_and_every_line_its_route(app: Flask) -> None:
    served = {(method, rule.rule) for method, rule in _routes(app)}
    assert served - set(table()) == set(), "Add these routes to tests/trust/authorisation.py"
    assert set(table()) - served == set(), "These lines have no route any more"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_let_in_exactly_where_the_table_says(
    app: Flask, signed_in: SignIn, role: Role
) -> None:
    browser, who_may = signed_in(role), table()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    wrong = []
    for method, rule in _routes(app):
        roles = who_may[method, rule.rule]
        if roles is None:
            continue
        status = browser.open(_address(app, rule, method), method=method).status_code
        if rule.endpoint == "accounts.sign_out":
            browser = signed_in(role)
        if (status == 403) is (role in roles):
            wrong.append((method, rule.rule, status))
    assert wrong == []


@pytest.mark.parametrize("disabled", [False, True], ids=["nobody", "someone disabled"])
def test_who_is_not_signed_in_or_no_longer_works_here_is_sent_to_sign_in(
    app: Flask, session: Session, client: Browser, signed_in: SignIn, *, disabled: bool
) -> None:
    browser = signed_in(Role.PHYSICIAN) if disabled else client
    if disabled:
        session.scalars(select(Staff)).one().active = False
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    opened = []
    for method, rule in _routes(app):
        if table()[method, rule.rule] is None:
            continue
        response = browser.open(_address(app, rule, method), method=method)
        if response.status_code != 303 or not response.location.startswith("/sign-in"):
            opened.append((method, rule.rule, response.status_code))
    assert opened == []


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    """Case C01, read and signed."""
    return factories.signed_scan(session, settings)


def _rows(session: Session, *tables: str) -> list[list[str]]:
    session.commit()
    return [
        sorted(map(str, session.execute(text(f"SELECT * FROM {name}"))))  # noqa: S608 - our names
        for name in tables
    ]


def _forged(other: Staff, **more: Any) -> dict[str, Any]:
    """Return the fields a browser may not set, whatever form they are sent with."""
    return {
        "role": "physician",
        "is_admin": "1",
        "id": "1",
        "patient_id": "2",
        "episode_id": "2",
        "exam_id": "2",
        "status": "final",
        "signed_by": str(other.id),
        "signed_by_id": str(other.id),
        "signer_name": "Dr. Other",
        "signer_credentials": "MD, PhD",
        "by": str(other.id),
        "by_id": str(other.id),
        "at": "2001-01-01T00:00:00Z",
        "issued_at": "2001-01-01T00:00:00Z",
        "meaning": "Something else.",
        "version": "7",
        "digest": "0" * 64,
        "supersedes_id": "1",
        **more,
    }


def test_no_form_sets_a_field_it_does_not_offer(
    session: Session, settings: Settings, signed_in: SignIn
) -> None:
    other = factories.staff(session, Role.PHYSICIAN, "second")
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    form = browser.page(f"/exams/{exam.id}/read").form("Sign report")
    browser.send(form, **_forged(other, password=factories.PASSWORD))
    form = browser.page(f"/exams/{exam.id}/read").form("/addendum")
    typed = {"addendum-note": "More.", "addendum-password": factories.PASSWORD}
    browser.send(form, **_forged(other, **typed))
    browser.send(browser.page(f"/episodes/{exam.episode_id}/plan").form("/plans"), **_forged(other))
    form = browser.page(f"/episodes/{exam.episode_id}/plan").form("/save")
    browser.send(form, **_forged(other, pick=RFA, then="submit"))
    form = browser.page(f"/episodes/{exam.episode_id}/plan").form("/approve")
    browser.send(form, **_forged(other))
    session.expire_all()
    documents = list(session.scalars(select(IssuedDocument).order_by(IssuedDocument.id)))
    assert len(documents) == 5
    signer = factories.staff(session, Role.PHYSICIAN)
    for document in documents:
        assert document.signed_by_id == signer.id
        assert (document.signer_name, document.signer_credentials) == ("Phil Test", "MD")
        assert document.exam_id == exam.id
        assert document.issued_at.year > 2001
        assert document.meaning.startswith(("I have reviewed", "I have added", "I have approved"))
    plan = session.scalars(select(Plan)).one()
    assert (plan.version, plan.created_by_id) == (1, signer.id)
    assert plan.status is PlanStatus.APPROVED


def test_a_scan_without_findings_is_not_signed(session: Session, signed_in: SignIn) -> None:
    exam = scans.scanning(session)
    exam.status = ExamStatus.IN_REVIEW
    browser = signed_in(Role.PHYSICIAN)
    page = browser.page(f"/exams/{exam.id}/read")
    assert "There is nothing to sign: no finding is recorded." in page.main
    values = {**page.form("/sign").values, "password": factories.PASSWORD}
    assert browser.post(f"/exams/{exam.id}/sign", data=values).status_code == 409
    assert session.scalars(select(IssuedDocument)).all() == []


def test_a_scan_that_nobody_began_to_read_is_not_signed(
    session: Session, signed_in: SignIn
) -> None:
    exam = factories.scan_to_read(session)
    browser = signed_in(Role.PHYSICIAN)
    values = browser.page(f"/exams/{exam.id}/read").form("/sign").values
    typed = {**values, "R": "Mine.", "L": "Mine.", "password": factories.PASSWORD}
    assert browser.post(f"/exams/{exam.id}/sign", data=typed).status_code == 409
    assert session.scalars(select(IssuedDocument)).all() == []


def test_no_signing_request_sent_again_changes_anything(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    add = browser.page(f"/exams/{exam.id}/read").form("/addendum")
    typed = {"addendum-note": "More.", "addendum-password": factories.PASSWORD}
    assert browser.send(add, **typed).status_code == 303
    plan = factories.submitted_plan(session, exam, RFA)
    approve = browser.page(f"/episodes/{exam.episode_id}/plan").form("/approve")
    assert browser.send(approve).status_code == 303
    tables = ("documents", "exams", "findings", "plans", "plan_items", "steps_taken", "voids")
    before = _rows(session, *tables)
    assert browser.send(add, **typed).status_code == 409
    assert browser.send(approve).status_code == 409
    assert browser.send(approve, **{"approve-revision": str(plan.revision)}).status_code == 409
    assert _rows(session, *tables) == before


def test_an_older_version_is_not_signed_over_a_newer_one(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    page = browser.page(f"/exams/{exam.id}/read")
    forms = {step: page.form(f"/{step}") for step in ("addendum", "amend", "void")}
    typed = {"addendum-note": "More.", "addendum-password": factories.PASSWORD}
    assert browser.send(forms["addendum"], **typed).status_code == 303
    for step, form in forms.items():
        late = {f"{step}-note": "Late.", f"{step}-password": factories.PASSWORD}
        response = browser.send(form, **late)
        assert response.status_code == 409, step
        assert "Something was done to this report after you opened it" in Page(response).main
    assert session.scalars(select(Void)).all() == []
    assert len(session.scalars(select(IssuedDocument)).all()) == 3


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.SONOGRAPHER, Role.ADMINISTRATOR])
def test_nobody_but_a_physician_moves_anything_signed_or_decided(
    session: Session, app: Flask, signed_in: SignIn, exam: Exam, role: Role
) -> None:
    plan = factories.submitted_plan(session, exam, RFA)
    browser = signed_in(role)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    tables = ("documents", "exams", "findings", "plans", "plan_items", "amendments", "voids")
    before = _rows(session, *tables)
    for address in (
        *(f"/exams/{exam.id}/{step}" for step in ("sign", "addendum", "amend", "void", "correct")),
        *(f"/exams/{exam.id}/read/{step}" for step in ("start", "save", "return")),
        *(f"/plans/{plan.id}/{step}" for step in ("save", "return", "approve", "decline")),
        f"/episodes/{exam.episode_id}/plans",
    ):
        response = browser.post(address, data=_forged(factories.staff(session, role)))
        assert response.status_code == 403, address
    assert _rows(session, *tables) == before


def test_a_password_of_somebody_else_signs_nothing(session: Session, signed_in: SignIn) -> None:
    other = factories.staff(session, Role.PHYSICIAN, "second")
    other.password_hash = "no password at all"
    exam = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    session.execute(text("UPDATE staff SET password_hash = 'x' WHERE username = 'physician'"))
    form = browser.page(f"/exams/{exam.id}/read").form("Sign report")
    assert browser.send(form, password=factories.PASSWORD).status_code == 422
    assert session.scalars(select(IssuedDocument)).all() == []


def _forced(settings: Settings, statement: str, *values: Any) -> None:
    """Change a row behind the program's back: the triggers are dropped first, as a thief would."""
    assert settings.database_file is not None
    with sqlite3.connect(settings.database_file) as plain:
        for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            plain.execute(f"DROP TRIGGER {name}")
        plain.execute(statement, values)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("snapshot = (SELECT snapshot FROM documents WHERE id = 3)", "its digest does not match"),
        (
            "(snapshot, digest) = (SELECT snapshot, digest FROM documents WHERE id = 3)",
            "not the document that the log says was issued",
        ),
        ("signed_by_id = signed_by_id - 1", "not the document that the log says was issued"),
        ("signer_name = 'Dr. Other'", "not the document that the log says was issued"),
        ("id = 9", "no line of its being issued"),
    ],
)
def test_a_signature_moved_to_another_document_is_found_out(
    session: Session, settings: Settings, app: Flask, exam: Exam, change: str, says: str
) -> None:
    if settings.database_file is None:
        pytest.skip("the rows are changed in SQLite's own file")
    factories.staff(session, Role.SONOGRAPHER)
    factories.signed_scan(session, settings, "C06")
    runner = app.test_cli_runner()
    assert "documents is what was signed" in runner.invoke(args=["verify-papers"]).output
    session.close()
    _forced(settings, f"UPDATE documents SET {change} WHERE id = 1")  # noqa: S608 - our words
    found = runner.invoke(args=["verify-papers"])
    assert found.exit_code == 1
    assert says in found.output
    assert "1 of 4 documents are not what was signed." in found.output


def test_bytes_that_are_not_those_that_were_issued_are_found_out(
    session: Session, settings: Settings, app: Flask, signed_in: SignIn, exam: Exam
) -> None:
    paper = session.scalars(select(IssuedDocument)).all()[0]
    file = settings.files / paper.file_sha256[:2] / paper.file_sha256
    file.chmod(0o600)
    file.write_bytes(b"another report")
    found = app.test_cli_runner().invoke(args=["verify-papers"])
    assert (found.exit_code, "not those that were issued" in found.output) == (1, True)
    assert "not the document" not in signed_in(Role.PHYSICIAN).page(f"/documents/{paper.id}").main


def test_a_document_that_is_not_what_was_signed_says_so_on_its_page(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    if settings.database_file is None:
        pytest.skip("the rows are changed in SQLite's own file")
    browser = signed_in(Role.PHYSICIAN)
    session.close()
    _forced(settings, "UPDATE documents SET digest = ? WHERE id = 1", "0" * 64)
    assert "This is not the document that was signed" in browser.page("/documents/1").main
