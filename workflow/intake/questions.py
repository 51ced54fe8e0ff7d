"""List what an intake asks, in the order it is asked, and where each answer is kept.

A question's name is its path in the case file with `__` between the keys: `cramps__side` is
`intake.cramps.side`, and `clinical__R__c` is `clinical.R.c`.
"""

from collections.abc import Iterator
from datetime import date

from workflow.domain.limits import DEFAULT_LIMITS, Limits
from workflow.intake import past, seen, wording
from workflow.intake.asked import Question, Section
from workflow.intake.kinds import Height, Line, Number, Pick, Weight, YesNo
from workflow.intake.lists import Several

_WHY = Section(
    "why",
    "Why they come",
    "In general, before the legs.",
    (
        Question("concern", "What troubles them most, in their words", Line(500), optional=True),
        Question(
            "height_cm", "Height", Height(), hint="Centimetres, or feet and inches: 165, or 5 ft 5."
        ),
        Question("weight_kg", "Weight", Weight(), hint="Kilograms, or pounds: 70, or 154 lb."),
        Question(
            "standing_hours",
            "Hours on their feet on a working day",
            Number("0", "24", places=1, unit="hours"),
            optional=True,
        ),
        Question("mobility", "Getting about", Pick(wording.MOBILITY)),
        Question("smoker", "Smokes", YesNo()),
    ),
)

_CRAMPS = Section(
    "cramps",
    "Cramps",
    "A cramp is a sudden, painful tightening of a muscle.",
    (
        Question(
            "cramps__present",
            "Has leg cramps",
            YesNo(),
            needed="Ask whether they have leg cramps.",
        ),
        Question("cramps__side", "Which leg", Pick(wording.SIDES), after="cramps__present"),
        Question("cramps__site", "Where most", Pick(wording.CRAMP_SITES), after="cramps__present"),
        Question(
            "cramps__frequency",
            "How often",
            Pick(wording.CRAMP_FREQUENCIES),
            after="cramps__present",
        ),
        Question("cramps__timing", "When", Pick(wording.CRAMP_TIMINGS), after="cramps__present"),
        Question(
            "cramps__duration",
            "How long one lasts",
            Pick(wording.CRAMP_DURATIONS),
            after="cramps__present",
        ),
        Question(
            "cramps__residual_soreness",
            "Sore afterwards",
            Pick(wording.CRAMP_SORENESS),
            after="cramps__present",
        ),
        Question(
            "cramps__nrs_0_10",
            "How bad, from 0 to 10",
            Pick(wording.ZERO_TO_TEN, whole=True, look="scale"),
            hint="0 is no pain, 10 the worst they can imagine.",
            after="cramps__present",
        ),
        Question(
            "cramps__nights_per_week",
            "Nights a week they wake from one",
            Number("0", "7", places=1, unit="nights"),
            after="cramps__present",
        ),
        Question(
            "cramps__palpable_knot",
            "The muscle is hard to the touch",
            YesNo(),
            after="cramps__present",
        ),
        Question(
            "cramps__relief",
            "What eases it",
            Pick(wording.CRAMP_RELIEFS),
            hint="Pain on walking that goes when they stand still can come from the arteries.",
            after="cramps__present",
        ),
        Question(
            "cramps__weeks_since_onset",
            "Weeks since they began",
            Number("0", "5000", unit="weeks"),
            optional=True,
            after="cramps__present",
        ),
        Question(
            "cramps__conditions",
            "Other reasons for cramps",
            Several(wording.CRAMP_CONDITIONS),
            optional=True,
            after="cramps__present",
        ),
    ),
)

_SYMPTOMS = Section(
    "symptoms",
    "Symptoms in each leg",
    "Ask for each leg. “None of these” is an answer; an empty column is not.",
    (
        *(
            Question(
                f"symptoms__{leg}",
                f"Symptoms, {name} leg",
                Several(wording.SYMPTOMS, own="Something else"),
                needed=f"Ask for the symptoms of the {name} leg.",
            )
            for leg, name in wording.LEGS
        ),
        Question("worse_standing", "Worse after standing", YesNo()),
        Question("better_elevated", "Better with the legs up", YesNo()),
    ),
)

_RED_FLAGS = Section(
    "red-flags",
    "What cannot wait",
    "Ask for each of these today. What is ticked is acted on before anything else.",
    (
        Question(
            "red_flags",
            "Warning signs",
            Several(wording.RED_FLAGS, none="None of these, and each was asked"),
            needed="Ask for the warning signs.",
        ),
    ),
)

_ARTERIES = Section(
    "arteries",
    "Ankle pressure",
    "Where it was measured. Stockings and heat are unsafe on a leg with poor arteries.",
    tuple(
        question
        for leg, name in wording.LEGS
        for question in (
            Question(
                f"abi__{leg}", f"Ankle-brachial index, {name}", Number("0", "3", 2), optional=True
            ),
            Question(
                f"ankle_mmhg__{leg}",
                f"Ankle pressure, {name}",
                Number("0", "350", unit="mmHg"),
                optional=True,
            ),
        )
    ),
)

_WELLS = Section(
    "wells",
    "If a new clot is possible",
    "The Wells items. Ask them where a leg is newly swollen or tender.",
    tuple(Question(f"wells__{key}", label, YesNo(numeric=True)) for key, label in wording.WELLS),
    folded=True,
)

_VILLALTA = Section(
    "villalta",
    "After an earlier deep clot",
    "The Villalta score of the leg that had it, at least three months later.",
    (
        Question("villalta__leg", "Leg", Pick(wording.LEG_LETTERS)),
        *(
            Question(f"villalta__{key}", label, Pick(wording.SEVERITY, whole=True, look="scale"))
            for key, label in wording.VILLALTA
        ),
        Question("villalta__ulcer", "An ulcer is present", YesNo()),
    ),
    folded=True,
)

_SEEN = Section("seen", "What the clinician sees", "Patient standing.", seen.QUESTIONS)
_SCORE = Section(
    "severity",
    "Severity of each leg",
    "The revised venous clinical severity score: ten items, each from 0 to 3.",
    seen.SCORES,
)

SECTIONS: tuple[Section, ...] = (
    _WHY,
    _CRAMPS,
    _SYMPTOMS,
    _RED_FLAGS,
    past.HISTORY,
    past.MEDICINES,
    past.ALLERGIES,
    past.PROCEDURES,
    past.COMPRESSION,
    past.INSURANCE,
    _ARTERIES,
    _WELLS,
    _VILLALTA,
    _SEEN,
    _SCORE,
)

QUESTIONS: dict[str, Question] = {
    question.name: question for section in SECTIONS for question in section.questions
}


def asked_of(sex: str, born: date, on: date, limits: Limits = DEFAULT_LIMITS) -> Iterator[Question]:
    """Yield the questions that concern a person of this sex and age on that day.

    Pregnancy is asked between the ages of the clinic's limits (§3.10, WARN_UNKNOWN).
    """
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    bearing = sex != "M" and limits.pregnancy_from_years <= age <= limits.pregnancy_to_years
    return (each for each in QUESTIONS.values() if bearing or not each.childbearing)
