"""Write a report as HTML for WeasyPrint and as a source for typst: the same blocks and map."""

from collections.abc import Iterator
from html import escape

from bench.peers.content import Block, Cells, Content, Heading, Prose
from workflow.domain.legmap import Drawing, Stroke

CSS = """
@page { size: letter; margin: 48pt;
  @top-right { content: string(who); font-size: 7pt }
  @bottom-left { content: "Version 1"; font-size: 7pt }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font-size: 7pt } }
body { font: 8pt/11pt "DejaVu Sans"; color: #1b2126 }
header { string-set: who content(); height: 0; overflow: hidden }
h1 { font-size: 18pt } h2 { font-size: 11pt } h3 { font-size: 9pt } h3 span { font-weight: normal }
p { margin: 0 0 2pt } table { width: 100%; border-collapse: collapse; font-size: 7pt }
th { text-align: left; font-weight: normal; border-bottom: 0.7pt solid #1b2126 }
.number { text-align: right } tr { break-inside: avoid } figure { margin: 0 } svg { width: 516pt }
"""


def as_html(content: Content, fonts: str) -> str:
    """Return the report as HTML; `fonts` is the folder of the DejaVu files."""
    faces = "".join(
        f"@font-face {{ font-family: 'DejaVu Sans'; font-weight: {weight}; "
        f"src: url('file://{fonts}/{file}') }}"
        for weight, file in (("normal", "DejaVuSans.ttf"), ("bold", "DejaVuSans-Bold.ttf"))
    )
    title = escape(content.title)
    head = f"<title>{title}</title><style>{faces}{CSS}</style>"
    body = "".join(map(_html, content.blocks))
    said = f"<header>{escape(content.head)}</header>{body}"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{said}</body></html>"


def _html(block: Block) -> str:
    match block:
        case Heading():
            note = f" <span>{escape(block.note)}</span>" if block.note else ""
            return f"<h{block.level}>{escape(block.words)}{note}</h{block.level}>"
        case Prose(item=True):
            return f"<ul><li>{escape(block.words)}</li></ul>"
        case Prose():
            words = escape(block.words)
            return f"<p><b>{words}</b></p>" if block.strong else f"<p>{words}</p>"
        case Cells():
            return f"<table>{''.join(_html_rows(block))}</table>"
        case Drawing():
            return f"<figure>{as_svg(block)}</figure>"


def _html_rows(block: Cells) -> Iterator[str]:
    head, *rows = block.rows
    yield f"<thead><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr></thead><tbody>"
    for at, row in enumerate(rows, start=1):
        cells = ""
        for column, cell in enumerate(row):
            kind = ' class="number"' if column in block.numbers else ""
            words = escape(cell)
            words = f"<b>{words}</b>" if (at, column) in block.strong else words
            cells += f"<td{kind}>{words}</td>"
        yield f"<tr>{cells}</tr>"
    yield "</tbody>"


def as_svg(drawing: Drawing) -> str:
    """Return the map as an SVG image."""
    size = f"0 0 {drawing.width:g} {drawing.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" '
        f'aria-label="{escape(drawing.summary)}" font-family="DejaVu Sans">'
        f"<title>{escape(drawing.summary)}</title>{''.join(_svg(drawing))}</svg>"
    )


def _svg(drawing: Drawing) -> Iterator[str]:
    for leg in drawing.outlines:
        yield f'<path d="{leg.skin.d}" fill="#f8f3ed"/>'
        yield f'<path d="{leg.line.d}" fill="none" stroke="#b3a598" stroke-width=".4"/>'
        x, _ = leg.name_at
        size = drawing.name_size
        for y, words in ((size, leg.name), (size * 2.2, leg.side)):
            yield _svg_text(x, y, size, "middle", words)
    for label in drawing.labels:
        (x1, y1), (x2, y2) = label.leader
        yield f'<path d="M{x1:.2f},{y1:.2f}L{x2:.2f},{y2:.2f}" stroke="#8f989f" stroke-width=".2"/>'
        for at, line in enumerate(filter(None, (label.name, *label.lines))):
            y = label.y + at * label.leading
            yield _svg_text(label.x, y, drawing.text_size, label.anchor, line)
    for stroke in drawing.strokes:
        yield _svg_stroke(stroke)


def _svg_text(x: float, y: float, size: float, anchor: str, words: str) -> str:
    at = f'x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}" text-anchor="{anchor}"'
    return f"<text {at}>{escape(words)}</text>"


def _svg_stroke(stroke: Stroke) -> str:
    ink = stroke.ink
    fill = ink.colour if stroke.junction else "none"
    marks = "".join(f'<path d="{mark.d}" fill="{ink.mark}"/>' for mark in stroke.marks)
    line = f'fill="{fill}" stroke="{ink.colour}" stroke-width="{ink.width:g}"'
    return f'<path d="{stroke.path.d}" {line}/>{marks}'


def as_typst(content: Content) -> str:
    """Return the report as a typst source."""
    head = [
        f"#set document(title: {_quoted(content.title)})",
        '#set text(lang: "en", font: "DejaVu Sans", size: 8pt, fill: rgb("#1b2126"))',
        '#set page("us-letter", margin: 48pt, numbering: "1 of 1")',
        f"#set page(header: align(right, text(size: 7pt)[#{_quoted(content.head)}]))",
        "#set table(stroke: none, inset: (x: 3pt, y: 1.5pt))",
        "#show table: set text(size: 7pt)",
    ]
    return "\n".join([*head, *map(_typst, content.blocks)])


def _typst(block: Block) -> str:
    match block:
        case Heading():
            words = f"{block.words} {block.note}".strip()
            return f"#heading(level: {block.level}, {_quoted(words)})"
        case Prose(item=True):
            return f"#list([#{_quoted(block.words)}])"
        case Prose():
            words = _quoted(block.words)
            return f"#par[#strong({words})]" if block.strong else f"#par[#{words}]"
        case Cells():
            return _typst_table(block)
        case Drawing():
            alt = _quoted(block.summary)
            image = (
                f'image(bytes({_quoted(as_svg(block))}), format: "svg", width: 100%, alt: {alt})'
            )
            return f"#{image}"


def _typst_table(block: Cells) -> str:
    head, *rows = block.rows
    widths = ", ".join(f"{share:g}fr" for share in block.shares)
    sides = ", ".join("right" if at in block.numbers else "left" for at in range(len(head)))
    cells = [
        f"strong({_quoted(cell)})" if (at, column) in block.strong else f"[#{_quoted(cell)}]"
        for at, row in enumerate(rows, start=1)
        for column, cell in enumerate(row)
    ]
    heads = ", ".join(f"[#{_quoted(cell)}]" for cell in head)
    body = ", ".join(cells)
    return f"#table(columns: ({widths}), align: ({sides}), table.header({heads}), {body})"


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
