"""Every page is closed until it says who may open it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.routing import AnyConverter, BaseConverter

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import access, database, headers
from workflow.access import local, permits, public
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission, Role, may
from workflow.extensions import csrf, db
from workflow.settings import PROJECT


def test_every_page_says_who_may_open_it(app: Flask) -> None:
    undeclared = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not hasattr(view, "permits")
    ]
    assert undeclared == []


def test_a_page_that_does_not_say_is_closed_to_all(
    app: Flask, signed_in: Callable[[Role], Browser]
) -> None:
    app.add_url_rule("/undeclared", "undeclared", lambda: "open")
    assert signed_in(Role.ADMINISTRATOR).get("/undeclared").status_code == 403


def _addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield each rule that can be asked for, with a number that is nobody's."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values: dict[str, object] = {}
        for name in rule.arguments:
            values[name] = _value(rule._converters[name])
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(
                rule.endpoint, values, method=next(iter(rule.methods or {"GET"}))
            )
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield method, address


def _value(converter: BaseConverter) -> object:
    if isinstance(converter, access.IdConverter):
        return 999_999
    return min(converter.items) if isinstance(converter, AnyConverter) else "x"


def _is_public(app: Flask, method: str, address: str) -> bool:
    endpoint, _ = app.url_map.bind("localhost").match(address, method)
    return getattr(app.view_functions[endpoint], "permits", ()) is None


def test_nobody_who_is_not_signed_in_gets_anywhere(app: Flask, client: Browser) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    opened = []
    for method, address in _addresses(app):
        if _is_public(app, method, address):
            continue
        response = client.open(address, method=method)
        asked = response.status_code == 303 and response.location.startswith("/sign-in")
        if not asked:
            opened.append((method, address, response.status_code))
    assert opened == []


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_may_and_nothing_else(
    app: Flask, signed_in: Callable[[Role], Browser], role: Role
) -> None:
    browser = signed_in(role)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    wrong = []
    for method, address in _addresses(app):
        if _is_public(app, method, address):
            continue
        endpoint, _ = app.url_map.bind("localhost").match(address, method)
        view = app.view_functions[endpoint]
        needs = getattr(view, "permits", ())
        allowed = not needs or any(role in _holders(need) for need in needs)
        allowed = allowed and not hasattr(view, "for_tablet")
        refused = browser.open(address, method=method).status_code == 403
        if refused is allowed:
            wrong.append((method, address, allowed))
    assert wrong == []


def _holders(need: Permission) -> list[Role]:
    return [role for role in Role if may(role, need)]


def test_a_page_that_is_only_read_changes_nothing(
    app: Flask, signed_in: Callable[[Role], Browser], session: Session
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    tables = [
        table
        for table in db.metadatas[None].sorted_tables
        if "audit" not in table.name and table.name != "sign_ins"
    ]

    def content() -> list[list[str]]:
        session.rollback()
        return [
            sorted(map(str, session.execute(text(f"SELECT * FROM {table.name}"))))  # noqa: S608
            for table in tables
        ]

    before = content()
    for method, address in _addresses(app):
        if method == "GET":
            browser.get(address)
    assert content() == before


def test_a_refusal_says_who_may(signed_in: Callable[[Role], Browser]) -> None:
    page = signed_in(Role.FRONT_DESK).page("/staff", status=403)
    assert "Only an administrator may manage staff." in page.main


def test_whoever_signs_in_comes_back_to_the_page_they_asked_for(
    client: Browser, session: Session
) -> None:
    administrator = factories.staff(session, Role.ADMINISTRATOR)
    response = client.get("/staff?order=name")
    assert response.status_code == 303
    form = client.page(response.location).form("sign-in")
    asked = client.send(form, username="administrator", password=factories.PASSWORD)
    form = client.page(asked.location).form("sign-in")
    after = client.send(form, code=factories.code(session, administrator))
    assert after.location == "/staff?order=name"


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "///evil.example",
        "/%5cevil.example",
        "/%2fevil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/\r\nSet-Cookie: x",
    ],
)
def test_nobody_is_led_to_another_site(address: str) -> None:
    assert local(address, "/") == "/"


@pytest.mark.parametrize("address", ["/", "/staff", "/patients?q=o%27neill", "/a/b?c=d&e=f"])
def test_an_address_of_this_site_is_kept(address: str) -> None:
    assert local(address, "/other") == address


@pytest.mark.parametrize("headers", [{"X-Requested-With": "fetch"}, {"Sec-Fetch-Mode": "cors"}])
def test_a_script_is_told_in_plain_words_to_sign_in(
    client: Browser, headers: dict[str, str]
) -> None:
    response = client.get("/staff", headers=headers)
    assert (response.status_code, response.mimetype) == (401, "text/plain")
    assert "Sign in again" in response.text


EVERY_ANSWER = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000",
    "Permissions-Policy": "camera=()",
}


@pytest.mark.parametrize(
    "address", ["/sign-in", "/staff", "/nothing", "/static/mark.svg", "/static/nothing", "/%00"]
)
def test_every_answer_carries_the_headers(client: Browser, address: str) -> None:
    response = client.get(address)
    for name, beginning in EVERY_ANSWER.items():
        assert response.headers[name].startswith(beginning), name
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "Server" not in response.headers


def test_only_a_static_file_of_known_content_is_kept(app: Flask, client: Browser) -> None:
    with app.test_request_context():
        address = headers.static_url("mark.svg")
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/static/mark.svg").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/mark.svg?v=other").headers["Cache-Control"] == "no-cache"
    for address in ("/sign-in", "/nothing", "/staff", "/static/nothing"):
        assert client.get(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address",
    [
        "/static/../wsgi.py",
        "/static/%2e%2e/wsgi.py",
        "/static/..%2fwsgi.py",
        "/static//etc/passwd",
        "/static/%00",
    ],
)
def test_no_file_outside_the_static_folder_is_served(client: Browser, address: str) -> None:
    assert client.get(address).status_code in (308, 400, 404)


def test_another_host_name_is_not_answered(client: Browser) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example"):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 400
    for host in ("localhost", "127.0.0.1:8000"):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_form_that_another_site_sends_is_refused(client: Browser) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/sign-in", headers=headers).status_code == 403
    assert client.get("/sign-in", headers=headers).status_code == 200


def test_a_form_without_its_token_is_refused_with_a_sentence(client: Browser) -> None:
    response = client.post("/sign-in", data={"username": "x", "password": "y"})
    assert response.status_code == 400
    assert "it was not saved" in Page(response).main


def test_a_token_of_another_browser_is_refused(app: Flask, client: Browser) -> None:
    other = app.test_client().get("/sign-in")
    token = Page(other).form("sign-in").values["csrf_token"]
    client.get("/sign-in")
    response = client.post("/sign-in", data={"csrf_token": token, "username": "x"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("address", "body", "content_type"),
    [
        ("/sign-in?next=%00", None, ""),
        ("/sign-in?next=%ff", None, ""),
        ("/sign-in", b"username=a%00b", "application/x-www-form-urlencoded"),
        ("/sign-in", b"username=%ff", "application/x-www-form-urlencoded"),
        (
            "/sign-in",
            b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\na\0b\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            "/sign-in",
            b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n\xff\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_text_that_cannot_be_read_is_refused(
    client: Browser, address: str, body: bytes | None, content_type: str
) -> None:
    if body is None:
        response = client.get(address)
    else:
        response = client.post(address, data=body, headers={"Content-Type": content_type})
    assert response.status_code == 400
    assert "cannot be read" in response.text


def test_a_request_that_is_too_large_is_refused(client: Browser) -> None:
    response = client.post("/sign-in", data={"username": "a" * (1024 * 1024 + 1)})
    assert response.status_code == 413
    assert "larger" in Page(response).main


def test_a_compressed_request_is_not_read(client: Browser) -> None:
    response = client.post("/sign-in", data=b"x", headers={"Content-Encoding": "gzip"})
    assert response.status_code == 415


@pytest.mark.parametrize(
    "number",
    [
        "99999999999999999999",
        "-1",
        "0",
        "01",
        "٣",
        "1.5",
        "1%00",
        "..%2f",
        "2147483648",
        "abc",
        "+1",
    ],
)
def test_what_is_no_number_of_a_row_names_nothing(
    signed_in: Callable[[Role], Browser], number: str
) -> None:
    assert signed_in(Role.ADMINISTRATOR).get(f"/staff/{number}").status_code in (400, 404)


def test_a_method_the_page_does_not_know_is_refused(client: Browser) -> None:
    for method in ("TRACE", "PUT", "BREW"):
        assert client.open("/sign-in", method=method).status_code == 405
    overridden = client.post("/sign-in", headers={"X-HTTP-Method-Override": "GET"})
    assert overridden.status_code == 400


@pytest.fixture
def failing(app: Flask) -> Callable[[Exception], int]:
    """Return the status of a page whose view fails in this way."""
    state: dict[str, Exception] = {}

    @public
    def fail() -> str:
        raise state["error"]

    app.add_url_rule("/failing", "failing", csrf.exempt(fail), methods=["POST"])

    def status(error: Exception) -> int:
        state["error"] = error
        return app.test_client().post("/failing").status_code

    return status


def test_each_failure_has_its_answer(failing: Callable[[Exception], int]) -> None:
    assert failing(Refused("Not now.")) == 409
    assert failing(StaleDataError()) == 409
    assert failing(database.Busy()) == 503
    assert failing(OperationalError("", {}, Exception("locked"))) == 503
    assert failing(OSError(28, "No space left on device")) == 503


def test_a_refusal_shows_its_sentence_and_nothing_as_markup(app: Flask) -> None:
    @app.get("/refusing")
    @public
    def refusing() -> str:
        raise Refused("Not <b>now</b>.")

    response = app.test_client().get("/refusing")
    assert response.status_code == 409
    assert "Not <b>now</b>." in Page(response).main


def test_a_busy_database_is_said_and_when_to_come_back(app: Flask) -> None:
    @app.get("/busy")
    @public
    def busy() -> str:
        raise database.Busy

    response = app.test_client().get("/busy")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) <= 12
    assert "Your text is still in your browser" in Page(response).main


def test_an_error_is_answered_even_where_the_frame_fails(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("", {}, Exception("gone"))

    app.template_context_processors[None].append(fail)  # type: ignore[arg-type]
    response = app.test_client().get("/nothing")
    assert response.status_code == 404
    assert "Nothing here" in response.text


def test_a_page_may_be_opened_with_any_of_its_permissions(
    app: Flask, signed_in: Callable[[Role], Browser]
) -> None:
    @app.get("/either")
    @permits(Permission.SIGN_REPORTS, Permission.MANAGE_STAFF)
    def either() -> str:
        return "open"

    opened = {role for role in Role if signed_in(role).get("/either").status_code == 200}
    assert opened == {Role.PHYSICIAN, Role.ADMINISTRATOR}


def test_a_page_over_nobodys_thing_is_nothing_and_leaves_a_line(
    app: Flask, signed_in: Callable[[Role], Browser], session: Session
) -> None:
    @app.get("/theirs")
    @permits(Permission.READ_CHART)
    def theirs() -> str:
        access.not_yours("exam", 4)

    assert signed_in(Role.PHYSICIAN).get("/theirs").status_code == 404
    last = session.execute(
        text("SELECT outcome, entity_id FROM audit_log ORDER BY seq DESC")
    ).first()
    assert last is not None
    assert tuple(last) == ("denied", "4")


def test_the_project_folder_is_what_it_seems() -> None:
    assert (PROJECT / "wsgi.py").is_file()
    assert Path(access.__file__).parent.parent == PROJECT
