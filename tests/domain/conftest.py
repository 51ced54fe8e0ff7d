"""Name each case of a test so that it can be asked for alone, whatever its text holds."""

import pytest


def pytest_make_parametrize_id(
    config: pytest.Config, val: object, argname: str
) -> str | None:  # fmt: skip
    """Spell out what a test's name cannot hold: marks, accents, backslashes."""
    if not isinstance(val, str) or (val.isascii() and val.isprintable() and "\\" not in val):
        return None
    return "".join(
        c if c.isascii() and c.isprintable() and c != "\\" else f"({ord(c):x})" for c in val
    )
