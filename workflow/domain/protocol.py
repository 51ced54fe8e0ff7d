"""Decide whether a scan holds all that its protocol requires (§1.2, §1.7)."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.domain.anatomy import Leg
from workflow.domain.findings import Compressibility, Purpose, Reading, Thrombus, Visualised
from workflow.domain.phrases import capital, site_words
from workflow.domain.profile import SVS_2022, Profile
from workflow.domain.protocols import protocol_of
from workflow.domain.recorded import ExamPart
from workflow.domain.reflux import refluxes

_UNTIMED_PURPOSES = {Purpose.DVT_RULE_OUT, Purpose.SURVEILLANCE}


@dataclass(frozen=True, slots=True)
class Missing:
    """One element that is not there. Without a leg and a segment it belongs to the whole scan."""

    leg: Leg | None
    segment: str
    field: str
    sentence: str


def missing(
    exam: ExamPart, legs: tuple[Leg, ...] = tuple(Leg), profile: Profile = SVS_2022
) -> tuple[Missing, ...]:
    """Return what the protocol asks for and the scan does not hold, in scanning order.

    `legs` are those the scan was ordered for; the common femoral vein of the other leg is asked
    for as well, because both are compared (SVU documentation list). A site that was not seen
    counts as complete once its limitation is written.
    """
    return (
        *_whole_scan(exam),
        *(each for leg in legs for each in _required(exam, leg, legs)),
        *_compared(exam, legs),
        *(each for reading in exam.segments for each in _details(reading, profile)),
    )


def _whole_scan(exam: ExamPart) -> Iterator[Missing]:
    if exam.position is None:
        yield Missing(None, "", "position", "State the position the patient was scanned in.")
    if not exam.manoeuvres and exam.purpose not in _UNTIMED_PURPOSES:
        yield Missing(None, "", "manoeuvres", "State how reflux was provoked.")


def _required(exam: ExamPart, leg: Leg, legs: tuple[Leg, ...]) -> Iterator[Missing]:
    for code in protocol_of(exam.purpose, len(legs)).sites(leg, legs):
        readings = [r for r in exam.segments if r.leg is leg and r.segment == code]
        recorded = [r for r in readings if not _empty(r)]
        if not recorded:
            text = f"{_named(leg, code)}: not examined."
            yield Missing(leg, code, "reflux_ms", text)
        for reading in recorded:
            yield from _site(exam, reading)


def _named(leg: Leg, code: str) -> str:
    return f"{capital(leg.word)} {site_words(code)}"


def _empty(reading: Reading) -> bool:
    return all(
        value is None
        for value in (
            reading.reflux_ms,
            reading.diameter_mm,
            reading.compressibility,
            reading.thrombus,
            reading.visualised,
            reading.closure,
            reading.limitation,
        )
    )


def _unseen(reading: Reading) -> bool:
    return reading.visualised is Visualised.NOT_SEEN


def _explained(reading: Reading) -> bool:
    """Say whether a clot or a closure explains why a site was not timed."""
    clotted = reading.thrombus is not None and reading.thrombus is not Thrombus.NONE
    return clotted or reading.closure is not None


def _site(exam: ExamPart, reading: Reading) -> Iterator[Missing]:
    leg, code = reading.leg, reading.segment
    name = _named(leg, code)
    if _unseen(reading):
        return  # its limitation is asked for with the other details
    timed = exam.purpose not in _UNTIMED_PURPOSES
    if timed and reading.reflux_ms is None and not _explained(reading):
        yield Missing(leg, code, "reflux_ms", f"{name}: no reflux time.")
    if reading.site.deep and reading.compressibility is None:
        yield Missing(leg, code, "compressibility", f"{name}: compression not recorded.")
    untested = reading.compressibility is Compressibility.NOT_TESTED
    if reading.site.deep and untested and not reading.limitation:
        text = f"{name}: say why compression was not tested."
        yield Missing(leg, code, "limitation", text)
    if reading.thrombus is None:
        text = f"{name}: say whether a thrombus was seen."
        yield Missing(leg, code, "thrombus", text)


def _compared(exam: ExamPart, legs: tuple[Leg, ...]) -> Iterator[Missing]:
    for leg in Leg:
        if leg in legs or leg.other not in legs:
            continue
        if not any(r.leg is leg and r.segment == "CFV" and not _empty(r) for r in exam.segments):
            text = f"{_named(leg, 'CFV')}: both groin veins are compared, even in a one-leg scan."
            yield Missing(leg, "CFV", "compressibility", text)


def _details(reading: Reading, profile: Profile) -> Iterator[Missing]:
    """Ask for what a recorded site needs to be of use: place, width, and why it was not seen."""
    leg, code = reading.leg, reading.segment
    name = _named(leg, code)
    if _unseen(reading):
        if not (reading.limitation or "").strip():
            yield Missing(leg, code, "limitation", f"{name}: say why it was not seen.")
        return
    row = reading.site
    if row.numbered and reading.reflux_ms is None and not _explained(reading):
        yield Missing(leg, code, "reflux_ms", f"{name}: no reflux time.")
    leaks = row.measured and refluxes(reading, profile)
    if reading.diameter_mm is None and (row.numbered or leaks):
        yield Missing(leg, code, "diameter_mm", f"{name}: no diameter.")
    if row.code == "TRIB" and not (reading.location or "").strip():
        yield Missing(leg, code, "location", f"{name}: say where it lies.")
    if row.perforator:
        yield from _height(reading, name)


def _height(reading: Reading, name: str) -> Iterator[Missing]:
    leg, code = reading.leg, reading.segment
    if reading.distance_cm is None:
        yield Missing(leg, code, "distance_cm", f"{name}: no height.")
    if reading.reference is None:
        text = f"{name}: say what the height is measured from."
        yield Missing(leg, code, "reference", text)
