"""Draw what stands on every page and is no content: head, foot, and the word across a sample.

A screen reader passes over it.
"""

from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from types import MappingProxyType
from typing import Any

from reportlab.lib.pagesizes import A4, LETTER

from reports import code
from reports.face import Face, clean, width
from reports.foot import Foot
from reports.logo import draw_logo, room_of
from reports.pen import box, broken, put, rule
from reports.type import ACCENT, INK, LINE, QUIET, REFLUX
from workflow.domain.documents import Letterhead

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


def head_room(page: Sheet, *, first: bool) -> float:
    """Return how far below the top edge the text begins."""
    top = 62.0 + page.small * 0.6 if first else 34.0
    top += _contact_below(page) if first else 0.0
    top += len(_heading(page, first=first)) * page.small * 1.35
    return top + len(page.marks) * (page.small + 8) + (6 if first and page.named_in_text else 12)


def draw_sample(canvas: Any, page: Sheet) -> None:
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


def draw_head(canvas: Any, page: Sheet, number: int) -> None:
    """Draw the letterhead on the first page, and who the paper is about on each."""
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


def foot_rule(page: Sheet) -> float:
    """Return how high the line over the foot stands."""
    text = len(_foot_lines(page)) * page.small * 1.25
    return max(42.0, _BOTTOM + max(text, _CODE if page.foot.address else 0.0) + _QUIET)


def draw_foot(canvas: Any, page: Sheet, number: int, pages: int) -> None:
    """Draw which paper this is and which page of it, with the code on every page but the first."""
    left, right = MARGIN, page.paper[0] - MARGIN
    lines, top = _foot_lines(page), foot_rule(page)
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


def draw_check(canvas: Any, page: Sheet) -> None:
    """Draw the code of the first page, which is the link; the others show it alone."""
    if page.foot.address:
        corner = (page.paper[0] - MARGIN - _CODE, _BOTTOM, _CODE)
        code.draw_link(canvas, page.foot.address, page.foot.words, corner)
