"""Name the places a Wellness Ultrasound looks at.

The catalogue follows the reflux-duplex segment list of the clinical reference §1.1: one row a
site, in scanning order, with its vein, its threshold class (§2) and whether the protocol
requires it (SVU documentation list). The word "superficial femoral vein" is never used: the 2002
nomenclature consensus calls it the femoral vein, because the old name left clots untreated.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class Leg(StrEnum):
    """The side a finding belongs to; findings are never stored as 'both'."""

    RIGHT = "R"
    LEFT = "L"

    @property
    def word(self) -> str:
        """Return the side as a person says it: 'right' or 'left'."""
        return "right" if self is Leg.RIGHT else "left"

    @property
    def other(self) -> "Leg":
        """Return the opposite side."""
        return Leg.LEFT if self is Leg.RIGHT else Leg.RIGHT


class Group(StrEnum):
    """The block of the grid and of the report a site is listed in."""

    DEEP = "deep"
    GSV = "great saphenous"
    SSV = "small saphenous"
    ACCESSORY = "accessory and tributary"
    PERFORATOR = "perforator"


class ThresholdClass(StrEnum):
    """Which cut-off of a profile times the site (§2)."""

    SUPERFICIAL = "superficial"
    FEMOROPOPLITEAL = "femoropopliteal"
    OTHER_DEEP = "other deep"
    PERFORATOR = "perforator"
    NONE = "not timed"


class Required(StrEnum):
    """How the protocol asks for a site."""

    YES = "required"
    OPTIONAL = "optional"
    IF_PRESENT = "if present"


@dataclass(frozen=True, slots=True)
class Segment:
    """One row of the catalogue: a place on one leg that is looked at and, mostly, timed."""

    code: str
    name: str
    vein: str
    group: Group
    threshold: ThresholdClass
    ceap: str
    required: Required
    numbered: bool = False

    deep: bool = field(init=False)
    perforator: bool = field(init=False)
    junction: bool = field(init=False)

    def __post_init__(self) -> None:
        """Say once of which system the site is, and whether it is a saphenous junction."""
        object.__setattr__(self, "deep", self.group is Group.DEEP)
        object.__setattr__(self, "perforator", self.group is Group.PERFORATOR)
        object.__setattr__(self, "junction", self.code in {"SFJ", "SPJ"})

    @property
    def measured(self) -> bool:
        """Say whether a diameter is part of the protocol here (§1.2)."""
        return not self.deep and self.threshold is not ThresholdClass.NONE


_D, _G, _S, _A, _P = Group.DEEP, Group.GSV, Group.SSV, Group.ACCESSORY, Group.PERFORATOR
_SUP, _D1, _D2 = (
    ThresholdClass.SUPERFICIAL,
    ThresholdClass.FEMOROPOPLITEAL,
    ThresholdClass.OTHER_DEEP,
)
_PER, _NO = ThresholdClass.PERFORATOR, ThresholdClass.NONE
_YES, _OPT, _IF = Required.YES, Required.OPTIONAL, Required.IF_PRESENT

CATALOGUE: tuple[Segment, ...] = (
    Segment("IVC", "Inferior vena cava", "IVC", _D, _NO, "IVC", _OPT),
    Segment("CIV", "Common iliac", "CIV", _D, _NO, "CIV", _OPT),
    Segment("IIV", "Internal iliac", "IIV", _D, _NO, "IIV", _OPT),
    Segment("EIV", "External iliac", "EIV", _D, _NO, "EIV", _OPT),
    Segment("CFV", "Common femoral", "CFV", _D, _D1, "CFV", _YES),
    Segment("DFV", "Deep femoral, proximal", "DFV", _D, _D2, "DFV", _OPT),
    Segment("FV_P", "Femoral, proximal thigh", "FV", _D, _D1, "FV", _YES),
    Segment("FV_M", "Femoral, mid thigh", "FV", _D, _D1, "FV", _YES),
    Segment("FV_D", "Femoral, distal thigh", "FV", _D, _D1, "FV", _YES),
    Segment("POPV", "Popliteal", "POPV", _D, _D1, "POPV", _YES),
    Segment("GASV", "Gastrocnemius", "GASV", _D, _D2, "GAV", _OPT),
    Segment("SOLV", "Soleal", "SOLV", _D, _D2, "SOV", _OPT),
    Segment("PTV", "Posterior tibial", "PTV", _D, _D2, "PTV", _YES),
    Segment("PERO", "Peroneal", "PERO", _D, _D2, "PRV", _YES),
    Segment("ATV", "Anterior tibial", "ATV", _D, _D2, "ATV", _OPT),
    Segment("SFJ", "Saphenofemoral junction", "SFJ", _G, _SUP, "GSVa", _YES),
    Segment("GSV_PT", "Great saphenous, proximal thigh", "GSV", _G, _SUP, "GSVa", _YES),
    Segment("GSV_MT", "Great saphenous, mid thigh", "GSV", _G, _SUP, "GSVa", _YES),
    Segment("GSV_DT", "Great saphenous, distal thigh", "GSV", _G, _SUP, "GSVa", _YES),
    Segment("GSV_K", "Great saphenous, knee", "GSV", _G, _SUP, "GSVa", _YES),
    Segment("GSV_PC", "Great saphenous, proximal calf", "GSV", _G, _SUP, "GSVb", _YES),
    Segment("GSV_MC", "Great saphenous, mid calf", "GSV", _G, _SUP, "GSVb", _YES),
    Segment("GSV_DC", "Great saphenous, distal calf", "GSV", _G, _SUP, "GSVb", _OPT),
    Segment("SPJ", "Saphenopopliteal junction", "SPJ", _S, _SUP, "SSV", _YES),
    Segment("SSV_PC", "Small saphenous, proximal calf", "SSV", _S, _SUP, "SSV", _YES),
    Segment("SSV_MC", "Small saphenous, mid calf", "SSV", _S, _SUP, "SSV", _YES),
    Segment("SSV_DC", "Small saphenous, distal calf", "SSV", _S, _SUP, "SSV", _YES),
    Segment("TE", "Small saphenous thigh extension", "TE", _S, _SUP, "SSV", _IF),
    Segment("GIAC", "Giacomini", "TE", _S, _SUP, "SSV", _IF),
    Segment("AASV", "Anterior accessory saphenous", "AASV", _A, _SUP, "AASV", _IF),
    Segment("PASV", "Posterior accessory saphenous", "PASV", _A, _SUP, "NSV", _IF),
    Segment("PAV", "Posterior arch", "PAV", _A, _SUP, "NSV", _OPT),
    Segment("TRIB", "Tributary", "TRIB", _A, _SUP, "NSV", _IF, numbered=True),
    Segment("TEL", "Telangiectasia", "TEL", _A, _NO, "Tel", _OPT),
    Segment("RET", "Reticular veins", "RET", _A, _NO, "Ret", _OPT),
    Segment("PERF_TH", "Thigh perforator", "PERF_TH", _P, _PER, "TPV", _IF, numbered=True),
    Segment("PERF_BOYD", "Paratibial perforator, proximal (Boyd)", "PERF_BOYD", _P, _PER, "CPV", _IF, numbered=True),
    Segment("PERF_PT", "Posterior tibial perforator (Cockett)", "PERF_PT", _P, _PER, "CPV", _IF, numbered=True),
    Segment("PERF_LAT", "Lateral calf perforator", "PERF_LAT", _P, _PER, "CPV", _IF, numbered=True),
    Segment("PERF_GAS", "Gastrocnemius or soleal perforator", "PERF_GAS", _P, _PER, "CPV", _OPT, numbered=True),
)  # fmt: skip

_BY_CODE = {segment.code: segment for segment in CATALOGUE}
_NUMBERED = re.compile(r"([A-Z_]+?)([1-9][0-9]?)", re.ASCII)

REQUIRED = tuple(segment.code for segment in CATALOGUE if segment.required is Required.YES)
"""The sites of one leg that the protocol requires, in scanning order (18)."""

REQUIRED_DEEP = tuple(code for code in REQUIRED if _BY_CODE[code].deep)
"""The required deep sites of one leg."""

TRUNKS = ("GSV", "SSV", "AASV", "PASV")
"""The superficial trunks that a procedure may be planned for."""


def number_of(code: str) -> int | None:
    """Return the number of a numbered site ('TRIB2' → 2), or None where it has none."""
    match = _NUMBERED.fullmatch(code)
    return int(match[2]) if match and match[1] in _BY_CODE and _BY_CODE[match[1]].numbered else None


@lru_cache(maxsize=512)
def segment(code: str) -> Segment | None:
    """Return the catalogue row of a site code, numbered ones included, or None if there is none.

    'TRIB' and the perforators carry a number from 1 to 99 ('TRIB1', 'PERF_PT2'); a bare 'TRIB' is
    read as the first.
    """
    if code in _BY_CODE:
        return _BY_CODE[code]
    match = _NUMBERED.fullmatch(code)
    if match and (row := _BY_CODE.get(match[1])) and row.numbered:
        return row
    return None


@lru_cache(maxsize=512)
def vein_of(code: str) -> str:
    """Return the id of the vein a site belongs to: 'GSV_MT' → 'GSV', 'TRIB1' → 'TRIB1'."""
    row = segment(code)
    if row is None or row.numbered:
        return code
    return row.vein


_VEIN_NAMES = {
    "GSV": "great saphenous vein",
    "SSV": "small saphenous vein",
    "AASV": "anterior accessory saphenous vein",
    "PASV": "posterior accessory saphenous vein",
    "TE": "thigh extension of the small saphenous vein",
    "FV": "femoral vein",
    "SFJ": "saphenofemoral junction",
    "SPJ": "saphenopopliteal junction",
    "TEL": "spider veins",
    "RET": "reticular veins",
    "TRIB": "tributary",
}


@lru_cache(maxsize=512)
def vein_name(vein: str) -> str:
    """Return a vein id in words: 'GSV' → 'great saphenous vein', 'TRIB2' → 'tributary 2'."""
    if vein in _VEIN_NAMES:
        return _VEIN_NAMES[vein]
    row = segment(vein)
    if row is None:
        return vein
    number = number_of(vein)
    if row.code == "TRIB":
        return f"tributary {number or 1}"
    name = row.name[0].lower() + row.name[1:]
    if row.perforator:
        return f"{name} {number or 1}"
    return name if name.endswith("vena cava") else f"{name} vein"


@lru_cache(maxsize=512)
def segment_name(code: str) -> str:
    """Return a site code in words, with its number where it has one."""
    row = segment(code)
    if row is None:
        return code
    number = number_of(code)
    return f"{row.name} {number}" if number else row.name
