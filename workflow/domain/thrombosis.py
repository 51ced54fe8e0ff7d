"""Decide what a clot is: a deep one, a superficial one, or the extension of an ablation."""

from collections.abc import Iterable
from decimal import Decimal

from workflow.domain.anatomy import CATALOGUE, Leg, segment, vein_name
from workflow.domain.case import Case
from workflow.domain.findings import Closure, Compressibility, Purpose, Reading, Thrombus
from workflow.domain.interpretation import Ehit, Svt
from workflow.domain.limits import Limits
from workflow.domain.phrases import site_words

TRUNK_VEINS = frozenset({"SFJ", "GSV", "SPJ", "SSV", "AASV", "PASV", "TE"})
"""The superficial trunks, their junctions among them, in which a clot may reach a deep vein."""

_LEVELS = ("I", "II", "III", "IV")
_NO_WORDS = frozenset({"", "no", "none", "false"})


def clot(reading: Reading) -> bool:
    """Say whether a clot that may be fresh was seen here."""
    thrombus = reading.thrombus
    return thrombus is Thrombus.ACUTE or thrombus is Thrombus.INDETERMINATE


def extended_vein(reading: Reading) -> str | None:
    """Return the id of the deep vein a clot extends into; '' where its name is not known."""
    word = (reading.extends_into or "").strip().casefold()
    if word in _NO_WORDS:
        return None
    return _PLACES.get(word, "")


def _places() -> dict[str, str | None]:
    """Return the deep vein that each word may mean; None for a word that means another vein."""
    found: dict[str, str | None] = {}
    for row in CATALOGUE:
        vein = row.vein if row.deep else None
        named = vein_name(row.vein).casefold()
        for word in (
            row.code,
            row.vein,
            row.name,
            f"{row.name} vein",
            named,
            named.removesuffix(" vein"),
        ):
            found.setdefault(word.casefold(), vein)
    return found


_PLACES = _places()


def after_ablation(reading: Reading, case: Case) -> bool:
    """Say whether a clot is the ablation's own, or its extension (§5.2), not a new thrombosis."""
    if isinstance(reading.ehit, str):
        return reading.ehit.strip().casefold() not in _NO_WORDS
    if reading.ehit is not None:
        return reading.ehit
    if reading.closure is Closure.CLOSED:
        return True
    if case.exam.purpose is not Purpose.SURVEILLANCE or reading.site.deep:
        return False
    return reading.vein in _treated(case, reading.leg)


def _treated(case: Case, leg: Leg) -> frozenset[str]:
    veins = {each.vein for each in case.readings(leg) if each.closure is not None}
    for procedure in case.intake.prior_vein_procedures or ():
        if procedure.leg is leg and procedure.vein:
            code = procedure.vein.strip().upper()
            row = segment(code)
            veins.add(row.vein if row else code)
    if veins & {"GSV", "AASV", "PASV"}:
        veins.add("SFJ")
    if "SSV" in veins:
        veins.add("SPJ")
    return frozenset(veins)


def ehit(case: Case, leg: Leg) -> Ehit | None:
    """Return the thrombus extension after an ablation on a leg, classed by AVF/SVS 2020 (§5.2).

    I up to the junction; II into the deep vein, below 50 % of its lumen; III above; IV occlusive.
    Exactly 50 %, or an extension nobody measured, has no class and asks its question.
    """
    found = [
        reading
        for reading in case.readings(leg)
        if clot(reading) and after_ablation(reading, case) and _at_junction(reading)
    ]
    if not found:
        return None
    popliteal = all(r.vein in {"SPJ", "SSV", "TE", "POPV"} for r in found)
    junction = "SPJ" if popliteal else "SFJ"
    percents = [r.percent_deep_lumen for r in found if r.percent_deep_lumen is not None]
    if any(r.site.deep and r.thrombus_occlusion == "complete" for r in found):
        percents.append(Decimal(100))
    into_deep = any(
        r.site.deep or extended_vein(r) is not None or (r.tip_to_junction_mm or 0) > 0
        for r in found
    )
    level, question = _level(max(percents, default=None), into_deep=into_deep)
    if question:
        stated = [word for r in found if (word := _stated(r))]
        if stated and not percents:
            level, question = max(stated, key=_LEVELS.index), None
    return Ehit(leg, junction, level, question)


def _at_junction(reading: Reading) -> bool:
    """Leave out the clot inside a closed vein: it is the closure, unless it is called an EHIT."""
    told = reading.percent_deep_lumen is not None or extended_vein(reading) is not None
    return bool(reading.ehit) or reading.site.junction or told


def _level(percent: Decimal | None, *, into_deep: bool) -> tuple[str | None, str | None]:
    if percent is None:
        if into_deep:
            return None, "How much of the deep vein's lumen does the thrombus take, in percent?"
        return "I", None
    if percent == 50:
        return None, "The thrombus takes exactly 50 % of the lumen. Is it class II or class III?"
    if percent >= 100:
        return "IV", None
    if percent > 50:
        return "III", None
    return ("II" if into_deep or percent > 0 else "I"), None


def _stated(reading: Reading) -> str | None:
    if not isinstance(reading.ehit, str):
        return None
    words = reading.ehit.upper().replace("EHIT", " ").replace("CLASS", " ").split()
    return words[0] if len(words) == 1 and words[0] in _LEVELS else None


def acute_deep(case: Case, leg: Leg, extension: Ehit | None) -> tuple[str, ...]:
    """Return, in words, each sign of an acute deep thrombosis on a leg; none means none was seen.

    A deep site counts with acute or indeterminate thrombus, or where it does not compress and no
    old change explains it; so does a superficial clot that extends into a deep vein. What an
    ablation's own extension reaches is left out (§3.10 RF1).
    """
    own = _reached(case, leg) if extension else frozenset()
    found = []
    for reading in case.readings(leg):
        if reading.site.deep:
            sign = None if reading.ehit or reading.vein in own else _deep_sign(reading)
        else:
            sign = _reaching_deep(reading, case)
        if sign:
            found.append(f"{sign} ({site_words(reading.segment)})")
    return tuple(found)


def _deep_sign(reading: Reading) -> str | None:
    if reading.thrombus is Thrombus.ACUTE:
        return "acute thrombus"
    if reading.thrombus is Thrombus.INDETERMINATE:
        return "thrombus of uncertain age"
    return "not fully compressible" if _unexplained(reading) else None


def _reaching_deep(reading: Reading, case: Case) -> str | None:
    if not clot(reading) or after_ablation(reading, case) or extended_vein(reading) is None:
        return None
    return "superficial thrombus reaching a deep vein"


def _reached(case: Case, leg: Leg) -> frozenset[str]:
    """Return the deep veins that an ablation's extension is recorded to reach."""
    veins: set[str] = set()
    for reading in case.readings(leg):
        if clot(reading) and not reading.site.deep and after_ablation(reading, case):
            veins.add(extended_vein(reading) or "")
            if _crosses_junction(reading):
                veins.add("POPV" if reading.vein in {"SPJ", "SSV", "TE"} else "CFV")
    return frozenset(veins - {""})


def _crosses_junction(reading: Reading) -> bool:
    """Say whether a clot is measured, or told, to pass its junction into the deep vein."""
    measured = (reading.percent_deep_lumen or 0) > 0 or (reading.tip_to_junction_mm or 0) > 0
    return measured or extended_vein(reading) == ""


def _unexplained(reading: Reading) -> bool:
    how = reading.compressibility
    loose = how is Compressibility.PARTIAL or how is Compressibility.NONE
    return loose and reading.thrombus is not Thrombus.CHRONIC


def superficial(case: Case, leg: Leg, limits: Limits) -> tuple[Svt, ...]:
    """Return the acute superficial thromboses of a leg, one a vein, with their class (§4.8 row 3).

    Lengths in cm: the longest recorded, and the tip nearest to the junction. A clot at the
    junction itself has its tip there.
    """
    veins: dict[str, list[Reading]] = {}
    for reading in case.readings(leg):
        if reading.thrombus is not Thrombus.ACUTE:
            continue
        if not (reading.site.deep or reading.site.perforator or after_ablation(reading, case)):
            veins.setdefault(reading.vein, []).append(reading)
    for junction, trunk in (("SFJ", "GSV"), ("SPJ", "SSV")):  # one clot through both is one
        if junction in veins and trunk in veins:
            veins[trunk] += veins.pop(junction)
    return tuple(_svt(leg, vein, readings, limits) for vein, readings in veins.items())


def _svt(leg: Leg, vein: str, readings: Iterable[Reading], limits: Limits) -> Svt:
    sites = list(readings)
    lengths = [r.thrombus_length_cm for r in sites if r.thrombus_length_cm is not None]
    tips = [r.tip_to_junction_cm for r in sites if r.tip_to_junction_cm is not None]
    if not tips:
        tips = [r.tip_to_junction_mm / 10 for r in sites if r.tip_to_junction_mm is not None]
    if not tips and any(r.site.junction for r in sites):
        tips = [Decimal(0)]
    length, tip = max(lengths, default=None), min(tips, default=None)
    return Svt(leg, vein, length, tip, _extent(vein, length, tip, limits))


def _extent(vein: str, length: Decimal | None, tip: Decimal | None, limits: Limits) -> str | None:
    if vein in TRUNK_VEINS and (tip is None or tip <= limits.svt_near_cm):
        return "<=3cm_of_SFJ"
    if length is None:
        return None
    return ">=5cm" if length >= limits.svt_long_cm else "short"
