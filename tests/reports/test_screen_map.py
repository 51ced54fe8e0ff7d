"""The drawn legs on the screen: the same paths as on paper, in words as well as in colour."""

import re

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.reports.samples import HARD, MAP
from workflow.domain.documents import MapState
from workflow.domain.legmap import Drawing, place


def _drawn(drawing: Drawing) -> str:
    pages = Environment(
        loader=FileSystemLoader("templates"), undefined=StrictUndefined, autoescape=True
    )
    macro = '{% from "components/legmap.html" import legmap %}{{ legmap(drawing, "Vein map") }}'
    return pages.from_string(macro).render(drawing=drawing)


def test_every_site_says_in_words_what_it_shows() -> None:
    html = _drawn(place(MAP))

    assert "<title>Right great saphenous, mid thigh: reflux, 2,600 ms, 6.8 mm</title>" in html
    assert html.count('role="img"') == len(place(MAP).strokes)
    assert "<desc>Both legs, from the front and from behind." in html


def test_the_screen_draws_the_paths_of_the_drawing() -> None:
    drawing = place(HARD.map)
    html = _drawn(drawing)

    assert all(f'd="{stroke.path.d}"' in html for stroke in drawing.strokes)
    assert all(key.words in html for key in drawing.legend)


def test_nothing_inline_and_nothing_unescaped_reaches_the_page() -> None:
    said = '"><img src=x onerror=alert(1)>'
    first = MAP[7]
    html = _drawn(place((MapState(first.leg, first.segment, "reflux", said),)))

    assert "<img" not in html
    assert not re.search(r"\sstyle=|<script|\son\w+=\"", html)


def test_values_left_out_are_announced() -> None:
    many = tuple(
        MapState(MAP[0].leg, f"TRIB{n}", "reflux", "900 ms · 4.0 mm", location="medial calf")
        for n in range(1, 60)
    )
    assert "The table below holds them all." in _drawn(place(many))
