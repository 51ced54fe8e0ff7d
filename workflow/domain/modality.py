"""Name the treatments, and say what each needs of a vein (§4.2, 4.4)."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of act an option is."""

    PROCEDURE = "procedure"
    CARE = "care"
    NEXT_STEP = "next step"


@dataclass(frozen=True, slots=True)
class Modality:
    """One treatment, or one next step, that an option may carry."""

    id: str
    name: str
    kind: Kind
    thermal: bool = False
    foam: bool = False
    catheter: bool = False
    width_limited: bool = False
    agents: tuple[str, ...] = ()


_PROC, _CARE, _NEXT = Kind.PROCEDURE, Kind.CARE, Kind.NEXT_STEP
_BOTH = ("polidocanol", "STS")

_TABLE = (
    Modality("RFA", "Radiofrequency ablation (RFA)", _PROC, thermal=True, catheter=True),
    Modality("EVLA", "Laser ablation (EVLA)", _PROC, thermal=True, catheter=True),
    Modality("CAC", "Cyanoacrylate closure (CAC)", _PROC, catheter=True, width_limited=True),
    Modality(
        "MOCA", "Mechanochemical ablation (MOCA)", _PROC,
        catheter=True, width_limited=True, agents=_BOTH,
    ),
    Modality(
        "PEM", "Polidocanol endovenous microfoam (PEM)", _PROC,
        foam=True, width_limited=True, agents=("polidocanol",),
    ),
    Modality(
        "UGFS", "Ultrasound-guided foam sclerotherapy (UGFS)", _PROC, foam=True, agents=_BOTH
    ),
    Modality("LIQ", "Liquid sclerotherapy (LIQ)", _PROC, agents=_BOTH),
    Modality("PHLEB", "Ambulatory phlebectomy (PHLEB)", _PROC),
    Modality("PERF_RFA", "Perforator radiofrequency ablation (PERF_RFA)", _PROC, thermal=True),
    Modality("CONS", "Compression, exercise and elevation (CONS)", _CARE),
    Modality("IMAGING_ILIAC", "Imaging of the iliac veins", _NEXT),
    Modality("REPEAT_SCAN", "Repeat scan", _NEXT),
    Modality("SURVEILLANCE_DUPLEX", "Surveillance duplex of the junction", _NEXT),
    Modality("PHYSICIAN_REVIEW", "Physician review", _NEXT),
)  # fmt: skip

METHODS: dict[str, Modality] = {each.id: each for each in _TABLE}
"""Every treatment and next step by its id."""

MODALITIES: dict[str, str] = {each.id: each.name for each in _TABLE}
"""The name that people read of every treatment and next step."""

PROCEDURES: tuple[str, ...] = tuple(each.id for each in _TABLE if each.kind is Kind.PROCEDURE)
"""The nine procedures, each of which a leg is either offered or ruled out of, with a reason."""

RULED_OUT_NAMES = {
    "STS": "Sodium tetradecyl sulfate (STS)",
    "NEXT_SESSION": "The next session",
    "COMPRESSION_DEFAULT": "Compression as a matter of course",
}
"""What else a rule may bar, beside the procedures."""

# Which modality at which rank treats an axial trunk (§4.8 row 9).
TRUNK_RANKS: dict[str, dict[str, int]] = {
    "GSV": {"RFA": 1, "EVLA": 1, "CAC": 2, "PEM": 2, "MOCA": 2, "UGFS": 3},
    "AASV": {"RFA": 1, "EVLA": 1, "PEM": 2, "CAC": 2, "UGFS": 3},
    "PASV": {"RFA": 1, "EVLA": 1, "PEM": 2, "CAC": 2, "UGFS": 3},
    "SSV": {"RFA": 1, "EVLA": 1, "CAC": 2, "MOCA": 2, "PEM": 3, "UGFS": 3},
}


def modality_name(modality: str) -> str:
    """Return the name people read, or the id itself where the table does not hold it."""
    return MODALITIES.get(modality) or RULED_OUT_NAMES.get(modality, modality)


def off_label(modality: str, vein: str | None, agents: tuple[str, ...]) -> bool:
    """Say whether an option lies outside its US label (§4.4).

    Compounded foam always does; microfoam does in the small saphenous vein; a sclerosant infused
    with a catheter does where STS would be put into a refluxing trunk.
    """
    match modality:
        case "UGFS":
            return True
        case "PEM":
            return vein == "SSV"
        case "MOCA":
            return "STS" in agents
        case _:
            return False
