"""Say dates, times, widths and lists the way the clinic prints them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from workflow.domain.anatomy import number_of, segment, segment_name, vein_name

_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def day_words(value: date) -> str:
    """Return a date as it is printed: '12 Mar 1961'."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def partial_day_words(value: str) -> str:
    """Return a date known in part: '2021' → '2021', '2026-05' → 'May 2026'."""
    parts = value.split("-")
    if len(parts) == 1:
        return value
    month = _MONTHS[int(parts[1]) - 1]
    return f"{month} {parts[0]}" if len(parts) == 2 else f"{int(parts[2])} {month} {parts[0]}"


def ms_words(value: int) -> str:
    """Return a reflux time: '2,400 ms'."""
    return f"{value:,} ms"


def mm_words(value: Decimal) -> str:
    """Return a width: '7.2 mm', '5 mm'."""
    return f"{plain_number(value)} mm"


def plain_number(value: Decimal) -> str:
    """Return a number without an exponent and without zeros at its end."""
    return f"{value.normalize():f}"


def listed(items: Iterable[str]) -> str:
    """Return items as a sentence lists them: 'a, b and c'."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(text: str) -> str:
    """Return a text with its first letter as a capital and the rest as it was."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=512)
def site_words(code: str) -> str:
    """Return a site in the middle of a sentence: 'great saphenous vein (mid thigh)'."""
    row = segment(code)
    if row is None:
        return code
    if row.numbered:
        name = row.name[0].lower() + row.name[1:]
        return f"{name} {number_of(code) or 1}"
    name, _, part = segment_name(code).partition(", ")
    vein = "" if row.junction or row.code in {"IVC", "TEL", "RET", "TE"} else " vein"
    lower = name if row.code == "GIAC" else name[0].lower() + name[1:]
    return f"{lower}{vein}{f' ({part})' if part else ''}"


def the_vein(vein: str) -> str:
    """Return a vein as the subject of a sentence: 'The great saphenous vein', 'Tributary 1'."""
    row = segment(vein)
    if row is not None and row.numbered:
        return capital(site_words(vein))
    return f"The {vein_name(vein)}"
