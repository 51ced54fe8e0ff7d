"""Give each test an installation of its own, on SQLite or (`--database postgresql`) PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from tests import factories, servers
from tests.browser import Browser
from workflow import clock, create_app, home
from workflow.domain.staff import NEEDS_SECOND_FACTOR, Role
from workflow.extensions import db
from workflow.models.installation import Kind
from workflow.settings import Settings


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose its database."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


@dataclass(frozen=True)
class Built:
    """A prepared installation that tests copy: preparing takes longer than copying."""

    home: Path
    server: str


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The PostgreSQL server of this run, or nothing on SQLite."""
    with ExitStack() as stack:
        on_postgresql = request.config.getoption("--database") == "postgresql"
        yield stack.enter_context(servers.postgresql()) if on_postgresql else ""


def _build(folder: Path, server: str, kind: Kind) -> Built:
    home_folder = folder / kind
    url = (
        servers.create_database(server, f"installed_{kind}")
        if server
        else f"sqlite:///{home_folder}/data/clinic.db"
    )
    settings = Settings(home=home_folder, database_url=url, testing=True)
    home.prepare(settings, kind, clock.now())
    return Built(home_folder, server)


@pytest.fixture(scope="session")
def built(server: str, tmp_path_factory: pytest.TempPathFactory) -> dict[Kind, Built]:
    """One installation of each kind, never used itself."""
    folder = tmp_path_factory.mktemp("installed")
    return {kind: _build(folder, server, kind) for kind in Kind}


@pytest.fixture
def kind() -> Kind:
    """What the installation under test is; a test may parametrize it."""
    return Kind.CLINIC


@pytest.fixture
def settings(built: dict[Kind, Built], kind: Kind, tmp_path: Path) -> Iterator[Settings]:
    """The settings of an installation of this test's own."""
    origin = built[kind]
    folder = tmp_path / "home"
    shutil.copytree(origin.home, folder)
    plain = Settings(home=folder, database_url=f"sqlite:///{folder}/data/clinic.db", testing=True)
    if not origin.server:
        yield plain
        return
    name = f"test_{abs(hash(tmp_path)):x}"
    url = servers.create_database(origin.server, name, template=f"installed_{kind}")
    yield replace(plain, database_url=url)
    servers.drop_database(origin.server, name)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where templates are kept compiled, so that each test's app need not do it again."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def app(settings: Settings, compiled: Path) -> Iterator[Flask]:
    """The app on this test's own installation."""
    app = create_app(settings)
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session for looking and arranging. Each request of a client commits it first."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as ours:
        app.config["TEST_SESSION"] = ours
        yield ours
        app.config["TEST_SESSION"] = None


@pytest.fixture
def client(app: Flask, session: Session) -> Browser:
    """A browser in which nobody is signed in."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


@pytest.fixture
def signed_in(app: Flask, session: Session) -> Callable[[Role], Browser]:
    """Return a browser in which a person of this role has signed in, through the page."""

    def sign_in(role: Role) -> Browser:
        staff = factories.staff(session, role)
        browser = app.test_client()
        assert isinstance(browser, Browser)
        code = factories.code(session, staff) if role in NEEDS_SECOND_FACTOR else ""
        response = browser.sign_in(staff.username, factories.PASSWORD, code)
        assert response.status_code == 303, response.text
        return browser

    return sign_in
