"""Gather, once, what is known of one leg, so that every rule reads the same facts."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from workflow.domain.anatomy import REQUIRED_DEEP, Leg, segment
from workflow.domain.case import Case
from workflow.domain.clinical import ClinicalLeg
from workflow.domain.findings import Compressibility, Phasicity, Purpose, Reading, Thrombus
from workflow.domain.interpretation import Ehit, SegmentResult, Svt, VeinResult
from workflow.domain.kept import kept
from workflow.domain.profile import Profile
from workflow.domain.reflux import judge
from workflow.domain.rollup import roll_up
from workflow.domain.thrombosis import acute_deep, clot, ehit, superficial

TRIBUTARY_CODES = frozenset({"TRIB", "PAV"})
"""Superficial veins that are no trunk."""


@dataclass(frozen=True)
class LegState:
    """The facts of one leg. A reflux that nobody timed is neither present nor absent here."""

    leg: Leg
    profile: Profile
    purpose: Purpose | None
    clinical: ClinicalLeg
    readings: tuple[Reading, ...]
    segments: tuple[SegmentResult, ...]
    veins: dict[str, VeinResult]
    acute_deep: tuple[str, ...]
    ehit: Ehit | None
    svt: tuple[Svt, ...]
    earlier_vte: bool
    abi: Decimal | None
    ankle_mmhg: Decimal | None

    @kept
    def examined(self) -> bool:
        """Say whether more than the groin vein of this leg was looked at."""
        return any(reading.segment != "CFV" for reading in self.readings)

    def refluxing(self, *, deep: bool = False, perforator: bool = False) -> tuple[VeinResult, ...]:
        """Return the refluxing veins of one system: superficial unless deep or perforator."""
        system = "deep" if deep else "perforator" if perforator else "superficial"
        return tuple(vein for vein in self._leaking if system_of(vein.vein) == system)

    @kept
    def _leaking(self) -> tuple[VeinResult, ...]:
        return tuple(vein for vein in self.veins.values() if vein.reflux)

    @kept
    def superficial_reflux(self) -> bool:
        """Say whether a superficial vein was found to reflux."""
        return bool(self.refluxing())

    @kept
    def deep_reflux(self) -> bool:
        """Say whether a deep vein was found to reflux."""
        return bool(self.refluxing(deep=True))

    @kept
    def perforator_reflux(self) -> bool:
        """Say whether a perforator was found to reflux."""
        return bool(self.refluxing(perforator=True))

    @kept
    def any_reflux(self) -> bool:
        """Say whether any vein was found to reflux."""
        return bool(self._leaking)

    @kept
    def superficial_timed(self) -> bool:
        """Say whether at least one superficial site was timed."""
        return any(
            reading.reflux_ms is not None
            for reading in self.readings
            if not reading.site.deep and not reading.site.perforator
        )

    @kept
    def tributaries(self) -> tuple[VeinResult, ...]:
        """Return the refluxing tributaries."""
        return tuple(vein for vein in self.refluxing() if _is_tributary(vein.vein))

    @kept
    def trunks(self) -> tuple[VeinResult, ...]:
        """Return the refluxing trunks and junctions."""
        return tuple(vein for vein in self.refluxing() if not _is_tributary(vein.vein))

    @kept
    def post_thrombotic_deep(self) -> bool:
        """Say whether a deep vein carries chronic post-thrombotic change."""
        return any(r.site.deep and r.thrombus is Thrombus.CHRONIC for r in self.readings)

    @kept
    def post_thrombotic(self) -> bool:
        """Say whether any vein carries chronic post-thrombotic change."""
        return any(r.thrombus is Thrombus.CHRONIC for r in self.readings)

    @kept
    def outflow_obstructed(self) -> bool:
        """Say whether the groin vein's flow is continuous or absent, as below an obstruction."""
        signs = {Phasicity.CONTINUOUS, Phasicity.ABSENT}
        return any(r.segment == "CFV" and r.phasicity in signs for r in self.readings)

    @kept
    def obstructed_deep(self) -> bool:
        """Say whether the deep veins are obstructed, or changed by an old clot."""
        return self.outflow_obstructed or self.post_thrombotic_deep

    @kept
    def obstructed_superficial(self) -> bool:
        """Say whether a superficial vein is changed by an old clot."""
        return any(not r.site.deep and r.thrombus is Thrombus.CHRONIC for r in self.readings)

    @kept
    def obstructed(self) -> bool:
        """Say whether any vein is obstructed, or changed by an old clot."""
        return self.obstructed_deep or self.obstructed_superficial

    @kept
    def acute(self) -> bool:
        """Say whether the leg has, or may have, an acute thrombosis of any kind."""
        return bool(self.acute_deep or self.svt or self.ehit) or any(map(clot, self.readings))

    @kept
    def severe_ehit(self) -> bool:
        """Say whether an ablation's extension is of class III or IV."""
        return self.ehit is not None and self.ehit.level in {"III", "IV"}

    @kept
    def held_ehit(self) -> bool:
        """Say whether an ablation's extension is of class II, or has no class yet."""
        return self.ehit is not None and self.ehit.level in {"II", None}

    @kept
    def deep_veins_compress(self) -> bool:
        """Say whether every required deep site was examined and compresses fully."""
        full = {
            r.segment
            for r in self.readings
            if r.compressibility is Compressibility.FULL and not clot(r)
        }
        return set(REQUIRED_DEEP) <= full


@lru_cache(maxsize=512)
def system_of(vein: str) -> str:
    """Return the system of a vein id: `deep`, `perforator` or `superficial`."""
    row = segment(vein) or segment(f"{vein}_P")  # the femoral vein is known by its parts
    if row is not None and row.deep:
        return "deep"
    return "perforator" if row is not None and row.perforator else "superficial"


def _is_tributary(vein: str) -> bool:
    row = segment(vein)
    return row is not None and row.code in TRIBUTARY_CODES


def leg_state(case: Case, leg: Leg, profile: Profile) -> LegState:
    """Return the facts of one leg of a case, judged by a profile."""
    readings = case.readings(leg)
    segments = tuple(judge(reading, profile) for reading in readings)
    judged = tuple(zip(readings, segments, strict=True))
    extension = ehit(case, leg)
    return LegState(
        leg=leg,
        profile=profile,
        purpose=case.exam.purpose,
        clinical=case.leg(leg),
        readings=readings,
        segments=segments,
        veins={vein.vein: vein for vein in roll_up(case, leg, judged, profile.limits)},
        acute_deep=acute_deep(case, leg, extension),
        ehit=extension,
        svt=superficial(case, leg, profile.limits),
        earlier_vte=any(each.leg is leg for each in case.intake.prior_vte or ()),
        abi=case.intake.abi_of(leg),
        ankle_mmhg=case.intake.ankle_of(leg),
    )
