"""Hold what a sonographer recorded at one site of one leg."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from workflow.domain.anatomy import Leg, Segment, segment, vein_of


class Compressibility(StrEnum):
    """What the vein did under transverse compression (§1.2)."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    NOT_TESTED = "not_tested"


class Thrombus(StrEnum):
    """Whether a clot was seen, and its age (§1.6)."""

    NONE = "none"
    ACUTE = "acute"
    CHRONIC = "chronic_postthrombotic"
    INDETERMINATE = "indeterminate"


class Visualised(StrEnum):
    """How much of the site could be seen (§1.2); `not_seen` needs a limitation."""

    FULL = "full"
    PARTIAL = "partial"
    NOT_SEEN = "not_seen"


class Position(StrEnum):
    """How the patient was placed (§1.4)."""

    STANDING = "standing"
    SITTING = "sitting"
    REVERSE_TRENDELENBURG = "reverse_trendelenburg"
    SUPINE = "supine"


class Manoeuvre(StrEnum):
    """How reflux was provoked (§1.4)."""

    VALSALVA = "valsalva"
    MANUAL_COMPRESSION = "manual_compression"
    CUFF_COMPRESSION = "cuff_compression"
    DORSIFLEXION = "dorsiflexion"
    PARANA = "parana"
    RELEASE_STANDING = "release_standing"


class Phasicity(StrEnum):
    """How flow follows breathing (§1.2)."""

    PHASIC = "phasic"
    CONTINUOUS = "continuous"
    ABSENT = "absent"


class Closure(StrEnum):
    """What became of an ablated segment (§5.3)."""

    CLOSED = "closed_after_ablation"
    PARTLY_OPEN = "partly_open"
    RECANALISED = "recanalised"


class Purpose(StrEnum):
    """Why the scan is done."""

    REFLUX = "reflux"
    DVT_RULE_OUT = "dvt_rule_out"
    SURVEILLANCE = "post_ablation_surveillance"


@dataclass(frozen=True, slots=True)
class Reading:
    """One site of one leg, as recorded. None means not recorded, never normal.

    reflux_ms: retrograde flow, 0–20000 ms; 0 = looked for, none seen; None = not timed.
    diameter_mm: 0.5–40 mm. Distances in cm, depth in mm. `extra` keeps keys a case file held
    that this product does not know.
    """

    leg: Leg
    segment: str
    reflux_ms: int | None = None
    diameter_mm: Decimal | None = None
    compressibility: Compressibility | None = None
    thrombus: Thrombus | None = None
    visualised: Visualised | None = None
    limitation: str | None = None
    depth_mm: Decimal | None = None
    position: Position | None = None
    tortuous: bool | None = None
    phasicity: Phasicity | None = None
    thrombus_occlusion: str | None = None
    thrombus_length_cm: Decimal | None = None
    tip_to_junction_cm: Decimal | None = None
    cm_from_sfj: Decimal | None = None
    distance_cm: Decimal | None = None
    reference: str | None = None
    near_ulcer: str | None = None
    location: str | None = None
    ehit: bool | str | None = None
    extends_into: str | None = None
    tip_to_junction_mm: Decimal | None = None
    percent_deep_lumen: Decimal | None = None
    closure: Closure | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    # looked up once, for every rule asks for them
    site: Segment = field(init=False, repr=False, compare=False)
    vein: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look the site up in the catalogue; a code outside it is a ValueError."""
        row = segment(self.segment)
        if row is None:  # read() refuses such a code; this keeps the type honest
            raise ValueError(self.segment)
        object.__setattr__(self, "site", row)
        object.__setattr__(self, "vein", vein_of(self.segment))
