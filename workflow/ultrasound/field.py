"""List what the scan grid asks of each site: its columns, and what its drawer offers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.anatomy import Segment
from workflow.domain.findings import (
    Closure,
    Compressibility,
    Manoeuvre,
    Phasicity,
    Position,
    Thrombus,
    Visualised,
)


class Kind(StrEnum):
    """How a cell is typed."""

    REFLUX = "reflux"
    DIAMETER = "diameter"
    NUMBER = "number"
    CHOICE = "choice"
    SEVERAL = "several"
    FLAG = "flag"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the grid, or one line of a row's drawer. Numbers have `low`, `high`, `unit`."""

    key: str
    label: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    low: str = "0"
    high: str = "0"
    places: int = 1
    longest: int = 200


def _words(kind: type[StrEnum], **said: str) -> tuple[tuple[str, str], ...]:
    return tuple((item.value, said.get(item.name, item.value.replace("_", " "))) for item in kind)


def _number(key: str, label: str, unit: str, high: str, low: str = "0", places: int = 1) -> Field:
    return Field(key, label, Kind.NUMBER, unit=unit, low=low, high=high, places=places)


def _listed(key: str, label: str, *words: str) -> Field:
    return Field(key, label, Kind.CHOICE, tuple((w, w.replace("_", " ")) for w in words))


COLUMNS = (
    Field("reflux_ms", "Reflux", Kind.REFLUX, unit="ms"),
    Field("diameter_mm", "Diameter", Kind.DIAMETER, unit="mm"),
    Field("compressibility", "Compressibility", Kind.CHOICE, _words(Compressibility)),
    Field("thrombus", "Thrombus", Kind.CHOICE, _words(Thrombus, CHRONIC="chronic")),
)
"""What every row of the grid asks of each leg."""

DRAWER = (
    Field("visualised", "Seen", Kind.CHOICE, _words(Visualised, FULL="in full", PARTIAL="in part")),
    Field("limitation", "Why not, or not in full", Kind.TEXT),
    Field("location", "Where it runs", Kind.TEXT),
    _number("distance_cm", "Height or distance", "cm", "200"),
    _listed(
        "reference", "Measured from", "floor", "medial_malleolus", "heel", "knee_crease", "SFJ"
    ),
    _listed("near_ulcer", "Ulcer beside it", "none", "healed", "active"),
    _number("cm_from_sfj", "Distance from the SFJ", "cm", "200"),
    Field("phasicity", "Flow with breathing", Kind.CHOICE, _words(Phasicity)),
    _number("depth_mm", "Depth under the skin", "mm", "100"),
    Field("tortuous", "Tortuous", Kind.FLAG),
    Field("position", "Position, if not as the exam", Kind.CHOICE, _words(Position)),
    Field("closure", "After ablation", Kind.CHOICE, _words(Closure, CLOSED="closed")),
    _listed("thrombus_occlusion", "Thrombus fills it", "partial", "complete"),
    _number("thrombus_length_cm", "Thrombus length", "cm", "200"),
    _number("tip_to_junction_cm", "Tip to junction", "cm", "200", "-50"),
    _listed(
        "extends_into", "Extends into", "CFV", "DFV", "FV", "POPV", "GASV", "SOLV", "PTV", "PERO"
    ),
    Field("ehit", "From an ablation (EHIT)", Kind.FLAG),
    _number("tip_to_junction_mm", "Tip to deep vein", "mm", "2000", "-500"),
    _number("percent_deep_lumen", "Of the deep lumen", "%", "100", places=0),
    Field("comment", "Comment", Kind.TEXT, longest=500),
)

EXAM_FIELDS = (
    Field("position", "Position", Kind.CHOICE, _words(Position)),
    Field("manoeuvres", "Manoeuvres", Kind.SEVERAL, _words(Manoeuvre)),
    Field("limitations", "Limitations", Kind.TEXT, longest=500),
    Field("comparison", "Compared with", Kind.TEXT, longest=500),
)
"""How the whole exam was done; their cells are named 'exam.position' and so on."""


_VISUAL = frozenset({"TEL", "RET"})
_PERFORATOR = ("distance_cm", "reference", "near_ulcer")
_COURSE = ("depth_mm", "tortuous")
_CLOT = ("thrombus_length_cm", "tip_to_junction_cm", "extends_into")
_EHIT = ("ehit", "tip_to_junction_mm", "percent_deep_lumen")
_TRUNK = frozenset({"GSV", "SSV", "TE", "AASV", "PASV"})
_BREATHES = frozenset({"CFV", "FV", "POPV"})

REPEATABLE = frozenset({"AASV", "PASV"})
"""The sites a leg may have twice, at different distances from the junction."""


def columns(row: Segment) -> tuple[Field, ...]:
    """Return the columns that mean something at this site."""
    return () if row.code in _VISUAL else COLUMNS


def drawer(row: Segment, texts: Mapping[str, str], *, surveillance: bool) -> tuple[Field, ...]:
    """Return the rarely used fields to offer at this site, given what its cells hold.

    What applies to a clot is offered once a clot is recorded; a field that holds something is
    always offered.
    """
    clot = texts.get("thrombus", "") not in {"", "none"}
    asked = _asked(row, clot=clot, ablated=surveillance or bool(texts.get("closure")))
    return tuple(field for field in DRAWER if texts.get(field.key) or asked.get(field.key, True))


def _asked(row: Segment, *, clot: bool, ablated: bool) -> dict[str, bool]:
    """Say which fields a site is asked; what is not named here is asked everywhere."""
    superficial = not row.deep
    return {
        "location": row.code in _VISUAL | {"TRIB", "PAV"},
        "cm_from_sfj": row.code in REPEATABLE,
        "phasicity": row.vein in _BREATHES,
        "position": row.code not in _VISUAL,
        "closure": ablated and superficial,
        "thrombus_occlusion": clot,
        **dict.fromkeys(_PERFORATOR, row.perforator),
        **dict.fromkeys(_COURSE, row.vein in _TRUNK),
        **dict.fromkeys(_CLOT, clot and superficial),
        **dict.fromkeys(_EHIT, clot and ablated and superficial),
    }
