"""Seal what must be read again but never lie open in the database: a second factor's secret.

AES-256-GCM under a key of its own purpose; the place a text belongs to is part of the seal, so that
one row's sealed text is worthless in another's. What need not be read again is fingerprinted.
"""

import hmac
import secrets
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow.keys import Key, Purpose

_NONCE_BYTES = 12
_SEAL, _FINGERPRINT = "seal_key", "fingerprint_key"


class Broken(Exception):
    """A sealed text was changed, belongs elsewhere, or was sealed under another key."""


def arm(engine: Engine, key: Key) -> None:
    """Give an engine the keys its sealed columns are read with."""
    engine.update_execution_options(
        **{_SEAL: key.derive(Purpose.SEAL), _FINGERPRINT: key.derive(Purpose.RECOVERY)}
    )


def seal(session: Session, text: str, *, place: str) -> str:
    """Return a text as it may be stored in `place`, which names table, row and column."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key(session, _SEAL)).encrypt(nonce, text.encode(), place.encode())
    return b64encode(nonce + sealed).decode()


def unseal(session: Session, sealed: str, *, place: str) -> str:
    """Return what was sealed for this place; raises Broken."""
    try:
        stored = b64decode(sealed, validate=True)
        nonce, rest = stored[:_NONCE_BYTES], stored[_NONCE_BYTES:]
        return AESGCM(_key(session, _SEAL)).decrypt(nonce, rest, place.encode()).decode()
    except (InvalidTag, ValueError) as changed:
        raise Broken(place) from changed


def fingerprint(session: Session, text: str, *, place: str) -> str:
    """Return a keyed hash: who copies the database alone cannot try texts against it."""
    return hmac.digest(_key(session, _FINGERPRINT), f"{place}\n{text}".encode(), "sha256").hex()


def _key(session: Session, name: str) -> bytes:
    key: bytes = session.connection().engine.get_execution_options()[name]
    return key
