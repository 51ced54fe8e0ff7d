"""Decide whether a value has the shape a case file promises.

Every reader takes a value and the path of its key, and returns the typed value or raises
CaseRefused with that path. `null` and absent are the same: the question was not asked.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from math import isfinite
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from workflow.domain.anatomy import Leg
from workflow.domain.errors import CaseRefused

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Reader = Callable[[Any, str], T]

TEXT_LIMIT = 500
DEPTH_LIMIT = 40
DIGIT_LIMIT = 40
NOTHING: Mapping[str, Any] = MappingProxyType({})

# Bidirectional overrides and isolates reorder what a person reads, a birth date among it.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sides(Generic[T]):
    """One value for each leg, as a case file holds it under `R` and `L`; None = not asked."""

    right: T | None = None
    left: T | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def of(self, leg: Leg) -> T | None:
        """Return the value of one leg, or None where it was not asked."""
        return self.right if leg is Leg.RIGHT else self.left


def text(value: Any, path: str, *, limit: int = TEXT_LIMIT, lines: bool = False) -> str:
    """Return a text of at most `limit` characters without control characters."""
    if not isinstance(value, str):
        raise CaseRefused(path, "must be text.")
    if len(value) > limit:
        raise CaseRefused(path, f"is longer than {limit} characters.")
    allowed = "\n" if lines else ""
    for character in value:
        category = unicodedata.category(character)
        if category == "Cs" or (category == "Cc" and character not in allowed):
            raise CaseRefused(path, "holds a control character or a broken character.")
    if _REORDERING.search(value):
        raise CaseRefused(path, "holds a character that reorders the text around it.")
    return value


def named(value: Any, path: str) -> str:
    """Return a text that says something: more than spaces, at most 200 characters."""
    word = text(value, path, limit=200)
    if not any(unicodedata.category(c)[0] in "LNPS" for c in word):
        raise CaseRefused(path, "must not be empty.")
    return word


def boolean(value: Any, path: str) -> bool:
    """Return true or false; 0 and 1 are numbers, not answers."""
    if not isinstance(value, bool):
        raise CaseRefused(path, "must be true or false.")
    return value


def whole(low: int, high: int) -> Reader[int]:
    """Return a reader of whole numbers from `low` to `high`, both included."""

    def read(value: Any, path: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise CaseRefused(path, f"must be a whole number from {low} to {high}.")
        if not low <= value <= high:
            raise CaseRefused(path, f"is {_short(value)}; it must be from {low} to {high}.")
        return value

    return read


def number(low: str, high: str) -> Reader[Decimal]:
    """Return a reader of decimal numbers from `low` to `high`, both included."""
    least, most = Decimal(low), Decimal(high)

    def read(value: Any, path: str) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise CaseRefused(path, f"must be a number from {low} to {high}.")
        if isinstance(value, float) and not isfinite(value):
            raise CaseRefused(path, f"must be a number from {low} to {high}.")
        if isinstance(value, int) and abs(value) > 10**DIGIT_LIMIT:
            raise CaseRefused(path, f"must be from {low} to {high}.")
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not exact.is_finite() or not least <= exact <= most:
            raise CaseRefused(path, f"is {_short(value)}; it must be from {low} to {high}.")
        return exact

    return read


def _short(value: object) -> str:
    return str(value)[:24]


def member(kind: type[E]) -> Reader[E]:
    """Return a reader of the words of an enumeration."""
    known = {str(each): each for each in kind}

    def read(value: Any, path: str) -> E:
        if isinstance(value, str) and value in known:
            return known[value]
        raise CaseRefused(path, f"must be one of: {', '.join(known)}.")

    return read


def one_of(*words: str) -> Reader[str]:
    """Return a reader of the words of a fixed list."""

    def read(value: Any, path: str) -> str:
        if isinstance(value, str) and value in words:
            return value
        raise CaseRefused(path, f"must be one of: {', '.join(words)}.")

    return read


def either(first: Reader[Any], second: Reader[Any], *, when: type) -> Reader[Any]:
    """Return a reader that takes `first` for values of the type `when`, `second` for others."""
    return lambda value, path: (first if isinstance(value, when) else second)(value, path)


def day(value: Any, path: str) -> date:
    """Return a full date written as YYYY-MM-DD, from the year 1850 to 2200."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            found = date.fromisoformat(value)
            if 1850 <= found.year <= 2200:
                return found
    except ValueError:
        pass
    raise CaseRefused(path, "must be a date that exists, written as YYYY-MM-DD.")


def partial_day(value: Any, path: str) -> str:
    """Return a date known to the year, the month or the day, kept as it was written."""
    found = _PARTIAL.fullmatch(value) if isinstance(value, str) else None
    if found:
        parts = [int(part) for part in found.groups(default="1")]
        try:
            if 1850 <= date(*parts).year <= 2200:
                return str(value)
        except ValueError:
            pass
    raise CaseRefused(path, "must be a date written as YYYY, YYYY-MM or YYYY-MM-DD.")


def several(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """Return a reader of lists whose items `read` reads."""

    def read_list(value: Any, path: str) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise CaseRefused(path, "must be a list.")
        if len(value) > 500:
            raise CaseRefused(path, "holds more than 500 items.")
        return tuple(read(item, f"{path}[{at}]") for at, item in enumerate(value))

    return read_list


def mapping(value: Any, path: str) -> Mapping[str, Any]:
    """Return an object, or refuse what is not one."""
    if not isinstance(value, Mapping):
        raise CaseRefused(path, "must be an object.")
    return value


def build(
    kind: Callable[..., T],
    readers: Mapping[str, Reader[Any]],
    value: Any,
    path: str,
    *,
    needs: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> T:
    """Return a `kind` from an object: known keys read, unknown keys and nulls kept in `extra`."""
    given = mapping(value, path)
    below = partial(_join, path)
    known = {key: given[key] for key in readers if given.get(key) is not None}
    for key in needs:
        if key not in known:
            raise CaseRefused(below(key), "is missing.")
    values = {key: readers[key](raw, below(key)) for key, raw in known.items()}
    kept = {key: given[key] for key in given if key not in known and key not in ignore}
    for key, raw in kept.items():
        _check_kept(key, path, 0)
        _check_kept(raw, below(key), 1)
    return kind(**values, extra=MappingProxyType(kept) if kept else NOTHING)


def sides(read: Reader[T]) -> Reader[Sides[T]]:
    """Return a reader of objects that hold one value under `R` and one under `L`."""

    def make(*, extra: Mapping[str, Any], **given: T) -> Sides[T]:
        return Sides(given.get("R"), given.get("L"), extra)

    return lambda value, path: build(make, {"R": read, "L": read}, value, path)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else str(key)


def _check_kept(value: Any, path: str, depth: int) -> None:
    """Refuse in an unknown key what no database or reader could hand back."""
    if depth > DEPTH_LIMIT:
        raise CaseRefused(path, f"is nested deeper than {DEPTH_LIMIT} levels.")
    if isinstance(value, Mapping):
        for key, item in value.items():
            text(key, path)
            _check_kept(item, _join(path, key), depth + 1)
    elif isinstance(value, list | tuple):
        for at, item in enumerate(value):
            _check_kept(item, f"{path}[{at}]", depth + 1)
    else:
        _check_kept_scalar(value, path)


def _check_kept_scalar(value: Any, path: str) -> None:
    if isinstance(value, str):
        text(value, path, limit=20_000, lines=True)
    elif isinstance(value, float) and not isfinite(value):
        raise CaseRefused(path, "is not a number.")
    elif not isinstance(value, int | float | bool | None):
        raise CaseRefused(path, "is not a value that JSON can hold.")


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: numbers, words, lists and objects."""
    if isinstance(value, Sides):
        return {**value.extra, **_present({"R": value.right, "L": value.left})}
    if hasattr(value, "__dataclass_fields__"):
        known = {
            f.name: getattr(value, f.name) for f in fields(value) if f.init and f.name != "extra"
        }
        return {**getattr(value, "extra", NOTHING), **_present(known)}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return int(value) if isinstance(exponent, int) and exponent >= 0 else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: plain(value) for key, value in values.items() if value is not None}
