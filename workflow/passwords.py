"""Decide whether a password is right, and whether a new one is good enough."""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflow.domain.errors import Refused

SHORTEST = 15
LONGEST = 256

# Each check takes 64 MiB: a morning's sign-ins wait for one another rather than for the machine.
_TURNS = threading.BoundedSemaphore(2)
_LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_hasher = PasswordHasher()


def lighten() -> None:
    """Make hashing quick, for tests."""
    global _hasher
    _hasher = _LIGHT


def hashed(password: str) -> str:
    """Return what is stored for a password (Argon2id)."""
    with _TURNS:
        return _hasher.hash(_folded(password))


def is_right(stored: str | None, password: str) -> bool:
    """Say whether a password fits; takes as long when there is nobody to fit it to."""
    if len(password) > LONGEST:
        password = ""
    hasher = _hasher
    stored = stored or _decoy(hasher)
    with _TURNS:
        try:
            return hasher.verify(stored, _folded(password))
        except (VerificationError, InvalidHashError):
            return False


def check(password: str, username: str) -> None:
    """Refuse a new password that is too easy; the length is what protects (NIST SP 800-63B)."""
    if len(password) < SHORTEST:
        raise Refused(f"Use at least {SHORTEST} characters. Four or five plain words do well.")
    if len(password) > LONGEST:
        raise Refused(f"Use at most {LONGEST} characters.")
    if username and username.casefold() in password.casefold():
        raise Refused("A password must not hold the username.")
    if len(set(password)) < 6:
        raise Refused("This password repeats too few characters.")


@cache
def _decoy(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")


def _folded(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
