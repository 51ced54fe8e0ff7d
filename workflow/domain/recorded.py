"""Hold what a scan recorded, and read it strictly (§1.2, 1.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.domain import shape
from workflow.domain.anatomy import Leg, segment
from workflow.domain.errors import CaseRefused
from workflow.domain.findings import (
    Closure,
    Compressibility,
    Manoeuvre,
    Phasicity,
    Position,
    Purpose,
    Reading,
    Thrombus,
    Visualised,
)
from workflow.domain.shape import NOTHING, Reader


@dataclass(frozen=True, slots=True)
class ExamPart:
    """What was looked at, how, and what was recorded at each site, in the order given."""

    purpose: Purpose | None = None
    position: Position | None = None
    manoeuvres: tuple[Manoeuvre, ...] | None = None
    segments: tuple[Reading, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


def _code(value: Any, path: str) -> str:
    code = shape.text(value, path)
    if segment(code) is None:
        raise CaseRefused(path, "is not a site of the scan protocol.")
    return code


_CM = shape.number("0", "200")
_READING: Mapping[str, Reader[Any]] = {
    "leg": shape.member(Leg),
    "segment": _code,
    "reflux_ms": shape.whole(0, 20_000),
    "diameter_mm": shape.number("0.5", "40"),
    "compressibility": shape.member(Compressibility),
    "thrombus": shape.member(Thrombus),
    "visualised": shape.member(Visualised),
    "limitation": shape.text,
    "depth_mm": shape.number("0", "100"),
    "position": shape.member(Position),
    "tortuous": shape.boolean,
    "phasicity": shape.member(Phasicity),
    "thrombus_occlusion": shape.one_of("partial", "complete"),
    "thrombus_length_cm": _CM,
    "tip_to_junction_cm": shape.number("-50", "200"),
    "cm_from_sfj": _CM,
    "distance_cm": _CM,
    "reference": shape.one_of("floor", "medial_malleolus", "heel", "knee_crease", "SFJ"),
    "near_ulcer": shape.one_of("none", "healed", "active"),
    "location": shape.text,
    "ehit": shape.either(shape.boolean, shape.text, when=bool),
    "extends_into": shape.text,
    "tip_to_junction_mm": shape.number("-500", "2000"),
    "percent_deep_lumen": shape.number("0", "100"),
    "closure": shape.member(Closure),
}


def read_reading(value: object, path: str = "segment") -> Reading:
    """Return the reading a mapping holds; raise CaseRefused at the first wrong key.

    Units as the keys say: ms, mm, cm. `reflux_ms` 0 = looked for, none seen; null = not timed.
    """
    return shape.build(Reading, _READING, value, path, needs=("leg", "segment"))


def write_reading(reading: Reading) -> dict[str, Any]:
    """Return a reading as the mapping it was read from."""
    written: dict[str, Any] = shape.plain(reading)
    return written


_EXAM: Mapping[str, Reader[Any]] = {
    "purpose": shape.member(Purpose),
    "position": shape.member(Position),
    "manoeuvres": shape.several(shape.member(Manoeuvre)),
    "segments": shape.several(read_reading),
}


def read_exam(value: object, path: str = "exam") -> ExamPart:
    """Return the exam a mapping holds; raise CaseRefused at the first wrong key."""
    return shape.build(ExamPart, _EXAM, value, path)
