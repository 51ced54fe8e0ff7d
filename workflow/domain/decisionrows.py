"""Hold the rows by which the rules decide, in the order in which they are read (§4.8)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One row: what it says, what would change its answer, and which guidance stands behind it."""

    number: int
    says: str
    changed_by: str
    source: str


_CLINIC = "Clinic decision rules, §4.8"

ROWS: dict[int, DecisionRow] = {
    row.number: row
    for row in (
        DecisionRow(
            0,
            "An emergency complaint leaves the physician's review alone, on both legs. A Wells "
            "score of 2 or more holds every procedure until all required deep sites compress.",
            "the complaint settled; a full compression at every required deep site",
            f"{_CLINIC}; Wells 1997 and 2003",
        ),
        DecisionRow(
            1,
            "Acute deep thrombosis, or an ablation's extension of class III or IV: review for that "
            "leg, nothing elective on either leg.",
            "a deep vein shown to compress; an extension of a lower class",
            f"{_CLINIC}; §4.3",
        ),
        DecisionRow(
            2,
            "An extension of class II, or of no class yet: surveillance of the junction and "
            "review, both first; the next session waits.",
            "an extension that has drawn back to the junction",
            "AVF/SVS EHIT classification 2020, §5.2",
        ),
        DecisionRow(
            3,
            "Acute superficial thrombosis: review first, no procedure on that leg; a short one is "
            "scanned again.",
            "no acute thrombus at the next scan",
            "CHEST guideline, §3.9",
        ),
        DecisionRow(
            4,
            "Pregnancy: conservative care for both legs, no procedure.",
            "the end of the pregnancy",
            "NICE CG168",
        ),
        DecisionRow(
            5,
            "Continuous or absent flow in the groin vein: iliac imaging and conservative care, "
            "every procedure on that leg held. Post-thrombotic change with phasic flow: review "
            "beside the options.",
            "phasic flow in the common femoral vein; outflow shown to be open",
            f"{_CLINIC}; §4.3",
        ),
        DecisionRow(
            6,
            "An ankle-brachial index below 0.50: review, no procedure, no compression. Up to 0.90 "
            "with a claudication pattern: arterial referral first, no procedure.",
            "a higher index, or another pattern of pain",
            f"{_CLINIC}; §3.9",
        ),
        DecisionRow(
            7,
            "Nothing superficial refluxes: care in C0; liquid sclerotherapy of spider veins in C1, "
            "never foam; care and review in C2 to C6 or with deep reflux alone.",
            "a superficial vein that refluxes; another clinical class",
            f"{_CLINIC}; ESVS 2022",
        ),
        DecisionRow(
            8,
            "A procedure on a trunk needs an axial pattern and a symptomatic C2 to C6 leg; else "
            "conservative care. A tortuous trunk takes RFA, EVLA, CAC and MOCA out. Where every "
            "superficial reflux is borderline, the scan is repeated as well.",
            "reflux along the whole trunk; symptoms; a class of C2 or higher; a straight trunk",
            "SVS/AVF/AVLS 2022–2023; AUC 2020",
        ),
        DecisionRow(
            9,
            "An axial trunk: RFA and EVLA first, then CAC, PEM and MOCA as the vein allows, then "
            "UGFS. CAC, PEM and MOCA only up to 12 mm. Heat stops at mid calf.",
            "another pattern, class, width or course of the trunk; an allergy",
            "SVS/AVF/AVLS 2022–2023; ESVS 2022; NICE CG168",
        ),
        DecisionRow(
            10,
            "C5 and C6: compression and wound care beside the trunk, foam to the veins at the "
            "ulcer third, a pathologic perforator at the ulcer third. Never a perforator in C0 "
            "to C4.",
            "another class; a perforator under 3.5 mm or 500 ms, or away from the ulcer",
            "SVS/AVF 2011; ESVS 2022",
        ),
        DecisionRow(
            11,
            "Refluxing tributaries of 3 mm or more in a symptomatic leg go with or after their "
            "trunk; first where the trunk is competent.",
            "a narrower tributary, no symptoms, or a trunk that refluxes",
            "SVS/AVF/AVLS 2022–2023; ESVS 2022",
        ),
        DecisionRow(
            12,
            "A vein closed after an earlier ablation is neither normal nor a target.",
            "a vein that is open again",
            f"{_CLINIC}; §5.3",
        ),
    )
}
"""The rows of §4.8 by number; the first that bars everything ends the leg."""
