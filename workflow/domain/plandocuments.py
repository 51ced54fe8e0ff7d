"""Freeze what the treatment plan and the letter to the referring doctor say.

Both are values, as in `documents`; their canonical JSON and digest are made there. They carry the
version of the plan they tell of.
"""

import json
from dataclasses import dataclass
from datetime import date

from workflow.domain.anatomy import Leg
from workflow.domain.documents import (
    Anchor,
    Identity,
    Letterhead,
    MapState,
    PatientResult,
    ScanReport,
    Signature,
    read_back,
)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One treatment: what is done and why, in plain words; `session` 0 needs no session.

    `record` names treatment, vein, finding and reason as clinicians do, in English.
    """

    leg: Leg
    session: int
    what: str
    why: tuple[str, ...]
    record: str


@dataclass(frozen=True, slots=True)
class RuledOut:
    """Treatments that do not fit a leg: in plain words, and with the reason for the record."""

    leg: Leg
    what: str
    record: str


@dataclass(frozen=True, slots=True)
class TreatmentPlan:
    """The treatment plan, for the patient and the chart; unsigned, it is preliminary.

    Its sentences are in the patient's language; `notes` are the physician's own words.
    """

    letterhead: Letterhead
    patient: Identity
    version: int
    planned_on: date
    rests_on: str
    lines: tuple[PlanLine, ...]
    ruled_out: tuple[RuledOut, ...]
    risks: tuple[str, ...]
    alternatives: tuple[str, ...]
    next_steps: tuple[str, ...]
    notes: tuple[str, ...]
    signature: Signature | None
    anchor: Anchor | None
    amends: str = ""

    @property
    def issued_by(self) -> Signature | None:
        """Return the signature that approved this version."""
        return self.signature


@dataclass(frozen=True, slots=True)
class KeyValue:
    """One value the referring doctor should see: its site, and it with its unit."""

    leg: Leg
    site: str
    value: str


@dataclass(frozen=True, slots=True)
class ReferrerLetter:
    """The letter to the referring doctor: what was found and what is planned, on one page.

    `values` are the key values alone; `more` says how many others the signed report holds.
    """

    letterhead: Letterhead
    patient: Identity
    version: int
    to: str
    written_on: date
    scanned_on: date
    summary: tuple[str, ...]
    map: tuple[MapState, ...]
    values: tuple[KeyValue, ...]
    more: str
    plan: tuple[str, ...]
    signature: Signature | None
    anchor: Anchor | None
    amends: str = ""

    @property
    def issued_by(self) -> Signature | None:
        """Return the signature that issued this version."""
        return self.signature


Document = ScanReport | PatientResult | TreatmentPlan | ReferrerLetter
"""Whatever the clinic issues."""


def treatment_plan(text: str) -> TreatmentPlan:
    """Return the treatment plan whose canonical JSON this is."""
    plan: TreatmentPlan = read_back(TreatmentPlan, json.loads(text))
    return plan


def referrer_letter(text: str) -> ReferrerLetter:
    """Return the letter whose canonical JSON this is."""
    letter: ReferrerLetter = read_back(ReferrerLetter, json.loads(text))
    return letter
