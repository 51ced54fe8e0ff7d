"""Say the main result to the patient, in one to three plain sentences (§9)."""

from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.findings import Thrombus
from workflow.domain.intake import RedFlag
from workflow.domain.interpretation import Option
from workflow.domain.legstate import LegState
from workflow.domain.patient_facts import EMERGENCY, NEURO_ISCHAEMIA

LIMIT = 3
"""How many sentences the main message holds at most."""

_BOTH = "both legs"


def patient_message(
    case: Case, legs: tuple[LegState, ...], options: tuple[Option, ...]
) -> tuple[str, ...]:
    """Return the main message: the most urgent thing alone, else what leaks, what is well.

    Plain words, no times, no diagnosis that the report does not hold.
    """
    urgent = _urgent(case, legs)
    if urgent:
        return tuple(urgent[:LIMIT])
    if not any(leg.readings for leg in legs):
        return ("We have not scanned your legs yet.",)
    if _on_the_line(legs, options):
        return ("Your test is right on the line.", "We want to check it again.")
    said = _leaks(case, legs)
    said = said or _well(legs)
    said += _hindrance(case, legs, options)
    said += _closed(case, legs)
    said += _other_leg(legs)
    return tuple(dict.fromkeys(said))[:LIMIT]


def side(legs: list[Leg]) -> str:
    """Return 'your right leg', 'your left leg' or 'both legs'."""
    return f"your {legs[0].word} leg" if len(legs) == 1 else _BOTH


def _urgent(case: Case, legs: tuple[LegState, ...]) -> list[str]:
    flags = set(case.intake.red_flags or ())
    said = []
    if flags & (EMERGENCY | NEURO_ISCHAEMIA):
        said.append("What you told us needs care right now.")
    severe = [leg for leg in legs if leg.acute_deep or leg.severe_ehit]
    if severe:
        sure = any(_seen_acute(leg) or leg.severe_ehit for leg in severe)
        where = side([leg.leg for leg in severe])
        found = "We found a blood clot in" if sure else "There may be a blood clot in"
        return [*said, f"{found} {where}.", "You need care today."]
    if held := [leg.leg for leg in legs if leg.held_ehit]:
        said += [
            f"We found a small clot next to the closed vein in {side(held)}.",
            "The doctor will talk with you today.",
        ]
    elif clots := [leg.leg for leg in legs if leg.svt]:
        said += [
            f"We found a blood clot in a vein near the skin of {side(clots)}.",
            "The doctor will talk with you today.",
        ]
    if RedFlag.BLEEDING_VARIX in flags:
        said.append("A vein that bleeds needs care today.")
    return said


def _seen_acute(leg: LegState) -> bool:
    return any(reading.thrombus is Thrombus.ACUTE for reading in leg.readings)


def _on_the_line(legs: tuple[LegState, ...], options: tuple[Option, ...]) -> bool:
    """Say whether a repeat scan is all that a leak calls for, on every leg that leaks."""
    again = {option.leg for option in options if option.modality == "REPEAT_SCAN"}
    leaking = {leg.leg for leg in legs if leg.superficial_reflux or leg.deep_reflux}
    return bool(leaking) and leaking <= again


def leaking_veins(state: LegState) -> list[str]:
    """Return the leaking veins of a leg in plain words, the most telling first."""
    leaking = {vein.vein for vein in state.trunks}
    words = []
    side_word = state.leg.word
    if "GSV" in leaking:
        words.append(f"the main vein on the inside of your {side_word} leg")
    if "SSV" in leaking:
        words.append(f"the vein at the back of your {side_word} calf")
    if leaking & {"AASV", "PASV"}:
        words.append(f"a side vein in your {side_word} thigh")
    if not words and leaking & {"SFJ", "SPJ", "TE"}:
        words.append(f"a vein valve in your {side_word} leg")
    if not words and state.tributaries:
        words.append(f"a side branch of a vein in your {side_word} leg")
    if state.deep_reflux:
        words.append(f"a deep vein in your {side_word} leg")
    if not words and state.perforator_reflux:
        words.append(f"a linking vein in your {side_word} leg")
    return words


def _leaks(case: Case, legs: tuple[LegState, ...]) -> list[str]:
    leaking = [leg for leg in legs if leaking_veins(leg)]
    if len(leaking) == 2 and all("GSV" in {v.vein for v in leg.trunks} for leg in legs):
        said = ["The main veins on the inside of both legs leak."]
        rest = [words for leg in leaking for words in leaking_veins(leg)[1:]]
    else:
        rest = [words for leg in leaking for words in leaking_veins(leg)]
        said = []
    for words in rest:
        again = "now " if "side vein" in words and _treated_before(case) else ""
        said.append(f"{words[0].upper()}{words[1:]} {again}leaks.")
    return said


def _treated_before(case: Case) -> bool:
    return bool(case.intake.prior_vein_procedures)


def _well(legs: tuple[LegState, ...]) -> list[str]:
    """Say what no leak means: well, spider veins, signs without a leak, or not measured."""
    scanned = [leg for leg in legs if leg.examined]
    if not scanned or any(not leg.superficial_timed or _unknown(leg) for leg in scanned):
        return ["We did not find a leak in the veins we could measure."]
    if any(leg.post_thrombotic for leg in scanned):
        changed = [leg.leg for leg in scanned if leg.post_thrombotic]
        return [f"We saw marks of an old clot in {side(changed)}.", "We found no vein that leaks."]
    ranks = [leg.clinical.rank or 0 for leg in scanned]
    if max(ranks) >= 2:
        return ["We found no vein that leaks.", "The doctor will talk with you about your legs."]
    if max(ranks) == 1:
        cosmetic = all(not leg.clinical.symptomatic for leg in scanned)
        said = ["Your leg veins work well.", "You have spider veins."]
        return [*said, "Care for them is cosmetic."] if cosmetic else said
    return ["Your leg veins work well."]


def _unknown(leg: LegState) -> bool:
    """Say whether a main vein of a scanned leg is neither known to hold nor closed."""
    return any(
        (vein := leg.veins.get(name)) is None or (vein.reflux is None and not vein.closure)
        for name in ("GSV", "SSV")
    )


def _hindrance(case: Case, legs: tuple[LegState, ...], options: tuple[Option, ...]) -> list[str]:
    """Say what comes before any treatment of the veins."""
    offered = {option.modality for option in options}
    if "IMAGING_ILIAC" in offered:
        return ["We need a picture of the veins above your leg next."]
    if case.intake.pregnant:
        return ["We do not treat veins while you are pregnant."]
    if any(leg.abi is not None and leg.abi < 1 and _arteries_first(leg, options) for leg in legs):
        return ["We need to check the blood flow to your foot first."]
    return []


def _arteries_first(leg: LegState, options: tuple[Option, ...]) -> bool:
    own = [o for o in options if o.leg is leg.leg]
    return any("ankle-brachial" in reason for o in own for reason in o.reasons)


def _closed(case: Case, legs: tuple[LegState, ...]) -> list[str]:
    said = []
    for leg in legs:
        closures = {vein.closure for vein in leg.veins.values() if vein.closure}
        if "recanalised" in closures:
            said.append(f"The vein that was treated in your {leg.leg.word} leg is open again.")
        elif "partial" in closures:
            said.append(f"The vein that was treated in your {leg.leg.word} leg is partly open.")
        elif "complete" in closures:
            year = _year_of_closure(case, leg)
            said.append(
                f"The vein we closed in {year} is still closed."
                if year
                else f"The treated vein in your {leg.leg.word} leg is closed."
            )
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


def _other_leg(legs: tuple[LegState, ...]) -> list[str]:
    """Say that the other leg is normal where one leg leaks and the other was found well."""
    if not any(leg.any_reflux for leg in legs):
        return []
    return [f"Your {leg.leg.word} leg is normal." for leg in legs if _normal(leg)]


def _normal(leg: LegState) -> bool:
    """Say whether a whole leg was examined, nothing leaks in it, and no sign of disease is seen."""
    main = [leg.veins.get(name) for name in ("GSV", "SSV", "CFV", "FV", "POPV")]
    whole = all(vein is not None and vein.reflux is False and not vein.incomplete for vein in main)
    clean = not leg.any_reflux and not leg.acute and not leg.obstructed
    return leg.examined and whole and clean and leg.clinical.rank in {0, None}
