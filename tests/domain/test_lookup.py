"""What a person who searches means, and the keys a patient is found by."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.lookup import (
    LONGEST_QUERY,
    MOST_WORDS,
    Wanted,
    keys_of,
    name_words,
    phone_key,
    wanted,
)

BORN = date(1961, 3, 12)
PARTS: dict[str, Any] = {
    "name": "Ana María O'Neill",
    "called": "Annie",
    "phone": "+1 (212) 555-0147",
    "record_number": "W10001",
}


def _finds(query: str, born: date = BORN) -> bool:
    """Say whether the patient, born on this day, fits every part of a query."""
    keys = keys_of(**PARTS)
    return all(
        any(key.startswith(begin) for key in keys for begin in part.beginnings)
        or born in part.days
        or (part.between is not None and part.between[0] <= born <= part.between[1])
        for part in wanted(query)
    )


def test_a_patient_is_kept_under_name_phone_from_both_ends_and_record_number() -> None:
    assert {
        "nana", "nmaria", "noneill", "nannie", "p2125550147", "t7410555212", "rw10001", "r10001",
    } == keys_of(**PARTS)  # fmt: skip


def test_a_patient_without_a_phone_is_kept_without_phone_keys() -> None:
    assert keys_of(**{**PARTS, "phone": ""}) == {
        key for key in keys_of(**PARTS) if key[0] not in "pt"
    }


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("+1 (212) 555-0147", "2125550147"),
        ("212.555.0147", "2125550147"),
        ("22125550147", "22125550147"),
        ("1 555 0147", "15550147"),
        ("", ""),
    ],
)
def test_a_phone_is_found_without_the_country_code(phone: str, key: str) -> None:
    assert phone_key(phone) == key


def test_a_word_of_the_name_is_kept_once_however_often_it_is_called() -> None:
    assert name_words("Ana María", "ANA") == ("ana", "maria")


@pytest.mark.parametrize(
    "query",
    [
        "ana", "mar", "O'Neill", "annie oneill", "María Ana", "2125", "0147", "(212) 555",
        "555-0147 ", "+1 212 555 0147", "w10001", "W100", "10001", "ana 0147", "12 Mar 1961",
        "oneill 1961",
        "1961", "march 1961", "Mar. 1961 ana", "12031961", "03121961", "19610312",
    ],
)  # fmt: skip
def test_a_patient_is_found_by_a_part_of_whatever_is_known(query: str) -> None:
    assert _finds(query)


@pytest.mark.parametrize(
    "query", ["anab", "3125", "20001", "w10002", "13 Mar 1961", "1962", "april 1961", "ana 1962"]
)
def test_a_patient_is_not_found_by_what_is_not_theirs(query: str) -> None:
    assert not _finds(query)


@pytest.mark.parametrize(
    "query",
    [
        "12 Mar 1961", "12mar1961", "12-Mar-61", "12th March 1961", "March 12 1961",
        "March 12th 1961", "mar 12, '61", "1961-3-12", "1961/03/12", "1961 . 03 . 12",
        "12.3.1961", "12 / 3 / 61",
        "12 3 1961", "12 marzo 1961", "MARCH 12, 1961",
    ],
)  # fmt: skip
def test_a_birth_date_is_read_however_it_is_written(query: str) -> None:
    (part,) = wanted(query)
    assert BORN in part.days
    assert not part.beginnings


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("3/12/1961", {date(1961, 3, 12), date(1961, 12, 3)}),
        ("31/12/1961", {date(1961, 12, 31)}),
        ("12/31/1961", {date(1961, 12, 31)}),
        ("2/3/05", {date(1905, 3, 2), date(1905, 2, 3), date(2005, 3, 2), date(2005, 2, 3)}),
        ("5 May 05", {date(1905, 5, 5), date(2005, 5, 5)}),
        ("1961-03-12", {date(1961, 3, 12)}),
    ],
)
def test_a_date_that_can_be_read_two_ways_is_looked_for_both_ways(
    query: str, days: set[date]
) -> None:
    (part,) = wanted(query)
    assert part.days == days


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("march 1961", date(1961, 3, 1), date(1961, 3, 31)),
        ("feb 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("Feb. 2023", date(2023, 2, 1), date(2023, 2, 28)),
        ("dec 1999", date(1999, 12, 1), date(1999, 12, 31)),
    ],
)
def test_a_month_means_all_its_days(query: str, first: date, last: date) -> None:
    (part,) = wanted(query)
    assert part.between == (first, last)
    assert not part.beginnings


def test_a_year_may_also_be_a_number() -> None:
    (part,) = wanted("1961")
    assert part.between == (date(1961, 1, 1), date(1961, 12, 31))
    assert part.beginnings == ("r1961", "p1961", "t1691")
    (other,) = wanted("2161")
    assert other.between is None


def test_eight_digits_may_be_a_date_or_a_phone() -> None:
    (part,) = wanted("12031961")
    assert part.days == {date(1961, 3, 12), date(1961, 12, 3)}
    assert "p12031961" in part.beginnings
    assert "t16913021" in part.beginnings
    assert wanted("1203196")[0].days == frozenset()


def test_two_digits_are_looked_for_in_record_numbers_and_names_only() -> None:
    assert wanted("12")[0].beginnings == ("r12",)
    assert wanted("ana 12")[1].beginnings == ("r12", "n12")
    assert wanted("123")[0].beginnings == ("r123", "p123", "t321")


def test_a_letter_and_digits_are_a_record_number_or_a_word() -> None:
    assert wanted("w10")[0].beginnings == ("nw10", "rw10")
    assert wanted("wa10")[0].beginnings == ("nwa10",)


def test_only_a_word_long_enough_may_hold_a_slip() -> None:
    assert [part.word for part in wanted("Marchtti ana anna")] == ["marchtti", "", "anna"]


def test_a_word_typed_twice_is_asked_once() -> None:
    assert wanted("ana ANA") == (Wanted(("nana",)),)


def test_a_day_that_does_not_exist_leaves_its_month_and_a_number() -> None:
    month, number = wanted("31 Feb 1961")
    assert month.between == (date(1961, 2, 1), date(1961, 2, 28))
    assert number.beginnings == ("r31",)


def test_what_is_no_date_is_looked_for_as_words_and_numbers() -> None:
    assert wanted("99/99/1961")[0].days == frozenset()
    assert [part.beginnings[0] for part in wanted("mrz 1961")] == ["nmrz", "r1961"]


def test_a_date_inside_a_longer_word_is_no_date() -> None:
    assert all(not part.days for part in wanted("x12mar1961"))
    assert all(not part.days for part in wanted("12mar1961x"))


def test_an_empty_query_asks_for_nothing() -> None:
    assert wanted("") == wanted("  -- % ") == ()


def test_a_query_of_many_words_is_cut() -> None:
    many = wanted(" ".join(f"w{chr(97 + n)}" for n in range(20)))
    assert len(many) == MOST_WORDS == 6
    assert wanted("x" * 300) == (Wanted((f"n{'x' * LONGEST_QUERY}",), word="x" * LONGEST_QUERY),)


def test_a_date_narrows_a_search_most_then_the_longest_word() -> None:
    day, long, short = Wanted(days=frozenset([BORN])), wanted("marchetti")[0], wanted("ana")[0]
    assert day.weight > long.weight > short.weight > Wanted().weight
    assert (day.weight, long.weight, Wanted().weight) == (1000, 10, 0)


@given(st.text(max_size=120))
def test_whatever_is_typed_is_a_few_questions(typed: str) -> None:
    parts = wanted(typed)
    assert len(parts) <= 1 + MOST_WORDS
    assert all(part.beginnings or part.days or part.between for part in parts)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_any_birth_date_is_found_by_its_usual_spellings(born: date) -> None:
    for spelling in ("%d %b %Y", "%B %d, %Y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%d%m%Y"):
        assert _finds(f"{born:{spelling}}", born=born), spelling
