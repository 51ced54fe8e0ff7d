"""Write the scan and history of an invented patient, as a case file would.

Every story is made of the same parts a clinic meets: normal legs, a leaking trunk, an ulcer, a
clot. Numbers vary a little by a seed of the story's own, so that the demo is the same each time.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from workflow.domain.anatomy import REQUIRED, segment

Row = dict[str, Any]

_CALIBRE = {
    "SFJ": 5.4, "GSV_PT": 3.9, "GSV_MT": 3.5, "GSV_DT": 3.3, "GSV_K": 3.1, "GSV_PC": 2.9,
    "GSV_MC": 2.6, "SPJ": 3.2, "SSV_PC": 2.6, "SSV_MC": 2.4, "SSV_DC": 2.1,
}  # fmt: skip


def normal_leg(leg: str, random: Random) -> list[Row]:
    """Return the required sites of a leg in which nothing leaks."""
    rows = []
    for code in REQUIRED:
        site = segment(code)
        deep = site is not None and site.deep
        rows.append(
            {
                "leg": leg,
                "segment": code,
                "reflux_ms": random.randrange(120, 360, 10),
                "diameter_mm": None if deep else _near(_CALIBRE[code], random),
                "compressibility": "full",
                "thrombus": "none",
            }
        )
    return rows


def _near(mm: float, random: Random) -> float:
    return round(mm + random.uniform(-0.4, 0.4), 1)


def leaking(rows: list[Row], leak: Mapping[str, tuple[int, float]]) -> list[Row]:
    """Return the rows with the given sites leaking: code → (reflux ms, diameter mm)."""
    return [
        {**row, "reflux_ms": leak[row["segment"]][0], "diameter_mm": leak[row["segment"]][1]}
        if row["segment"] in leak
        else row
        for row in rows
    ]


def site(leg: str, code: str, reflux_ms: int, diameter_mm: float, **more: Any) -> Row:
    """Return one further site of a leg: a tributary, a perforator, an accessory vein."""
    return {
        "leg": leg,
        "segment": code,
        "reflux_ms": reflux_ms,
        "diameter_mm": diameter_mm,
        "compressibility": "full",
        "thrombus": "none",
        **more,
    }


AXIAL_GSV = {
    "SFJ": (1700, 8.2), "GSV_PT": (2300, 7.4), "GSV_MT": (2500, 6.9), "GSV_DT": (2050, 6.2),
    "GSV_K": (1750, 5.7), "GSV_PC": (1300, 4.8),
}  # fmt: skip
AXIAL_SSV = {
    "SPJ": (1200, 6.1), "SSV_PC": (1900, 5.6), "SSV_MC": (1650, 4.9), "SSV_DC": (900, 3.6),
}  # fmt: skip
PART_GSV = {"GSV_DT": (780, 4.6), "GSV_K": (640, 4.1)}


def _trunk(leg: str, random: Random, leak: Mapping[str, tuple[int, float]]) -> list[Row]:
    varied = {
        code: (ms + random.randrange(-150, 160, 10), round(mm + random.uniform(-0.3, 0.3), 1))
        for code, (ms, mm) in leak.items()
    }
    return leaking(normal_leg(leg, random), varied)


def leg_rows(story: str, leg: str, random: Random) -> list[Row]:
    """Return what the scan of one leg shows in this story."""
    rows = _trunk(leg, random, _LEAKS[story]) if story in _LEAKS else normal_leg(leg, random)
    if story in _CHANGED:
        sites, change = _CHANGED[story]
        rows = [{**row, **change} if row["segment"] in sites else row for row in rows]
    return rows + [site(leg, *found[:3], **found[3]) for found in _MORE.get(story, ())]


_LEAKS = {
    "gsv": AXIAL_GSV, "ssv": AXIAL_SSV, "part": PART_GSV, "ulcer": AXIAL_GSV,
    "after clot": AXIAL_GSV,
}  # fmt: skip
_CHANGED: dict[str, tuple[set[str], Row]] = {
    "after clot": (
        {"FV_D", "POPV"},
        {"reflux_ms": 1550, "thrombus": "chronic_postthrombotic", "compressibility": "partial"},
    ),
    "surface clot": (
        {"GSV_K"},
        {
            "reflux_ms": None,
            "compressibility": "none",
            "thrombus": "acute",
            "thrombus_length_cm": 7,
            "tip_to_junction_cm": 21,
        },
    ),
}
_MORE: dict[str, tuple[tuple[str, int, float, Row], ...]] = {
    "gsv": (("TRIB1", 1100, 4.7, {"location": "medial calf"}),),
    "accessory": (
        ("AASV", 1600, 5.2, {"cm_from_sfj": 3}),
        ("AASV", 1350, 4.9, {"cm_from_sfj": 11}),
        ("TRIB1", 1000, 4.4, {"location": "anterolateral thigh"}),
    ),
    "branch": (("TRIB1", 1250, 4.2, {"location": "lateral calf"}),),
    "ulcer": (
        (
            "PERF_PT1",
            720,
            4.3,
            {"distance_cm": 13, "reference": "floor", "near_ulcer": "active"},
        ),
    ),
}


SEEN = {
    "gsv": ("C2", 2, 2), "ssv": ("C2", 2, 2), "part": ("C2", 1, 1), "accessory": ("C2", 2, 2),
    "branch": ("C2", 1, 1), "ulcer": ("C6", 2, 2), "after clot": ("C4a", 2, 1),
    "surface clot": ("C2", 2, 1), "spider": ("C1", 0, 0), "well": ("C0", 0, 0),
}  # fmt: skip
"""What the clinician sees in each story: C class, rVCSS pain, rVCSS varicose veins."""


def clinical_leg(story: str) -> dict[str, Any]:
    """Return the clinician's part for one leg in this story."""
    c, pain, veins = SEEN[story]
    ulcer = int(c == "C6")
    vcss = {
        "pain": pain, "varicose_veins": veins, "oedema": ulcer, "pigmentation": int(c >= "C4"),
        "inflammation": 0, "induration": 0, "ulcer_number": ulcer,
        "ulcer_duration": ulcer, "ulcer_size": ulcer, "compression": min(pain, 1),
    }  # fmt: skip
    classes = {"C6": ["C2", "C3", "C4a", "C6"], "C4a": ["C2", "C4a"]}.get(c, [c])
    seen: dict[str, Any] = {"c": classes, "symptomatic": pain > 0, "vcss": vcss}
    if ulcer:
        seen["ulcer"] = {"months": 2, "diameter_cm": 1.8, "first_episode": True, "site": "ankle"}
    return seen


def intake_answers(right: str, left: str, sex: str, random: Random) -> dict[str, Any]:
    """Return a believable history for a patient with these two legs."""
    sore = [leg for leg, story in (("R", right), ("L", left)) if SEEN[story][1]]
    answers: dict[str, Any] = {
        "height_cm": random.randrange(156, 190),
        "weight_kg": random.randrange(56, 98),
        "prior_vte": [],
        "active_cancer": False,
        "anticoagulant": None,
        "allergies": [],
        "medications": random.choice([[], ["lisinopril 10 mg"], ["levothyroxine 50 mcg"]]),
        "migraine_aura": False,
        "pfo": "unknown",
        "neuro_event_after_sclerotherapy": False,
        "prior_vein_procedures": [],
        "family_history_vv": random.choice([True, False]),
        "smoker": False,
        "mobility": "independent",
        "red_flags": [],
        "symptoms": {leg: ["heaviness", "ache", "cramps"] if leg in sore else [] for leg in "RL"},
        "cramps": _cramps(sore, random),
    }
    if sex == "F":
        answers["pregnant"] = False
    if "after clot" in {right, left}:
        leg = "R" if right == "after clot" else "L"
        answers["prior_vte"] = [{"leg": leg, "date": "2019"}]
    if {"gsv", "ssv"} & {right, left}:
        answers["compression_trial"] = {
            "start": "2026-05-11",
            "end": "2026-09-07",
            "class_mmhg": "20-30",
            "adherence": "most days",
            "effect": "some relief",
        }
    if "ulcer" in {right, left}:
        answers["abi"] = {"R": 1.05, "L": 1.08}
    return answers


def _cramps(sore: list[str], random: Random) -> dict[str, Any]:
    if not sore:
        return {"present": True, "side": "both", "site": "calf", "frequency": "1-3/mo",
                "timing": "night", "duration": "<1 min", "nrs_0_10": 3, "nights_per_week": 1,
                "palpable_knot": True, "relief": "stretch_walk"}  # fmt: skip
    return {
        "present": True,
        "side": "both" if len(sore) > 1 else sore[0],
        "site": "calf",
        "frequency": random.choice(["1-2/wk", "3-6/wk", "daily"]),
        "timing": random.choice(["night", "evening"]),
        "duration": "1-9 min",
        "residual_soreness": "hours",
        "nrs_0_10": random.randrange(4, 9),
        "nights_per_week": random.randrange(2, 7),
        "palpable_knot": True,
        "relief": "stretch_walk",
    }
