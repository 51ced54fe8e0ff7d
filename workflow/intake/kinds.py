"""Decide what a typed answer means, and how a stored answer is written back into its box.

A cell is the text of one question. Every kind reads a cell into a JSON value (None = not asked)
or raises Refused with what to type instead, and writes a JSON value as the cell that reads back
as that value.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from workflow.domain import entry
from workflow.domain.errors import Refused

NONE = "none"
"""The word of the box that says: asked, and there is none."""

Choices = tuple[tuple[str, str], ...]


class Kind(Protocol):
    """How one kind of question is drawn, read and written."""

    @property
    def look(self) -> str:
        """Name the macro that draws it."""
        ...

    def cell(self, sent: Sequence[str]) -> str:
        """Join what a form sent under the question's name into its cell."""
        ...

    def read(self, cell: str) -> Any:
        """Return the JSON value of a cell, None where it is empty; raise Refused."""
        ...

    def write(self, value: Any) -> str:
        """Return the cell of a stored value."""
        ...

    def said(self, cell: str) -> str:
        """Return a cell in the words a person reads."""
        ...


class _OneCell:
    """What kinds share whose cell is the text of one box."""

    def cell(self, sent: Sequence[str]) -> str:
        return sent[-1].strip() if sent else ""

    def write(self, value: Any) -> str:
        return "" if value is None else str(value)

    def said(self, cell: str) -> str:
        return cell or "not asked"


@dataclass(frozen=True, slots=True)
class YesNo(_OneCell):
    """Yes, no, or not asked. `numeric` stores 1 and 0, as the scores count."""

    numeric: bool = False
    look: str = "yes_no"

    def read(self, cell: str) -> bool | int | None:
        """Return the answer, None where it was not asked."""
        if cell not in {"yes", "no", ""}:
            raise Refused("Choose yes, no or not asked.")
        answer = None if not cell else cell == "yes"
        return int(answer) if self.numeric and answer is not None else answer

    def write(self, value: Any) -> str:
        """Return 'yes', 'no' or an empty text."""
        return "" if value is None else "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Ticked(_OneCell):
    """One box that stands for itself: ticked, or nothing said."""

    look: str = "ticked"

    def cell(self, sent: Sequence[str]) -> str:
        """Return 'yes' where the box was ticked."""
        return "yes" if "yes" in sent else ""

    def read(self, cell: str) -> bool | None:
        """Return True or None."""
        return True if cell else None

    def write(self, value: Any) -> str:
        """Return 'yes' or an empty text."""
        return "yes" if value else ""

    def said(self, cell: str) -> str:
        """Return the word a person reads."""
        return "ticked" if cell else "not ticked"


@dataclass(frozen=True, slots=True)
class Pick(_OneCell):
    """One of a closed list."""

    choices: Choices
    whole: bool = False
    look: str = "pick"

    def read(self, cell: str) -> str | int | None:
        """Return the picked word, or number where the list is of numbers."""
        if not cell:
            return None
        if cell not in dict(self.choices):
            raise Refused("Choose one of the listed answers.")
        return int(cell) if self.whole else cell

    def said(self, cell: str) -> str:
        """Return the words beside the choice."""
        return dict(self.choices).get(cell, cell) or "not asked"


@dataclass(frozen=True, slots=True)
class Number(_OneCell):
    """A plain number in one unit."""

    low: str
    high: str
    places: int = 0
    unit: str = ""
    look: str = "number"

    def read(self, cell: str) -> int | float | None:
        """Return the number; whole ones as int."""
        if not cell:
            return None
        low, high = Decimal(self.low), Decimal(self.high)
        value = entry.number(cell, low=low, high=high, places=self.places, unit=self.unit)
        return plain(value)

    def write(self, value: Any) -> str:
        """Return the number without trailing noughts."""
        return "" if value is None else str(plain(Decimal(str(value))))


_FEET = re.compile(
    r"([3-8])\s*(?:ft|feet|foot|['’′])\s*(?:([0-9]{1,2})\s*(?:in|inches|[\"”″]|'')?)?"
)
_INCHES = re.compile(r"([0-9]{2})\s*(?:in|inches|[\"”″])")
_POUNDS = re.compile(r"([0-9]{1,4}(?:[.,][0-9])?)\s*(?:lbs?|pounds?)")
_CM_AN_INCH = Decimal("2.54")
_KG_A_POUND = Decimal("0.45359237")
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Height(_OneCell):
    """A height, typed in centimetres or in feet and inches, kept in centimetres."""

    look: str = "number"
    unit: str = ""

    def read(self, cell: str) -> int | float | None:
        """Return centimetres, 50–250, to one decimal."""
        if not cell:
            return None
        typed = cell.lower().strip()
        if feet := _FEET.fullmatch(typed):
            inches = int(feet[1]) * 12 + int(feet[2] or 0)
            if int(feet[2] or 0) > 11:
                raise Refused("Inches go from 0 to 11. Type 5 ft 6, or centimetres such as 168.")
            return plain((inches * _CM_AN_INCH).quantize(_TENTH, ROUND_HALF_UP))
        if inches_only := _INCHES.fullmatch(typed):
            return plain((int(inches_only[1]) * _CM_AN_INCH).quantize(_TENTH, ROUND_HALF_UP))
        return plain(entry.number(typed, low=Decimal(50), high=Decimal(250), places=1, unit="cm"))

    def write(self, value: Any) -> str:
        """Return centimetres."""
        return "" if value is None else str(plain(Decimal(str(value))))


@dataclass(frozen=True, slots=True)
class Weight(_OneCell):
    """A weight, typed in kilograms or in pounds, kept in kilograms."""

    look: str = "number"
    unit: str = ""

    def read(self, cell: str) -> int | float | None:
        """Return kilograms, 20–350, to one decimal."""
        if not cell:
            return None
        typed = cell.lower().strip()
        if pounds := _POUNDS.fullmatch(typed):
            kilograms = Decimal(pounds[1].replace(",", ".")) * _KG_A_POUND
            typed = str(kilograms.quantize(_TENTH, ROUND_HALF_UP))
        return plain(entry.number(typed, low=Decimal(20), high=Decimal(350), places=1, unit="kg"))

    def write(self, value: Any) -> str:
        """Return kilograms."""
        return "" if value is None else str(plain(Decimal(str(value))))


def feet_and_inches(centimetres: Decimal) -> str:
    """Return a height as '5 ft 5 in', to the nearest inch."""
    inches = int((centimetres / _CM_AN_INCH).to_integral_value(ROUND_HALF_UP))
    return f"{inches // 12} ft {inches % 12} in"


def in_pounds(kilograms: Decimal) -> str:
    """Return a weight as '154 lb', to the nearest pound."""
    return f"{(kilograms / _KG_A_POUND).to_integral_value(ROUND_HALF_UP)} lb"


@dataclass(frozen=True, slots=True)
class Line(_OneCell):
    """One line of text; `suggested` answers are offered, others are taken too."""

    longest: int = 200
    suggested: tuple[str, ...] = ()
    look: str = "line"

    def read(self, cell: str) -> str | None:
        """Return the text, None where it is empty."""
        return entry.line(cell, longest=self.longest) or None


@dataclass(frozen=True, slots=True)
class When(_OneCell):
    """A date as far as it is known. `exact` asks for the day."""

    exact: bool = False
    look: str = "line"
    suggested: tuple[str, ...] = ()

    def read(self, cell: str) -> str | None:
        """Return '2019', '2019-03' or '2019-03-05'; only the last where the day is needed."""
        return read_when(cell, exact=self.exact) if cell else None

    def write(self, value: Any) -> str:
        """Return the date as a person types it: '5 Mar 2019'."""
        return "" if value is None else written_when(str(value))


_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_TYPED = re.compile(
    r"(?:([0-9]{1,2})[ .]+)?([a-z]{3,9})\.?[ ,]+([0-9]{4})", re.ASCII | re.IGNORECASE
)


def read_when(text: str, *, exact: bool = False) -> str:
    """Read a date known to the year, month or day, such as '2019', 'Mar 2019', '5 Mar 2019'.

    Years 1900–2100. Raises Refused with what to type.
    """
    wanted = "Type a date such as 19 Jan 2026." if exact else "Type 2019, Mar 2019 or 5 Mar 2019."
    typed = text.strip()
    if iso := _ISO.fullmatch(typed):
        year, month, day = iso[1], iso[2] or "", iso[3] or ""
    elif named := _TYPED.fullmatch(typed):
        year, month, day = named[3], named[2], named[1] or ""
    else:
        raise Refused(f"“{typed[:40]}” is not a date that is understood. {wanted}")
    if exact and not day:
        raise Refused(f"The day is needed too. {wanted}")
    known = entry.day(day or "1", month or "1", year)
    if known.year > 2100:
        raise Refused(f"{known.year} is too late. Check the year.")
    return known.isoformat()[: 10 if day else 7 if month else 4]


def written_when(stored: str) -> str:
    """Return a stored date as a person types it; anything else as it stands."""
    if not (iso := _ISO.fullmatch(stored)) or not iso[2]:
        return stored
    known = date(int(iso[1]), int(iso[2]), int(iso[3] or 1))
    return f"{known.day} {known:%b %Y}" if iso[3] else f"{known:%b %Y}"


def plain(value: Decimal) -> int | float:
    """Return a decimal as JSON holds it: whole numbers as int."""
    return int(value) if value == value.to_integral_value() else float(value)
