"""Say what a case means: every rule of the clinic, applied once, in one answer.

The answer is a draft for the physician. Nothing here orders, diagnoses or signs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from workflow.domain.anatomy import Leg
from workflow.domain.kept import kept
from workflow.domain.profile import Profile


class Severity(StrEnum):
    """How much an alert stops (§3.9)."""

    STOP = "STOP"
    URGENT = "URGENT"
    WARN = "WARN"
    INFO = "INFO"


class SegmentResult(NamedTuple):
    """One reading, judged: reflux is None where the site was not timed."""

    leg: Leg
    segment: str
    reflux: bool | None
    borderline: bool
    cm_from_sfj: Decimal | None = None


class VeinResult(NamedTuple):
    """One vein of one leg, rolled up from its sites (§4.8)."""

    leg: Leg
    vein: str
    reflux: bool | None
    pattern: str | None = None
    max_ms: int | None = None
    max_mm: Decimal | None = None
    incomplete: bool = False
    borderline: bool = False
    thrombus: str | None = None
    closure: str | None = None
    pathologic: bool | None = None
    pathologic_2011: bool | None = None


@dataclass(frozen=True, slots=True)
class Ceap:
    """The CEAP 2020 proposal for one leg, or a reason why it is deferred."""

    leg: Leg
    basic: str
    advanced: str
    deferred: str | None = None


@dataclass(frozen=True, slots=True)
class VcssTotal:
    """rVCSS of one leg, 0–30, with and without the compression item; None = deferred."""

    leg: Leg
    total: int | None
    total_without_compression: int | None


class Alert(NamedTuple):
    """A rule that fired: one of the closed list of §3.10, its reason and its source."""

    id: str
    severity: Severity
    text: str
    source: str
    leg: Leg | None = None


class Option(NamedTuple):
    """A treatment the rules would offer the physician (§4.8). Rank 1 is first.

    `row` is the row of §4.8 that calls for it; what it says stands in `decisionrows`.
    """

    modality: str
    leg: Leg
    vein: str | None
    rank: int
    off_label: bool
    reasons: tuple[str, ...]
    sources: tuple[str, ...]
    agents: tuple[str, ...] = ()
    row: int = 0


class Exclusion(NamedTuple):
    """A treatment the rules would not offer, and why."""

    modality: str
    reason: str
    leg: Leg | None = None
    vein: str | None = None


@dataclass(frozen=True, slots=True)
class Impression:
    """The drafted sentences for one leg, for a clinician to correct."""

    leg: Leg
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A total and the level it stands for; None where nothing was asked."""

    total: int | None
    level: str | None
    leg: Leg | None = None


@dataclass(frozen=True, slots=True)
class Svt:
    """An acute superficial thrombosis: lengths in cm, and its class (§4.8 row 3).

    `extent` is `<=3cm_of_SFJ` (or of SPJ, or the tip was not measured), `>=5cm`, `short`, or
    None where the length that decides was not measured.
    """

    leg: Leg
    vein: str
    length_cm: Decimal | None
    tip_cm: Decimal | None
    extent: str | None


@dataclass(frozen=True, slots=True)
class Ehit:
    """A thrombus extension after an ablation: class I–IV; None where it must be asked (§5.2)."""

    leg: Leg
    junction: str
    level: str | None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class DoseLevel:
    """A dose held against its limits (§4.6, 4.7): mg, mg/kg, mL; None where not computable."""

    level: str | None
    mg: Decimal | None = None
    mg_per_kg: Decimal | None = None
    ml: Decimal | None = None
    leg: Leg | None = None
    reason: str = ""


class CptCode(NamedTuple):
    """A suggested CPT number with our own label; `needs` names a field it cannot do without."""

    code: str
    leg: Leg | None = None
    needs: str | None = None
    label: str = ""
    modifier: str = ""

    def __str__(self) -> str:
        return f"{self.code}-{self.modifier}" if self.modifier else self.code


@dataclass(frozen=True, slots=True)
class Predicate:
    """One thing a payer asks (§6.2): a fact held against a value, where a condition applies.

    It is asked on the fact `when`, or, with nothing planned, on `before`; any `unless` waives it.
    """

    id: str
    says: str
    fact: str
    op: str
    value: Any
    when: str = ""
    before: str = ""
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """One payer's policy as far as it was seen; `effective` is None where no date was stated."""

    id: str
    payer: str
    policy: str
    effective: date | None
    archived: bool
    source: str
    predicates: tuple[Predicate, ...]


class PayerAnswer(NamedTuple):
    """Whether a predicate holds for a leg: `met`, `not_met`, or `unknown` with what is missing."""

    leg: Leg
    predicate: Predicate
    result: str
    missing: str | None = None

    @property
    def gap(self) -> str:
        """Return what stands in the way, as a sentence; empty where the predicate is met."""
        if self.result == "unknown":
            missing = self.missing or ""
            return f"{missing[:1].upper()}{missing[1:]} missing ({self.leg.word} leg)."
        if self.result == "not_met":
            return f"Not met in the {self.leg.word} leg: {self.predicate.says}."
        return ""


@dataclass(frozen=True, slots=True)
class PayerView:
    """What one policy says of a case; `ready` where something was asked and all of it is met."""

    policy: Policy
    answers: tuple[PayerAnswer, ...]

    @property
    def ready(self) -> bool:
        """Say whether nothing is missing and nothing stands against it."""
        return bool(self.answers) and all(each.result == "met" for each in self.answers)

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return every gap as a sentence, in the order of the policy."""
        return tuple(each.gap for each in self.answers if each.gap)


@dataclass(frozen=True)
class Interpretation:
    """All that the rules say of one case, and the profile, limits within, that it was read by.

    What decides is worked out at once; what words, bills or pays by `drafts`, when first asked for.
    """

    profile: Profile
    segments: tuple[SegmentResult, ...]
    veins: tuple[VeinResult, ...]
    ceap: tuple[Ceap, ...]
    vcss: tuple[VcssTotal, ...]
    alerts: tuple[Alert, ...]
    options: tuple[Option, ...]
    excluded: tuple[Exclusion, ...]
    drafts: Mapping[str, Callable[[], tuple[Any, ...]]] = field(repr=False, compare=False)
    wells: Score | None = None
    villalta: Score | None = None
    svt: Svt | None = None
    ehit: Ehit | None = None
    closure: str | None = None
    lidocaine: DoseLevel | None = None
    dose: DoseLevel | None = None

    @kept
    def impression(self) -> tuple[Impression, ...]:
        """Return the drafted sentences, one list a leg."""
        return self.drafts["impression"]()

    @kept
    def patient_message(self) -> tuple[str, ...]:
        """Return the main message for the patient, one to three plain sentences."""
        return self.drafts["patient_message"]()

    @kept
    def patient_message_es(self) -> tuple[str, ...]:
        """Return the same in Spanish."""
        return self.drafts["patient_message_es"]()

    @kept
    def icd10(self) -> tuple[str, ...]:
        """Return the suggested diagnoses."""
        return self.drafts["icd10"]()

    @kept
    def cpt(self) -> tuple[CptCode, ...]:
        """Return the suggested procedure numbers."""
        return self.drafts["cpt"]()

    @kept
    def payer(self) -> tuple[PayerView, ...]:
        """Return what each payer's policy says."""
        return self.drafts["payer"]()

    @property
    def profile_line(self) -> str:
        """Return the sentence that a report prints beneath its tables."""
        return f"{self.profile.line} {self.profile.limits.line}"
