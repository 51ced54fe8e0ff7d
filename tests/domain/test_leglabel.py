"""A value on the leg map stands in its column, broken and cut where it must be, with its vein."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from workflow.domain.leglabel import Label, Wanted, broken, spread, text_width

ROOMY = 30.0
LINE, GAP = 1.16, 0.7
"""The height of a line in units of the text's size, and what keeps two values apart."""


def _wide(text: str) -> float:
    return text_width(text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("2,600 ms · 6.8 mm", ("2,600 ms", "6.8 mm")),
        ("one  two\nthree", ("one two three",)),
        ("a, b, c", ("a", "b", "c")),
        ("a, b, c, d", ("a", "b", "c…")),
        ("", ("",)),
    ],
)
def test_a_comma_or_a_dot_ends_a_line_and_three_lines_are_the_most(
    text: str, lines: tuple[str, ...]
) -> None:
    assert broken(text, ROOMY) == lines


def test_a_line_may_be_as_wide_as_its_column_and_no_wider() -> None:
    assert broken("aa bb", _wide("aa bb")) == ("aa bb",)
    assert broken("aa bb", _wide("aa bb") - 0.01) == ("aa", "bb")
    assert broken("aa bb cc", _wide("aa bb")) == ("aa bb", "cc")
    assert broken("abcdef", _wide("abcdef")) == ("abcdef",)


def test_a_word_too_wide_is_cut_where_its_ellipsis_still_fits() -> None:
    assert broken("abcdefghij", _wide("abcd…")) == ("abcd…",)
    assert broken("abcdefghij", _wide("abcd…") - 0.01) == ("abc…",)
    assert broken("abc", 0.01) == ("…",)


def _value(name: str, y: float, **changes: Any) -> Wanted:
    wanted = Wanted("900 ms", name, (5.0, y), 20.0, True, "a", "reflux", name, 0)
    return replace(wanted, **changes)


def _spread(*wanted: Wanted, bottom: float = 50.0) -> tuple[Label, ...]:
    return spread(list(wanted), top=0.0, bottom=bottom, size=1.0, column=ROOMY)[0]


def test_a_value_stands_beside_its_point_with_a_leader_to_it() -> None:
    (label,) = _spread(_value("GSV", 10.0))
    height = 2 * LINE + GAP
    start = 10 - height / 2
    assert (label.name, label.lines, label.x, label.leading) == ("GSV", ("900 ms",), 21.0, LINE)
    assert label.y == round(start + GAP / 2 + 0.86, 2)
    assert label.leader[0] == (5.0, 10.0)
    assert label.leader[1] == pytest.approx((20.5, 10.0))
    assert label.box == pytest.approx((21.0, start + GAP / 2, _wide("900 ms"), 2 * LINE))


def test_a_value_on_the_left_ends_where_one_on_the_right_begins() -> None:
    (label,) = _spread(_value("GSV", 10.0, to_right=False))
    assert (label.x, label.anchor) == (19.0, "end")
    assert label.leader[1] == pytest.approx((19.5, 10.0))
    assert label.box[0] == pytest.approx(19.0 - _wide("900 ms"))


@pytest.mark.parametrize(("y", "start"), [(0.0, 0.0), (50.0, 50 - (2 * LINE + GAP))])
def test_a_value_at_an_edge_stays_inside(y: float, start: float) -> None:
    (label,) = _spread(_value("GSV", y))
    assert label.box[1] == pytest.approx(start + GAP / 2)


def test_two_values_that_push_each_other_move_as_little_as_keeps_them_apart() -> None:
    first, second = _spread(_value("GSV", 10.0), _value("GSV", 10.5))
    tall, low = 2 * LINE + GAP, LINE + GAP
    wish = ((10 - tall / 2) + (10.5 - low / 2 - tall)) / 2
    assert first.box[1] == pytest.approx(wish + GAP / 2)
    assert second.box[1] == pytest.approx(wish + tall + GAP / 2)


def test_three_values_at_the_lower_edge_are_pushed_up_together() -> None:
    labels = _spread(*(_value("GSV", y) for y in (49.0, 49.5, 50.0)))
    assert labels[-1].box[1] + labels[-1].box[3] == pytest.approx(50 - GAP / 2)
    for one, two in pairwise(labels):
        assert two.box[1] - (one.box[1] + one.box[3]) == pytest.approx(GAP)


def test_a_vein_is_named_where_the_column_turns_to_it() -> None:
    names = ("GSV", "GSV", "SSV", "GSV")
    labels = _spread(*(_value(name, 5.0 * n) for n, name in enumerate(names, start=1)))
    assert [label.name for label in labels] == ["GSV", "", "SSV", "GSV"]


def test_a_value_that_just_fits_is_kept_and_goes_without_its_name() -> None:
    (label,) = _spread(_value("GSV", 1.0), bottom=LINE + GAP)
    assert (label.name, label.lines) == ("", ("900 ms",))
    (label,) = _spread(_value("GSV", 1.0), bottom=LINE + GAP + 1.0)
    assert label.name == ""


def test_names_take_their_room_one_after_the_other() -> None:
    labels = _spread(_value("GSV", 1.0), _value("SSV", 4.0), bottom=2 * (LINE + GAP) + 2.1)
    assert [label.name for label in labels] == ["GSV", ""]


def test_what_finds_no_room_is_counted_over_all_columns_the_quiet_first() -> None:
    wanted = [
        _value("GSV", 5.0 + n, column=column, rank=rank, state=f"{column}{rank}")
        for column in ("a", "b")
        for n, rank in enumerate((2, 0, 1))
    ]
    labels, omitted = spread(wanted, top=4.0, bottom=6.0, size=1.0, column=ROOMY)
    assert omitted == 4
    assert [label.state for label in labels] == ["a0", "b0"]


def test_a_name_is_cut_to_its_column_in_units_of_the_texts_size() -> None:
    want = _value("abcdefghij", 10.0, text="9")
    column = _wide("abcd…") * 2
    ((label,), _) = spread([want], top=0.0, bottom=50.0, size=2.0, column=column)
    assert (label.name, label.leading) == ("abcd…", round(2 * LINE, 3))


def test_a_drawing_is_not_written_finer_than_it_is_seen() -> None:
    want = _value("GSV", 10.0, x=1.23456)
    ((label,), _) = spread([want], top=0.0, bottom=50.0, size=1.2345, column=ROOMY)
    assert (label.x, label.leading) == (2.23, 1.432)
