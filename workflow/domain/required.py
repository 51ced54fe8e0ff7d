"""Decide which required element a report or a chart still lacks (clinical reference §1.7).

Each list is its own: what a final report must hold before it is signed, and what the chart must
hold before a treatment (IAC standards).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from workflow.domain.anatomy import Leg, segment
from workflow.domain.case import Case
from workflow.domain.documents import ScanReport
from workflow.domain.interpretation import Interpretation
from workflow.domain.protocol import Missing


class Element(NamedTuple):
    """One thing a final report holds: its name, whether it is there, and which values make it up.

    A report is not signed without it, unless `told` and a reason is told for the scan as it is.
    """

    says: str
    is_there: Callable[[ScanReport], bool]
    of: Callable[[Missing], bool] = lambda _: False
    told: bool = False


@dataclass(frozen=True, slots=True)
class Lack:
    """An element that is not there, its missing values in sentences; whether it bars signing."""

    says: str
    where: tuple[str, ...] = ()
    bars: bool = True


IMPRESSION = "An impression of each scanned leg."
REPORT_ELEMENTS: tuple[Element, ...] = (
    Element("The patient's name.", lambda r: bool(r.patient.name.strip())),
    Element(
        "Two identifiers: the birth date and the record number.",
        lambda r: bool(r.patient.record_number.strip()),
    ),
    Element("The ordering provider.", lambda r: bool(r.ordered_by.strip())),
    Element("The indication, written before the scan.", lambda r: bool(r.indication.strip())),
    Element("The history, with earlier clots and vein procedures.", lambda r: bool(r.history)),
    Element(
        "The technique: modes, position, manoeuvres.",
        lambda r: bool(r.technique),
        lambda m: not m.segment,
        told=True,
    ),
    Element(
        "The deep veins of each scanned leg.",
        lambda r: bool(r.legs and r.rows),
        lambda m: _is_deep(m) and m.field != "thrombus",
        told=True,
    ),
    Element(
        "The superficial veins of each scanned leg, with times and widths.",
        lambda r: bool(r.legs and r.rows),
        lambda m: _is_superficial(m) and m.field != "thrombus",
        told=True,
    ),
    Element(
        "The place and width of each perforator that was found.",
        lambda _: True,
        lambda m: _is_perforator(m) and m.field != "thrombus",
        told=True,
    ),
    Element(
        "A statement on clots, positive or negative.",
        lambda r: bool(r.thrombus_statement.strip()),
        lambda m: m.field == "thrombus",
        told=True,
    ),
    Element("The comparison with an earlier scan.", lambda r: bool(r.comparison.strip())),
    Element(
        IMPRESSION,
        lambda r: bool(r.legs) and all(each.impression for each in r.legs),
    ),
    Element("The sonographer's name.", lambda r: bool(r.sonographer.strip())),
    Element("The version of the criteria.", lambda r: bool(r.profile_line.strip())),
)
"""What a final report must hold, apart from the signature itself, and how it is looked for."""

_NOT_ASKED = ("Earlier venous thrombosis: not asked.", "Earlier vein procedures: not asked.")
"""What a history says of itself where it is not whole: it is there, and listed all the same."""


def report_lacks(
    report: ScanReport, missing: tuple[Missing, ...], *, reason: str, untold: bool
) -> tuple[Lack, ...]:
    """Return the elements that a report still lacks, in the order of §1.7.

    `missing` is what the protocol asks for and the scan does not hold; with a `reason` why the
    scan was handed over so, it bars nothing (§8.1). `untold` is whether a critical finding was
    made and nobody was told of it: the log is required, and whoever reads is one to be told.
    """
    found = [
        Lack(each.says, where, bars=not (each.told and reason.strip()))
        for each in REPORT_ELEMENTS
        for where in [tuple(m.sentence for m in missing if each.of(m))]
        if where or not each.is_there(report)
    ]
    if unasked := tuple(line for line in report.history if line in _NOT_ASKED):
        found.append(Lack("Part of the history.", unasked, bars=False))
    if untold:
        found.append(Lack("The log of who was told of the critical finding.", bars=False))
    return tuple(found)


def barring(lacks: tuple[Lack, ...]) -> tuple[str, ...]:
    """Return the names of what nobody may sign without."""
    return tuple(each.says for each in lacks if each.bars)


def _is_deep(missing: Missing) -> bool:
    row = segment(missing.segment)
    return row is not None and row.deep


def _is_perforator(missing: Missing) -> bool:
    row = segment(missing.segment)
    return row is not None and row.perforator


def _is_superficial(missing: Missing) -> bool:
    row = segment(missing.segment)
    return row is not None and not row.deep and not row.perforator


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
