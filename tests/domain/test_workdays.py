"""The working days of a whole board, against those of one wait."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.domain.pathway import working_days
from workflow.domain.workdays import FURTHEST, ended_since

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@settings(deadline=None)
@given(DAYS, st.integers(0, 400), st.sets(DAYS, max_size=20))
def test_a_board_counts_as_a_single_wait_does(today: date, days: int, closed: set[date]) -> None:
    noon = datetime.combine(today, time(12), UTC)
    oldest = today - timedelta(days=days)
    counts = ended_since(oldest, today, closed)
    for back in range(days + 1):
        since = noon - timedelta(days=back)
        assert counts[since.date()] == working_days(since, noon, ZoneInfo("UTC"), closed)


def test_a_holiday_is_no_working_day() -> None:
    thursday, monday = date(2026, 11, 26), date(2026, 11, 30)
    assert ended_since(thursday, monday)[thursday] == 2
    assert ended_since(thursday, monday, {thursday})[thursday] == 1


def test_a_wait_of_years_costs_no_more_than_three() -> None:
    assert len(ended_since(date(1990, 1, 1), date(2026, 1, 1))) == FURTHEST + 1
