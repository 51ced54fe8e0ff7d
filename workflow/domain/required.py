"""Decide which required element a report or a chart still lacks (clinical reference §1.7).

Each list is its own: what a final report must hold before it is signed, and what the chart must
hold before a treatment (IAC standards).
"""

from collections.abc import Callable, Iterable, Iterator

from workflow.domain.anatomy import REQUIRED, REQUIRED_DEEP, Leg
from workflow.domain.case import Case
from workflow.domain.documents import Row, ScanReport
from workflow.domain.interpretation import Interpretation

Check = Callable[[ScanReport], bool]

REPORT_ELEMENTS: tuple[tuple[str, Check], ...] = (
    ("The patient's name.", lambda r: bool(r.patient.name.strip())),
    ("Two identifiers: the birth date and the record number.", lambda r: _identified(r)),
    ("The ordering provider.", lambda r: bool(r.ordered_by.strip())),
    ("The indication, written before the scan.", lambda r: bool(r.indication.strip())),
    ("The history, with earlier clots and vein procedures.", lambda r: bool(r.history)),
    ("The technique: modes, position, manoeuvres.", lambda r: _technique(r)),
    ("The deep veins of each scanned leg.", lambda r: _has(r, REQUIRED_DEEP)),
    ("The superficial veins of each scanned leg, with times and widths.", lambda r: _timed(r)),
    ("A statement on clots, positive or negative.", lambda r: bool(r.thrombus_statement.strip())),
    ("The comparison with an earlier scan.", lambda r: bool(r.comparison.strip())),
    ("An impression of each scanned leg.", lambda r: _impressions(r)),
    ("The sonographer's name.", lambda r: bool(r.sonographer.strip())),
    ("The version of the criteria.", lambda r: bool(r.profile_line.strip())),
)
"""What a final report must hold, apart from the signature itself, and how it is looked for."""


def report_lacks(report: ScanReport, *, critical: bool) -> tuple[str, ...]:
    """Return the elements that a report still lacks, one sentence each, in the order of §1.7.

    `critical` is whether a critical finding was made: then its log is required too. The signature
    is not asked for, because this list stands before it.
    """
    found = [element for element, holds in REPORT_ELEMENTS if not holds(report)]
    if critical and not report.critical_log:
        found.append("The log of who was told of the critical finding.")
    return tuple(found)


def _identified(report: ScanReport) -> bool:
    """Say whether a second identifier stands beside the birth date, which is always there."""
    return bool(report.patient.record_number.strip())


def _technique(report: ScanReport) -> bool:
    return bool(report.technique) and not any("not recorded" in line for line in report.technique)


def _rows(report: ScanReport, leg: Leg) -> list[Row]:
    return [row for row in report.rows if row.leg is leg]


def _has(report: ScanReport, codes: Iterable[str]) -> bool:
    """Say whether every scanned leg has a row for each of these sites."""
    wanted = set(codes)
    return bool(report.legs) and all(
        wanted <= {row.segment for row in _rows(report, each.leg)} for each in report.legs
    )


def _timed(report: ScanReport) -> bool:
    """Say whether each superficial site is there, and each leaking one has its width."""
    wanted = set(REQUIRED) - set(REQUIRED_DEEP)
    if not _has(report, wanted):
        return False
    leaking = [row for row in report.rows if row.segment in wanted and row.state == "reflux"]
    return all(row.diameter_mm is not None for row in leaking)


def _impressions(report: ScanReport) -> bool:
    return bool(report.legs) and all(each.impression for each in report.legs)


def chart_lacks(case: Case, read: Interpretation, *, photographs: bool) -> tuple[str, ...]:
    """Return what the chart must still hold before a treatment, one sentence each (IAC, §1.7).

    CEAP and rVCSS are asked for each scanned leg; the rest belongs to the patient.
    """
    intake = case.intake
    asked = {
        "The medicines.": intake.medications is not None,
        "The allergies.": intake.allergies is not None,
        "The family history of varicose veins.": intake.family_history_vv is not None,
        "Earlier clots.": intake.prior_vte is not None,
        "Earlier vein procedures and how they went.": intake.prior_vein_procedures is not None,
        "The use of compression.": intake.compression_trial is not None,
        "Photographs from before the treatment.": photographs,
        "A plan.": case.plan is not None,
    }
    return (*_leg_lacks(case, read), *(name for name, there in asked.items() if not there))


def _leg_lacks(case: Case, read: Interpretation) -> Iterator[str]:
    scanned = {reading.leg for reading in case.exam.segments if reading.segment != "CFV"}
    if not scanned:
        yield "A duplex scan of the leg to be treated."
    for leg in Leg:
        if leg not in scanned:
            continue
        if any(each.leg is leg and each.deferred for each in read.ceap):
            yield f"CEAP of the {leg.word} leg."
        if any(each.leg is leg and each.total is None for each in read.vcss):
            yield f"rVCSS of the {leg.word} leg."
