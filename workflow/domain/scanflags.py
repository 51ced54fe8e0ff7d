"""Decide what in a scan, an option or a dose cannot wait, or must be kept in mind (§3.10)."""

from collections.abc import Iterator

from workflow.domain.alarm import alarm
from workflow.domain.anatomy import Leg, vein_name
from workflow.domain.case import Case
from workflow.domain.findings import Position, Reading, Thrombus
from workflow.domain.interpretation import Alert, DoseLevel, Option, Severity
from workflow.domain.legstate import LegState
from workflow.domain.modality import METHODS, PROCEDURES
from workflow.domain.patient_facts import PatientFacts, age, compression_barred
from workflow.domain.phrases import site_words
from workflow.domain.profile import Profile
from workflow.domain.reflux import payers_that_differ
from workflow.domain.thrombosis import TRUNK_VEINS

_THERMAL_TRUNK = frozenset({"RFA", "EVLA"})
_FEMOROPOPLITEAL = {"CFV", "FV", "POPV"}


def thrombosis_flags(case: Case, legs: tuple[LegState, ...]) -> Iterator[Alert]:
    """Yield the alerts for clots: deep, superficial, and extensions after an ablation."""
    for state in legs:
        leg = state.leg
        if state.acute_deep:
            text = f"Acute DVT, or suspected, in the {leg.word} leg: {'; '.join(state.acute_deep)}."
            yield alarm("RF1_ACUTE_DVT", text, leg)
        for clot in state.svt:
            where = f"Acute superficial thrombosis of the {leg.word} {vein_name(clot.vein)}"
            if clot.extent == "<=3cm_of_SFJ":
                tip = "tip not measured" if clot.tip_cm is None else f"tip {clot.tip_cm} cm away"
                text = f"{where}, close to the junction ({tip}): the physician decides today."
                yield alarm("RF4_SVT_NEAR_SFJ", text, leg)
            elif clot.extent == ">=5cm" and clot.vein in TRUNK_VEINS:
                text = f"{where}, {clot.length_cm} cm long: the physician decides today."
                yield alarm("RF5_SVT_LONG", text, leg)
        yield from _extension(state)
        if case.intake.pregnant and _acute_thrombus(state):
            text = "Pregnant with acute thrombosis: no direct oral anticoagulant."
            yield alarm("STOP_DOAC_PREGNANCY", text, leg)


def _acute_thrombus(state: LegState) -> bool:
    return bool(state.acute_deep) or any(r.thrombus is Thrombus.ACUTE for r in state.readings)


def _extension(state: LegState) -> Iterator[Alert]:
    found = state.ehit
    if found is None or found.level == "I":
        return
    severity = Severity.STOP if found.level in {"III", "IV"} else Severity.URGENT
    where = f"Thrombus extension after ablation at the {vein_name(found.junction)}"
    text = f"{where}: {found.question or f'class {found.level}.'}"
    yield alarm("URGENT_EHIT", text, state.leg, severity=severity)


def reading_flags(case: Case, legs: tuple[LegState, ...], profile: Profile) -> Iterator[Alert]:
    """Yield the alerts for single readings: position, borderline times, payers' comparisons."""
    yield from _position(case)
    for state in legs:
        leg = state.leg
        pairs = list(zip(state.readings, state.segments, strict=True))
        if near := [r for r, result in pairs if result.borderline]:
            text = f"Within 10 % of the cut-off, to be confirmed ({leg.word} leg): {_sites(near)}."
            yield alarm("WARN_BORDERLINE", text, leg)
        if apart := [(r, names) for r, s in pairs if (names := payers_that_differ(r, s))]:
            payers = " and ".join(sorted({name for _, names in apart for name in names}))
            sites = _sites([reading for reading, _ in apart])
            text = f"Judged otherwise by {payers} ({leg.word} leg): {sites}."
            yield alarm("WARN_CLINICAL_VS_PAYER", text, leg)
        low, high = profile.limits.deep_note_ms, profile.femoropopliteal.ms
        if below := [
            r
            for r in state.readings
            if r.vein in _FEMOROPOPLITEAL and r.reflux_ms is not None and low < r.reflux_ms <= high
        ]:
            text = (
                f"Deep reflux below its cut-off of {high:,} ms ({leg.word} leg): {_sites(below)}."
            )
            yield alarm("INFO_DEEP_BELOW_CUTOFF", text, leg)


def _sites(readings: list[Reading]) -> str:
    return "; ".join(f"{site_words(r.segment)}, {r.reflux_ms or 0:,} ms" for r in readings)


def _position(case: Case) -> Iterator[Alert]:
    """One alert for a scan not done standing; one a leg where single sites were not."""
    timed = [r for r in case.exam.segments if r.reflux_ms is not None]
    general = case.exam.position
    not_standing = general is not None and general is not Position.STANDING
    if not_standing and any(r.position is None or r.position is general for r in timed):
        how = str(general).replace("_", " ")
        yield alarm("WARN_NOT_STANDING", f"Reflux was timed {how}, not standing.")
    for leg in Leg:
        apart = [
            r
            for r in timed
            if r.position is not None
            and r.leg is leg
            and r.position not in {Position.STANDING, general}
        ]
        if apart:
            text = f"Not timed standing ({leg.word} leg): {_sites(apart)}."
            yield alarm("WARN_NOT_STANDING", text, leg)


def leg_flags(legs: tuple[LegState, ...]) -> Iterator[Alert]:
    """Yield the alerts for the systems of a leg: deep reflux, outflow, closure after treatment."""
    for state in legs:
        leg = state.leg
        if state.deep_reflux or state.post_thrombotic_deep:
            why = "deep reflux" if state.deep_reflux else "deep post-thrombotic change"
            text = f"The label rules sodium tetradecyl sulfate out: {why} in the {leg.word} leg."
            yield alarm("STOP_STS_LABEL", text, leg)
        if state.deep_reflux and state.superficial_reflux:
            text = f"Deep and superficial veins of the {leg.word} leg both reflux."
            yield alarm("WARN_DEEP_REFLUX", text, leg)
        if state.outflow_obstructed:
            text = f"Flow in the {leg.word} groin does not follow breathing: look above the groin."
            yield alarm("WARN_PROXIMAL_OBSTRUCTION", text, leg)
        closures = {name: vein.closure for name, vein in state.veins.items() if vein.closure}
        for name, closure in closures.items():
            if closure == "complete":
                text = f"The treated {leg.word} {vein_name(name)} is shut along its treated length."
                yield alarm("INFO_CLOSURE_COMPLETE", text, leg)
            elif closure == "recanalised":
                text = f"The treated {leg.word} {vein_name(name)} is open again."
                yield alarm("WARN_RECANALISED", text, leg)


def option_flags(
    case: Case, legs: tuple[LegState, ...], options: tuple[Option, ...], patient: PatientFacts
) -> Iterator[Alert]:
    """Yield the alerts that hang on what is offered: nerves, depth, label, what is not known."""
    for state in legs:
        own = [option for option in options if option.leg is state.leg]
        hot = {option.vein for option in own if option.modality in _THERMAL_TRUNK}
        if "SSV" in hot:
            text = "Heat in the small saphenous vein lies near the sural nerve."
            yield alarm("WARN_SURAL_NERVE", text, state.leg)
        if "GSV" in hot and _refluxes_below_knee(state):
            text = "The great saphenous vein refluxes below the knee, near the saphenous nerve."
            yield alarm("WARN_SAPHENOUS_NERVE", text, state.leg)
        shallow = [
            r
            for r in state.readings
            if r.vein in hot
            and r.depth_mm is not None
            and r.depth_mm < state.profile.limits.thermal_depth_mm
        ]
        if shallow:
            least = min(r.depth_mm for r in shallow if r.depth_mm is not None)
            text = f"The vein lies {least} mm below the skin: heat may burn it."
            yield alarm("WARN_THERMAL_DEPTH", text, state.leg)
        if off := [option for option in own if option.off_label]:
            named = ", ".join(dict.fromkeys(METHODS[o.modality].name for o in off))
            yield alarm("WARN_OFF_LABEL", f"Outside its US label: {named}.", state.leg)
    yield from _unknown(case, legs, options)


def _refluxes_below_knee(state: LegState) -> bool:
    below = {"GSV_PC", "GSV_MC", "GSV_DC"}
    return any(result.reflux and result.segment in below for result in state.segments)


def _unknown(
    case: Case, legs: tuple[LegState, ...], options: tuple[Option, ...]
) -> Iterator[Alert]:
    """Warn of what was not asked where an option depends on it (§3.10 WARN_UNKNOWN)."""
    procedures = [option for option in options if option.modality in PROCEDURES]
    years = age(case.patient.born, case.as_of)
    limits = legs[0].profile.limits
    # a record that says X does not tell whether a pregnancy is possible, so it is asked too
    if (
        procedures
        and case.intake.pregnant is None
        and case.patient.sex != "M"
        and limits.pregnancy_from_years <= years <= limits.pregnancy_to_years
    ):
        yield alarm("WARN_UNKNOWN", "Pregnancy was not asked; a procedure depends on it.")
    if procedures and case.intake.allergies is None:
        yield alarm("WARN_UNKNOWN", "Allergies were not asked; a procedure depends on them.")
    for state in legs:
        ulcer = (state.clinical.rank or 0) >= 5
        depends = any(
            o.leg is state.leg and (o in procedures or o.modality == "CONS") for o in options
        )
        if ulcer and state.abi is None and depends:
            text = f"The ankle-brachial index of the {state.leg.word} leg is not known; compression depends on it."  # noqa: E501
            yield alarm("WARN_UNKNOWN", text, state.leg)


def dose_flags(*doses: DoseLevel | None) -> Iterator[Alert]:
    """Yield the alerts for doses beyond their soft or their hard limit (§4.6, 4.7)."""
    for dose in doses:
        if dose is None:
            continue
        if dose.level in {"soft_stop", "warn"}:
            yield alarm("WARN_DOSE", dose.reason, dose.leg)
        elif dose.level == "hard_stop":
            yield alarm("STOP_DOSE", f"{dose.reason} It needs a written reason.", dose.leg)


def compression_flags(case: Case, legs: tuple[LegState, ...]) -> Iterator[Alert]:
    """Yield RF7 where a plan chooses compression on a leg whose arteries forbid it."""
    if case.plan is None or case.plan.compression_mmhg in {None, "", "0", "none"}:
        return
    planned = {item.leg for item in case.plan.items or () if item.leg is not None}
    for state in legs:
        reason = compression_barred(state)
        if reason and (not planned or state.leg in planned):
            yield alarm("RF7_ABI_COMPRESSION", f"Compression is planned. {reason}", state.leg)
