"""Count, for a whole board at once, the working days each patient has waited."""

from collections.abc import Collection
from datetime import date, timedelta

_SATURDAY = 5
FURTHEST = 3 * 366
"""A wait of more days than this counts as this long: it is red in any case."""


def ended_since(oldest: date, today: date, closed: Collection[date] = ()) -> dict[date, int]:
    """Return, for each day from the oldest until today, how many working days ended since.

    Working days are Mondays to Fridays on which the clinic is not `closed`. A Friday counts once
    Saturday has begun. Days before the furthest are left out.
    """
    counts, ended, day = {today: 0}, 0, today
    first = max(oldest, today - timedelta(days=FURTHEST))
    while day > first:
        day -= timedelta(days=1)
        ended += day.weekday() < _SATURDAY and day not in closed
        counts[day] = ended
    return counts
