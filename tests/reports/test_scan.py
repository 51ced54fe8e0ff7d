"""The Wellness Ultrasound report on paper."""

import io
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from reports import scan
from reports.type import Unprintable
from tests.reports.pdf import actions, pages, root, said_by, words
from tests.reports.samples import ANCHOR, HARD, PATIENT, SCAN, SIGNATURE, UNSIGNED, a_row
from workflow.domain.anatomy import Leg
from workflow.domain.documents import Addendum, LegSummary, digest
from workflow.domain.legmap import place

SIGNED = scan.build(SCAN)
TEXT = words(SIGNED)

# Texts that a paragraph engine would take for markup (security reference §6.6).
MARKUP = (
    "<b>Anna",
    "Anna</b>",
    "a < b & c",
    '<font color="[[[getattr(pow, Word)]]]">',
    '<img src="http://127.0.0.1:9/canary">',
    '<img src="/etc/passwd">',
    '<img src="/data/other-patient.png">',
    '<a href="javascript:alert(1)">',
    '<a href="file:///etc/passwd">',
    "<font size=99999>",
    '<font color="white" size="1">hidden</font>',
    '<onDraw name="x" label="y"/>',
    "&#0;",
    "&lol;",
    "<script>window.__xss=1</script>",
    "{{7*7}} ${7*7}",
    "</para><para>",
)


def test_every_value_is_printed_with_its_unit_and_its_side() -> None:
    for row in SCAN.rows:
        site = f"{row.leg.word.capitalize()} {row.site[0].lower()}{row.site[1:]}"
        size = f"{row.diameter_mm} mm" if row.diameter_mm is not None else "not measured"
        assert f"{site} {row.reflux_ms:,} ms {size} full none" in TEXT


def test_what_is_beyond_its_cut_off_is_said_in_words() -> None:
    assert TEXT.count("Reflux: longer than 500 ms") == 7


def test_the_report_holds_every_required_element() -> None:
    for said in (
        "TEST Anna Case-One (Anna)", "27 Mar 1974", "W-10023", "4 May 2026, 10:05 CDT",
        "Dr. Maria Lindqvist, Family Medicine", "Priya Raman, RVT", *SCAN.history, *SCAN.technique,
        SCAN.indication, "Limitations None recorded.", SCAN.comparison, SCAN.thrombus_statement,
        SCAN.profile_line, *SCAN.legs[0].impression, *SCAN.legs[1].impression, *SCAN.alerts,
        "C2s Ep As Pr", "C2s Ep As(GSVa, GSVb, NSV) Pr", "6 (4 without compression)",
    ):  # fmt: skip
        assert said in TEXT


def test_the_signature_names_who_when_and_what_it_means() -> None:
    assert "Dr. Jonathan Arad, MD, RPVI" in TEXT
    assert "Signed 4 May 2026, 14:32 CDT" in TEXT
    assert SIGNATURE.meaning in TEXT


def test_every_page_names_the_patient_the_clinic_and_its_place_in_the_report() -> None:
    found = pages(SIGNED)
    for number, page in enumerate(found, start=1):
        assert "TEST Anna Case-One" in page
        assert "27 Mar 1974" in page
        assert "W-10023" in page
        assert "Wellness & Surgery" in page
        assert "Wellness Ultrasound report" in page
        assert f"Page {number} of {len(found)}" in page
        assert f"Version 1 · Source {digest(SCAN)[:8]}" in page
        assert f"Log #{ANCHOR.seq} {ANCHOR.hash[:8]}" in page


def test_an_address_of_several_lines_stands_in_one() -> None:
    address = "1 Example Street\nNew York, NY 10001"
    said = words(scan.build(replace(SCAN, letterhead=replace(SCAN.letterhead, address=address))))

    assert "1 Example Street, New York, NY 10001" in said


def test_an_unsigned_report_says_preliminary_on_every_page() -> None:
    assert all("PRELIMINARY" in page for page in pages(scan.build(UNSIGNED)))
    assert "PRELIMINARY" not in TEXT


def test_a_demo_clinic_says_so_on_every_page_and_a_real_one_never() -> None:
    assert all("Demo clinic: this patient is invented" in page for page in pages(SIGNED))
    assert "Demo clinic" not in words(scan.build(HARD))


def test_a_usual_study_takes_three_letter_pages_at_most() -> None:
    reader = PdfReader(io.BytesIO(SIGNED))

    assert len(reader.pages) <= 3
    assert tuple(map(float, reader.pages[0].mediabox[2:])) == (612, 792)


def test_the_clinic_may_print_on_a4() -> None:
    box = PdfReader(io.BytesIO(scan.build(HARD))).pages[0].mediabox

    assert [round(float(side)) for side in box[2:]] == [595, 842]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert scan.build(SCAN) == SIGNED


def test_another_document_gives_other_bytes() -> None:
    assert scan.build(replace(SCAN, version=2)) != SIGNED


def test_a_site_that_was_not_timed_or_measured_says_so() -> None:
    row = replace(a_row(Leg.LEFT, "GSV_MT", None, None), compressibility="", thrombus="")
    said = words(scan.build(replace(SCAN, rows=(row,))))

    assert (
        "Left great saphenous, mid thigh not timed not measured not recorded not recorded" in said
    )
    assert "Right leg: findings by site Not examined." in said


def test_a_clot_is_set_in_weight() -> None:
    row = replace(
        a_row(Leg.LEFT, "POPV", None, None), compressibility="none", thrombus="acute",
        state="acute", mark="Acute venous thrombosis",
    )  # fmt: skip
    said = words(scan.build(replace(SCAN, rows=(row,), critical_log=("Phoned at 10:20.",))))

    assert "Acute venous thrombosis" in said
    assert "Phoned at 10:20." in said


def test_an_addendum_stands_after_the_signature_with_its_own_and_is_announced_on_page_one() -> None:
    other = replace(
        SIGNATURE,
        name="Dr. Second Reader",
        at=datetime(2026, 5, 6, 15, 30, tzinfo=UTC),
        meaning="I have added this.",
    )
    added = replace(
        SCAN,
        version=2,
        addenda=(Addendum("The left calf was scanned sitting.\nNothing else changed.", other),),
    )
    made = scan.build(added)
    said = words(made)
    assert "Addendum of 6 May 2026, 10:30 CDT: see after the signature." in pages(made)[0]
    assert "Nothing else changed." in said
    assert said.index(SIGNATURE.meaning) < said.index("scanned sitting") < said.index(other.meaning)
    assert "Dr. Second Reader" in said
    assert scan.build(added) == made


def test_an_amended_report_says_what_it_amends() -> None:
    amended = replace(SCAN, version=2, amends="Amends version 1 of 4 May 2026: side corrected.")

    assert "Amends version 1 of 4 May 2026: side corrected." in words(scan.build(amended))


def test_a_report_without_an_anchor_or_a_class_is_still_printed() -> None:
    bare = replace(
        SCAN, anchor=None, referred_by="", alerts=(), history=(),
        legs=(LegSummary(Leg.LEFT, (), "", "", ""),),
        letterhead=replace(SCAN.letterhead, address="", phone=""),
    )  # fmt: skip
    said = words(scan.build(bare))

    assert "Log #" not in said
    assert "No referral" in said
    assert "Left leg • Not examined." in said


def test_values_without_room_on_the_map_are_announced() -> None:
    many = tuple(
        replace(SCAN.map[18], segment=f"TRIB{number}", label="900 ms, 4.0 mm")
        for number in range(1, 60)
    )
    assert "The tables hold them all." in words(scan.build(replace(SCAN, map=many)))


def test_three_hundred_findings_run_over_pages_and_each_page_repeats_the_head() -> None:
    rows = tuple(
        replace(a_row(Leg.RIGHT, f"TRIB{number % 99 + 1}", number + 1, "4.0"), mark="", note="")
        for number in range(300)
    )
    found = pages(scan.build(replace(SCAN, rows=rows)))
    with_rows = [page for page in found if "Right tributary" in page]

    assert len(with_rows) > 4
    assert all("Site Reflux Diameter" in page for page in with_rows)
    assert all(f" {row.reflux_ms} ms" in " ".join(found) for row in rows)


def test_a_word_of_ten_thousand_letters_and_as_many_lines_still_fit_their_pages() -> None:
    long = "x" * 10_000
    row = replace(SCAN.rows[0], note=long)
    document = replace(
        SCAN, rows=(row, *SCAN.rows[1:]), indication=long, history=("line\n" * 2_000,),
        patient=replace(PATIENT, name="N" * 100), comparison="<b>" * 2_000,
    )  # fmt: skip
    found = words(scan.build(document)).replace(" ", "")

    assert found.count("x") >= 20_000
    assert found.count("line") >= 2_000
    assert "<b><b><b>" in found


@pytest.mark.parametrize("said", MARKUP)
def test_markup_in_any_text_is_printed_as_it_was_written(said: str) -> None:
    document = replace(
        SCAN,
        patient=replace(PATIENT, name=f"TEST {said}", called=said, record_number="W-1"),
        indication=said, history=(said,), technique=(said,), limitations=(said,), comparison=said,
        thrombus_statement=said, alerts=(said,), critical_log=(said,), profile_line=said,
        sonographer=said, ordered_by=said, referred_by=said, amends=said,
        rows=(replace(SCAN.rows[0], note=said, mark=said),),
        map=(replace(SCAN.map[0], label=said),),
        legs=(replace(SCAN.legs[0], impression=(said,), ceap=said),),
        letterhead=replace(SCAN.letterhead, clinic=said, address=said),
        signature=replace(SIGNATURE, name=said, meaning=said),
    )  # fmt: skip
    pdf = scan.build(document)

    assert words(pdf).replace(" ", "").count(said.replace(" ", "")) >= 15
    assert actions(pdf) == []


def test_nothing_in_the_file_acts() -> None:
    assert actions(SIGNED) == []


@pytest.mark.parametrize(
    "name",
    ["O'Neill", "José", "Łukasz Żółć", "Nguyễn Thị Ánh", "Null", "Robert'); DROP TABLE",
     "İpek Weiß", "Αγγελική Παπαδοπούλου", "Анна Жукова", "../../etc/passwd", "X"],
)  # fmt: skip
def test_a_name_is_printed_as_it_is_spelt(name: str) -> None:
    said = words(scan.build(replace(SCAN, patient=replace(PATIENT, name=name, called=""))))

    assert name in said


def test_a_name_in_pieces_is_printed_composed() -> None:
    said = words(scan.build(replace(SCAN, patient=replace(PATIENT, name="Jose\u0301"))))

    assert "José" in said


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("王小明", "U+738B"),
        ("محمد", "ARABIC LETTER MEEM"),
        ("שלום", "HEBREW LETTER SHIN"),
        ("👩\u200d⚕️ Zoë", "U+1F469"),
        ("a\u0301\u0301\u0301", "COMBINING ACUTE ACCENT"),
        ("\u202egnp.exe", "RIGHT-TO-LEFT OVERRIDE"),
        ("a\x00b", "U+0000"),
        ("अनीता", "DEVANAGARI"),
        ("x\ue000", "U+E000"),
    ],
)
def test_a_name_that_paper_cannot_show_is_refused_by_name(name: str, named: str) -> None:
    with pytest.raises(Unprintable, match="Enter a Latin spelling") as refusal:
        scan.build(replace(SCAN, patient=replace(PATIENT, name=name)))

    assert named in str(refusal.value)
    assert refusal.value.characters


def test_signs_of_measurement_survive() -> None:
    said = words(scan.build(replace(SCAN, comparison="≥ 500 ms, ≤ 3 mm, ≠, → and ✓ at 5 × 2 µm ☎")))

    assert "≥ 500 ms, ≤ 3 mm, ≠, → and ✓ at 5 × 2 µm ☎" in said


def test_a_form_feed_is_white_space() -> None:
    assert "before after" in words(scan.build(replace(SCAN, comparison="before\x0cafter")))


def test_the_time_is_the_clinics_own() -> None:
    moved = replace(
        SCAN, scanned_at=datetime(2026, 1, 1, 3, 30, tzinfo=UTC),
        letterhead=replace(SCAN.letterhead, zone="America/New_York"),
    )  # fmt: skip
    assert "31 Dec 2025, 22:30 EST" in words(scan.build(moved))


def test_a_whole_diameter_keeps_its_decimal() -> None:
    row = replace(SCAN.rows[8], diameter_mm=Decimal(7))

    assert "7.0 mm" in words(scan.build(replace(SCAN, rows=(row,), map=())))


def test_the_file_says_its_title_its_language_and_its_structure() -> None:
    reader = PdfReader(io.BytesIO(SIGNED))
    top = root(SIGNED)

    assert reader.metadata is not None
    assert reader.metadata.title == "Wellness Ultrasound report"
    assert top["/Lang"] == "en"
    assert top["/MarkInfo"]["/Marked"]
    assert top["/ViewerPreferences"]["/DisplayDocTitle"]
    whole = top["/StructTreeRoot"]["/K"].get_object()
    roles = [str(kid.get_object()["/S"]) for kid in whole["/K"]]
    assert roles[0] == "/H1"
    assert {"/H2", "/H3", "/P", "/L", "/Figure", "/Table"} <= set(roles)


def test_the_drawn_legs_are_described_in_words() -> None:
    whole = root(SIGNED)["/StructTreeRoot"]["/K"].get_object()
    figures = [kid.get_object() for kid in whole["/K"] if kid.get_object()["/S"] == "/Figure"]

    assert [str(figure["/Alt"]) for figure in figures] == [place(SCAN.map).summary]


def test_fonts_are_embedded_and_only_those_in_use() -> None:
    fonts: Any = PdfReader(io.BytesIO(SIGNED)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]

    names = {str(fonts[key]["/BaseFont"]) for key in fonts}
    assert names == {"/AAAAAA+Inter-Regular", "/AAAAAA+Inter-SemiBold"}
    assert all("/FontFile2" in fonts[key]["/FontDescriptor"] for key in fonts)


def test_the_file_is_small() -> None:
    assert len(SIGNED) <= 80_000


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_an_inspector_finds_no_fault_in_the_file(tmp_path: Path) -> None:
    said = said_by("qpdf", "--check", pdf=SIGNED, folder=tmp_path)

    assert "No syntax or stream encoding errors found" in said


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler is not installed")
def test_a_reader_of_structure_finds_headings_cells_and_the_figures_words(tmp_path: Path) -> None:
    said = said_by("pdfinfo", "-struct-text", pdf=SIGNED, folder=tmp_path)

    assert said.index("H1 (block)") < said.index("Table") < said.rindex("H2")
    assert '"Wellness Ultrasound report"' in said
    assert '/Scope /Column\n        "Reflux"' in said
    assert '/Scope /Row\n        "Right common femoral"' in said
    assert "Page 1 of 3" not in said


def test_facts_and_a_signature_too_long_for_their_place_run_over_pages() -> None:
    long = "a long word " * 4_000
    document = replace(SCAN, ordered_by=long, signature=replace(SIGNATURE, meaning=long))

    assert words(scan.build(document)).count("long word") >= 7_900
