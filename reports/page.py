"""Set the sheet: paper size, margins, the head and foot of every page.

Head and foot are page furniture, not content: a screen reader passes over them. They are drawn when
the number of pages is known.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from types import MappingProxyType
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate

from reports import code
from reports.compact import write
from reports.face import Face, clean, width
from reports.foot import Foot
from reports.logo import draw_logo, room_of
from reports.pen import box, broken, put, rule
from reports.tags import Tree, artifact
from reports.type import ACCENT, INK, LINE, QUIET, REFLUX
from workflow.domain.documents import Letterhead

rl_config.useA85 = 0  # text armour would add a quarter to every stream

MARGIN = 48.0
_BOTTOM, _CODE, _QUIET = 15.0, 33.0, 4.0
SAMPLE = MappingProxyType({"en": "SAMPLE", "es": "MUESTRA (SAMPLE)"})
"""What is written across the pages of papers that no clinic issued."""

_SAMPLE_INK = "#f1ede6"  # light enough that text upon it keeps its contrast


@dataclass(frozen=True, slots=True)
class Mark:
    """Words on a tinted ground, under the head of every page."""

    words: str
    ground: str
    ink: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on every page.

    `preliminary` and `demo` are words that must not be missed on any of them, or empty.
    `named_in_text` says that the first page identifies the patient itself, below its title.
    `landscape` turns the paper on its side.
    """

    title: str
    letterhead: Letterhead
    patient: str
    identifiers: str
    preliminary: str
    demo: str
    foot: Foot
    page_words: tuple[str, str]
    language: str
    small: float
    named_in_text: bool = False
    landscape: bool = False
    logo: bytes = b""

    @property
    def paper(self) -> tuple[float, float]:
        """Return width and height in points: A4, or US Letter."""
        wide, tall = A4 if self.letterhead.paper.strip().lower() == "a4" else LETTER
        return (float(tall), float(wide)) if self.landscape else (float(wide), float(tall))

    @property
    def measure(self) -> float:
        """Return the width of the text in points."""
        return self.paper[0] - 2 * MARGIN

    @property
    def marks(self) -> tuple[tuple[Mark, ...], ...]:
        """Return the words that must not be missed, in one row where they fit, else in two."""
        both = (Mark(self.preliminary, "#fbeceb", REFLUX), Mark(self.demo, "#f3f1ec", QUIET))
        found = tuple(mark for mark in both if mark.words)
        wide = sum(width(clean(mark.words), Face.BOLD, self.small) + 12 for mark in found)
        return (found,) if found and wide <= self.measure else tuple((mark,) for mark in found)


SMALLER = (1.0, 0.93, 0.87, 0.81, 0.76, 0.72)
"""The sizes at which a story is tried that must not take more pages than it may."""


def sheet(page: Sheet, story: list[Flowable]) -> bytes:
    """Return the PDF of a story: tagged, with embedded fonts, the same bytes every time."""
    return _set(page, story).bytes


def fitted(page: Sheet, story: Callable[[float], Iterable[Flowable]], *, pages: int) -> bytes:
    """Return the PDF of a story on at most so many pages, set smaller where it takes more.

    `story` makes it anew for each size. What takes more at the smallest size runs over: words are
    never left out.
    """
    made = _set(page, list(story(SMALLER[0])))
    for scale in SMALLER[1:]:
        if made.pages <= pages:
            break
        made = _set(page, list(story(scale)))
    return made.bytes


def _set(page: Sheet, story: list[Flowable]) -> "_Canvas":
    made: list[_Canvas] = []

    def canvas(*_: Any, **__: Any) -> _Canvas:
        made.append(_Canvas(page))
        return made[0]

    tall, foot = page.paper[1], max(54.0, _foot_rule(page) + 8)
    template = BaseDocTemplate("", pagesize=page.paper, leftMargin=MARGIN, rightMargin=MARGIN)
    first, later = (
        Frame(MARGIN, foot, page.measure, tall - foot - head, 0, 0, 0, 0)
        for head in (_head(page, first=True), _head(page, first=False))
    )
    template.addPageTemplates([PageTemplate("first", [first]), PageTemplate("later", [later])])
    template.build([NextPageTemplate("later"), *story], canvasmaker=canvas)
    return made[0]


def _head(page: Sheet, *, first: bool) -> float:
    """Return how far below the top edge the text begins."""
    top = 62.0 + page.small * 0.6 if first else 34.0
    top += _contact_below(page) if first else 0.0
    top += len(_heading(page, first=first)) * page.small * 1.35
    return top + len(page.marks) * (page.small + 8) + (6 if first and page.named_in_text else 12)


class _Canvas(Canvas):
    """A canvas that keeps its pages until their number is known, and the structure tree."""

    _code: list[str]

    def __init__(self, page: Sheet) -> None:
        super().__init__(
            "", pagesize=page.paper, invariant=1, pageCompression=1, lang=page.language,
            initialFontName=Face.REGULAR.value, pdfVersion=(1, 7), initialFontSize=9,
        )  # fmt: skip
        self.tree = Tree(page.language)
        self.bytes = b""
        self._sheet = page
        self._kept: list[dict[str, Any]] = []
        self.setSubject(page.title)
        self.setCreator(page.letterhead.clinic)
        self.setProducer("ReportLab")
        self.setViewerPreference("DisplayDocTitle", "true")

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return len(self._kept)

    def showPage(self) -> None:  # noqa: N802
        """Put the page aside."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Draw head and foot on each page kept, and write the file."""
        kept = self._kept
        self.setTitle(self._sheet.title)  # the template has set its own
        self.setAuthor(self._sheet.letterhead.clinic)
        for number, state in enumerate(kept, start=1):
            self.__dict__.update(state)
            if self._sheet.letterhead.sample:
                self._put_beneath()
            with artifact(self):
                _draw_head(self, self._sheet, number)
                _draw_foot(self, self._sheet, number, len(kept))
            if number == 1:
                _draw_check(self, self._sheet)
            super().showPage()
        self.bytes = write(self, self.tree)

    def _put_beneath(self) -> None:
        """Write that the page is a sample across it, beneath all that stands there already."""
        above, self._code = self._code, []
        with artifact(self):
            _draw_sample(self, self._sheet)
        self._code += above


def _draw_sample(canvas: Any, page: Sheet) -> None:
    """Write the word from corner to corner, turned as the page's diagonal is."""
    wide, tall = page.paper
    words, turn = SAMPLE.get(page.language, SAMPLE["en"]), atan2(tall, wide)
    size = _fitting(words, 200.0, hypot(wide, tall) * 0.56)
    c, s = cos(turn), sin(turn)
    canvas.addLiteral(f"q {c:.4f} {s:.4f} {-s:.4f} {c:.4f} {wide / 2:.2f} {tall / 2:.2f} cm")
    put(
        canvas, 0, -size * 0.36, words, face=Face.BOLD, size=round(size, 1), colour=_SAMPLE_INK,
        align="middle",
    )  # fmt: skip
    canvas.addLiteral("Q")


def _draw_head(canvas: Any, page: Sheet, number: int) -> None:
    wide, tall = page.paper
    left, right = MARGIN, wide - MARGIN
    y = tall - 34.0
    if number == 1:
        y = _draw_letterhead(canvas, page, tall - 46.0)
    for line, x_end, face, colour in _heading(page, first=number == 1):
        y -= page.small * 1.35
        for words, align in ((line, "left"), (x_end, "right")):
            at = left if align == "left" else right
            ink = (Face.BOLD, INK) if align == "right" else (face, colour)
            put(canvas, at, y, words, face=ink[0], size=page.small, colour=ink[1], align=align)
    if not (number == 1 and page.named_in_text):
        y -= 7
        rule(canvas, left, y, right, colour=LINE)
    for row in page.marks:
        y -= page.small + 8
        x = left
        for at, mark in enumerate(row):
            wide = width(clean(mark.words), Face.BOLD, page.small) + 12
            end = right if at == len(row) - 1 else x + wide
            box(canvas, x, y, end - x, page.small + 6.5, fill=mark.ground)
            base = y + page.small * 0.42
            put(canvas, x + 6, base, mark.words, face=Face.BOLD, size=page.small, colour=mark.ink)
            x = end


def _draw_letterhead(canvas: Any, page: Sheet, y: float) -> float:
    """Draw clinic, address and phone; return where the line under them stands."""
    left, right = MARGIN, page.paper[0] - MARGIN
    name = left + room_of(page.logo)
    room = right - name
    contact, below = _contact(page), _contact_below(page)
    draw_logo(canvas, page.logo, left, y - below / 2)
    size = _fitting(page.letterhead.clinic, 15.0, room)
    put(canvas, name, y, page.letterhead.clinic, face=Face.BOLD, size=size, colour=ACCENT)
    y -= below
    small = _fitting(contact, page.small, room, Face.REGULAR)
    at, align = (name, "left") if below else (right, "right")
    put(canvas, at, y, contact, face=Face.REGULAR, size=small, colour=QUIET, align=align)
    y -= 10
    rule(canvas, left, y, right, colour=ACCENT, weight=1.1)
    return y - page.small * 0.3


def _contact(page: Sheet) -> str:
    clinic = page.letterhead
    address = ", ".join(line.strip().rstrip(",") for line in clinic.address.splitlines())
    return "  ·  ".join(part for part in (address, clinic.phone) if part)


def _contact_below(page: Sheet) -> float:
    """Return the height of a line for the address, where it does not fit beside the clinic."""
    clinic = width(clean(page.letterhead.clinic), Face.BOLD, 15.0)
    contact = width(clean(_contact(page)), Face.REGULAR, page.small)
    room = page.measure - room_of(page.logo)
    return 0.0 if clinic + contact + 18 <= room else page.small * 1.5


def _fitting(text: str, size: float, room: float, face: Face = Face.BOLD) -> float:
    """Return a size at which a line fits the room: the wished one, or a smaller."""
    return min(size, size * room / max(width(clean(text), face, size), 1.0))


def _heading(page: Sheet, *, first: bool) -> list[tuple[str, str, Face, str]]:
    """Return the lines that name document and patient: (left, right, face and colour of left)."""
    if first and page.named_in_text:
        return []
    title = "" if first else f"{page.letterhead.clinic}  ·  {page.title}"
    who = clean(f"{page.patient}, {page.identifiers}").replace("\n", " ")
    both = width(clean(title), Face.REGULAR, page.small) + width(who, Face.BOLD, page.small)
    if both + (18 if title else 0) <= page.measure:
        return [(title, who, Face.REGULAR, QUIET)]
    lines = [(title, "", Face.REGULAR, QUIET)] if title else []
    names = broken(who, Face.BOLD, page.small, page.measure)
    return [*lines, *((name, "", Face.BOLD, INK) for name in names)]


def _foot_lines(page: Sheet) -> list[str]:
    """Return the parts of the foot in as few lines as fit; the page's number ends the first."""
    word, of = page.page_words
    room = page.measure - (_CODE + 12 if page.foot.address else 0)
    counted = width(f"{word} 99 {of} 99", Face.REGULAR, page.small) + 12
    lines: list[str] = []
    for part in page.foot.parts:
        longer = f"{lines[-1]}  ·  {part}" if lines else part
        taken = width(clean(longer), Face.REGULAR, page.small)
        if lines and taken <= room - (counted if len(lines) == 1 else 0):
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _foot_rule(page: Sheet) -> float:
    """Return how high the line over the foot stands."""
    text = len(_foot_lines(page)) * page.small * 1.25
    return max(42.0, _BOTTOM + max(text, _CODE if page.foot.address else 0.0) + _QUIET)


def _draw_foot(canvas: Any, page: Sheet, number: int, pages: int) -> None:
    left, right = MARGIN, page.paper[0] - MARGIN
    lines, top = _foot_lines(page), _foot_rule(page)
    rule(canvas, left, top, right, colour=LINE)
    if page.foot.address:
        right -= _CODE
        if number > 1:
            code.draw(canvas, page.foot.address, right, _BOTTOM, _CODE)
        right -= 12
    word, of = page.page_words
    leading = page.small * 1.25
    y = (top - _QUIET + _BOTTOM) / 2 + (len(lines) * leading) / 2 - page.small * 0.98
    if page.letterhead.sample:
        put(
            canvas, page.paper[0] / 2, y, SAMPLE.get(page.language, SAMPLE["en"]),
            face=Face.BOLD, size=page.small, colour=QUIET, align="middle",
        )  # fmt: skip
    counted, first = f"{word} {number} {of} {pages}", y
    for line in lines:
        put(canvas, left, y, line, face=Face.REGULAR, size=page.small, colour=QUIET)
        y -= leading
    put(
        canvas, right, first, counted, face=Face.REGULAR, size=page.small, colour=QUIET,
        align="right",
    )  # fmt: skip


def _draw_check(canvas: Any, page: Sheet) -> None:
    """Draw the code of the first page, which is the link; the others show it alone."""
    if page.foot.address:
        corner = (page.paper[0] - MARGIN - _CODE, _BOTTOM, _CODE)
        code.draw_link(canvas, page.foot.address, page.foot.words, corner)
