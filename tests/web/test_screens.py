"""Every page says dates, spans and numbers the way people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from jinja2 import Environment

from workflow import screens


@pytest.fixture
def environment() -> Environment:
    """Return templates' words at 22 Nov 2026, 01:30 UTC, in a clinic five hours behind."""
    made = Environment(autoescape=True)
    screens.register(
        made,
        now=lambda: datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
        zone=lambda: "America/New_York",
    )
    return made


def says(environment: Environment, text: str, **values: object) -> str:
    """Return what a line of a template says."""
    return environment.from_string(text).render(**values)


def test_a_date_is_said_by_day_month_and_year() -> None:
    assert screens.day(date(1961, 3, 2)) == "2 Mar 1961"
    assert screens.long_day(date(2026, 3, 12)) == "Thursday 12 March 2026"


@pytest.mark.parametrize(
    ("born", "years"),
    [
        (date(1961, 11, 21), 65),
        (date(1961, 11, 22), 65),
        (date(1961, 11, 23), 64),
        (date(2026, 11, 22), 0),
    ],
)
def test_age_counts_whole_years(born: date, years: int) -> None:
    assert screens.age(born, date(2026, 11, 22)) == years


def test_someone_born_on_a_leap_day_ages_on_the_first_of_march() -> None:
    assert screens.age(date(2000, 2, 29), date(2026, 2, 28)) == 25
    assert screens.age(date(2000, 2, 29), date(2026, 3, 1)) == 26


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=59), "59 days"),
        (timedelta(days=60), "2 months"),
        (timedelta(days=730), "2 years"),
    ],
)
def test_a_span_is_said_in_the_unit_a_person_would_use(length: timedelta, words: str) -> None:
    assert screens.span(length) == words


def test_nothing_measured_is_never_said_as_nought() -> None:
    assert screens.ms(None) == screens.mm(None) == "–"
    assert screens.ms(0) == "0"


def test_measures_keep_the_decimals_they_were_taken_with() -> None:
    assert screens.ms(2600) == "2,600"
    assert [screens.mm(Decimal(text)) for text in ("4", "6.80", "4.25", "40")] == [
        "4.0",
        "6.8",
        "4.25",
        "40.0",
    ]


def test_words_are_listed_as_a_person_lists_them() -> None:
    assert [screens.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_moment_is_said_in_the_clinics_zone(environment: Environment) -> None:
    at = datetime(2026, 11, 22, 1, 5, tzinfo=UTC)

    assert says(environment, "{{ at | moment }}", at=at) == "21 Nov 2026, 20:05"
    assert says(environment, "{{ at | zoned }}", at=at) == "21 Nov 2026, 20:05 EST"
    assert says(environment, "{{ at | day }} {{ at | clock }}", at=at) == "21 Nov 2026 20:05"
    assert says(environment, "{{ at | machine }}", at=at) == "2026-11-21T20:05:00-05:00"
    assert says(environment, "waiting {{ at | waited }}", at=at) == "waiting 25 minutes"


def test_today_is_the_clinics_day_and_not_the_servers(environment: Environment) -> None:
    assert says(environment, "{{ today() }}") == "2026-11-21"
    assert says(environment, "{{ born | age }}", born=date(1961, 11, 22)) == "64"


def test_words_and_names_are_set_for_reading() -> None:
    assert screens.spoken("not_tested") == "not tested"
    assert screens.opened("right leg") == "Right leg"
    assert screens.slug("Sign report, and next") == "sign-report-and-next"
    assert screens.count(1, "day") == "1 day"
    assert screens.count(1200, "patient") == "1,200 patients"
