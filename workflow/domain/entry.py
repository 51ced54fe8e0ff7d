"""Read what a person types: numbers with their units, dates, names and text.

Each reader returns the value, or raises Refused with a sentence that says what to type instead.
Nothing is guessed: what could mean two things is refused, never silently changed.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from workflow.domain.errors import Refused

_NUMBER = re.compile(r"([0-9]{1,6})(?:([.,])([0-9]{1,6}))?", re.ASCII)
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MESES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_EMPTY = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_MARKS_A_LETTER = 5
_OLDEST = date(1900, 1, 1)


def number(text: str, *, low: Decimal, high: Decimal, places: int, unit: str) -> Decimal:
    """Read a plain decimal within `low`–`high` and at most `places` decimals.

    Point or comma, ASCII digits only; no sign, exponent, thousands mark or trailing unit other
    than `unit`. Raises Refused with what to type.
    """
    bare = text.strip().removesuffix(unit).strip() if unit else text.strip()
    match = _NUMBER.fullmatch(bare)
    span = f"from {_plain(low)} to {_plain(high)}{' ' + unit if unit else ''}"
    if not match:
        raise Refused(f"“{text.strip()[:40]}” is not a number. Type one {span}.")
    if match[3] and len(match[3]) > places:
        if len(match[3]) == len("000") and match[3] == "000":
            raise Refused(f"“{text.strip()}” can be read in two ways. Type it without a mark.")
        some = "1 decimal" if places == 1 else f"{places} decimals"
        decimals = "a whole number" if places == 0 else f"at most {some}"
        raise Refused(f"Type {decimals}, {span}.")
    value = Decimal(f"{match[1]}.{match[3]}") if match[3] else Decimal(match[1])
    if not low <= value <= high:
        raise Refused(f"{bare} is out of range. Type a number {span}.")
    return value


_REFLUX = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,3}))?\s*(ms|s)?", re.ASCII | re.IGNORECASE)


def reflux_ms(text: str) -> int | None:
    """Read a reflux time; milliseconds, or seconds with their unit. None clears the cell.

    '2400', '2.4s' and '2,4 s' are 2400 ms; '0' or 'n' is 0 (looked for, none seen); '-' clears.
    '2.4' without a unit is refused, for it could be either. Range 0–20000 ms.
    """
    typed = text.strip()
    if typed in {"", "-"}:
        return None
    if typed.lower() == "n":
        return 0
    match = _REFLUX.fullmatch(typed)
    if not match:
        raise Refused(f"“{typed[:40]}” is not a reflux time. Type 2400, or 2.4s.")
    whole, part, unit = match[1], match[2], (match[3] or "").lower()
    if unit == "s":
        ms = int(Decimal(f"{whole}.{part or 0}") * 1000)  # at most three decimals were let in
    elif part is not None:
        raise Refused(f"Is “{typed}” seconds or milliseconds? Type {typed}s, or the milliseconds.")
    else:
        ms = int(whole)
    if ms > 20_000:
        raise Refused(f"{ms} ms is out of range. A reflux time is 0 to 20000 ms.")
    return ms


_LENGTH = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,4}))?\s*(mm|cm)?", re.ASCII | re.IGNORECASE)


def diameter_mm(text: str) -> Decimal | None:
    """Read a diameter in millimetres (or with 'cm'), to one decimal, 0.5–40. None clears."""
    typed = text.strip()
    if typed in {"", "-"}:
        return None
    match = _LENGTH.fullmatch(typed)
    if not match:
        raise Refused(f"“{typed[:40]}” is not a diameter. Type millimetres, such as 6.2.")
    value = Decimal(f"{match[1]}.{match[2] or 0}")
    if (match[3] or "").lower() == "cm":
        value *= 10
    if value != value.quantize(Decimal("0.1")):
        raise Refused(f"Type the diameter to one decimal: {value.quantize(Decimal('0.1'))}.")
    if not Decimal("0.5") <= value <= 40:
        raise Refused(f"{_plain(value)} mm is out of range. A diameter is 0.5 to 40 mm.")
    return value.quantize(Decimal("0.1"))


def line(text: str, *, longest: int, name: str = "This") -> str:
    """Read one line of free text: NFC, trimmed, no control or direction-changing character.

    A space that only looks like one is trimmed too. Raises Refused where it is too long.
    """
    cleaned = unicodedata.normalize("NFC", text).strip().strip("".join(_EMPTY)).strip()
    if any(character in "\t\r\n\x0b\x0c\x85\u2028\u2029" for character in cleaned):
        raise Refused(f"{name} must be on one line.")
    return _checked(cleaned, longest, name)


def paragraphs(text: str, *, longest: int, name: str = "This") -> str:
    """Read free text of several lines; line ends become a plain newline."""
    cleaned = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    _checked(cleaned.replace("\n", " ").replace("\t", " "), longest, name)
    return cleaned


def _checked(cleaned: str, longest: int, name: str) -> str:
    if not cleaned.strip("".join(_EMPTY) + " "):
        return ""
    if len(cleaned) > longest:
        raise Refused(f"{name} is {len(cleaned)} characters long; at most {longest} fit.")
    marks = 0
    for character in cleaned:
        category = unicodedata.category(character)
        if character in _BIDI or category in {"Cc", "Cs", "Co", "Cn"}:
            raise Refused(f"{name} holds a character that cannot be kept (U+{ord(character):04X}).")
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > _MARKS_A_LETTER:
            raise Refused(f"{name} has too many accents on one letter.")
    return cleaned


def day(day_text: str, month_text: str, year_text: str, *, earliest: date = _OLDEST) -> date:
    """Read a known date typed as day, month (number or name) and four-digit year.

    Raises Refused naming what is missing or wrong. ASCII digits only.
    """
    parts = {"day": day_text.strip(), "month": month_text.strip(), "year": year_text.strip()}
    if missing := [name for name, value in parts.items() if not value]:
        raise Refused(f"The date needs a {' and a '.join(missing)}.")
    if not re.fullmatch(r"[0-9]{1,2}", parts["day"], re.ASCII):
        raise Refused("The day is a number from 1 to 31.")
    if not re.fullmatch(r"[0-9]{4}", parts["year"], re.ASCII):
        raise Refused("The year has four digits, such as 1961.")
    try:
        value = date(int(parts["year"]), _month(parts["month"]), int(parts["day"]))
    except ValueError:
        raise Refused("There is no such day. Check day, month and year.") from None
    if value < earliest:
        raise Refused(f"The date is before {earliest.day} {earliest:%b %Y}. Check the year.")
    return value


def iso_day(text: str) -> date:
    """Read a strict ISO date (2026-05-04), ASCII digits only, or raise Refused."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise Refused("Type the date as year-month-day, such as 2026-05-04.")


def one_day(text: str) -> date:
    """Read a date typed in one box: 12 Mar 2026, 12 3 2026, or 2026-03-12. Raises Refused."""
    typed = " ".join(text.replace(",", " ").split())
    if re.fullmatch(r"[0-9]{4}-.*", typed, re.ASCII):
        return iso_day(typed)
    parts = typed.split(" ")
    if len(parts) != 3:
        raise Refused("Type the date as day, month and year, such as 12 Mar 2026.")
    return day(*parts)


def _month(text: str) -> int:
    """Read a month as a number or by (the beginning of) its name, in English or Spanish."""
    if re.fullmatch(r"[0-9]{1,2}", text, re.ASCII):
        return int(text)
    word = text.casefold().rstrip(".")
    for names in (_MONTHS, _MESES):
        for index, name in enumerate(names, start=1):
            if len(word) >= 3 and name.startswith(word):
                return index
    raise Refused("The month is a number from 1 to 12, or its name.")


def folded(text: str) -> str:
    """Return a search key: case folded, accents off, marks and hyphens as spaces."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o"))
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w']+", " ", bare).replace("'", "").split())


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def clock_time(text: str) -> str:
    """Read a time of day as '08:05', from 24-hour ('8:05', '0805') or 12-hour ('8:05 am') words."""
    match = re.fullmatch(
        r"([0-9]{1,2})[:.]?([0-9]{2})?\s*([ap])?\.?(?:m\.?)?", text.strip().lower(), re.ASCII
    )
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
            half = None
        if half is None and hour < 24 and minute < 60:
            return f"{hour:02d}:{minute:02d}"
    raise Refused(f"“{text.strip()[:20]}” is not a time. Type one such as 14:30.")
