"""Say to the patient what was found, what it means and what can be done, in plain words (§9)."""

from decimal import Decimal

from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.documents import GlossaryEntry
from workflow.domain.interpretation import Interpretation, Option, VeinResult
from workflow.domain.legstate import LegState, leg_state
from workflow.domain.patientmessage import leaking_veins, patient_message, vein_words
from workflow.domain.phrases import plain_number
from workflow.domain.plainwords import part, say, the_leg

_PENCIL_MM = (Decimal("6.5"), Decimal("7.9"))
_WORDS = (
    *("vein", "valve", "reflux", "ablation", "sclerotherapy"),
    *("dvt", "gsv", "ssv", "ultrasound"),
)


def glossary(language: str = "en") -> tuple[GlossaryEntry, ...]:
    """Return the words of the patient's page that need an explanation, each with it."""
    return tuple(
        GlossaryEntry(say(language, f"word.{word}"), say(language, f"means.{word}"))
        for word in _WORDS
    )


GLOSSARY = glossary()
"""The same in English."""


def call_now(language: str = "en") -> tuple[str, ...]:
    """Return when the patient must call at once."""
    return tuple(say(language, f"call.{why}") for why in ("911", "swells", "bleeds"))


def _legs(read: Interpretation, case: Case) -> tuple[LegState, ...]:
    return tuple(leg_state(case, leg, read.profile) for leg in Leg)


def main_message(read: Interpretation, case: Case, language: str = "en") -> tuple[str, ...]:
    """Return the main message of a reading in a patient's language."""
    return patient_message(case, _legs(read, case), read.options, language)


def patient_found(read: Interpretation, case: Case, language: str = "en") -> tuple[str, ...]:
    """Return what the scan found, leg by leg, without times and without a new diagnosis."""
    said: list[str] = []
    again = {option.leg for option in read.options if option.modality == "REPEAT_SCAN"}
    for state in _legs(read, case):
        if state.readings:
            said += _found(state, language, on_the_line=state.leg in again)
    return tuple(dict.fromkeys(said)) or (say(language, "no_scan"),)


def _found(state: LegState, language: str, *, on_the_line: bool) -> list[str]:
    leg = the_leg(language, [state.leg])
    verb = "may_backward" if on_the_line else "backward"
    said = [say(language, key, leg=leg) for key in _clot_found(state)]
    said += [
        say(language, verb, vein=vein_words(language, key, state)) for key in leaking_veins(state)
    ]
    if on_the_line:
        said.append(say(language, "time_on_line"))
    said += _widths(state, language)
    said += [say(language, key, leg=leg) for key in _rest_found(state)]
    return said


def _clot_found(state: LegState) -> list[str]:
    """Return the key of what was seen of clots; none where nobody looked everywhere."""
    if state.acute_deep:
        return ["saw_deep_clot"]
    if state.ehit is not None:
        return ["saw_beside"]
    if state.svt:
        return ["saw_skin"]
    if state.post_thrombotic:
        return ["old_clot"]
    looked = all(reading.thrombus is not None for reading in state.readings)
    return ["saw_none"] if looked and not state.acute else []


def _rest_found(state: LegState) -> list[str]:
    closures = {vein.closure for vein in state.veins.values() if vein.closure}
    quiet = not state.any_reflux and not state.acute and state.superficial_timed
    gaps = any(vein.incomplete for vein in state.veins.values()) and not state.acute
    found = {
        "outflow": state.outflow_obstructed,
        "no_leak_timed": quiet,
        "is_closed": "complete" in closures,
        "open_in_part": bool(closures - {"complete"}),
        "not_timed": gaps,
    }
    return [key for key, holds in found.items() if holds]


def _widths(state: LegState, language: str) -> list[str]:
    trunks = [vein for vein in state.trunks if vein.vein in {"GSV", "SSV"}]
    return [_width(vein, vein.max_mm, language) for vein in trunks if vein.max_mm is not None]


def _width(vein: VeinResult, mm: Decimal, language: str) -> str:
    low, high = _PENCIL_MM
    like = "_pencil" if low <= mm <= high else ""
    key = f"wide_{'main' if vein.vein == 'GSV' else 'calf'}{like}"
    return say(language, key, mm=plain_number(mm))


def patient_means(read: Interpretation, case: Case, language: str = "en") -> tuple[str, ...]:
    """Return what the finding means: why, what may come, and what it does not prove."""
    return tuple(say(language, key) for key in _means(_legs(read, case), case))


def _means(legs: tuple[LegState, ...], case: Case) -> list[str]:
    if any(leg.acute_deep or leg.severe_ehit for leg in legs):
        return ["deep_danger", "doctor_tells", "has_to_wait"]
    said = ["watch"] if any(leg.svt or leg.ehit for leg in legs) else []
    leaks = any(leg.any_reflux for leg in legs)
    if leaks:
        said += ["valves", "weak_valve", "common", "over_time"]
    elif any(leg.superficial_timed for leg in legs) and not said:
        said.append("valves_close")
    if _has_cramps(case):
        said.append("cramps")
    if any(leg.obstructed_deep for leg in legs):
        said.append("narrow")
    if any(leg.clinical.rank == 1 for leg in legs) and not leaks:
        said.append("spider_harmless")
    return said


def _has_cramps(case: Case) -> bool:
    told = [case.intake.symptoms_of(leg) or () for leg in Leg]
    present = case.intake.cramps.present if case.intake.cramps else False
    return bool(present) or any("cramps" in words for words in told)


WAYS = {
    "RFA": "way.heat",
    "EVLA": "way.heat",
    "CAC": "way.glue",
    "MOCA": "way.wire",
    "PEM": "way.foam",
    "UGFS": "way.foam",
    "LIQ": "way.shots",
    "PHLEB": "way.cuts",
    "PERF_RFA": "way.link",
}
"""The phrase that names a procedure to a patient, by the procedure."""


def patient_choices(read: Interpretation, case: Case, language: str = "en") -> tuple[str, ...]:
    """Return what can be done, doing nothing among it, with what may go wrong; never a promise."""
    offered = {option.modality: option for option in sorted(read.options, key=_rank)}
    if cannot_wait(read):
        return (say(language, "comes_next"),)
    before = {"REPEAT_SCAN": "scan_again", "IMAGING_ILIAC": "picture_first"}
    said = [say(language, key) for name, key in before.items() if name in offered]
    ways = list(dict.fromkeys(WAYS[name] for name in offered if name in WAYS))
    if ways:
        said += _treatments(ways, language)
    if "PHYSICIAN_REVIEW" in offered:
        said.append(say(language, "next_step"))
    if "CONS" in offered or ways:
        said += [say(language, care_advice(read)), say(language, "wait")]
    return tuple(said) or (say(language, "next_step"),)


def _rank(option: Option) -> int:
    return option.rank


_STOPS = {"RF1_ACUTE_DVT", "RF3_EMERGENCY", "RF10_NEURO_ISCHAEMIA"}
_SAME_DAY = {"RF4_SVT_NEAR_SFJ", "RF5_SVT_LONG", "URGENT_EHIT", "RF8_BLEEDING_VARIX"}


def cannot_wait(read: Interpretation) -> bool:
    """Say whether something cannot wait, so that no choice, and no waiting, is laid out now."""
    return any(alert.id in _STOPS | _SAME_DAY for alert in read.alerts)


def _treatments(ways: list[str], language: str) -> list[str]:
    if len(ways) == 1:
        said = [say(language, "one_way", way=part(language, ways[0]))]
    else:
        said = [say(language, "these_ways"), *(f"{say(language, way)}." for way in ways)]
    return [*said, say(language, "more_visits"), say(language, "risks")]


def care_advice(read: Interpretation) -> str:
    """Return the key of the advice on care; no socks where compression is barred on either leg."""
    barred = any(each.modality == "COMPRESSION_DEFAULT" for each in read.excluded)
    return "no_socks" if barred else "socks"
