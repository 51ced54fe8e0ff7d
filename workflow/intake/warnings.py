"""Decide which alerts an intake raises by itself, and which of them ends an elective visit."""

from datetime import date

from workflow.domain.case import read_clinical, read_intake
from workflow.domain.clinical import ClinicalLeg
from workflow.domain.flags import intake_flags
from workflow.domain.interpretation import Alert, Severity
from workflow.domain.limits import Limits
from workflow.domain.shape import Sides
from workflow.intake.saving import Stored
from workflow.intake.steps import BARS_THE_SCAN

_GRAVEST_FIRST = list(Severity)


def alerts(stored: Stored, *, sex: str, born: date, on: date, limits: Limits) -> tuple[Alert, ...]:
    """Return the alerts that the answers so far raise (§3.10), the gravest first."""
    fired = intake_flags(
        read_intake(stored.answers),
        clinical_of(stored),
        as_of=on,
        sex=sex,
        born=born,
        limits=limits,
    )
    return tuple(sorted(fired, key=lambda alert: _GRAVEST_FIRST.index(alert.severity)))


def clinical_of(stored: Stored) -> Sides[ClinicalLeg]:
    """Return what the clinician saw of both legs, as the rules take it."""
    right, left = (read_clinical(stored.clinical.get(leg) or {}) for leg in ("R", "L"))
    return Sides(right, left)


def stop(stored: Stored, *, sex: str, born: date, on: date, limits: Limits) -> str:
    """Return the sentence of an alert that ends an elective visit, or an empty text."""
    fired = alerts(stored, sex=sex, born=born, on=on, limits=limits)
    return next((alert.text for alert in fired if alert.id in BARS_THE_SCAN), "")
