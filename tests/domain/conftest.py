"""Name each case so that it can be asked for alone; let none live by what was worked out before."""

import sys

import pytest


@pytest.fixture(autouse=True, scope="session")
def _nothing_kept_from_before() -> None:
    """Forget what the rules worked out before the first test."""
    for name, module in list(sys.modules.items()):
        if name.startswith("workflow.domain"):
            for value in list(vars(module).values()):
                if forget := getattr(value, "cache_clear", None):
                    forget()


def pytest_make_parametrize_id(
    config: pytest.Config, val: object, argname: str
) -> str | None:  # fmt: skip
    """Spell out what a test's name cannot hold: marks, accents, backslashes."""
    if not isinstance(val, str) or (val.isascii() and val.isprintable() and "\\" not in val):
        return None
    return "".join(
        c if c.isascii() and c.isprintable() and c != "\\" else f"({ord(c):x})" for c in val
    )
