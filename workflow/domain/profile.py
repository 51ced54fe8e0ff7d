"""Hold the reflux cut-offs of a guideline as a named, versioned value that a clinic can edit.

Each cut-off carries its comparison, because 500 ms exactly is competent to one guideline and
reflux to one payer (clinical reference §2, §11 no. 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow.domain import shape
from workflow.domain.anatomy import Segment, ThresholdClass
from workflow.domain.errors import Refused
from workflow.domain.limits import DEFAULT_LIMITS, Limits, read_limits, write_limits


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A reflux time in ms, whether reaching it is enough, and a range to show as borderline."""

    ms: int
    reaching_counts: bool
    shown_as_borderline: tuple[int, int] | None = None

    def refluxes(self, reflux_ms: int) -> bool:
        """Say whether a time in ms is reflux."""
        return reflux_ms > self.ms or (self.reaching_counts and reflux_ms == self.ms)

    def is_borderline(self, reflux_ms: int, percent: int | Decimal = 10) -> bool:
        """Say whether a time lies within `percent` of the cut-off, both ends included, or is shown.

        §2 rule 3: 90–110 % of the cut-off; a perforator is shown from 350 to 499 ms as well.
        """
        if self.shown_as_borderline:
            low, high = self.shown_as_borderline
            if low <= reflux_ms <= high:
                return True
        return abs(reflux_ms - self.ms) * 100 <= self.ms * percent

    def __str__(self) -> str:
        return f"{'at least' if self.reaching_counts else 'over'} {self.ms:,} ms"


@dataclass(frozen=True, slots=True)
class Profile:
    """A named, versioned set of cut-offs (§2), and the limits that stand beside them."""

    id: str
    version: str
    name: str
    superficial: Cutoff
    femoropopliteal: Cutoff
    other_deep: Cutoff
    perforator: Cutoff
    limits: Limits = DEFAULT_LIMITS

    @property
    def line(self) -> str:
        """Return the sentence that a report prints beneath its tables."""
        return (
            f"Reflux by {self.name} (version {self.version}): superficial veins "
            f"{self.superficial}; common femoral, femoral and popliteal veins "
            f"{self.femoropopliteal}; other deep veins {self.other_deep}; perforators "
            f"{self.perforator}."
        )

    def cutoff(self, site: Segment) -> Cutoff | None:
        """Return the cut-off of a site, or None where the protocol does not time it."""
        threshold = site.threshold
        if threshold is ThresholdClass.SUPERFICIAL:
            return self.superficial
        if threshold is ThresholdClass.FEMOROPOPLITEAL:
            return self.femoropopliteal
        if threshold is ThresholdClass.OTHER_DEEP:
            return self.other_deep
        return self.perforator if threshold is ThresholdClass.PERFORATOR else None


# §2, default column: superficial > 500 ms, femoropopliteal > 1000 ms, other deep > 500 ms,
# perforator >= 500 ms; 350–499 ms in a perforator is shown as borderline.
SVS_2022 = Profile(
    id="svs-avf-avls-2022",
    version="1",
    name="SVS/AVF/AVLS 2022",
    superficial=Cutoff(500, reaching_counts=False),
    femoropopliteal=Cutoff(1000, reaching_counts=False),
    other_deep=Cutoff(500, reaching_counts=False),
    perforator=Cutoff(500, reaching_counts=True, shown_as_borderline=(350, 499)),
)

# §2, ESVS column and the Labropoulos 2003 data: as above, but a perforator refluxes beyond 350 ms.
ESVS_2022 = Profile(
    id="esvs-2022",
    version="1",
    name="ESVS 2022",
    superficial=Cutoff(500, reaching_counts=False),
    femoropopliteal=Cutoff(1000, reaching_counts=False),
    other_deep=Cutoff(500, reaching_counts=False),
    perforator=Cutoff(350, reaching_counts=False),
)

PROFILES = {profile.id: profile for profile in (SVS_2022, ESVS_2022)}
"""The profiles a clinic can choose from, by id."""


SHORTEST_MS, LONGEST_MS = 100, 5000
"""Within what a cut-off may lie, in ms: 5 is seconds typed for milliseconds."""

_MS = shape.whole(SHORTEST_MS, LONGEST_MS)


def _cutoff(value: Any, path: str) -> Cutoff:
    readers = {"ms": _MS, "reaching_counts": shape.boolean, "shown_as_borderline": _span}

    def make(*, extra: Mapping[str, Any], **given: Any) -> Cutoff:
        return Cutoff(**given)

    return shape.build(make, readers, value, path, needs=("ms", "reaching_counts"))


def _span(value: Any, path: str) -> tuple[int, int]:
    found = shape.several(_MS)(value, path)
    if len(found) != 2 or found[0] > found[1]:
        raise Refused(f"{path} must hold two times, the shorter one first.")
    return found[0], found[1]


_TEXTS = ("id", "version", "name")
_CUTOFFS = ("superficial", "femoropopliteal", "other_deep", "perforator")
_READERS: Mapping[str, shape.Reader[Any]] = {
    **dict.fromkeys(_TEXTS, shape.named),
    **dict.fromkeys(_CUTOFFS, _cutoff),
    "limits": read_limits,
}


def read_profile(value: object, path: str = "profile") -> Profile:
    """Return the profile a mapping holds, its limits checked; each cut-off is 100–5000 ms.

    Raises CaseRefused at the first key that is missing or wrong, and Refused with a sentence where
    limits contradict each other.
    """

    def make(*, extra: Mapping[str, Any], **given: Any) -> Profile:
        return Profile(**given)

    return shape.build(make, _READERS, value, path, needs=(*_TEXTS, *_CUTOFFS))


def write_profile(profile: Profile) -> dict[str, Any]:
    """Return a profile as the mapping it is stored and frozen as, its limits within."""
    written: dict[str, Any] = shape.plain(profile)
    return {**written, "limits": write_limits(profile.limits)}
