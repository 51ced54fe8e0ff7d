"""A value that cannot be taken is refused at its key, in one sentence that says what to give."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.invented import data
from workflow.domain import entry
from workflow.domain.case import loads, read
from workflow.domain.errors import CaseRefused, Refused


def changed(path: str, value: object) -> dict[str, Any]:
    """Return an invented case with one value changed; the path is as a refusal names it."""
    body: Any = deepcopy(data())  # the invented cases share their parts
    at = body
    parts: list[Any] = [p for p in path.replace("[", ".").replace("]", "").split(".") if p]
    parts = [int(p) if p.isdigit() else p for p in parts]
    for part in parts[:-1]:
        if isinstance(at, dict) and part not in at:
            at[part] = {}
        at = at[part]
    at[parts[-1]] = value
    found: dict[str, Any] = body
    return found


LONG = "x" * 501


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("id", " ", "must not be empty."),
        ("id", 7, "must be text."),
        ("title", LONG, "is longer than 500 characters."),
        ("title", "a\x00b", "holds a control character or a broken character."),
        ("title", "a\nb", "holds a control character or a broken character."),
        ("title", "a\u202eb", "holds a character that reorders the text around it."),
        ("patient.name", "x" * 201, "is longer than 200 characters."),
        ("as_of", "2026-5-4", "must be a date that exists, written as YYYY-MM-DD."),
        ("as_of", 2026, "must be a date that exists, written as YYYY-MM-DD."),
        ("patient.born", "2027-01-01", "is after the date of the case."),
        ("patient.sex", "W", "must be one of: F, M, X."),
        ("patient", [], "must be an object."),
        ("intake.pregnant", 1, "must be true or false."),
        ("intake.weight_kg", 0.5, "is 0.5; it must be from 1 to 500."),
        ("intake.weight_kg", 501, "is 501; it must be from 1 to 500."),
        ("intake.weight_kg", "70", "must be a number from 1 to 500."),
        ("intake.weight_kg", True, "must be a number from 1 to 500."),
        ("intake.weight_kg", float("inf"), "must be a number from 1 to 500."),
        ("intake.weight_kg", 10**41, "must be from 1 to 500."),
        ("intake.allergies", "glue", "must be a list."),
        ("intake.allergies", ["a"] * 501, "holds more than 500 items."),
        (
            "intake.red_flags",
            ["cough"],
            (
                "must be one of: chest_pain, dyspnoea, syncope, bleeding_varix, leg_weakness, "
                "numb_foot, rest_pain, gangrene, dark_urine."
            ),
        ),
        ("intake.mobility", "lazy", "must be one of: independent, aided, bedridden."),
        ("intake.abi.R", 3.01, "is 3.01; it must be from 0 to 3."),
        ("intake.cramps.nrs_0_10", 11, "is 11; it must be from 0 to 10."),
        ("intake.cramps.nrs_0_10", 2.5, "must be a whole number from 0 to 10."),
        ("intake.cramps.nrs_0_10", False, "must be a whole number from 0 to 10."),
        ("clinical.R.vcss.pain", 4, "is 4; it must be from 0 to 3."),
        ("exam.segments[0].reflux_ms", 20001, "is 20001; it must be from 0 to 20000."),
        ("exam.segments[0].reflux_ms", -1, "is -1; it must be from 0 to 20000."),
        ("exam.segments[0].diameter_mm", 0.4, "is 0.4; it must be from 0.5 to 40."),
        ("exam.segments[0].segment", "FEMORAL", "is not a site of the scan protocol."),
        ("exam.segments[0].segment", None, "is missing."),
        ("exam.segments[0].leg", "both", "must be one of: R, L."),
    ],
)
def test_a_wrong_value_is_refused_at_its_key(path: str, value: object, reason: str) -> None:
    with pytest.raises(CaseRefused) as refusal:
        read(changed(path, value))
    found = refusal.value
    assert found.path.startswith(path)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("intake.weight_kg", 1), ("intake.weight_kg", 500), ("intake.weight_kg", Decimal("70.5")),
        ("exam.segments[0].reflux_ms", 0), ("exam.segments[0].reflux_ms", 20000),
        ("exam.segments[0].diameter_mm", 0.5), ("exam.segments[0].diameter_mm", 40),
        ("title", "x" * 500), ("patient.name", "x" * 200), ("intake.allergies", ["a"] * 500),
        ("as_of", "2200-12-31"), ("patient.born", "1850-01-01"),
    ],
)  # fmt: skip
def test_a_value_at_the_end_of_its_range_is_taken(path: str, value: object) -> None:
    assert read(changed(path, value)).id == "T1"


@pytest.mark.parametrize(
    ("extra", "path", "reason"),
    [
        ({"note": "x" * 20_001}, "note", "is longer than 20000 characters."),
        ({"note": float("nan")}, "note", "is not a number."),
        ({"note": object()}, "note", "is not a value that JSON can hold."),
        ({"a": {"b": [0, "\x00"]}}, "a.b[1]", "holds a control character or a broken character."),
    ],
)
def test_an_unknown_key_holds_only_what_can_be_handed_back(
    extra: dict[str, Any], path: str, reason: str
) -> None:
    with pytest.raises(CaseRefused) as refusal:
        read({**data(), **extra})
    assert (refusal.value.path, refusal.value.reason) == (path, reason)


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_an_unknown_key_may_be_nested_to_a_limit() -> None:
    assert read({**data(), "deep": nested(39)})
    with pytest.raises(CaseRefused, match="is nested deeper than 40 levels"):
        read({**data(), "deep": nested(40)})


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ('{"a": 1, "a": 2}', "a", "stands twice in the same object."),
        ('{"a": NaN}', "file", "holds NaN, which is not a number."),
        ('{"a": -Infinity}', "file", "holds -Infinity, which is not a number."),
        ("1" * 41, "file", "holds a number of more than 40 characters."),
        ("1e999", "file", "holds a number that is too large or too long."),
        ("0." + "1" * 40, "file", "holds a number that is too large or too long."),
        ("1e-999", "file", "holds a number that is too small to keep."),
        ("[" * 41 + "]" * 41, "file", "is nested deeper than 40 levels."),
    ],
)
def test_a_text_that_could_be_read_otherwise_is_refused(text: str, path: str, reason: str) -> None:
    with pytest.raises(CaseRefused) as refusal:
        loads(text)
    assert (refusal.value.path, refusal.value.reason) == (path, reason)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1" * 40, int("1" * 40)),
        ("0e5", 0.0),
        ("0.0", 0.0),
        ("[" * 40 + "]" * 40, None),
        ('"[[[[\\"[["', '[[[["[['),
        ('["a\\\\", [1]]', ["a\\", [1]]),
    ],
)
def test_a_text_at_its_limits_is_read(text: str, value: object) -> None:
    found = loads(text)
    assert value is None or found == value


def test_a_text_that_is_no_json_says_so() -> None:
    with pytest.raises(CaseRefused, match=r"^file: is not valid JSON \("):
        loads("{")


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda: entry.reflux_ms("abc"), "“abc” is not a reflux time. Type 2400, or 2.4s."),
        (
            lambda: entry.reflux_ms("2.4"),
            "Is “2.4” seconds or milliseconds? Type 2.4s, or the milliseconds.",
        ),
        (
            lambda: entry.reflux_ms("20001"),
            "20001 ms is out of range. A reflux time is 0 to 20000 ms.",
        ),
        (
            lambda: entry.diameter_mm("wide"),
            "“wide” is not a diameter. Type millimetres, such as 6.2.",
        ),
        (lambda: entry.diameter_mm("6.25"), "Type the diameter to one decimal: 6.2."),
        (lambda: entry.diameter_mm("0.4"), "0.4 mm is out of range. A diameter is 0.5 to 40 mm."),
        (lambda: entry.diameter_mm("4.1 cm"), "41 mm is out of range. A diameter is 0.5 to 40 mm."),
        (lambda: entry.line("a\tb", longest=9), "This must be on one line."),
        (
            lambda: entry.line("abcd", longest=3, name="The name"),
            "The name is 4 characters long; at most 3 fit.",
        ),
        (
            lambda: entry.line("a\x00b", longest=9),
            "This holds a character that cannot be kept (U+0000).",
        ),
        (
            lambda: entry.line("a\u202eb", longest=9),
            "This holds a character that cannot be kept (U+202E).",
        ),
        (lambda: entry.paragraphs("abcd", longest=3), "This is 4 characters long; at most 3 fit."),
        (lambda: entry.day("", "", ""), "The date needs a day and a month and a year."),
        (lambda: entry.day("1", "", "1990"), "The date needs a month."),
        (lambda: entry.day("x", "1", "1990"), "The day is a number from 1 to 31."),
        (lambda: entry.day("1", "1", "90"), "The year has four digits, such as 1961."),
        (
            lambda: entry.day("31", "2", "1990"),
            "There is no such day. Check day, month and year.",
        ),
        (lambda: entry.day("1", "13", "1990"), "There is no such day. Check day, month and year."),
        (lambda: entry.day("1", "xx", "1990"), "The month is a number from 1 to 12, or its name."),
        (lambda: entry.day("31", "12", "1899"), "The date is before 1 Jan 1900. Check the year."),
        (lambda: entry.iso_day("x"), "Type the date as year-month-day, such as 2026-05-04."),
        (lambda: entry.clock_time("noon"), "“noon” is not a time. Type one such as 14:30."),
    ],
)
def test_what_was_typed_wrong_is_answered_with_what_to_type(act: Any, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        act()
    assert str(refusal.value) == sentence


def test_what_was_typed_well_is_taken() -> None:
    assert entry.line("  Ana\u200b ", longest=3) == "Ana"
    assert entry.line("\u200b", longest=3) == ""
    assert entry.day("1", "jan", "1900").isoformat() == "1900-01-01"
    assert entry.day("9", "sept.", "1961").isoformat() == "1961-09-09"
    assert entry.day("9", "September", "1961").isoformat() == "1961-09-09"
    assert entry.folded("  Łucja O'Brien-Ønes  É ") == "lucja obrien ones e"
