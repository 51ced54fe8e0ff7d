"""Decide what a whole vein does, from what its sites do (§2, §4.8)."""

from collections.abc import Sequence
from functools import lru_cache

from workflow.domain.anatomy import CATALOGUE, REQUIRED, Leg, segment, vein_of
from workflow.domain.case import Case
from workflow.domain.findings import Closure, Reading, Thrombus
from workflow.domain.interpretation import SegmentResult, VeinResult
from workflow.domain.limits import Limits
from workflow.domain.thrombosis import clot, extended_vein

_GSV_AXIAL = ("GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC")  # groin to upper calf
_SSV_AXIAL = ("SSV_PC", "SSV_MC", "SSV_DC")  # knee to ankle
_WORST_FIRST = (Thrombus.ACUTE, Thrombus.INDETERMINATE, Thrombus.CHRONIC)
_ABLATIONS = ("rfa", "evla", "cac", "moca", "pem", "laser", "radiofreq", "ablation", "glue", "foam")
_PROXIMAL = {"GSV_PT", "GSV_MT", "SSV_PC", "SSV_MC", "AASV", "PASV"}


Judged = tuple[Reading, SegmentResult]
"""A reading, and what the profile says of it."""


def roll_up(
    case: Case, leg: Leg, judged: Sequence[Judged], limits: Limits
) -> tuple[VeinResult, ...]:
    """Return what each examined vein of a leg does, in the order of the catalogue.

    Reflux is True where any timed site refluxes; None where none was timed, or a site is
    thrombosed or closed and untimed; else False. Times in ms, diameters in mm.
    """
    reached = {
        vein: reading.thrombus
        for reading, _ in judged
        if clot(reading) and (vein := extended_vein(reading))
    }
    veins: dict[str, list[Judged]] = {vein: [] for vein in reached}
    for each in judged:
        veins.setdefault(each[0].vein, []).append(each)
    return tuple(
        _vein(case, leg, vein, veins[vein], reached.get(vein), limits)
        for vein in sorted(veins, key=_order)
    )


@lru_cache(maxsize=512)
def _order(vein: str) -> tuple[int, str]:
    row = segment(vein)
    code = row.code if row else vein
    at = next(i for i, each in enumerate(CATALOGUE) if code in {each.code, each.vein})
    return at, f"{vein:>12}"


def _vein(
    case: Case,
    leg: Leg,
    vein: str,
    sites: Sequence[Judged],
    reached: Thrombus | None,
    limits: Limits,
) -> VeinResult:
    reflux, perforator = _reflux(sites), vein.startswith("PERF_")
    wide = _pathologic(sites, limits) if perforator else None
    return VeinResult(
        leg=leg,
        vein=vein,
        reflux=reflux,
        pattern=_pattern(vein, sites, limits) if reflux else None,
        max_ms=max([r.reflux_ms for r, _ in sites if r.reflux_ms is not None], default=None),
        max_mm=max([r.diameter_mm for r, _ in sites if r.diameter_mm is not None], default=None),
        incomplete=_incomplete(vein, sites),
        borderline=True in [result.borderline for _, result in sites],
        thrombus=_thrombus(sites, reached),
        closure=_closure(case, leg, vein, sites),
        pathologic=wide,
        pathologic_2011=_at_ulcer(sites) if wide else wide,
    )


def _reflux(sites: Sequence[Judged]) -> bool | None:
    said = [result.reflux for _, result in sites]
    if True in said:
        return True
    if False not in said:
        return None
    for reading, result in sites:
        if reading.closure is Closure.CLOSED:
            return None
        if result.reflux is None and (_thrombosed(reading) or reading.closure is not None):
            return None
    return False


def _thrombosed(reading: Reading) -> bool:
    return reading.thrombus is not None and reading.thrombus is not Thrombus.NONE


def _thrombus(sites: Sequence[Judged], reached: Thrombus | None) -> str | None:
    seen = [reached, *[reading.thrombus for reading, _ in sites]]
    for worst in _WORST_FIRST:
        if worst in seen:
            return str(worst)
    return None


def _incomplete(vein: str, sites: Sequence[Judged]) -> bool:
    """Say whether the protocol asks for a time of this vein that is not there."""
    there = {reading.segment for reading, _ in sites}
    if not _required(vein) <= there:
        return True
    for reading, _ in sites:
        if reading.reflux_ms is None and reading.closure is None and not _thrombosed(reading):
            return True
    return False


@lru_cache(maxsize=512)
def _required(vein: str) -> frozenset[str]:
    return frozenset(code for code in REQUIRED if vein_of(code) == vein)


_PATTERNLESS = frozenset({"TRIB", "PAV", "TEL", "RET"})


def _pattern(vein: str, sites: Sequence[Judged], limits: Limits) -> str | None:
    """Return the pattern of a refluxing vein (SVS/AVF/AVLS 2023, 1.3.2), or None if it has none."""
    row = sites[0][0].site
    if row.deep or row.perforator or row.code in _PATTERNLESS:
        return None
    match vein:
        case "SFJ" | "SPJ":
            return "junctional"
        case "GSV":
            return "axial" if _all_reflux(_GSV_AXIAL, sites) else "segmental"
        case "SSV":
            return "axial" if _all_reflux(_SSV_AXIAL, sites) else "segmental"
        case "AASV" | "PASV":
            return "axial_accessory" if _apart(sites, limits) else "segmental"
        case _:  # the thigh extension
            return "segmental"


def _all_reflux(codes: Sequence[str], sites: Sequence[Judged]) -> bool:
    """Say whether every one of these sites was timed and refluxes; a missing one says no."""
    asked = [(r.segment, result.reflux) for r, result in sites if r.segment in codes]
    return {code for code, _ in asked} == set(codes) and all(leaks for _, leaks in asked)


def _apart(sites: Sequence[Judged], limits: Limits) -> bool:
    """Say whether reflux runs without a break between two sites at least 5 cm apart."""
    placed = sorted(
        (reading.cm_from_sfj, result.reflux)
        for reading, result in sites
        if reading.cm_from_sfj is not None and result.reflux is not None
    )
    start = None
    for cm, leaks in placed:
        if not leaks:
            start = None
        elif start is None:
            start = cm
        elif cm - start >= limits.accessory_apart_cm:
            return True
    return False


def _closure(case: Case, leg: Leg, vein: str, sites: Sequence[Judged]) -> str | None:
    """Return what became of a treated vein: complete, partial, recanalised, or None (§5.3)."""
    marked = [(r.closure, result.reflux) for r, result in sites if r.closure is not None]
    if not marked:
        leaks = True in [result.reflux for _, result in sites if result.segment in _PROXIMAL]
        return "recanalised" if leaks and _was_closed(case, leg, vein) else None
    if any(closure is Closure.RECANALISED or leaks for closure, leaks in marked):
        return "recanalised"
    if any(closure is Closure.PARTLY_OPEN for closure, _ in marked):
        return "partial"
    return "complete"


def _was_closed(case: Case, leg: Leg, vein: str) -> bool:
    """Say whether an earlier ablation of this vein is on record as having closed it."""
    for procedure in case.intake.prior_vein_procedures or ():
        result = (procedure.result or "").casefold()
        technique = (procedure.technique or "").casefold()
        if (
            procedure.leg is leg
            and (procedure.vein or "").strip().upper() == vein
            and any(word in technique for word in _ABLATIONS)
            and any(word in result for word in ("closed", "occlu"))
        ):
            return True
    return False


def _pathologic(sites: Sequence[Judged], limits: Limits) -> bool | None:
    """Say whether a perforator is pathologic: it refluxes, and is 3.5 mm or wider (§2)."""
    answers = []
    for reading, result in sites:
        wide = None if reading.diameter_mm is None else reading.diameter_mm >= limits.pathologic_mm
        both = {result.reflux, wide}
        answers.append(False if False in both else None if None in both else True)
    if True in answers:
        return True
    return None if None in answers else False


def _at_ulcer(sites: Sequence[Judged]) -> bool | None:
    """Say whether a perforator lies at a healed or open ulcer, as SVS/AVF 2011 also asks (§2)."""
    told = {reading.near_ulcer for reading, _ in sites}
    if told & {"healed", "active"}:
        return True
    return None if None in told else False
