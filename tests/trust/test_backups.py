"""A backup is whole, is checked before it is put back, and never holds the key."""

import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from workflow import audit, backups, clock, database, files, home
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.audit import AuditRow
from workflow.settings import Settings, Unusable


@pytest.fixture
def engine(app: Flask, settings: Settings) -> Engine:
    if settings.on_postgresql and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not on the PATH")
    with app.app_context():
        return db.engine


def _elsewhere(settings: Settings, folder: Path) -> Settings:
    if settings.on_postgresql:
        pytest.skip("restoring needs an empty database: the SQLite run tries it")
    place = replace(settings, home=folder, database_url=f"sqlite:///{folder}/data/clinic.db")
    place.key_file.parent.mkdir(parents=True)
    shutil.copy(settings.key_file, place.key_file)
    return place


def test_a_backup_taken_while_others_write_holds_one_instant(
    engine: Engine, session: Session, settings: Settings, tmp_path: Path
) -> None:
    factories.staff(session, Role.PHYSICIAN)
    session.close()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with database.transaction(engine) as writing:
                audit.record(writing, "look", "thing", 1, by=None, at=clock.now())

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    digest = files.put(settings.files, b"%PDF-1.7 signed")
    backups.backup(settings, tmp_path / "backup", clock.now())
    stop.set()
    for writer in writers:
        writer.join()
    there = _elsewhere(settings, tmp_path / "restored")
    found = backups.restore(there, tmp_path / "backup")
    assert found.breaks == ()
    assert 1 <= found.rows <= (session.scalar(select(func.count(AuditRow.seq))) or 0)
    assert files.get(there.files, digest) == b"%PDF-1.7 signed"
    assert home.is_current(there)


def test_a_backup_is_its_owners_alone_and_without_the_key(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    backups.backup(settings, target, clock.now())
    assert target.stat().st_mode & 0o077 == 0
    with tarfile.open(target) as tar:
        assert not [name for name in tar.getnames() if "key" in name]
        secret = settings.key_file.read_bytes()
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            assert secret not in content.read()


def test_a_backup_is_never_written_over(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("precious")
    with pytest.raises(Unusable, match="already there"):
        backups.backup(settings, tmp_path / "backup", clock.now())
    assert (tmp_path / "backup").read_text() == "precious"


def _unpacked(source: Path, folder: Path) -> Path:
    with tarfile.open(source) as tar:
        tar.extractall(folder, filter="data")
    return folder


def _packed(folder: Path, target: Path) -> Path:
    with tarfile.open(target, "w:gz") as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                tar.add(path, arcname=str(path.relative_to(folder)))
    return target


def test_a_backup_that_was_changed_is_refused(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    digest = files.put(settings.files, b"signed")
    backups.backup(settings, tmp_path / "backup", clock.now())
    name = f"files/{digest[:2]}/{digest}"
    changes: tuple[Callable[[Path], object], ...] = (
        lambda folder: (folder / "database").write_bytes(b"other"),
        lambda folder: (folder / name).unlink(),
        lambda folder: (folder / name).replace(folder / "files" / "moved"),
        lambda folder: (folder / "extra").write_text("more"),
        lambda folder: (folder / "manifest.json").write_text("{}"),
        lambda folder: (folder / "manifest.json").unlink(),
    )
    for number, change in enumerate(changes):
        folder = _unpacked(tmp_path / "backup", tmp_path / f"unpacked{number}")
        change(folder)
        changed = _packed(folder, tmp_path / f"changed{number}")
        there = _elsewhere(settings, tmp_path / f"restored{number}")
        with pytest.raises(Unusable, match=r"damaged|not a backup|not made with"):
            backups.restore(there, changed)
        assert not home.has_tables(there)


def test_a_backup_cut_short_is_refused(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    backups.backup(settings, tmp_path / "backup", clock.now())
    whole = (tmp_path / "backup").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    there = _elsewhere(settings, tmp_path / "restored")
    with pytest.raises(Unusable, match="not a backup, or is damaged"):
        backups.restore(there, tmp_path / "cut")


def test_another_installations_backup_is_refused(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    backups.backup(settings, tmp_path / "backup", clock.now())
    there = _elsewhere(settings, tmp_path / "restored")
    there.key_file.write_bytes(bytes(range(32)))
    with pytest.raises(Unusable, match="not made with this key"):
        backups.restore(there, tmp_path / "backup")


def test_nothing_is_restored_over_records(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    backups.backup(settings, tmp_path / "backup", clock.now())
    with pytest.raises(Unusable, match="already holds records"):
        backups.restore(settings, tmp_path / "backup")


def test_a_stored_file_is_checked_each_time_it_is_read(tmp_path: Path) -> None:
    digest = files.put(tmp_path, b"as signed")
    assert files.put(tmp_path, b"as signed") == digest
    assert files.get(tmp_path, digest) == b"as signed"
    path = tmp_path / digest[:2] / digest
    path.chmod(0o600)
    path.write_bytes(b"as forged")
    with pytest.raises(files.Damaged):
        files.get(tmp_path, digest)
    assert files.put(tmp_path, b"as signed") == digest
    assert files.get(tmp_path, digest) == b"as signed"
    path.unlink()
    with pytest.raises(files.Damaged):
        files.get(tmp_path, digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_a_stored_file_has_no_other_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.get(tmp_path, name)


def test_what_is_copied_before_an_upgrade_can_be_opened(
    engine: Engine, session: Session, settings: Settings
) -> None:
    factories.staff(session, Role.PHYSICIAN)
    copy = backups.before_migrating(settings, clock.now())
    assert copy.stat().st_mode & 0o077 == 0
    if not settings.on_postgresql:
        with sqlite3.connect(copy) as opened:
            assert opened.execute("SELECT name FROM staff").fetchone() == ("Phil Test",)
