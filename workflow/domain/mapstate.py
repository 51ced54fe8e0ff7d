"""Decide how each site is drawn on the leg map and marked in the report's table."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from workflow.domain.anatomy import segment_name
from workflow.domain.documents import MapState, Row
from workflow.domain.findings import Closure, Reading, Thrombus, Visualised
from workflow.domain.interpretation import Interpretation, SegmentResult
from workflow.domain.phrases import mm_words, ms_words, plain_number

STATES = ("none", "normal", "reflux", "borderline", "acute", "chronic", "closed")
"""The states of a drawn segment; `none` is not examined or not timed, and is never normal."""

_MARKS = {
    "reflux": "reflux",
    "borderline": "borderline",
    "acute": "acute thrombus",
    "chronic": "post-thrombotic change",
    "closed": "closed",
}


def map_states(read: Interpretation, readings: Sequence[Reading]) -> tuple[MapState, ...]:
    """Return the state and the label of each recorded site, in the order recorded.

    `readings` are those the interpretation was made of. A site that was not timed is `none`
    unless a clot or a closure says more.
    """
    return tuple(
        MapState(
            leg=reading.leg,
            segment=reading.segment,
            state=site_state(reading, result),
            label=label(reading),
            height_cm=_height(reading),
            location=reading.location or "",
        )
        for reading, result in zip(readings, _results(read, readings), strict=True)
    )


def report_rows(read: Interpretation, readings: Sequence[Reading]) -> tuple[Row, ...]:
    """Return the report's table rows, in the order recorded; `mark` is in words, never a colour."""
    return tuple(
        Row(
            leg=reading.leg,
            segment=reading.segment,
            site=_site(reading),
            group=str(reading.site.group),
            reflux_ms=reading.reflux_ms,
            diameter_mm=reading.diameter_mm,
            compressibility=_compressibility(reading),
            thrombus=_thrombus(reading),
            state=site_state(reading, result),
            mark=_mark(reading, result),
            note=_note(reading),
        )
        for reading, result in zip(readings, _results(read, readings), strict=True)
    )


def _results(read: Interpretation, readings: Sequence[Reading]) -> list[SegmentResult]:
    """Return the judgement of each reading; sites that stand twice are matched in their order."""
    waiting: dict[tuple[str, str], list[SegmentResult]] = {}
    for result in read.segments:
        waiting.setdefault((result.leg, result.segment), []).append(result)
    found = []
    for reading in readings:
        queue = waiting.get((reading.leg, reading.segment))
        blank = SegmentResult(reading.leg, reading.segment, None, borderline=False)
        found.append(queue.pop(0) if queue else blank)
    return found


def site_state(reading: Reading, result: SegmentResult) -> str:
    """Return the state a site is drawn in; the most serious finding wins."""
    if reading.thrombus in {Thrombus.ACUTE, Thrombus.INDETERMINATE}:
        return "acute"
    if reading.thrombus is Thrombus.CHRONIC:
        return "chronic"
    if reading.closure is Closure.CLOSED and not result.reflux:
        return "closed"
    if result.borderline:
        return "borderline"
    if result.reflux is None:
        return "none"
    return "reflux" if result.reflux else "normal"


def label(reading: Reading) -> str:
    """Return the values that stand beside a site: '2,400 ms · 7.2 mm', or an empty text."""
    values = []
    if reading.reflux_ms is not None:
        values.append(ms_words(reading.reflux_ms))
    if reading.diameter_mm is not None:
        values.append(mm_words(reading.diameter_mm))
    return " · ".join(values)


def _height(reading: Reading) -> Decimal | None:
    """Return the height above the floor in cm; another reference is never converted silently."""
    return reading.distance_cm if reading.reference == "floor" else None


def _site(reading: Reading) -> str:
    name = segment_name(reading.segment)
    if reading.cm_from_sfj is not None:
        name += f", {plain_number(reading.cm_from_sfj)} cm from the junction"
    return name


def _compressibility(reading: Reading) -> str:
    return str(reading.compressibility).replace("_", " ") if reading.compressibility else ""


def _thrombus(reading: Reading) -> str:
    words = {
        Thrombus.NONE: "none",
        Thrombus.ACUTE: "acute",
        Thrombus.CHRONIC: "chronic post-thrombotic",
        Thrombus.INDETERMINATE: "uncertain age",
    }
    return words[reading.thrombus] if reading.thrombus else ""


def _mark(reading: Reading, result: SegmentResult) -> str:
    """Return in words what is beyond its cut-off: 'reflux', 'borderline', 'acute thrombus'."""
    if reading.thrombus is Thrombus.INDETERMINATE:
        return "thrombus of uncertain age"
    state = site_state(reading, result)
    mark = _MARKS.get(state, "")
    if state == "borderline" and result.reflux:
        return "reflux, borderline"
    if state in {"acute", "chronic"} and result.reflux:
        return f"{mark}, reflux"
    return mark


def _note(reading: Reading) -> str:
    """Return what else was recorded at a site, in words."""
    return ", ".join(filter(None, [*_seen(reading), *_place(reading), *_clot(reading)]))


def _seen(reading: Reading) -> Iterator[str]:
    words = {Visualised.NOT_SEEN: "not seen", Visualised.PARTIAL: "seen in part"}
    yield words.get(reading.visualised or Visualised.FULL, "")
    yield (reading.limitation or "").rstrip(".")
    yield f"flow {reading.phasicity}" if reading.phasicity else ""
    yield str(reading.position).replace("_", " ") if reading.position else ""


def _place(reading: Reading) -> Iterator[str]:
    yield reading.location or ""
    if reading.distance_cm is not None:
        base = (reading.reference or "").replace("_", " ")
        yield f"{plain_number(reading.distance_cm)} cm{f' from {base}' if base else ''}"
    yield "tortuous" if reading.tortuous else ""
    yield f"{mm_words(reading.depth_mm)} deep" if reading.depth_mm is not None else ""
    yield {"healed": "near a healed ulcer", "active": "near an active ulcer"}.get(
        reading.near_ulcer or "", ""
    )


def _clot(reading: Reading) -> Iterator[str]:
    if reading.thrombus_length_cm is not None:
        yield f"clot {plain_number(reading.thrombus_length_cm)} cm long"
    if reading.tip_to_junction_cm is not None:
        yield f"tip {plain_number(reading.tip_to_junction_cm)} cm from the junction"
    yield str(reading.closure).replace("_", " ") if reading.closure else ""
