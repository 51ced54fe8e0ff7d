"""Decide what a whole vein does, from what its sites do (§2, §4.8)."""

from collections.abc import Sequence

from workflow.domain.anatomy import CATALOGUE, REQUIRED, Leg, segment, vein_of
from workflow.domain.case import Case
from workflow.domain.findings import Closure, Reading, Thrombus
from workflow.domain.interpretation import VeinResult
from workflow.domain.profile import Profile
from workflow.domain.reflux import borderline, refluxes
from workflow.domain.thrombosis import clot, extended_vein

_GSV_AXIAL = ("GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC")  # groin to upper calf
_SSV_AXIAL = ("SSV_PC", "SSV_MC", "SSV_DC")  # knee to ankle
_WORST_FIRST = (Thrombus.ACUTE, Thrombus.INDETERMINATE, Thrombus.CHRONIC)
_ABLATIONS = ("rfa", "evla", "cac", "moca", "pem", "laser", "radiofreq", "ablation", "glue", "foam")
_PROXIMAL = {"GSV_PT", "GSV_MT", "SSV_PC", "SSV_MC", "AASV", "PASV"}


def roll_up(case: Case, leg: Leg, profile: Profile) -> tuple[VeinResult, ...]:
    """Return what each examined vein of a leg does, in the order of the catalogue.

    Reflux is True where any timed site refluxes; None where none was timed, or a site is
    thrombosed or closed and untimed; else False. Times in ms, diameters in mm.
    """
    readings = case.readings(leg)
    reached = {
        vein: reading.thrombus
        for reading in readings
        if clot(reading) and (vein := extended_vein(reading))
    }
    veins = {reading.vein for reading in readings} | set(reached)
    results = []
    for vein in sorted(veins, key=_order):
        sites = [reading for reading in readings if reading.vein == vein]
        results.append(_vein(case, leg, vein, sites, reached.get(vein), profile))
    return tuple(results)


def _order(vein: str) -> tuple[int, str]:
    row = segment(vein)
    code = row.code if row else vein
    at = next(i for i, each in enumerate(CATALOGUE) if code in {each.code, each.vein})
    return at, f"{vein:>12}"


def _vein(
    case: Case,
    leg: Leg,
    vein: str,
    sites: Sequence[Reading],
    reached: Thrombus | None,
    profile: Profile,
) -> VeinResult:
    reflux = _reflux(sites, profile)
    times = [r.reflux_ms for r in sites if r.reflux_ms is not None]
    widths = [r.diameter_mm for r in sites if r.diameter_mm is not None]
    return VeinResult(
        leg=leg,
        vein=vein,
        reflux=reflux,
        pattern=_pattern(vein, sites, profile) if reflux else None,
        max_ms=max(times, default=None),
        max_mm=max(widths, default=None),
        incomplete=_incomplete(vein, sites),
        borderline=any(borderline(r, profile) for r in sites),
        thrombus=_thrombus(sites, reached),
        closure=_closure(case, leg, vein, sites, profile),
        pathologic=_pathologic(sites, profile),
    )


def _reflux(sites: Sequence[Reading], profile: Profile) -> bool | None:
    judged = [refluxes(reading, profile) for reading in sites]
    if any(judged):
        return True
    if all(each is None for each in judged):
        return None
    hidden = any(
        each is None and (_thrombosed(reading) or reading.closure is not None)
        for each, reading in zip(judged, sites, strict=True)
    )
    closed = any(reading.closure is Closure.CLOSED for reading in sites)
    return None if hidden or closed else False


def _thrombosed(reading: Reading) -> bool:
    return reading.thrombus is not None and reading.thrombus is not Thrombus.NONE


def _thrombus(sites: Sequence[Reading], reached: Thrombus | None) -> str | None:
    seen = {reading.thrombus for reading in sites} | {reached}
    return next((str(each) for each in _WORST_FIRST if each in seen), None)


def _incomplete(vein: str, sites: Sequence[Reading]) -> bool:
    """Say whether the protocol asks for a time of this vein that is not there."""
    there = {reading.segment for reading in sites}
    if any(vein_of(code) == vein and code not in there for code in REQUIRED):
        return True
    return any(
        reading.reflux_ms is None and not _thrombosed(reading) and reading.closure is None
        for reading in sites
    )


def _pattern(vein: str, sites: Sequence[Reading], profile: Profile) -> str | None:
    """Return the pattern of a refluxing vein (SVS/AVF/AVLS 2023, 1.3.2), or None if it has none."""
    row = segment(vein)
    if row is not None and (row.deep or row.perforator or row.code in {"TRIB", "PAV"}):
        return None
    match vein:
        case "SFJ" | "SPJ":
            return "junctional"
        case "GSV":
            return "axial" if _all_reflux(_GSV_AXIAL, sites, profile) else "segmental"
        case "SSV":
            return "axial" if _all_reflux(_SSV_AXIAL, sites, profile) else "segmental"
        case "AASV" | "PASV":
            return "axial_accessory" if _five_apart(sites, profile) else "segmental"
        case "TE":
            return "segmental"
        case _:
            return None


def _all_reflux(codes: Sequence[str], sites: Sequence[Reading], profile: Profile) -> bool:
    """Say whether every one of these sites was timed and refluxes; a missing one says no."""
    asked = [reading for reading in sites if reading.segment in codes]
    whole = {reading.segment for reading in asked} == set(codes)
    return whole and all(refluxes(reading, profile) for reading in asked)


def _five_apart(sites: Sequence[Reading], profile: Profile) -> bool:
    """Say whether reflux runs without a break between two sites at least 5 cm apart."""
    placed = sorted(
        (reading.cm_from_sfj, bool(refluxes(reading, profile)))
        for reading in sites
        if reading.cm_from_sfj is not None and reading.reflux_ms is not None
    )
    start = None
    for cm, leaks in placed:
        if not leaks:
            start = None
        elif start is None:
            start = cm
        elif cm - start >= profile.limits.accessory_apart_cm:
            return True
    return False


def _closure(
    case: Case, leg: Leg, vein: str, sites: Sequence[Reading], profile: Profile
) -> str | None:
    """Return what became of a treated vein: complete, partial, recanalised, or None (§5.3)."""
    marked = [reading for reading in sites if reading.closure is not None]
    if any(r.closure is Closure.RECANALISED or refluxes(r, profile) for r in marked):
        return "recanalised"
    if any(reading.closure is Closure.PARTLY_OPEN for reading in marked):
        return "partial"
    if marked:
        return "complete"
    leaks = any(r.segment in _PROXIMAL and refluxes(r, profile) for r in sites)
    return "recanalised" if leaks and _was_closed(case, leg, vein) else None


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


def _pathologic(sites: Sequence[Reading], profile: Profile) -> bool | None:
    """Say whether a perforator is pathologic: it refluxes, and is 3.5 mm or wider (§2)."""
    answers = []
    for reading in sites:
        if not reading.site.perforator:
            return None
        wide = (
            None
            if reading.diameter_mm is None
            else reading.diameter_mm >= profile.limits.pathologic_mm
        )
        leaks = refluxes(reading, profile)
        answers.append(
            False if leaks is False or wide is False else None if None in {leaks, wide} else True
        )
    return True if True in answers else None if None in answers or not answers else False
