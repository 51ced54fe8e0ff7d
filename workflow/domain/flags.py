"""Decide what in a patient's answers cannot wait, or must be kept in mind (§3.9, §3.10)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from workflow.domain.alarm import alarm
from workflow.domain.anatomy import Leg
from workflow.domain.clinical import ClinicalLeg
from workflow.domain.intake import Intake, Mobility, Pfo, RedFlag
from workflow.domain.interpretation import Alert, Severity
from workflow.domain.limits import DEFAULT_LIMITS, Limits
from workflow.domain.patient_facts import (
    EMERGENCY,
    NEURO_ISCHAEMIA,
    claudication_pattern,
    shunt,
    wells_likely,
)
from workflow.domain.severity import villalta, wells
from workflow.domain.shape import Sides
from workflow.domain.substances import (
    ACRYLATE,
    allergic_agents,
    anticoagulant,
    names,
    takes_statin,
    trigger_drugs,
)

_DAYS_A_MONTH = Decimal("30.4375")
_MUSCLE_PAIN = {"cramps", "pain", "ache"}


def intake_flags(
    intake: Intake,
    clinical: Sides[ClinicalLeg],
    *,
    as_of: date,
    sex: str,
    born: date,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Alert, ...]:
    """Return the alerts that need no scan, from what was asked and what the clinician saw.

    What was not asked fires nothing here. Source of each: its entry in the closed list.
    """
    if born > as_of:  # a date typed wrong must not silence a flag; the form refuses it elsewhere
        as_of = born
    return (
        *_complaints(intake, limits),
        *_arteries(intake, limits),
        *_pregnancy(intake, sex),
        *_ulcers(clinical, limits),
        *_allergies(intake),
        *_foam(intake),
        *_medicines(intake),
        *_cosmetic(clinical),
    )


def _complaints(intake: Intake, limits: Limits) -> Iterator[Alert]:
    flags = set(intake.red_flags or ())
    if wells_likely(intake, limits):
        score = wells(intake.wells)
        total = score.total if score else None
        yield alarm("RF2_WELLS", f"Wells score {total}: scan today, deep veins included.")
    if flags & EMERGENCY:
        said = _listed(flags & EMERGENCY)
        yield alarm("RF3_EMERGENCY", f"Reported at intake: {said}. Call emergency services.")
    if RedFlag.BLEEDING_VARIX in flags:
        yield alarm("RF8_BLEEDING_VARIX", "A varicose vein has bled: refer immediately.")
    if flags & NEURO_ISCHAEMIA:
        said = _listed(flags & NEURO_ISCHAEMIA)
        yield alarm("RF10_NEURO_ISCHAEMIA", f"Reported at intake: {said}. This is an emergency.")
    if RedFlag.DARK_URINE in flags and _muscle_pain(intake):
        yield alarm(
            "RF11_DARK_URINE", "Dark urine with muscle pain: measure creatine kinase today."
        )
    if claudication_pattern(intake):
        yield alarm(
            "WARN_CLAUDICATION_PATTERN",
            "Pain on walking that eases on standing still: look at the arteries.",
            _cramp_leg(intake),
        )
    score = villalta(intake.villalta)
    if score is not None and score.level != "none":
        text = f"Villalta {score.total}: {score.level} post-thrombotic syndrome."
        yield alarm("WARN_PTS", text, score.leg)


def _listed(flags: set[RedFlag]) -> str:
    return ", ".join(flag.words for flag in RedFlag if flag in flags)


def _muscle_pain(intake: Intake) -> bool:
    """Say whether muscle pain is told, or was never asked about."""
    told = [intake.symptoms_of(leg) for leg in Leg]
    if any(set(each or ()) & _MUSCLE_PAIN for each in told):
        return True
    present = intake.cramps.present if intake.cramps else None
    return bool(present) or (present is None and None in told)


def _cramp_leg(intake: Intake) -> Leg | None:
    side = intake.cramps.side if intake.cramps else None
    return Leg(side) if side in {"R", "L"} else None


def _arteries(intake: Intake, limits: Limits) -> Iterator[Alert]:
    for leg in Leg:
        abi = intake.abi_of(leg)
        if abi is None:
            continue
        told = f"Ankle-brachial index {abi} in the {leg.word} leg"
        if abi < limits.abi_severe:
            text = f"{told}: severe arterial disease. No compression and no ablation."
            yield alarm("RF6_ABI", text, leg, severity=Severity.STOP)
        elif abi <= limits.abi_arterial:
            yield alarm("RF6_ABI", f"{told}: arterial disease. Arterial work-up.", leg)
        elif abi > limits.abi_stiff:
            yield alarm("RF6_ABI", f"{told}: not compressible. Measure the toe index.", leg)


def _pregnancy(intake: Intake, sex: str) -> Iterator[Alert]:
    if intake.pregnant:
        weeks = f", {intake.gestation_weeks} weeks" if intake.gestation_weeks is not None else ""
        check = " The record says male: check which is right." if sex == "M" else ""
        text = f"Pregnant{weeks}: no elective procedure. The scan may be done.{check}"
        yield alarm("RF9_PREGNANCY", text)


def _ulcers(clinical: Sides[ClinicalLeg], limits: Limits) -> Iterator[Alert]:
    for leg in Leg:
        seen = clinical.of(leg)
        if seen is not None and _old_ulcer(seen, limits):
            text = f"An ulcer of the {leg.word} leg has been open for two weeks or more."
            yield alarm("RF12_ULCER_PRIORITY", text, leg)


def _old_ulcer(seen: ClinicalLeg, limits: Limits) -> bool:
    """Say whether an open ulcer is known to be two weeks old or older."""
    counted = seen.vcss.ulcer_number if seen.vcss else None
    active = bool(counted) or seen.rank == 6 or (seen.c is None and seen.ulcer is not None)
    if not active:
        return False
    if seen.ulcer is not None and seen.ulcer.months is not None:
        return seen.ulcer.months * _DAYS_A_MONTH >= limits.ulcer_days
    return seen.vcss is not None and (seen.vcss.ulcer_duration or 0) >= 2  # three months or more


def _allergies(intake: Intake) -> Iterator[Alert]:
    if names(intake.allergies, ACRYLATE):
        text = "Allergy to acrylate or glue: cyanoacrylate closure is ruled out."
        yield alarm("STOP_ACRYLATE_ALLERGY", text)
    barred = allergic_agents(intake.allergies)
    if barred:
        said = " and ".join(sorted(barred, reverse=True))
        yield alarm("STOP_SCLEROSANT_ALLERGY", f"Allergy to {said}: it is ruled out.")


def _foam(intake: Intake) -> Iterator[Alert]:
    if intake.mobility is Mobility.BEDRIDDEN:
        yield alarm("STOP_STS_LABEL", "Bedridden: the label rules sodium tetradecyl sulfate out.")
    if shunt(intake):
        why = "a symptomatic right-to-left shunt"
        if intake.pfo is not Pfo.SYMPTOMATIC:
            why = "a neurological event after earlier sclerotherapy"
        yield alarm("STOP_FOAM_SHUNT", f"Foam is ruled out: {why}.")
    if intake.migraine_aura or intake.pfo is Pfo.ASYMPTOMATIC:
        why = "migraine with aura" if intake.migraine_aura else "a known PFO without symptoms"
        yield alarm("WARN_FOAM_MIGRAINE_AURA", f"Caution with foam, small volumes: {why}.")


def _medicines(intake: Intake) -> Iterator[Alert]:
    if agent := anticoagulant(intake.anticoagulant, intake.medications):
        yield alarm("WARN_ANTICOAG", f"On an anticoagulant: {agent}.")
    for group in trigger_drugs(intake.medications):
        told = group.replace("_", " ").lower().replace("laba", "LABA").replace("iv ", "IV ")
        text = f"A medicine linked with leg cramps is taken ({told})."
        yield alarm(f"WARN_TRIGGER_DRUG_{group}", text)
    if takes_statin(intake.medications):
        yield alarm("INFO_STATIN", "On a statin: ask about muscle weakness and dark urine.")


def _cosmetic(clinical: Sides[ClinicalLeg]) -> Iterator[Alert]:
    """C1 at most and asymptomatic: said once for both legs, or of the one leg with spider veins."""
    seen = {leg: clinical.of(leg) for leg in Leg}
    mild = {
        leg: each.rank
        for leg, each in seen.items()
        if each is not None and each.rank in {0, 1} and each.symptomatic is False
    }
    text = "No more than spider veins and no symptoms: treatment would be cosmetic."
    if len(mild) == len(seen):
        yield alarm("INFO_COSMETIC", text)
        return
    for leg, rank in mild.items():
        if rank == 1:
            yield alarm("INFO_COSMETIC", text, leg)
