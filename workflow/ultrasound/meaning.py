"""Gather what the rules say of the exam so far, for the side of the grid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from workflow import critical, progress
from workflow.cases import interpreted
from workflow.domain.alarm import is_critical
from workflow.domain.anatomy import Leg, vein_name
from workflow.domain.documents import MapState
from workflow.domain.findings import Reading
from workflow.domain.interpretation import Alert, Ceap, Interpretation, Severity, VeinResult
from workflow.domain.legmap import ROOM, Drawing, place
from workflow.domain.mapstate import map_states
from workflow.domain.protocol import Missing, missing
from workflow.models.exam import Exam
from workflow.ultrasound.cell import site_key

SEVERITY_KIND = {
    Severity.STOP: "stop",
    Severity.URGENT: "stop",
    Severity.WARN: "caution",
    Severity.INFO: "note",
}


@dataclass(frozen=True, slots=True)
class LegMeaning:
    """What is found in one leg so far."""

    leg: Leg
    veins: tuple[str, ...]
    ceap: Ceap | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """The rules' answer, and what the protocol still misses; a draft for the physician.

    `critical` are the findings a physician has still to hear of, `decided` those decided on.
    """

    legs: tuple[LegMeaning, ...]
    critical: tuple[Alert, ...]
    decided: tuple[Alert, ...]
    alerts: tuple[Alert, ...]
    missing: tuple[tuple[str, Missing], ...]
    drawing: Drawing
    interpretation: Interpretation


def meaning(session: Session, exam: Exam) -> Meaning:
    """Return what an exam means as it stands."""
    case, said = interpreted(session, exam)
    legs = progress.scanned_legs(exam)
    grave = [alert for alert in said.alerts if is_critical(alert)]
    decided = critical.decided(session, exam, [alert.text for alert in grave])
    return Meaning(
        legs=tuple(_leg(said, leg) for leg in Leg),
        critical=tuple(alert for alert in grave if alert.text not in decided),
        decided=tuple(alert for alert in grave if alert.text in decided),
        alerts=tuple(alert for alert in said.alerts if not is_critical(alert)),
        missing=tuple((anchor(each), each) for each in missing(case.exam, legs, said.profile)),
        drawing=place(tuple(_loud(said, case.exam.segments)), face=ROOM),
        interpretation=said,
    )


def anchor(lacking: Missing) -> str:
    """Return the cell a missing element is typed into."""
    if lacking.leg is None or not lacking.segment:
        return f"exam.{lacking.field}"
    return f"{site_key(lacking.leg, lacking.segment)}.{lacking.field}"


def _loud(said: Interpretation, readings: Sequence[Reading]) -> Iterator[MapState]:
    """Yield the states of the map; only what is not normal keeps its value, without its unit."""
    for state, reading in zip(map_states(said, readings), readings, strict=True):
        quiet = state.state in {"normal", "none"} or not reading.reflux_ms
        yield replace(state, label="" if quiet else f"{reading.reflux_ms:,}")


def _leg(said: Interpretation, leg: Leg) -> LegMeaning:
    veins = [vein for vein in said.veins if vein.leg is leg and _tells(vein)]
    ceap = next((each for each in said.ceap if each.leg is leg), None)
    return LegMeaning(leg, tuple(_sentence(vein) for vein in veins), ceap)


def _tells(vein: VeinResult) -> bool:
    return bool(vein.reflux or vein.thrombus not in {None, "none"} or vein.closure)


def _sentence(vein: VeinResult) -> str:
    name = vein_name(vein.vein)
    parts = [f"{name[0].upper()}{name[1:]}:"]
    if vein.reflux:
        kind = f"{vein.pattern.replace('_', ' ')} reflux" if vein.pattern else "reflux"
        most = f" to {vein.max_ms:,} ms" if vein.max_ms else ""
        parts.append(f"{kind}{most}")
    if vein.thrombus not in {None, "none"}:
        parts.append(f"{str(vein.thrombus).replace('_', ' ')} thrombus")
    if vein.closure:
        parts.append(f"{vein.closure} after ablation")
    return " ".join((parts[0], ", ".join(parts[1:]))) + "."
