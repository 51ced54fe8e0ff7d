"""Set two runs of text side by side, where a page has room for both; else one after the other."""

from itertools import accumulate
from typing import Any

from reportlab.platypus import Flowable

from reports.lead import loosened

_GUTTER, _PAGE = 22.0, 500.0


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
        """Cut both columns between their parts; a heading goes with what follows it."""
        cuts = [_fitting(tall, avail_height) for tall in self._tall]
        pairs = list(zip(self.columns, cuts, strict=True))
        if all(cut >= min(2, len(parts)) for parts, cut in pairs):
            now, then = [p[:cut] for p, cut in pairs], [p[cut:] for p, cut in pairs]
            return [self._part(*now), self._part(*then)]
        parts = [*self.columns[0], *self.columns[1]]
        return loosened(parts, avail_width, avail_height) if avail_height > _PAGE else []

    def _part(self, left: list[Flowable], right: list[Flowable]) -> "Columns":
        return Columns(left, right, self.shares, gutter=self.gutter)

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


def _fitting(tall: list[float], room: float) -> int:
    """Return how many parts fit the room, one under the other."""
    return sum(1 for reached in accumulate(tall) if reached <= room)
