"""What a clinic sets for itself, and the days on which it is closed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from workflow.domain.clinic import (
    MOST_HOLIDAYS,
    Clinic,
    Holiday,
    read_clinic,
    read_holidays,
    write_clinic,
)
from workflow.domain.errors import Refused

CHRISTMAS = Holiday(date(2026, 12, 25), "Christmas")
NEW_YEAR = Holiday(date(2027, 1, 1))


def test_a_clinic_comes_back_as_it_was_stored() -> None:
    own = replace(
        Clinic(), name="Vein Clinic", rooms=("One", "Two", "Three"), final_days=3,
        holidays=(CHRISTMAS, NEW_YEAR), logo="a" * 64,
    )  # fmt: skip
    assert read_clinic(write_clinic(own)) == own


def test_a_missing_key_takes_its_default_and_one_that_is_gone_is_left_out() -> None:
    assert read_clinic({"phone": "555", "gone": 1}) == replace(Clinic(), phone="555")


def test_settings_are_stored_as_plain_lists_and_dates() -> None:
    stored = write_clinic(Clinic(holidays=(CHRISTMAS, NEW_YEAR)))
    assert stored["holidays"] == [["2026-12-25", "Christmas"], ["2027-01-01", ""]]
    assert stored["rooms"] == ["Scan room 1", "Scan room 2"]
    assert stored["zone"] == "America/New_York"


def test_a_scan_is_read_in_two_working_days_and_signed_in_four_unless_the_clinic_says_other() -> (
    None
):
    assert (Clinic().interpret_days, Clinic().final_days) == (2, 4)


def test_a_critical_finding_reaches_the_next_after_fifteen_and_thirty_minutes_by_default() -> None:
    assert (Clinic().second_minutes, Clinic().lead_minutes) == (15, 30)


def test_days_closed_are_read_in_order_of_time_each_with_a_name_or_without() -> None:
    typed = "\n1 Jan 2027\n\n  25 Dec 2026 Christmas \n2026-11-26 Thanksgiving Day\n"
    assert read_holidays(typed) == (
        Holiday(date(2026, 11, 26), "Thanksgiving Day"),
        CHRISTMAS,
        NEW_YEAR,
    )
    assert read_holidays(" \n\n") == ()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Christmas", "“Christmas”: Type the date as day, month and year, such as 12 Mar 2026."),
        ("31 Feb 2026", "“31 Feb 2026”: There is no such day. Check day, month and year."),
        ("2026-02-31", "“2026-02-31”: Type the date as year-month-day, such as 2026-05-04."),
        ("1 1 2027\n2027-01-01 twice", "“2027-01-01 twice”: this day stands there twice."),
        (
            f"25 Dec 2026 {'x' * 61}",
            f"“25 Dec 2026 {'x' * 48}”: The name is 61 characters long; at most 60 fit.",
        ),
        (
            f"1 1 2027\n1 1 2027 {'x' * 60}",
            f"“1 1 2027 {'x' * 51}”: this day stands there twice.",
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_named(typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_holidays(typed)
    assert str(refusal.value) == sentence


def test_more_days_than_can_be_kept_are_refused() -> None:
    first = date(2026, 1, 1)
    days = [(first + timedelta(days=n)).isoformat() for n in range(MOST_HOLIDAYS + 1)]
    assert len(read_holidays("\n".join(days[:-1]))) == MOST_HOLIDAYS == 200
    with pytest.raises(Refused) as refusal:
        read_holidays("\n".join(days))
    assert str(refusal.value) == ("At most 200 days can be kept. Leave out those that are over.")


def test_a_closed_day_says_what_keeps_the_clinic_closed() -> None:
    clinic = Clinic(holidays=(CHRISTMAS, NEW_YEAR))
    assert clinic.closed_days == {date(2026, 12, 25), date(2027, 1, 1)}
    assert clinic.closed_for(date(2026, 12, 25)) == "Christmas"
    assert clinic.closed_for(date(2027, 1, 1)) == "a holiday"
    assert clinic.closed_for(date(2026, 12, 24)) is None
