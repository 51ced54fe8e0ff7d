"""Draw a report with every engine in one process, and print what each costs, × the yardstick.

Run by itself, with the peers on the path: `python -m bench.peers.papers CASE`. The yardstick is the
same document by stock platypus, with ReportLab's C extension, which the peers bring: ours draws
with it too. What a peer says instead of a figure is why it cannot run here.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

import reports
from bench.measure import ratio
from bench.peers import markup, platypus_twin
from bench.peers.content import Content, content
from reports import letter, patient, plan, scan
from reports.face import Face
from reports.legs import Legs
from reports.pen import Letters
from reports.tags import Tree
from workflow.domain.case import loads, read
from workflow.domain.legmap import place
from workflow.domain.sample import Sample, sample

_FONTS = Path(reports.__file__).parent / "fonts"
_SLOW = 7
"""Rounds of an engine that takes seconds."""

Draw = Callable[[], bytes]


def sampled(case: str) -> Sample:
    """Return the papers of a case file, on letter paper."""
    return sample(read(loads(Path(case).read_text("utf-8"))))


def weasyprint_of(document: Content) -> Draw:
    """Return a function that draws a report by WeasyPrint as PDF/UA-1; it needs Pango."""
    from weasyprint import HTML

    page = markup.as_html(document, str(_FONTS))
    return lambda: bytes(HTML(string=page).write_pdf(pdf_variant="pdf/ua-1"))


def typst_of(document: Content) -> Draw:
    """Return a function that draws a report by typst as PDF/UA-1."""
    import typst

    source = markup.as_typst(document).encode()
    folders = [str(_FONTS)]
    return lambda: bytes(
        typst.compile(
            source, format="pdf", pdf_standards="ua-1", font_paths=folders,
            ignore_system_fonts=True,
        )
    )  # fmt: skip


def all_of(papers: Sample) -> Callable[[], list[bytes]]:
    """Return a function that draws the four papers of a case."""
    return lambda: [
        scan.build(papers.scan),
        patient.build(papers.patient),
        plan.build(papers.plan),
        letter.build(papers.letter),
    ]


def map_of(papers: Sample) -> Callable[[], object]:
    """Return a function that draws the vein map of a report, from its states to operators."""

    def draw() -> None:
        canvas = blank()
        legs = Legs(place(papers.scan.map), 348, at_least=300)
        legs.wrapOn(canvas, 516, 700)
        legs.drawOn(canvas, 0, 0)

    return draw


def blank() -> Canvas:
    """Return an empty file, which the map is drawn into."""
    canvas = Canvas("")
    canvas.tree, canvas.letters = Tree("en"), {face: Letters() for face in Face}
    return canvas


def main(case: str) -> None:
    """Print every figure as JSON: × the yardstick, or why there is none."""
    papers = sampled(case)
    document = content(papers.scan)
    platypus_twin.load()

    def twin() -> bytes:
        return platypus_twin.build(document)

    said: dict[str, float | str] = {"cells": document.cells, "bytes": len(scan.build(papers.scan))}
    said["report"], said["yardstick_ms"] = ratio(lambda: scan.build(papers.scan), twin)
    said["map"] = ratio(map_of(papers), twin)[0] - ratio(blank, twin)[0]
    said["four"] = ratio(all_of(papers), twin)[0]
    for name, peer in (("weasyprint", weasyprint_of), ("typst", typst_of)):
        try:
            said[name] = ratio(peer(document), twin, rounds=_SLOW)[0]
        except (ImportError, OSError, RuntimeError) as closed:
            said[name] = f"{name} cannot run here: {closed}".splitlines()[0]
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
