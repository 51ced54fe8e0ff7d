"""The worksheet on paper: one page, the protocol's own sites, room to write and to draw."""

import io
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import worksheet
from reports.type import Unprintable
from tests.reports.pdf import actions, pages, root, said_by, words
from tests.reports.samples import LETTERHEAD, PATIENT
from workflow.domain.anatomy import REQUIRED, Leg, segment
from workflow.domain.worksheet import FOUND, Worksheet, lines

BLANK = Worksheet(LETTERHEAD)
FILLED = Worksheet(
    LETTERHEAD,
    PATIENT,
    datetime(2026, 5, 4, 15, 5, tzinfo=UTC),
    "Scan room 1",
    "Night cramps of the right calf; reflux?",
)


def test_the_sites_are_those_the_protocol_requires_in_its_order() -> None:
    codes = [line.code for _, rows in lines() for line in rows]
    assert codes == list(REQUIRED)
    for _, rows in lines():
        for line in rows:
            row = segment(line.code)
            assert row is not None
            assert line.measured is row.measured


def test_every_site_stands_on_the_sheet_once() -> None:
    said = words(worksheet.build(BLANK))
    for _, rows in lines():
        for line in rows:
            assert said.count(line.name) == 1
    assert said.count("Perforator") == sum(name == "Perforator" for name, _ in FOUND)
    assert "GSV, mid thigh" in said
    assert "superficial femoral" not in said.lower()


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("document", [BLANK, FILLED])
def test_it_is_one_page_across(document: Worksheet, paper: str) -> None:
    pdf = worksheet.build(replace(document, letterhead=replace(LETTERHEAD, paper=paper)))
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    wide, tall = (float(side) for side in page.mediabox[2:])
    assert wide > tall


def test_the_banner_names_the_patient_the_time_and_why() -> None:
    said = words(worksheet.build(FILLED))
    for wanted in (
        "TEST Anna Case-One",
        "27 Mar 1974",
        "W-10023",
        "4 May 2026, 10:05 CDT",
        "Scan room 1",
        FILLED.indication,
        "Demo clinic",
    ):
        assert wanted in said


def test_a_blank_one_asks_for_both_identifiers_and_names_nobody() -> None:
    said = words(worksheet.build(BLANK))
    assert all(name in said for name in ("Patient", "Born", "Record number"))
    assert "Anna" not in said
    assert "This paper is not the record." in said


def test_a_leg_that_was_not_asked_for_is_said_to_be_so() -> None:
    said = words(worksheet.build(replace(FILLED, legs=(Leg.LEFT,))))
    assert "Right leg (not asked for)" in said
    assert "Left leg (not asked for)" not in said


def test_a_critical_finding_and_a_site_not_seen_have_their_lines() -> None:
    said = words(worksheet.build(BLANK))
    assert "Critical finding: told whom, how, when, read back" in said
    assert "Not seen, and why" in said


def test_texts_too_long_for_their_line_end_in_an_ellipsis() -> None:
    long = replace(
        FILLED,
        patient=replace(PATIENT, name="N" * 100),
        indication="a long word " * 25,
        room="R" * 90,
    )
    (page,) = pages(worksheet.build(long))
    assert page.count("…") == 3


def test_markup_is_printed_as_it_was_written_and_nothing_acts() -> None:
    pdf = worksheet.build(replace(FILLED, indication='<img src="/etc/passwd"> & <b>'))
    assert '<img src="/etc/passwd"> & <b>' in words(pdf)
    assert actions(pdf) == []


def test_a_name_that_paper_cannot_show_is_refused() -> None:
    with pytest.raises(Unprintable):
        worksheet.build(replace(FILLED, patient=replace(PATIENT, name="王小明")))


def test_the_same_document_gives_the_same_bytes() -> None:
    assert worksheet.build(FILLED) == worksheet.build(FILLED)


def test_it_is_tagged_with_a_heading_a_table_and_the_drawn_legs() -> None:
    whole = root(worksheet.build(BLANK))["/StructTreeRoot"]["/K"].get_object()
    roles = [str(kid.get_object()["/S"]) for kid in whole["/K"]]
    assert roles[0] == "/H1"
    assert {"/Table", "/Figure"} <= set(roles)


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_an_inspector_finds_no_fault_in_the_file(tmp_path: Path) -> None:
    said = said_by("qpdf", "--check", pdf=worksheet.build(FILLED), folder=tmp_path)
    assert "No syntax or stream encoding errors found" in said
