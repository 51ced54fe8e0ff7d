"""Set a report by ReportLab's platypus as its guide does: the yardstick of the papers.

Plain strings in the cells of a `Table`, a `Paragraph` for each run of prose, the map by canvas
calls, DejaVu embedded. Nothing is tagged, and no text is looked at before it is printed.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table  # noqa: TID251

import reports
from bench.peers.content import Block, Cells, Content, Heading, Prose
from workflow.domain.legmap import Drawing, Outline, Stroke
from workflow.domain.legpath import Path as Curves
from workflow.domain.legpath import circle

_FONTS = Path(reports.__file__).parent / "fonts"
_PLAIN, _STRONG = "TwinDejaVu", "TwinDejaVu-Bold"
_MARGIN, _SIZE, _TALL = 48, 7.0, 320.0
_BODY = ParagraphStyle("twin", fontName=_PLAIN, fontSize=8, leading=11, spaceAfter=2)
_HEAVY = ParagraphStyle("heavy", _BODY, fontName=_STRONG)
_ITEM = ParagraphStyle("item", _BODY, leftIndent=10, bulletFontName=_PLAIN, bulletFontSize=8)
_HEADINGS = {
    1: ParagraphStyle("one", _HEAVY, fontSize=18, leading=22),
    2: ParagraphStyle("two", _HEAVY, fontSize=11, leading=14, spaceBefore=9, keepWithNext=1),
    3: ParagraphStyle("three", _HEAVY, fontSize=9, leading=12, keepWithNext=1),
}
_INK, _EDGE, _SKIN, _CREASE = map(HexColor, ("#1b2126", "#b3a598", "#f8f3ed", "#ddd2c7"))
_LEADER = HexColor("#8f989f")


def load() -> None:
    """Read the two faces of DejaVu, once in a process."""
    pdfmetrics.registerFont(TTFont(_PLAIN, str(_FONTS / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont(_STRONG, str(_FONTS / "DejaVuSans-Bold.ttf")))
    pdfmetrics.registerFontFamily(_PLAIN, normal=_PLAIN, bold=_STRONG, italic=_PLAIN)


def build(content: Content) -> bytes:
    """Return the report as a PDF."""
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=LETTER, title=content.title, leftMargin=_MARGIN, rightMargin=_MARGIN,
        topMargin=_MARGIN, bottomMargin=_MARGIN,
    )  # fmt: skip

    def furniture(canvas: Any, template: Any) -> None:
        canvas.setFont(_PLAIN, 7)
        canvas.drawRightString(LETTER[0] - _MARGIN, LETTER[1] - 34, content.head)
        canvas.line(_MARGIN, 40, LETTER[0] - _MARGIN, 40)
        canvas.drawString(_MARGIN, 28, content.foot)
        canvas.drawRightString(LETTER[0] - _MARGIN, 28, f"Page {template.page}")

    template.build(list(_story(content)), onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def _story(content: Content) -> Iterator[Flowable]:
    for block in content.blocks:
        yield _flowable(block)


def _flowable(block: Block) -> Flowable:
    match block:
        case Heading():
            note = f'   <font name="{_PLAIN}">{escape(block.note)}</font>' if block.note else ""
            return Paragraph(escape(block.words) + note, _HEADINGS[block.level])
        case Prose(item=True):
            return Paragraph(escape(block.words), _ITEM, bulletText="•")
        case Prose():
            return Paragraph(escape(block.words), _HEAVY if block.strong else _BODY)
        case Cells():
            return _table(block)
        case Drawing():
            return TwinMap(block)


def _table(block: Cells) -> Table:
    measure = LETTER[0] - 2 * _MARGIN - 12
    widths = [measure * share / sum(block.shares) for share in block.shares]
    # A plain string is not broken by the table: what is too wide is broken before.
    rows = [
        [
            cell if len(cell) < 16 else "\n".join(simpleSplit(cell, _PLAIN, _SIZE, wide - 6))
            for cell, wide in zip(row, widths, strict=True)
        ]
        for row in block.rows
    ]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), _PLAIN, _SIZE, _SIZE * 1.28),
        ("TOPPADDING", (0, 0), (-1, -1), 1.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.7, _INK),
        *(("ALIGN", (column, 0), (column, -1), "RIGHT") for column in block.numbers),
        *(("FONT", (at, row), (at, row), _STRONG, _SIZE) for row, at in block.strong),
    ]
    return Table(rows, widths, style=style, repeatRows=1)


class TwinMap(Flowable):
    """The vein map by the calls of the canvas: paths, and strings beside them."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Return the room the map takes."""
        drawing = self.drawing
        self.scale = min(_TALL / drawing.height, avail_width / drawing.width)
        return avail_width, self.scale * drawing.height + 30

    def draw(self) -> None:
        """Draw outlines, leaders, veins, values and the legend."""
        canvas, drawing = self.canv, self.drawing
        canvas.saveState()
        canvas.translate(0, self.scale * drawing.height + 30)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for leg in drawing.outlines:
            self._leg(canvas, leg)
        canvas.setStrokeColor(_LEADER)
        canvas.setLineWidth(0.4)
        for label in drawing.labels:
            (x1, y1), (x2, y2) = label.leader
            canvas.line(x1 * self.scale, -y1 * self.scale, x2 * self.scale, -y2 * self.scale)
        for stroke in drawing.strokes:
            self._stroke(canvas, stroke)
        canvas.setFillColor(_LEADER)
        for label in drawing.labels:
            canvas.drawPath(self._path(canvas, circle(label.leader[0], 0.4)), stroke=0, fill=1)
        self._words(canvas)
        canvas.restoreState()
        self._legend(canvas)

    def _leg(self, canvas: Any, leg: Outline) -> None:
        canvas.setFillColor(_SKIN)
        canvas.drawPath(self._path(canvas, leg.skin), stroke=0, fill=1)
        canvas.setStrokeColor(_CREASE)
        canvas.setLineWidth(0.7)
        for crease in leg.creases:
            canvas.drawPath(self._path(canvas, crease))
        canvas.setStrokeColor(_EDGE)
        canvas.setLineWidth(0.9)
        canvas.drawPath(self._path(canvas, leg.line))

    def _stroke(self, canvas: Any, stroke: Stroke) -> None:
        ink = stroke.ink
        canvas.setStrokeColor(HexColor(ink.colour))
        canvas.setLineWidth(ink.width * self.scale)
        canvas.setDash([length * self.scale for length in ink.dash])
        canvas.setFillColor(HexColor(ink.colour))
        canvas.drawPath(self._path(canvas, stroke.path), fill=int(stroke.junction))
        canvas.setDash()
        if stroke.marks:
            canvas.setFillColor(HexColor(ink.mark))
        for mark in stroke.marks:
            closed = int(mark.closed)
            canvas.drawPath(self._path(canvas, mark), stroke=1 - closed, fill=closed)

    def _words(self, canvas: Any) -> None:
        canvas.setFillColor(_INK)
        for leg in self.drawing.outlines:
            x, size = leg.name_at[0] * self.scale, self.drawing.name_size * self.scale
            canvas.setFont(_STRONG, size)
            canvas.drawCentredString(x, -size, leg.name)
            canvas.setFont(_PLAIN, size)
            canvas.drawCentredString(x, -size * 2.2, leg.side)
        canvas.setFont(_PLAIN, self.drawing.text_size * self.scale)
        for label in self.drawing.labels:
            put = canvas.drawString if label.to_right else canvas.drawRightString
            for at, line in enumerate(filter(None, (label.name, *label.lines))):
                put(label.x * self.scale, -(label.y + at * label.leading) * self.scale, line)

    def _legend(self, canvas: Any) -> None:
        canvas.setFont(_PLAIN, 7)
        for at, key in enumerate(self.drawing.legend):
            canvas.saveState()
            canvas.translate(at * 170, 16)
            scale, self.scale = self.scale, 2.5
            for sample in key.samples:
                self._stroke(canvas, sample)
            self.scale = scale
            canvas.restoreState()
            canvas.drawString(at * 170 + 26, 10, key.words)

    def _path(self, canvas: Any, path: Curves) -> Any:
        scale, drawn = self.scale, canvas.beginPath()
        drawn.moveTo(path.start[0] * scale, -path.start[1] * scale)
        for (ax, ay), (bx, by), (x, y) in path.curves:
            drawn.curveTo(ax * scale, -ay * scale, bx * scale, -by * scale, x * scale, -y * scale)
        if path.closed:
            drawn.close()
        return drawn
