"""A text is read as JSON only where nothing in it has to be guessed."""

import pytest

from workflow.domain.errors import CaseRefused
from workflow.domain.jsontext import loads
from workflow.domain.shape import DEPTH_LIMIT, DIGIT_LIMIT


def _nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def test_a_text_may_nest_to_its_limit_and_no_deeper() -> None:
    assert DEPTH_LIMIT == 40
    loads(_nested(40))
    with pytest.raises(CaseRefused, match="is nested deeper than 40 levels"):
        loads(_nested(41))
    loads("[" + ",".join(["{}"] * 50) + "]")


@pytest.mark.parametrize(
    "before",
    ["[],[],[],[]", "[[[[]]]]", "1,2,3,4,5,6", '"]]]]]]"', r'"\\"', r'"\"]]]]"', '{"a":{"b":{}}}'],
)
def test_what_stands_before_does_not_let_a_text_nest_deeper(before: str) -> None:
    loads(f"[{before},{_nested(39)}]")
    with pytest.raises(CaseRefused, match="nested deeper"):
        loads(f"[{before},{_nested(40)}]")


@pytest.mark.parametrize("text", ['"' + "[" * 99 + '"', r'"\"' + "[{" * 99 + '"'])
def test_brackets_within_a_text_nest_nothing(text: str) -> None:
    assert isinstance(loads(text), str)


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("0E5", 0.0),
        ("0e5", 0.0),
        ("0.0", 0.0),
        (f"1.{'1' * (DIGIT_LIMIT - 2)}", float("1." + "1" * 38)),
    ],
)
def test_a_number_within_its_limits_is_read(digits: str, value: float) -> None:
    assert loads(digits) == value


@pytest.mark.parametrize(
    ("digits", "says"),
    [
        (f"1.{'1' * (DIGIT_LIMIT - 1)}", "too large or too long"),
        ("1" * (DIGIT_LIMIT + 1), f"more than {DIGIT_LIMIT} characters"),
        ("1e999", "too large or too long"),
        ("1e-999", "too small to keep"),
        ("0.1E-999", "too small to keep"),
        ("NaN", "NaN, which is not a number"),
        ("-Infinity", "-Infinity, which is not a number"),
    ],
)
def test_a_number_that_cannot_be_kept_is_refused(digits: str, says: str) -> None:
    with pytest.raises(CaseRefused, match=says):
        loads(digits)


def test_a_key_that_stands_twice_is_named() -> None:
    with pytest.raises(CaseRefused, match=r"weight_kg.*stands twice in the same object"):
        loads('{"weight_kg": 70, "weight_kg": 7}')
