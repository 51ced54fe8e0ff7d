"""Decide whether a text is JSON that can be read without guessing."""

import json
import re
from math import isfinite
from typing import Any

from workflow.domain.errors import CaseRefused
from workflow.domain.shape import DEPTH_LIMIT, DIGIT_LIMIT


def loads(text: str) -> object:
    """Return what a JSON text holds; refuse what a lax reader would change without a word.

    Refuses duplicate keys, NaN and Infinity, numbers beyond 40 characters, nesting beyond 40
    levels, and text that is not JSON. Raises CaseRefused with the path `file`.
    """
    _bound_depth(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_constant=_no_constant,
            parse_int=_small_int,
            parse_float=_finite_float,
        )
    except ValueError as wrong:
        raise CaseRefused("file", f"is not valid JSON ({wrong}).") from wrong


def _bound_depth(text: str) -> None:
    depth, quoted, escaped = 0, False, False
    for character in text:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                raise CaseRefused("file", f"is nested deeper than {DEPTH_LIMIT} levels.")
        elif character in "]}":
            depth -= 1


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise CaseRefused(ascii(key)[1:-1], "stands twice in the same object.")
        found[key] = value
    return found


def _no_constant(word: str) -> float:
    raise CaseRefused("file", f"holds {word}, which is not a number.")


def _small_int(digits: str) -> int:
    if len(digits) > DIGIT_LIMIT:
        raise CaseRefused("file", f"holds a number of more than {DIGIT_LIMIT} characters.")
    return int(digits)


def _finite_float(digits: str) -> float:
    value = float(digits)
    if len(digits) > DIGIT_LIMIT or not isfinite(value):
        raise CaseRefused("file", "holds a number that is too large or too long.")
    if value == 0 and re.search("[1-9]", re.split("[eE]", digits)[0]):
        raise CaseRefused("file", "holds a number that is too small to keep.")
    return value
