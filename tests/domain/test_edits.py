"""Two people's typing is merged by cell, and no cell is overwritten unseen."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.edits import Conflict, merge

CELLS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "1", "2", "3"]))


def test_a_cell_only_i_changed_is_written() -> None:
    merged = merge({"a": "2"}, seen={"a": "1"}, now={"a": "1"})
    assert merged.changes == {"a": "2"}
    assert merged.conflicts == ()


def test_a_cell_i_left_alone_keeps_what_the_other_wrote() -> None:
    assert merge({"a": "1"}, seen={"a": "1"}, now={"a": "9"}).changes == {}


def test_a_cell_we_both_changed_is_shown_with_both_texts() -> None:
    merged = merge({"a": "2"}, seen={"a": "1"}, now={"a": "9"})
    assert merged.conflicts == (Conflict("a", "2", "9"),)
    assert merged.changes == {}


def test_a_cell_we_both_changed_to_the_same_is_no_conflict() -> None:
    assert merge({"a": "9"}, seen={"a": "1"}, now={"a": "9"}).conflicts == ()


@given(CELLS, CELLS, CELLS)
def test_what_the_other_wrote_is_never_overwritten(
    mine: dict[str, str], seen: dict[str, str], now: dict[str, str]
) -> None:
    for cell in merge(mine, seen, now).changes:
        assert seen.get(cell, "") == now.get(cell, "")


def test_a_cell_nobody_had_filled_is_mine_to_write() -> None:
    assert merge({"a": "2"}, seen={}, now={}).changes == {"a": "2"}
    assert merge({"a": "2"}, seen={"a": ""}, now={}).changes == {"a": "2"}
    assert merge({"a": "2"}, seen={}, now={"a": ""}).changes == {"a": "2"}
    assert merge({"a": ""}, seen={}, now={"a": "9"}).changes == {}


def test_a_cell_i_left_alone_does_not_end_the_merging() -> None:
    merged = merge({"a": "1", "b": "2"}, seen={"a": "1"}, now={"a": "1"})
    assert merged.changes == {"b": "2"}
