"""One slip of the keyboard is forgiven, and no more."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.slips import LONGEST, shortened, within_one_slip

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=14)


def _slips_of_a_key(word: str) -> Iterator[str]:
    """Yield the word with one letter dropped, added, changed, or swapped with the next."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + "q" + word[at:]
        yield word[:at] + "q" + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


@given(LETTERS, LETTERS)
def test_words_within_one_slip_share_a_shortened_word(one: str, other: str) -> None:
    for slipped in _slips_of_a_key(one):
        assert within_one_slip(one, slipped)
        assert within_one_slip(slipped, one)
        assert shortened(one) & shortened(slipped)
    if within_one_slip(one, other):
        assert shortened(one) & shortened(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("marchetti", "marchtti"),
        ("marchetti", "marrchetti"),
        ("marchetti", "marchetta"),
        ("marchetti", "amrchetti"),
        ("marchetti", "marchetit"),
        ("marchetti", "marchetti"),
    ],
)
def test_a_letter_dropped_added_changed_or_swapped_is_one_slip(one: str, other: str) -> None:
    assert within_one_slip(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("marchetti", "marchet"),
        ("marchetti", "mrachetta"),
        ("marchetti", "marhcetit"),
        ("marchetti", "mardhetta"),
        ("marchetti", "mrchettii"),
        ("abcd", "cbad"),
        ("abcd", "bcda"),
    ],
)
def test_two_slips_are_another_word(one: str, other: str) -> None:
    assert not within_one_slip(one, other)
    assert not within_one_slip(other, one)


@given(LETTERS)
def test_two_letters_changed_are_not_forgiven(word: str) -> None:
    for first in range(len(word)):
        for second in range(first + 2, len(word)):
            changed = f"{word[:first]}1{word[first + 1 : second]}2{word[second + 1 :]}"
            assert not within_one_slip(word, changed)


def test_a_word_is_shortened_by_each_of_its_letters_in_turn() -> None:
    assert shortened("anna") == {"anna", "nna", "ana", "ann"}


def test_only_the_beginning_of_a_very_long_word_is_compared() -> None:
    assert shortened("x" * 500 + "end") == shortened("x" * LONGEST)
