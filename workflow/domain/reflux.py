"""Decide whether a vein's valve holds, by the cut-offs of a profile (§2)."""

from workflow.domain.findings import Reading
from workflow.domain.interpretation import SegmentResult
from workflow.domain.profile import ESVS_2022, PROFILES, SVS_2022, Cutoff, Profile

__all__ = [
    "ESVS_2022",
    "PROFILES",
    "SVS_2022",
    "Cutoff",
    "Profile",
    "borderline",
    "judge",
    "payers_that_differ",
    "refluxes",
]

# What two payers compare with (§3.10 WARN_CLINICAL_VS_PAYER): the Aetna bulletin reads the
# junctions alone, at 500 ms or more; Medicare L39121 wants more than 500 or 1000 ms.
_AETNA_JUNCTION = Cutoff(500, reaching_counts=True)
_L39121_OTHER = Cutoff(500, reaching_counts=False)
_L39121_DEEP = Cutoff(1000, reaching_counts=False)


def refluxes(reading: Reading, profile: Profile) -> bool | None:
    """Say whether the valve leaks; None where the site was not timed (never 'no').

    Source: SVS/AVF/AVLS 2022 and the other columns of §2.
    """
    return judge(reading, profile).reflux


def borderline(reading: Reading, profile: Profile) -> bool:
    """Say whether a physician must confirm the time: 90–110 % of its cut-off (§2, rule 3)."""
    return judge(reading, profile).borderline


def payers_that_differ(reading: Reading, judged: SegmentResult) -> tuple[str, ...]:
    """Name the payers whose comparison judges this time otherwise than the clinic's profile did.

    A site that was not timed differs from nobody.
    """
    clinical = judged.reflux
    if clinical is None or reading.reflux_ms is None:
        return ()
    found = []
    medicare = _L39121_DEEP if reading.site.deep else _L39121_OTHER
    if medicare.refluxes(reading.reflux_ms) is not clinical:
        found.append("Medicare L39121")
    if reading.site.junction and _AETNA_JUNCTION.refluxes(reading.reflux_ms) is not clinical:
        found.append("Aetna CPB 0050")
    return tuple(found)


def judge(reading: Reading, profile: Profile) -> SegmentResult:
    """Return one reading, judged by a profile."""
    time = reading.reflux_ms
    cutoff = profile.cutoff(reading.site) if time is not None else None
    if cutoff is None or time is None:
        return SegmentResult(
            reading.leg, reading.segment, None, borderline=False, cm_from_sfj=reading.cm_from_sfj
        )
    near = cutoff.is_borderline(time, profile.limits.borderline_percent)
    leaks = cutoff.refluxes(time)
    return SegmentResult(reading.leg, reading.segment, leaks, near, reading.cm_from_sfj)
