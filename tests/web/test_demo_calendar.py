"""The demo clinic feels alive at whatever hour it is first opened."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from workflow.domain.pathway import Stage
from workflow.seed.calendar import CLOSES, GAPS, OPENS, Calendar

NEW_YORK = ZoneInfo("America/New_York")
MOMENTS = {
    "before it opens": datetime(2026, 11, 24, 6, 5, tzinfo=NEW_YORK),
    "in the morning": datetime(2026, 11, 24, 10, 30, tzinfo=NEW_YORK),
    "in the evening": datetime(2026, 11, 24, 21, 0, tzinfo=NEW_YORK),
    "on a Friday evening": datetime(2026, 11, 27, 20, 0, tzinfo=NEW_YORK),
    "on a Sunday": datetime(2026, 11, 29, 12, 0, tzinfo=NEW_YORK),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_booked_scan_is_still_to_come_on_a_working_day(moment: datetime) -> None:
    calendar = Calendar(moment.astimezone(UTC), NEW_YORK)
    for order in range(8, 12):
        slot = calendar.slot(Stage.SCHEDULED, None, order).astimezone(NEW_YORK)
        assert slot > moment
        assert slot.weekday() < 5


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_nothing_has_happened_that_is_still_to_come(moment: datetime) -> None:
    calendar = Calendar(moment.astimezone(UTC), NEW_YORK)
    for stage in GAPS:
        assert max(calendar.entered(stage, 0, 3).values()) < moment
    assert OPENS <= calendar.present.time() <= CLOSES


def test_before_it_opens_the_day_shows_who_is_coming_today() -> None:
    calendar = Calendar(MOMENTS["before it opens"].astimezone(UTC), NEW_YORK)
    slot = calendar.slot(Stage.SCHEDULED, None, 3)
    assert slot.date() == MOMENTS["before it opens"].date()
    assert slot.time() >= time(9)
