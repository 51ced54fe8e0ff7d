"""The drawn map of five hundred exams: nothing overlaps, nothing leaves its leg or its frame."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from math import hypot

import pytest

from tests.domain.exams import an_exam
from tests.domain.test_legmap import inside
from workflow.domain.documents import MapState
from workflow.domain.interpret import interpret
from workflow.domain.legmap import PAPER, ROOM, Drawing, Face, Outline, Stroke, place
from workflow.domain.legpath import Point
from workflow.domain.mapstate import map_states

MANY = 500


@cache
def _states(seed: int) -> tuple[MapState, ...]:
    case = an_exam(seed)
    return map_states(interpret(case), case.exam.segments)


def drawings(face: Face = PAPER, *, clinical: bool = True) -> Iterator[tuple[int, Drawing]]:
    for seed in range(MANY):
        yield seed, place(_states(seed), clinical=clinical, face=face)


@pytest.mark.parametrize("face", [PAPER, ROOM], ids=["paper", "room"])
def test_no_value_overlaps_another_or_leaves_its_frame_or_lies_on_a_leg(face: Face) -> None:
    shown = 0
    skins: list[Point] = []
    for seed, drawing in drawings(face):
        skins = skins or [p for leg in drawing.outlines for p in leg.line.points()]
        shown += len(drawing.labels)
        for label in drawing.labels:
            x, y, wide, tall = label.box
            assert x >= 0, seed
            assert y >= 0, seed
            assert x + wide <= drawing.width, seed
            assert y + tall <= drawing.height, seed
            on_skin = [p for p in skins if x <= p[0] <= x + wide and y <= p[1] <= y + tall]
            assert not on_skin, (seed, label)
        for one, two in combinations(drawing.labels, 2):
            (x1, y1, w1, h1), (x2, y2, w2, h2) = one.box, two.box
            aside = min(x1 + w1, x2 + w2) - max(x1, x2)
            above = min(y1 + h1, y2 + h2) - max(y1, y2)
            assert aside <= 1e-9 or above <= 1e-9, (seed, one, two)
    assert shown > 10_000


@pytest.mark.parametrize("map_for", ["staff", "patient"])
def test_every_vein_lies_within_its_own_legs_outline_with_its_whole_width(map_for: str) -> None:
    seen: set[tuple[object, ...]] = set()
    for seed, drawing in drawings(clinical=map_for == "staff"):
        for stroke in drawing.strokes:  # the same vein in the same state and place is measured once
            level = round(stroke.path.start[1] / 6)
            key = (stroke.leg, stroke.segment, stroke.state, level)
            if key not in seen:
                seen.add(key)
                _lies_within(stroke, drawing.outlines, seed)
    assert len(seen) > 600


def _lies_within(stroke: Stroke, outlines: tuple[Outline, ...], seed: int) -> None:
    corners = [end for mark in stroke.marks for _, _, end in mark.curves]
    drawn = [*stroke.path.points(), *corners]
    rings = [(leg, leg.skin.points()) for leg in outlines if leg.leg is stroke.leg]
    within = [leg for leg, ring in rings if all(inside(point, ring) for point in drawn)]
    assert len(within) == 1, (seed, stroke)
    edge = within[0].line.points()
    away = min(hypot(p[0] - x, p[1] - y) for p in stroke.path.points() for x, y in edge)
    assert away >= stroke.ink.width / 2, (seed, stroke)
