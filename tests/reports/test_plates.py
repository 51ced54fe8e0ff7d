"""The pictures of a report on paper: two in a row, each a figure with its words."""

import hashlib
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from reports import scan
from tests.pictures import a_picture, saved
from tests.reports.pdf import actions, root, said_by, words
from tests.reports.samples import SCAN
from workflow.domain.anatomy import Leg
from workflow.domain.documents import ReportImage, ScanReport


def _image(content: bytes, caption: str = "") -> ReportImage:
    opened = Image.open(io.BytesIO(content))
    return ReportImage(
        leg=Leg.LEFT,
        segment="SSV_PC",
        site="Left small saphenous, proximal calf",
        caption=caption,
        sha256=hashlib.sha256(content).hexdigest(),
        kind=str(opened.format).lower(),
        width=opened.width,
        height=opened.height,
    )


def _report(*contents: bytes) -> tuple[ScanReport, dict[str, bytes]]:
    images = tuple(_image(each, f"Picture {at}") for at, each in enumerate(contents, start=1))
    pictures = {hashlib.sha256(each).hexdigest(): each for each in contents}
    return replace(SCAN, images=images), pictures


GREY = saved(Image.new("L", (500, 900), 30), "PNG")
REPORT, PICTURES = _report(a_picture(), a_picture("PNG", (900, 300)), GREY)
PDF = scan.build(REPORT, PICTURES)


def test_each_picture_is_printed_once_with_its_site_and_caption() -> None:
    reader = PdfReader(io.BytesIO(PDF))
    assert sum(len(page.images) for page in reader.pages) == 3
    for number in (1, 2, 3):
        assert f"Picture {number}" in words(PDF)
    assert words(PDF).count("Left small saphenous, proximal calf") >= 3


def test_each_picture_is_a_figure_described_in_words() -> None:
    whole = root(PDF)["/StructTreeRoot"]["/K"].get_object()
    figures = [kid.get_object() for kid in whole["/K"] if kid.get_object()["/S"] == "/Figure"]
    said = [str(figure["/Alt"]) for figure in figures]
    assert said[1:] == [
        f"Left small saphenous, proximal calf. Picture {number}" for number in (1, 2, 3)
    ]


def test_the_same_pictures_give_the_same_bytes_and_others_give_others() -> None:
    assert scan.build(REPORT, PICTURES) == PDF
    assert scan.build(*_report(a_picture(shade=91))) != scan.build(*_report(a_picture(shade=92)))


def test_a_report_without_a_picture_has_no_such_section() -> None:
    assert "Images" not in words(scan.build(SCAN))


def test_a_picture_whose_bytes_are_not_given_stops_the_report() -> None:
    with pytest.raises(KeyError):
        scan.build(REPORT, {})


def test_many_pictures_of_odd_shapes_fit_their_pages() -> None:
    shapes = ((2560, 4), (4, 2560), (1, 1), (640, 480), (2560, 1900), (300, 301), (640, 481))
    contents = [a_picture("PNG", (max(w, 30), max(h, 30)), shade=h % 200) for w, h in shapes]
    pdf = scan.build(*_report(*contents))
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(pdf)).pages) == len(shapes)


def test_markup_in_a_caption_is_printed_as_it_was_written() -> None:
    image = _image(a_picture(), '<img src="/etc/passwd"> & <b>x')
    pdf = scan.build(replace(SCAN, images=(image,)), {image.sha256: a_picture()})
    assert '<img src="/etc/passwd"> & <b>x' in words(pdf)
    assert actions(pdf) == []


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_an_inspector_finds_no_fault_in_a_file_with_pictures(tmp_path: Path) -> None:
    said = said_by("qpdf", "--check", pdf=PDF, folder=tmp_path)
    assert "No syntax or stream encoding errors found" in said
