"""Decide what each vein of a leg calls for, once nothing bars the leg (§4.8 rows 7–12)."""

from collections.abc import Callable

from workflow.domain.anatomy import TRUNKS, vein_name
from workflow.domain.choices import RULES, Choices
from workflow.domain.interpretation import VeinResult
from workflow.domain.legstate import LegState
from workflow.domain.modality import METHODS, PROCEDURES, TRUNK_RANKS, Modality
from workflow.domain.phrases import the_vein
from workflow.domain.thrombosis import clot

_AXIAL = {"axial", "axial_accessory"}
_SVS, _ESVS, _NICE = "SVS/AVF/AVLS 2022–2023", "ESVS 2022", "NICE CG168"
_TRUNK_SOURCES = (RULES, _SVS, _ESVS, _NICE)


def healthy_superficial_veins(choices: Choices) -> None:
    """Row 7: nothing superficial refluxes. Care by class; liquid, never foam, for spider veins."""
    state, rank = choices.state, choices.state.clinical.rank
    if not state.superficial_timed:
        choices.care(
            "No superficial vein of this leg was timed, so nothing can be offered for it.", row=7
        )
        return
    if state.deep_reflux:
        choices.care("Deep veins reflux, superficial veins do not.", row=7)
        choices.review("Deep reflux without superficial reflux.", row=7)
    elif rank is None:
        choices.care(
            "No superficial vein refluxes. The clinical class has not been recorded.", row=7
        )
    elif rank >= 2:
        choices.care(f"{state.clinical.highest}, and no superficial vein refluxes.", row=7)
        choices.review("The signs are not explained by a refluxing superficial vein.", row=7)
    elif rank == 1:
        _spider_veins(choices)
    else:
        choices.care("No superficial vein refluxes and no sign of disease is seen.", row=7)


def _spider_veins(choices: Choices) -> None:
    symptoms = choices.state.clinical.symptomatic
    other = "Look for another cause of the symptoms." if symptoms else ""
    reason = "Spider or reticular veins without reflux; treatment is cosmetic."
    choices.bar(["UGFS", "PEM"], "Spider veins (C1) do not need foam.")
    choices.offer("LIQ", "TEL", 1, reason, other, sources=(RULES, _SVS, _ESVS), row=7)
    if "LIQ" in choices.bars:
        choices.care("Spider veins without reflux; injections are ruled out.", row=7)


def refluxing_superficial_veins(choices: Choices) -> None:
    """Rows 8–11: what the refluxing superficial veins of a leg call for."""
    state = choices.state
    if _all_borderline(state):
        reason = "Every refluxing superficial time lies within 10 % of its cut-off."
        choices.offer("REPEAT_SCAN", None, 1, reason, sources=(RULES,), row=8)
    if obstacle := _not_for_procedures(state):
        choices.care(obstacle, row=8)
    else:
        for trunk in state.trunks:
            _trunk(choices, trunk)
        _tributaries(choices)
        partly = [vein for vein in state.trunks if _in_part(vein, state)]
        if partly:
            listed = ", ".join(f"{vein_name(v.vein)} ({v.pattern})" for v in partly)
            choices.care(f"Reflux without an axial pattern: {listed}.", row=8)
        elif not choices.options and not set(PROCEDURES) <= set(choices.bars):
            choices.care(
                "No refluxing vein of this leg meets the conditions of a procedure.", row=8
            )
    if (state.clinical.rank or 0) >= 5:
        _ulcer_care(choices)


def _not_for_procedures(state: LegState) -> str | None:
    """Say why no trunk or tributary of this leg is treated: row 8 wants a symptomatic C2–C6 leg."""
    if state.clinical.symptomatic is False:
        return "The leg is asymptomatic."
    if state.clinical.symptomatic is None:
        return "Whether the leg is symptomatic has not been recorded."
    return None


def _in_part(vein: VeinResult, state: LegState) -> bool:
    """Say whether a vein refluxes in part; a junction counts where no trunk of its leg is axial."""
    if vein.vein in {"SFJ", "SPJ"}:
        return not any(each.vein in TRUNKS for each in state.trunks)
    return vein.pattern not in _AXIAL


def _all_borderline(state: LegState) -> bool:
    leaking = [
        result.borderline
        for reading, result in zip(state.readings, state.segments, strict=True)
        if result.reflux and not reading.site.deep and not reading.site.perforator
    ]
    return bool(leaking) and all(leaking)


def _trunk(choices: Choices, trunk: VeinResult) -> None:
    """Row 9: the ranks of an axial trunk on a symptomatic C2–C6 leg."""
    state, rank = choices.state, choices.state.clinical.rank
    if trunk.vein not in TRUNK_RANKS or trunk.pattern not in _AXIAL:
        return
    if rank is None or rank < 2:
        seen = "not recorded" if rank is None else str(state.clinical.highest)
        choices.care(f"A procedure on a trunk needs class C2 to C6; the class is {seen}.", row=8)
        return
    _trunk_bars(choices, trunk)
    name = vein_name(trunk.vein)
    longest = f", up to {trunk.max_ms:,} ms" if trunk.max_ms is not None else ""
    why = f"The {state.leg.word} {name} refluxes along its length{longest}."
    symptoms = f"The leg is symptomatic ({state.clinical.highest})."
    for modality, place in TRUNK_RANKS[trunk.vein].items():
        note = _note(modality, trunk, choices)
        choices.offer(
            modality, trunk.vein, place, why, symptoms, *note, sources=_TRUNK_SOURCES, row=9
        )


def _note(modality: str, trunk: VeinResult, choices: Choices) -> tuple[str, ...]:
    method, notes = METHODS[modality], []
    if method.thermal and trunk.vein in {"GSV", "SSV"}:
        nerve = "saphenous" if trunk.vein == "GSV" else "sural"
        notes.append(f"Heat stops at mid calf, for the {nerve} nerve lies beside the vein.")
    if method.thermal and choices.patient.lidocaine_allergy:
        notes.append("An allergy to lidocaine is recorded: settle the anaesthetic first.")
    if method.width_limited and trunk.max_mm is None:
        widest = choices.state.profile.limits.nonthermal_mm
        notes.append(f"The diameter is not recorded; it must be {widest} mm or less.")
    return tuple(notes)


def _trunk_bars(choices: Choices, trunk: VeinResult) -> None:
    """Rows 8 and 9: a tortuous, a wide or a thrombosed trunk takes its methods out."""
    name, widest = vein_name(trunk.vein), choices.state.profile.limits.nonthermal_mm
    sites = [r for r in choices.state.readings if r.vein == trunk.vein]
    reasons: list[tuple[str, Callable[[Modality], bool]]] = []
    if True in [site.tortuous for site in sites]:
        reasons.append((f"The {name} is tortuous.", lambda method: method.catheter))
    if trunk.max_mm is not None and trunk.max_mm > widest:
        wide = f"The {name} is {trunk.max_mm} mm wide; the limit is {widest} mm."
        reasons.append((wide, lambda method: method.width_limited))
    if any(map(clot, sites)):
        reasons.append((f"The {name} holds a thrombus.", lambda method: True))
    for reason, applies in reasons:
        for method in filter(applies, METHODS.values()):
            choices.bar_vein(method.id, trunk.vein, reason)


def _tributaries(choices: Choices) -> None:
    """Row 11: refluxing tributaries of 3 mm or more go with or after their trunk."""
    state = choices.state
    rank = 1 if _trunks_competent(state) else 3
    place = "The trunk is competent." if rank == 1 else "With the trunk or after it."
    for vein in state.tributaries:
        if (
            vein.max_mm is None
            or vein.max_mm < state.profile.limits.tributary_mm
            or vein.thrombus in _FRESH
        ):
            continue
        why = f"{the_vein(vein.vein)} refluxes and is {vein.max_mm} mm wide."
        for modality in ("PHLEB", "UGFS"):
            choices.offer(
                modality, vein.vein, rank, why, place, sources=(RULES, _SVS, _ESVS), row=11
            )


_FRESH = {"acute", "indeterminate"}


def _trunks_competent(state: LegState) -> bool:
    """Say whether no trunk leaks, and both saphenous trunks were shown to hold or are closed."""
    if state.trunks:
        return False
    return all(
        (vein := state.veins.get(name)) is not None
        and (vein.reflux is False or vein.closure == "complete")
        for name in ("GSV", "SSV")
    )


def _ulcer_care(choices: Choices) -> None:
    """Row 10: compression and wound care beside the trunk, and foam to the veins at the ulcer."""
    state = choices.state
    choices.care(f"{state.clinical.highest}: compression and wound care.", row=10)
    if state.clinical.symptomatic:
        reason = "Refluxing veins around the ulcer."
        choices.offer("UGFS", None, 3, reason, sources=(RULES, _ESVS), row=10)


def perforators(choices: Choices) -> None:
    """Row 10: a pathologic perforator at a healed or open ulcer; never in C0–C4."""
    state = choices.state
    pathologic = [vein for vein in state.refluxing(perforator=True) if vein.pathologic]
    at_ulcer = {r.vein for r in state.readings if r.near_ulcer in {"healed", "active"}}
    highest = state.clinical.highest or "a class that was not recorded"
    if (state.clinical.rank or 0) < 5:
        if pathologic:
            choices.bar(["PERF_RFA"], f"A perforator in {highest} is not first-line treatment.")
        return
    for vein in pathologic:
        if vein.vein in at_ulcer and vein.thrombus not in _FRESH:
            why = f"{the_vein(vein.vein)} is pathologic and lies at the ulcer ({highest})."
            choices.offer("PERF_RFA", vein.vein, 3, why, sources=(RULES, "SVS/AVF 2011"), row=10)


def unused(state: LegState) -> dict[str, str]:
    """Return why each procedure is not called for, where nothing bars it."""
    if not state.superficial_timed:
        trunk = "No superficial vein of this leg was timed."
    elif not state.superficial_reflux:
        trunk = "No superficial vein of this leg refluxes."
    elif reason := _not_for_procedures(state):
        trunk = reason
    elif not any(vein.pattern in _AXIAL for vein in state.trunks):
        trunk = "No trunk of this leg refluxes along its length."
    elif (state.clinical.rank or 0) < 2:
        trunk = "A procedure on a trunk needs class C2 to C6."
    else:
        trunk = "It is not a method for the refluxing trunk of this leg."
    calls = dict.fromkeys(("RFA", "EVLA", "CAC", "MOCA", "PEM", "UGFS"), trunk)
    calls["LIQ"] = (
        "The refluxing veins come first."
        if state.superficial_reflux
        else "No spider veins are recorded as the only finding."
    )
    least = state.profile.limits.tributary_mm
    calls["PHLEB"] = f"No tributary that refluxes and is {least} mm or wider calls for it."
    calls["PERF_RFA"] = "No pathologic perforator at an ulcer."
    return calls
