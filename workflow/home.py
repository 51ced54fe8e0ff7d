"""Decide whether a folder holds an installation that may be served, and make one where none is."""

import hashlib
import secrets
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from workflow import database, keys
from workflow.keys import Key, Purpose
from workflow.models.installation import Installation, Kind
from workflow.settings import Settings, Unusable

MIGRATIONS = Path(__file__).parent / "migrations"

_LOST = (
    "The clinic's database is missing or cannot be opened, though its key is here. "
    "Restore it from a backup; an empty one is never made in its place."
)
_passing_key = Key(secrets.token_bytes(keys.LENGTH))


def has_key(settings: Settings) -> bool:
    """Say whether this home was ever prepared."""
    return settings.key_file.exists()


def key(settings: Settings) -> Key:
    """Return the home's key; for a home not yet prepared, one that is gone with the process."""
    return keys.read(settings.key_file) if has_key(settings) else _passing_key


def audit_key(settings: Settings) -> bytes:
    """Return what the audit log is signed with."""
    return key(settings).derive(Purpose.AUDIT)


def prepare(settings: Settings, kind: Kind, at: datetime) -> str | None:
    """Make the home an installation of this kind, or bring its tables up to date.

    Returns the set-up token of a new clinic, else None. Raises Unusable with the sentence to show.
    """
    fresh = not has_key(settings)
    _refuse_a_lost_half(settings, fresh=fresh)
    for folder in (settings.home, settings.data, settings.files):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(settings)
    own = keys.make(settings.key_file) if fresh else keys.read(settings.key_file)
    engine = maintenance_engine(settings)
    try:
        with Session(engine) as session, session.begin():
            row = session.get(Installation, 1)
            if row is not None:
                _refuse_another(row, kind, own)
                return None
            token = secrets.token_urlsafe(24) if kind is Kind.CLINIC else None
            session.add(
                Installation(
                    id=1,
                    kind=kind,
                    key_fingerprint=own.fingerprint,
                    created_at=at,
                    setup_token_hash=hashlib.sha256(token.encode()).hexdigest() if token else None,
                )
            )
            return token
    finally:
        engine.dispose()


def kind_of(settings: Settings) -> Kind:
    """Return what this prepared home is, whatever the version of its tables."""
    fresh = not has_key(settings)
    _refuse_a_lost_half(settings, fresh=fresh)
    if fresh:
        raise Unusable(f"There is no installation in {settings.home} yet. Begin with: make run")
    engine = maintenance_engine(settings)
    try:
        with engine.connect() as connection:
            kind = connection.scalar(select(Installation.kind))
    except DBAPIError as lost:
        raise Unusable(_LOST) from lost
    finally:
        engine.dispose()
    if kind is None:
        raise Unusable("This database belongs to no installation, though its key is here.")
    return kind


def new_setup_token(settings: Settings) -> str | None:
    """Return a new token for a clinic that still waits for its first administrator, else None."""
    engine = maintenance_engine(settings)
    token = secrets.token_urlsafe(24)
    try:
        with Session(engine) as session, session.begin():
            row = session.get_one(Installation, 1)
            if row.setup_token_hash is None:
                return None
            row.setup_token_hash = hashlib.sha256(token.encode()).hexdigest()
            return token
    finally:
        engine.dispose()


def check(session: Session, settings: Settings) -> Kind:
    """Return what this installation is, or raise Unusable with why it may not be served."""
    own = keys.read(settings.key_file)
    try:
        found = MigrationContext.configure(session.connection()).get_current_heads()
        row = session.scalars(select(Installation)).first() if found else None
    except DBAPIError as lost:
        raise Unusable(_LOST) from lost
    if found != _newest():
        raise Unusable(
            "The tables of this database do not fit this version of the program. "
            "Start it with: make run"
        )
    if row is None:
        raise Unusable("This database belongs to no installation, though its key is here.")
    _refuse_another(row, row.kind, own)
    return row.kind


def migrate(settings: Settings) -> None:
    """Bring the tables to this version, on an engine of its own; all of it or nothing."""
    config = alembic_config()
    engine = maintenance_engine(settings)
    try:
        config.attributes["engine"] = engine
        command.upgrade(config, "head")
    finally:
        engine.dispose()


def is_current(settings: Settings) -> bool:
    """Say whether the tables are already those of this version."""
    engine = maintenance_engine(settings)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_heads() == _newest()
    finally:
        engine.dispose()


def has_tables(settings: Settings) -> bool:
    """Say whether the database holds anything yet."""
    file = settings.database_file
    if file is not None and not file.exists():
        return False
    engine = maintenance_engine(settings)
    try:
        return inspect(engine).has_table("installation")
    finally:
        engine.dispose()


def maintenance_engine(settings: Settings) -> Engine:
    """Return an engine that may change the tables, and makes the SQLite file where none is."""
    engine = create_engine(settings.database_url, poolclass=NullPool)
    database.govern_maintenance(engine)
    return engine


def alembic_config() -> Config:
    """Return Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _newest() -> tuple[str, ...]:
    return tuple(ScriptDirectory.from_config(alembic_config()).get_heads())


def _refuse_a_lost_half(settings: Settings, *, fresh: bool) -> None:
    file = settings.database_file
    if not fresh and file is not None and not file.exists():
        raise Unusable(
            f"The database {file} is missing, though its key is here. "
            "Restore it from a backup; an empty one is never made in its place."
        )
    if fresh and has_tables(settings):
        raise Unusable(
            f"The key {settings.key_file} is missing, though its database is here. "
            "Put it back from where you keep it; a new one would not fit."
        )


def _refuse_another(row: Installation, kind: Kind, own: Key) -> None:
    if row.kind is not kind:
        raise Unusable(
            f"This is a {row.kind} and not a {kind}. Invented patients and real ones never "
            "share a database: use another CLINIC_HOME."
        )
    if row.key_fingerprint != own.fingerprint:
        raise Unusable("The key is not the one this database belongs to. Put the right one back.")
