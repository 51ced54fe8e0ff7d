"""Decide whether a vein's valve holds.

Cut-offs follow the guideline a profile names. Each carries its comparison, because 500 ms exactly
is competent to the guideline and reflux to one payer.
"""

from dataclasses import dataclass

from workflow.domain.anatomy import Segment, ThresholdClass
from workflow.domain.findings import Reading
from workflow.domain.interpretation import SegmentResult


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A reflux time in ms, whether reaching it is enough, and a range to show as borderline."""

    ms: int
    reaching_counts: bool
    shown_as_borderline: tuple[int, int] | None = None

    def refluxes(self, reflux_ms: int) -> bool:
        """Say whether a time in ms is reflux."""
        return reflux_ms > self.ms or (self.reaching_counts and reflux_ms == self.ms)

    def is_borderline(self, reflux_ms: int) -> bool:
        """Say whether a time lies at 90–110 % of the cut-off, both ends included, or is shown."""
        if self.shown_as_borderline:
            low, high = self.shown_as_borderline
            if low <= reflux_ms <= high:
                return True
        return abs(reflux_ms - self.ms) * 10 <= self.ms

    def __str__(self) -> str:
        return f"{'at least' if self.reaching_counts else 'over'} {self.ms:,} ms"


@dataclass(frozen=True, slots=True)
class Profile:
    """A named, versioned set of cut-offs (§2)."""

    id: str
    version: str
    name: str
    superficial: Cutoff
    femoropopliteal: Cutoff
    other_deep: Cutoff
    perforator: Cutoff

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
        match site.threshold:
            case ThresholdClass.SUPERFICIAL:
                return self.superficial
            case ThresholdClass.FEMOROPOPLITEAL:
                return self.femoropopliteal
            case ThresholdClass.OTHER_DEEP:
                return self.other_deep
            case ThresholdClass.PERFORATOR:
                return self.perforator
            case ThresholdClass.NONE:
                return None


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

# §2, ESVS column: as above, but a perforator refluxes beyond 350 ms.
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

# What two payers compare with (§3.10 WARN_CLINICAL_VS_PAYER): the Aetna bulletin reads the
# junctions alone, at 500 ms or more; Medicare L39121 wants more than 500 or 1000 ms.
_AETNA_JUNCTION = Cutoff(500, reaching_counts=True)
_L39121_OTHER = Cutoff(500, reaching_counts=False)
_L39121_DEEP = Cutoff(1000, reaching_counts=False)


def refluxes(reading: Reading, profile: Profile) -> bool | None:
    """Say whether the valve leaks; None where the site was not timed (never 'no').

    Source: SVS/AVF/AVLS 2022 and the other columns of §2.
    """
    cutoff = profile.cutoff(reading.site)
    if reading.reflux_ms is None or cutoff is None:
        return None
    return cutoff.refluxes(reading.reflux_ms)


def borderline(reading: Reading, profile: Profile) -> bool:
    """Say whether a physician must confirm the time: 90–110 % of its cut-off (§2, rule 3)."""
    cutoff = profile.cutoff(reading.site)
    if reading.reflux_ms is None or cutoff is None:
        return False
    return cutoff.is_borderline(reading.reflux_ms)


def payers_that_differ(reading: Reading, profile: Profile) -> tuple[str, ...]:
    """Name the payers whose comparison judges this time otherwise than the profile does."""
    clinical = refluxes(reading, profile)
    if clinical is None or reading.reflux_ms is None:
        return ()
    payers = {"Medicare L39121": _L39121_DEEP if reading.site.deep else _L39121_OTHER}
    if reading.site.junction:
        payers["Aetna CPB 0050"] = _AETNA_JUNCTION
    return tuple(
        name for name, cutoff in payers.items() if cutoff.refluxes(reading.reflux_ms) != clinical
    )


def judge(reading: Reading, profile: Profile) -> SegmentResult:
    """Return one reading, judged by a profile."""
    return SegmentResult(
        leg=reading.leg,
        segment=reading.segment,
        reflux=refluxes(reading, profile),
        borderline=borderline(reading, profile),
        cm_from_sfj=reading.cm_from_sfj,
    )
