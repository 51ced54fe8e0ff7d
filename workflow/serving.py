"""Decide whether this machine may serve this home now, and serve it."""

import fcntl
import os
import signal
import socket
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import waitress
from flask import Flask

from workflow import backups, database, home
from workflow.models.installation import Kind
from workflow.settings import Settings, Unusable

THREADS = 8
LARGEST_BODY = 13 * 1024 * 1024
"""What is read of any request before it is refused; a view says itself how much it takes."""

_FAR_AWAY = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs"})

Told = Callable[[str], None]


def check_machine(settings: Settings) -> None:
    """Make sure the program and the folder can do what is asked of them; raises Unusable."""
    os.umask(0o077)  # what is made from here on is its owner's alone
    if not settings.on_postgresql and sqlite3.sqlite_version_info < database.OLDEST_SQLITE:
        raise Unusable(
            f"Python's SQLite is {sqlite3.sqlite_version}; 3.37 or newer is needed. "
            "A newer Python brings it."
        )
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = settings.data / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as closed:
        raise Unusable(
            f"The folder {settings.data} cannot be written: {closed.strerror}."
        ) from closed
    kind = _file_system(settings.data)
    if not settings.on_postgresql and kind in _FAR_AWAY:
        raise Unusable(
            f"The folder {settings.data} is on another machine ({kind}). "
            "The database file must be on a disk of this one."
        )


def only_one(settings: Settings) -> int:
    """Keep a second server off this home while the returned descriptor is open."""
    descriptor = os.open(settings.data / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Unusable(
            f"Another server already serves {settings.home}. Stop it first, or use it."
        ) from None
    return descriptor


def listen(settings: Settings) -> socket.socket:
    """Take the port; raises Unusable where another program has it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()  # from here on the port is ours, though nobody is answered yet
    except OSError as taken:
        listener.close()
        raise Unusable(
            f"Port {settings.port} cannot be used: {taken.strerror}. "
            f"Stop the other program, or choose another: make run PORT={settings.port + 1}"
        ) from taken
    return listener


def bring_up_to_date(settings: Settings, at: datetime, told: Told) -> Kind:
    """Prepare a new demo, or bring what is here to this version after a backup."""
    if not home.has_key(settings) and not home.has_tables(settings):
        told("Making the demo clinic's database.")
        home.prepare(settings, Kind.DEMO, at)
        return Kind.DEMO
    if home.has_key(settings) and home.has_tables(settings) and not home.is_current(settings):
        told(f"Backing up to {backups.before_migrating(settings, at)}.")
        told("Bringing the tables to this version.")
    kind = home.kind_of(settings)
    home.prepare(settings, kind, at)
    return kind


def serve(app: Flask, settings: Settings, listener: socket.socket) -> NoReturn:
    """Answer browsers until told to stop."""
    server = waitress.create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident="",
        max_request_body_size=LARGEST_BODY,
        channel_timeout=60,
        clear_untrusted_proxy_headers=not settings.behind_proxy,
    )
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    finally:
        server.close()
    raise SystemExit(0)


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


def _file_system(folder: Path) -> str:
    """Name the kind of file system a folder is on, where Linux says it."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    best = ("", "")
    for line in mounts:
        _, point, kind, *_ = line.split(" ")
        if folder.is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]
