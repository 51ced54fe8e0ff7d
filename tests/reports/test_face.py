"""The embedded fonts: unmodified, and able to print what the clinic writes."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics

from reports.face import Face, Unprintable, clean, font, runs, width

FONTS = Path("reports/fonts")


def test_the_font_files_are_those_of_the_lock() -> None:
    lines = [line.split() for line in (FONTS / "LOCK").read_text().splitlines() if line[0] != "#"]

    assert {line[1] for line in lines} == {file.name for file in FONTS.iterdir()} - {"LOCK"}
    for expected, name, *_ in lines:
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == expected


@pytest.mark.parametrize("face", list(Face))
def test_figures_are_all_of_one_width(face: Face) -> None:
    assert len({width(digit, face, 100) for digit in "0123456789"}) == 1


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("text", ["ẶỡửĐđăỗ", "ΑΩάώϊ", "АЯёђїЖ", "≥≤✓→←≠·–—’“”•×°±µ…½", "ÀßŁżőğİı"])
def test_the_house_font_holds_the_scripts_of_the_clinic(face: Face, text: str) -> None:
    assert list(runs(clean(text), face)) == [(face.value, text)]


def test_a_sign_the_house_font_lacks_falls_back_for_that_sign_only() -> None:
    found = [(name, chars) for name, chars in runs(clean("call ☎ now"), Face.BOLD)]

    assert found == [("Inter-SemiBold", "call "), ("DejaVu-Bold", "☎"), ("Inter-SemiBold", " now")]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_a_text_is_printable_to_the_last_character_or_refused(text: str) -> None:
    try:
        ready = clean(text)
    except Unprintable:
        return
    for name, chars in runs(ready.replace("\n", ""), Face.REGULAR):
        assert all(ord(char) in font(name).face.charToGlyph for char in chars)
        assert pdfmetrics.stringWidth(chars, name, 10) >= 0
