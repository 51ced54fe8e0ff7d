"""Say in sentences what a leg's scan showed, as a draft for the physician to correct."""

from collections.abc import Iterator, Sequence

from workflow.domain.anatomy import (
    REQUIRED,
    Required,
    number_of,
    segment_name,
    vein_name,
)
from workflow.domain.findings import (
    Compressibility,
    Phasicity,
    Reading,
    Thrombus,
    Visualised,
)
from workflow.domain.interpretation import Impression, VeinResult
from workflow.domain.legstate import LegState
from workflow.domain.phrases import capital, listed, mm_words, ms_words, plain_number, site_words

_TRUNK_ORDER = ("SFJ", "GSV", "SPJ", "SSV", "TE", "AASV", "PASV", "PAV")
_ABLATION_WORDS = {
    "complete": "is closed along its treated length",
    "partial": "is partly open after its treatment",
    "recanalised": "is open again after its treatment",
}


def impression(state: LegState) -> Impression:
    """Return the drafted impression of one leg: deep, superficial, perforators, clots, limits.

    Reflux times in ms, diameters in mm. What was not timed is said to be not known, never normal.
    """
    said = [
        *_deep(state),
        *_superficial(state),
        *_tributaries(state),
        *_perforators(state),
        *_clots(state),
        *_limits(state),
    ]
    return Impression(state.leg, tuple(said))


def _sites(readings: Sequence[Reading]) -> str:
    return listed(dict.fromkeys(site_words(reading.segment) for reading in readings))


def _deep(state: LegState) -> Iterator[str]:
    deep = [r for r in state.readings if r.site.deep]
    leg = state.leg.word
    if not deep:
        yield f"The deep veins of the {leg} leg were not examined."
        return
    full = [r for r in deep if r.compressibility is Compressibility.FULL]
    loose = [
        r for r in deep if r.compressibility in {Compressibility.PARTIAL, Compressibility.NONE}
    ]
    untested = [r for r in deep if r not in full and r not in loose]
    if full and not loose and not untested and not any(_marked(r) for r in deep):
        veins = listed(dict.fromkeys(_bare(r.vein) for r in full))
        yield f"The deep veins of the {leg} leg are patent and compress fully at every site examined ({veins})."  # noqa: E501
    elif full:
        partly = {r.vein for r in deep if r not in full}
        names = [site_words(r.segment) if r.vein in partly else vein_name(r.vein) for r in full]
        yield f"Fully compressible in the {leg} leg: {listed(dict.fromkeys(names))}."
    for reading in loose:
        how = (
            "compresses in part"
            if reading.compressibility is Compressibility.PARTIAL
            else "does not compress"
        )
        yield f"The {site_words(reading.segment)} {how}."
    if untested:
        yield f"Compression was not recorded at: {_sites(untested)}."
    yield from _flow(deep)
    yield from _deep_reflux(state, deep)


def _bare(vein: str) -> str:
    return vein_name(vein).removesuffix(" vein")


def _marked(reading: Reading) -> bool:
    return reading.thrombus is not None and reading.thrombus is not Thrombus.NONE


def _flow(deep: Sequence[Reading]) -> Iterator[str]:
    for reading in deep:
        if reading.phasicity is not None and reading.segment == "CFV":
            how = {
                Phasicity.PHASIC: "follows breathing",
                Phasicity.CONTINUOUS: "is continuous, a sign of obstruction above the groin",
                Phasicity.ABSENT: "is absent",
            }[reading.phasicity]
            yield f"Flow in the common femoral vein {how}."


def _deep_reflux(state: LegState, deep: Sequence[Reading]) -> Iterator[str]:
    leaking = state.refluxing(deep=True)
    for vein in leaking:
        yield f"The {vein_name(vein.vein)} refluxes, up to {ms_words(vein.max_ms or 0)}."
    timed = [r for r in deep if r.reflux_ms is not None]
    if timed and not leaking:
        longest = max(timed, key=lambda r: r.reflux_ms or 0)
        yield f"No deep vein that was timed refluxes; the longest time is {ms_words(longest.reflux_ms or 0)} ({site_words(longest.segment)})."  # noqa: E501
    untimed = [
        r
        for r in deep
        if r.reflux_ms is None and r.site.required is Required.YES and not _marked(r)
    ]
    if untimed:
        yield f"Deep reflux is not known where it was not timed: {_sites(untimed)}."


def _superficial(state: LegState) -> Iterator[str]:
    quiet: list[str] = []
    for name in _TRUNK_ORDER:
        vein = state.veins.get(name)
        if vein is None:
            continue
        sites = [r for r in state.readings if r.vein == name]
        if vein.closure:
            yield f"The {vein_name(name)} {_ABLATION_WORDS[vein.closure]}."
        if vein.reflux:
            yield _leaking(vein, sites, state)
        elif vein.reflux is False:
            quiet.append(vein_name(name))
        elif not vein.closure and not vein.thrombus:
            yield f"The {vein_name(name)} was not timed; whether it refluxes is not known."
    if quiet:
        yield f"No reflux was found in the {listed(quiet)}."


def _leaking(vein: VeinResult, sites: Sequence[Reading], state: LegState) -> str:
    results = {id(r): s for r, s in zip(state.readings, state.segments, strict=True)}
    leaking = [r for r in sites if results[id(r)].reflux]
    times = [r.reflux_ms for r in leaking if r.reflux_ms is not None]
    how = {
        "axial": "refluxes along its length (axial)",
        "axial_accessory": "refluxes along its length (axial)",
        "junctional": "refluxes (junctional)",
        "segmental": "refluxes in part (segmental)",
    }.get(vein.pattern or "", "refluxes")
    span = f", {_span(times)}{_width(leaking)}"
    where = "" if vein.pattern == "junctional" else f", {_places(leaking)}"
    return f"The {vein_name(vein.vein)} {how}{where}{span}."


def _places(readings: Sequence[Reading]) -> str:
    """Return the places of one vein: from the first to the last where three or more stand."""
    heights = [plain_number(r.cm_from_sfj) for r in readings if r.cm_from_sfj is not None]
    if heights and len(heights) == len(readings):
        return f"at {listed(heights)} cm from the saphenofemoral junction"
    names = [segment_name(r.segment).rsplit(", ", 1)[-1].lower() for r in readings]
    if len(names) > 2:
        return f"{names[0]} to {names[-1]} ({len(names)} sites)"
    return listed(names)


def _span(times: Sequence[int]) -> str:
    if len(set(times)) == 1:
        return ms_words(times[0])
    return f"{min(times):,} to {ms_words(max(times))}"


def _width(readings: Sequence[Reading]) -> str:
    widths = [r.diameter_mm for r in readings if r.diameter_mm is not None]
    if not widths:
        return ", diameter not recorded"
    if len(set(widths)) == 1:
        return f", diameter {mm_words(widths[0])}"
    return f", diameter {plain_number(min(widths))} to {mm_words(max(widths))}"


def _tributaries(state: LegState) -> Iterator[str]:
    for reading, result in zip(state.readings, state.segments, strict=True):
        if reading.site.code != "TRIB":
            continue
        place = f" ({reading.location})" if reading.location else ""
        name = f"Tributary {number_of(reading.segment) or 1}{place}"
        if result.reflux is None:
            yield f"{name} was not timed."
        else:
            verb = "refluxes" if result.reflux else "does not reflux"
            yield f"{name} {verb}, {ms_words(reading.reflux_ms or 0)}{_width([reading])}."


def _perforators(state: LegState) -> Iterator[str]:
    rows = [
        (reading, result)
        for reading, result in zip(state.readings, state.segments, strict=True)
        if reading.site.perforator
    ]
    if not rows:
        yield f"No perforator was recorded in the {state.leg.word} leg."
    for reading, result in rows:
        name = capital(vein_name(reading.vein)).removesuffix(" vein")
        height = ""
        if reading.distance_cm is not None:
            base = (reading.reference or "a point that was not stated").replace("_", " ")
            height = f", {plain_number(reading.distance_cm)} cm from {'the ' if reading.reference and reading.reference != 'SFJ' else ''}{base}"  # noqa: E501
        if result.reflux is None:
            yield f"{name}{height}: not timed{_width([reading])}."
            continue
        verb = "refluxes outward" if result.reflux else "does not reflux"
        wide = state.veins[reading.vein].pathologic
        judged = "; pathologic by time and width" if wide else ""
        values = f"{ms_words(reading.reflux_ms or 0)}{_width([reading])}{judged}"
        yield f"{name}{height}, {verb}, {values}."


def _clots(state: LegState) -> Iterator[str]:
    acute = [r for r in state.readings if r.thrombus is Thrombus.ACUTE]
    unsure = [r for r in state.readings if r.thrombus is Thrombus.INDETERMINATE]
    old = [r for r in state.readings if r.thrombus is Thrombus.CHRONIC]
    if acute:
        yield f"Acute venous thrombosis: {'; '.join(map(_clot_words, acute))}."
    if unsure:
        yield f"Thrombus of uncertain age: {_sites(unsure)}."
    if old:
        yield f"Chronic post-thrombotic change: {_sites(old)}."
    if state.ehit:
        level = f"class {state.ehit.level}" if state.ehit.level else "not classed yet"
        ask = f" {state.ehit.question}" if state.ehit.question else ""
        yield f"Thrombus extension after ablation at the {vein_name(state.ehit.junction)}: {level}.{ask}"  # noqa: E501
    if state.acute_deep and not acute and not unsure:
        yield "Acute deep thrombosis is not excluded where a deep vein did not compress fully."
    stated = [r for r in state.readings if r.thrombus is not None]
    if stated and not (acute or unsure or old or state.acute_deep):
        yield f"No thrombus was seen in the {state.leg.word} leg at the sites examined."
    elif not stated:
        yield f"Whether the {state.leg.word} leg holds a thrombus was not recorded."


def _clot_words(reading: Reading) -> str:
    detail = []
    if reading.thrombus_occlusion:
        detail.append("occlusive" if reading.thrombus_occlusion == "complete" else "not occlusive")
    if reading.thrombus_length_cm is not None:
        detail.append(f"{plain_number(reading.thrombus_length_cm)} cm long")
    if reading.tip_to_junction_cm is not None:
        detail.append(f"tip {plain_number(reading.tip_to_junction_cm)} cm from the junction")
    return f"{site_words(reading.segment)}{f', {listed(detail)}' if detail else ''}"


def _limits(state: LegState) -> Iterator[str]:
    for reading in state.readings:
        if reading.visualised in {Visualised.NOT_SEEN, Visualised.PARTIAL} or reading.limitation:
            seen = {
                Visualised.NOT_SEEN: "was not seen",
                Visualised.PARTIAL: "was seen in part",
            }.get(reading.visualised or Visualised.FULL, "was seen with a limitation")
            why = f": {reading.limitation.rstrip('.')}" if reading.limitation else ""
            yield f"{segment_name(reading.segment)} {seen}{why}."
    near = [r for r, s in zip(state.readings, state.segments, strict=True) if s.borderline]
    if near:
        times = "; ".join(f"{site_words(r.segment)}, {ms_words(r.reflux_ms or 0)}" for r in near)
        yield f"Borderline, to be confirmed by the physician: {times}."
    there = {r.segment for r in state.readings}
    absent = [code for code in REQUIRED if code not in there]
    if state.examined and absent:
        names = listed(segment_name(code).lower() for code in absent)
        yield f"Not examined: {names}."
