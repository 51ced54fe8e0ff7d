"""Set a table whose cells are plain strings.

It measures its own rows, repeats its head on every page, never cuts a row, and tags each cell.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from reportlab.platypus import Flowable

from reports.face import Face
from reports.pen import broken, lettered, ruled
from reports.tags import END, FURNITURE, Element, begun
from reports.type import INK, LINE, QUIET, REFLUX

_PAD = 5.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and whether it holds numbers."""

    head: str
    share: float
    number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row. Cells of `loud` are set in weight, those of `faint` quietly, by their index.

    `opens` draws a rule above the row, where a group begins.
    """

    cells: tuple[str, ...]
    loud: frozenset[int] = frozenset()
    faint: frozenset[int] = frozenset()
    opens: bool = False


class Grid(Flowable):
    """A table that can run over pages, with its heading kept on the first of them."""

    def __init__(
        self, columns: tuple[Column, ...], lines: tuple[Line, ...], *, size: float = 8,
        element: Element | None = None, continued: bool = False,
        title: Flowable | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.title = title
        self.continued = continued
        self.columns, self.lines, self.size = columns, lines, size
        self.element = element or Element("Table")
        self.leading = size * 1.28
        self.spaceBefore, self.spaceAfter = 12 if title else 0, 4
        self.set_cells: list[list[list[str]]] = []
        self.set_width = 0.0  # the width the cells are broken for
        self._measured = 0.0  # the width all is measured for

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure the table for a width."""
        if self._measured != avail_width:
            self._measure(avail_width)
        self._over = self.title.wrap(avail_width, avail_height)[1] + 4 if self.title else 0.0
        self.height = self._over + self._head_tall() + sum(self._tall)
        return avail_width, self.height

    def _measure(self, avail_width: float) -> None:
        whole = sum(column.share for column in self.columns)
        self.width = self._measured = avail_width
        self._wide = [avail_width * column.share / whole for column in self.columns]
        self._left = [sum(self._wide[:at]) for at in range(len(self._wide))]
        if self.set_width != avail_width:
            self._said: dict[tuple[str, int, bool], list[str]] = {}
            self.set_cells = [self._broken(line) for line in self.lines]
            self.set_width = avail_width
        self._head = [
            broken(column.head, Face.REGULAR, self.size * 0.94, wide - _PAD)
            for column, wide in zip(self.columns, self._wide, strict=True)
        ]
        self._tall = [max(map(len, cells)) * self.leading + 2.9 for cells in self.set_cells]

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Cut between rows; a row alone too tall for a page continues on the next."""
        self.wrap(avail_width, avail_height)
        room, fit = avail_height - self._over - self._head_tall(), 0
        while fit < len(self._tall) and room >= self._tall[fit]:
            room -= self._tall[fit]
            fit += 1
        if fit == len(self._tall):
            return [self]
        if fit < min(2, len(self.lines)) and avail_height < 600:
            return []  # take the whole to the next page rather than leave a stub
        if not fit:
            return self._cut(int(room / self.leading) - 1)
        if fit > 2 and fit == len(self.lines) - 1:
            fit -= 1  # the last row is never alone
        now, then = self._part(self.lines[:fit]), self._part(self.lines[fit:], continued=True)
        now.set_cells, then.set_cells = self.set_cells[:fit], self.set_cells[fit:]
        now.set_width = then.set_width = avail_width
        return [now, then]

    def draw(self) -> None:
        """Draw head and rows, and tag each cell."""
        canvas = self.canv
        if self.title:
            self.title.drawOn(canvas, 0, self.height - self._over + 4)
        top = self.height - self._over - self._head_tall()
        y = top
        out = [*self._drawn_head(canvas, y), _rule(y, self.width, INK, 0.7)]
        for line, cells, tall in zip(self.lines, self.set_cells, self._tall, strict=True):
            opens = line.opens and y < top - 1
            out.append(_rule(y, self.width, LINE, 0.6) if opens else f"{FURNITURE}\n{END}")
            y -= tall
            out += self._row(canvas, line, cells, y)
        out.append(_rule(y, self.width, LINE, 0.6))
        canvas.addLiteral("\n".join(out))

    def _drawn_head(self, canvas: Any, y: float) -> Iterator[str]:
        look = (Face.REGULAR, QUIET, 0.94)
        row = Element("TR", self.element)
        for at, lines in enumerate(self._head):
            if self.continued:  # said once already: to a screen reader it is furniture
                yield FURNITURE
            else:
                head = Element("TH", row, scope="Column")
                yield begun("TH", canvas.tree.mark(head, canvas.getPageNumber()))
            yield from self._written(canvas, at, y, lines, look)
            yield END

    def _row(self, canvas: Any, line: Line, cells: list[list[str]], y: float) -> Iterator[str]:
        row, page = Element("TR", self.element), canvas.getPageNumber()
        tall = max(map(len, cells)) * self.leading
        for at, cell in enumerate(cells):
            role, scope = ("TD", "") if at else ("TH", "Row")
            base = y + tall - len(cell) * self.leading
            look = (_face(line, at), _colour(line, at), 1.0)
            yield begun(role, canvas.tree.mark(Element(role, row, scope=scope), page))
            yield from self._written(canvas, at, base, cell, look)
            yield END

    def _written(
        self, canvas: Any, at: int, y: float, lines: list[str], look: tuple[Face, str, float]
    ) -> Iterator[str]:
        face, colour, scale = look
        number = self.columns[at].number
        x = self._left[at] + self._wide[at] - _PAD * 2 if number else self._left[at]
        last = len(lines) - 1
        for index, line in enumerate(lines):
            base = y + 2.9 + (last - index) * self.leading
            if index < last and not number:
                line += " "  # keeps words apart for a reader who hears the cell
            if line:
                yield lettered(
                    canvas, x, base, line, face=face, size=self.size * scale, colour=colour,
                    align="right" if number else "left",
                )  # fmt: skip

    def _broken(self, line: Line) -> list[list[str]]:
        return [self._cell(cell, at, loud=at in line.loud) for at, cell in enumerate(line.cells)]

    def _cell(self, cell: str, at: int, *, loud: bool) -> list[str]:
        """Return a cell's lines of text; a column says the same thing many times."""
        lines = self._said.get((cell, at, loud))
        if lines is None:
            face = Face.BOLD if loud else Face.REGULAR
            lines = broken(cell, face, self.size, self._wide[at] - _PAD)
            self._said[cell, at, loud] = lines
        return lines

    def _head_tall(self) -> float:
        return max(map(len, self._head)) * self.leading + 5

    def _part(self, lines: tuple[Line, ...], *, continued: bool = False) -> "Grid":
        return Grid(
            self.columns, lines, size=self.size, element=self.element,
            continued=continued or self.continued, title=None if continued else self.title,
        )  # fmt: skip

    def _cut(self, room: int) -> list[Flowable]:
        """Cut the first row itself: as many text lines as fit now, the rest on the next page."""
        first, rest = self.lines[0], self.lines[1:]
        now = tuple("\n".join(cell[:room]) for cell in self.set_cells[0])
        then = tuple("\n".join(cell[room:]) for cell in self.set_cells[0])
        one = replace(first, cells=now)
        return [
            self._part((one,)),
            self._part((replace(first, cells=then), *rest), continued=True),
        ]


def _rule(y: float, wide: float, colour: str, weight: float) -> str:
    return f"{FURNITURE}\n{ruled(0, y, wide, colour=colour, weight=weight)}\n{END}"


def _face(line: Line, at: int) -> Face:
    return Face.BOLD if at in line.loud else Face.REGULAR


def _colour(line: Line, at: int) -> str:
    if at in line.faint:
        return QUIET
    return REFLUX if at and at in line.loud else INK
