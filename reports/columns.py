"""Set two runs of text side by side, where a page has room for both; else one after the other."""

from typing import Any

from reportlab.platypus import Flowable

from reports.lead import loosened

_GUTTER = 22.0


class Columns(Flowable):
    """Two columns whose widths stand to each other as `shares`; the left one is read first."""

    def __init__(
        self, left: list[Flowable], right: list[Flowable], shares: tuple[float, float] = (1, 1),
        *, gutter: float = _GUTTER,
    ) -> None:  # fmt: skip
        super().__init__()
        self.columns, self.shares, self.gutter = (left, right), shares, gutter

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure for a width."""
        self.width = avail_width
        room = avail_width - self.gutter
        self._rooms = [room * share / sum(self.shares) for share in self.shares]
        self._tall = [
            [_tall(part, wide, first=at == 0) for at, part in enumerate(parts)]
            for parts, wide in zip(self.columns, self._rooms, strict=True)
        ]
        self.height = max(map(sum, self._tall))
        return avail_width, self.height

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Set the columns one after the other where they are taller than any page."""
        parts = [*self.columns[0], *self.columns[1]]
        return loosened(parts, avail_width, avail_height) if self.height > 500 else []

    def draw(self) -> None:
        """Draw the left column, then the right one."""
        canvas: Any = self.canv
        for parts, tall, x in zip(
            self.columns, self._tall, (0.0, self._rooms[0] + self.gutter), strict=True
        ):
            y = self.height
            for part, room in zip(parts, tall, strict=True):
                y -= room
                part.drawOn(canvas, x, y + part.getSpaceAfter())


def _tall(part: Flowable, wide: float, *, first: bool) -> float:
    """Return the height a part takes, the space around it within."""
    before = 0.0 if first else part.getSpaceBefore()
    return float(before + part.wrap(wide, 10_000)[1] + part.getSpaceAfter())
