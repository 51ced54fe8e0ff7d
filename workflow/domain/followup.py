"""Decide how a treatment turned out: closure, complications, scores and cramps over time (§5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from workflow.domain.interpretation import VcssTotal
from workflow.domain.limits import DEFAULT_LIMITS, Limits
from workflow.domain.profile import SVS_2022, Profile
from workflow.domain.questionnaire import CRAMP_FREQUENCIES, Cramps

# ---------------------------------------------------------------- closure


@dataclass(frozen=True, slots=True)
class PatentSegment:
    """A part of a treated vein that is open: its length in cm, its reflux in ms where timed."""

    cm: Decimal
    reflux_ms: int | None = None


def closure_of(
    patent: Iterable[PatentSegment], *, limits: Limits = DEFAULT_LIMITS, profile: Profile = SVS_2022
) -> str:
    """Return what became of a treated vein: `complete`, `partial` or `recanalised` (§5.3).

    Complete while every patent part is shorter than 5 cm; recanalised with a part longer than
    10 cm, or with reflux beyond the superficial cut-off in any part; partial between the two.
    """
    parts = list(patent)
    leaks = any(
        part.reflux_ms is not None and profile.superficial.refluxes(part.reflux_ms)
        for part in parts
    )
    longest = max((part.cm for part in parts), default=Decimal(0))
    if leaks or longest > limits.patent_recanalised_cm:
        return "recanalised"
    return "complete" if longest < limits.patent_complete_cm else "partial"


# ---------------------------------------------------------------- complications


class Complication(StrEnum):
    """What can go wrong with or after a procedure (§5.4); the closed list of the record."""

    BRUISE = "bruise"
    HAEMATOMA = "haematoma"
    PAIN_OVER_7_DAYS = "pain_over_7_days"
    PHLEBITIS = "phlebitis_superficial"
    RETAINED_COAGULUM = "retained_coagulum"
    PIGMENTATION = "pigmentation"
    MATTING = "matting"
    PARAESTHESIA_SAPHENOUS = "paraesthesia_saphenous"
    PARAESTHESIA_SURAL = "paraesthesia_sural"
    PARAESTHESIA_TIBIAL = "paraesthesia_tibial"
    SKIN_BURN = "skin_burn"
    SKIN_NECROSIS = "skin_necrosis"
    INFECTION = "infection"
    ALLERGIC_LOCAL = "allergic_local"
    ANAPHYLAXIS = "anaphylaxis"
    DVT = "DVT"
    PE = "PE"
    EHIT_I = "EHIT_I"
    EHIT_II = "EHIT_II"
    EHIT_III = "EHIT_III"
    EHIT_IV = "EHIT_IV"
    VISUAL_DISTURBANCE = "visual_disturbance"
    MIGRAINE = "migraine"
    TIA_STROKE = "TIA_stroke"
    GLUE_HYPERSENSITIVITY = "glue_hypersensitivity"
    GRANULOMA = "granuloma"
    NERVE_MOTOR = "nerve_motor"
    FOREIGN_BODY = "foreign_body"
    VASOVAGAL = "vasovagal"
    LAST = "LAST"
    RESIDUAL_REFLUX = "residual_reflux"
    RECURRENCE = "recurrence"
    OTHER = "other"


CLAVIEN_DINDO = ("0", "I", "II", "IIIa", "IIIb", "IVa", "IVb", "V")
"""The grades of Clavien and Dindo, in rising order; V is death (§5.4 [K])."""

SIR_GRADES = ("A", "B", "C", "D", "E", "F")
"""The grades of the SIR: A and B are minor, C to F major (§5.4 [K])."""

_NOW = frozenset(
    {
        *(Complication.ANAPHYLAXIS, Complication.DVT, Complication.PE, Complication.TIA_STROKE),
        *(Complication.EHIT_III, Complication.EHIT_IV, Complication.LAST, Complication.NERVE_MOTOR),
        *(Complication.SKIN_NECROSIS, Complication.VISUAL_DISTURBANCE),
    }
)


@dataclass(frozen=True, slots=True)
class ComplicationRecord:
    """One complication as recorded: when it began and was found, what was done, how it ended."""

    kind: Complication
    grade: str
    onset: date | None = None
    detected: date | None = None
    treatment: str = ""
    outcome: str = ""
    reported_to: str = ""

    @property
    def major(self) -> bool:
        """Say whether it is a major one: SIR C to F, or Clavien-Dindo III and above."""
        return self.grade in SIR_GRADES[2:] or self.grade in CLAVIEN_DINDO[3:]


def complication_problems(record: ComplicationRecord) -> tuple[str, ...]:
    """Return, in sentences, what a complication's record lacks or contradicts."""
    found = []
    if record.grade not in CLAVIEN_DINDO and record.grade not in SIR_GRADES:
        found.append("Grade it by Clavien-Dindo (0 to V) or by the SIR (A to F).")
    if record.onset and record.detected and record.detected < record.onset:
        found.append("It cannot have been found before it began.")
    if record.major and not record.treatment.strip():
        found.append("Write what was done about a major complication.")
    return tuple(found)


def needs_physician_now(kind: Complication) -> bool:
    """Say whether a complication of this kind must reach the physician at once (§5.4, §8.4)."""
    return kind in _NOW


# ---------------------------------------------------------------- over time


@dataclass(frozen=True, slots=True)
class CrampScore:
    """Cramps on one day as three numbers, never summed (§3.5); None = not asked.

    frequency: 0 none to 5 daily; nights: 0–7 a week; intensity: 0–10.
    """

    on: date
    frequency: int | None
    nights: Decimal | None
    intensity: int | None


def cramp_score(cramps: Cramps | None, on: date) -> CrampScore | None:
    """Return the three numbers of a day's answers, or None where nothing was asked."""
    if cramps is None or cramps.present is None:
        return None
    if not cramps.present:
        return CrampScore(on, 0, Decimal(0), 0)
    often = cramps.frequency
    frequency = None if often is None else CRAMP_FREQUENCIES.index(often)
    return CrampScore(on, frequency, cramps.nights_per_week, cramps.nrs_0_10)


@dataclass(frozen=True, slots=True)
class CrampChange:
    """How each number changed from the first day it was asked to the last; below 0 is better."""

    frequency: int | None
    nights: Decimal | None
    intensity: int | None


def cramp_change(days: Sequence[CrampScore]) -> CrampChange | None:
    """Return the change of each number over time, or None with fewer than two days.

    A number asked on fewer than two days has no change. Days may come in any order.
    """
    if len({day.on for day in days}) < 2:
        return None
    ordered = sorted(days, key=lambda day: day.on)
    frequency = [day.frequency for day in ordered if day.frequency is not None]
    nights = [day.nights for day in ordered if day.nights is not None]
    intensity = [day.intensity for day in ordered if day.intensity is not None]
    return CrampChange(
        frequency[-1] - frequency[0] if len(frequency) > 1 else None,
        nights[-1] - nights[0] if len(nights) > 1 else None,
        intensity[-1] - intensity[0] if len(intensity) > 1 else None,
    )


def vcss_change(before: VcssTotal, after: VcssTotal) -> tuple[int, int] | None:
    """Return the change of rVCSS with and without compression (§5.5), or None where deferred.

    Below 0 is better. No change is called a response: no least important difference is agreed on.
    """
    if before.total is None or after.total is None:
        return None
    without = (before.total_without_compression or 0, after.total_without_compression or 0)
    return after.total - before.total, without[1] - without[0]
