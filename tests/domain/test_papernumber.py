"""A printed number stands for one document, however it is typed."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.papernumber import digest_prefix, number_of

DIGESTS = st.binary(max_size=20).map(lambda held: sha256(held).hexdigest())


@given(DIGESTS)
def test_a_number_leads_back_to_the_beginning_of_its_digest(digest: str) -> None:
    assert digest_prefix(number_of(digest)) == digest[:15]


@given(DIGESTS)
def test_a_number_is_three_groups_of_four_without_letters_that_look_like_digits(
    digest: str,
) -> None:
    groups = number_of(digest).split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert not set("".join(groups)) & set("ILOU")


@given(DIGESTS, st.sampled_from([str.lower, str.upper, lambda n: n.replace("-", " ")]))
def test_case_hyphens_and_spaces_do_not_matter(digest: str, typed: object) -> None:
    assert callable(typed)
    assert digest_prefix(typed(number_of(digest))) == digest[:15]


@pytest.mark.parametrize(
    ("digest", "number"),
    [
        ("0" * 64, "0000-0000-0000"),
        ("f" * 64, "ZZZZ-ZZZZ-ZZZZ"),
        ("08421" + "0" * 59, "1111-0000-0000"),
    ],
)
def test_a_digest_is_spelt_five_bits_a_letter(digest: str, number: str) -> None:
    assert number_of(digest) == number


def test_a_letter_that_looks_like_a_digit_is_read_as_that_digit() -> None:
    assert digest_prefix("OIL0-oil0-0000") == digest_prefix("0110-0110-0000")


@pytest.mark.parametrize(
    "typed", ["", "0000-0000-000", "0000-0000-00000", "0000-0000-000U", "0000-0000-000é", "－" * 12]
)
def test_what_is_no_number_stands_for_nothing(typed: str) -> None:
    assert digest_prefix(typed) is None
