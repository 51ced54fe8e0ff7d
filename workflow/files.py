"""Keep signed bytes so that a power cut cannot lose them, named by what they hold.

A name is the SHA-256 of the content: a file is written once, and reading it checks it.
"""

import hashlib
import os
import secrets
from pathlib import Path


class Damaged(Exception):
    """The stored bytes are missing, or are no longer those that were stored."""


def put(folder: Path, content: bytes) -> str:
    """Store bytes durably and return their SHA-256; what is already there is left as it is.

    The file is on the disk (its bytes, then its name) before this returns, so that the row that
    names it may be committed afterwards.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = _path(folder, digest)
    if path.exists() and _holds(path, digest):
        return digest
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.parent / f".{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    for directory in (path.parent, folder):
        _sync(directory)
    return digest


def get(folder: Path, digest: str) -> bytes:
    """Return stored bytes after checking them; raises Damaged."""
    try:
        content = _path(folder, digest).read_bytes()
    except FileNotFoundError as missing:
        raise Damaged(digest) from missing
    if hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(digest)
    return content


def _path(folder: Path, digest: str) -> Path:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("A stored file is named by a SHA-256.")
    return folder / digest[:2] / digest


def _holds(path: Path, digest: str) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
