"""Time two things side by side, in interleaved rounds of CPU time, and compare their medians."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

ROUNDS = 31
"""How many rounds each measurement takes; the median of them counts."""

_ROUND_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table: what was measured, against which bar."""

    id: str
    value: float
    unit: str
    bar: float
    better: str = "lower"
    peers: dict[str, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Say whether the bar is kept."""
        return self.value <= self.bar if self.better == "lower" else self.value >= self.bar


def ratio(
    subject: Callable[[], object], yardstick: Callable[[], object], *, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return the subject's CPU time over the yardstick's, and the yardstick's in milliseconds.

    Each round times both, one after the other, so that a drifting clock touches both alike.
    """
    counts = (_repeats(subject), _repeats(yardstick))
    ratios, base = [], []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            one, other = _time(subject, counts[0]), _time(yardstick, counts[1])
            ratios.append(one / other)
            base.append(other)
    finally:
        gc.enable()
    return statistics.median(ratios), statistics.median(base) * 1000


def _time(act: Callable[[], object], count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        act()
    return (time.process_time() - start) / count


def _repeats(act: Callable[[], object]) -> int:
    """Return how many calls fill a round, after a warm-up."""
    count = 1
    while True:
        spent = _time(act, count) * count
        if spent >= _ROUND_SECONDS:
            return count
        count *= 2
