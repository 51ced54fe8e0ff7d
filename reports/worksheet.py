"""Set the worksheet: one landscape page a scan, to be written on while the computer is down.

The sites come from the protocol, so the paper asks what the grid asks. Boxes are tall enough for a
pen (about 6 mm), and both legs are drawn to be drawn on.
"""

from collections.abc import Iterator
from typing import Any

from reportlab.platypus import Flowable

from reports.clinical import DEMO
from reports.face import Face, clean, width
from reports.foot import Foot
from reports.furniture import Sheet
from reports.legs import CREASE, EDGE, SKIN
from reports.logo import NO_PICTURES, Pictures, logo_in
from reports.page import sheet
from reports.pen import box, broken, put, rgb, rule
from reports.tags import Element, artifact, tagged
from reports.type import INK, LINE, QUIET
from reports.when import day, moment
from workflow.domain.anatomy import Leg
from workflow.domain.findings import Manoeuvre, Position
from workflow.domain.legmap import Outline, place
from workflow.domain.legpath import Path
from workflow.domain.worksheet import FOUND, Worksheet, lines

NAME = "Wellness Ultrasound worksheet"
NOT_THE_RECORD = "This paper is not the record. Type it into the clinic's program, then file it."

_SITE, _GAP, _GUTTER = 108.0, 10.0, 16.0
_BOXES = (("ms", 51.0), ("mm", 42.0), ("compress", 38.0), ("clot", 38.0))
_BELOW = 138.0  # what the ticks and the lines under the legs need
_LEG = sum(wide for _, wide in _BOXES)
_TABLE = _SITE + 2 * _LEG + _GAP


def build(document: Worksheet, pictures: Pictures = NO_PICTURES) -> bytes:
    """Return the worksheet as a PDF of one page: the same document gives the same bytes.

    `pictures` holds the logo's bytes by their SHA-256. Raises Unprintable where a text holds a
    character that paper cannot show.
    """
    page = Sheet(
        title=NAME,
        letterhead=document.letterhead,
        logo=logo_in(pictures, document.letterhead),
        patient=document.patient.name if document.patient else "",
        identifiers="",
        preliminary="",
        demo=DEMO if document.letterhead.demo and document.patient else "",
        foot=Foot((NOT_THE_RECORD,)),
        page_words=("Page", "of"),
        language="en",
        small=7.5,
        named_in_text=True,
        landscape=True,
    )
    return sheet(page, [_Sheet(document)])


class _Sheet(Flowable):
    """The whole page: who, the boxes at the left, the legs and the ticks at the right."""

    def __init__(self, document: Worksheet) -> None:
        super().__init__()
        self.document = document
        self.tall = 0.0

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Take all the room there is."""
        self.width, self.height = avail_width, avail_height
        return avail_width, avail_height

    def draw(self) -> None:
        """Draw the parts in the order they are read."""
        y = self.height - 15
        with tagged(self.canv, Element("H1")):
            self._write(0, y, f"{NAME} ", INK, 15, Face.BOLD)
        y = self._indication(self._who(y - 4))
        self._boxes(y)
        left = _TABLE + _GUTTER
        y = self._legs(left, y)
        for name, words in (("Position", Position), ("Provoked by", Manoeuvre)):
            y = self._ticks(left, y, name, tuple(each.value.replace("_", " ") for each in words))
        self._told(left, y)

    def _who(self, y: float) -> float:
        """Draw the banner of the patient: what is known, and lines for what is not."""
        shares = (0.30, 0.15, 0.14, 0.23, 0.18)
        y -= 31
        left = 0.0
        for (name, value), share in zip(_facts(self.document), shares, strict=True):
            wide = self.width * share - 10
            with tagged(self.canv, Element("P")):
                self._write(left, y + 21, f"{name} ", QUIET, 7)
                self._write(left, y + 6, _fitted(value, wide), INK, 11, Face.BOLD)
            if not value:
                with artifact(self.canv):
                    rule(self.canv, left, y + 3, left + wide, colour=QUIET)
            left += self.width * share
        with artifact(self.canv):
            rule(self.canv, 0, y - 2, self.width, colour=INK, weight=0.8)
        return y - 2

    def _indication(self, y: float) -> float:
        """Draw why the scan is done, or the line to write it on."""
        y -= 13
        indication = self.document.indication
        with tagged(self.canv, Element("P")):
            self._write(0, y, "Indication ", QUIET, 8)
            self._write(50, y, _fitted(indication, self.width - 54, 8.5), INK, 8.5)
        if not indication:
            with artifact(self.canv):
                rule(self.canv, 50, y - 2, self.width, colour=QUIET)
        return y - 6

    def _ticks(self, left: float, y: float, name: str, words: tuple[str, ...]) -> float:
        """Draw a name and what can be ticked, in as many lines as it needs; return the next."""
        with tagged(self.canv, Element("P")):
            x = self._write(left, y, f"{name} ", QUIET, 7.5) + 4
            for word in words:
                if x + 12 + width(word, Face.REGULAR, 8) > self.width:
                    x, y = left, y - 12.5
                self._square(x, y - 1)
                x = self._write(x + 11, y, f"{word} ", INK, 8) + 6
        return y - 15

    def _boxes(self, y: float) -> None:
        """Draw the table of both legs: a head, the protocol's sites, and rows for what is found."""
        table = Element("Table")
        y = self._head(y, table)
        groups = lines()
        self.tall = y / (sum(len(rows) for _, rows in groups) + len(FOUND))
        for group, rows in groups:
            for at, row in enumerate(rows):
                y -= self.tall
                over = group if at == 0 else ""
                self._line(y, row.name, table, over=over, measured=row.measured)
        for name, where in FOUND:
            y -= self.tall
            self._line(y, name, table, where=where)

    def _head(self, y: float, table: Element) -> float:
        row = Element("TR", table)
        y -= 22
        with tagged(self.canv, Element("TH", row, scope="Column")):
            self._write(0, y + 3, "Site ", QUIET, 7.5)
        for leg, left in self._columns():
            with tagged(self.canv, Element("TH", row, scope="Column")):
                asked = "" if leg in self.document.legs else " (not asked for)"
                self._write(
                    left + 2, y + 13, f"{leg.word.capitalize()} leg{asked} ", INK, 9, Face.BOLD
                )
                at = left
                for asked_for, wide in _BOXES:
                    self._write(at + 2, y + 3, f"{asked_for} ", QUIET, 7.5)
                    at += wide
        return y

    def _line(
        self, y: float, name: str, table: Element, *,
        over: str = "", where: str = "", measured: bool = True,
    ) -> None:  # fmt: skip
        row = Element("TR", table)
        with tagged(self.canv, Element("TH", row, scope="Row")):
            self._write(0, y + 5, f"{name} ", INK, 8.3)
            if where:
                self._write(48, y + 5, f"{where} ", QUIET, 7)
        with artifact(self.canv):
            strong = INK if over else LINE
            rule(self.canv, 0, y + self.tall, _SITE, colour=strong, weight=0.6)
        for _, left in self._columns():
            at = left
            for box_name, wide in _BOXES:
                with tagged(self.canv, Element("TD", row, alt="To be filled in")):
                    self._cell(at, y, wide, unused=box_name == "mm" and not measured)
                at += wide

    def _cell(self, x: float, y: float, wide: float, *, unused: bool) -> None:
        if unused:
            box(self.canv, x + 0.5, y + 0.5, wide - 1, self.tall - 1, fill="#f1efea")
        self.canv.addLiteral(
            f"q {rgb('#9aa0a6')} RG 0.6 w {x:.2f} {y:.2f} {wide:.2f} {self.tall:.2f} re S Q"
        )

    def _columns(self) -> Iterator[tuple[Leg, float]]:
        for at, leg in enumerate(Leg):
            yield leg, _SITE + at * (_LEG + _GAP)

    def _legs(self, left: float, top: float) -> float:
        """Draw the outlines of both legs, front and back; return where the next part begins."""
        drawing = place((), clinical=False)
        room = self.width - left
        scale = min(room / drawing.width, (top - _BELOW) / drawing.height)
        figure = Element("Figure", alt="Outlines of both legs, front and back, to draw on.")
        with tagged(self.canv, figure):
            self.canv.saveState()
            self.canv.translate(left + (room - drawing.width * scale) / 2, top)
            for leg in drawing.outlines:
                self._outline(leg, scale)
            self.canv.restoreState()
        return top - drawing.height * scale - 12

    def _outline(self, leg: Outline, scale: float) -> None:
        self.canv.addLiteral(f"{rgb(SKIN)} rg {_path(leg.skin, scale)} f")
        for crease in leg.creases:
            self.canv.addLiteral(f"{rgb(CREASE)} RG 0.6 w {_path(crease, scale)} S")
        self.canv.addLiteral(f"{rgb(EDGE)} RG 0.9 w {_path(leg.line, scale)} S")
        x = leg.name_at[0] * scale
        for y, words, face, colour in (
            (-9, leg.name, Face.BOLD, INK),
            (-18, leg.side, Face.REGULAR, QUIET),
        ):
            put(self.canv, x, y, words, face=face, size=7.5, colour=colour, align="middle")

    def _told(self, left: float, y: float) -> None:
        """Draw the lines for what is told by voice, and for who scanned."""
        wants = (
            "Not seen, and why",
            "Critical finding: told whom, how, when, read back",
            "Sonographer, date and time",
        )
        step = y / len(wants)
        for words in wants:
            with tagged(self.canv, Element("P")):
                self._write(left, y - 2, f"{words} ", QUIET, 7)
            y -= step
            with artifact(self.canv):
                rule(self.canv, left, y + 5, self.width, colour=QUIET)

    def _square(self, x: float, y: float) -> None:
        self.canv.addLiteral(f"q {rgb(INK)} RG 0.6 w {x:.2f} {y:.2f} 8 8 re S Q")

    def _write(
        self, x: float, y: float, words: str, colour: str, size: float, face: Face = Face.REGULAR
    ) -> float:
        """Write words and return where they end."""
        put(self.canv, x, y, words, face=face, size=size, colour=colour)
        return x + float(width(clean(words), face, size))


def _facts(document: Worksheet) -> tuple[tuple[str, str], ...]:
    patient, zone = document.patient, document.letterhead.zone
    when = moment(document.starts_at, zone) if document.starts_at else ""
    return (
        ("Patient", patient.name if patient else ""),
        ("Born", day(patient.born) if patient else ""),
        ("Record number", patient.record_number if patient else ""),
        ("Time", when),
        ("Room", document.room),
    )


def _fitted(words: str, room: float, size: float = 11) -> str:
    """Return as much of a text as one line holds; what is cut ends in an ellipsis."""
    if not words:
        return ""
    first, *rest = broken(words, Face.BOLD, size, room - 8)
    return f"{first}…" if rest else first


def _path(path: Path, scale: float) -> str:
    def at(x: float, y: float) -> str:
        return f"{x * scale:.2f} {-y * scale:.2f}"

    parts: list[Any] = [f"{at(*path.start)} m"]
    parts += [f"{at(*a)} {at(*b)} {at(*end)} c" for a, b, end in path.curves]
    return " ".join(parts) + (" h" if path.closed else "")
