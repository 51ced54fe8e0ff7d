"""Lay out the criteria a scan is read by, and say what differs between two versions of them.

The criteria are one `Profile`: the cut-offs of a guideline, or the clinic's own, and the limits.
"""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from workflow.domain.limits import ABOUT, Limits
from workflow.domain.phrases import plain_number
from workflow.domain.profile import ESVS_2022, SVS_2022, Cutoff, Profile

OWN = "own"
"""The id of a profile whose cut-offs the clinic set for itself."""

SOURCES = {
    SVS_2022.id: "SVS/AVF/AVLS 2022, Part I, and 2023, Part II; §2",
    ESVS_2022.id: "ESVS 2022 [K] and Labropoulos 2003; §2",
    OWN: "The clinic",
}
"""Where the cut-offs of each profile come from, by its id."""

CUTOFFS = {
    "superficial": "Superficial veins and junctions",
    "femoropopliteal": "Common femoral, femoral and popliteal veins",
    "other_deep": "Other deep veins",
    "perforator": "Perforators, outward flow",
}
"""What each cut-off of a profile is for, by its name."""

GROUPS = (
    (
        "Reading a scan",
        "What is borderline, pathologic, or near a junction.",
        (
            *("borderline_percent", "deep_note_ms", "pathologic_mm", "accessory_apart_cm"),
            *("svt_near_cm", "svt_long_cm", "svt_rescan_days"),
            *("patent_complete_cm", "patent_recanalised_cm"),
        ),
    ),
    (
        "Arteries and compression",
        "The ankle-brachial index, and below what compression is barred.",
        (
            *("abi_severe", "abi_arterial", "abi_stiff"),
            *("compression_abi", "compression_ankle_mmhg"),
        ),
    ),
    (
        "History",
        "What the intake asks, and what it gives priority.",
        ("wells_likely", "ulcer_days", "pregnancy_from_years", "pregnancy_to_years"),
    ),
    (
        "Treatment",
        "What the rules offer for which vein.",
        ("tributary_mm", "nonthermal_mm", "thermal_depth_mm"),
    ),
    (
        "Doses",
        "The rules ask, then stop: past that only the physician’s written reason goes.",
        (
            *("lidocaine_warn_mg_kg", "lidocaine_stop_mg_kg", "lidocaine_refused_mg_kg"),
            *("polidocanol_mg_kg", "polidocanol_liquid_soft_ml", "polidocanol_liquid_hard_ml"),
            *("foam_soft_ml", "foam_hard_ml", "varithena_hard_ml"),
            *("sts_liquid_hard_ml", "sts_foam_hard_ml", "glue_hard_ml"),
        ),
    ),
)
"""The limits as a person looks for them: a title, what it holds, and their names."""

_PLACES = {"ms": 0, "days": 0, "years": 0, "points": 0, "mmHg": 0, "": 2, "mg/kg": 2}
_UNCHECKED = " [K]"


class Change(NamedTuple):
    """One criterion that differs: its name in code, its label, and both values in words."""

    name: str
    label: str
    before: str
    after: str


def decimals(name: str) -> int:
    """Return to how many decimals a limit is given."""
    return _PLACES.get(ABOUT[name].unit, 1)


def limit_words(limits: Limits, name: str) -> str:
    """Return a limit with its unit: '3.5 mm'."""
    return _with_unit(getattr(limits, name), name)


def range_words(name: str) -> str:
    """Return within what a limit may be set: '0 to 50 %'."""
    about = ABOUT[name]
    return f"{about.low} to {_with_unit(Decimal(about.high), name)}"


def _with_unit(value: Decimal, name: str) -> str:
    return f"{plain_number(value)} {ABOUT[name].unit}".rstrip()


def source_words(source: str) -> str:
    """Return a source as a page names it; [K] marks one the reference has not seen itself."""
    if _UNCHECKED not in source:
        return source
    return f"{source.replace(_UNCHECKED, '')} (not checked against its text)"


def cutoff_words(cutoff: Cutoff) -> str:
    """Return a cut-off, and what it shows as borderline below it."""
    if not cutoff.shown_as_borderline:
        return str(cutoff)
    low, high = cutoff.shown_as_borderline
    return f"{cutoff}; {low} to {high} ms is shown as borderline"


def own_profile(limits: Limits, **cutoffs: Cutoff) -> Profile:
    """Return the profile of a clinic that set its cut-offs itself; saving it gives the version."""
    return Profile(
        id=OWN,
        version="",
        name="the clinic’s own cut-offs",
        superficial=cutoffs["superficial"],
        femoropopliteal=cutoffs["femoropopliteal"],
        other_deep=cutoffs["other_deep"],
        perforator=cutoffs["perforator"],
        limits=limits,
    )


def with_version(profile: Profile, number: int) -> Profile:
    """Return the criteria as the clinic's version of this number.

    A guideline's profile keeps the version of the guideline; its limits are the clinic's.
    """
    version = str(number)
    return replace(
        profile,
        version=version if profile.id == OWN else profile.version,
        limits=replace(profile.limits, version=version),
    )


def changes(before: Profile, after: Profile) -> tuple[Change, ...]:
    """Return every criterion that differs, with both values in words; none means they are one."""
    said = []
    if before.id != after.id:
        said.append(Change("profile", "Threshold profile", before.name, after.name))
    for name, label in CUTOFFS.items():
        then, now = getattr(before, name), getattr(after, name)
        if then != now:
            said.append(Change(name, label, cutoff_words(then), cutoff_words(now)))
    for name, about in ABOUT.items():
        if getattr(before.limits, name) != getattr(after.limits, name):
            then, now = limit_words(before.limits, name), limit_words(after.limits, name)
            said.append(Change(name, about.label, then, now))
    return tuple(said)
