"""A perforator is drawn at its height above the floor, a tributary where it was said to lie."""

from decimal import Decimal

import pytest

from workflow.domain.legshape import Course, Side, View, course


def _at(code: str, height_cm: Decimal | None = None, location: str = "") -> Course:
    found = course(code, height_cm, location)
    assert found is not None
    return found


def _level(found: Course) -> float:
    """Return the height of a perforator's middle: 0 is the groin crease, 100 the floor."""
    return found.path.start[1] - 0.5


@pytest.mark.parametrize(
    ("cm", "level"), [("12", 85.0), ("24", 70.0), ("40", 50.0), ("0", 92.0), ("80", 8.0)]
)
def test_a_perforator_stands_at_its_height_on_a_leg_of_eighty_centimetres(
    cm: str, level: float
) -> None:
    assert _level(_at("PERF_PT1", Decimal(cm))) == pytest.approx(level)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("PERF_PT", 80.0),
        ("PERF_PT1", 80.0),
        ("PERF_PT2", 84.0),
        ("PERF_PT3", 88.0),
        ("PERF_PT4", 92.0),
        ("PERF_PT5", 80.0),
        ("PERF_BOYD1", 59.0),
    ],
)
def test_a_perforator_without_a_height_stands_at_its_groups_level_beside_the_others(
    code: str, level: float
) -> None:
    assert _level(_at(code)) == pytest.approx(level)


@pytest.mark.parametrize(
    ("code", "view", "side", "reach"),
    [
        ("PERF_PT1", View.FRONT, Side.INNER, 2.5),
        ("PERF_LAT1", View.BACK, Side.OUTER, -2.5),
        ("PERF_GAS1", View.BACK, Side.INNER, 2.5),
    ],
)
def test_a_perforator_runs_from_the_depth_to_the_skin(
    code: str, view: View, side: Side, reach: float
) -> None:
    found = _at(code)
    assert (found.view, found.side) == (view, side)
    (end_x, end_y) = found.path.curves[-1][2]
    assert end_x - found.path.start[0] == pytest.approx(reach)
    assert found.path.start[1] - end_y == pytest.approx(0.8)


def test_a_perforator_of_the_calf_muscle_lies_deeper_than_one_by_the_shin() -> None:
    deep, shin = _at("PERF_GAS1", Decimal(24)), _at("PERF_PT1", Decimal(24))
    assert deep.path.curves[-1][2][0] < shin.path.curves[-1][2][0]


PLACES = {
    "medial calf": (View.FRONT, Side.INNER, (2.7, 61.0)),
    "lateral calf": (View.FRONT, Side.OUTER, (-3.5, 57.6)),
    "medial thigh": (View.FRONT, Side.INNER, (5.3, 21.0)),
    "lateral thigh": (View.FRONT, Side.OUTER, (-8.2, 17.0)),
    "posterior calf": (View.BACK, Side.INNER, (3.6, 57.4)),
    "posterior thigh": (View.BACK, Side.OUTER, (-3.4, 18.0)),
    "anterior calf": (View.FRONT, Side.OUTER, (0.3, 58.0)),
    "anterior thigh": (View.FRONT, Side.OUTER, (-2.4, 15.0)),
}
"""Where a tributary begins, in the order in which free places are taken."""


def _begins(found: Course) -> tuple[View, Side, tuple[float, float]]:
    return found.view, found.side, found.path.start


@pytest.mark.parametrize(
    ("said", "place"),
    [
        *((place, place) for place in PLACES),
        ("Calf, medial", "medial calf"),
        ("calf,medial", "medial calf"),
        ("inner calf below the knee", "medial calf"),
        ("outer thigh", "lateral thigh"),
        ("front of thigh", "anterior thigh"),
        ("back of the calf", "posterior calf"),
        ("thigh", "medial thigh"),
        ("lateral", "lateral calf"),
    ],
)
def test_a_tributary_lies_where_it_was_said_to(said: str, place: str) -> None:
    assert _begins(_at("TRIB1", location=said)) == PLACES[place]


def test_tributaries_of_no_known_place_take_the_free_ones_in_their_order() -> None:
    for number, place in enumerate(PLACES.values(), start=1):
        assert _begins(_at(f"TRIB{number}")) == place
    assert _begins(_at("TRIB")) == PLACES["medial calf"]


@pytest.mark.parametrize(("number", "shift"), [(1, 0.0), (2, 1.1), (3, -1.1), (4, 0.0)])
def test_tributaries_of_one_place_lie_beside_each_other(number: int, shift: float) -> None:
    _, _, (x, y) = PLACES["lateral thigh"]
    for said in ("lateral thigh", "outer thigh"):
        assert _at(f"TRIB{number}", location=said).path.start == pytest.approx((x + shift, y))
    _, _, (x, y) = PLACES["medial calf"]
    later = _at(f"TRIB{1 + 8 * (number - 1)}")
    assert later.path.start == pytest.approx((x + shift, y))
    for said in ("calf", "medial"):
        assert _at(f"TRIB{number}", location=said).path.start == pytest.approx((x + shift, y))


def test_what_the_map_does_not_know_is_not_drawn() -> None:
    assert course("XYZ") is None
