"""Start a PostgreSQL server that belongs to the tests alone, and is gone with them."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_OPTIONS = (
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 "
    "-c listen_addresses=127.0.0.1"
)


def programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, or None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the URL of a new server, without a database name."""
    bin_folder = programs()
    if bin_folder is None:
        raise RuntimeError("PostgreSQL is not installed: initdb was not found.")
    # Not below pytest's own folder: a socket's path may only be 107 characters long.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _give_to_a_plain_user(folder)
    port = _free_port()
    data = folder / "data"

    def run(*arguments: str) -> None:
        subprocess.run(
            [str(bin_folder / arguments[0]), *arguments[1:]],
            check=True,
            user=user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )

    run("initdb", "-D", str(data), "-U", "clinic", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"{_OPTIONS} -k {folder} -p {port}"
    try:
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql+psycopg://clinic@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server: str, name: str, template: str = "") -> str:
    """Make a database, perhaps as a copy of another, and return its URL."""
    made_from = f' TEMPLATE "{template}"' if template else ""
    _run(server, f'CREATE DATABASE "{name}"{made_from}')
    return f"{server}/{name}"


def drop_database(server: str, name: str) -> None:
    """Remove a database, whoever is still connected."""
    _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(server: str, statement: str) -> None:
    plain = server.replace("+psycopg", "") + "/postgres"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


def _give_to_a_plain_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        shutil.chown(folder, name)
        return name
    return None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
