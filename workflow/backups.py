"""Take a consistent copy of an installation while it is in use, and put one back.

A backup holds the database at one instant and every stored file; never the key. Its manifest names
each part's SHA-256 and is signed with the key, so that a damaged or foreign backup is refused.
"""

import contextlib
import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from workflow import audit, home, keys
from workflow.keys import Key, Purpose
from workflow.models.base import canonical
from workflow.settings import Settings, Unusable

_DATABASE = "database"
_MANIFEST = "manifest.json"


def backup(settings: Settings, target: Path, at: datetime) -> None:
    """Write a backup to a new file, readable by its owner only; raises Unusable."""
    if target.exists():
        raise Unusable(f"{target} is already there. Backups are never written over.")
    home.kind_of(settings)
    key = keys.read(settings.key_file)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, _removed_on_failure(draft):
        database = Path(folder) / _DATABASE
        dump(settings, database)
        # The files after the database: a row never names bytes that the backup lacks.
        parts = {_DATABASE: database, **_stored(settings.files)}
        manifest = _manifest(parts, at, key)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as tar:
            listed = Path(folder) / _MANIFEST
            listed.write_text(manifest, encoding="utf-8")
            for name, path in {_MANIFEST: listed, **parts}.items():
                tar.add(path, arcname=name, recursive=False)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(target)


def restore(settings: Settings, source: Path) -> audit.Verdict:
    """Put a backup into a home that has a key and nothing else; returns what its log says.

    Everything is checked before the home is touched; raises Unusable with what does not hold.
    """
    key = keys.read(settings.key_file)
    if home.has_tables(settings) or any(settings.files.glob("*/*")):
        raise Unusable(f"{settings.home} already holds records. Restore into an empty home.")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.home) as name:
        folder = Path(name)
        try:
            with tarfile.open(source, "r:gz") as tar:
                tar.extractall(folder, filter="data")
        except (tarfile.TarError, OSError, EOFError) as broken:
            raise Unusable(f"{source} is not a backup, or is damaged.") from broken
        _check_manifest(folder, key, source)
        load(settings, folder / _DATABASE)
        if (folder / "files").is_dir():
            shutil.copytree(folder / "files", settings.files, dirs_exist_ok=True)
    return verdict(settings)


def verdict(settings: Settings, anchor: tuple[int, str] | None = None) -> audit.Verdict:
    """Read the audit log of an installation that may not be running."""
    home.kind_of(settings)
    engine = home.maintenance_engine(settings)
    try:
        with Session(engine) as session:
            return audit.verify(session, home.audit_key(settings), anchor)
    finally:
        engine.dispose()


def dump(settings: Settings, target: Path) -> None:
    """Copy the database as it is at one instant, while others go on writing."""
    file = settings.database_file
    if file is None:
        _postgresql(settings, "pg_dump", "--format=custom", f"--file={target}")
        return
    if not file.exists():
        raise Unusable(f"The database {file} is missing.")
    with (
        contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        found = copy.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        target.unlink()
        raise Unusable(f"The copied database does not hold: {found}")


def load(settings: Settings, source: Path) -> None:
    """Put a copied database in its place."""
    file = settings.database_file
    if file is None:
        _postgresql(settings, "pg_restore", "--no-owner", "--exit-on-error", str(source))
    else:
        shutil.copyfile(source, file)
        file.chmod(0o600)


def before_migrating(settings: Settings, at: datetime) -> Path:
    """Keep a copy of the database as it was before its tables change."""
    folder = settings.home / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"before-upgrade-{at:%Y%m%d-%H%M%S}"
    dump(settings, target)
    target.chmod(0o600)
    return target


def _stored(folder: Path) -> dict[str, Path]:
    return {f"files/{path.parent.name}/{path.name}": path for path in sorted(folder.glob("*/*"))}


def _manifest(parts: dict[str, Path], at: datetime, key: Key) -> str:
    body = {
        "at": at.isoformat(),
        "key": key.fingerprint,
        "parts": {name: _digest(path) for name, path in parts.items()},
    }
    return canonical({"body": body, "mac": _mac(key, body)})


def _check_manifest(folder: Path, key: Key, source: Path) -> None:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        body, mac = manifest["body"], manifest["mac"]
        parts = dict(body["parts"])
    except (OSError, ValueError, KeyError, TypeError) as broken:
        raise Unusable(f"{source} is not a backup, or is damaged.") from broken
    if not hmac.compare_digest(str(mac), _mac(key, body)):
        raise Unusable(f"{source} was not made with this key. Put its key into the home first.")
    found = {
        str(path.relative_to(folder)): _digest(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name != _MANIFEST
    }
    if found != parts:
        wrong = sorted(name for name in found.keys() | parts if found.get(name) != parts.get(name))
        raise Unusable(f"{source} is damaged: {wrong[0]} is not what was backed up.")


def _mac(key: Key, body: object) -> str:
    return hmac.digest(key.derive(Purpose.BACKUP), canonical(body).encode(), "sha256").hex()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _postgresql(settings: Settings, program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise Unusable(f"{program} is not installed. It comes with PostgreSQL's client programs.")
    url = make_url(settings.database_url).set(drivername="postgresql")
    plain = url.render_as_string(hide_password=False)
    done = subprocess.run(
        [program, f"--dbname={plain}", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Unusable(f"{program} failed: {done.stderr.strip().splitlines()[-1:] or ''}")


@contextlib.contextmanager
def _removed_on_failure(draft: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
