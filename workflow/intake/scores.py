"""Add up, while an intake is taken, what its scores amount to so far."""

from dataclasses import dataclass
from decimal import Decimal

from workflow.domain import severity
from workflow.domain.anatomy import Leg
from workflow.domain.case import read_intake
from workflow.domain.clinical import VCSS_ITEMS
from workflow.domain.interpretation import Score
from workflow.intake.kinds import feet_and_inches, in_pounds
from workflow.intake.saving import Stored
from workflow.intake.warnings import clinical_of


@dataclass(frozen=True, slots=True)
class LegScore:
    """The rVCSS of one leg so far: its sum, how many items are scored, what contradicts itself."""

    leg: Leg
    scored: int
    total: int
    without_compression: int
    problems: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Say whether every item is scored."""
        return self.scored == len(VCSS_ITEMS)


def vcss(stored: Stored, leg: Leg) -> LegScore:
    """Return the running rVCSS of a leg, 0–30, with and without its compression item (§3.2)."""
    clinical = clinical_of(stored).of(leg)
    items = clinical.vcss if clinical else None
    points = {name: getattr(items, name) if items else None for name in VCSS_ITEMS}
    scored = {name: each for name, each in points.items() if each is not None}
    total = sum(scored.values())
    problems = severity.vcss_problems(clinical) if clinical else ()
    return LegScore(leg, len(scored), total, total - scored.get("compression", 0), problems)


def wells(stored: Stored) -> Score | None:
    """Return the Wells total and its level, None where nothing was asked."""
    return severity.wells(read_intake(stored.answers).wells)


def villalta(stored: Stored) -> Score | None:
    """Return the Villalta total and its grade, None where nothing was asked."""
    return severity.villalta(read_intake(stored.answers).villalta)


def echoes(stored: Stored) -> dict[str, str]:
    """Return height and weight in the other units, and the body mass index beside the weight."""
    intake = read_intake(stored.answers)
    said: dict[str, str] = {"height_cm": "", "weight_kg": ""}
    if intake.height_cm:
        said["height_cm"] = f"{_plain(intake.height_cm)} cm, {feet_and_inches(intake.height_cm)}"
    if intake.weight_kg:
        said["weight_kg"] = f"{_plain(intake.weight_kg)} kg, {in_pounds(intake.weight_kg)}"
    if intake.height_cm and intake.weight_kg:
        index = intake.weight_kg / (intake.height_cm / 100) ** 2
        said["weight_kg"] += f", BMI {index.quantize(Decimal('0.1'))}"
    trial = intake.compression_trial
    if trial and trial.start and trial.end:
        weeks = (trial.end - trial.start).days // 7
        said["compression_trial__end"] = f"{weeks} week{'' if weeks == 1 else 's'} in all"
    else:
        said["compression_trial__end"] = ""
    return said


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
