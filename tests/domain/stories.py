"""Invented stories that between them make the rules say nearly all they can say."""

from typing import Any

from tests.domain.invented import ACUTE, AXIAL_GSV, AXIAL_SSV, CLOSED, OLD, clinic

LEAK = {"reflux_ms": 900, "diameter_mm": 5}
FOOT = {"cramps": {"timing": "exercise", "relief": "rest_from_walking"}, "abi": {"R": 0.8}}
EHIT = {**ACUTE, "ehit": True}
TRIAL = {"start": "2026-01-05", "end": "2026-04-13", "class_mmhg": "20-30", "adherence": "daily",
         "effect": "little"}  # fmt: skip

STORIES: dict[str, dict[str, Any]] = {
    "well": {"c": "C0"},
    "spider veins": {"c": "C1", "seen": {"R": clinic("C1", symptomatic=False)}},
    "spider veins that hurt": {"c": "C1"},
    "spider veins and no agent": {"c": "C1", "intake": {"allergies": ["asclera", "STS"]}},
    "signs without a leak": {"c": "C4a"},
    "main vein": {
        "right": {**AXIAL_GSV, "TRIB1": {**LEAK, "location": "medial calf"}},
        "intake": {
            "cramps": {"present": True, "side": "R", "site": "calf", "frequency": "3-6/wk",
                       "timing": "night", "duration": "1-9 min", "nrs_0_10": 7},
            "compression_trial": TRIAL, "symptoms": {"R": ["ache", "cramps"], "L": []},
            "family_history_vv": True, "medications": ["furosemide", "atorvastatin"],
        },
    },
    "calf vein": {"left": AXIAL_SSV, "seen": {"L": clinic("C3")}, "c": "C0"},
    "both legs": {"right": AXIAL_GSV, "left": AXIAL_GSV, "seen": {"L": clinic("C2")}},
    "all veins": {"right": {**AXIAL_GSV, **AXIAL_SSV, "AASV": LEAK, "POPV": {"reflux_ms": 3000}}},
    "accessory again": {
        "c": "C2r", "right": {"AASV@3": LEAK, "AASV@9": LEAK, "GSV_PT": CLOSED, "GSV_MT": CLOSED},
        "intake": {"allergies": ["super glue"], "prior_vein_procedures": [
            {"leg": "R", "vein": "GSV", "technique": "RFA", "year": 2021, "result": "closed"}]},
    },
    "side branch": {"right": {"TRIB1": LEAK}},
    "junction": {"right": {"SFJ": LEAK}},
    "linking vein": {"right": {"PERF_PT1": {**LEAK, "distance_cm": 12, "reference": "floor"}}},
    "deep vein": {"right": {"POPV": {"reflux_ms": 3000}}},
    "on the line": {"right": {"GSV_MT": {"reflux_ms": 510}}},
    "deep clot": {
        "right": {"POPV": {**ACUTE, "thrombus_occlusion": "complete"}},
        "intake": {"wells": {"active_cancer": 1, "entire_leg_swollen": 1}},
    },
    "perhaps a deep clot": {"right": {"POPV": {"compressibility": "none"}}},
    "clot near the skin": {
        "right": {"GSV_MT": {**ACUTE, "tip_to_junction_cm": 20, "thrombus_length_cm": 6}}
    },
    "short clot": {
        "right": {"GSV_MT": {**ACUTE, "tip_to_junction_cm": 20, "thrombus_length_cm": 3}}
    },
    "clot at the junction": {
        "right": {"GSV_PT": {**ACUTE, "tip_to_junction_cm": 2, "thrombus_length_cm": 7}},
        "intake": {"pregnant": True, "gestation_weeks": 20},
    },
    "extension": {"right": {"SFJ": {**EHIT, "extends_into": "CFV"}}, "left": AXIAL_GSV},
    "severe extension": {"right": {"SFJ": {**EHIT, "percent_deep_lumen": 100}}},
    "old clot": {
        "c": "C3", "right": {"POPV": OLD},
        "intake": {"prior_vte": [{"leg": "R", "date": "2019-05"}], "anticoagulant": "apixaban 5 mg",
                   "villalta": {"leg": "R", "pain": 3, "oedema": 3}},
    },
    "old clot and a leak": {"c": "C3", "right": {**AXIAL_GSV, "POPV": OLD}},
    "narrow above": {"right": {**AXIAL_GSV, "CFV": {"phasicity": "absent"}}},
    "pregnant": {"right": AXIAL_GSV, "intake": {"pregnant": True, "gestation_weeks": 12}},
    "arteries": {"right": AXIAL_GSV, "intake": FOOT},
    "severe arteries": {"right": AXIAL_GSV, "intake": {"abi": {"R": 0.4, "L": 1.5}}},
    "emergency": {"right": AXIAL_GSV, "intake": {"red_flags": ["chest_pain", "numb_foot"]}},
    "bleeding": {"right": AXIAL_GSV, "intake": {"red_flags": ["bleeding_varix", "dark_urine"]}},
    "closed": {"right": {"GSV_PT": CLOSED, "GSV_MT": CLOSED}, "c": "C0"},
    "partly open": {"right": {"GSV_PT": {**CLOSED, "closure": "partly_open"}}},
    "open again": {"right": {"GSV_PT": {"reflux_ms": 900, "closure": "recanalised"}}},
    "ulcer": {
        "right": {**AXIAL_GSV, "PERF_PT1": {**LEAK, "near_ulcer": "active"}}, "c": "C6",
        "intake": {"abi": {"R": 0.55}}, "plan": {"compression_mmhg": "20-30"},
        "seen": {"R": clinic("C6", ulcer={"months": 3, "site": "medial ankle"})},
    },
    "not asked": {
        "right": {**AXIAL_GSV, "GSV_PT": {"reflux_ms": 900, "diameter_mm": 14, "tortuous": True}},
        "c": "C5", "intake": {"pregnant": None, "allergies": None, "medications": None,
                   "prior_vte": None, "prior_vein_procedures": None},
    },
    "not timed": {"right": {code: {"reflux_ms": None} for code in (*AXIAL_GSV, "GSV_MC")}},
    "not scanned": {"only": ""},
    "one leg": {"right": AXIAL_GSV, "only": "R", "exam": {"position": "supine"}},
    "foam barred": {
        "right": AXIAL_GSV,
        "intake": {"pfo": "symptomatic", "migraine_aura": True, "mobility": "bedridden"},
        "planned_dose": [{"agent": "polidocanol foam", "percent": 1, "ml": 12, "leg": "R"}],
        "plan": {"text": "Ablation of the left GSV", "items": []},
    },
}  # fmt: skip
