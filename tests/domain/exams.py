"""Make up exams of any shape, the same ones every time: few sites or all, repeats, odd heights."""

from random import Random
from typing import Any

from tests.domain.invented import case
from workflow.domain.anatomy import CATALOGUE
from workflow.domain.case import Case
from workflow.domain.findings import Compressibility, Thrombus

_PLACES = ("medial calf", "lateral calf", "posterior thigh", "anterior thigh", "knee", "", "calf")
_CLOSURES = ("closed_after_ablation", "partly_open", "recanalised")


def an_exam(seed: int) -> Case:
    """Return a case whose exam is made up from a seed; half of them hold nearly every site."""
    draw = Random(seed)
    share = draw.choice((0.2, 0.5, 0.9, 1.0))
    rows = [
        _row(draw, leg, f"{site.code}{number}" if site.numbered else site.code)
        for leg in "RL"
        for site in CATALOGUE
        for number in range(1, 1 + (draw.randint(1, 4) if site.numbered else 1))
        if draw.random() < share
    ]
    return case(exam={"segments": rows})


def _row(draw: Random, leg: str, code: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "leg": leg,
        "segment": code,
        "reflux_ms": draw.choice((None, 0, 499, 500, 501, 980, draw.randint(0, 20_000))),
        "diameter_mm": draw.choice((None, 4, draw.randint(5, 400) / 10)),
        "compressibility": draw.choice(list(Compressibility)).value,
        "thrombus": draw.choice([*["none"] * 6, *(each.value for each in Thrombus)]),
    }
    if code.startswith(("TRIB", "PERF")):
        row |= {"location": draw.choice(_PLACES), "distance_cm": draw.randint(0, 90)}
        row["reference"] = draw.choice(("floor", "medial_malleolus"))
    if code.startswith("GSV") and draw.random() < 0.15:
        row["closure"] = draw.choice(_CLOSURES)
    return row
