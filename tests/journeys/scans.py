"""Fill a served clinic with scans that wait to be read, by the same verbs the web uses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests import factories
from tests.journeys.conftest import Served
from workflow import clock, create_app, issuing
from workflow.cases import import_case
from workflow.domain.staff import NEEDS_SECOND_FACTOR, Role
from workflow.extensions import db
from workflow.models.patient import Episode
from workflow.settings import Settings


@contextmanager
def records(clinic: Served) -> Iterator[Session]:
    """Open the records of a served clinic, as one of its commands does; commits at the end."""
    app = create_app(Settings.read(clinic.environ))
    with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        yield session
        session.commit()
        db.engine.dispose()


def scan(session: Session, name: str, case: str = "C01", *, waited: int = 0) -> Episode:
    """Bring a worked case in under another name; its scan has waited so many hours."""
    data = json.loads((factories.CASES / f"{case}.json").read_text(encoding="utf-8"))
    data |= {"id": f"{case}-{name}", "title": f"Worked case {case}"}
    data["patient"] |= {"name": name}
    at = clock.now() - timedelta(hours=waited)
    return import_case(session, data, at=at).episode


def people(session: Session) -> None:
    """Add the people these journeys sign in as."""
    for role in (Role.ADMINISTRATOR, Role.PHYSICIAN, Role.SONOGRAPHER, Role.FRONT_DESK):
        factories.staff(session, role)


def signed_in(page: Page, clinic: Served, role: Role) -> Page:
    """Sign somebody in through the page, by the keyboard, with their second factor."""
    page.goto("/")
    page.get_by_label("Username").focus()
    page.keyboard.type(role.replace(" ", ""))
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    if role in NEEDS_SECOND_FACTOR:
        with records(clinic) as session:
            code = factories.code(session, factories.staff(session, role))
        page.get_by_label("Code").focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    return page


def issued(session: Session, episode: Episode, kind: str = issuing.SCAN) -> int:
    """Return the version of the newest document of one kind, or 0."""
    newest = issuing.newest(session, episode, kind)
    return newest.version if newest else 0
