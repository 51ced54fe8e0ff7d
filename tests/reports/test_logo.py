"""The clinic's logo in the letterhead of every paper: once, and the same each time."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from reports import letter, patient, plan, scan, worksheet
from tests.reports.pdf import pages, said_by
from tests.reports.samples import RESULT, SCAN
from tests.reports.test_plan_and_letter import LETTER, PLAN
from tests.reports.test_worksheet import BLANK, FILLED

Build = Callable[..., bytes]
PAPERS: dict[str, tuple[Build, Any]] = {
    "scan": (scan.build, SCAN),
    "patient": (patient.build, RESULT),
    "plan": (plan.build, PLAN),
    "letter": (letter.build, LETTER),
    "worksheet": (worksheet.build, FILLED),
    "blank worksheet": (worksheet.build, BLANK),
}
each_paper = pytest.mark.parametrize(("build", "paper"), PAPERS.values(), ids=PAPERS)


def _png(width: int = 320, height: int = 96) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#0b6b6b").save(out, "PNG")
    return out.getvalue()


_OWN = re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b|\b[0-9a-f]{8}\b")
LOGO = _png()
SHA256 = hashlib.sha256(LOGO).hexdigest()


def _with_logo(paper: Any, **letterhead: str) -> Any:
    return replace(paper, letterhead=replace(paper.letterhead, logo=SHA256, **letterhead))


def _drawn(pdf: bytes) -> list[int]:
    """Return how many pictures each page shows."""
    return [len(page.images) for page in PdfReader(io.BytesIO(pdf)).pages]


@each_paper
def test_the_logo_stands_on_the_first_page_and_no_other(build: Build, paper: Any) -> None:
    assert not any(_drawn(build(paper)))
    first, *later = _drawn(build(_with_logo(paper), {SHA256: LOGO}))
    assert first == 1
    assert not any(later)


@each_paper
def test_the_same_paper_with_its_logo_gives_the_same_bytes(build: Build, paper: Any) -> None:
    drawn = build(_with_logo(paper), {SHA256: LOGO})
    assert build(_with_logo(paper), {SHA256: LOGO}) == drawn
    assert drawn != build(paper)


def _said(pdf: bytes) -> list[str]:
    """Return what each page says, but for the number and the digest of the paper itself."""
    return [_OWN.sub("", page) for page in pages(pdf)]


@each_paper
def test_a_logo_changes_no_word(build: Build, paper: Any) -> None:
    with_logo, without = _said(build(_with_logo(paper), {SHA256: LOGO})), _said(build(paper))
    assert len(with_logo) == len(without)
    # A logo takes room, so a page may end at another word.
    assert Counter(" ".join(with_logo).split()) == Counter(" ".join(without).split())


@each_paper
def test_a_logo_that_is_named_and_not_there_is_never_left_out(build: Build, paper: Any) -> None:
    with pytest.raises(KeyError):
        build(_with_logo(paper))


@pytest.mark.parametrize("size", [(800, 20), (20, 240), (1, 1), (800, 240)])
def test_a_logo_of_any_shape_leaves_room_for_a_long_name(size: tuple[int, int]) -> None:
    content = _png(*size)
    name = "The Wellness and Surgery Centre for Veins of the Legs, Harbour Street and Springfield"
    document = _with_logo(SCAN, clinic=name)
    assert name in pages(scan.build(document, {SHA256: content}))[0]


def test_the_file_with_a_logo_is_sound(tmp_path: Path) -> None:
    pdf = scan.build(_with_logo(SCAN), {SHA256: LOGO})
    assert "No syntax or stream encoding errors" in said_by(
        "qpdf", "--check", pdf=pdf, folder=tmp_path
    )
