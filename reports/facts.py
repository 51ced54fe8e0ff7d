"""Set short facts: a quiet name over its value, several in a row."""

from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable

from reports.face import Face
from reports.lead import loosened
from reports.pen import box, broken, put, rule
from reports.tags import Element, artifact, tagged
from reports.type import INK, LINE, QUIET, WASH, text
from workflow.domain.documents import Signature


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value."""

    name: str
    value: str


class Facts(Flowable):
    """Facts in columns of one width, row by row; `more` says that others follow, so no rule."""

    def __init__(
        self, facts: tuple[Fact, ...], shares: tuple[float, ...], *,
        size: float = 9, more: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.facts, self.shares, self.columns, self.size = facts, shares, len(shares), size
        self.more = more
        self.spaceBefore, self.spaceAfter = 2, 0 if more else 8

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure for a width."""
        self.width = avail_width
        rooms = [avail_width * share / sum(self.shares) for share in self.shares]
        self._left = [sum(rooms[:at]) for at in range(self.columns)]
        self._lines = [
            broken(fact.value, Face.REGULAR, self.size, rooms[at % self.columns] - 10)
            for at, fact in enumerate(self.facts)
        ]
        rows = [
            self._lines[at : at + self.columns] for at in range(0, len(self._lines), self.columns)
        ]
        self._tall = [max(map(len, row)) * self.size * 1.3 + self.size * 1.9 for row in rows]
        self.height = sum(self._tall) + 4
        return avail_width, self.height

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Set facts too long for their columns as plain paragraphs."""
        lines = [text(f"{fact.name}: {fact.value}") for fact in self.facts]
        return loosened(lines, avail_width, avail_height) if avail_height > 400 else []

    def draw(self) -> None:
        """Draw each fact as one paragraph: its name, then its value."""
        canvas = self.canv
        if not self.more:
            with artifact(canvas):
                rule(canvas, 0, 0, self.width, colour=LINE)
        top = self.height
        for at, (fact, lines) in enumerate(zip(self.facts, self._lines, strict=True)):
            if at and at % self.columns == 0:
                top -= self._tall[at // self.columns - 1]
            x = self._left[at % self.columns]
            with tagged(canvas, Element("P")):
                self._fact(canvas, fact, lines, x, top)

    def _fact(self, canvas: Any, fact: Fact, lines: list[str], x: float, top: float) -> None:
        small = self.size * 0.83
        y = top - small * 1.1
        put(canvas, x, y, f"{fact.name} ", face=Face.REGULAR, size=small, colour=QUIET)
        y -= self.size * 1.22
        for line in lines:  # the space keeps words apart for a reader who hears the page
            put(canvas, x, y, f"{line} ", face=Face.REGULAR, size=self.size, colour=INK)
            y -= self.size * 1.3


class SignatureBlock(Flowable):
    """Who signed, with credentials, when by the clinic's clock, and what it means."""

    def __init__(self, lines: tuple[str, ...], *, size: float = 9) -> None:
        super().__init__()
        self.lines, self.size = lines, size
        self.spaceBefore = 10

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure for a width."""
        self.width = avail_width
        self._set = [
            broken(line, Face.BOLD if at == 0 else Face.REGULAR, self.size, avail_width - 24)
            for at, line in enumerate(self.lines)
        ]
        self.height = sum(map(len, self._set)) * self.size * 1.45 + 14
        return avail_width, self.height

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Set a signature too long for a page as plain paragraphs."""
        lines = [text(line) for line in self.lines]
        return loosened(lines, avail_width, avail_height) if avail_height > 400 else []

    def draw(self) -> None:
        """Draw the block."""
        canvas = self.canv
        with artifact(canvas):
            box(canvas, 0, 0, self.width, self.height, fill=WASH)
        y = self.height - 7 - self.size
        for at, lines in enumerate(self._set):
            with tagged(canvas, Element("P")):
                for line in lines:
                    face, colour = (Face.BOLD, INK) if at == 0 else (Face.REGULAR, INK)
                    put(canvas, 12, y, f"{line} ", face=face, size=self.size, colour=colour)
                    y -= self.size * 1.45


def signed_by(signature: Signature) -> str:
    """Return the printed name with its credentials."""
    return ", ".join(part for part in (signature.name, signature.credentials) if part)
