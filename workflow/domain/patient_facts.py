"""Gather, once, what the patient as a whole brings to every rule."""

from dataclasses import dataclass
from datetime import date

from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.intake import Intake, Mobility, Pfo, RedFlag
from workflow.domain.legstate import LegState
from workflow.domain.limits import Limits
from workflow.domain.severity import wells
from workflow.domain.substances import ACRYLATE, LIDOCAINE, allergic_agents, names

EMERGENCY = frozenset({RedFlag.CHEST_PAIN, RedFlag.DYSPNOEA, RedFlag.SYNCOPE})  # RF3
NEURO_ISCHAEMIA = frozenset(
    {RedFlag.LEG_WEAKNESS, RedFlag.NUMB_FOOT, RedFlag.REST_PAIN, RedFlag.GANGRENE}
)  # RF10


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What holds for both legs. None stays None: not asked is never no."""

    emergency: bool
    wells_held: bool
    pregnant: bool
    no_foam: bool
    acrylate_allergy: bool
    lidocaine_allergy: bool
    barred_agents: frozenset[str]
    bedridden: bool
    claudication: bool


def claudication_pattern(intake: Intake) -> bool:
    """Say whether exertional pain eases when the patient stops walking (§3.5, §3.7)."""
    cramps = intake.cramps
    if cramps is None or cramps.present is False or cramps.relief != "rest_from_walking":
        return False
    return cramps.timing in {"exercise", "any", None}


def shunt(intake: Intake) -> bool:
    """Say whether foam is barred: a symptomatic shunt, or a nerve event after sclerotherapy."""
    return intake.pfo is Pfo.SYMPTOMATIC or intake.neuro_event_after_sclerotherapy is True


def patient_facts(case: Case, legs: tuple[LegState, ...], limits: Limits) -> PatientFacts:
    """Return what holds for both legs of a case."""
    intake = case.intake
    flags = frozenset(intake.red_flags or ())
    return PatientFacts(
        emergency=bool(flags & (EMERGENCY | NEURO_ISCHAEMIA)),
        wells_held=wells_likely(intake, limits) and not _deep_veins_cleared(legs),
        pregnant=intake.pregnant is True,
        no_foam=shunt(intake),
        acrylate_allergy=names(intake.allergies, ACRYLATE),
        lidocaine_allergy=names(intake.allergies, LIDOCAINE),
        barred_agents=allergic_agents(intake.allergies),
        bedridden=intake.mobility is Mobility.BEDRIDDEN,
        claudication=claudication_pattern(intake),
    )


def wells_likely(intake: Intake, limits: Limits) -> bool:
    """Say whether the Wells total is 2 or more, in either version (§3.9 RF2)."""
    score = wells(intake.wells)
    return score is not None and score.total is not None and score.total >= limits.wells_likely


def _deep_veins_cleared(legs: tuple[LegState, ...]) -> bool:
    """Say whether every required deep site of every examined leg compresses fully."""
    examined = [leg for leg in legs if leg.examined]
    return bool(examined) and all(leg.deep_veins_compress for leg in examined)


def age(born: date, on: date) -> int:
    """Return the age in whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def compression_barred(leg: LegState) -> str | None:
    """Say why compression must not be a matter of course on a leg, or None (§3.9 RF7, §4.8)."""
    limits = leg.profile.limits
    floor = max(limits.compression_abi, limits.abi_severe)
    if leg.abi is not None and leg.abi < floor:
        return f"The ankle-brachial index is {leg.abi}, below {floor}."
    least = limits.compression_ankle_mmhg
    if leg.ankle_mmhg is not None and leg.ankle_mmhg < least:
        return f"The ankle pressure is {leg.ankle_mmhg} mmHg, below {least} mmHg."
    return None


def other(legs: tuple[LegState, ...], leg: Leg) -> LegState:
    """Return the state of the opposite leg."""
    return next(each for each in legs if each.leg is leg.other)
