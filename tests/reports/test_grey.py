"""The map in black and white: every state is told from every other by its pixels alone."""

import io
import subprocess
from itertools import combinations
from math import dist
from pathlib import Path
from statistics import fmean, pstdev

import pytest
from PIL import Image

from reports.clinical import clinical_sheet
from reports.furniture import MARGIN, Sheet, head_room
from reports.legs import Legs
from reports.logo import NO_PICTURES
from reports.page import sheet
from tests.reports.samples import SCAN
from workflow.domain.anatomy import Leg
from workflow.domain.documents import MapState
from workflow.domain.legmap import State, Stroke, place

_DPI, _TALL = 220, 348.0
_TRUNK = ("GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC", "GSV_MC", "GSV_DC")
_ACROSS = (-1.0, -0.55, 0.0, 0.55, 1.0)
_APART = 50.0
"""How far two looks lie apart at least, in grey levels of 255."""


def _looks(*, clinical: bool, folder: Path) -> dict[State, tuple[float, ...]]:
    """Return how each state looks on one vein, printed in grey at the size of a report."""
    states = zip(_TRUNK, State, strict=True)
    drawn = tuple(MapState(Leg.RIGHT, code, state, "") for code, state in states)
    legs = Legs(place(drawn, clinical=clinical), _TALL)
    page = clinical_sheet(SCAN, "Map", pictures=NO_PICTURES, preliminary="")
    image = _printed(sheet(page, [legs]), folder)
    trunk = [s for s in legs.drawing.strokes if s.leg is Leg.RIGHT and s.segment in _TRUNK]
    return {stroke.state: _look(stroke, legs, page, image) for stroke in trunk}


def _printed(pdf: bytes, folder: Path) -> Image.Image:
    file = folder / "map.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(_DPI), "-singlefile", str(file)],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return Image.open(io.BytesIO(done.stdout))


def _look(stroke: Stroke, legs: Legs, page: Sheet, image: Image.Image) -> tuple[float, ...]:
    """Return the mean grey along a vein, on it and beside it, and how much it changes."""
    left = MARGIN + (page.measure - legs.drawing.width * legs.scale) / 2
    top = head_room(page, first=True)
    pixels = image.tobytes()  # one byte a pixel
    runs: list[list[float]] = [[] for _ in _ACROSS]
    for (x, y), (dx, dy) in stroke.path.stations(0.1):
        for run, off in zip(runs, _ACROSS, strict=True):
            at = (left + (x - off * dy) * legs.scale, top + (y + off * dx) * legs.scale)
            across, down = (int(point * _DPI / 72) for point in at)
            run.append(float(pixels[down * image.width + across]))
    return (*map(fmean, runs), *map(pstdev, runs))


@pytest.mark.parametrize("map_for", ["staff", "patient"])
def test_no_two_states_look_alike_without_colour(map_for: str, tmp_path: Path) -> None:
    looks = _looks(clinical=map_for == "staff", folder=tmp_path)
    assert len(looks) == (len(State) if map_for == "staff" else 4)
    for (one, look), (two, other) in combinations(looks.items(), 2):
        assert dist(look, other) >= _APART, (one, two)


def test_a_vein_in_any_state_is_seen_on_the_skin(tmp_path: Path) -> None:
    looks = _looks(clinical=True, folder=tmp_path)
    skin = looks[State.NORMAL][0]
    assert skin > 230
    for state, look in looks.items():
        assert min(look[1:4]) < skin - 8 or max(look[5:]) > 8, state
