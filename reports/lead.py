"""Set the words a reader must not miss: the main message, and when to call at once."""

from typing import Any

from reportlab.platypus import Flowable

from reports.pen import box
from reports.tags import Element, artifact
from reports.type import ACCENT, PLAIN, PLAIN_LEAD, PLAIN_SECTION, REFLUX, text

_INSET = 16.0


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
        self.spaceBefore, self.spaceAfter = 8, 8

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure for a width."""
        self.width = avail_width
        room = avail_width - 2 * _INSET
        self._tall = [part.wrap(room, avail_height)[1] + 4 for part in self.parts]
        self.height = sum(self._tall) + 18
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
        y = self.height - 10
        for part, tall in zip(self.parts, self._tall, strict=True):
            y -= tall
            part.drawOn(canvas, _INSET, y + 2)


class Beside(Flowable):
    """A figure at the left and text at its right; one under the other where that has no room."""

    def __init__(self, figure: Flowable, parts: list[Flowable], *, share: float = 0.54) -> None:
        super().__init__()
        self.figure, self.parts, self.share = figure, parts, share
        self.spaceBefore, self.spaceAfter = 6, 6

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure for a width."""
        self.width = avail_width
        left = avail_width * self.share
        self._left = self.figure.wrap(left, avail_height)[1]
        self._tall = [
            part.wrap(avail_width - left - _INSET, 10_000)[1] + part.getSpaceAfter()
            for part in self.parts
        ]
        self._tall = [
            tall + (part.getSpaceBefore() if at else 0)
            for at, (part, tall) in enumerate(zip(self.parts, self._tall, strict=True))
        ]
        self.height = max(self._left, sum(self._tall))
        return avail_width, self.height

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Set the text under the figure where the two do not fit side by side."""
        if avail_height < self._left:
            return []
        return [self.figure, *self.parts]

    def draw(self) -> None:
        """Draw the figure, then the text."""
        canvas: Any = self.canv
        self.figure.drawOn(canvas, 0, self.height - self._left)
        y = self.height
        for part, tall in zip(self.parts, self._tall, strict=True):
            y -= tall
            part.drawOn(canvas, self.width * self.share + _INSET, y + part.getSpaceAfter())
