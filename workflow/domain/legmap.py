"""Place what was found on two drawn legs, for the screen and for paper alike.

The drawing is a value in its own units (100 from groin to floor, y downwards). The inline SVG and
the PDF set the same paths, the same inks and the same label positions, so they cannot disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from workflow.domain import legink
from workflow.domain.anatomy import REQUIRED, Leg, number_of, segment, vein_of
from workflow.domain.documents import MapState
from workflow.domain.legink import Ink, State, Stroke
from workflow.domain.leglabel import Label, Wanted, spread
from workflow.domain.leglegend import Key, legend
from workflow.domain.legpath import Path, Point, smooth, straight
from workflow.domain.legshape import CREASES, OUTLINE, PELVIC, PELVIS, TOP, Side, View, course
from workflow.domain.legwords import summary, title, view_name

_LOUD = (State.ACUTE, State.REFLUX, State.CHRONIC, State.BORDERLINE, State.CLOSED)
_PATIENT = MappingProxyType({
    State.NORMAL: State.NORMAL, State.CLOSED: State.NORMAL, State.REFLUX: State.REFLUX,
    State.BORDERLINE: State.BORDERLINE, State.ACUTE: State.BORDERLINE,
    State.CHRONIC: State.BORDERLINE, State.NONE: State.NONE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outline:
    """One leg seen from one side: its skin, its edge line, its creases and its name."""

    leg: Leg
    view: View
    skin: Path
    line: Path
    creases: tuple[Path, ...]
    name: str
    side: str
    name_at: Point


@dataclass(frozen=True, slots=True)
class Face:
    """How large the values are written, and how wide the columns are that they stand in."""

    text: float
    column: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Two legs, front and back. `omitted` counts values that found no room beside the legs.

    `split` is where the views from behind begin, for a map that sets them below the others.
    """

    width: float
    split: float
    height: float
    outlines: tuple[Outline, ...]
    strokes: tuple[Stroke, ...]
    labels: tuple[Label, ...]
    legend: tuple[Key, ...]
    clinical: bool
    text_size: float
    summary: str
    omitted: int

    @property
    def name_size(self) -> float:
        """Return how large the names over the legs are written."""
        return self.text_size * 1.1


@dataclass(frozen=True, slots=True)
class _Panel:
    leg: Leg
    view: View
    axis: float
    top: float
    mirrored: bool


_TOP, _PLAIN_TOP = 19.5, 25.5
_BELOW_GROIN = 105.0
_PLAIN_TEXT = 4.95
_OUTER, _INNER = 12.8, 10.4


PAPER = Face(text=2.8, column=16.0)
"""Values as the report prints them, beside the legs."""

ROOM = Face(text=4.1, column=16.6)
"""Values as the scan room shows them: few, and large enough for a narrow map."""


def place(
    states: tuple[MapState, ...],
    *,
    clinical: bool = True,
    language: str = "en",
    face: Face = PAPER,
) -> Drawing:
    """Return the drawing of both legs.

    Required sites without a state are drawn as not examined: what was not looked at is never
    normal. On the patient's map (`clinical=False`) states fold into three and no value is written.
    Raises ValueError for a state or a site the map does not know.
    """
    column = face.column if clinical else 0.0
    panels, split, width = _panels(column, clinical=clinical)
    strokes: list[Stroke] = []
    wanted: list[Wanted] = []
    shown = states if clinical else tuple(_plain(state) for state in states)
    for state in _complete(shown):
        shape = _shape(
            State(state.state), state.leg, state.segment, state.height_cm, state.location, column,
            clinical=clinical,
        )  # fmt: skip
        strokes.append(_told(shape.bare, title(state, clinical=clinical, language=language)))
        if clinical and state.label:
            wanted.append(_wanted(shape, state.label))
    strokes.sort(key=_depth)
    height = panels[0].top + _BELOW_GROIN
    labels, omitted = spread(
        wanted, top=4.0, bottom=height - 0.5, size=face.text, column=face.column - 1.5
    )
    found = {stroke.state for stroke in strokes}
    pelvis = any(stroke.segment in PELVIC for stroke in strokes)
    return Drawing(
        width=width,
        split=split,
        height=height,
        outlines=tuple(
            _outline(panel, language, pelvis=pelvis and panel.view is View.FRONT)
            for panel in panels
        ),
        strokes=tuple(strokes),
        labels=labels,
        legend=legend(found, states, clinical=clinical, language=language),
        clinical=clinical,
        text_size=face.text if clinical else _PLAIN_TEXT,
        summary=summary(_named(strokes), language=language, clinical=clinical),
        omitted=omitted,
    )


@lru_cache(maxsize=16)
def _panels(column: float, *, clinical: bool) -> tuple[tuple[_Panel, ...], float, float]:
    """Set the four views side by side: front right, front left, then back left, back right.

    From the front the patient's right leg is at the viewer's left; from behind it is the other
    way round. Values stand on both sides of a front view and outside a back view. Returned with
    where the back views begin, and the whole width.
    """
    inner = column + 1.2 if clinical else 3.4
    between = 7.0 if clinical else 9.0
    top = _TOP if clinical else _PLAIN_TOP
    x = column + _OUTER
    fronts = [_Panel(Leg.RIGHT, View.FRONT, x, top, mirrored=False)]
    x += 2 * (_INNER + inner)
    fronts.append(_Panel(Leg.LEFT, View.FRONT, x, top, mirrored=True))
    x += _OUTER + column + between
    split = x - between / 2
    x += column + _OUTER
    backs = [_Panel(Leg.LEFT, View.BACK, x, top, mirrored=False)]
    x += 2 * _INNER + (6.4 if not clinical else 6.0)
    backs.append(_Panel(Leg.RIGHT, View.BACK, x, top, mirrored=True))
    return (*fronts, *backs), split, x + _OUTER + column


def _complete(states: tuple[MapState, ...]) -> tuple[MapState, ...]:
    present = {(state.leg, state.segment) for state in states}
    missing = [
        MapState(leg, code, State.NONE, "")
        for leg in Leg
        for code in REQUIRED
        if (leg, code) not in present
    ]
    return (*states, *missing)


def _plain(state: MapState) -> MapState:
    return MapState(
        state.leg, state.segment, _PATIENT[State(state.state)], "", state.height_cm, state.location
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one site in one state is drawn: all of its stroke but the words."""

    bare: Stroke
    side: Side
    panel: _Panel
    middle: Point


@lru_cache(maxsize=1024)
def _shape(
    drawn: State, leg: Leg, code: str, height_cm: Decimal | None, location: str,
    column: float, *, clinical: bool,
) -> _Shape:  # fmt: skip
    # Legs are drawn for every paper and after every value typed, and most of them alike.
    where = course(code, height_cm, location)
    row = segment(code)
    if where is None or row is None:
        raise ValueError(code)
    panels, _, _ = _panels(column, clinical=clinical)
    panel = next(p for p in panels if p.leg is leg and p.view is where.view)
    path = where.path.moved(panel.axis, panel.top, mirrored=panel.mirrored)
    bare = legink.stroke(drawn, path, leg=leg, code=code, deep=row.deep, title="")
    return _Shape(bare, where.side, panel, path.middle)


def _told(bare: Stroke, words: str) -> Stroke:
    return Stroke(
        bare.leg, bare.segment, bare.state, bare.deep, bare.junction, bare.path, bare.marks,
        bare.ink, words,
    )  # fmt: skip


def _wanted(shape: _Shape, label: str) -> Wanted:
    stroke, side, panel = shape.bare, shape.side, shape.panel
    if panel.view is View.BACK:
        side = Side.OUTER  # behind, both columns stand outside
    inner = side is Side.INNER
    to_right = inner is not panel.mirrored
    edge = (_INNER if inner else _OUTER) + 0.3
    x = panel.axis + (edge if to_right else -edge)
    x0, y0 = shape.middle
    if stroke.junction:  # a circle starts at its right; its centre is one radius to the left
        x0, y0 = stroke.path.start[0] + (1.15 if panel.mirrored else -1.15), stroke.path.start[1]
    free = 1.5 if stroke.junction else stroke.ink.width / 2 + 0.4
    if stroke.segment.startswith("PERF"):  # the value stands off the tick, not upon it
        x0, y0 = stroke.path.end
        free = 1.7 if stroke.marks else 0.6
    centre = (x0 + (free if to_right else -free), y0)
    rank = _LOUD.index(stroke.state) if stroke.state in _LOUD else len(_LOUD)
    return Wanted(
        text=label,
        name=_short(stroke.segment),
        point=centre,
        x=x,
        to_right=to_right,
        column=f"{panel.view}{panel.leg}{side}",
        state=stroke.state,
        segment=stroke.segment,
        rank=rank,
    )


def _short(code: str) -> str:
    """Return the few letters that name a vein beside its value."""
    row = segment(code)
    number = number_of(code)
    if code == "GIAC":
        return "Giacomini"
    if row is None or not row.numbered:
        return vein_of(code)
    name = "Trib." if row.code == "TRIB" else "Perf."
    return f"{name} {number}" if number else name


def _depth(stroke: Stroke) -> tuple[bool, bool, bool, int]:
    # Deep veins lie behind, junctions on top; of the rest the loudest is drawn last.
    loud = len(_LOUD) - _LOUD.index(stroke.state) if stroke.state in _LOUD else 0
    return (not stroke.deep, stroke.junction, stroke.state is not State.NONE, loud)


@lru_cache(maxsize=64)
def _outline(panel: _Panel, language: str, *, pelvis: bool) -> Outline:
    def moved(path: Path) -> Path:
        return path.moved(panel.axis, panel.top, mirrored=panel.mirrored)

    line = OUTLINE[panel.view]
    # The skin is filled up to the edge above the groin; the drawn line stays open there.
    over = (*line.curves, *(straight(*PELVIS) if pelvis else smooth(TOP)).curves)
    name, side = view_name(panel.leg, panel.view, language)
    return Outline(
        leg=panel.leg,
        view=panel.view,
        skin=moved(Path(line.start, over, closed=True)),
        line=moved(line),
        creases=tuple(moved(crease) for crease in CREASES[panel.view]),
        name=name,
        side=side,
        name_at=(panel.axis, 0.0),
    )


def _named(strokes: Iterable[Stroke]) -> tuple[tuple[Leg, str, str], ...]:
    return tuple((stroke.leg, stroke.segment, str(stroke.state)) for stroke in strokes)


__all__ = ["Drawing", "Ink", "Key", "Label", "Outline", "State", "Stroke", "place"]
