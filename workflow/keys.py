"""Keep the installation's one secret, and derive from it a key for each purpose."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from workflow.settings import Unusable

LENGTH = 32


class Purpose(StrEnum):
    """What a derived key is for; a key of one purpose is worthless for another."""

    FORMS = "form cookie"
    CSRF = "csrf token"
    AUDIT = "audit mac"
    FINGERPRINT = "fingerprint"
    BACKUP = "backup mac"
    SEAL = "sealed columns"
    RECOVERY = "recovery codes"
    LINK = "patient link"


@dataclass(frozen=True, slots=True)
class Key:
    """The secret in memory; its bytes never reach a repr or a log."""

    secret: bytes = field(repr=False)

    def derive(self, purpose: Purpose) -> bytes:
        """Return 32 bytes for one purpose (HKDF with SHA-256, RFC 5869)."""
        extracted = hmac.digest(b"workflow", self.secret, "sha256")
        return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")

    @property
    def fingerprint(self) -> str:
        """Name the key without giving it away."""
        return hashlib.sha256(self.derive(Purpose.FINGERPRINT)).hexdigest()[:32]


def make(path: Path) -> Key:
    """Write a new key where none is, safe against power cuts; two racing makers get one key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(LENGTH))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails where a key already is, and never leaves half of one
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return read(path)


def read(path: Path) -> Key:
    """Return the key, or raise Unusable where it is lost, damaged or open to others."""
    try:
        secret = path.read_bytes()
        mode = path.stat().st_mode
    except OSError as lost:
        raise Unusable(
            f"The key {path} cannot be read. Put it back from where you keep it; "
            "without it this installation does not start."
        ) from lost
    if mode & 0o077:
        raise Unusable(f"Others may read the key {path}. Run: chmod 600 {path}")
    if len(secret) != LENGTH or len(set(secret)) < LENGTH // 4:
        raise Unusable(f"The key {path} is damaged. Put it back from where you keep it.")
    return Key(secret)
