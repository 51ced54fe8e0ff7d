"""Decide what comes next by the room that is left on the page.

A figure that does not fit would go to the next page and leave a hole behind it. Where the order of
two parts does not matter to a reader, the one that fits goes first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from reportlab.platypus import Flowable, KeepTogether

from reports.type import gap

_SHORT = 3

Choose = Callable[[float, float], Iterable[Flowable]]


class Fork(Flowable):
    """What follows, chosen where it is reached: `choose` is given the width and the height left."""

    def __init__(self, choose: Choose) -> None:
        super().__init__()
        self.choose = choose

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Ask for more room than there is, so that the choice is called for."""
        return avail_width, avail_height + 1

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Return what was chosen, behind a space of no height."""
        return [gap(0), *self.choose(avail_width, avail_height)]


def kept(
    heading: Sequence[Flowable], items: Sequence[Flowable], close: Sequence[Flowable] = ()
) -> Iterator[Flowable]:
    """Yield a section whose heading takes two items along, and whose last item is never alone.

    `close` is what stands after it and must not come to a page of its own.
    """
    if len(items) <= _SHORT:
        yield KeepTogether([*heading, *items, *close])
        return
    yield KeepTogether([*heading, *items[:2]])
    yield from items[2:-2]
    yield KeepTogether([*items[-2:], *close])
