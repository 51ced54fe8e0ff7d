"""Hold the leg-cramp questions, the Wells items and the Villalta items (§3.3, 3.5, 3.8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from workflow.domain import shape
from workflow.domain.anatomy import Leg
from workflow.domain.shape import NOTHING, Reader

SIDES = ("R", "L", "both")
CRAMP_SITES = ("calf", "foot", "thigh", "toe")
CRAMP_FREQUENCIES = ("none", "<1/mo", "1-3/mo", "1-2/wk", "3-6/wk", "daily")
CRAMP_TIMINGS = ("night", "evening", "exercise", "rest", "any")
CRAMP_DURATIONS = ("<1 min", "1-9 min", ">=10 min")
CRAMP_SORENESS = ("none", "<1 h", "hours", "next_day")
CRAMP_RELIEFS = ("stretch_walk", "rest_from_walking", "cold", "elevation", "nothing")


@dataclass(frozen=True, slots=True)
class Cramps:
    """The leg-cramp questions (§3.5)."""

    present: bool | None = None
    side: str | None = None
    site: str | None = None
    frequency: str | None = None
    timing: str | None = None
    duration: str | None = None
    residual_soreness: str | None = None
    nrs_0_10: int | None = None
    nights_per_week: Decimal | None = None
    palpable_knot: bool | None = None
    relief: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Wells:
    """The Wells items for deep vein thrombosis, each 0 or 1 (§3.8)."""

    version: str | None = None
    active_cancer: int | None = None
    paralysis_cast: int | None = None
    bedridden_or_major_surgery: int | None = None
    deep_vein_tenderness: int | None = None
    entire_leg_swollen: int | None = None
    calf_swelling_gt3cm: int | None = None
    pitting_oedema: int | None = None
    collateral_veins: int | None = None
    previous_dvt: int | None = None
    alternative_dx_minus2: int | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Villalta:
    """The Villalta items of one leg, each 0–3, and whether an ulcer is present (§3.3)."""

    leg: Leg | None = None
    pain: int | None = None
    cramps: int | None = None
    heaviness: int | None = None
    paraesthesia: int | None = None
    pruritus: int | None = None
    oedema: int | None = None
    induration: int | None = None
    hyperpigmentation: int | None = None
    redness: int | None = None
    ectasia: int | None = None
    calf_compression_pain: int | None = None
    ulcer: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


_CRAMPS: Mapping[str, Reader[Any]] = {
    "present": shape.boolean,
    "side": shape.one_of(*SIDES),
    "site": shape.one_of(*CRAMP_SITES),
    "frequency": shape.one_of(*CRAMP_FREQUENCIES),
    "timing": shape.one_of(*CRAMP_TIMINGS),
    "duration": shape.one_of(*CRAMP_DURATIONS),
    "residual_soreness": shape.one_of(*CRAMP_SORENESS),
    "nrs_0_10": shape.whole(0, 10),
    "nights_per_week": shape.number("0", "7"),
    "palpable_knot": shape.boolean,
    "relief": shape.one_of(*CRAMP_RELIEFS),
}
WELLS_ITEMS = tuple(name for name in Wells.__dataclass_fields__ if name not in {"version", "extra"})
_WELLS: Mapping[str, Reader[Any]] = {
    "version": shape.one_of("1997", "2003"),
    **dict.fromkeys(WELLS_ITEMS, shape.whole(0, 1)),
}
VILLALTA_ITEMS = tuple(
    name for name in Villalta.__dataclass_fields__ if name not in {"leg", "ulcer", "extra"}
)


def _yes(value: Any, path: str) -> bool:
    return bool(shape.either(shape.boolean, shape.whole(0, 1), when=bool)(value, path))


_VILLALTA: Mapping[str, Reader[Any]] = {
    "leg": shape.member(Leg),
    "ulcer": _yes,
    **dict.fromkeys(VILLALTA_ITEMS, shape.whole(0, 3)),
}


def read_cramps(value: object, path: str = "cramps") -> Cramps:
    """Return the cramp answers a mapping holds; raise CaseRefused at the first wrong key."""
    return shape.build(Cramps, _CRAMPS, value, path)


def read_wells(value: object, path: str = "wells") -> Wells:
    """Return the Wells items a mapping holds; raise CaseRefused at the first wrong key."""
    return shape.build(Wells, _WELLS, value, path)


def read_villalta(value: object, path: str = "villalta") -> Villalta:
    """Return the Villalta items a mapping holds; raise CaseRefused at the first wrong key."""
    return shape.build(Villalta, _VILLALTA, value, path)
