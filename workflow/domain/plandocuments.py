"""Freeze what the treatment plan and the letter to the referring doctor say.

Both are values, as in `documents`; their canonical JSON and digest are made there.
"""

from dataclasses import dataclass
from datetime import date

from workflow.domain.anatomy import Leg
from workflow.domain.documents import Anchor, Identity, Letterhead, MapState, Signature


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One treatment of the plan and the finding it rests on; `session` 0 = no session is set.

    `vein` is empty for care that is of the leg and not of one vein.
    """

    leg: Leg
    vein: str
    finding: str
    treatment: str
    session: int
    reason: str


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A treatment that was ruled out, where, and why; `where` is empty for the whole patient."""

    where: str
    treatment: str
    reason: str


@dataclass(frozen=True, slots=True)
class TreatmentPlan:
    """The treatment plan, for the patient and the chart; unsigned, it is preliminary.

    `risks` and `alternatives` are plain sentences, in English: the plan is a clinical record.
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
    note: str
    signature: Signature | None
    anchor: Anchor | None
    amends: str = ""

    @property
    def issued_by(self) -> Signature | None:
        """Return the signature that approved this version."""
        return self.signature


@dataclass(frozen=True, slots=True)
class KeyValue:
    """One value the referring doctor should see: its site with the leg, and it with its unit."""

    leg: Leg
    site: str
    value: str


@dataclass(frozen=True, slots=True)
class ReferrerLetter:
    """The letter to the referring doctor: what was found and what is planned, on one page."""

    letterhead: Letterhead
    patient: Identity
    version: int
    to: str
    written_on: date
    scanned_on: date
    summary: tuple[str, ...]
    map: tuple[MapState, ...]
    values: tuple[KeyValue, ...]
    plan: tuple[str, ...]
    signature: Signature | None
    anchor: Anchor | None
    amends: str = ""

    @property
    def issued_by(self) -> Signature | None:
        """Return the signature that issued this version."""
        return self.signature
