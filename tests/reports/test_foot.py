"""The foot of a signed paper: which paper it is, and the way to the page that vouches for it."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from reports import code, letter, patient, plan, scan
from tests.reports.pdf import actions, pages, root, said_by
from tests.reports.samples import ANCHOR, LETTERHEAD, RESULT, SCAN
from tests.reports.test_plan_and_letter import LETTER, PLAN
from workflow.domain.documents import digest
from workflow.domain.papernumber import number_of
from workflow.domain.plandocuments import Document

SITE = "https://results.example.org"
REACHED = replace(LETTERHEAD, site=f"{SITE}/")
SPANISH = replace(RESULT.patient, language="es")
PAPERS: dict[str, tuple[Document, Callable[[Any], bytes]]] = {
    "scan": (replace(SCAN, letterhead=REACHED), scan.build),
    "result": (replace(RESULT, letterhead=REACHED), patient.build),
    "result in Spanish": (replace(RESULT, letterhead=REACHED, patient=SPANISH), patient.build),
    "plan": (replace(PLAN, letterhead=REACHED), plan.build),
    "letter": (replace(LETTER, letterhead=REACHED), letter.build),
}
PDFS = {name: build(document) for name, (document, build) in PAPERS.items()}
EACH = pytest.mark.parametrize("name", sorted(PAPERS))
SIDE, BOTTOM, MARGIN, DPI = 33.0, 15.0, 48.0, 600


def _address(name: str) -> str:
    return f"{SITE}/verify/{number_of(digest(PAPERS[name][0]))}"


@EACH
def test_every_page_carries_number_version_digest_anchor_and_its_place(name: str) -> None:
    document, found = PAPERS[name][0], pages(PDFS[name])
    whole = digest(document)
    for number, page in enumerate(found, start=1):
        assert number_of(whole) in page
        assert whole[:8] in page
        assert f"#{ANCHOR.seq} {ANCHOR.hash[:8]}" in page
        assert re.search(rf"(Version|Versión) {document.version}\b", page)
        assert re.search(rf"(Page|Página) {number} (of|de) {len(found)}\b", page)
        assert "results.example.org/verify" in page


@EACH
def test_the_verify_address_is_the_only_thing_in_the_file_that_opens_anything(name: str) -> None:
    found = [
        note.get_object()
        for page in PdfReader(io.BytesIO(PDFS[name])).pages
        for note in page.get("/Annots", [])
    ]
    assert [str(note["/Subtype"]) for note in found] == ["/Link"]
    assert dict(found[0]["/A"]) == {"/Type": "/Action", "/S": "/URI", "/URI": _address(name)}
    assert set(actions(PDFS[name])) == {"/Annots", "/URI"}


@EACH
def test_the_link_is_in_the_structure_and_says_where_it_leads(name: str) -> None:
    tree = root(PDFS[name])["/StructTreeRoot"]
    whole = tree["/K"].get_object()
    last = whole["/K"][-1].get_object()
    assert last["/S"] == "/Link"
    figure, opens = (kid.get_object() for kid in last["/K"])
    assert figure["/S"] == "/Figure"
    assert str(figure["/Alt"]).endswith(_address(name))
    assert opens["/Type"] == "/OBJR"
    note = opens["/Obj"].get_object()
    assert str(note["/Contents"]) == str(figure["/Alt"])
    keys = list(tree["/ParentTree"]["/Nums"])
    place = dict(zip(keys[::2], keys[1::2], strict=True))
    assert place[note["/StructParent"]].get_object() == last


@EACH
def test_the_same_paper_gives_the_same_code(name: str) -> None:
    document, build = PAPERS[name]
    assert build(document) == PDFS[name]


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler is not installed")
@EACH
def test_the_squares_on_every_page_are_those_of_the_address(name: str, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(PDFS[name])
    command = ["pdftoppm", "-r", str(DPI), "-gray", str(file), str(tmp_path / "page")]
    subprocess.run(command, check=True, timeout=120)
    drawn = sorted(tmp_path.glob("page-*.pgm"))
    assert len(drawn) == len(pages(PDFS[name]))
    wanted = [list(map(bool, row)) for row in segno.make(_address(name), error="m").matrix]
    for page in drawn:
        assert _squares(page, len(wanted)) == wanted


def _squares(page: Path, count: int) -> list[list[bool]]:
    """Return which squares of the code are dark, each read at its middle."""
    scale = DPI / 72
    with Image.open(page) as image:
        left = image.width - (MARGIN + SIDE) * scale
        top = image.height - (BOTTOM + SIDE) * scale
        one = SIDE * scale / count
        return [
            [
                _dark(image.getpixel((int(left + (x + 0.5) * one), int(top + (y + 0.5) * one))))
                for x in range(count)
            ]
            for y in range(count)
        ]


def _dark(pixel: object) -> bool:
    assert isinstance(pixel, int)
    return pixel < 128


@EACH
def test_the_paper_around_the_code_is_blank_for_four_squares(name: str, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(PDFS[name])
    command = ["pdftoppm", "-r", "300", "-gray", "-l", "1", str(file), str(tmp_path / "page")]
    subprocess.run(command, check=True, timeout=120)
    (page,) = tmp_path.glob("page-*.pgm")
    scale, quiet = 300 / 72, 4 * SIDE / len(code.modules(_address(name))) - 0.6
    with Image.open(page) as image:
        left, right = image.width - (MARGIN + SIDE) * scale, image.width - MARGIN * scale
        top, bottom = image.height - (BOTTOM + SIDE) * scale, image.height - BOTTOM * scale
        edge = quiet * scale
        around = [
            (left - edge, top - edge, left - 2, bottom + edge),
            (right + 2, top - edge, right + edge, bottom + edge),
            (left - edge, top - edge, right + edge, top - 2),
            (left - edge, bottom + 2, right + edge, bottom + edge),
        ]
        for box in around:
            assert image.crop(tuple(map(int, box))).getextrema() == (255, 255)  # type: ignore[arg-type]


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
@EACH
def test_an_inspector_finds_no_fault_in_a_paper_with_a_code(name: str, tmp_path: Path) -> None:
    said = said_by("qpdf", "--check", pdf=PDFS[name], folder=tmp_path)
    assert "No syntax or stream encoding errors found" in said


def test_without_an_address_on_the_web_or_a_signature_there_is_no_code() -> None:
    unreached = plan.build(PLAN)
    unsigned = plan.build(replace(PLAN, letterhead=REACHED, signature=None))
    for pdf in (unreached, unsigned):
        assert actions(pdf) == []
        assert "verify" not in " ".join(pages(pdf))
    assert number_of(digest(PLAN)) in pages(unreached)[0]
    assert "No. " not in pages(unsigned)[0]


def test_a_long_address_still_makes_a_code() -> None:
    site = f"https://{'results.' * 12}example.org"
    document = replace(RESULT, letterhead=replace(LETTERHEAD, site=site))
    pdf = patient.build(document)
    notes: Any = PdfReader(io.BytesIO(pdf)).pages[0]["/Annots"]
    (note,) = notes
    assert note.get_object()["/A"]["/URI"].startswith(f"{site}/verify/")
