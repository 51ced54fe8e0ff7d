"""Whatever is typed into whichever field of whichever page, nothing breaks and nothing is lost.

Pages, forms and fields are found by walking the clinic as each role, so that a new page is tried
without a line here. The ordinary run tries a share of the list; `make trust` all of it.
"""

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from tests.browser import Browser
from tests.pages import Element, Form, Page
from tests.trust.bad_inputs import BODIES, EVERY, IDENTIFIERS
from workflow import audit, clock, home
from workflow.accounts.demo import DEMO_PASSWORD
from workflow.domain.pathway import Stage
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.installation import Kind
from workflow.seed.demo import fill
from workflow.seed.people import PEOPLE
from workflow.settings import Settings

SHARE = len(EVERY) if os.environ.get("TRUST") == "1" else 1
TYPED_IN = frozenset({"", "text", "search", "tel", "email", "url", "number", "hidden"})
CHOSEN = frozenset({"radio", "checkbox"})
LEAVES = frozenset({"accounts.sign_out", "me.end_sign_in", "people.end_sign_in", "people.suspend"})
"""Sending these would end the walk."""

pytestmark = pytest.mark.parametrize("kind", [Kind.DEMO])


@dataclass
class Walk:
    """What one role can reach: an address or two of each page, and each form once."""

    app: Flask
    browser: Browser
    pages: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[tuple[str, frozenset[str]], Form] = field(default_factory=dict)

    def go(self) -> None:
        """Follow every link from the board."""
        waiting = ["/"]
        while waiting:
            waiting += self._open(waiting.pop(0))

    def _open(self, address: str) -> list[str]:
        endpoint = self.endpoint(address, "GET")
        seen = self.pages.setdefault(endpoint, [])
        if not endpoint or address in seen or len(seen) >= 2:
            return []
        seen.append(address)
        response = self.browser.get(address)
        assert response.status_code < 500, address
        if response.mimetype != "text/html" or response.status_code != 200:
            return []
        if "<html" not in response.text:
            return []
        page = Page(response, address)
        for form in page.forms:
            self._keep(form)
        return [link.get("href") for link in page.root.all("a") if link.get("href", "x")[0] == "/"]

    def _keep(self, form: Form) -> None:
        endpoint = self.endpoint(form.action, form.method.upper())
        if endpoint and endpoint not in LEAVES:
            kinds = frozenset(_kind(box.get("name")) for box in _boxes(form))
            self.forms.setdefault((endpoint, kinds), form)

    def endpoint(self, address: str, method: str) -> str:
        """Name the page behind an address, or nothing."""
        try:
            endpoint, _ = self.app.url_map.bind("localhost").match(
                address.split("?")[0].split("#")[0], method
            )
        except HTTPException:
            return ""
        return str(endpoint)


def _boxes(form: Form) -> Iterator[Element]:
    for box in form.element.all("input", "select", "textarea"):
        kind = box.get("type") if box.tag == "input" else ""
        if box.get("name") not in ("", "csrf_token") and kind in TYPED_IN | CHOSEN:
            yield box


def _kind(name: str) -> str:
    """Name the kind of a field: a cell of the grid is one kind on each of its sites."""
    return name.rsplit(".", 1)[-1]


def _shown(box: Element) -> bool:
    if box.tag == "input":
        return box.get("type", "text") in TYPED_IN - {"hidden"}
    return box.tag == "textarea"


@pytest.fixture
def walks(app: Flask, settings: Settings, session: Session) -> list[Walk]:
    """The pages and forms each role reaches in a demo clinic with a person at every stage."""
    one_each = {person.reached: person for person in PEOPLE}
    fill(db_engine(app), settings.files, now=clock.now(), people=tuple(one_each.values()))
    assert len(one_each) > len(Stage) - 3
    walks = []
    for role in Role:
        browser = app.test_client()
        assert isinstance(browser, Browser)
        form = browser.page("/sign-in").form("sign-in")
        username = {Role.FRONT_DESK: "frontdesk", Role.ADMINISTRATOR: "admin"}.get(role, str(role))
        assert browser.send(form, username=username, password=DEMO_PASSWORD).status_code == 303
        walk = Walk(app, browser)
        walk.go()
        walks.append(walk)
    return walks


def db_engine(app: Flask) -> Any:
    """Return the engine of the app under test."""
    with app.app_context():
        return db.engine


def test_nothing_that_is_typed_breaks_a_page_or_is_lost(
    walks: list[Walk], session: Session, settings: Settings
) -> None:
    sent, wrong = 0, []
    for walk in walks:
        for (endpoint, _), form in walk.forms.items():
            for box, typed in _attempts(endpoint, form):
                sent += 1
                wrong += [
                    (endpoint, box.get("name"), typed[:40], w) for w in _try(walk, form, box, typed)
                ]
    print(f"{sent} bad inputs sent")  # noqa: T201
    assert not wrong, "\n".join(map(str, wrong))
    assert audit.verify(session, home.audit_key(settings)).breaks == ()
    for walk in walks:
        for address in (address for seen in walk.pages.values() for address in seen):
            _holds_no_markup_of_others(walk.browser.get(address), address)


def _attempts(endpoint: str, form: Form) -> Iterator[tuple[Element, str]]:
    tried = set()
    for box in _boxes(form):
        kind = _kind(box.get("name"))
        if kind in tried:
            continue
        tried.add(kind)
        start = zlib.crc32(f"{endpoint} {kind}".encode())
        for step in range(SHARE):
            yield box, EVERY[(start + step * 7) % len(EVERY)]


def _try(walk: Walk, form: Form, box: Element, typed: str) -> Iterator[str]:
    """Send the form with one field ill filled, and yield what is wrong with the answer."""
    values = {**form.values, box.get("name"): typed}
    encoded = {key: _encodable(value) for key, value in values.items()}
    if form.method == "get":
        response = walk.browser.get(form.action, query_string=encoded)
    else:
        response = walk.browser.post(form.action, data=encoded)
    if response.status_code >= 500:
        yield f"answered {response.status_code}"
    elif response.status_code == 422 and _shown(box) and "<html" in response.text:
        page = Page(response, form.action)
        if not page.errors:
            yield "refused without a sentence"
        if not _still_there(page, box.get("name"), typed):
            yield "what was typed is gone"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return value


def _still_there(page: Page, name: str, typed: str) -> bool:
    if not typed.strip(" \u00a0\u200b\n\t") or any(
        ord(s) < 32 or 0xD800 <= ord(s) < 0xE000 for s in typed
    ):
        return True  # no page can hold these
    for form in page.forms:
        held = form.values.get(name)
        if held is not None:
            return normalize("NFC", str(held)).strip() == normalize("NFC", typed).strip()
    return False


def _holds_no_markup_of_others(response: Any, address: str) -> None:
    assert response.status_code < 500, address
    if response.mimetype != "text/html" or "<html" not in response.text:
        return
    page = Page(response, address)
    for link in page.root.all("a", "form", "iframe", "img", "script"):
        for name in ("href", "action", "src", "srcdoc"):
            where = link.get(name).strip().lower()
            assert not where.startswith(("javascript:", "data:text")), (address, where)
    assert not page.root.all("iframe", "math", "object", "embed"), address


def test_no_identifier_breaks_a_page(walks: list[Walk]) -> None:
    for walk in walks:
        for seen in walk.pages.values():
            address = seen[0]
            number = next((part for part in address.split("/") if part.isdigit()), None)
            for odd in IDENTIFIERS if number else ():
                response = walk.browser.get(address.replace(number or "", odd, 1))
                assert response.status_code < 500, (address, odd)
                assert response.status_code != 200, (address, odd)


def test_no_body_breaks_a_page(walks: list[Walk], app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    for walk in walks:
        for (endpoint, _), form in walk.forms.items():
            for body in BODIES if form.method == "post" else ():
                for kind in ("application/json", "application/x-www-form-urlencoded"):
                    response = walk.browser.post(form.action, data=body, content_type=kind)
                    assert response.status_code < 500, (endpoint, body[:20], kind)
