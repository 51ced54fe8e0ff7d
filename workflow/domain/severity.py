"""Decide how severe the disease of a leg is, by the published scores."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from workflow.domain.anatomy import CATALOGUE
from workflow.domain.clinical import VCSS_ITEMS, ClinicalLeg, Vcss
from workflow.domain.findings import Purpose, Thrombus
from workflow.domain.interpretation import Ceap, Score, VcssTotal
from workflow.domain.legstate import LegState
from workflow.domain.limits import DEFAULT_LIMITS, Limits
from workflow.domain.questionnaire import VILLALTA_ITEMS, WELLS_ITEMS, Villalta, Wells


class AbiBand(StrEnum):
    """What an ankle-brachial index stands for (§3.9 RF6)."""

    SEVERE = "severe arterial disease"
    ARTERIAL = "peripheral arterial disease"
    BORDERLINE = "borderline"
    NORMAL = "normal"
    NOT_COMPRESSIBLE = "not compressible"


def abi_band(abi: Decimal, limits: Limits = DEFAULT_LIMITS) -> AbiBand:
    """Return the band of an index: below 0.50, up to 0.90, below 1.00, up to 1.40, above."""
    if abi < limits.abi_severe:
        return AbiBand.SEVERE
    if abi <= limits.abi_arterial:
        return AbiBand.ARTERIAL
    if abi < Decimal("1.00"):
        return AbiBand.BORDERLINE
    if abi <= limits.abi_stiff:
        return AbiBand.NORMAL
    return AbiBand.NOT_COMPRESSIBLE


# ---------------------------------------------------------------- rVCSS


def vcss_total(state: LegState) -> VcssTotal:
    """Return the rVCSS of a leg, 0–30, with and without its compression item (§3.2).

    None where the score was deferred or an item is missing: compression rises with good
    behaviour, so both totals are told.
    """
    vcss = state.clinical.vcss
    if vcss is None:
        return VcssTotal(state.leg, None, None)
    items: list[int | None] = [getattr(vcss, name) for name in VCSS_ITEMS]
    if None in items:
        return VcssTotal(state.leg, None, None)
    total = sum(item or 0 for item in items)
    return VcssTotal(state.leg, total, total - (vcss.compression or 0))


def vcss_problems(clinical: ClinicalLeg) -> tuple[str, ...]:
    """Return what in the rVCSS of one leg contradicts itself or its C class (§3.2)."""
    vcss = clinical.vcss
    if vcss is None:
        return ()
    return tuple(_contradictions(vcss, clinical))


def _contradictions(vcss: Vcss, clinical: ClinicalLeg) -> list[str]:
    found = []
    if vcss.ulcer_number == 0 and (vcss.ulcer_duration or vcss.ulcer_size):
        found.append("Ulcer duration and size must be 0 where no active ulcer is counted.")
    if vcss.ulcer_number and 0 in {vcss.ulcer_duration, vcss.ulcer_size}:
        found.append("An active ulcer is counted, so its duration and size cannot be 0.")
    if vcss.oedema and clinical.rank is not None and clinical.rank < 3:
        found.append("Oedema is scored, so the class must be C3 or higher.")
    if vcss.ulcer_number and clinical.rank is not None and clinical.rank < 6:
        found.append("An active ulcer is counted, so the class must be C6.")
    return found


# ---------------------------------------------------------------- CEAP


def ceap(state: LegState, as_of: date) -> Ceap:
    """Return the CEAP 2020 proposal for a leg, basic and advanced (§3.1, §4.8).

    C and the suffix come from the clinician; A and P from the scan. A leg with acute thrombosis,
    a surveillance scan, or a class nobody recorded is deferred, with the reason.
    """
    if reason := _deferral(state):
        return Ceap(state.leg, "deferred", "deferred", reason)
    clinical = state.clinical
    suffix = {True: "s", False: "a", None: ""}[clinical.symptomatic]
    etiology, anatomy, physiology = _etiology(state), _anatomy(state), _physiology(state)
    basic = f"{clinical.highest}{suffix} {etiology} {anatomy} {physiology}"
    classes = ",".join(each[1:] for each in sorted(set(clinical.c or ())))
    comma = f",{suffix}" if suffix else ""
    named = ",".join(_abbreviations(state))
    level = "LII" if state.readings else "LI"
    advanced = f"C{classes}{comma} {etiology} {anatomy} {physiology}"
    advanced += f"{f' ({named})' if named else ''} {as_of.isoformat()} {level}"
    return Ceap(state.leg, basic, advanced)


def _deferral(state: LegState) -> str | None:
    if state.acute:
        return "The leg has an acute thrombosis."
    if state.purpose is Purpose.SURVEILLANCE:
        return "This is a surveillance scan."
    if not state.clinical.c:
        return "The clinical class has not been recorded."
    return None


def _etiology(state: LegState) -> str:
    if state.post_thrombotic or state.earlier_vte:
        return "Esi"
    if state.any_reflux or state.obstructed or (state.clinical.rank or 0) >= 1:
        return "Ep"
    return "En"


def _anatomy(state: LegState) -> str:
    parts = []
    spider_veins = "C1" in (state.clinical.c or ())  # C1 counts as superficial
    if state.superficial_reflux or state.obstructed_superficial or spider_veins:
        parts.append("s")
    if state.deep_reflux or state.obstructed_deep:
        parts.append("d")
    if state.perforator_reflux:
        parts.append("p")
    return f"A{','.join(parts)}" if parts else "An"


def _physiology(state: LegState) -> str:
    parts = ["r"] if state.any_reflux else []
    if state.obstructed:
        parts.append("o")
    return f"P{','.join(parts)}" if parts else "Pn"


_CEAP_NAMES = tuple(dict.fromkeys(row.ceap for row in CATALOGUE))


def _abbreviations(state: LegState) -> list[str]:
    """Return the CEAP names of the sites that reflux or are changed by an old clot, in order."""
    marked = {
        reading.site.ceap
        for reading, result in zip(state.readings, state.segments, strict=True)
        if result.reflux or reading.thrombus is Thrombus.CHRONIC
    }
    return [name for name in _CEAP_NAMES if name in marked]


# ---------------------------------------------------------------- questionnaires


def wells(items: Wells | None) -> Score | None:
    """Return the Wells total and its level, or None where nothing was asked (§3.8).

    Each item counts 1, a likelier other diagnosis −2; an earlier clot counts in the 2003 version
    alone. Levels: 2003 `likely` from 2 on, else `unlikely`; 1997 `high` from 3, `moderate` from 1,
    else `low`.
    """
    if items is None:
        return None
    answers = {name: getattr(items, name) for name in WELLS_ITEMS}
    if all(answer is None for answer in answers.values()):
        return None
    old = items.version == "1997"
    if old:
        answers["previous_dvt"] = 0
    away = answers.pop("alternative_dx_minus2") or 0
    total = sum(answer or 0 for answer in answers.values()) - 2 * away
    if old:
        return Score(total, "high" if total >= 3 else "moderate" if total >= 1 else "low")
    return Score(total, "likely" if total >= 2 else "unlikely")


def villalta(items: Villalta | None) -> Score | None:
    """Return the Villalta total, 0–33, and its grade, or None where nothing was asked (§3.3).

    Below 5 none, 5–9 mild, 10–14 moderate, 15 and above or an ulcer severe.
    """
    if items is None:
        return None
    answers = [getattr(items, name) for name in VILLALTA_ITEMS]
    if all(answer is None for answer in answers) and items.ulcer is None:
        return None
    total = sum(answer or 0 for answer in answers)
    if items.ulcer or total >= 15:
        grade = "severe"
    else:
        grade = "moderate" if total >= 10 else "mild" if total >= 5 else "none"
    return Score(total, grade, items.leg)
