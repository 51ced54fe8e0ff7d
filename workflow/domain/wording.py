"""Say what a report needs in words: the history, the technique, the statement on clots."""

from collections.abc import Iterator

from workflow.domain.anatomy import Leg, vein_name
from workflow.domain.case import Case
from workflow.domain.findings import Compressibility, Manoeuvre, Purpose, Reading, Thrombus
from workflow.domain.impression import impression
from workflow.domain.intake import Intake, PriorProcedure
from workflow.domain.patientmessage import patient_message
from workflow.domain.patientwords import (
    GLOSSARY,
    call_now,
    glossary,
    main_message,
    patient_choices,
    patient_found,
    patient_means,
)
from workflow.domain.phrases import (
    capital,
    day_words,
    listed,
    partial_day_words,
    plain_number,
    site_words,
)
from workflow.domain.recorded import ExamPart
from workflow.domain.thrombosis import after_ablation

__all__ = [
    "GLOSSARY",
    "call_now",
    "glossary",
    "history_lines",
    "impression",
    "main_message",
    "patient_choices",
    "patient_found",
    "patient_means",
    "patient_message",
    "technique_lines",
    "thrombus_statement",
]

_MANOEUVRES = {
    Manoeuvre.VALSALVA: "the Valsalva manoeuvre",
    Manoeuvre.MANUAL_COMPRESSION: "manual compression and release",
    Manoeuvre.CUFF_COMPRESSION: "rapid cuff deflation",
    Manoeuvre.DORSIFLEXION: "dorsiflexion of the foot",
    Manoeuvre.PARANA: "the Paraná manoeuvre",
    Manoeuvre.RELEASE_STANDING: "release while standing",
}
_FREQUENCY = {
    "<1/mo": "less than once a month",
    "1-3/mo": "1 to 3 times a month",
    "1-2/wk": "1 or 2 times a week",
    "3-6/wk": "3 to 6 times a week",
    "daily": "daily",
}
_DURATION = {
    "<1 min": "less than a minute each",
    "1-9 min": "1 to 9 minutes each",
    ">=10 min": "10 minutes or longer each",
}
_PURPOSES = {
    Purpose.REFLUX: "Duplex ultrasound for reflux of the leg veins.",
    Purpose.DVT_RULE_OUT: "Duplex ultrasound of the leg veins for thrombosis.",
    Purpose.SURVEILLANCE: "Duplex ultrasound of the leg veins after ablation.",
}


def thrombus_statement(case: Case) -> str:
    """Return the report's statement on clots, positive or negative, for all that was examined.

    Terms follow the SRU 2018 consensus: acute venous thrombosis, chronic post-thrombotic change.
    """
    readings = case.exam.segments
    if not readings:
        return "No site was examined for thrombus."
    said = []
    for thrombus, words in (
        (Thrombus.ACUTE, "Acute venous thrombosis"),
        (Thrombus.INDETERMINATE, "Thrombus of uncertain age"),
        (Thrombus.CHRONIC, "Chronic post-thrombotic change"),
    ):
        found = [r for r in readings if r.thrombus is thrombus]
        if found:
            said.append(f"{words}: {listed(_site(r, case) for r in found)}.")
    loose = {Compressibility.PARTIAL, Compressibility.NONE}
    doubtful = [
        r
        for r in readings
        if r.site.deep and r.compressibility in loose and r.thrombus in {None, Thrombus.NONE}
    ]
    if doubtful:
        where = listed(_site(r, case) for r in doubtful)
        said.append(f"Not fully compressible, so thrombosis is not excluded: {where}.")
    unsaid = [r for r in readings if r.thrombus is None]
    if len(unsaid) == len(readings):
        return "Whether a thrombus was seen has not been recorded."
    if not said:
        said.append(
            "No acute thrombus and no post-thrombotic change was seen at the sites examined."
        )
    if unsaid:
        said.append(f"Not stated for: {listed(_site(r, case) for r in unsaid)}.")
    return " ".join(said)


def _site(reading: Reading, case: Case) -> str:
    own = " (after ablation)" if _is_own(reading, case) else ""
    return f"{reading.leg.word} {site_words(reading.segment)}{own}"


def _is_own(reading: Reading, case: Case) -> bool:
    clotted = reading.thrombus in {Thrombus.ACUTE, Thrombus.INDETERMINATE}
    return clotted and after_ablation(reading, case)


def technique_lines(exam: ExamPart) -> tuple[str, ...]:
    """Return how the scan was done: modes, position, provocation; what is not recorded is said."""
    said = [
        _PURPOSES[exam.purpose] if exam.purpose else "The purpose of the scan was not recorded."
    ]
    said.append("B-mode imaging with compression, spectral Doppler and colour Doppler.")
    if exam.position is None:
        said.append("The patient's position was not recorded.")
    else:
        said.append(f"Position: {_words(exam.position)}.")
    apart = [r for r in exam.segments if r.position not in {None, exam.position}]
    for reading in apart:
        where = f"{capital(reading.leg.word)} {site_words(reading.segment)}"
        said.append(f"{where}: {_words(reading.position or '')}.")
    if exam.manoeuvres:
        how = listed(_MANOEUVRES[each] for each in dict.fromkeys(exam.manoeuvres))
        said.append(f"Reflux was provoked by {how}.")
    else:
        said.append("How reflux was provoked was not recorded.")
    return tuple(said)


def _words(value: str) -> str:
    return str(value).replace("_", " ")


def history_lines(intake: Intake) -> tuple[str, ...]:
    """Return the history for the report: clots, procedures, compression, symptoms, medicines.

    What was not asked is said to be not asked; nothing is filled in.
    """
    said = [
        _earlier_clots(intake),
        _earlier_procedures(intake),
        _compression(intake),
        *_symptoms(intake),
        *_cramps(intake),
        _asked("Anticoagulant", intake.anticoagulant),
        _several("Medicines", intake.medications),
        _several("Allergies", intake.allergies),
    ]
    if intake.pregnant:
        weeks = intake.gestation_weeks
        said.append(f"Pregnant, {plain_number(weeks)} weeks." if weeks is not None else "Pregnant.")
    if intake.family_history_vv is not None:
        said.append(f"Varicose veins in the family: {'yes' if intake.family_history_vv else 'no'}.")
    return tuple(line for line in said if line)


def _asked(name: str, value: str | None) -> str:
    return f"{name}: {value.rstrip('.')}." if value else ""


def _several(name: str, values: tuple[str, ...] | None) -> str:
    if values is None:
        return f"{name}: not asked."
    return f"{name}: {listed(values) if values else 'none'}."


def _earlier_clots(intake: Intake) -> str:
    if intake.prior_vte is None:
        return "Earlier venous thrombosis: not asked."
    if not intake.prior_vte:
        return "Earlier venous thrombosis: none."
    each = [
        " ".join(
            filter(
                None,
                [
                    f"{vte.leg.word} leg" if vte.leg else "leg not stated",
                    f"({partial_day_words(str(vte.date))})" if vte.date else "",
                ],
            )
        )
        for vte in intake.prior_vte
    ]
    return f"Earlier venous thrombosis: {listed(each)}."


def _earlier_procedures(intake: Intake) -> str:
    if intake.prior_vein_procedures is None:
        return "Earlier vein procedures: not asked."
    if not intake.prior_vein_procedures:
        return "Earlier vein procedures: none."
    return f"Earlier vein procedures: {'; '.join(map(_procedure, intake.prior_vein_procedures))}."


def _procedure(done: PriorProcedure) -> str:
    vein = vein_name(done.vein.strip().upper()) if done.vein else "vein not stated"
    side = f"{done.leg.word} " if done.leg else ""
    parts = [
        f"{side}{vein}",
        done.technique or "",
        partial_day_words(done.when) if done.when else "",
    ]
    return ", ".join(filter(None, [*parts, done.result or ""]))


_STOCKINGS = {"knee": "to the knee", "thigh": "to the thigh", "tights": "tights"}


def _compression(intake: Intake) -> str:
    trial = intake.compression_trial
    if trial is None:
        return "Compression trial: not recorded."
    span = ""
    if trial.start and trial.end:
        weeks = (trial.end - trial.start).days // 7
        span = f"{day_words(trial.start)} to {day_words(trial.end)} ({weeks} weeks)"
    elif trial.start:
        span = f"since {day_words(trial.start)}, end not recorded"
    elif trial.weeks is not None:
        span = f"{plain_number(trial.weeks)} weeks, dates not recorded"
    hours = trial.wear_hours_per_day
    parts = [
        span,
        f"{trial.class_mmhg} mmHg" if trial.class_mmhg else "",
        _STOCKINGS.get(trial.length or "", trial.length or ""),
        f"prescribed by: {trial.prescribed_by}" if trial.prescribed_by else "",
        f"{plain_number(hours)} hours a day" if hours is not None else "",
        f"use: {trial.adherence}" if trial.adherence else "",
        f"effect: {trial.effect}" if trial.effect else "",
        f"stopped because: {trial.reason_stopped}" if trial.reason_stopped else "",
    ]
    return f"Compression trial: {', '.join(filter(None, parts)) or 'no details recorded'}."


def _symptoms(intake: Intake) -> Iterator[str]:
    for leg in Leg:
        told = intake.symptoms_of(leg)
        if told is None:
            yield f"Symptoms of the {leg.word} leg: not asked."
        else:
            words = listed(word.replace("_", " ") for word in told)
            yield f"Symptoms of the {leg.word} leg: {words or 'none'}."


def _cramps(intake: Intake) -> Iterator[str]:
    cramps = intake.cramps
    if cramps is None or cramps.present is None:
        return
    if not cramps.present:
        yield "Leg cramps: none."
        return
    side = {"R": "right", "L": "left", "both": "both legs,"}.get(cramps.side or "", "")
    where = " ".join(filter(None, [side, cramps.site or ""]))
    pain = f"pain {cramps.nrs_0_10} of 10" if cramps.nrs_0_10 is not None else ""
    timing = {"night": "at night", "evening": "in the evening", "exercise": "on exercise",
              "rest": "at rest", "any": "at any time"}.get(cramps.timing or "", "")  # fmt: skip
    parts = [
        where,
        _FREQUENCY.get(cramps.frequency or "", ""),
        timing,
        _DURATION.get(cramps.duration or "", ""),
        pain,
    ]
    yield f"Leg cramps: {', '.join(filter(None, parts))}."
