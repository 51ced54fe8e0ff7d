"""Decide which embedded font prints each character, or refuse the text by name.

A glyph that a font lacks prints as nothing, and nothing is raised: "reflux ≥ 0.5 s" becomes
"reflux 0.5 s". So every string passes `clean()` before it reaches a page.
"""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from workflow.domain.errors import Refused

_FOLDER = Path(__file__).parent / "fonts"


class Face(StrEnum):
    """The two weights of the house; the value is the name the font is registered under."""

    REGULAR = "Inter"
    BOLD = "Inter-SemiBold"


_FILES = MappingProxyType({
    "Inter": "Inter_400Regular.ttf",
    "Inter-SemiBold": "Inter_600SemiBold.ttf",
    "DejaVu": "DejaVuSans.ttf",
    "DejaVu-Bold": "DejaVuSans-Bold.ttf",
})  # fmt: skip
_FALLBACK = MappingProxyType({Face.REGULAR: "DejaVu", Face.BOLD: "DejaVu-Bold"})

# Inter 4.001 keeps figures of one width in these glyphs (feature 'tnum'), without a code point of
# their own. The file is locked by its hash, so the numbers are stable; a test compares widths.
_TABULAR_ZERO = 1357

# Letters that join, stack or run from right to left need shaping that ReportLab does not do.
_UNSHAPED = frozenset(
    {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "PDF", "PDI", "FSI"}
)
_UNPRINTED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Mc", "Me", "Zl", "Zp"})


class Unprintable(Refused):
    """A text holds characters that paper cannot show; `characters` are those."""

    def __init__(self, text: str, characters: tuple[str, ...]) -> None:
        named = ", ".join(_called(character) for character in characters[:5])
        more = f" and {len(characters) - 5} more" if len(characters) > 5 else ""
        super().__init__(
            f"“{text[:80]}” cannot be printed: no embedded font can set {named}{more}. "
            "Enter a Latin spelling for paper."
        )
        self.text = text
        self.characters = characters


def clean(text: str) -> str:
    """Return the text as it will be printed: composed (NFC), with plain spaces and line ends.

    Raises Unprintable where a character has no glyph, or belongs to a script that needs shaping.
    """
    if text.isascii() and text.isprintable():
        return text  # nearly every text, and no font of the house lacks one of these
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.translate(_BLANKS)
    unknown = set(text) - _glyphs(Face.REGULAR) - {"\n"}
    if unknown:
        unknown -= _glyphs("DejaVu")
    if unknown:
        raise Unprintable(text, tuple(sorted(unknown)))
    return text


def runs(text: str, face: Face) -> Iterable[tuple[str, str]]:
    """Cut a clean text into (font name, characters), the fallback only where it is needed."""
    own = _glyphs(Face.REGULAR)
    if text.isascii() or own.issuperset(text):
        return ((str(face), text),)
    return [
        (str(face) if mine else _loaded(_FALLBACK[face]), "".join(chars))
        for mine, chars in groupby(text, own.__contains__)
    ]


def width(text: str, face: Face, size: float) -> float:
    """Return how wide a clean text prints, in points."""
    own = _advances(str(face))
    try:
        return 0.001 * size * sum(map(own.__getitem__, text))
    except KeyError:  # ReportLab measures the same way, but asks for its font and encoding first
        parts = runs(text, face)
        return float(sum(pdfmetrics.stringWidth(part, name, size) for name, part in parts))


@cache
def _advances(name: str) -> dict[str, float]:
    """Return how wide each character of a house face is, in thousandths of its size."""
    widths = font(name).face.charWidths
    return {letter: widths[ord(letter)] for letter in _glyphs(Face.REGULAR)}


@cache
def font(name: str) -> TTFont:
    """Return an embedded font, read from its file at first use."""
    # asciiReadable would embed every ASCII glyph whether used or not.
    found = TTFont(name, str(_FOLDER / _FILES[name]), asciiReadable=False, shapable=False)
    if name.startswith("Inter"):
        for digit in range(10):
            _tabular(found, digit)
    pdfmetrics.registerFont(found)
    for bold in (0, 1):
        for italic in (0, 1):
            addMapping(name, bold, italic, name)
    return found


def load() -> None:
    """Read the two house faces."""
    for face in Face:
        font(face.value)


_BLANKS = MappingProxyType({ord(char): " " for char in "\t\x0b\x0c\xa0"})


@cache
def _glyphs(name: str) -> frozenset[str]:
    """Return the characters a face can print, without those that need shaping."""
    letters = map(chr, font(str(name)).face.charToGlyph)
    return frozenset(
        letter
        for letter in letters
        if unicodedata.category(letter) not in _UNPRINTED
        and unicodedata.bidirectional(letter) not in _UNSHAPED
    )


def _loaded(name: str) -> str:
    font(name)
    return name


def _tabular(found: TTFont, digit: int) -> None:
    face = found.face
    face.charToGlyph[ord("0") + digit] = _TABULAR_ZERO + digit
    advance = face.hmetrics[_TABULAR_ZERO + digit][0]
    face.charWidths[ord("0") + digit] = advance * 1000 / face.unitsPerEm


def _called(character: str) -> str:
    name = unicodedata.name(character, "an unnamed character")
    return f"{name} (U+{ord(character):04X})"
