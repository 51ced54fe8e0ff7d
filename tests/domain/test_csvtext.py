"""Rows leave as CSV that a spreadsheet shows as it is, and never runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain import csvtext

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)


def _read(written: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written, newline="")))


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"]
)
def test_a_text_that_a_spreadsheet_would_run_is_defused(start: str) -> None:
    line = list(csvtext.lines(["a"], [[f"{start}1"]]))[1]
    assert _read(line) == [[f"'{start}1"]]


def test_numbers_stay_numbers_and_what_is_absent_stays_empty() -> None:
    assert list(csvtext.lines(["a", "b", "c"], [[-5, None, 'say "so", he said']])) == [
        "a,b,c\r\n",
        '-5,,"say ""so"", he said"\r\n',
    ]


def test_a_sign_within_a_text_is_left_alone() -> None:
    assert list(csvtext.lines(["a"], [["5-4=1"]]))[1] == "5-4=1\r\n"


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=4))
def test_every_text_comes_back_but_for_the_mark_before_a_formula(rows: list[list[str]]) -> None:
    written = list(csvtext.lines(["one", "two"], rows))
    assert len(written) == 1 + len(rows)
    for line, row in zip(written[1:], rows, strict=True):
        (read,) = _read(line)
        for got, meant in zip(read, row, strict=True):
            assert got in (meant, f"'{meant}")
            assert not got.startswith(("=", "+", "-", "@"))
