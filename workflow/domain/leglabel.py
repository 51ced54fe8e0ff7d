"""Find room for every value beside the legs.

Labels of one column are moved up or down as little as keeps them apart, by merging neighbours that
push each other. The same wishes give the same places.
"""

from dataclasses import dataclass
from types import MappingProxyType

from workflow.domain.legpath import Point

_LEADING = 1.16
_GAP = 0.7
_WIDTHS = (
    (frozenset(" .,:;'|!ijl·"), 0.32),
    (frozenset("frt()[]-/"), 0.42),
    (frozenset("abcdeghknopqsuvxyz"), 0.62),
    (frozenset("0123456789"), 0.66),
    (frozenset("mwMW@%—…"), 0.95),
)
_WIDE = MappingProxyType({char: wide for chars, wide in _WIDTHS for char in chars})
_OTHER, _BROAD = 0.78, 1.05


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value that wishes to stand near a point, in a column that begins at x."""

    text: str
    name: str
    point: Point
    x: float
    to_right: bool
    column: str
    state: str
    segment: str
    rank: int


@dataclass(frozen=True, slots=True)
class Label:
    """A value in its place: the vein's name where it changes, lines of text, and a leader.

    `x` is where the lines begin (`to_right`) or end; `y` is the baseline of the first line.
    """

    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    leading: float
    to_right: bool
    state: str
    segment: str
    leader: tuple[Point, Point]
    box: tuple[float, float, float, float]

    @property
    def anchor(self) -> str:
        """Return the SVG text-anchor."""
        return "start" if self.to_right else "end"


def spread(
    wanted: list[Wanted], *, top: float, bottom: float, size: float, column: float
) -> tuple[tuple[Label, ...], int]:
    """Return the labels in their places, and how many had to be left out.

    Where a column is full, the quietest values are left out first: the tables hold them all.
    """
    labels: list[Label] = []
    omitted = 0
    for name in sorted({want.column for want in wanted}):
        here = [want for want in wanted if want.column == name]
        kept, room = _kept(here, bottom - top, size, column / size)
        omitted += len(here) - len(kept)
        labels += _column(_with_names(kept, room, size, column / size), top, bottom, size)
    return tuple(labels), omitted


_Told = tuple[Wanted, str, tuple[str, ...]]


def _kept(here: list[Wanted], room: float, size: float, width: float) -> tuple[list[_Told], float]:
    kept: list[_Told] = []
    for want in sorted(here, key=lambda want: (want.rank, want.point[1], want.segment)):
        lines = broken(want.text, width)
        height = _height(len(lines), size)
        if height <= room:
            kept.append((want, "", lines))
            room -= height
    kept.sort(key=lambda told: (told[0].point[1], told[0].rank, told[0].segment, told[0].text))
    return kept, room


def _with_names(kept: list[_Told], room: float, size: float, width: float) -> list[_Told]:
    """Name a vein wherever the column turns to it, while there is room for the line."""
    named: list[_Told] = []
    last = ""
    for want, _, lines in kept:
        turns = want.name != last and room >= size * _LEADING
        if turns:
            room -= size * _LEADING
        last = want.name
        named.append((want, _fit(want.name, width) if turns else "", lines))
    return named


def text_width(text: str) -> float:
    """Return a safe estimate of a text's width, in units of its size."""
    return sum([_WIDE[char] if char in _WIDE else _other(char) for char in text])


def _other(char: str) -> float:
    return _BROAD if char > "\u2fff" else _OTHER


def broken(text: str, width: float) -> tuple[str, ...]:
    """Break a label into three lines at most, each no wider than `width` (in units of its size).

    A comma or a dot ends a line ("2,600 ms · 6.8 mm" is two); what does not fit ends in "…".
    """
    lines: list[str] = []
    for part in " ".join(text.split()).replace(" · ", ", ").split(", "):
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if line and text_width(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2]}…"]
    return tuple(_fit(line, width) for line in lines)


def _fit(line: str, width: float) -> str:
    if text_width(line) <= width:
        return line
    while line and text_width(f"{line}…") > width:
        line = line[:-1]
    return f"{line}…"


def _height(lines: int, size: float) -> float:
    return lines * size * _LEADING + _GAP


def _column(kept: list[_Told], top: float, bottom: float, size: float) -> list[Label]:
    heights = [_height(len(lines) + bool(name), size) for _, name, lines in kept]
    starts = _places([want.point[1] for want, _, _ in kept], heights, top, bottom)
    return [
        _label(told, start, height, size)
        for told, start, height in zip(kept, starts, heights, strict=True)
    ]


def _places(centres: list[float], heights: list[float], top: float, bottom: float) -> list[float]:
    """Return where each box begins: in order, apart, inside, and near its centre."""
    blocks: list[list[float]] = []  # each: wished start, height, members
    for centre, height in zip(centres, heights, strict=True):
        start = min(max(centre - height / 2, top), bottom - height)
        blocks.append([start, height, 1.0])
        while len(blocks) > 1 and blocks[-2][0] + blocks[-2][1] > blocks[-1][0]:
            last = blocks.pop()
            one = blocks[-1]
            members = one[2] + last[2]
            wish = (one[0] * one[2] + (last[0] - one[1]) * last[2]) / members
            tall = one[1] + last[1]
            blocks[-1] = [min(max(wish, top), bottom - tall), tall, members]
    starts: list[float] = []
    rest = list(heights)
    for start, _, members in blocks:
        at = start
        for _ in range(int(members)):
            starts.append(at)
            at += rest.pop(0)
    return starts


def _label(told: _Told, start: float, height: float, size: float) -> Label:
    want, name, lines = told
    sign = 1.0 if want.to_right else -1.0
    x = want.x + sign * 1.0
    middle = start + height / 2
    wide = max(text_width(line) for line in (name, *lines)) * size
    return Label(
        name=name,
        lines=lines,
        x=round(x, 2),
        y=round(start + _GAP / 2 + size * 0.86, 2),
        leading=round(size * _LEADING, 3),
        to_right=want.to_right,
        state=want.state,
        segment=want.segment,
        leader=(want.point, (want.x + sign * 0.5, middle)),
        box=(x if want.to_right else x - wide, start + _GAP / 2, wide, height - _GAP),
    )
