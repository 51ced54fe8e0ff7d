"""Set the drawn legs on paper, from the same drawing the screen shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from reportlab.platypus import Flowable

from reports.face import Face, clean, width
from reports.pen import broken, lettered, put, rgb
from reports.tags import Element, tagged
from reports.type import INK, QUIET, REFLUX
from workflow.domain.legmap import Drawing, Key, Label, Outline, State, Stroke
from workflow.domain.legpath import Path, Point, circle

SKIN, EDGE, CREASE, LEADER = "#f8f3ed", "#b3a598", "#ddd2c7", "#8f989f"
_KEY_UNITS, _UNIT, _SPACE = 9.0, 0.36, 14.0


@dataclass(frozen=True, slots=True)
class _Part:
    """One key of the legend with its words broken into lines, and the width it takes."""

    key: Key
    lines: list[str]
    wide: float


class Legs(Flowable):
    """The vein map as a figure of a given height, its heading over it and its legend below.

    Where the page has less room, the figure shrinks to `at_least` before it moves to the next.
    """

    def __init__(
        self, drawing: Drawing, height: float, *, at_least: float = 0.0, size: float = 7.5,
        title: Flowable | None = None, stacked: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.drawing, self.wished, self.size, self.title = drawing, height, size, title
        self.at_least, self.stacked = at_least or height, stacked
        self.spaceBefore = 10 if title else 0
        self.scale = height / drawing.height
        self.element = Element("Figure", alt=drawing.summary)

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Return the room the figure takes; a map too wide for the measure is set smaller."""
        self.width = avail_width
        self._over = self.title.wrap(avail_width, avail_height)[1] + 3 if self.title else 0.0
        self._rows = _legend_rows(self.drawing, self.size, avail_width, stacked=self.stacked)
        self._rows_tall = sum(map(self._row_tall, self._rows))
        legend = self._rows_tall + 6
        room = avail_height - self._over - legend
        tall = min(self.wished, max(room, self.at_least))
        self.scale = min(tall / self.drawing.height, avail_width / self.drawing.width)
        self.height = self._over + self.scale * self.drawing.height + legend
        return avail_width, self.height

    def draw(self) -> None:
        """Draw outlines, veins, values and legend as one figure."""
        canvas = self.canv
        wide = self.drawing.width * self.scale
        left = (self.width - wide) / 2
        if self.title:
            self.title.drawOn(canvas, 0, self.height - self._over + 3)
        with tagged(canvas, self.element):
            canvas.saveState()
            canvas.translate(left, self.height - self._over)
            canvas.addLiteral("\n".join(self._paths()))
            self._words(canvas)
            canvas.restoreState()
            self._legend(canvas)

    def _paths(self) -> Iterator[str]:
        yield "1 J 1 j"
        for leg in self.drawing.outlines:
            yield from self._leg(leg)
        for label in self.drawing.labels:
            (x1, y1), (x2, y2) = label.leader
            yield f"{rgb(LEADER)} RG 0.4 w {self._at(x1, y1)} m {self._at(x2, y2)} l S"
        for stroke in self.drawing.strokes:
            yield from self._stroke(stroke)
        for label in self.drawing.labels:
            yield _dot(label.leader[0], self.scale)

    def _leg(self, leg: Outline) -> Iterator[str]:
        yield f"{rgb(SKIN)} rg {self._path(leg.skin)} f"
        for crease in leg.creases:
            yield f"{rgb(CREASE)} RG 0.7 w {self._path(crease)} S"
        yield f"{rgb(EDGE)} RG 0.9 w {self._path(leg.line)} S"

    def _stroke(self, stroke: Stroke) -> Iterator[str]:
        ink, path = stroke.ink, self._path(stroke.path)
        colour = rgb(ink.colour)
        if stroke.junction:
            hollow = stroke.state in {State.NONE, State.CLOSED}
            fill = "1 1 1" if hollow else colour
            yield f"{colour} RG {fill} rg {0.4 * self.scale:.2f} w {path} b"
            return
        dash = " ".join(f"{length * self.scale:.2f}" for length in ink.dash)
        cap = 0 if ink.core or (ink.dash and ink.dash[0] > 0.1) else 1
        yield f"{cap} J [{dash}] 0 d {colour} RG {ink.width * self.scale:.2f} w {path} S [] 0 d"
        if ink.core:
            yield f"{rgb(ink.core)} RG {ink.core_width * self.scale:.2f} w {path} S"
        for mark in stroke.marks:
            yield from self._mark(mark, rgb(ink.mark))

    def _mark(self, mark: Path, colour: str) -> Iterator[str]:
        if mark.closed:
            yield f"{colour} rg {self._path(mark)} f"
        else:
            yield f"{colour} RG {0.28 * self.scale:.2f} w {self._path(mark)} S"

    def _words(self, canvas: Any) -> None:
        for leg in self.drawing.outlines:
            self._name(canvas, leg)
        values = [line for label in self.drawing.labels for line in self._value(canvas, label)]
        if values:
            canvas.addLiteral("\n".join(values))

    def _name(self, canvas: Any, leg: Outline) -> None:
        size = self.drawing.name_size * self.scale
        x = leg.name_at[0] * self.scale
        put(canvas, x, -size, leg.name, face=Face.BOLD, size=size, colour=INK, align="middle")
        put(
            canvas,
            x,
            -size * 2.2,
            leg.side,
            face=Face.REGULAR,
            size=size,
            colour=QUIET,
            align="middle",
        )

    def _value(self, canvas: Any, label: Label) -> Iterator[str]:
        size = self.drawing.text_size * self.scale
        loud = label.state in {State.REFLUX, State.ACUTE}
        x, y = label.x * self.scale, label.y
        align = "left" if label.to_right else "right"
        lines = [(label.name, Face.REGULAR, QUIET)] if label.name else []
        for index, line in enumerate(label.lines):
            face = Face.BOLD if loud and index == 0 else Face.REGULAR
            lines.append(
                (line, face, REFLUX if face is Face.BOLD and label.state == "reflux" else INK)
            )
        for line, face, colour in lines:
            if words := clean(line):
                yield lettered(
                    canvas, x, -y * self.scale, words, face=face, size=size, colour=colour,
                    align=align,
                )  # fmt: skip
            y += label.leading

    def _legend(self, canvas: Any) -> None:
        y = self._rows_tall + 1 - self.size
        for row in self._rows:
            wide = sum(part.wide for part in row) + _SPACE * (len(row) - 1)
            x = 0.0 if self.stacked else max(0.0, (self.width - wide) / 2)
            for part in row:
                self._key(canvas, part, x, y)
                x += part.wide + _SPACE
            y -= self._row_tall(row)

    def _row_tall(self, row: list[_Part]) -> float:
        return self.size * (0.45 + 1.3 * max(len(part.lines) for part in row))

    def _key(self, canvas: Any, part: _Part, x: float, y: float) -> None:
        unit = self.size * _UNIT
        canvas.saveState()
        canvas.translate(x, y + self.size * 0.36 + 1.5 * unit)
        kept, self.scale = self.scale, unit
        for sample in part.key.samples:
            canvas.addLiteral("\n".join(self._stroke(sample)))
        self.scale = kept
        canvas.restoreState()
        for line in part.lines:
            at = x + _KEY_UNITS * unit + 5
            put(canvas, at, y, line, face=Face.REGULAR, size=self.size, colour=INK)
            y -= self.size * 1.3

    def _path(self, path: Path) -> str:
        return _written(path, self.scale)

    def _at(self, x: float, y: float) -> str:
        return f"{x * self.scale:.2f} {-y * self.scale:.2f}"


# Veins run alike in every patient, and a paper draws them at the same few sizes.
@lru_cache(maxsize=1024)
def _written(path: Path, scale: float) -> str:
    numbers = [path.start[0] * scale, -path.start[1] * scale]
    for (ax, ay), (bx, by), (x, y) in path.curves:
        numbers += (ax * scale, -ay * scale, bx * scale, -by * scale, x * scale, -y * scale)
    return _form(len(path.curves), closed=path.closed) % tuple(numbers)


@cache
def _form(curves: int, *, closed: bool) -> str:
    return "%.2f %.2f m" + " %.2f %.2f %.2f %.2f %.2f %.2f c" * curves + (" h" if closed else "")


@lru_cache(maxsize=256)
def _dot(point: Point, scale: float) -> str:
    return f"{rgb(LEADER)} rg {_written(circle(point, 0.4), scale)} f"


def _legend_rows(drawing: Drawing, size: float, room: float, *, stacked: bool) -> list[list[_Part]]:
    """Return the legend in rows that fit the room: one key a row if stacked, else side by side."""
    rows: list[list[_Part]] = []
    used = room + 1
    sample = _KEY_UNITS * size * _UNIT + 5
    for key in drawing.legend:
        lines = broken(key.words, Face.REGULAR, size, room - sample)
        wide = sample + max(width(line, Face.REGULAR, size) for line in lines)
        if stacked or used + _SPACE + wide > room:
            rows.append([])
            used = -_SPACE
        rows[-1].append(_Part(key, lines, wide))
        used += _SPACE + wide
    return rows
