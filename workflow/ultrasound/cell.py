"""Name the cells of the scan grid, and read what is typed into one.

A cell is one field of one site of one leg. Its text has one canonical form, so that two texts are
equal exactly where they mean the same; the history and the merge compare those.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow.domain import entry
from workflow.domain.anatomy import Leg, segment
from workflow.domain.errors import Refused
from workflow.ultrasound.field import COLUMNS, DRAWER, EXAM_FIELDS, REPEATABLE, Field, Kind

NOT_SEEN = "x"
"""The text of a reflux cell whose site could not be seen."""

_FIELDS = {field.key: field for field in (*COLUMNS, *DRAWER)}
_OF_EXAM = {field.key: field for field in EXAM_FIELDS}
_NAME = re.compile(r"(R|L)\.([A-Z_]+[0-9]{0,2})(?:-([2-9]))?\.([a-z_]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Name:
    """A cell's name in its parts: 'R.AASV-2.cm_from_sfj'."""

    leg: Leg
    segment: str
    repeat: int
    key: str

    @property
    def site_key(self) -> str:
        """Return the row's name: 'R.AASV-2'."""
        return site_key(self.leg, self.segment, self.repeat)


def site_key(leg: Leg, code: str, repeat: int = 1) -> str:
    """Return the name of one site of one leg, as `Finding.site_key` writes it."""
    return f"{leg.value}.{code}" + ("" if repeat == 1 else f"-{repeat}")


def field_of(key: str) -> Field | None:
    """Return the field of a site with this key, or None."""
    return _FIELDS.get(key)


def exam_field(name: str) -> Field | None:
    """Return the field a cell such as 'exam.position' names, or None."""
    prefix, _, key = name.partition(".")
    return _OF_EXAM.get(key) if prefix == "exam" else None


def parse(name: str) -> Name | None:
    """Return the parts of a site's cell name, or None where it names no cell of the grid."""
    match = _NAME.fullmatch(name)
    if not match or match[4] not in _FIELDS:
        return None
    row = segment(match[2])
    if row is None or (match[3] and row.code not in REPEATABLE):
        return None
    return Name(Leg(match[1]), match[2], int(match[3] or 1), match[4])


def read(field: Field, typed: str) -> str:
    """Return the canonical text of what was typed; '' clears. Raises Refused with a sentence."""
    text = typed.strip()
    if text in {"", "-"}:
        return ""
    if field.kind is Kind.REFLUX:
        return NOT_SEEN if text.lower() == NOT_SEEN else _plain(entry.reflux_ms(text))
    if field.kind is Kind.DIAMETER:
        return shown(field, entry.diameter_mm(text))
    if field.kind is Kind.NUMBER:
        return _plain(_signed(field, text))
    if field.kind is Kind.TEXT:
        return entry.line(text, longest=field.longest)
    return _chosen(field, text)


def value(field: Field, text: str) -> Any:
    """Return a canonical text as a case file holds it: a number, a word, true or false, or None."""
    if text in {"", NOT_SEEN} and field.kind is not Kind.TEXT:
        return None
    if field.kind in {Kind.REFLUX, Kind.DIAMETER, Kind.NUMBER}:
        exact = Decimal(text)
        return int(exact) if exact == exact.to_integral_value() else float(exact)
    if field.kind is Kind.FLAG and text in {"yes", "no"}:
        return text == "yes"
    return text or None


def shown(field: Field, held: Any) -> str:
    """Return what a case file holds as the canonical text of its cell."""
    if held is None:
        return ""
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, int | float | Decimal):
        plain = _plain(Decimal(repr(held)) if isinstance(held, float) else Decimal(held))
        return plain + ".0" if field.kind is Kind.DIAMETER and "." not in plain else plain
    return str(held)


def _chosen(field: Field, text: str) -> str:
    if field.kind is Kind.SEVERAL:
        ticked = set(text.split(","))
        if ticked <= {word for word, _ in field.choices}:
            return ",".join(word for word, _ in field.choices if word in ticked)
    elif field.kind is Kind.FLAG and text in {"yes", "no"}:
        return text
    for word, said in field.choices if field.kind is Kind.CHOICE else ():
        if text == word or text.casefold() == said.casefold():
            return word
    raise Refused(f"{field.label}: choose one of the listed answers.")


def _signed(field: Field, text: str) -> Decimal:
    if not field.low.startswith("-"):
        return _number(field, text, field.high)
    below = text[:1] in {"-", "−"}
    try:
        number = _number(field, text[1:] if below else text, field.low[1:] if below else field.high)
    except Refused:
        raise Refused(f"Type a number from {field.low} to {field.high} {field.unit}.") from None
    return -number if below else number


def _number(field: Field, text: str, high: str) -> Decimal:
    return entry.number(
        text, low=Decimal(0), high=Decimal(high), places=field.places, unit=field.unit
    )


def _plain(number: Decimal | int | None) -> str:
    return "" if number is None else format(Decimal(number).normalize(), "f")
