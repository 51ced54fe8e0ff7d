"""Make the secrets that open something, and know them again by what is stored of them."""

import hashlib
import re
import secrets

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def fresh() -> str:
    """Return a new secret of 256 random bits, as text for a cookie or an address."""
    return secrets.token_urlsafe(32)


def has_form(text: str) -> bool:
    """Say whether a text could be such a secret, before anything is looked up by it."""
    return _FORM.fullmatch(text) is not None


def digest(token: str) -> str:
    """Return the SHA-256 that alone is stored of a secret; any text somebody sends has one."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
