"""Compose what the report and the patient's page say of a case, as values to be frozen.

Whoever prints a case goes through here: the clinic that signs a scan, and the sample of a case
file. So both say the same of the same case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.domain import wording
from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.clinic import Clinic
from workflow.domain.documents import (
    Anchor,
    Identity,
    LegSummary,
    Letterhead,
    PatientResult,
    ReportImage,
    ScanReport,
    Signature,
)
from workflow.domain.interpretation import Alert, Interpretation, Severity
from workflow.domain.mapstate import map_states, report_rows

NOTHING_EARLIER = "There is no earlier report of this clinic to compare with."
"""What a first report says of its comparison."""

_ABOUT_TREATMENT = frozenset(
    {
        "INFO_CLOSURE_COMPLETE",
        "STOP_DOSE",
        "STOP_STS_LABEL",
        "WARN_CLINICAL_VS_PAYER",
        "WARN_DOSE",
        "WARN_OFF_LABEL",
        "WARN_SAPHENOUS_NERVE",
        "WARN_SURAL_NERVE",
        "WARN_THERMAL_DEPTH",
        "WARN_UNKNOWN",
    }
)
"""Alerts that belong to the plan and to the payer, not to a report of what the scan showed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What every document carries: the clinic, the patient, the version, and who signs it."""

    letterhead: Letterhead
    patient: Identity
    version: int = 1
    signature: Signature | None = None
    anchor: Anchor | None = None
    amends: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is known of a scan beside its case: when, by whom, and what was written about it.

    `impression` holds what is said of each leg, by its letter, one sentence a line.
    """

    scanned_at: datetime
    legs: tuple[Leg, ...]
    indication: str
    impression: Mapping[str, str] = field(default_factory=dict)
    ordered_by: str = "Not recorded"
    referred_by: str = ""
    sonographer: str = ""
    limitations: tuple[str, ...] = ()
    comparison: str = NOTHING_EARLIER
    critical_log: tuple[str, ...] = ()
    images: tuple[ReportImage, ...] = ()


def letterhead_of(
    clinic: Clinic, *, paper: str = "", demo: bool = False, sample: bool = False
) -> Letterhead:
    """Return a clinic as its settings stand, for a document that is about to be frozen.

    `paper` is another size than the clinic's own.
    """
    return Letterhead(
        clinic=clinic.name,
        physician=clinic.physician,
        address=clinic.address,
        phone=clinic.phone,
        zone=clinic.zone,
        paper=paper or clinic.paper,
        demo=demo,
        sample=sample,
        logo=clinic.logo,
        site=clinic.site,
    )


def drafted(read: Interpretation) -> dict[str, str]:
    """Return the impression the rules draft for each leg, one sentence a line."""
    return {part.leg.value: "\n".join(part.sentences) for part in read.impression}


def scan_report(case: Case, read: Interpretation, issue: Issue, study: Study) -> ScanReport:
    """Return the Wellness Ultrasound report of a case; unsigned, it prints as preliminary."""
    return ScanReport(
        letterhead=issue.letterhead,
        patient=issue.patient,
        version=issue.version,
        scanned_at=study.scanned_at,
        ordered_by=study.ordered_by,
        referred_by=study.referred_by,
        indication=study.indication,
        history=wording.history_lines(case.intake),
        technique=wording.technique_lines(case.exam),
        limitations=study.limitations,
        comparison=study.comparison,
        rows=report_rows(read, case.exam.segments),
        map=map_states(read, case.exam.segments),
        legs=tuple(_summary(read, leg, study.impression.get(leg.value, "")) for leg in study.legs),
        thrombus_statement=wording.thrombus_statement(case),
        alerts=tuple(alert.text for alert in read.alerts if _is_on_paper(alert)),
        critical_log=study.critical_log,
        profile_line=read.profile_line,
        profile=read.profile,
        sonographer=study.sonographer,
        signature=issue.signature,
        anchor=issue.anchor,
        amends=issue.amends,
        images=study.images,
    )


def patient_result(
    case: Case,
    read: Interpretation,
    issue: Issue,
    *,
    scanned_on: date,
    decided: tuple[str, ...],
    next_steps: tuple[str, ...],
) -> PatientResult:
    """Return the page a patient keeps, in the patient's language: what was found and decided."""
    language = issue.patient.language
    return PatientResult(
        letterhead=issue.letterhead,
        patient=issue.patient,
        version=issue.version,
        scanned_on=scanned_on,
        main_message=wording.main_message(read, case, language),
        found=wording.patient_found(read, case, language),
        means=wording.patient_means(read, case, language),
        choices=wording.patient_choices(read, case, language),
        decided=decided,
        next_steps=next_steps,
        call_now=wording.call_now(language),
        glossary=wording.glossary(language),
        map=map_states(read, case.exam.segments),
        signature=issue.signature,
        anchor=issue.anchor,
        amends=issue.amends,
    )


def _summary(read: Interpretation, leg: Leg, impression: str) -> LegSummary:
    ceap = next((c for c in read.ceap if c.leg is leg), None)
    vcss = next((v for v in read.vcss if v.leg is leg), None)
    deferred = (ceap.deferred if ceap else None) or "not recorded"
    total = vcss.total if vcss else None
    without = vcss.total_without_compression if vcss else None
    return LegSummary(
        leg=leg,
        impression=tuple(line.strip() for line in impression.splitlines() if line.strip()),
        ceap=ceap.basic if ceap and not ceap.deferred else f"Deferred: {deferred}",
        ceap_advanced=ceap.advanced if ceap and not ceap.deferred else "",
        vcss="Not recorded" if total is None else f"{total} ({without} without compression)",
    )


def _is_on_paper(alert: Alert) -> bool:
    return (
        alert.severity is not Severity.INFO
        and alert.id not in _ABOUT_TREATMENT
        and not alert.id.startswith("WARN_TRIGGER_DRUG")
    )
