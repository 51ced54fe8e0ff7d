"""Decide which ICD-10-CM codes to suggest; a coder confirms each (§6.1, 6.3)."""

from collections.abc import Iterator

from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.codetables import icd10_in_force
from workflow.domain.findings import Thrombus
from workflow.domain.intake import RedFlag
from workflow.domain.interpretation import Score
from workflow.domain.legstate import LegState
from workflow.domain.patient_facts import claudication_pattern
from workflow.domain.severity import villalta
from workflow.domain.substances import anticoagulant
from workflow.domain.thrombosis import clot, extended_vein

_SIDE = {Leg.RIGHT: "1", Leg.LEFT: "2"}
_BOTH_SIDES = ("I80.0", "I82.4", "I82.81", "I83.81", "I83.89", "I83.9", "I87.0")
"""The families whose last digit 3 says that both legs have it; the others take two codes."""

_DVT_VEINS = {
    **dict.fromkeys(("CFV", "FV", "DFV"), "I82.41"),
    **dict.fromkeys(("CIV", "IIV", "EIV"), "I82.42"),
    "POPV": "I82.43",
    **dict.fromkeys(("PTV", "ATV"), "I82.44"),
    "PERO": "I82.45",
    **dict.fromkeys(("GASV", "SOLV"), "I82.46"),
}
_ULCER_SITES = (
    ("thigh", "1"),
    ("calf", "2"),
    ("ankle", "3"),
    ("malleol", "3"),
    ("heel", "4"),
    ("midfoot", "4"),
    ("foot", "5"),
    ("leg", "8"),
    ("shin", "8"),
    ("gaiter", "8"),
)
_PAIN_WORDS = {"pain", "ache", "heaviness"}
_PAST_THROMBOSIS, _ON_ANTICOAGULANT = "Z86.718", "Z79.01"


def icd10(case: Case, legs: tuple[LegState, ...]) -> tuple[str, ...]:
    """Return the suggested codes, each once: those of the legs, then those of the patient.

    Each as it stands on the case's date; one that stood for nothing that day is left out (§6.3).
    """
    grade = villalta(case.intake.villalta)
    found = [code for state in legs for code in _leg_codes(case, state, grade)]
    told = dict.fromkeys([*_joined(found), *_patient_codes(case, legs)])
    dated = [icd10_in_force(code, case.as_of) for code in told]
    return tuple(dict.fromkeys(code for code in dated if code))


def _joined(codes: list[str]) -> list[str]:
    """Put one bilateral code in place of a right and a left one, where the family has it."""
    joined = []
    for code in codes:
        stem, side = code[:-1], code[-1]
        pair = {"1": "2", "2": "1"}.get(side, "")
        whole = code.startswith(_BOTH_SIDES) and pair and f"{stem}{pair}" in codes
        joined.append(f"{stem}3" if whole else code)
    return joined


def _leg_codes(case: Case, state: LegState, grade: Score | None) -> list[str]:
    """Return the codes of a leg: the first of §6.3's list that applies, and no other."""
    side = _SIDE[state.leg]
    if state.ehit is not None:  # the coder chooses between the two
        return [f"I82.81{side}", "T81.72XA"]
    if state.acute_deep:
        return _deep_clot(state, side)
    if state.svt:
        return _superficial_clot(case, side)
    if case.intake.pregnant:
        return [f"O22.0{_trimester(case)}"] if _varices(state) else []
    if _post_thrombotic(state, grade):
        return _post_thrombotic_codes(state, side)
    if _open_ulcer(state):
        site = _ulcer_site(state)
        family = "I83.2" if _inflamed(state) else "I83.0"
        return [f"{family}{side}{site}", f"L97.{site}{side}9"]
    if _varices(state):
        return list(_varix_codes(case, state, side))
    return ["I78.1"] if state.clinical.rank == 1 else []


def _deep_clot(state: LegState, side: str) -> list[str]:
    """Return one code a thrombosed vein; a clot that is only suspected has none yet."""
    veins = {r.vein for r in state.readings if r.site.deep and r.thrombus is Thrombus.ACUTE}
    veins |= {vein for r in state.readings if clot(r) and (vein := extended_vein(r))}
    stems = dict.fromkeys(_DVT_VEINS.get(vein, "I82.40") for vein in sorted(veins))
    return [f"{stem}{side}" for stem in stems]


def _superficial_clot(case: Case, side: str) -> list[str]:
    if case.intake.pregnant:
        third = _trimester(case)
        return [f"O22.2{third}", f"I80.0{side}", f"O22.0{third}"]
    return [f"I82.81{side}", f"I80.0{side}"]


def _trimester(case: Case) -> str:
    """Return 1 before 14 weeks, 2 before 28, 3 from 28 weeks on, 0 where it is not known."""
    weeks = case.intake.gestation_weeks
    if weeks is None:
        return "0"
    return "1" if weeks < 14 else "2" if weeks < 28 else "3"


def _varices(state: LegState) -> bool:
    classes = set(state.clinical.c or ())
    rank = state.clinical.rank or 0
    return bool(classes & {"C2", "C2r"}) or (rank >= 2 and state.superficial_reflux) or rank >= 4


def _post_thrombotic(state: LegState, grade: Score | None) -> bool:
    """Say whether the leg has the syndrome: old deep change with signs, or Villalta 5 or more."""
    scored = grade is not None and grade.level != "none" and grade.leg in {state.leg, None}
    signs = (state.clinical.rank or 0) >= 2 or state.clinical.symptomatic is True
    history = state.post_thrombotic_deep or state.earlier_vte
    return (scored and history) or (state.post_thrombotic_deep and signs)


def _post_thrombotic_codes(state: LegState, side: str) -> list[str]:
    ulcer, inflamed = _open_ulcer(state), _inflamed(state)
    kind = {(False, False): "0", (True, False): "1", (False, True): "2", (True, True): "3"}
    codes = [f"I87.0{kind[ulcer, inflamed]}{side}", _PAST_THROMBOSIS]
    return [*codes, f"L97.{_ulcer_site(state)}{side}9"] if ulcer else codes


def _open_ulcer(state: LegState) -> bool:
    counted = state.clinical.vcss.ulcer_number if state.clinical.vcss else None
    return bool(counted) or state.clinical.rank == 6


def _inflamed(state: LegState) -> bool:
    return bool(state.clinical.vcss and state.clinical.vcss.inflammation)


def _ulcer_site(state: LegState) -> str:
    """Return the digit of the ulcer's place, 9 where it is not known."""
    told = state.clinical.ulcer.site if state.clinical.ulcer else None
    return next((digit for word, digit in _ULCER_SITES if word in (told or "").casefold()), "9")


def _varix_codes(case: Case, state: LegState, side: str) -> Iterator[str]:
    """Yield the codes of varices: with pain, with other complications, or without symptoms."""
    vcss, rank = state.clinical.vcss, state.clinical.rank or 0
    told = set(case.intake.symptoms_of(state.leg) or ())
    symptomatic = state.clinical.symptomatic is not False
    hurts = symptomatic and bool(told & _PAIN_WORDS or (vcss and vcss.pain))
    bled = RedFlag.BLEEDING_VARIX in (case.intake.red_flags or ())
    swollen = bool("swelling" in told or (vcss and vcss.oedema) or "C3" in (state.clinical.c or ()))
    if hurts:
        yield f"I83.81{side}"
    if swollen or bled or rank >= 4 or (symptomatic and not hurts):
        yield f"I83.89{side}"
    elif not hurts:
        yield f"I83.9{side}"


def _patient_codes(case: Case, legs: tuple[LegState, ...]) -> Iterator[str]:
    cramps = case.intake.cramps
    acute = any(state.acute_deep for state in legs)
    if (
        cramps is not None
        and cramps.present
        and not acute
        and not claudication_pattern(case.intake)
    ):
        yield "G47.62" if cramps.timing == "night" else "R25.2"
    if case.intake.prior_vte:
        yield _PAST_THROMBOSIS
    if anticoagulant(case.intake.anticoagulant, case.intake.medications):
        yield _ON_ANTICOAGULANT
