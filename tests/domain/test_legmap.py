"""The drawn legs: where each vein runs, what each state looks like, where each value stands."""

from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.samples import HARD, MAP
from workflow.domain.anatomy import CATALOGUE, REQUIRED, Leg
from workflow.domain.documents import MapState
from workflow.domain.leglabel import broken, text_width
from workflow.domain.legmap import Drawing, State, Stroke, place
from workflow.domain.legpath import Path, Point, straight
from workflow.domain.legshape import COURSES, OUTLINE, PELVIC, PELVIS, TOP, View, course


def inside(point: Point, ring: list[Point]) -> bool:
    """Say whether a point lies within a ring of points (even-odd rule)."""
    x, y = point
    within = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1):
            within = not within
    return within


def _ring(view: View, *, pelvis: bool) -> list[Point]:
    return [*OUTLINE[view].points(), *(PELVIS if pelvis else TOP)]


def _stroke(drawing: Drawing, leg: Leg, code: str) -> Stroke:
    return next(s for s in drawing.strokes if s.leg is leg and s.segment == code)


def _x(path: Path) -> float:
    return path.middle[0]


ALL_CODES = [f"{site.code}1" if site.numbered else site.code for site in CATALOGUE]


@pytest.mark.parametrize("code", ALL_CODES)
def test_every_site_of_the_catalogue_is_drawn_inside_the_leg(code: str) -> None:
    found = course(code)

    assert found is not None
    ring = _ring(found.view, pelvis=code in PELVIC)
    assert all(inside(point, ring) for point in found.path.points())


@settings(max_examples=30, deadline=None)
@given(
    st.decimals(0, 90, places=1), st.sampled_from(["PERF_TH", "PERF_PT", "PERF_LAT", "PERF_GAS"])
)
def test_a_perforator_at_any_height_stays_inside_the_leg(height: Decimal, code: str) -> None:
    found = course(f"{code}1", height)

    assert found is not None
    ring = _ring(found.view, pelvis=False)
    assert all(inside(point, ring) for point in found.path.points())


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 99),
    st.sampled_from(
        ["", "medial calf", "lateral thigh", "posterior calf", "anterior thigh", "knee"]
    ),
)
def test_a_tributary_in_any_place_stays_inside_the_leg(number: int, location: str) -> None:
    found = course(f"TRIB{number}", None, location)

    assert found is not None
    ring = _ring(found.view, pelvis=False)
    assert all(inside(point, ring) for point in found.path.points())


def test_a_perforator_stands_at_its_recorded_height_above_the_floor() -> None:
    low, high = course("PERF_PT1", Decimal(8)), course("PERF_PT2", Decimal(24))

    assert low is not None
    assert high is not None
    assert low.path.middle[1] == pytest.approx(90, abs=0.6)
    assert high.path.middle[1] == pytest.approx(70, abs=0.6)


def test_a_tributary_is_drawn_where_its_location_says() -> None:
    thigh, calf = course("TRIB1", None, "Lateral thigh"), course("TRIB1", None, "posterior calf")

    assert thigh is not None
    assert calf is not None
    assert thigh.view is View.FRONT
    assert thigh.path.middle[1] < 52
    assert thigh.path.middle[0] < 0
    assert calf.view is View.BACK
    assert calf.path.middle[1] > 52


def test_a_code_nobody_knows_has_no_course() -> None:
    assert course("GSV_XX") is None
    with pytest.raises(ValueError, match="GSV_XX"):
        place((MapState(Leg.RIGHT, "GSV_XX", "normal", ""),))


def test_a_state_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        place((MapState(Leg.RIGHT, "CFV", "purple", ""),))


def test_the_sites_of_a_trunk_meet_end_to_end() -> None:
    trunk = ["GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC", "GSV_MC", "GSV_DC"]
    for upper, lower in pairwise(trunk):
        assert COURSES[upper].path.points()[-1] == COURSES[lower].path.start


def test_the_great_saphenous_vein_runs_on_the_inner_side_and_ends_before_the_inner_ankle() -> None:
    thigh, ankle = COURSES["GSV_MT"].path, COURSES["GSV_DC"].path

    assert thigh.middle[0] > 3
    assert 0.5 < ankle.points()[-1][0] < 3.2


def test_from_the_front_the_patients_right_leg_is_at_the_viewers_left() -> None:
    drawing = place(MAP)
    right, left = (_stroke(drawing, leg, "GSV_MT") for leg in Leg)

    assert _x(right.path) < _x(left.path)
    # The great saphenous veins are on the inner sides, so they face each other.
    assert _x(_stroke(drawing, Leg.RIGHT, "FV_M").path) < _x(right.path)
    assert _x(left.path) < _x(_stroke(drawing, Leg.LEFT, "FV_M").path)


def test_from_behind_the_patients_right_leg_is_at_the_viewers_right() -> None:
    drawing = place(MAP)

    left, right = (_x(_stroke(drawing, leg, "SSV_MC").path) for leg in (Leg.LEFT, Leg.RIGHT))
    assert left < right


def test_left_and_right_are_mirror_images() -> None:
    drawing = place(())
    fronts = [leg for leg in drawing.outlines if leg.view is View.FRONT]
    middle = sum(leg.name_at[0] for leg in fronts) / 2

    one, two = (leg.line.points() for leg in fronts)
    assert all(
        a[0] - middle == pytest.approx(middle - b[0]) and a[1] == b[1]
        for a, b in zip(one, two, strict=True)
    )


def test_a_required_site_without_a_state_is_drawn_as_not_examined() -> None:
    drawing = place((MapState(Leg.RIGHT, "CFV", "normal", ""),))

    none = {(s.leg, s.segment) for s in drawing.strokes if s.state is State.NONE}
    assert none == {(leg, code) for leg in Leg for code in REQUIRED} - {(Leg.RIGHT, "CFV")}


def test_deep_veins_lie_behind_the_others() -> None:
    strokes = place(MAP).strokes
    last_deep = max(at for at, stroke in enumerate(strokes) if stroke.deep)

    assert all(stroke.deep for stroke in strokes[: last_deep + 1])


def test_reflux_has_arrowheads_that_point_down() -> None:
    stroke = _stroke(place(MAP), Leg.RIGHT, "GSV_MT")

    assert stroke.marks
    for mark in stroke.marks:
        tip, *wings = mark.points()[0], *(end for _, _, end in mark.curves[:-1])
        assert all(tip[1] > wing[1] for wing in wings)


def test_no_two_states_share_an_ink_even_without_colour() -> None:
    trunk = ["GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC", "GSV_MC", "GSV_DC"]
    pairs = zip(trunk, State, strict=True)
    drawing = place(tuple(MapState(Leg.RIGHT, code, state, "") for code, state in pairs))
    looks = {
        (
            s.ink.width,
            s.ink.dash,
            bool(s.ink.core),
            bool(s.marks),
            bool(s.marks) and s.marks[0].closed,
        )
        for s in drawing.strokes
        if s.leg is Leg.RIGHT and s.segment.startswith("GSV")
    }
    assert len(looks) == len(State)


def test_a_title_says_side_site_state_and_value() -> None:
    stroke = _stroke(place(MAP), Leg.RIGHT, "GSV_MT")

    assert stroke.title == "Right great saphenous, mid thigh: reflux, 2,600 ms, 6.8 mm"


def test_the_summary_names_what_leaks_for_each_leg() -> None:
    said = place(MAP).summary

    assert "Right leg, reflux: Great saphenous, proximal thigh" in said
    assert "Left leg: nothing abnormal drawn." in said


def test_the_patients_map_has_no_value_and_three_states_at_most() -> None:
    for states in (MAP, HARD.map, ()):
        drawing = place(states, clinical=False)

        assert drawing.labels == ()
        assert len(drawing.legend) <= 3
        assert not any(char.isdigit() for stroke in drawing.strokes for char in stroke.title)
        assert not any(char.isdigit() for char in drawing.summary)


def test_the_patients_map_speaks_spanish() -> None:
    drawing = place(HARD.map, clinical=False, language="es")

    assert {key.words for key in drawing.legend} == {
        "Funciona bien, o cerrada por el tratamiento",
        "Tiene una fuga",
        "Hay que mirarla mejor, o no se miró",
    }
    assert "Derecha: vena profunda tiene una fuga." in drawing.summary


def test_a_leg_without_a_leak_says_so_to_the_patient() -> None:
    assert "None of the veins drawn here leak." in place((), clinical=False).summary


def test_the_same_states_give_the_same_drawing() -> None:
    assert place(MAP) == place(MAP)
    assert place(HARD.map).labels == place(HARD.map).labels


def _labels() -> st.SearchStrategy[str]:
    value = st.builds(
        "{:,} ms, {} mm".format, st.integers(0, 20_000), st.decimals("0.5", 40, places=1)
    )
    return st.one_of(value, st.text(max_size=60), st.just(""))


_STATES = st.builds(
    MapState,
    st.sampled_from(Leg),
    st.sampled_from([*ALL_CODES, "TRIB2", "TRIB40", "PERF_PT2", "PERF_TH3"]),
    st.sampled_from(list(State)),
    _labels(),
    st.one_of(st.none(), st.decimals(0, 80, places=1)),
    st.sampled_from(["", "medial calf", "thigh", "lateral"]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(_STATES, max_size=90))
def test_no_label_overlaps_another_or_leaves_its_frame(states: list[MapState]) -> None:
    drawing = place(tuple(states))

    for label in drawing.labels:
        x, y, wide, tall = label.box
        assert x >= 0
        assert y >= 0
        assert x + wide <= drawing.width
        assert y + tall <= drawing.height
    for one, two in combinations(drawing.labels, 2):
        apart = (
            one.box[0] + one.box[2] <= two.box[0] + 1e-9
            or two.box[0] + two.box[2] <= one.box[0] + 1e-9
            or one.box[1] + one.box[3] <= two.box[1] + 1e-9
            or two.box[1] + two.box[3] <= one.box[1] + 1e-9
        )
        assert apart, (one, two)
    assert len(drawing.labels) + drawing.omitted == sum(1 for state in states if state.label)


def test_values_that_find_no_room_are_counted_and_the_quiet_ones_go_first() -> None:
    states = tuple(
        MapState(Leg.RIGHT, f"TRIB{n}", "reflux" if n > 50 else "normal", "900 ms, 4.0 mm",
                 location="medial calf")
        for n in range(1, 70)
    )  # fmt: skip
    drawing = place(states)

    assert drawing.omitted > 0
    shown = [label.state for label in drawing.labels]
    assert set(shown) == {"reflux"}
    assert len(shown) > 10


def test_a_long_label_is_broken_and_cut_to_its_column() -> None:
    lines = broken("Wonderful unbelievablylongwordthatneverends of many parts", 6)

    assert len(lines) <= 3
    assert all(text_width(line) <= 6 for line in lines)


def test_a_path_without_length_has_no_stations() -> None:
    dot = straight((1.0, 1.0), (1.0, 1.0))

    assert dot.stations(1) == []
    assert dot.middle == (1.0, 1.0)


def test_a_path_says_itself_as_svg() -> None:
    assert (
        straight((0.0, 0.0), (1.5, 2.25), closed=True).d
        == "M0,0C0,0 1.5,2.25 1.5,2.25C1.5,2.25 0,0 0,0Z"
    )
