"""Say how each state of a vein is drawn: its ink, its arrowheads, its hatching.

Every state is told by pattern and weight as well as by colour, so that the map reads in black and
white and to a colour-blind eye.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from workflow.domain.anatomy import Leg
from workflow.domain.legpath import Path, Point, straight


class State(StrEnum):
    """What the map shows of a site."""

    NORMAL = "normal"
    REFLUX = "reflux"
    BORDERLINE = "borderline"
    ACUTE = "acute"
    CHRONIC = "chronic"
    CLOSED = "closed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ink:
    """How a state is drawn: colours as #rrggbb, widths and dashes in drawing units."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    core: str = ""
    core_width: float = 0.0
    mark: str = ""


INKS: Mapping[State, Ink] = MappingProxyType({
    State.NORMAL: Ink("#4f7396", 0.58),
    State.REFLUX: Ink("#b3261e", 1.25, mark="#b3261e"),
    State.BORDERLINE: Ink("#a06a00", 0.95, (1.7, 1.0)),
    State.ACUTE: Ink("#101418", 1.75),
    State.CHRONIC: Ink("#9aa0a6", 1.5, mark="#2b3136"),
    State.CLOSED: Ink("#4a535b", 1.35, core="#ffffff", core_width=0.75),
    State.NONE: Ink("#a9afb5", 0.52, (0.05, 1.15)),
})  # fmt: skip
"""One ink a state: told apart by pattern and weight as well as by colour."""

DEEP_NORMAL = Ink("#bccbd9", 1.1)
"""A deep vein that works stands behind: broader, and lighter."""

_BRANCHES = ("TRIB", "TEL", "RET", "PAV", "PERF")


@dataclass(frozen=True, slots=True)
class Stroke:
    """One site as drawn: its line, its arrowheads or hatching, and what it says in words."""

    leg: Leg
    segment: str
    state: State
    deep: bool
    junction: bool
    path: Path
    marks: tuple[Path, ...]
    ink: Ink
    title: str


def stroke(state: State, path: Path, *, leg: Leg, code: str, deep: bool, title: str) -> Stroke:
    ink = DEEP_NORMAL if deep and state is State.NORMAL else INKS[state]
    branch = code.startswith(_BRANCHES)
    if branch:
        ink = replace(ink, width=ink.width * 0.72, core_width=ink.core_width * 0.66)
    size = 0.8 if branch else 1.0
    marks = () if path.closed else _marks(state, path, size, tick=code.startswith("PERF"))
    return Stroke(leg, code, state, deep, path.closed, path, marks, ink, title)


def _marks(state: State, path: Path, size: float, *, tick: bool) -> tuple[Path, ...]:
    if state is State.REFLUX:
        if tick:  # outward flow: one head at the skin end
            return (_arrow(path.end, path.stations(0.4)[-1][1], 0.65),)
        return tuple(_arrow(point, along, size) for point, along in path.stations(11.0))
    if state is State.CHRONIC:
        return tuple(_hatch(point, along) for point, along in path.stations(1.15))
    return ()


def _arrow(point: Point, along: Point, size: float) -> Path:
    (x, y), (dx, dy) = point, along
    tip = (x + 2.0 * size * dx, y + 2.0 * size * dy)
    back = (x - 1.0 * size * dx, y - 1.0 * size * dy)
    wing = 1.35 * size
    return straight(
        tip,
        (back[0] - wing * dy, back[1] + wing * dx),
        (back[0] + wing * dy, back[1] - wing * dx),
        closed=True,
    )


def _hatch(point: Point, along: Point) -> Path:
    (x, y), (dx, dy) = point, along
    a, b = 0.8, 0.45
    return straight(
        (x - a * dy - b * dx, y + a * dx - b * dy), (x + a * dy + b * dx, y - a * dx + b * dy)
    )
