"""Set one line of text at a point of the page.

Writes the operators itself: a table has hundreds of short strings, and a paragraph for each costs
five times the whole page.
"""

from functools import lru_cache
from typing import Any

from reports.face import Face, clean, font, runs, width

_LETTERED = 1000


class Letters(dict[str, str]):
    """The characters of one face that a file has used: what stands for each in its streams.

    `inner` is what the file calls the font.
    """

    inner = ""


def put(
    canvas: Any, x: float, y: float, text: str, *, face: Face, size: float, colour: str,
    align: str = "left",
) -> None:  # fmt: skip
    """Write a line of text (line ends become spaces) with its baseline at y.

    `x` is its left end, its right end or its middle, as `align` says. Raises Unprintable.
    """
    text = clean(text).replace("\n", " ")
    if text:
        line = lettered(canvas, x, y, text, face=face, size=size, colour=colour, align=align)
        canvas.addLiteral(line)


def lettered(
    canvas: Any, x: float, y: float, text: str, *, face: Face, size: float, colour: str,
    align: str = "left",
) -> str:  # fmt: skip
    """Return the operators that write a clean text of one line; `put` says what they take."""
    if align != "left":
        wide = width(text, face, size)
        x -= wide if align == "right" else wide / 2
    letters: Letters = canvas.letters[face]
    try:
        shown = f"{letters.inner} {size:g} Tf <{''.join(map(letters.__getitem__, text))}> Tj"
    except KeyError:
        shown = _learnt(canvas, text, face, size)
    return f"BT {rgb(colour)} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET"


def _learnt(canvas: Any, text: str, face: Face, size: float) -> str:
    """Return what shows a text, and remember its characters where one font holds them all."""
    document = canvas._doc  # noqa: SLF001  names the font subsets
    letters: Letters = canvas.letters[face]
    shown = []
    for name, chars in runs(text, face):
        for subset, codes in font(name).splitString(chars, document):
            inner = font(name).getSubsetInternalName(subset, document)
            shown.append(f"{inner} {size:g} Tf <{codes.hex()}> Tj")
            if len(codes) == len(text) and name == face and subset == 0:
                letters.inner = inner
                letters.update(zip(chars, map("{:02x}".format, codes), strict=True))
    return " ".join(shown)


@lru_cache(maxsize=256)
def rgb(colour: str) -> str:
    """Return '#1b2126' as PDF numbers: '0.106 0.129 0.149'."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))


def rule(canvas: Any, x1: float, y: float, x2: float, *, colour: str, weight: float = 0.5) -> None:
    """Draw a horizontal line."""
    canvas.addLiteral(ruled(x1, y, x2, colour=colour, weight=weight))


def ruled(x1: float, y: float, x2: float, *, colour: str, weight: float) -> str:
    """Return the operators that draw a horizontal line."""
    return f"q {rgb(colour)} RG {weight:g} w {x1:.2f} {y:.2f} m {x2:.2f} {y:.2f} l S Q"


def box(
    canvas: Any, x: float, y: float, wide: float, tall: float, *, fill: str
) -> None:  # fmt: skip
    """Fill a rectangle whose lower left corner is at x, y."""
    canvas.addLiteral(f"q {rgb(fill)} rg {x:.2f} {y:.2f} {wide:.2f} {tall:.2f} re f Q")


def broken(text: str, face: Face, size: float, room: float) -> list[str]:
    """Break a text into lines no wider than `room` points; a word too long is cut."""
    lines: list[str] = []
    for part in clean(text).split("\n"):
        lines += _lines(part, face, size, room)
    return lines or [""]


def _lines(part: str, face: Face, size: float, room: float) -> list[str]:
    if len(part) < _LETTERED and width(part, face, size) <= room:
        return [part]
    lines, line = [], ""
    for word in part.split():
        longer = f"{line} {word}" if line else word
        if width(longer, face, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, face, size, room)
        lines += full
    return [*lines, line]


@lru_cache(maxsize=2048)
def _advance(char: str, face: Face) -> float:
    """Return how wide a character is, in units of its size."""
    return width(char, face, 1.0)


def _pieces(word: str, face: Face, size: float, room: float) -> list[str]:
    if width(word, face, size) <= room:
        return [word]
    pieces, piece, used = [], "", 0.0
    for char in word:
        step = _advance(char, face) * size
        if piece and used + step > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece += char
        used += step
    return [*pieces, piece]
