"""What a person types becomes a value or a sentence, and never something else."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain import entry
from workflow.domain.errors import Refused


@pytest.mark.parametrize(
    ("typed", "ms"),
    [
        ("2400", 2400), ("2.4s", 2400), ("2,4 s", 2400), ("2.4 S", 2400), ("2400 ms", 2400),
        ("0", 0), ("n", 0), ("N", 0), ("-", None), ("", None), ("20000", 20000), ("0.5s", 500),
    ],
)  # fmt: skip
def test_a_reflux_time_is_read_with_its_unit(typed: str, ms: int | None) -> None:
    assert entry.reflux_ms(typed) == ms


@pytest.mark.parametrize(
    "typed",
    [
        "2.4",
        "2,4",
        "20001",
        "-5",
        "−5",
        "NaN",
        "1e3",
        "٣",
        "２４００",
        "1_0",
        "<500",
        "4-5",
        "2.4 m",
        "abc",
    ],
)
def test_a_reflux_time_that_could_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        entry.reflux_ms(typed)


@pytest.mark.parametrize(
    ("typed", "mm"),
    [
        ("6.2", "6.2"),
        ("6,2", "6.2"),
        ("6.2 mm", "6.2"),
        ("0.62 cm", "6.2"),
        ("40", "40.0"),
        ("0.5", "0.5"),
    ],
)
def test_a_diameter_is_read_in_millimetres(typed: str, mm: str) -> None:
    assert entry.diameter_mm(typed) == Decimal(mm)


@pytest.mark.parametrize(
    "typed",
    [
        "0.4",
        "40.1",
        "6.25",
        "99",
        "sNaN",
        "inf",
        "1e309",
        "1e-400",
        "٣",
        "３.５",
        "1_0",
        "+5",
        "0x10",
        "½",
        "~4",
        "1.000.0",
    ],
)
def test_a_diameter_out_of_range_or_reading_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        entry.diameter_mm(typed)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(typed: str) -> None:
    for reader in (entry.reflux_ms, entry.diameter_mm, entry.clock_time, entry.iso_day):
        refused = ""
        try:
            reader(typed)
        except Refused as refusal:
            refused = str(refusal)
        assert not refused or refused.endswith(".")


@pytest.mark.parametrize(
    ("day", "month", "year", "read"),
    [
        ("27", "3", "1961", date(1961, 3, 27)),
        ("4", "Mar", "1961", date(1961, 3, 4)),
        ("4", "march", "1961", date(1961, 3, 4)),
        ("29", "2", "2024", date(2024, 2, 29)),
        ("1", "sept.", "1999", date(1999, 9, 1)),
        ("1", "ene", "1973", date(1973, 1, 1)),
        ("31", "Diciembre", "1958", date(1958, 12, 31)),
    ],
)
def test_a_known_date_is_read_from_its_three_parts(
    day: str, month: str, year: str, read: date
) -> None:
    assert entry.day(day, month, year) == read


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("29", "2", "2023"), ("31", "6", "2026"), ("0", "1", "2000"), ("1", "13", "2000"),
        ("1", "1", "61"), ("1", "1", "1850"), ("1", "1", "0001"), ("", "1", "2000"),
        ("１", "1", "2000"), ("1", "ma", "2000"), ("1", "1", "20000"), ("1", "1", "９９９９"),
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_refused(day: str, month: str, year: str) -> None:
    with pytest.raises(Refused):
        entry.day(day, month, year)


@pytest.mark.parametrize(
    "typed", ["2020-1-1", "９９９９-12-31", "2023-02-29", "31/12/2020", "10000-01-01", "-1"]
)
def test_a_strict_date_is_year_month_day(typed: str) -> None:
    with pytest.raises(Refused):
        entry.iso_day(typed)


@pytest.mark.parametrize(
    "name",
    ["O'Neill", "Łukasz Żółć", "Nguyễn Thị Ánh", "王小明", "محمد", "שלום", "de la Cruz III", "Null",
     "Robert'); DROP TABLE", "../../etc/passwd", "👩 Zoë", "Y", "{{7*7}}", "<b>Anna"],
)  # fmt: skip
def test_a_name_is_kept_as_it_is_written(name: str) -> None:
    assert entry.line(name, longest=100) == unicodedata.normalize("NFC", name)


def test_a_name_typed_in_parts_is_kept_composed() -> None:
    assert entry.line("Jose\u0301", longest=100) == "Jos\u00e9"


@pytest.mark.parametrize(
    "name",
    [
        "a\0b",
        "\ud800",
        "a\x01b",
        "a\x7fb",
        "a\x85b",
        "\u202egnp.exe",
        "a" + "\u0301" * 200,
        "a\nb",
        "a\tb",
        "x" * 101,
    ],
)
def test_a_name_with_a_character_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        entry.line(name, longest=100)


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u00a0\u200b "])
def test_a_name_that_looks_empty_is_empty(name: str) -> None:
    assert entry.line(name, longest=100) == ""


def test_a_name_is_counted_in_characters() -> None:
    assert len(entry.line("é" * 100, longest=100)) == 100


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Łukasz Żółć", "lukasz zolc"),
        ("O'Neill", "oneill"),
        ("Straße", "strasse"),
        ("José", "jose"),
    ],
)
def test_a_name_is_found_without_its_accents(written: str, searched: str) -> None:
    assert entry.folded(written) == searched


@pytest.mark.parametrize(
    "typed",
    ["12 Mar 2026", " 12  3 2026 ", "12 March, 2026", "12 marzo 2026", "2026-03-12"],
)
def test_a_date_typed_in_one_box_is_read(typed: str) -> None:
    assert entry.one_day(typed) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the date as day, month and year, such as 12 Mar 2026."),
        ("12 Mar", "Type the date as day, month and year, such as 12 Mar 2026."),
        ("12 Mar 2026 noon", "Type the date as day, month and year, such as 12 Mar 2026."),
        ("12/3/2026", "Type the date as day, month and year, such as 12 Mar 2026."),
        ("2026-3-12", "Type the date as year-month-day, such as 2026-05-04."),
        ("31 Feb 2026", "There is no such day. Check day, month and year."),
        ("12 Mar 1899", "The date is before 1 Jan 1900. Check the year."),
        ("12 Mrz 2026", "The month is a number from 1 to 12, or its name."),
    ],
)
def test_a_date_in_one_box_that_cannot_be_read_says_what_to_type(typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        entry.one_day(typed)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("character", ["\ue000", "\u0378", "\u0001", "\u200f"])
def test_a_character_nobody_else_could_read_is_named(character: str) -> None:
    with pytest.raises(Refused) as refusal:
        entry.line(f"Ana {character}B", longest=20)
    assert str(refusal.value) == (
        f"This holds a character that cannot be kept (U+{ord(character):04X})."
    )


@pytest.mark.parametrize("mark", ["\u0323", "\u20dd"])
def test_a_letter_carries_five_marks_and_a_text_may_begin_with_them(mark: str) -> None:
    assert entry.line(mark * 5 + "q" + mark * 5, longest=20) == mark * 5 + "q" + mark * 5
    with pytest.raises(Refused, match=r"^The name has too many accents on one letter"):
        entry.line(mark * 6, longest=20, name="The name")


@pytest.mark.parametrize("empty", ["\u200b \u200b", "\u200b\u200c\u200d\u2060\ufeff\u00ad", "X"])
def test_a_paragraph_of_nothing_to_see_is_kept_as_nothing(empty: str) -> None:
    assert entry.line(empty, longest=20) == empty.strip("\u200b\u200c\u200d\u2060\ufeff\u00ad ")


def test_a_tab_within_a_paragraph_is_kept_and_counted_as_a_space() -> None:
    assert entry.paragraphs("one\ttwo", longest=7) == "one\ttwo"
    with pytest.raises(Refused, match="8 characters long"):
        entry.paragraphs("one\ttwo3", longest=7)


@pytest.mark.parametrize(("part", "place"), [("day", 0), ("month", 1), ("year", 2)])
def test_digits_of_another_script_are_no_date(part: str, place: int) -> None:
    typed = ["12", "3", "2026"]
    typed[place] = "".join(chr(0x0660 + int(digit)) for digit in typed[place])
    with pytest.raises(Refused, match=f"^The {part} "):
        entry.day(*typed)


def test_what_is_no_number_is_shown_as_far_as_forty_characters() -> None:
    with pytest.raises(Refused) as refusal:
        entry.number("x" * 50, low=Decimal(0), high=Decimal(9), places=0, unit="")
    assert str(refusal.value) == f"“{'x' * 40}” is not a number. Type one from 0 to 9."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.000", "“1.000” can be read in two ways. Type it without a mark."),
        ("1.00", "Type a whole number, from 0 to 9."),
        ("1.123", "Type a whole number, from 0 to 9."),
    ],
)
def test_a_thousands_mark_is_told_from_decimals(typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        entry.number(typed, low=Decimal(0), high=Decimal(9), places=0, unit="")
    assert str(refusal.value) == sentence
