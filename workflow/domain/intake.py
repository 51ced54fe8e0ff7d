"""Hold what a patient was asked, and read it strictly (§3.6).

None means not asked; it never means no.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from workflow.domain import shape
from workflow.domain.anatomy import Leg
from workflow.domain.errors import CaseRefused
from workflow.domain.questionnaire import (
    Cramps,
    Villalta,
    Wells,
    read_cramps,
    read_villalta,
    read_wells,
)
from workflow.domain.shape import NOTHING, Reader, Sides


class Mobility(StrEnum):
    """How the patient gets about."""

    INDEPENDENT = "independent"
    AIDED = "aided"
    BEDRIDDEN = "bedridden"


class Pfo(StrEnum):
    """What is known of a right-to-left shunt in the heart."""

    UNKNOWN = "unknown"
    NONE = "none"
    ASYMPTOMATIC = "asymptomatic"
    SYMPTOMATIC = "symptomatic"


class RedFlag(StrEnum):
    """A complaint that cannot wait (§3.9)."""

    CHEST_PAIN = "chest_pain"
    DYSPNOEA = "dyspnoea"
    SYNCOPE = "syncope"
    BLEEDING_VARIX = "bleeding_varix"
    LEG_WEAKNESS = "leg_weakness"
    NUMB_FOOT = "numb_foot"
    REST_PAIN = "rest_pain"
    GANGRENE = "gangrene"
    DARK_URINE = "dark_urine"

    @property
    def words(self) -> str:
        """Return the complaint as staff say it: 'chest pain'."""
        return self.value.replace("_", " ")


SYMPTOMS = (
    "ache",
    "heaviness",
    "swelling",
    "itch",
    "burning",
    "throbbing",
    "restless_legs",
    "cramps",
    "pain",
)


@dataclass(frozen=True, slots=True)
class PriorVte:
    """An earlier clot; `date` may be a year, a month or a day."""

    leg: Leg | None = None
    date: str | int | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class PriorProcedure:
    """An earlier vein procedure; lengths in cm, energy in J, fluid in mL."""

    leg: Leg | None = None
    vein: str | None = None
    technique: str | None = None
    date: str | int | None = None
    year: int | None = None
    result: str | None = None
    tip_to_sfj_cm: Decimal | None = None
    length_cm: Decimal | None = None
    energy_j: Decimal | None = None
    tumescent_ml: Decimal | None = None
    lidocaine_percent: Decimal | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    @property
    def when(self) -> str:
        """Return the date as far as it is known ('2021', '2026-05'), or an empty text."""
        known = self.date if self.date is not None else self.year
        return "" if known is None else str(known)


@dataclass(frozen=True, slots=True)
class CompressionTrial:
    """A trial of compression stockings (§3.6): its dates, or `weeks` where they are not known."""

    start: date | None = None
    end: date | None = None
    weeks: Decimal | None = None
    class_mmhg: str | None = None
    length: str | None = None
    prescribed_by: str | None = None
    wear_hours_per_day: Decimal | None = None
    adherence: str | None = None
    effect: str | None = None
    reason_stopped: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Intake:
    """What was asked at intake. None = not asked, an empty tuple = asked, and there is none."""

    height_cm: Decimal | None = None
    weight_kg: Decimal | None = None
    pregnant: bool | None = None
    gestation_weeks: Decimal | None = None
    active_cancer: bool | None = None
    anticoagulant: str | None = None
    allergies: tuple[str, ...] | None = None
    medications: tuple[str, ...] | None = None
    migraine_aura: bool | None = None
    family_history_vv: bool | None = None
    smoker: bool | None = None
    mobility: Mobility | None = None
    pfo: Pfo | None = None
    neuro_event_after_sclerotherapy: bool | None = None
    prior_vte: tuple[PriorVte, ...] | None = None
    prior_vein_procedures: tuple[PriorProcedure, ...] | None = None
    compression_trial: CompressionTrial | None = None
    red_flags: tuple[RedFlag, ...] | None = None
    abi: Sides[Decimal] | None = None
    ankle_mmhg: Sides[Decimal] | None = None
    symptoms: Sides[tuple[str, ...]] | None = None
    cramps: Cramps | None = None
    wells: Wells | None = None
    villalta: Villalta | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def abi_of(self, leg: Leg) -> Decimal | None:
        """Return the ankle-brachial index of a leg, or None where it is not known."""
        return self.abi.of(leg) if self.abi else None

    def ankle_of(self, leg: Leg) -> Decimal | None:
        """Return the ankle pressure of a leg in mmHg, or None where it is not known."""
        return self.ankle_mmhg.of(leg) if self.ankle_mmhg else None

    def symptoms_of(self, leg: Leg) -> tuple[str, ...] | None:
        """Return the symptoms of a leg, or None where they were not asked."""
        return self.symptoms.of(leg) if self.symptoms else None


_YEAR = shape.whole(1850, 2200)
_WHEN = shape.either(shape.partial_day, _YEAR, when=str)
_VTE: Mapping[str, Reader[Any]] = {"leg": shape.member(Leg), "date": _WHEN}
_PROCEDURE: Mapping[str, Reader[Any]] = {
    "leg": shape.member(Leg),
    "vein": shape.text,
    "technique": shape.text,
    "date": _WHEN,
    "year": _YEAR,
    "result": shape.text,
    "tip_to_sfj_cm": shape.number("-10", "100"),
    "length_cm": shape.number("0", "150"),
    "energy_j": shape.number("0", "100000"),
    "tumescent_ml": shape.number("0", "5000"),
    "lidocaine_percent": shape.number("0", "10"),
}
_TRIAL: Mapping[str, Reader[Any]] = {
    "start": shape.day,
    "end": shape.day,
    "weeks": shape.number("0", "2000"),
    "class_mmhg": shape.text,
    "length": shape.text,
    "prescribed_by": shape.text,
    "wear_hours_per_day": shape.number("0", "24"),
    "adherence": shape.text,
    "effect": shape.text,
    "reason_stopped": shape.text,
}


def _trial(value: Any, path: str) -> CompressionTrial:
    trial = shape.build(CompressionTrial, _TRIAL, value, path)
    if trial.start and trial.end and trial.end < trial.start:
        raise CaseRefused(f"{path}.end", "is before the start of the trial.")
    return trial


_INTAKE: Mapping[str, Reader[Any]] = {
    "height_cm": shape.number("30", "260"),
    "weight_kg": shape.number("1", "500"),
    "pregnant": shape.boolean,
    "gestation_weeks": shape.number("0", "45"),
    "active_cancer": shape.boolean,
    "anticoagulant": shape.text,
    "allergies": shape.several(shape.text),
    "medications": shape.several(shape.text),
    "migraine_aura": shape.boolean,
    "family_history_vv": shape.boolean,
    "smoker": shape.boolean,
    "mobility": shape.member(Mobility),
    "pfo": shape.member(Pfo),
    "neuro_event_after_sclerotherapy": shape.boolean,
    "prior_vte": shape.several(lambda v, p: shape.build(PriorVte, _VTE, v, p)),
    "prior_vein_procedures": shape.several(
        lambda v, p: shape.build(PriorProcedure, _PROCEDURE, v, p)
    ),
    "compression_trial": _trial,
    "red_flags": shape.several(shape.member(RedFlag)),
    "abi": shape.sides(shape.number("0", "3")),
    "ankle_mmhg": shape.sides(shape.number("0", "350")),
    "symptoms": shape.sides(shape.several(shape.text)),
    "cramps": read_cramps,
    "wells": read_wells,
    "villalta": read_villalta,
}


def read_intake(value: object, path: str = "intake") -> Intake:
    """Return the intake a mapping of JSON values holds; raise CaseRefused at the first wrong key.

    Keys, lists and ranges follow §3.3–3.9 of the clinical reference. Lengths are cm, weights kg,
    pressures mmHg.
    """
    return shape.build(Intake, _INTAKE, value, path)


def write_intake(intake: Intake) -> dict[str, Any]:
    """Return an intake as the mapping it was read from."""
    written: dict[str, Any] = shape.plain(intake)
    return written
