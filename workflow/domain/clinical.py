"""Hold what the clinician saw of one leg, and read it strictly (§3.1, 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from workflow.domain import shape
from workflow.domain.shape import NOTHING, Reader

CLASSES = ("C0", "C1", "C2", "C2r", "C3", "C4a", "C4b", "C4c", "C5", "C6", "C6r")
"""The C classes of CEAP 2020, in rising order."""


@dataclass(frozen=True, slots=True)
class Vcss:
    """The ten items of the revised VCSS of one leg, each 0–3 (§3.2)."""

    pain: int | None = None
    varicose_veins: int | None = None
    oedema: int | None = None
    pigmentation: int | None = None
    inflammation: int | None = None
    induration: int | None = None
    ulcer_number: int | None = None
    ulcer_duration: int | None = None
    ulcer_size: int | None = None
    compression: int | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


VCSS_ITEMS = tuple(name for name in Vcss.__dataclass_fields__ if name != "extra")


@dataclass(frozen=True, slots=True)
class Ulcer:
    """An ulcer of one leg: its age in months, its diameter in cm."""

    months: Decimal | None = None
    diameter_cm: Decimal | None = None
    first_episode: bool | None = None
    site: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@lru_cache(maxsize=128)
def _highest(classes: tuple[str, ...]) -> str:
    return max(classes, key=CLASSES.index)


@dataclass(frozen=True, slots=True)
class ClinicalLeg:
    """What the clinician saw of one leg; None = deferred."""

    c: tuple[str, ...] | None = None
    symptomatic: bool | None = None
    vcss: Vcss | None = None
    ulcer: Ulcer | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    @property
    def highest(self) -> str | None:
        """Return the highest C class with its `r`, or None where none was recorded."""
        return _highest(self.c) if self.c else None

    @property
    def rank(self) -> int | None:
        """Return the number of the highest class, 0–6, or None where none was recorded."""
        return int(self.highest[1]) if self.highest else None


_VCSS: Mapping[str, Reader[Any]] = dict.fromkeys(VCSS_ITEMS, shape.whole(0, 3))
_ULCER: Mapping[str, Reader[Any]] = {
    "months": shape.number("0", "1200"),
    "diameter_cm": shape.number("0", "100"),
    "first_episode": shape.boolean,
    "site": shape.text,
}
_LEG: Mapping[str, Reader[Any]] = {
    "c": shape.several(shape.one_of(*CLASSES)),
    "symptomatic": shape.boolean,
    "vcss": lambda v, p: shape.build(Vcss, _VCSS, v, p),
    "ulcer": lambda v, p: shape.build(Ulcer, _ULCER, v, p),
}


def read_clinical(value: object, path: str = "clinical") -> ClinicalLeg:
    """Return what a mapping holds of one leg; raise CaseRefused at the first wrong key."""
    return shape.build(ClinicalLeg, _LEG, value, path)


def write_clinical(clinical: ClinicalLeg) -> dict[str, Any]:
    """Return the clinical findings of one leg as the mapping they were read from."""
    written: dict[str, Any] = shape.plain(clinical)
    return written
