"""Draw a QR code as squares of one path, and make it a link: the only one a paper holds."""

from functools import lru_cache
from typing import Any

import segno
from reportlab.pdfbase.pdfdoc import PDFString

from reports.pen import rgb
from reports.tags import Element, tagged
from reports.type import INK


def modules(address: str) -> tuple[tuple[bool, ...], ...]:
    """Return the code of an address row by row, the dark squares True."""
    code = segno.make(address, error="m", micro=False)
    return tuple(tuple(map(bool, row)) for row in code.matrix)


def draw(canvas: Any, address: str, x: float, y: float, size: float) -> None:
    """Draw the code of an address in a square whose lower left corner is at x, y.

    The paper around it must stay blank for four of its squares.
    """
    count, path = _path(address)
    one = size / count
    at = f"{one:.5f} 0 0 {-one:.5f} {x:.2f} {y + size:.2f} cm"
    canvas.addLiteral(f"q {rgb(INK)} rg {at} {path} f Q")


@lru_cache(maxsize=8)  # every page of a paper draws the same one
def _path(address: str) -> tuple[int, str]:
    """Return how many squares a side has, and the dark ones as a path whose unit is a square."""
    rows = modules(address)
    runs = [f"{at} {down} {wide} 1 re" for down, row in enumerate(rows) for at, wide in _runs(row)]
    return len(rows), " ".join(runs)


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return the dark runs of a row: where each begins and how wide it is."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if dark and at and row[at - 1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((at, 1))
    return runs


def draw_link(canvas: Any, address: str, words: str, corner: tuple[float, float, float]) -> None:
    """Draw the code as a figure that opens its address; `words` say so to whoever hears the page.

    It may stand once in a file; `corner` is x, y and size.
    """
    x, y, size = corner
    link = Element("Link")
    with tagged(canvas, Element("Figure", link, alt=words)):
        draw(canvas, address, x, y, size)
    canvas.linkURL(
        address, (x, y, x + size, y + size), F=4, Contents=PDFString(words),
        StructParent=canvas.tree.promised,
    )  # fmt: skip
    document = canvas._doc  # noqa: SLF001  the only way to the number of the link's object
    name = document.annotationName(f"NUMBER{canvas._annotationCount}")  # noqa: SLF001
    link.opens = document.idToObjectNumberAndVersion[name][0]
    link.page = canvas.getPageNumber()
    canvas.tree.link = link
