"""Read what a browser sends when cells are saved, strictly: nothing it names is guessed."""

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import BadRequest

from workflow.domain.anatomy import Leg
from workflow.ultrasound import cell

MOST_CELLS = 400
LONGEST_TEXT = 2000
LONGEST_LINE = 300
_KEY = re.compile(r"[a-z0-9-]{8,64}", re.ASCII)
_KEYS = {"site", "field", "value", "base_version"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it was sent: its name, its text, and the last edit its browser had seen."""

    name: str
    value: str
    base_version: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The cells of one act; as a `whole` they are stored all together or not at all."""

    cells: tuple[Cell, ...]
    whole: bool


def sent(body: Any) -> Batch:
    """Return the cells of a save; raises BadRequest where it is not what the room sends."""
    if not isinstance(body, dict) or not set(body) <= {"cells", "whole"}:
        raise BadRequest("The save is not an object of cells. Nothing was saved.")
    cells, whole = body.get("cells"), body.get("whole", False)
    if not isinstance(cells, list) or not 0 < len(cells) <= MOST_CELLS:
        raise BadRequest("The save does not list its cells. Nothing was saved.")
    if not isinstance(whole, bool):
        raise BadRequest("The save does not say whether it is whole. Nothing was saved.")
    read = tuple(_cell(each) for each in cells)
    if len({each.name for each in read}) != len(read):
        raise BadRequest("A cell stands twice in the save. Nothing was saved.")
    return Batch(read, whole)


@dataclass(frozen=True, slots=True)
class Line:
    """A line for a site, its leg, and the key by which it is known again."""

    text: str
    leg: Leg
    key: str


def sent_line(body: Any) -> Line:
    """Return the line of a site to add; raises BadRequest where it is not what the room sends."""
    if not isinstance(body, dict) or set(body) != {"line", "leg", "key"}:
        raise BadRequest("A line is its text, its leg and its key. Nothing was saved.")
    text, leg, key = body["line"], body["leg"], body["key"]
    if not isinstance(text, str) or len(text) > LONGEST_LINE or "\0" in text:
        raise BadRequest("The line is too long to be read. Nothing was saved.")
    if leg not in set(Leg) or not isinstance(key, str) or not _KEY.fullmatch(key):
        raise BadRequest("The line does not say its leg and its key. Nothing was saved.")
    return Line(text, Leg(leg), key)


def _cell(each: Any) -> Cell:
    if not isinstance(each, dict) or set(each) != _KEYS:
        raise BadRequest("A cell is its site, field, value and base version. Nothing was saved.")
    site, field, value, version = (each[key] for key in ("site", "field", "value", "base_version"))
    if not (isinstance(site, str) and isinstance(field, str) and isinstance(value, str)):
        raise BadRequest("A cell's site, field and value are texts. Nothing was saved.")
    if isinstance(version, bool) or not isinstance(version, int) or not 0 <= version < 2**53:
        raise BadRequest("A cell's base version is a whole number. Nothing was saved.")
    name = f"{site}.{field}"
    if len(value) > LONGEST_TEXT or "\0" in value:
        raise BadRequest(f"What was typed into {name[:40]} cannot be kept. Nothing was saved.")
    if not (cell.parse(name) or cell.exam_field(name)):
        raise BadRequest("The grid has no such cell. Nothing was saved.")
    return Cell(name, value, version)
