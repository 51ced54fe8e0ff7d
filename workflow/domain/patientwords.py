"""Say to the patient what was found, what it means and what can be done, in plain words (§9)."""

from decimal import Decimal

from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.documents import GlossaryEntry
from workflow.domain.intake import RedFlag
from workflow.domain.interpretation import Interpretation, Option, VeinResult
from workflow.domain.legstate import LegState, leg_state
from workflow.domain.patientmessage import leaking_veins
from workflow.domain.phrases import plain_number

_PENCIL_MM = (Decimal("6.5"), Decimal("7.9"))

GLOSSARY: tuple[GlossaryEntry, ...] = (
    GlossaryEntry("Vein", "A tube that brings blood back to the heart."),
    GlossaryEntry("Valve", "A small gate in a vein. It keeps blood from running back down."),
    GlossaryEntry("Reflux (a leak)", "Blood leaking backward through weak valves."),
    GlossaryEntry("Ablation", "Closing the vein from the inside."),
    GlossaryEntry("Sclerotherapy", "Medicine injected to close the vein."),
    GlossaryEntry("DVT", "A blood clot in a deep vein."),
    GlossaryEntry("Great saphenous vein (GSV)", "The main vein on the inside of your leg."),
    GlossaryEntry("Small saphenous vein (SSV)", "The vein at the back of your calf."),
    GlossaryEntry("Ultrasound", "A scan that uses sound to see inside the body. It does not hurt."),
)
"""The words of the patient's page that need an explanation."""


def call_now() -> tuple[str, ...]:
    """Return when the patient must call at once."""
    return (
        "Call 911 if your chest hurts or you find it hard to breathe.",
        "Call us the same day if one leg swells up or hurts much more.",
        "If a vein bleeds, lie down, raise the leg and press on the spot. Then call 911.",
    )


def _legs(read: Interpretation, case: Case) -> tuple[LegState, ...]:
    return tuple(leg_state(case, leg, read.profile) for leg in Leg)


def patient_found(read: Interpretation, case: Case) -> tuple[str, ...]:
    """Return what the scan found, leg by leg, without times and without a new diagnosis."""
    said: list[str] = []
    again = {option.leg for option in read.options if option.modality == "REPEAT_SCAN"}
    for state in _legs(read, case):
        if state.readings:
            said += _found(state, on_the_line=state.leg in again)
    return tuple(dict.fromkeys(said)) or ("No scan has been done yet.",)


def _found(state: LegState, *, on_the_line: bool) -> list[str]:
    leg = f"your {state.leg.word} leg"
    verb = "may leak" if on_the_line else "leaks"
    said = [_clot_found(state, leg)]
    said += [f"Blood {verb} backward in {words}." for words in leaking_veins(state)]
    if on_the_line:
        said.append("The time we measured is right on the line.")
    said += _widths(state)
    if state.outflow_obstructed:
        said.append(f"Blood may not flow out of the top of {leg} as it should.")
    if not state.any_reflux and not state.acute and state.superficial_timed:
        said.append(f"We found no leak in the veins we timed in {leg}.")
    closures = {vein.closure for vein in state.veins.values() if vein.closure}
    if "complete" in closures:
        said.append(f"The vein that was treated in {leg} is closed.")
    if closures - {"complete"}:
        said.append(f"The vein that was treated in {leg} is open in part.")
    if any(vein.incomplete for vein in state.veins.values()) and not state.acute:
        said.append(f"Some veins in {leg} could not be timed. We do not know yet if they leak.")
    return [sentence for sentence in said if sentence]


def _clot_found(state: LegState, leg: str) -> str:
    if state.acute_deep:
        return f"We saw a clot, or could not rule one out, in a deep vein of {leg}."
    if state.ehit is not None:
        return f"We saw a small clot next to the treated vein in {leg}."
    if state.svt:
        return f"We saw a clot in a vein near the skin of {leg}."
    if state.post_thrombotic:
        return f"We saw marks of an old clot in {leg}."
    return f"We saw no blood clot in {leg}." if _clots_looked_for(state) else ""


def _clots_looked_for(state: LegState) -> bool:
    return all(reading.thrombus is not None for reading in state.readings)


def _widths(state: LegState) -> list[str]:
    trunks = [vein for vein in state.trunks if vein.vein in {"GSV", "SSV"}]
    return [sentence for vein in trunks if (sentence := _width(vein))]


def _width(vein: VeinResult) -> str:
    if vein.max_mm is None:
        return ""
    name = "main vein" if vein.vein == "GSV" else "calf vein"
    low, high = _PENCIL_MM
    like = ", about the width of a pencil" if low <= vein.max_mm <= high else ""
    return f"At its widest, this {name} is {plain_number(vein.max_mm)} mm{like}."


def patient_means(read: Interpretation, case: Case) -> tuple[str, ...]:
    """Return what the finding means: why, what may come, and what it does not prove."""
    legs = _legs(read, case)
    if any(leg.acute_deep or leg.severe_ehit for leg in legs):
        return (
            "A clot in a deep vein can be dangerous.",
            "The doctor will tell you today what to do.",
            "Care for other veins has to wait.",
        )
    said: list[str] = []
    if any(leg.svt or leg.ehit for leg in legs):
        said.append("A clot near the skin, or near a closed vein, needs to be watched.")
    if any(leg.any_reflux for leg in legs):
        said += [
            "Veins have small valves that help blood flow up to the heart.",
            "When a valve is weak, blood leaks backward and fills the vein.",
            "This is common. It may make legs ache, feel heavy or swell.",
            "Over time it may grow worse in some people.",
        ]
    elif any(leg.superficial_timed for leg in legs) and not said:
        said.append("The valves that we timed close as they should.")
    if _has_cramps(case):
        said.append("Leg cramps have many causes. A leak in a vein is one that may play a part.")
    if any(leg.obstructed_deep for leg in legs):
        said.append("The deep veins may be narrow. The doctor will look into this first.")
    if any(leg.clinical.rank == 1 for leg in legs) and not any(leg.any_reflux for leg in legs):
        said.append("Spider veins are small veins in the skin. They do no harm.")
    return tuple(said)


def _has_cramps(case: Case) -> bool:
    told = [case.intake.symptoms_of(leg) or () for leg in Leg]
    present = case.intake.cramps.present if case.intake.cramps else False
    return bool(present) or any("cramps" in words for words in told)


_PLAIN = {
    "RFA": "closing the vein from the inside with heat",
    "EVLA": "closing the vein from the inside with heat",
    "CAC": "closing the vein with a glue",
    "MOCA": "closing the vein with a thin wire and a medicine",
    "PEM": "closing the vein with a foam",
    "UGFS": "closing the vein with a foam",
    "LIQ": "small shots of medicine that close tiny veins",
    "PHLEB": "taking out the bulging vein through tiny cuts",
    "PERF_RFA": "closing the linking vein with heat",
}


def patient_choices(read: Interpretation, case: Case) -> tuple[str, ...]:
    """Return what can be done, doing nothing among it, with what may go wrong; never a promise."""
    offered = {option.modality: option for option in sorted(read.options, key=_rank)}
    if _today(read, case):
        return ("The doctor will tell you today what comes next.",)
    said: list[str] = []
    if "REPEAT_SCAN" in offered:
        said.append("We would like to do the scan again.")
    if "IMAGING_ILIAC" in offered:
        said.append("A picture of the veins above your leg comes first.")
    ways = list(dict.fromkeys(_PLAIN[name] for name in offered if name in _PLAIN))
    if ways:
        said += _treatments(ways)
    if "PHYSICIAN_REVIEW" in offered:
        said.append("The doctor will talk with you about the next step.")
    if "CONS" in offered or ways:
        said.append(_care(read))
    if ways or "CONS" in offered:
        said.append("You can also wait and do nothing for now. Tell us if things change.")
    return tuple(said) or ("The doctor will talk with you about the next step.",)


def _rank(option: Option) -> int:
    return option.rank


def _today(read: Interpretation, case: Case) -> bool:
    urgent = {"RF1_ACUTE_DVT", "RF3_EMERGENCY", "RF10_NEURO_ISCHAEMIA"}
    bleeding = RedFlag.BLEEDING_VARIX in set(case.intake.red_flags or ())
    stop = {alert.id for alert in read.alerts if alert.severity.value == "STOP"}
    return bleeding or bool(urgent & stop) or "URGENT_EHIT" in stop


def _treatments(ways: list[str]) -> list[str]:
    if len(ways) == 1:
        said = [f"One way that may help is {ways[0]}."]
    else:
        said = ["These ways may help. The doctor will go through them with you:"]
        said += [f"{way[0].upper()}{way[1:]}." for way in ways]
    return [
        *said,
        "You may need more than one visit. New veins may form with time.",
        "You may have a bruise, sore skin or a numb spot. A clot or a burn is rare.",
    ]


def _care(read: Interpretation) -> str:
    """Return the advice on care; no socks where a rule bars compression on either leg."""
    if any(each.modality == "COMPRESSION_DEFAULT" for each in read.excluded):
        return "Walking may help how your legs feel. Do not wear tight socks for now."
    return "Support socks, walking and rest with your legs up may help how your legs feel."
