"""Gather what a payer's predicates ask of one leg; None means the case does not say."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from workflow.domain.anatomy import TRUNKS, vein_of
from workflow.domain.case import Case
from workflow.domain.findings import Compressibility, Thrombus
from workflow.domain.intake import PriorProcedure, RedFlag
from workflow.domain.interpretation import VeinResult
from workflow.domain.legstate import LegState
from workflow.domain.payerwidths import NONTHERMAL, SCLEROSANT, leaks, planned_items, widths
from workflow.domain.substances import allergic_agents

Facts = Mapping[str, Any]

MISSING = {
    "saphenous_reflux": "reflux time of the great or small saphenous vein",
    "gsv_reflux": "reflux time of the great saphenous vein",
    "superficial_ms": "reflux time of a superficial trunk",
    "junction_ms": "reflux time at the saphenous junction",
    "junction_competent": "reflux time at the saphenofemoral junction",
    "l39121_reflux": "reflux times of the leg",
    "trunk_mm": "diameter of the trunk",
    "nonthermal_mm": "diameter of the trunk",
    "gsv_mm": "diameter of the great saphenous vein",
    "ssv_mm": "diameter of the small saphenous vein",
    "tributary_mm": "diameter of the tributary",
    "perforator_mm": "diameter of the perforator",
    "injected_mm": "diameter of the vein to be injected",
    "trial_days": "compression trial",
    "trial_mmhg": "compression trial pressure",
    "symptomatic": "whether the leg is symptomatic",
    "ceap_rank": "CEAP class",
    "severe_symptoms": "rVCSS pain and oedema",
    "functional_impairment": "rVCSS pain",
    "any_symptom": "symptoms of the leg",
    "not_pregnant": "whether the patient is pregnant",
    "arteries_open": "ankle-brachial index",
    "deep_open": "compression of the deep veins",
    "no_dvt": "compression of the deep veins",
    "no_sclerosant_allergy": "allergies",
    "no_thrombophilia": "thrombophilia",
    "trunk_without_thrombus": "whether the trunk holds a thrombus",
    "trunk_straight": "whether the trunk is tortuous",
    "scan_days": "date of the scan",
    "photographs": "photographs",
    "sclerotherapy_sessions": "earlier vein procedures",
    "sclerotherapy_sessions_12mo": "earlier vein procedures",
    "saphenous_ablations": "earlier vein procedures",
    "same_vein_12mo": "earlier vein procedures",
    "planned": "treatment planned",
    "full_criteria": "full text of the policy",
}
"""The name of the field that is missing where a fact is not known."""

_CATHETER = {"RFA", "EVLA", "CAC", "MOCA"}
_SCLEROTHERAPY_WORDS = ("sclero", "foam", "ugfs", "varithena", "asclera")
_ABLATION_WORDS = ("rfa", "evla", "laser", "radiofreq", "ablation", "cac", "glue", "moca", "pem")
_YEAR_DAYS = 366


def leg_facts(case: Case, state: LegState) -> Facts:
    """Return every fact of a leg that a predicate may ask for, by its name.

    Times in ms, widths in mm, spans in days, pressures in mmHg. What is planned comes from the
    case's plan; without a plan no treatment is planned, and `planned` is None.
    """
    facts: dict[str, Any] = {}
    for part in (_reflux, widths, _trial, _clinic, _safety, _history, _planned):
        facts |= part(case, state)
    return facts | leaks(state)


def missing_field(fact: str, case: Case) -> str:
    """Return the name of the field that would answer a fact: 'compression trial end date'."""
    trial = case.intake.compression_trial
    if fact == "trial_days" and trial is not None:
        which = "start" if trial.start is None else "end"
        return f"compression trial {which} date"
    return MISSING[fact]


def _of(state: LegState, *names: str) -> list[VeinResult]:
    return [vein for name in names if (vein := state.veins.get(name)) is not None]


def _leak(veins: list[VeinResult], asked: int) -> bool | None:
    """Say whether any of these veins refluxes; no only where every one asked for is known."""
    if any(vein.reflux for vein in veins):
        return True
    known = len(veins) == asked and all(vein.reflux is False for vein in veins)
    return False if known else None


def _longest(veins: list[VeinResult]) -> int | None:
    return max((vein.max_ms for vein in veins if vein.max_ms is not None), default=None)


def _reflux(case: Case, state: LegState) -> Facts:
    trunks = _of(state, *TRUNKS)
    accessory = [v for v in trunks if v.vein in {"AASV", "PASV"} and v.reflux]
    saphenous = _of(state, "GSV", "SSV")
    junctions = _of(state, "SFJ", "SPJ")
    return {
        "saphenous_reflux": True if accessory else _leak(saphenous, 2),
        "gsv_reflux": _leak(_of(state, "GSV"), 1),
        "superficial_ms": _longest(trunks),
        "junction_ms": _longest(junctions),
        "junction_competent": None if (leak := _leak(_of(state, "SFJ"), 1)) is None else not leak,
        "l39121_reflux": _over_cutoff(state),
    }


def _over_cutoff(state: LegState) -> bool | None:
    """Say whether a time is beyond L39121's: over 500 ms, in a deep vein over 1000 ms."""
    timed = [r for r in state.readings if r.reflux_ms is not None]
    if not timed:
        return None
    return any((r.reflux_ms or 0) > (1000 if r.site.deep else 500) for r in timed)


def _trial(case: Case, state: LegState) -> Facts:
    trial = case.intake.compression_trial
    days = (trial.end - trial.start).days if trial and trial.start and trial.end else None
    pressure = re.search(r"[0-9]{2,}", trial.class_mmhg or "", re.ASCII) if trial else None
    return {"trial_days": days, "trial_mmhg": int(pressure[0]) if pressure else None}


def _clinic(case: Case, state: LegState) -> Facts:
    seen, vcss = state.clinical, state.clinical.vcss
    told = case.intake.symptoms_of(state.leg)
    pain = vcss.pain if vcss else None
    oedema = vcss.oedema if vcss else None
    open_ulcer = seen.rank == 6
    bleeding = RedFlag.BLEEDING_VARIX in (case.intake.red_flags or ())
    severe = open_ulcer or bleeding or (pain or 0) >= 2 or (oedema or 0) >= 2
    return {
        "symptomatic": seen.symptomatic,
        "ceap_rank": seen.rank,
        "open_ulcer": open_ulcer,
        "bleeding": bleeding,
        "severe_symptoms": True if severe else None if None in {pain, oedema} else False,
        "functional_impairment": None if pain is None else pain >= 2,
        "any_symptom": None if told is None else bool(told),
        "c2_or_c3": seen.rank in {2, 3},
        "recurrent": bool({"C2r", "C6r"} & set(seen.c or ())) or bool(_done(case, state)),
    }


def _safety(case: Case, state: LegState) -> Facts:
    intake = case.intake
    deep = [r for r in state.readings if r.site.deep]
    blocked = any(
        r.thrombus not in {None, Thrombus.NONE} and r.compressibility is Compressibility.NONE
        for r in deep
    )
    return {
        "not_pregnant": True
        if case.patient.sex == "M"
        else None
        if intake.pregnant is None
        else not intake.pregnant,
        "arteries_open": None
        if state.abi is None
        else state.abi >= state.profile.limits.abi_severe,
        "deep_open": False
        if blocked or state.acute_deep
        else True
        if state.deep_veins_compress
        else None,
        "no_dvt": False if state.acute_deep else True if deep else None,
        "no_sclerosant_allergy": None
        if intake.allergies is None
        else not allergic_agents(intake.allergies),
        "no_thrombophilia": _opposite(intake.extra.get("thrombophilia")),
        **_trunk_state(state),
        "scan_days": _age_of_scan(case),
        "photographs": _yes(intake.extra.get("photographs")),
    }


def _trunk_state(state: LegState) -> Facts:
    veins = {vein.vein for vein in state.trunks if vein.vein in TRUNKS}
    sites = [r for r in state.readings if r.vein in veins]
    clots = {r.thrombus for r in sites}
    bends = {r.tortuous for r in sites}
    return {
        "trunk_without_thrombus": False
        if clots - {None, Thrombus.NONE}
        else None
        if not clots or None in clots
        else True,
        "trunk_straight": False if True in bends else True if False in bends else None,
    }


def _opposite(value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


def _yes(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _age_of_scan(case: Case) -> int | None:
    """Return the age of the scan in days from `exam.date`, which a case file may add."""
    try:
        return (case.as_of - date.fromisoformat(str(case.exam.extra.get("date")))).days
    except ValueError:
        return None


def _done(case: Case, state: LegState) -> list[PriorProcedure]:
    done = case.intake.prior_vein_procedures or ()
    return [each for each in done if each.leg is state.leg]


def _history(case: Case, state: LegState) -> Facts:
    if case.intake.prior_vein_procedures is None:
        return {}
    done = _done(case, state)
    injected = [each for each in done if _is(each, _SCLEROTHERAPY_WORDS)]
    ablated = [each for each in done if _is(each, _ABLATION_WORDS)]
    trunks = [each for each in ablated if vein_of((each.vein or "").upper()) in TRUNKS]
    same = {vein for _, vein in planned_items(case, state.leg)}
    return {
        "sclerotherapy_sessions": len(injected),
        "sclerotherapy_sessions_12mo": sum(_within_a_year(each, case) for each in injected),
        "saphenous_ablations": len(trunks),
        "same_vein_12mo": sum(
            vein_of((each.vein or "").upper()) in same and _within_a_year(each, case)
            for each in ablated
        ),
    }


def _is(procedure: PriorProcedure, words: tuple[str, ...]) -> bool:
    technique = (procedure.technique or "").casefold()
    return any(word in technique for word in words)


def _within_a_year(procedure: PriorProcedure, case: Case) -> bool:
    """Say whether a procedure may lie within 12 months; a date known in part counts as late."""
    if not procedure.when:
        return True
    known = [int(part) for part in procedure.when.split("-")]
    year, month, day = [*known, *(12, 28)[len(known) - 1 :]]
    return (case.as_of - date(year, month, day)).days <= _YEAR_DAYS


def _planned(case: Case, state: LegState) -> Facts:
    items = planned_items(case, state.leg)
    methods, veins = {method for method, _ in items}, {vein for _, vein in items}
    glued, injected = {vein for method, vein in items if method == "CAC"}, methods & SCLEROSANT
    trunk = veins & set(TRUNKS)
    return {
        "planned": frozenset(methods) or None,
        "nonthermal_planned": bool(methods & NONTHERMAL),
        "catheter_planned": bool(methods & _CATHETER),
        "sclerosant_planned": bool(injected),
        "trunk_planned": bool(trunk),
        "gsv_planned": "GSV" in veins,
        "ssv_planned": "SSV" in veins,
        "tributary_planned": any(vein.startswith("TRIB") for vein in veins),
        "perforator_planned": any(vein.startswith("PERF") for vein in veins),
        "glue_planned": bool(glued),
        "glue_in_trunk": glued <= set(TRUNKS),
        "tributary_sclerotherapy_alone": bool(injected) and not trunk,
    }
