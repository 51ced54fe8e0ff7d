"""Hold the house style of the documents: sizes, weights, colours, and the one door to a paragraph.

`text()` takes a string as it is: nothing in it is markup, and a character that cannot be printed is
refused by name (`Unprintable`).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer  # noqa: TID251

from reports.face import Face, Unprintable, clean, load, runs
from reports.pen import put
from reports.tags import Element, tagged

INK, QUIET, LINE = "#1b2126", "#5b6670", "#d8d4cc"
ACCENT, REFLUX, CAUTION, WASH = "#0b6b6b", "#b3261e", "#8a5a00", "#f6f4ef"

_PIECE = 24

load()


def _style(
    name: str, size: float, leading: float, face: Face = Face.REGULAR, *,
    colour: str = INK, before: float = 0, after: float = 0, indent: float = 0, keep: bool = False,
) -> ParagraphStyle:  # fmt: skip
    return ParagraphStyle(
        name, fontName=face.value, fontSize=size, leading=leading, textColor=HexColor(colour),
        spaceBefore=before, spaceAfter=after, leftIndent=indent, alignment=TA_LEFT,
        allowWidows=0, allowOrphans=0, keepWithNext=int(keep), splitLongWords=1,
    )  # fmt: skip


# For staff: dense, 9 points. For patients: nothing under 12.
BODY = _style("body", 9, 13, after=3)
SMALL = _style("small", 8, 11, colour=QUIET, after=2)
STRONG = _style("strong", 9.5, 13.5, Face.BOLD, after=3)
TITLE = _style("title", 20, 24, Face.BOLD, after=2)
SECTION = _style("section", 11.5, 15, Face.BOLD, before=12, after=4, keep=True)
PART = _style("part", 9.5, 13, Face.BOLD, before=5, after=2, keep=True)
WARNING = _style("warning", 9.5, 13, Face.BOLD, colour=REFLUX, after=3)
BULLET = _style("bullet", 9, 13, after=2, indent=10)
HANGING = 92.0
SIDE = _style("side", 9, 13, Face.BOLD, colour=QUIET)
TOLD = _style("told", 9, 13, after=4, indent=HANGING)

RECORD = _style("record", 8.5, 11.5, colour=QUIET, after=9)

PLAIN = _style("plain", 12, 16, after=3)
PLAIN_TITLE = _style("plain-title", 26, 31, Face.BOLD, after=2)
PLAIN_NAME = _style("plain-name", 12, 16, Face.BOLD, after=0)
PLAIN_QUIET = _style("plain-quiet", 12, 17, colour=QUIET, after=4)
PLAIN_LEAD = _style("plain-lead", 16, 22, Face.BOLD, after=4)
PLAIN_SECTION = _style("plain-section", 14.5, 19, Face.BOLD, before=10, after=3, keep=True)
PLAIN_BULLET = _style("plain-bullet", 12, 16, after=3, indent=14)
PLAIN_ENTRY = _style("plain-entry", 12, 15.5, after=1.5)
PLAIN_PART = _style("plain-part", 12, 17.5, Face.BOLD, colour=ACCENT, keep=True)
PLAIN_STRONG = _style("plain-strong", 12, 17, Face.BOLD, keep=True)

_ROLES = {"title": "H1", "plain-title": "H1", "section": "H2", "plain-section": "H2", "part": "H3",
          "side": "H2", "plain-part": "H3"}  # fmt: skip


def sized(style: ParagraphStyle, scale: float) -> ParagraphStyle:
    """Return a style with every measure times `scale`; 1.0 is the style itself."""
    if scale == 1.0:
        return style
    measures = ("fontSize", "leading", "spaceBefore", "spaceAfter", "leftIndent", "bulletFontSize")
    smaller = {name: getattr(style, name) * scale for name in measures}
    return ParagraphStyle(style.name, parent=style, **smaller)


class _Prose(Paragraph):
    """A paragraph that knows its place in the structure, also after a page break cuts it."""

    element: Element
    label: Element | None = None
    goes_on = False
    _room: float | None = None
    _taken = (0.0, 0.0)

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        # Asked again wherever it might stand; its lines depend on the width alone.
        if self._room != avail_width:
            self._taken, self._room = super().wrap(avail_width, avail_height), avail_width
        return self._taken

    def split(self, avail_width: float, avail_height: float) -> list[Any]:
        parts: list[Any] = super().split(avail_width, avail_height)
        self._room = None  # what was measured may be gone
        for at, part in enumerate(parts, start=1):
            part.element = self.element
            part.label = self.label if at == 1 else None
            part.goes_on = at < len(parts)
        return parts

    def draw(self) -> None:
        lines = self.blPara.lines
        for line in lines if self.goes_on else lines[:-1]:
            _end_with_space(line)
        if self.label:
            self._put_bullet(self.label)
        with tagged(self.canv, self.element):
            super().draw()

    def _put_bullet(self, label: Element) -> None:
        size = self.style.fontSize
        first = self.blPara.lines[0] if self.blPara.kind else self.blPara
        base = self.height - getattr(first, "ascent", size)
        with tagged(self.canv, label):
            put(
                self.canv, 0, base, "• ",
                face=Face(self.style.fontName), size=size, colour=INK,
            )  # fmt: skip


def _end_with_space(line: Any) -> None:
    """Keep the last word of a line apart from the next, for a reader who hears the page."""
    if isinstance(line, tuple):  # in one font: what is left of the width, and the words
        line[1].append("")
    elif line.words:
        line.words[-1].text += " "


class _Hung(_Prose):
    """A heading that stands in the margin, beside the text that follows it."""

    def __init__(self, name: str, style: ParagraphStyle) -> None:
        super().__init__(_markup(name, Face(style.fontName)), style)
        self.element = Element(_ROLES[style.name])

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        super().wrap(HANGING - 6, avail_height)
        return HANGING, 0.0

    def draw(self) -> None:
        # Its height counts as none, so its first line must begin where the next text begins.
        self.canv.translate(0, -self.height)
        super().draw()


def text(string: str, style: ParagraphStyle = BODY, *, parent: Element | None = None) -> Flowable:
    """Return a paragraph that prints the string exactly as written.

    Line ends are kept. Raises Unprintable for a character no embedded font can set.
    """
    return _prose(string, style, Element(_ROLES.get(style.name, "P"), parent))


def told(name: str, lines: tuple[str, ...]) -> Iterator[Flowable]:
    """Return a heading in the margin and its paragraphs beside it."""
    yield _Hung(name, SIDE)
    for line in lines:
        yield from paragraphs(line, TOLD)


def part(name: str, note: str = "") -> Flowable:
    """Return a small heading, with a quieter note on the same line."""
    said = _markup(name, Face.BOLD)
    if note:
        quiet = f'<font name="{Face.REGULAR.value}" color="{QUIET}">'
        said += f"{quiet}&nbsp;&nbsp;&nbsp;{_markup(note, Face.REGULAR)}</font>"
    prose = _Prose(said, PART)
    prose.element = Element(_ROLES[PART.name])
    return prose


def bullets(items: tuple[str, ...], style: ParagraphStyle = BULLET) -> Iterator[Flowable]:
    """Return a list, one paragraph an item."""
    whole = Element("L")
    for item in items:
        entry = Element("LI", whole)
        first, *rest = _pieces(item, style, Element("LBody", entry))
        first.label = Element("Lbl", entry)
        yield from (first, *rest)


def paragraphs(string: str, style: ParagraphStyle = BODY) -> Iterator[Flowable]:
    """Return a text of any length as one paragraph, set in pieces that a page can hold."""
    yield from _pieces(string, style, Element(_ROLES.get(style.name, "P")))


def _pieces(string: str, style: ParagraphStyle, element: Element) -> Iterator[_Prose]:
    # A paragraph is measured anew on every page it reaches, so that one of thousands of lines
    # would take minutes; in pieces it takes no longer than so many short ones.
    lines = clean(string).split("\n")
    for at in range(0, len(lines), _PIECE):
        piece = _prose("\n".join(lines[at : at + _PIECE]), style, element)
        if at + _PIECE < len(lines):
            piece.spaceAfter = 0
        yield piece


def defined(entries: Sequence[tuple[str, str]], style: ParagraphStyle) -> Flowable:
    """Return words in weight, each with its meaning, one after the other in one paragraph."""
    said = (
        f'<font name="{Face.BOLD.value}">{_markup(f"{word}:", Face.BOLD)}</font> '
        f"{_markup(meaning, Face(style.fontName))}"
        for word, meaning in entries
    )
    prose = _Prose(" ".join(said), style)
    prose.element = Element("P")
    return prose


def gap(points: float) -> Flowable:
    """Return an empty space of so many points."""
    return Spacer(0, points)


def _prose(string: str, style: ParagraphStyle, element: Element) -> _Prose:
    prose = _plain(clean(string), style) or _Prose(_markup(string, Face(style.fontName)), style)
    prose.element = element
    return prose


def _plain(string: str, style: ParagraphStyle) -> _Prose | None:
    """Return a paragraph whose words need no parsing, being of one font and one line; else None."""
    if "\n" in string or len(tuple(runs(string, Face(style.fontName)))) > 1:
        return None
    if not (words := _lined(string)):
        return None
    fragment = _fragment(style.fontName, style.fontSize, style.textColor)
    return _Prose("", style, frags=[fragment.clone(text=words, link=[], us_lines=[])])


def _lined(string: str) -> str:
    """Return a string as ReportLab reads it: no space at its ends, and one between words."""
    return " ".join(string.split())


@lru_cache(maxsize=128)
def _fragment(font: str, size: float, colour: Color) -> Any:
    """Return what ReportLab's parser makes of a letter."""
    style = ParagraphStyle("", fontName=font, fontSize=size, textColor=colour)
    return _Prose("x", style).frags[0]


def _markup(string: str, face: Face) -> str:
    marked = "".join(
        escape(chars) if name == face.value else f'<font name="{name}">{escape(chars)}</font>'
        for name, chars in runs(clean(string), face)
    )
    return marked.replace("\n", "<br/>")


__all__ = ["Unprintable", "bullets", "defined", "gap", "paragraphs", "part", "text", "told"]
