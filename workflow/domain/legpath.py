"""Draw a smooth line through a few points.

Units are those of the leg table: 100 from groin crease to floor. Everything is exact and
deterministic: the same points give the same curve on the screen and on paper.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
Curve = tuple[Point, Point, Point]

_STEPS = 10


@dataclass(frozen=True, slots=True)
class Path:
    """A run of cubic Béziers: where it starts, then (control, control, end) for each curve."""

    start: Point
    curves: tuple[Curve, ...]
    closed: bool = False

    @property
    def d(self) -> str:
        """Return the path as the `d` attribute of an SVG path."""
        return _written(self)

    def moved(self, dx: float, dy: float, *, mirrored: bool = False) -> "Path":
        """Return the path turned left for right if `mirrored`, then shifted by dx, dy."""
        sign = -1.0 if mirrored else 1.0

        def to(point: Point) -> Point:
            return (sign * point[0] + dx, point[1] + dy)

        curves = tuple((to(a), to(b), to(end)) for a, b, end in self.curves)
        return Path(to(self.start), curves, self.closed)

    def points(self) -> list[Point]:
        """Return points along the path, close enough together to measure by."""
        found = [self.start]
        for a, b, end in self.curves:
            found += _on_curve(found[-1], a, b, end)
        return found

    def stations(self, gap: float, *, at_least: int = 1) -> list[tuple[Point, Point]]:
        """Return evenly spaced (point, unit direction) pairs, about `gap` apart, ends left free."""
        points = self.points()
        lengths = [0.0]
        for one, two in pairwise(points):
            lengths.append(lengths[-1] + hypot(two[0] - one[0], two[1] - one[1]))
        total = lengths[-1]
        if total < 1e-9:
            return []
        count = max(at_least, round(total / gap))
        found = []
        index = 1
        for step in range(count):
            wanted = total * (step + 0.5) / count
            while lengths[index] < wanted:
                index += 1
            found.append(_between(points, lengths, index, wanted))
        return found

    @property
    def end(self) -> Point:
        """Return the point where the path ends."""
        return self.curves[-1][2] if self.curves else self.start

    @property
    def middle(self) -> Point:
        """Return the point half-way along the path."""
        found = self.stations(1e9)
        return found[0][0] if found else self.start


def smooth(points: tuple[Point, ...]) -> Path:
    """Return the smooth path that passes through all the points (centripetal in its tangents)."""
    run = (_beyond(points[1], points[0]), *points, _beyond(points[-2], points[-1]))
    return Path(points[0], tuple(_spans(run)))


def straight(*points: Point, closed: bool = False) -> Path:
    """Return a path of straight lines through the points."""
    ends = (*points[1:], points[0]) if closed else points[1:]
    starts = points if closed else points[:-1]
    curves = tuple((one, two, two) for one, two in zip(starts, ends, strict=True))
    return Path(points[0], curves, closed)


def circle(centre: Point, radius: float) -> Path:
    """Return a circle as four curves."""
    x, y = centre
    k = radius * 0.5523
    r = radius
    return Path(
        (x + r, y),
        (
            ((x + r, y + k), (x + k, y + r), (x, y + r)),
            ((x - k, y + r), (x - r, y + k), (x - r, y)),
            ((x - r, y - k), (x - k, y - r), (x, y - r)),
            ((x + k, y - r), (x + r, y - k), (x + r, y)),
        ),
        closed=True,
    )


def _spans(run: tuple[Point, ...]) -> list[Curve]:
    spans = []
    for before, one, two, after in zip(run, run[1:], run[2:], run[3:], strict=False):
        reach = hypot(two[0] - one[0], two[1] - one[1]) / 3
        out = _direction(before, one, two)
        into = _direction(one, two, after)
        spans.append((
            (one[0] + out[0] * reach, one[1] + out[1] * reach),
            (two[0] - into[0] * reach, two[1] - into[1] * reach),
            two,
        ))  # fmt: skip
    return spans


def _direction(before: Point, here: Point, after: Point) -> Point:
    # Each neighbour pulls by the inverse of its distance, so that unevenly spaced points do not
    # make the line overshoot.
    ax, ay = here[0] - before[0], here[1] - before[1]
    bx, by = after[0] - here[0], after[1] - here[1]
    a, b = hypot(ax, ay) or 1.0, hypot(bx, by) or 1.0
    x, y = ax / a / a + bx / b / b, ay / a / a + by / b / b
    length = hypot(x, y) or 1.0
    return (x / length, y / length)


def _beyond(inner: Point, outer: Point) -> Point:
    return (2 * outer[0] - inner[0], 2 * outer[1] - inner[1])


def _between(
    points: list[Point], lengths: list[float], index: int, wanted: float
) -> tuple[Point, Point]:
    one, two = points[index - 1], points[index]
    span = (lengths[index] - lengths[index - 1]) or 1.0
    part = (wanted - lengths[index - 1]) / span
    dx, dy = two[0] - one[0], two[1] - one[1]
    return (one[0] + dx * part, one[1] + dy * part), (dx / span, dy / span)


def _weights(t: float) -> tuple[float, float, float, float]:
    s = 1 - t
    return (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)


_WEIGHTS = tuple(_weights(at / _STEPS) for at in range(1, _STEPS + 1))


def _on_curve(start: Point, a: Point, b: Point, end: Point) -> list[Point]:
    """Return points along one curve, its start left out."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = start, a, b, end
    return [
        (p * x0 + q * x1 + r * x2 + s * x3, p * y0 + q * y1 + r * y2 + s * y3)
        for p, q, r, s in _WEIGHTS
    ]


@lru_cache(maxsize=2048)
def _written(path: Path) -> str:
    # The same legs are drawn again after every value that is typed.
    parts = [f"M{_pair(path.start)}"]
    parts += [f"C{_pair(a)} {_pair(b)} {_pair(end)}" for a, b, end in path.curves]
    return "".join(parts) + ("Z" if path.closed else "")


def _pair(point: Point) -> str:
    return f"{round(point[0], 2):g},{round(point[1], 2):g}"
