"""Hold every number a clinic may set for itself, with its unit, its direction and its source.

The defaults are those of the clinical reference. A set of limits is a value: it has an id and a
version, is checked as a whole, and is frozen with every interpretation that it decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, NamedTuple

from workflow.domain import shape
from workflow.domain.errors import Refused


class About(NamedTuple):
    """What one limit means: its name, unit, the range it may be set within, direction, source."""

    label: str
    unit: str
    low: str
    high: str
    says: str
    source: str


def _limit(label: str, default: str, unit: str, low: str, high: str, says: str, source: str) -> Any:
    about = About(label, unit, low, high, says, source)
    return field(default=Decimal(default), metadata={"about": about})


_RULE = "Clinic decision rules, §4.8"
_LABEL = "US label, §4.6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """One version of the clinic's limits. Lengths mm or cm, doses mg/kg or mL, times days."""

    id: str = "wellness-limits"
    version: str = "1"

    @property
    def line(self) -> str:
        """Return the sentence that a report prints after that of its cut-offs."""
        return f"Limits of the clinic, version {self.version}."

    # fmt: off
    borderline_percent: Decimal = _limit(
        "Borderline within", "10", "%", "0", "50",
        "a reflux time this near to its cut-off, both ends included, is borderline", "§2, rule 3",
    )
    deep_note_ms: Decimal = _limit(
        "Note a deep time over", "500", "ms", "100", "1000",
        "a femoropopliteal time over it, and not over its cut-off, is noted", "§3.10",
    )
    pathologic_mm: Decimal = _limit(
        "Pathologic perforator from", "3.5", "mm", "1", "10",
        "a refluxing perforator this wide or wider is pathologic", "SVS/AVF/AVLS 2022, §2",
    )
    tributary_mm: Decimal = _limit(
        "Treat a tributary from", "3", "mm", "1", "10",
        "a refluxing tributary this wide or wider is treated", _RULE,
    )
    nonthermal_mm: Decimal = _limit(
        "Glue, MOCA and microfoam up to", "12", "mm", "5", "40",
        "CAC, MOCA and PEM are offered for a trunk up to this width", "Medicare L33575, §4.8",
    )
    thermal_depth_mm: Decimal = _limit(
        "Warn of heat at a depth below", "10", "mm", "1", "30",
        "heat in a trunk less deep than this is warned of", "§1.2 [K]",
    )
    accessory_apart_cm: Decimal = _limit(
        "Axial accessory trunk from", "5", "cm", "1", "20",
        "an accessory trunk is axial where refluxing sites lie this far apart", "SVS 2023, 1.3.2",
    )
    svt_near_cm: Decimal = _limit(
        "Clot near a junction up to", "3", "cm", "1", "5",
        "a superficial clot this near to a junction, or nearer, is near it", "CHEST, §3.9 RF4",
    )
    svt_long_cm: Decimal = _limit(
        "Long clot from", "5", "cm", "3", "10",
        "a superficial clot this long or longer is long", "CHEST, §3.9 RF5",
    )
    svt_rescan_days: Decimal = _limit(
        "Scan a short clot again within", "10", "days", "3", "14",
        "a short superficial clot is scanned again within", "§3.9 RF5",
    )
    wells_likely: Decimal = _limit(
        "Wells score likely from", "2", "points", "1", "4",
        "a Wells score this high or higher is likely", "Wells 2003, §3.8",
    )
    abi_severe: Decimal = _limit(
        "ABI severe below", "0.50", "", "0.3", "0.7",
        "an index below it is severe arterial disease", "§3.9 RF6",
    )
    abi_arterial: Decimal = _limit(
        "ABI arterial up to", "0.90", "", "0.8", "1.0",
        "an index up to it is arterial disease", "§3.9 RF6",
    )
    abi_stiff: Decimal = _limit(
        "ABI not compressible over", "1.40", "", "1.2", "1.6",
        "an index over it is not compressible", "§3.9 RF6",
    )
    compression_abi: Decimal = _limit(
        "No compression at an ABI below", "0.60", "", "0.3", "0.9",
        "compression is barred where the index is below it", "ICC consensus, §3.9 RF7 [K]",
    )
    compression_ankle_mmhg: Decimal = _limit(
        "No compression at an ankle pressure below", "60", "mmHg", "40", "100",
        "compression is barred where the ankle pressure is below it", "§3.9 RF7 [K]",
    )
    ulcer_days: Decimal = _limit(
        "Ulcer has priority from", "14", "days", "7", "42",
        "an open ulcer this old or older has priority", "NICE CG168",
    )
    pregnancy_from_years: Decimal = _limit(
        "Ask about pregnancy from", "12", "years", "8", "18",
        "pregnancy is asked from this age on", "§3.10",
    )
    pregnancy_to_years: Decimal = _limit(
        "Ask about pregnancy up to", "55", "years", "45", "65",
        "pregnancy is asked up to and with this age", "§3.10",
    )
    patent_complete_cm: Decimal = _limit(
        "Closed while patent for less than", "5", "cm", "1", "10",
        "a treated vein is closed while each patent part is shorter than this", "§5.3 [K]",
    )
    patent_recanalised_cm: Decimal = _limit(
        "Recanalised when patent for more than", "10", "cm", "5", "20",
        "a treated vein with a patent part longer than this is recanalised", "§5.3 [K]",
    )
    lidocaine_warn_mg_kg: Decimal = _limit(
        "Lidocaine asks over", "7", "mg/kg", "1", "35",
        "lidocaine over it asks", "US label with epinephrine, §4.7",
    )
    lidocaine_stop_mg_kg: Decimal = _limit(
        "Lidocaine stops over", "15", "mg/kg", "1", "35",
        "lidocaine over it stops", "Phlebology 2019, §4.7",
    )
    lidocaine_refused_mg_kg: Decimal = _limit(
        "Lidocaine refused over", "35", "mg/kg", "1", "55",
        "lidocaine over it is refused", "Klein; Phlebology 2019, §4.7",
    )
    polidocanol_mg_kg: Decimal = _limit(
        "Polidocanol in a day stops over", "2", "mg/kg", "0.5", "4",
        "polidocanol over it in a day stops", "European guideline, §4.6 [K]",
    )
    polidocanol_liquid_soft_ml: Decimal = _limit(
        "Polidocanol liquid asks over", "3", "mL", "0", "20",
        "polidocanol liquid over it asks", "Asclera label, §4.6",
    )
    polidocanol_liquid_hard_ml: Decimal = _limit(
        "Polidocanol liquid stops over", "10", "mL", "1", "20",
        "polidocanol liquid over it stops", _LABEL,
    )
    foam_soft_ml: Decimal = _limit(
        "Polidocanol foam asks over", "10", "mL", "0", "30",
        "compounded polidocanol foam over it asks", "§4.6, §11 no. 11",
    )
    foam_hard_ml: Decimal = _limit(
        "Polidocanol foam stops over", "15", "mL", "1", "30",
        "compounded polidocanol foam over it stops", "§4.6, §11 no. 11",
    )
    varithena_hard_ml: Decimal = _limit(
        "Varithena stops over", "15", "mL", "1", "30",
        "Varithena foam over it stops", _LABEL,
    )
    sts_liquid_hard_ml: Decimal = _limit(
        "STS liquid stops over", "10", "mL", "1", "20",
        "STS liquid over it stops", _LABEL,
    )
    sts_foam_hard_ml: Decimal = _limit(
        "STS foam stops over", "10", "mL", "1", "20",
        "STS foam over it stops", "Generally accepted volume, §4.6",
    )
    glue_hard_ml: Decimal = _limit(
        "Cyanoacrylate stops over", "10", "mL", "1", "20",
        "cyanoacrylate over it stops", "Parsi et al. 2019, §4.5",
    )
    # fmt: on


ABOUT: dict[str, About] = {
    each.name: each.metadata["about"] for each in fields(Limits) if "about" in each.metadata
}
"""What each limit means, by its name."""

DEFAULT_LIMITS = Limits()
"""The limits of the clinical reference."""

# Each pair must stand in this order, or a milder word would come after a stronger one.
_ORDERED = (
    ("svt_near_cm", "svt_long_cm"),
    ("abi_severe", "abi_arterial"),
    ("abi_arterial", "abi_stiff"),
    ("pregnancy_from_years", "pregnancy_to_years"),
    ("patent_complete_cm", "patent_recanalised_cm"),
    ("lidocaine_warn_mg_kg", "lidocaine_stop_mg_kg"),
    ("lidocaine_stop_mg_kg", "lidocaine_refused_mg_kg"),
    ("polidocanol_liquid_soft_ml", "polidocanol_liquid_hard_ml"),
    ("foam_soft_ml", "foam_hard_ml"),
)


def contradictions(limits: Limits) -> dict[str, str]:
    """Return, by the limit's name, in a sentence what contradicts another; none means all agree."""
    return {
        low: f"“{ABOUT[low].label}” must not be higher than “{ABOUT[high].label}”."
        for low, high in _ORDERED
        if getattr(limits, low) > getattr(limits, high)
    }


_READERS: Mapping[str, shape.Reader[Any]] = {
    "id": shape.named,
    "version": shape.named,
    **{name: shape.number(about.low, about.high) for name, about in ABOUT.items()},
}


def read_limits(value: object, path: str = "limits") -> Limits:
    """Return the limits a mapping holds; a key it lacks takes its default.

    Raises CaseRefused at the first key out of its range or unknown, and Refused with a sentence
    where two limits contradict each other.
    """

    def make(*, extra: Mapping[str, Any], **given: Any) -> Limits:
        for key in extra:
            raise Refused(f"{path}.{key} is not a limit of the rules.")
        return replace(DEFAULT_LIMITS, **given)

    found = shape.build(make, _READERS, value, path)
    for problem in contradictions(found).values():
        raise Refused(problem)
    return found


def write_limits(limits: Limits) -> dict[str, Any]:
    """Return the limits as the mapping they are stored and frozen as."""
    written: dict[str, Any] = shape.plain(limits)
    return written
