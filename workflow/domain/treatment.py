"""Decide which treatments the rules would offer the physician, and which they leave out (§4.8).

The rows are read in the order of the reference; a row bars what it names, and the first that bars
everything ends the leg. Nothing here orders anything.
"""

from workflow.domain.anatomy import TRUNKS, vein_name
from workflow.domain.choices import RULES, Choices, sts_barred
from workflow.domain.findings import Phasicity
from workflow.domain.interpretation import Exclusion, Option
from workflow.domain.legstate import LegState
from workflow.domain.modality import MODALITIES, PROCEDURES, modality_name
from workflow.domain.patient_facts import (
    PatientFacts,
    compression_barred,
    other,
)
from workflow.domain.veinoptions import (
    healthy_superficial_veins,
    perforators,
    refluxing_superficial_veins,
    unused,
)

__all__ = ["MODALITIES", "PROCEDURES", "TRUNKS", "decide", "modality_name"]


def decide(
    legs: tuple[LegState, ...], patient: PatientFacts
) -> tuple[tuple[Option, ...], tuple[Exclusion, ...]]:
    """Return the options, ranked, and all that is ruled out, each with its reason.

    `legs` are both legs of one patient. Sources: §4.1–4.4 as §4.8 decides between them.
    """
    options: list[Option] = []
    excluded: list[Exclusion] = []
    for state in legs:
        choices = Choices(state, patient)
        _standing_bars(choices)
        _read_rows(choices, other(legs, state.leg))
        found = sorted(choices.options, key=lambda option: option.rank)
        options += found
        excluded += choices.exclusions(unused(state))
    return tuple(options), tuple(excluded)


def _standing_bars(choices: Choices) -> None:
    """Apply what takes a treatment out wherever it would be offered (§4.3, §4.4)."""
    state, patient = choices.state, choices.patient
    if patient.acrylate_allergy:
        choices.bar(["CAC"], "Acrylate hypersensitivity is recorded.")
    if patient.no_foam:
        reason = (
            "Foam is barred: symptomatic right-to-left shunt, or a nerve event after sclerotherapy."
        )
        choices.bar(["PEM", "UGFS"], reason)
    for agent in sorted(patient.barred_agents):
        reason = f"An allergy to {'polidocanol' if agent == 'polidocanol' else 'STS'} is recorded."
        if agent == "STS":
            choices.bar_other("STS", reason)
        else:
            choices.bar(["PEM"], reason)
    if label := sts_barred(choices):
        choices.bar_other("STS", f"The label bars it. {label}")
    if arteries := compression_barred(state):
        choices.bar_other("COMPRESSION_DEFAULT", arteries)


def _read_rows(choices: Choices, opposite: LegState) -> None:
    for row in (_emergency, _deep_clot, _suspicion, _extension, _superficial_clot, _pregnancy):
        if row(choices, opposite):
            return
    for row in (_outflow, _arteries):
        if row(choices, opposite):
            return
    if not choices.state.examined:
        choices.bar_procedures("This leg was not scanned.")
        return
    if choices.state.superficial_reflux:
        refluxing_superficial_veins(choices)
    else:
        healthy_superficial_veins(choices)
    perforators(choices)
    if not choices.options:
        choices.review("Procedures are held for this leg at present.", row=0)


def _emergency(choices: Choices, opposite: LegState) -> bool:
    """Row 0: an emergency leaves only the physician."""
    if choices.patient.emergency:
        choices.bar_procedures("An emergency complaint was reported at intake.")
        choices.review("An emergency complaint was reported at intake. Act on it first.", row=0)
        return True
    return False


def _suspicion(choices: Choices, opposite: LegState) -> bool:
    """Row 0: a likely clot that no scan has cleared holds every procedure."""
    if choices.patient.wells_held:
        choices.bar_procedures(
            "The Wells score is 2 or more, and this scan does not show that every required deep "
            "vein compresses fully."
        )
    return False


def _deep_clot(choices: Choices, opposite: LegState) -> bool:
    """Row 1: acute deep thrombosis, or a severe extension, bars elective work on both legs."""
    state = choices.state
    here, there = (bool(s.acute_deep or s.severe_ehit) for s in (state, opposite))
    if not (here or there):
        return False
    who = state if here else opposite
    side = who.leg.word
    if who.acute_deep:
        reason = f"Acute DVT in the {side} leg, or suspected until the physician has decided."
    else:
        reason = (
            f"Thrombus extension of class {who.ehit.level if who.ehit else ''} in the {side} leg."
        )
        choices.bar_other("NEXT_SESSION", reason)
    choices.bar_procedures(reason)
    if here:
        choices.review(reason, row=1)
    else:
        _extension(choices, opposite)
        _superficial_clot(choices, opposite)
    return True


def _extension(choices: Choices, opposite: LegState) -> bool:
    """Row 2: a thrombus extension of class II, or of no class yet, holds the next session."""
    state = choices.state
    if opposite.held_ehit and not state.held_ehit:
        reason = f"The next session waits for the {opposite.leg.word} leg's thrombus extension."
        choices.bar_procedures(reason)
        choices.bar_other("NEXT_SESSION", reason)
        return False
    if not state.held_ehit or state.ehit is None:
        return False
    level = f"class {state.ehit.level}" if state.ehit.level else "a class that must be settled"
    reason = f"Thrombus extension after ablation, {level}."
    choices.bar_procedures(reason)
    choices.bar_other("NEXT_SESSION", reason)
    sources = (RULES, "AVF/SVS EHIT classification 2020")
    choices.offer("SURVEILLANCE_DUPLEX", state.ehit.junction, 1, reason, sources=sources, row=2)
    choices.review(state.ehit.question or reason, row=2)
    _superficial_clot(choices, opposite)
    return True


def _superficial_clot(choices: Choices, opposite: LegState) -> bool:
    """Row 3: an acute superficial thrombosis asks for the physician and bars procedures here."""
    state = choices.state
    for clot in state.svt:
        reason = f"Acute superficial thrombosis of the {vein_name(clot.vein)}."
        choices.review(reason, clot.vein, row=3)
        if clot.extent in {"short", None}:
            days = state.profile.limits.svt_rescan_days
            reason = f"A short superficial thrombosis is scanned again within {days} days."
            choices.offer("REPEAT_SCAN", None, 1, reason, sources=(RULES, "CHEST"), row=3)
    if state.svt:
        choices.bar_procedures("Acute superficial thrombosis in this leg.")
    return False


def _pregnancy(choices: Choices, opposite: LegState) -> bool:
    """Row 4: in pregnancy there is conservative care for both legs, and no procedure."""
    if not choices.patient.pregnant:
        return False
    choices.bar_procedures("The patient is pregnant.")
    choices.care("The patient is pregnant; procedures wait until after the birth.", row=4)
    _severe_arteries(choices)
    return True


def _outflow(choices: Choices, opposite: LegState) -> bool:
    """Row 5: signs of obstruction hold every procedure, for any vein may be a by-way."""
    state = choices.state
    if state.outflow_obstructed:
        reason = "The groin vein's flow does not follow breathing: a sign of obstruction above it."
        choices.bar_procedures(f"{reason} Any vein may be its collateral.")
        choices.offer("IMAGING_ILIAC", None, 1, reason, sources=(RULES,), row=5)
        choices.care(reason, row=5)
        _severe_arteries(choices)
        return True
    if state.post_thrombotic_deep:
        known = any(r.segment == "CFV" and r.phasicity is Phasicity.PHASIC for r in state.readings)
        flow = "flow in the groin is phasic" if known else "flow in the groin was not recorded"
        choices.review(f"Post-thrombotic change in the deep veins; {flow}.", row=5)
    return False


def _severe_arteries(choices: Choices) -> bool:
    state = choices.state
    if state.abi is None or state.abi >= state.profile.limits.abi_severe:
        return False
    floor = state.profile.limits.abi_severe
    reason = f"The ankle-brachial index is {state.abi}, below {floor}: treat the artery first."
    choices.bar_procedures(reason)
    choices.review(reason, row=6)
    return True


def _arteries(choices: Choices, opposite: LegState) -> bool:
    """Row 6: severe arterial disease ends the leg; claudication sends to the arteries first."""
    state = choices.state
    if _severe_arteries(choices):
        return True
    if (
        state.abi is None
        or state.abi > state.profile.limits.abi_arterial
        or not choices.patient.claudication
    ):
        return False
    reason = (
        f"The ankle-brachial index is {state.abi} and the pain follows a claudication pattern: "
        "arterial referral first."
    )
    choices.bar_procedures(reason)
    choices.bar_other("COMPRESSION_DEFAULT", f"{reason} The physician decides on compression.")
    choices.offer(
        "CONS", None, 1, reason, "Leave compression out unless the physician decides.",
        sources=(RULES,), row=6,
    )  # fmt: skip
    return True
