"""Decide which CPT numbers to suggest for the scan and for what is planned or offered (§6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from workflow.domain.anatomy import REQUIRED, Leg
from workflow.domain.case import Case
from workflow.domain.codetables import cpt_in_force
from workflow.domain.interpretation import CptCode, Option
from workflow.domain.legstate import LegState
from workflow.domain.modality import PROCEDURES

_MODIFIERS = {Leg.RIGHT: "RT", Leg.LEFT: "LT"}
_FIRST_AND_LATER = {
    "RFA": ("36475", "+36476"),
    "PERF_RFA": ("36475", "+36476"),
    "EVLA": ("36478", "+36479"),
    "CAC": ("36482", "+36483"),
    "MOCA": ("36473", "+36474"),
}
"""Ablations: the number of the first vein, and the add-on, billed once a leg and session."""

_ONE_OR_SEVERAL = {"PEM": ("36465", "36466"), "UGFS": ("36470", "36471"), "LIQ": ("36470", "36471")}
"""Injections: the number of one vein, or of several veins of the same leg."""

_FEW, _MANY = 10, 20
INCISIONS = "incision count"
"""The field without which a phlebectomy has no number."""


@dataclass(frozen=True, slots=True)
class _Act:
    leg: Leg
    modality: str
    vein: str
    incisions: int | None = None


def cpt(case: Case, legs: tuple[LegState, ...], options: Iterable[Option]) -> tuple[CptCode, ...]:
    """Return the suggested numbers: of the scan, then of the plan, or without one of the options.

    An add-on (+) stands once a leg. Numbers that are not in force on the case's date are left out.
    Source: §6; each number's row in `codetables`.
    """
    acts = list(_planned(case)) or [
        _Act(o.leg, o.modality, o.vein or "") for o in options if o.modality in PROCEDURES
    ]
    found = [*_scan(legs), *(code for leg in Leg for code in _leg(leg, acts))]
    return tuple(code for each in dict.fromkeys(found) if (code := _dated(each, case.as_of)))


def _planned(case: Case) -> Iterator[_Act]:
    for item in (case.plan.items or ()) if case.plan else ():
        modality = (item.modality or "").upper()
        if item.leg is not None and modality in PROCEDURES:
            count = item.extra.get("incisions")
            known = count if isinstance(count, int) and not isinstance(count, bool) else None
            yield _Act(item.leg, modality, (item.vein or "").strip().upper(), known)


def _scan(legs: tuple[LegState, ...]) -> Iterator[CptCode]:
    scanned = [state for state in legs if state.examined]
    whole = [s for s in scanned if set(REQUIRED) <= {r.segment for r in s.readings}]
    if len(whole) == len(legs):
        yield CptCode("93970")
    elif scanned:
        one = scanned[0].leg if len(scanned) == 1 else None
        yield CptCode("93971", one)


def _leg(leg: Leg, acts: Iterable[_Act]) -> Iterator[CptCode]:
    own = [act for act in acts if act.leg is leg]
    for modality in dict.fromkeys(act.modality for act in own):
        these = [act for act in own if act.modality == modality]
        veins = {act.vein for act in these}
        for code in _numbers(modality, these, several=len(veins) > 1):
            yield CptCode(code, leg, INCISIONS if " or " in code else None)


def _numbers(modality: str, acts: list[_Act], *, several: bool) -> Iterator[str]:
    if modality == "PHLEB":
        yield _phlebectomy(acts)
    elif modality == "LIQ" and {act.vein for act in acts} <= {"TEL", "RET"}:
        yield "36468"
    elif modality in _ONE_OR_SEVERAL:
        yield _ONE_OR_SEVERAL[modality][several]
    else:
        first, later = _FIRST_AND_LATER[modality]
        yield from (first, later) if several else (first,)


def _phlebectomy(acts: list[_Act]) -> str:
    """Return the number for all incisions of a leg; every number where they were not counted."""
    counts = [act.incisions for act in acts]
    if None in counts:
        return "37765 or 37766 or 37799"
    total = sum(count or 0 for count in counts)
    if total < _FEW:
        return "37799"
    return "37765" if total <= _MANY else "37766"


@lru_cache(maxsize=512)
def _dated(code: CptCode, on: date) -> CptCode | None:
    """Return a suggestion with its label and modifier, or None where no number stands that day."""
    rows = [cpt_in_force(each, on) for each in code.code.split(" or ")]
    known = [row for row in rows if row is not None]
    if not known:
        return None
    return CptCode(
        code=" or ".join(row.code for row in known),
        leg=code.leg,
        needs=code.needs,
        label=" or ".join(row.label for row in known),
        modifier=_MODIFIERS[code.leg] if code.leg else "",
    )
