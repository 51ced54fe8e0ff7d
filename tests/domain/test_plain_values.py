"""Small values say what they are: sites, settings, typed numbers, frozen dates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.domain.invented import AXIAL_GSV, CLOSED, OLD, answer, case
from tests.reports.samples import SCAN
from workflow.domain import entry, shape
from workflow.domain.anatomy import Leg, segment_name, vein_name
from workflow.domain.appropriateness import Chosen, changes, finding
from workflow.domain.case import CompressionTrial
from workflow.domain.clinic import Clinic, read_clinic, write_clinic
from workflow.domain.documents import as_json
from workflow.domain.errors import CaseRefused, Refused
from workflow.domain.findings import Reading
from workflow.domain.interpretation import Interpretation
from workflow.domain.leglabel import Label
from workflow.domain.legstate import leg_state
from workflow.domain.payerfacts import leg_facts
from workflow.domain.phrases import site_words
from workflow.domain.profile import SVS_2022
from workflow.domain.wording import main_message


def test_a_site_outside_the_catalogue_keeps_its_code_and_cannot_be_read() -> None:
    assert (vein_name("XYZ"), segment_name("XYZ"), site_words("XYZ")) == ("XYZ", "XYZ", "XYZ")
    with pytest.raises(ValueError, match="XYZ"):
        Reading(Leg.RIGHT, "XYZ")


def test_a_clinic_comes_back_as_it_was_stored_and_a_missing_key_takes_its_default() -> None:
    own = replace(Clinic(), name="Vein Clinic", rooms=("One", "Two", "Three"), final_days=3)
    assert read_clinic(write_clinic(own)) == own
    assert read_clinic({"phone": "555", "gone": 1}) == replace(Clinic(), phone="555")


@pytest.mark.parametrize(
    ("typed", "places", "value"),
    [("7", 0, "7"), ("7.5", 1, "7.5"), ("7,5", 1, "7.5"), (" 7 kg ", 0, "7"), ("1", 0, "1"),
     ("100", 2, "100")],
)  # fmt: skip
def test_a_number_is_read_with_its_unit(typed: str, places: int, value: str) -> None:
    read = entry.number(typed, low=Decimal(1), high=Decimal(100), places=places, unit="kg")
    assert read == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "places", "sentence"),
    [
        ("seven", 0, "“seven” is not a number. Type one from 1 to 100 kg."),
        ("0", 0, "0 is out of range. Type a number from 1 to 100 kg."),
        ("101", 0, "101 is out of range. Type a number from 1 to 100 kg."),
        ("7.5", 0, "Type a whole number, from 1 to 100 kg."),
        ("7.55", 1, "Type at most 1 decimal, from 1 to 100 kg."),
        ("7.5555", 3, "Type at most 3 decimals, from 1 to 100 kg."),
        ("1,000", 2, "“1,000” can be read in two ways. Type it without a mark."),
    ],
)
def test_a_number_that_cannot_be_taken_says_what_to_type(
    typed: str, places: int, sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        entry.number(typed, low=Decimal(1), high=Decimal(100), places=places, unit="kg")
    assert str(refusal.value) == sentence


def test_a_number_without_a_unit_has_none_in_its_sentence() -> None:
    with pytest.raises(Refused, match=r"Type one from 0 to 10\.$"):
        entry.number("x", low=Decimal(0), high=Decimal(10), places=0, unit="")


def test_seconds_finer_than_a_millisecond_are_refused() -> None:
    assert entry.reflux_ms("0.001s") == 1
    with pytest.raises(Refused, match="not a reflux time"):
        entry.reflux_ms("0.0005s")


def test_lines_and_paragraphs_are_read() -> None:
    assert entry.paragraphs(" one\r\ntwo\rthree ", longest=20) == "one\ntwo\nthree"
    with pytest.raises(Refused, match="The note must be on one line"):
        entry.line("one\ntwo", longest=20, name="The note")


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-2-3", "", "٢٠٢٦-01-01"])
def test_an_iso_day_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="year-month-day"):
        entry.iso_day(typed)
    assert entry.iso_day("2026-02-28") == date(2026, 2, 28)


@pytest.mark.parametrize("given", ["1849-12-31", "2201-01-01"])
def test_a_date_of_another_age_is_refused(given: str) -> None:
    with pytest.raises(CaseRefused):
        shape.day(given, "as_of")
    with pytest.raises(CaseRefused):
        shape.partial_day(given, "date")
    assert shape.partial_day("1850", "date") == "1850"
    assert shape.day("2200-12-31", "as_of") == date(2200, 12, 31)


def test_a_document_freezes_dates_and_numbers_and_nothing_it_cannot_write() -> None:
    assert '"born":"1974-03-27"' in as_json(SCAN)
    with pytest.raises(TypeError, match="object"):
        as_json(replace(SCAN, comparison=object()))  # type: ignore[arg-type]


def test_the_finding_of_a_treatment_is_said_as_the_scan_holds_it() -> None:
    said: Interpretation = answer(
        right={**AXIAL_GSV, "SSV_PC": CLOSED, "SSV_MC": CLOSED, "SSV_DC": CLOSED, "POPV": OLD,
               "PTV": {"reflux_ms": None}},
    )  # fmt: skip
    assert finding(said, Leg.RIGHT, "GSV") == "GSV axial reflux, 2,000 ms, 6 mm"
    assert finding(said, Leg.RIGHT, "SSV") == "SSV closed"
    assert finding(said, Leg.RIGHT, "POPV") == "POPV chronic postthrombotic thrombus, 300 ms"
    assert finding(said, Leg.RIGHT, "PTV") == "PTV not timed"
    assert finding(said, Leg.RIGHT, "PERO") == "PERO no reflux, 200 ms"
    assert finding(said, Leg.RIGHT, "AASV") == ""
    assert finding(said, Leg.RIGHT, "TEL") == "Seen on the skin"
    assert Chosen(Leg.RIGHT, None, "CONS").key == "R..CONS"


def test_a_newer_report_is_compared_value_by_value_and_by_ceap() -> None:
    (right, left) = SCAN.legs
    newer = replace(SCAN, legs=(replace(right, ceap="C3s Ep As Pr"), left))
    assert changes(SCAN, newer) == (f"Right CEAP: {right.ceap} → C3s Ep As Pr",)
    assert changes(SCAN, replace(SCAN, legs=(right,))) == ()
    twice = replace(SCAN, rows=(*SCAN.rows, SCAN.rows[0]))
    (again,) = changes(SCAN, twice)
    assert again.endswith(f": not examined → {SCAN.rows[0].reflux_ms} ms")


def test_the_main_message_is_said_in_the_patients_language() -> None:
    known, said = case(right=AXIAL_GSV), answer(right=AXIAL_GSV)
    assert main_message(said, known) == said.patient_message
    assert main_message(said, known, "es") == said.patient_message_es
    assert said.patient_message_es[0] == (
        "La vena mayor por dentro de su pierna derecha pierde hacia atrás."
    )


def test_a_trial_without_a_beginning_names_its_beginning() -> None:
    known = case(right=AXIAL_GSV, intake={"compression_trial": {"class_mmhg": "20-30"}})
    assert known.intake.compression_trial == CompressionTrial(class_mmhg="20-30")
    facts = leg_facts(known, leg_state(known, Leg.RIGHT, SVS_2022))
    assert (facts["trial_days"], facts["trial_mmhg"]) == (None, 20)


@pytest.mark.parametrize(
    ("typed", "time"),
    [("8:05", "08:05"), ("0805", "08:05"), ("8:05 am", "08:05"), ("12:00 am", "00:00"),
     ("12 pm", "12:00"), ("1.30 p.m.", "13:30"), ("23:59", "23:59"), ("0", "00:00")],
)  # fmt: skip
def test_a_time_of_day_is_read(typed: str, time: str) -> None:
    assert entry.clock_time(typed) == time


@pytest.mark.parametrize("typed", ["24:00", "8:60", "13 pm", "0 am", "noon", ""])
def test_a_time_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="is not a time"):
        entry.clock_time(typed)


def test_a_letter_may_carry_a_few_accents_and_no_more() -> None:
    assert entry.line("q" + "\u0323" * 5, longest=20) == "q" + "\u0323" * 5
    with pytest.raises(Refused, match="too many accents"):
        entry.line("q" + "\u0323" * 6, longest=20)


@pytest.mark.parametrize(
    ("ml", "more", "level"),
    [(6, 6, "soft_stop"), (5, 5, "ok"), (8, 8, "hard_stop"), (10, 5, "soft_stop")],
)
def test_all_foam_of_a_day_counts_together_whatever_it_was_made_of(
    ml: int, more: int, level: str
) -> None:
    doses = [
        {"agent": "varithena", "ml": ml, "leg": "R"},
        {"agent": "STS foam", "percent": 1, "ml": more, "leg": "L"},
    ]
    dose = answer(intake={"weight_kg": 120}, planned_dose=doses).dose
    assert dose is not None
    assert dose.level == level
    assert level == "ok" or "foam in all" in dose.reason


def test_a_label_stands_to_the_right_or_the_left_of_its_vein() -> None:
    box = (0.0, 0.0, 1.0, 1.0)
    line = ((0.0, 0.0), (1.0, 1.0))
    label = Label("GSV", ("7 mm",), 1.0, 1.0, 1.0, True, "reflux", "GSV_PT", line, box)
    assert label.anchor == "start"
    assert replace(label, to_right=False).anchor == "end"


def test_a_year_beyond_the_calendar_is_no_date() -> None:
    with pytest.raises(CaseRefused):
        shape.day("2026-13-01", "as_of")
    with pytest.raises(CaseRefused):
        shape.day(20260101, "as_of")


def test_a_partial_date_must_be_a_date_and_written_as_text() -> None:
    for wrong in ("2026-13", "spring", 2026):
        with pytest.raises(CaseRefused, match="must be a date written as YYYY, YYYY-MM"):
            shape.partial_day(wrong, "date")
