"""Which ICD-10-CM codes are suggested, a coder confirming each."""

from typing import Any

import pytest

from tests.domain.invented import ACUTE, AXIAL_GSV, OLD, VCSS_ZERO, answer, clinic

ACHE = {"symptoms": {"R": ["ache"], "L": ["ache"]}}
SVT = {**ACUTE, "thrombus_length_cm": 6, "tip_to_junction_cm": 9}
INFLAMED = {**VCSS_ZERO, "inflammation": 1}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"c": "C0"}, set()),
        ({"c": "C1"}, {"I78.1"}),
        ({"intake": ACHE}, {"I83.811"}),
        ({"intake": {"symptoms": {"R": ["itch"], "L": []}}}, {"I83.891"}),
        ({"c": "C2,C3", "intake": ACHE}, {"I83.811", "I83.891"}),
        ({"seen": {"R": clinic("C2", symptomatic=False)}}, {"I83.91"}),
        ({"seen": {"L": clinic("C2")}, "intake": ACHE}, {"I83.813"}),
        ({"c": "C3", "right": AXIAL_GSV}, {"I83.891"}),
        ({"c": "C3"}, set()),
        ({"seen": {"R": clinic("C6", ulcer={"site": "medial ankle"})}}, {"I83.013", "L97.319"}),
        ({"seen": {"R": clinic("C6", vcss=INFLAMED)}}, {"I83.219", "L97.919"}),
        ({"seen": {"L": clinic("C6", ulcer={"site": "heel"})}, "c": "C0"}, {"I83.024", "L97.429"}),
        ({"right": {"POPV": ACUTE, "SOLV": ACUTE}}, {"I82.431", "I82.461"}),
        ({"right": {"POPV": ACUTE}, "left": {"POPV": ACUTE}}, {"I82.433"}),
        ({"right": {"IVC": ACUTE}}, {"I82.401"}),
        ({"right": {"POPV": {"compressibility": "none"}}}, set()),
        ({"right": {"SSV_PC": {**SVT, "extends_into": "POPV"}}}, {"I82.431"}),
        ({"right": {"GSV_MT": SVT}}, {"I82.811", "I80.01"}),
        (
            {"right": {"GSV_MT": SVT}, "intake": {"pregnant": True, "gestation_weeks": 28}},
            {"O22.23", "I80.01", "O22.03"},
        ),
        ({"intake": {"pregnant": True, "gestation_weeks": 13.9}}, {"O22.01"}),
        ({"intake": {"pregnant": True, "gestation_weeks": 14}}, {"O22.02"}),
        ({"intake": {"pregnant": True, "gestation_weeks": 27.9}}, {"O22.02"}),
        ({"intake": {"pregnant": True}}, {"O22.00"}),
        ({"c": "C1", "intake": {"pregnant": True}}, set()),
        ({"right": {"SFJ": {**ACUTE, "ehit": True}}}, {"I82.811", "T81.72XA"}),
        ({"c": "C3", "right": {"POPV": OLD}}, {"I87.001", "Z86.718"}),
        (
            {"seen": {"R": clinic("C4b", vcss=INFLAMED)}, "right": {"POPV": OLD}},
            {"I87.021", "Z86.718"},
        ),
        (
            {"seen": {"R": clinic("C6", ulcer={"site": "calf"})}, "right": {"POPV": OLD}},
            {"I87.011", "Z86.718", "L97.219"},
        ),
        (
            {
                "c": "C0",
                "intake": {
                    "villalta": {"leg": "R", "pain": 3, "cramps": 3},
                    "prior_vte": [{"leg": "R"}],
                },
            },
            {"I87.001", "Z86.718"},
        ),
        ({"c": "C0", "intake": {"anticoagulant": "warfarin"}}, {"Z79.01"}),
        ({"c": "C0", "intake": {"cramps": {"present": True, "timing": "night"}}}, {"G47.62"}),
        ({"c": "C0", "intake": {"cramps": {"present": True, "timing": "any"}}}, {"R25.2"}),
        ({"c": "C0", "intake": {"cramps": {"present": False, "timing": "night"}}}, set()),
        (
            {
                "c": "C0",
                "intake": {
                    "cramps": {
                        "present": True,
                        "timing": "exercise",
                        "relief": "rest_from_walking",
                    }
                },
            },
            set(),
        ),
        (
            {
                "right": {"PERO": ACUTE},
                "intake": {"cramps": {"present": True, "timing": "night"}},
            },
            {"I82.451"},
        ),
    ],
)
def test_a_leg_takes_only_the_first_family_that_applies(
    changes: dict[str, Any], codes: set[str]
) -> None:
    suggested = answer(**changes).icd10
    assert set(suggested) == codes
    assert len(suggested) == len(codes)
