"""Set the words a reader must not miss: the main message, and when to call at once."""

from typing import Any

from reportlab.platypus import Flowable

from reports.pen import box
from reports.tags import Element, artifact
from reports.type import ACCENT, PLAIN, PLAIN_LEAD, PLAIN_SECTION, REFLUX, text

_INSET, _BETWEEN = 16.0, 3.0
_OVERHANG = 48.0  # so far text may reach below the figure it stands beside


def loosened(parts: list[Flowable], wide: float, tall: float) -> list[Flowable]:
    """Return parts to be set one after the other; the first of them fits the room."""
    first, *rest = parts
    if first.wrap(wide, tall)[1] <= tall:
        return parts
    cut: list[Flowable] = first.split(wide, tall)
    return [*cut, *rest] if cut else []


class Lead(Flowable):
    """A few sentences on a tinted ground with a bar at their side."""

    def __init__(self, lines: tuple[str, ...], *, title: str = "", urgent: bool = False) -> None:
        super().__init__()
        self.bar, self.ground = (REFLUX, "#fbeeed") if urgent else (ACCENT, "#eef5f4")
        block = Element("Div")
        style = PLAIN if title else PLAIN_LEAD
        self.parts = [text(title, PLAIN_SECTION, parent=block)] if title else []
        self.parts += [text(line, style, parent=block) for line in lines]
        self.spaceBefore, self.spaceAfter = 7, 6

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure for a width."""
        self.width = avail_width
        room = avail_width - 2 * _INSET
        self._tall = [part.wrap(room, avail_height)[1] + _BETWEEN for part in self.parts]
        self.height = sum(self._tall) + 16
        return avail_width, self.height

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Give up the ground where the words do not fit on one page."""
        return loosened(self.parts, avail_width, avail_height) if avail_height > 500 else []

    def draw(self) -> None:
        """Draw the ground, the bar and the sentences."""
        canvas: Any = self.canv
        with artifact(canvas):
            box(canvas, 0, 0, self.width, self.height, fill=self.ground)
            box(canvas, 0, 0, 3, self.height, fill=self.bar)
        y = self.height - 9
        for part, tall in zip(self.parts, self._tall, strict=True):
            y -= tall
            part.drawOn(canvas, _INSET, y + 2)


class Beside(Flowable):
    """A figure `wide` points wide and text at its right, as much of it as the figure is tall.

    What is more goes below, over the whole width; so does all of it where the two have no room
    side by side. `together` gives the parts that are not to be parted, such as a heading and its
    first lines.
    """

    def __init__(self, figure: Flowable, wide: float, together: list[list[Flowable]]) -> None:
        super().__init__()
        self.figure, self.wide, self.together = figure, wide, together
        self.spaceBefore, self.spaceAfter = 6, 6
        self._placed: list[tuple[Flowable, float]] = []

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure for a width; where some of the text must go below, ask to be split."""
        self.width = avail_width
        self._left = self.figure.wrap(self.wide, avail_height)[1]
        self._placed, self.height, y = [], self._left, 0.0
        for at, parts in enumerate(self.together):
            run, end = self._run(parts, y, avail_width - self.wide - _INSET)
            if at and end > self._left + _OVERHANG:
                return avail_width, avail_height + 1
            self._placed += run
            self.height = max(self.height, end)
            y = end + parts[-1].getSpaceAfter()
        return avail_width, self.height

    def _run(
        self, parts: list[Flowable], y: float, room: float
    ) -> tuple[list[tuple[Flowable, float]], float]:
        """Return where each of some parts ends below the top, and where the last of them does."""
        run, end = [], y
        for part in parts:
            y += part.getSpaceBefore() if y else 0
            end = y + part.wrap(room, 10_000)[1]
            run.append((part, end))
            y = end + part.getSpaceAfter()
        return run, end

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Return the figure with the text that fits at its side, then the rest of the text."""
        self.wrap(avail_width, avail_height)
        if avail_height < self._left:
            return []
        placed = {id(part) for part, _ in self._placed}
        beside = [parts for parts in self.together if id(parts[0]) in placed]
        rest = [part for parts in self.together[len(beside) :] for part in parts]
        if self.height > avail_height or not beside:
            return [self.figure, *(part for parts in beside for part in parts), *rest]
        return [Beside(self.figure, self.wide, beside), *rest]

    def draw(self) -> None:
        """Draw the figure, then the text."""
        canvas: Any = self.canv
        self.figure.drawOn(canvas, 0, self.height - self._left)
        for part, end in self._placed:
            part.drawOn(canvas, self.wide + _INSET, self.height - end)
