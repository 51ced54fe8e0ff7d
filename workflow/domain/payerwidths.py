"""Gather the widths a payer asks of a leg: of the veins a plan treats, or else of those that leak.

A payer judges each vein that is treated, so where a plan treats two trunks the narrower one must be
wide enough, and no other vein of the leg counts for it.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from workflow.domain.anatomy import TRUNKS, Leg, segment, vein_of
from workflow.domain.case import Case
from workflow.domain.legstate import TRIBUTARY_CODES, LegState

SCLEROSANT = frozenset({"UGFS", "LIQ", "PEM", "MOCA"})
NONTHERMAL = frozenset({"CAC", "PEM", "MOCA"})

Kind = Callable[[str], bool]


def planned_items(case: Case, leg: Leg) -> list[tuple[str, str]]:
    """Return the treatments that the plan names for a leg, each with its vein."""
    items = (case.plan.items or ()) if case.plan else ()
    return [
        ((item.modality or "").upper(), vein_of((item.vein or "").strip().upper()))
        for item in items
        if item.leg is leg
    ]


def widths(case: Case, state: LegState) -> dict[str, Decimal | None]:
    """Return the width in mm of each kind of vein; None where one of them was not measured.

    Without a plan for one and without a leak, it is that of every trunk that was scanned.
    """
    trunks = _veins(case, state, _is_trunk) or [vein for vein in state.veins if _is_trunk(vein)]
    nonthermal = _veins(case, state, _is_trunk, NONTHERMAL)
    injected = _veins(case, state, _is_injectable, SCLEROSANT)
    return {
        "trunk_mm": _width(state, trunks, min),
        "nonthermal_mm": _width(state, nonthermal, max),
        "gsv_mm": _width(state, ["GSV"], min),
        "ssv_mm": _width(state, ["SSV"], min),
        "tributary_mm": _width(state, _veins(case, state, _is_tributary), min),
        "perforator_mm": _width(state, _veins(case, state, _is_perforator), min),
        "injected_mm": _width(state, injected, min),
    }


def leaks(state: LegState) -> dict[str, bool]:
    """Return what leaks in a leg: what a width is asked of while nothing is planned for it.

    A tributary or a perforator is asked about where no trunk leaks, for the trunk comes first.
    """
    leaking = _leaking(state)
    trunk = any(map(_is_trunk, leaking))
    return {
        "trunk_leaks": trunk,
        "gsv_leaks": "GSV" in leaking,
        "ssv_leaks": "SSV" in leaking,
        "superficial_leaks": any(map(_is_injectable, leaking)),
        "tributary_leaks_alone": any(map(_is_tributary, leaking)) and not trunk,
        "perforator_leaks_alone": any(map(_is_perforator, leaking)) and not trunk,
    }


def _veins(
    case: Case, state: LegState, kind: Kind, methods: frozenset[str] | None = None
) -> list[str]:
    """Return the veins of a kind that the plan treats by such a method, or else those that leak."""
    items = planned_items(case, state.leg)
    planned = [v for method, v in items if kind(v) and (methods is None or method in methods)]
    return planned or [vein for vein in _leaking(state) if kind(vein)]


def _leaking(state: LegState) -> list[str]:
    return [vein.vein for vein in (*state.refluxing(), *state.refluxing(perforator=True))]


def _width(
    state: LegState, veins: Iterable[str], of: Callable[[list[Decimal]], Decimal]
) -> Decimal | None:
    found = [state.veins[vein].max_mm if vein in state.veins else None for vein in veins]
    known = [mm for mm in found if mm is not None]
    return of(known) if known and len(known) == len(found) else None


def _is_trunk(vein: str) -> bool:
    return vein in TRUNKS


def _is_tributary(vein: str) -> bool:
    row = segment(vein)
    return row is not None and row.code in TRIBUTARY_CODES


def _is_perforator(vein: str) -> bool:
    row = segment(vein)
    return row is not None and row.perforator


def _is_injectable(vein: str) -> bool:
    return _is_trunk(vein) or _is_tributary(vein)
