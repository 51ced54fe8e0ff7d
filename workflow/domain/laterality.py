"""Decide whether a plan names the leg its finding lies in."""

import re
from collections.abc import Iterator

from workflow.domain.alarm import alarm
from workflow.domain.anatomy import Leg, vein_name, vein_of
from workflow.domain.case import Case, PlanItem
from workflow.domain.interpretation import Alert
from workflow.domain.legstate import LegState

_BOTH_LEGS = r"[Bb]oth|BOTH|[Bb]ilateral|BILATERAL"
_SIDE_WORDS = {
    # 'right away' and its like name no side
    Leg.RIGHT: re.compile(
        rf"\b(?:(?:[Rr]ight|RIGHT)(?! (?:away|now|after|before|then)\b)|R|R[Tt]|RLE|{_BOTH_LEGS})\b"
    ),
    Leg.LEFT: re.compile(rf"\b(?:[Ll]eft|LEFT|L|L[Tt]|LLE|{_BOTH_LEGS})\b"),
}
_SKIN_VEINS = {"TEL", "RET"}


def laterality_flags(case: Case, legs: tuple[LegState, ...]) -> Iterator[Alert]:
    """Yield WARN_LATERALITY where a plan's item, text or dose names the wrong leg (§3.10).

    An item is wrong where its vein refluxes in the other leg and not in its own. A text is wrong
    where it names a leg that neither an item of the plan nor a finding supports.
    """
    state = {each.leg: each for each in legs}
    said: set[Leg] = set()
    for item in case.plan.items or () if case.plan else ():
        if item.leg is not None and item.leg not in said and _wrong_leg(item, item.leg, state):
            said.add(item.leg)
            name = vein_name(vein_of(item.vein.strip().upper())) if item.vein else "vein"
            text = f"The plan names the {item.leg.word} {name}; the reflux is in the other leg."
            yield alarm("WARN_LATERALITY", text, item.leg)
    for leg in sorted(_named(case, state) - said):
        said.add(leg)
        text = f"The plan's text names the {leg.word} leg; what it rests on is in the other leg."
        yield alarm("WARN_LATERALITY", text, leg)
    for leg in sorted({dose.leg for dose in case.doses if dose.leg is not None} - said):
        if _nothing(state[leg]) and not _nothing(state[leg.other]):
            text = f"A dose is planned for the {leg.word} leg; the finding is in the other leg."
            yield alarm("WARN_LATERALITY", text, leg)


def _wrong_leg(item: PlanItem, leg: Leg, state: dict[Leg, LegState]) -> bool:
    vein = vein_of((item.vein or "").strip().upper())
    if vein in _SKIN_VEINS:
        return _skin_only(state[leg.other]) and state[leg].clinical.rank == 0
    if not vein:
        procedure = (item.modality or "").upper() not in {"", "CONS"}
        return procedure and _nothing(state[leg]) and not _nothing(state[leg.other])
    here, there = state[leg].veins.get(vein), state[leg.other].veins.get(vein)
    return bool(there and there.reflux) and not (here and here.reflux)


def _skin_only(state: LegState) -> bool:
    return (state.clinical.rank or 0) >= 1


def _nothing(state: LegState) -> bool:
    """Say whether a leg holds nothing to treat: no reflux, and no class above C0."""
    return not state.any_reflux and not state.clinical.rank and not state.acute


def _named(case: Case, state: dict[Leg, LegState]) -> set[Leg]:
    """Return the leg that a plan's text names against its items or, without items, the findings.

    A text that names both legs is not read further: it may well say that one needs nothing.
    """
    text = (case.plan.text or "") if case.plan else ""
    named = {leg for leg, words in _SIDE_WORDS.items() if words.search(text)}
    if len(named) != 1 or case.plan is None:
        return set()
    planned = {item.leg for item in case.plan.items or () if item.leg is not None}
    if planned:
        return named - planned
    return {leg for leg in named if _nothing(state[leg]) and not _nothing(state[leg.other])}
