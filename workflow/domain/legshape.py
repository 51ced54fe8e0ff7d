"""Say where each vein runs in a leg.

One leg in its own units: y is 0 at the groin crease and 100 at the floor; x is 0 on the axis of the
knee and grows towards the other leg. `FRONT` is seen from the front and slightly from inside,
`BACK` from behind. Courses run downwards (perforators outwards), so an arrow along one points the
way blood leaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from workflow.domain.anatomy import number_of, segment
from workflow.domain.legpath import Path, Point, circle, smooth, straight

GROIN_TO_FLOOR_CM = Decimal(80)
"""The leg the map is drawn to: a height from the floor is set on this scale."""


class View(StrEnum):
    """The side a leg is looked at from."""

    FRONT = "front"
    BACK = "back"


class Side(StrEnum):
    """The side of the leg on which a value stands."""

    INNER = "inner"
    OUTER = "outer"


@dataclass(frozen=True, slots=True)
class Course:
    """Where one site is drawn."""

    view: View
    path: Path
    side: Side


_F, _B = View.FRONT, View.BACK
_IN, _OUT = Side.INNER, Side.OUTER

_FRONT_OUTER = (
    (-9.6, -13.0), (-10.9, -8.0), (-12.0, -2.5), (-12.2, 4.0), (-11.7, 13.0), (-10.4, 24.0),
    (-8.8, 34.0), (-7.2, 42.5), (-6.2, 48.0), (-5.8, 52.0), (-5.9, 55.5), (-6.6, 59.5),
    (-6.9, 64.0), (-6.4, 71.0), (-5.2, 79.0), (-4.0, 86.5), (-3.6, 90.5), (-4.0, 92.9),
)  # fmt: skip
_FRONT_FOOT = (
    (-4.0, 94.9), (-4.5, 97.0), (-5.4, 98.9), (-6.2, 100.3), (-6.2, 101.3), (-5.5, 101.9),
    (-4.9, 101.7), (-4.6, 102.4), (-3.8, 102.7), (-3.3, 102.3), (-2.9, 103.0), (-2.1, 103.2),
    (-1.6, 102.8), (-1.2, 103.4), (-0.4, 103.5), (0.1, 103.0), (0.6, 103.8), (1.8, 104.1),
    (2.7, 103.3), (2.9, 101.4), (2.6, 98.6), (3.0, 95.4), (3.5, 92.6),
)  # fmt: skip
_FRONT_INNER = (
    (3.6, 91.0), (3.1, 88.2), (3.3, 84.0), (4.2, 78.0), (5.3, 71.5), (5.7, 66.5), (5.4, 61.0),
    (5.0, 57.0), (5.2, 52.5), (5.8, 49.0), (6.2, 45.0), (6.3, 40.5), (6.6, 35.0), (7.4, 27.0),
    (8.5, 15.0), (9.2, 6.0), (9.3, 1.6), (10.4, -1.4),
)  # fmt: skip
_BACK_OUTER = (
    (-9.8, -13.0), (-11.0, -8.0), (-11.9, -2.0), (-11.8, 5.0), (-11.1, 14.0), (-9.8, 25.0),
    (-8.3, 35.0), (-6.9, 43.5), (-6.1, 49.0), (-5.7, 53.0), (-6.1, 57.0), (-6.8, 61.5),
    (-6.9, 65.5), (-6.2, 72.0), (-4.9, 80.0), (-3.7, 87.0), (-3.5, 90.4), (-4.0, 93.0),
)  # fmt: skip
_BACK_FOOT = (
    (-3.6, 95.0), (-3.7, 97.0), (-4.5, 98.8), (-5.3, 100.1), (-5.2, 101.0), (-4.2, 101.4),
    (-2.9, 101.4), (-1.6, 101.9), (0.0, 102.2), (1.6, 101.8), (2.6, 100.5), (2.8, 98.4),
    (2.6, 96.2), (3.1, 93.8),
)  # fmt: skip
_BACK_INNER = (
    (3.7, 91.6), (3.1, 88.8), (3.4, 84.0), (4.6, 77.0), (5.8, 70.5), (6.2, 65.5), (5.8, 60.0),
    (5.2, 55.0), (5.3, 51.0), (6.0, 45.0), (6.8, 36.0), (7.8, 24.0), (8.8, 12.0), (9.3, 5.0),
    (9.4, 1.4), (10.4, -1.4),
)  # fmt: skip

OUTLINE: Mapping[View, Path] = MappingProxyType({
    View.FRONT: smooth(_FRONT_OUTER + _FRONT_FOOT + _FRONT_INNER),
    View.BACK: smooth(_BACK_OUTER + _BACK_FOOT + _BACK_INNER),
})  # fmt: skip

TOP: tuple[Point, ...] = ((10.4, -1.4), (6.6, -4.2), (0.0, -8.6), (-5.4, -11.8), (-9.6, -13.0))
"""The upper edge of a leg, a little above the groin crease."""

PELVIS: tuple[Point, ...] = ((10.4, -1.4), (10.4, -7.0), (10.4, -13.0), (0.0, -13.0), (-9.6, -13.0))
"""The upper edge where a vein of the pelvis is drawn too."""

PELVIC = frozenset({"IVC", "CIV", "EIV", "IIV"})
"""The sites that lie above the groin."""

CREASES: Mapping[View, tuple[Path, ...]] = MappingProxyType({
    View.FRONT: (
        smooth(((-10.4, -8.0), (-4.0, -3.6), (3.0, 0.0), (9.3, 1.6))),
        smooth(((-3.3, 46.6), (-4.1, 49.4), (-3.6, 52.4), (-2.0, 54.4))),
        smooth(((2.2, 46.4), (3.0, 49.2), (2.6, 52.2), (1.2, 54.2))),
        smooth(((2.3, 90.4), (2.7, 91.8), (2.1, 93.2))),
        smooth(((-2.9, 92.0), (-3.3, 93.2), (-2.9, 94.4))),
        straight((-4.9, 101.7), (-4.5, 100.3)),
        straight((-3.3, 102.3), (-3.0, 100.8)),
        straight((-1.6, 102.8), (-1.4, 101.2)),
        straight((0.1, 103.0), (0.2, 101.2)),
    ),
    View.BACK: (
        smooth(((9.4, 1.4), (5.0, 3.6), (-1.0, 3.3), (-6.6, 0.6))),
        smooth(((-4.2, 51.2), (-0.4, 52.0), (3.6, 51.0))),
        smooth(((-1.1, 88.0), (-0.6, 93.0), (-1.2, 97.6))),
        smooth(((1.1, 88.0), (0.7, 93.0), (1.3, 97.6))),
    ),
})  # fmt: skip


def _cut(*marks: tuple[str, float, float]) -> dict[str, Path]:
    """Cut one smooth trunk into its sites: each name starts at its point and runs to the next."""
    whole = smooth(tuple((x, y) for _, x, y in marks))
    pieces: dict[str, Path] = {}
    code = ""
    for (name, x, y), curve in zip(marks, whole.curves, strict=False):
        code = name or code
        if name:
            pieces[code] = Path((x, y), ())
        pieces[code] = Path(pieces[code].start, (*pieces[code].curves, curve))
    return pieces


_GSV = _cut(
    ("GSV_PT", 1.9, 4.2), ("", 3.4, 5.6), ("", 4.9, 10.0), ("GSV_MT", 5.5, 18.5),
    ("", 5.2, 26.0), ("GSV_DT", 4.7, 33.0), ("", 4.3, 40.0), ("GSV_K", 4.2, 46.5),
    ("", 3.8, 52.0), ("GSV_PC", 3.3, 56.5), ("", 2.8, 62.0), ("GSV_MC", 2.2, 68.0),
    ("", 1.7, 74.5), ("GSV_DC", 1.5, 80.5), ("", 1.4, 86.0), ("", 1.7, 92.2), ("", 1.3, 96.0),
)  # fmt: skip
_FEMORAL = _cut(
    ("CFV", 0.1, -2.4), ("", 0.2, 2.0), ("FV_P", 0.2, 7.6), ("", 0.2, 13.0),
    ("FV_M", 0.3, 20.0), ("", 0.6, 27.0), ("FV_D", 1.0, 34.0), ("", 1.5, 40.0),
    ("", 2.1, 46.0),
)  # fmt: skip
_ILIAC = _cut(("CIV", 8.6, -11.6), ("EIV", 5.6, -7.6), ("", 2.2, -4.8), ("", 0.1, -2.4))
_SSV = _cut(
    ("SSV_PC", 0.0, 52.4), ("", -0.9, 56.0), ("", -1.0, 61.0), ("SSV_MC", -0.8, 66.5),
    ("", -0.6, 73.0), ("SSV_DC", -0.8, 79.5), ("", -1.7, 86.0), ("", -2.5, 92.0),
    ("", -2.7, 95.0),
)  # fmt: skip


def _front(side: Side, *points: Point) -> Course:
    return Course(_F, smooth(points), side)


def _back(side: Side, *points: Point) -> Course:
    return Course(_B, smooth(points), side)


COURSES: Mapping[str, Course] = MappingProxyType({
    "IVC": _front(_IN, (9.0, -12.7), (8.9, -12.2), (8.6, -11.6)),
    **{code: Course(_F, path, _OUT) for code, path in _ILIAC.items()},
    "IIV": _front(_IN, (7.4, -9.6), (8.4, -6.6), (8.3, -3.8)),
    **{code: Course(_F, path, _OUT) for code, path in _FEMORAL.items()},
    "DFV": _front(_OUT, (0.3, 7.0), (-2.0, 10.4), (-3.2, 16.0), (-3.6, 22.0)),
    "POPV": _back(_OUT, (2.2, 43.0), (1.3, 47.0), (1.0, 52.0), (0.9, 58.0)),
    "GASV": _back(_IN, (1.2, 54.6), (2.7, 58.4), (3.3, 63.0), (3.2, 67.5)),
    "SOLV": _back(_OUT, (-0.4, 63.0), (-2.6, 67.0), (-3.4, 72.0), (-3.0, 77.0)),
    "PTV": _back(_IN, (0.9, 58.0), (1.6, 63.0), (2.0, 72.0), (1.7, 82.0), (1.9, 90.4)),
    "PERO": _back(_OUT, (0.9, 58.0), (-1.0, 63.0), (-2.2, 71.0), (-2.2, 80.0), (-1.6, 88.0)),
    "ATV": _front(_OUT, (-1.4, 57.0), (-2.4, 63.0), (-2.6, 73.0), (-1.9, 83.0), (-0.9, 92.0)),
    "SFJ": Course(_F, circle((1.5, 4.0), 1.15), _IN),
    **{code: Course(_F, path, _IN) for code, path in _GSV.items()},
    "SPJ": Course(_B, circle((0.5, 51.6), 1.15), _OUT),
    **{code: Course(_B, path, _OUT) for code, path in _SSV.items()},
    "TE": _back(_OUT, (-0.4, 17.0), (-0.8, 26.0), (-0.9, 36.0), (-0.5, 44.0), (0.2, 50.2)),
    "GIAC": _back(_IN,
        (6.9, 13.0), (5.8, 20.0), (4.0, 28.0), (2.0, 37.0), (0.9, 45.0), (0.6, 50.2)),
    "AASV": _front(_OUT,
        (1.2, 4.6), (-1.4, 7.6), (-3.9, 14.0), (-5.3, 23.0), (-5.7, 32.0), (-5.2, 41.0)),
    "PASV": _back(_IN, (7.4, 10.0), (6.6, 18.0), (5.4, 28.0), (4.6, 38.0)),
    "PAV": _front(_IN,
        (3.3, 57.0), (3.8, 62.0), (3.7, 68.0), (2.9, 76.0), (2.0, 84.0), (1.9, 90.0)),
    "TEL": _back(_OUT, (-7.6, 26.0), (-6.6, 28.4), (-7.6, 30.4), (-6.2, 32.4), (-6.8, 34.6)),
    "RET": _back(_OUT, (-5.4, 40.0), (-4.3, 42.4), (-4.9, 45.0), (-3.8, 47.4)),
})  # fmt: skip
"""Each site that stands in one place. Perforators and tributaries are placed by `course()`."""

_PERFORATORS: Mapping[str, tuple[View, Side, float]] = MappingProxyType({
    "PERF_TH": (_F, _IN, 31.0),
    "PERF_BOYD": (_F, _IN, 59.0),
    "PERF_PT": (_F, _IN, 80.0),
    "PERF_LAT": (_B, _OUT, 74.0),
    "PERF_GAS": (_B, _IN, 66.5),
})  # fmt: skip

_TRIBUTARIES: Mapping[tuple[str, str], tuple[View, Side, tuple[Point, ...]]] = MappingProxyType({
    ("calf", "medial"): (_F, _IN,
        ((2.7, 61.0), (0.8, 62.6), (-0.6, 65.2), (-0.5, 68.4), (-1.7, 71.6), (-1.4, 76.0))),
    ("calf", "lateral"): (_F, _OUT,
        ((-3.5, 57.6), (-4.2, 61.0), (-3.7, 64.6), (-4.3, 68.4), (-3.5, 72.0), (-3.2, 76.0))),
    ("calf", "anterior"): (_F, _OUT,
        ((0.3, 58.0), (-0.9, 61.4), (-0.2, 65.0), (-1.3, 69.0), (-0.8, 73.0))),
    ("calf", "posterior"): (_B, _IN,
        ((3.6, 57.4), (4.3, 61.2), (3.7, 65.0), (4.4, 69.0), (3.3, 73.0), (3.1, 77.0))),
    ("thigh", "medial"): (_F, _IN,
        ((5.3, 21.0), (3.8, 24.0), (4.0, 27.4), (2.5, 31.0), (2.7, 35.0), (1.9, 38.6))),
    ("thigh", "lateral"): (_F, _OUT,
        ((-8.2, 17.0), (-7.4, 21.0), (-8.0, 25.4), (-6.9, 30.0), (-7.0, 35.0))),
    ("thigh", "anterior"): (_F, _OUT,
        ((-2.4, 15.0), (-3.0, 19.4), (-2.3, 24.0), (-3.3, 29.0), (-2.8, 34.0))),
    ("thigh", "posterior"): (_B, _OUT,
        ((-3.4, 18.0), (-4.3, 22.4), (-3.4, 27.0), (-4.2, 32.0), (-3.2, 37.0))),
})  # fmt: skip
_SLOTS = (("calf", "medial"), ("calf", "lateral"), ("thigh", "medial"), ("thigh", "lateral"),
          ("calf", "posterior"), ("thigh", "posterior"), ("calf", "anterior"),
          ("thigh", "anterior"))  # fmt: skip
_SIDE_WORDS = MappingProxyType({
    "medial": "medial", "inner": "medial", "lateral": "lateral", "outer": "lateral",
    "anterior": "anterior", "front": "anterior", "posterior": "posterior", "back": "posterior",
})  # fmt: skip


def course(code: str, height_cm: Decimal | None = None, location: str = "") -> Course | None:
    """Say where a site is drawn, or None where the map does not know it.

    A perforator stands at its height above the floor (cm), or at its group's usual level where no
    such height is given (clinical reference §1.5: other references are never converted). A
    tributary stands where `location` says, or in a free place in the order of its number.
    """
    if found := COURSES.get(code):
        return found
    row = segment(code)
    if row is None:
        return None
    number = number_of(code) or 1
    if row.perforator:
        return _perforator(row.code, number, height_cm)
    return _tributary(number, location) if row.code == "TRIB" else None


def _perforator(kind: str, number: int, height_cm: Decimal | None) -> Course:
    view, side, usual = _PERFORATORS[kind]
    if height_cm is None:
        y = usual + 4.0 * ((number - 1) % 4)
    else:
        y = float(100 - height_cm * 100 / GROIN_TO_FLOOR_CM)
    y = min(max(y, 8.0), 92.0)
    start, end = _tick(kind, y)
    return Course(view, smooth(((start, y + 0.5), ((start + end) / 2, y), (end, y - 0.3))), side)


def _tick(kind: str, y: float) -> tuple[float, float]:
    """Return where a perforator's tick begins (deep) and ends (towards the skin)."""
    edge = _edge(_PERFORATORS[kind][0], y, _PERFORATORS[kind][1])
    if kind == "PERF_LAT":
        return edge + 4.2, edge + 1.7
    if kind == "PERF_GAS":
        return edge - 5.4, edge - 2.9
    return edge - 4.2, edge - 1.7


def _edge(view: View, y: float, side: Side) -> float:
    """Return the x of the skin at a height, on the inner or outer side."""
    inner, outer = (
        (_FRONT_INNER, _FRONT_OUTER) if view is View.FRONT else (_BACK_INNER, _BACK_OUTER)
    )
    rim = sorted((at, x) for x, at in (inner if side is Side.INNER else outer))
    for (y1, x1), (y2, x2) in pairwise(rim):
        if y <= y2:
            return x1 + (x2 - x1) * (y - y1) / (y2 - y1)
    return rim[-1][1]


def _tributary(number: int, location: str) -> Course:
    words = location.lower().replace(",", " ").split()
    part = next((word for word in words if word in {"thigh", "calf"}), None)
    face = next((_SIDE_WORDS[word] for word in words if word in _SIDE_WORDS), None)
    slot = _SLOTS[(number - 1) % len(_SLOTS)]
    if part or face:
        slot = (part or "calf", face or "medial")
    view, side, points = _TRIBUTARIES[slot]
    # Two tributaries in one place lie beside each other rather than on each other.
    shift = (0.0, 1.1, -1.1)[(number - 1) // (1 if part or face else len(_SLOTS)) % 3]
    return Course(view, smooth(tuple((x + shift, y) for x, y in points)), side)
