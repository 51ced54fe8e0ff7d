"""Say the main result to the patient, in one to three plain sentences (§9)."""

from workflow.domain.case import Case
from workflow.domain.findings import Thrombus
from workflow.domain.intake import RedFlag
from workflow.domain.interpretation import Option
from workflow.domain.legstate import LegState
from workflow.domain.patient_facts import EMERGENCY, NEURO_ISCHAEMIA
from workflow.domain.plainwords import part, say, the_leg

LIMIT = 3
"""How many sentences the main message holds at most."""


def patient_message(
    case: Case, legs: tuple[LegState, ...], options: tuple[Option, ...], language: str = "en"
) -> tuple[str, ...]:
    """Return the main message: the most urgent thing alone, else what leaks, what is well.

    Plain words, no times, no diagnosis that the report does not hold.
    """
    urgent = _urgent(case, legs, language)
    if urgent:
        return tuple(urgent[:LIMIT])
    if not any(leg.readings for leg in legs):
        return (say(language, "not_scanned"),)
    if _on_the_line(legs, options):
        return (say(language, "on_the_line"), say(language, "check_again"))
    said = _leaks(case, legs, language) or _well(legs, language)
    said += _hindrance(case, legs, options, language)
    said += _closed(case, legs, language)
    said += _other_leg(legs, language)
    return tuple(dict.fromkeys(said))[:LIMIT]


def _urgent(case: Case, legs: tuple[LegState, ...], language: str) -> list[str]:
    flags = set(case.intake.red_flags or ())
    said = []
    if flags & (EMERGENCY | NEURO_ISCHAEMIA):
        said.append(say(language, "care_now"))
    if severe := [leg for leg in legs if leg.acute_deep or leg.severe_ehit]:
        sure = any(_seen_acute(leg) or leg.severe_ehit for leg in severe)
        where = the_leg(language, [leg.leg for leg in severe])
        found = say(language, "clot_sure" if sure else "clot_maybe", leg=where)
        return [*said, found, say(language, "care_today")]
    said += _watched_clots(legs, language)
    if RedFlag.BLEEDING_VARIX in flags:
        said.append(say(language, "bleeding_today"))
    return said


def _watched_clots(legs: tuple[LegState, ...], language: str) -> list[str]:
    today = say(language, "doctor_today")
    if held := [leg.leg for leg in legs if leg.held_ehit]:
        return [say(language, "clot_beside", leg=the_leg(language, held)), today]
    if clots := [leg.leg for leg in legs if leg.svt]:
        return [say(language, "clot_skin", leg=the_leg(language, clots)), today]
    return []


def _seen_acute(leg: LegState) -> bool:
    return any(reading.thrombus is Thrombus.ACUTE for reading in leg.readings)


def _on_the_line(legs: tuple[LegState, ...], options: tuple[Option, ...]) -> bool:
    """Say whether a repeat scan is all that a leak calls for, on every leg that leaks."""
    again = {option.leg for option in options if option.modality == "REPEAT_SCAN"}
    leaking = {leg.leg for leg in legs if leg.superficial_reflux or leg.deep_reflux}
    return bool(leaking) and leaking <= again


def leaking_veins(state: LegState) -> list[str]:
    """Return the keys of the phrases for the leaking veins of a leg, the most telling first."""
    leaking = {vein.vein for vein in state.trunks}
    keys = []
    if "GSV" in leaking:
        keys.append("vein.main")
    if "SSV" in leaking:
        keys.append("vein.calf")
    if leaking & {"AASV", "PASV"}:
        keys.append("vein.side")
    if not keys and leaking & {"SFJ", "SPJ", "TE"}:
        keys.append("vein.valve")
    if not keys and state.tributaries:
        keys.append("vein.branch")
    if state.deep_reflux:
        keys.append("vein.deep")
    if not keys and state.perforator_reflux:
        keys.append("vein.link")
    return keys


def vein_words(language: str, key: str, state: LegState) -> str:
    """Return a leaking vein in plain words: 'the main vein on the inside of your right leg'."""
    places = {name: part(language, f"{name}.{state.leg.word}") for name in ("leg", "calf", "thigh")}
    return part(language, key, **places)


def _leaks(case: Case, legs: tuple[LegState, ...], language: str) -> list[str]:
    leaking = [(leg, key) for leg in legs for key in leaking_veins(leg)]
    said = []
    mains = [each for each in leaking if each[1] == "vein.main"]
    if len(mains) == len(legs):
        said.append(say(language, "mains_leak"))
        leaking = [each for each in leaking if each not in mains]
    for leg, key in leaking:
        again = key == "vein.side" and bool(case.intake.prior_vein_procedures)
        vein = vein_words(language, key, leg)
        said.append(say(language, "now_leaks" if again else "leaks", vein=vein))
    return said


def _well(legs: tuple[LegState, ...], language: str) -> list[str]:
    """Say what no leak means: well, spider veins, signs without a leak, or not measured."""
    scanned = [leg for leg in legs if leg.examined]
    if not scanned or any(not leg.superficial_timed or _unknown(leg) for leg in scanned):
        return [say(language, "no_leak_measured")]
    if changed := [leg.leg for leg in scanned if leg.post_thrombotic]:
        where = the_leg(language, changed)
        return [say(language, "old_clot", leg=where), say(language, "no_vein_leaks")]
    ranks = [leg.clinical.rank or 0 for leg in scanned]
    if max(ranks) >= 2:
        return [say(language, "no_vein_leaks"), say(language, "doctor_legs")]
    said = [say(language, "work_well")]
    if max(ranks) == 1:
        said.append(say(language, "spider_veins"))
        if all(not leg.clinical.symptomatic for leg in scanned):
            said.append(say(language, "cosmetic"))
    return said


def _unknown(leg: LegState) -> bool:
    """Say whether a main vein of a scanned leg is neither known to hold nor closed."""
    return any(
        (vein := leg.veins.get(name)) is None or (vein.reflux is None and not vein.closure)
        for name in ("GSV", "SSV")
    )


def _hindrance(
    case: Case, legs: tuple[LegState, ...], options: tuple[Option, ...], language: str
) -> list[str]:
    """Say what comes before any treatment of the veins."""
    offered = {option.modality for option in options}
    if "IMAGING_ILIAC" in offered:
        return [say(language, "picture_next")]
    if case.intake.pregnant:
        return [say(language, "not_while_pregnant")]
    if any(leg.abi is not None and leg.abi < 1 and _arteries_first(leg, options) for leg in legs):
        return [say(language, "blood_flow_first")]
    return []


def _arteries_first(leg: LegState, options: tuple[Option, ...]) -> bool:
    own = [o for o in options if o.leg is leg.leg]
    return any("ankle-brachial" in reason for o in own for reason in o.reasons)


def _closed(case: Case, legs: tuple[LegState, ...], language: str) -> list[str]:
    said = []
    for leg in legs:
        closures = {vein.closure for vein in leg.veins.values() if vein.closure}
        where = the_leg(language, [leg.leg])
        if "recanalised" in closures:
            said.append(say(language, "open_again", leg=where))
        elif "partial" in closures:
            said.append(say(language, "partly_open", leg=where))
        elif "complete" in closures:
            year = _year_of_closure(case, leg)
            key = "still_closed" if year else "treated_closed"
            said.append(say(language, key, leg=where, year=year))
    return said


def _year_of_closure(case: Case, leg: LegState) -> str:
    """Return the year of the procedure that closed a vein of this leg, or an empty text."""
    closed = {name for name, vein in leg.veins.items() if vein.closure == "complete"}
    years = {
        procedure.when[:4]
        for procedure in case.intake.prior_vein_procedures or ()
        if procedure.leg is leg.leg and (procedure.vein or "").strip().upper() in closed
    }
    year = years.pop() if len(years) == 1 else ""
    return "" if year == str(case.as_of.year) else year


def _other_leg(legs: tuple[LegState, ...], language: str) -> list[str]:
    """Say that the other leg is normal where one leg leaks and the other was found well."""
    if not any(leg.any_reflux for leg in legs):
        return []
    return [
        say(language, "leg_normal", leg=the_leg(language, [leg.leg]))
        for leg in legs
        if _normal(leg)
    ]


def _normal(leg: LegState) -> bool:
    """Say whether a whole leg was examined, nothing leaks in it, and no sign of disease is seen."""
    main = [leg.veins.get(name) for name in ("GSV", "SSV", "CFV", "FV", "POPV")]
    whole = all(vein is not None and vein.reflux is False and not vein.incomplete for vein in main)
    clean = not leg.any_reflux and not leg.acute and not leg.obstructed
    return leg.examined and whole and clean and leg.clinical.rank in {0, None}
