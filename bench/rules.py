"""Measure the clinic's rules: a bilateral case of 60 sites, interpreted."""

from typing import Any

from bench.hello import hello
from bench.measure import Figure, ratio
from workflow.domain.anatomy import REQUIRED, segment
from workflow.domain.case import read
from workflow.domain.interpret import as_result, interpret

_BAR = 20  # × a bare Flask hello-world

_AXIAL = {"GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC", "SSV_PC", "SSV_MC", "SSV_DC", "SFJ"}
_MORE = (
    "DFV", "GASV", "SOLV", "ATV", "GSV_DC", "AASV", "TE", "PAV", "TRIB1", "TRIB2", "PERF_PT1",
    "PERF_LAT1",
)  # fmt: skip


def sixty_sites() -> dict[str, Any]:
    """Return an invented case: both legs scanned at 30 sites each, trunks that leak in both."""
    segments = [_site(leg, code) for leg in "RL" for code in (*REQUIRED, *_MORE)]
    vcss = dict.fromkeys(
        ("pain", "varicose_veins", "oedema", "pigmentation", "inflammation", "induration",
         "ulcer_number", "ulcer_duration", "ulcer_size", "compression"),
        0,
    )  # fmt: skip
    leg = {"c": ["C2", "C3"], "symptomatic": True, "vcss": {**vcss, "pain": 2, "oedema": 1}}
    return {
        "format": "case/1",
        "id": "BENCH",
        "as_of": "2026-05-04",
        "patient": {"name": "TEST Bench", "sex": "F", "born": "1974-03-27"},
        "intake": {
            "weight_kg": 70,
            "pregnant": False,
            "allergies": [],
            "medications": ["furosemide 20 mg"],
            "prior_vte": [],
            "prior_vein_procedures": [],
            "symptoms": {"R": ["ache"], "L": ["cramps"]},
            "compression_trial": {"start": "2026-01-05", "end": "2026-04-13"},
        },
        "clinical": {"R": leg, "L": leg},
        "exam": {
            "purpose": "reflux",
            "position": "standing",
            "manoeuvres": ["manual_compression"],
            "segments": segments,
        },
    }


def _site(leg: str, code: str) -> dict[str, Any]:
    row = segment(code)
    leaks = code in _AXIAL or (row is not None and row.numbered)
    return {
        "leg": leg,
        "segment": code,
        "reflux_ms": 1800 if leaks else 200,
        "diameter_mm": None if row is None or row.deep else 5.0,
        "compressibility": "full",
        "thrombus": "none",
    }


def interpreting() -> Figure:
    """Return the cost of interpreting the case, × a bare Flask hello-world (bar 20)."""
    case = read(sixty_sites())
    if len(case.exam.segments) != 60:
        raise RuntimeError("The case does not hold 60 sites.")
    value, base = ratio(lambda: interpret(case), hello())
    return Figure("rules-60-sites", round(value, 1), "× hello", _BAR, peers={"hello_ms": base})


def printing() -> Figure:
    """Return the cost of the whole printed answer, wording, codes and payers with it.

    The interpretation decides; wording, codes and payers are worked out when they are asked for.
    """
    case = read(sixty_sites())
    value, base = ratio(lambda: as_result(interpret(case)), hello())
    return Figure(
        "rules-60-sites-printed", round(value, 1), "× hello", 60, peers={"hello_ms": base}
    )


ROWS = (interpreting, printing)
"""The figures of the rules."""
