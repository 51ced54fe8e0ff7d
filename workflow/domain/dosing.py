"""Decide whether a dose of sclerosant, glue or lidocaine stays within its limits (§4.6, 4.7)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.anatomy import Leg
from workflow.domain.case import PlannedDose
from workflow.domain.intake import PriorProcedure
from workflow.domain.interpretation import DoseLevel
from workflow.domain.limits import DEFAULT_LIMITS, Limits

_VARITHENA_MG_PER_ML = Decimal("1.3")
_TESSARI_LIQUID = Decimal("0.2")  # 1 part liquid to 4 of gas


@dataclass(frozen=True, slots=True)
class Agent:
    """What one agent is, and the names of its volume limits: soft asks, hard stops."""

    hard: str
    soft: str = ""
    polidocanol: bool = False
    foam: bool = False


AGENTS = {
    "polidocanol liquid": Agent(
        "polidocanol_liquid_hard_ml", "polidocanol_liquid_soft_ml", polidocanol=True
    ),
    "polidocanol foam": Agent("foam_hard_ml", "foam_soft_ml", polidocanol=True, foam=True),
    "varithena": Agent("varithena_hard_ml", polidocanol=True, foam=True),
    "STS liquid": Agent("sts_liquid_hard_ml"),
    "STS foam": Agent("sts_foam_hard_ml", foam=True),
    "cyanoacrylate": Agent("glue_hard_ml"),
}
"""The agents a dose may name (§4.6), each with its limits of a session."""

_ORDER = ("ok", "soft_stop", "hard_stop")


def sclerosant(
    doses: Sequence[PlannedDose], weight_kg: Decimal | None, limits: Limits = DEFAULT_LIMITS
) -> DoseLevel | None:
    """Return the level of all doses planned for one day, both legs together; None without a dose.

    Levels `ok`, `soft_stop`, `hard_stop`: beyond a limit, never at it. Volume limits count mL of
    foam; mg/kg counts the liquid inside it. Where a volume is missing there is no level.
    """
    known = [dose for dose in doses if dose.agent is not None]
    if not known:
        return None
    drugs = [dose for dose in known if dose.agent != "cyanoacrylate"]
    ml, mg = _sum(dose.ml for dose in drugs or known), _sum(milligrams(dose) for dose in drugs)
    per_kg = mg / weight_kg if mg is not None and weight_kg else None
    levels = [*_volumes(known, limits), *_by_weight(drugs, weight_kg, limits)]
    level, reason = max(levels, key=lambda each: _ORDER.index(each[0]))
    if level == "ok" and None in {dose.ml for dose in known}:
        return DoseLevel(None, mg, per_kg, ml, _one_leg(known), "The volume is not recorded.")
    return DoseLevel(level, mg, per_kg, ml, _one_leg(known), reason)


def _volumes(doses: Sequence[PlannedDose], limits: Limits) -> Iterator[tuple[str, str]]:
    """Yield the level of each agent's volume, and of all foams together where there are several."""
    named = list(dict.fromkeys(dose.agent or "" for dose in doses))
    for name in named:
        agent = AGENTS[name]
        soft = getattr(limits, agent.soft) if agent.soft else None
        yield _by_volume(name, _ml(doses, {name}), soft, getattr(limits, agent.hard))
    foams = {name for name in named if AGENTS[name].foam}
    if len(foams) > 1:  # the caps count all foam of the day, whatever it was made of
        hard = max(getattr(limits, AGENTS[name].hard) for name in foams)
        yield _by_volume("foam in all", _ml(doses, foams), limits.foam_soft_ml, hard)


def _ml(doses: Iterable[PlannedDose], agents: set[str]) -> Decimal:
    return sum((dose.ml or Decimal(0) for dose in doses if dose.agent in agents), Decimal(0))


def _by_volume(name: str, ml: Decimal, soft: Decimal | None, hard: Decimal) -> tuple[str, str]:
    if ml > hard:
        return "hard_stop", f"{ml} mL of {name}; the limit is {hard} mL a session."
    if soft is not None and ml > soft:
        return "soft_stop", f"{ml} mL of {name}; more than {soft} mL needs a second look."
    return "ok", f"{ml} mL of {name} is within its limits."


def _by_weight(
    doses: Iterable[PlannedDose], weight_kg: Decimal | None, limits: Limits
) -> Iterator[tuple[str, str]]:
    """Yield a stop where all polidocanol of the day, liquid and foam, is beyond its mg/kg."""
    mg = _sum(milligrams(dose) for dose in doses if AGENTS[dose.agent or ""].polidocanol)
    if mg is None or not weight_kg:
        return
    if (per_kg := mg / weight_kg) > limits.polidocanol_mg_kg:
        most = limits.polidocanol_mg_kg
        yield "hard_stop", f"Polidocanol {_short(per_kg)} mg/kg; the limit is {most} mg/kg."


def milligrams(dose: PlannedDose) -> Decimal | None:
    """Return the mg of sclerosant in a dose: mL of liquid × percent × 10; None where unknown.

    A mix of 1:4 holds one fifth of its volume as liquid; Varithena holds 1.3 mg in each mL of foam.
    """
    if dose.ml is None or dose.agent in {None, "cyanoacrylate"}:
        return None
    if dose.agent == "varithena":
        return dose.ml * _VARITHENA_MG_PER_ML
    if dose.percent is None:
        return None
    liquid = _liquid_share(dose) if AGENTS[dose.agent or ""].foam else Decimal(1)
    return dose.ml * liquid * dose.percent * 10


def _liquid_share(dose: PlannedDose) -> Decimal:
    """Return the liquid part of a foam; a foam always holds more gas than liquid."""
    ratio = dose.gas_ratio
    if isinstance(ratio, Decimal):
        return 1 / (1 + ratio)
    parts = [Decimal(part) for part in re.findall(r"[0-9]+(?:\.[0-9]+)?", ratio or "", re.ASCII)]
    if len(parts) != 2 or sum(parts) == 0:
        return _TESSARI_LIQUID
    return min(parts) / sum(parts)


def lidocaine(
    procedures: Sequence[PriorProcedure],
    weight_kg: Decimal | None,
    limits: Limits = DEFAULT_LIMITS,
) -> DoseLevel | None:
    """Return the level of the last session's tumescent lidocaine; None where none is recorded.

    mg = mL × percent × 10. `ok` up to 7 mg/kg, `warn` up to 15, `hard_stop` beyond. Procedures of
    the same date count together. Without a weight there is no level.
    """
    known = [
        p for p in procedures if p.tumescent_ml is not None and p.lidocaine_percent is not None
    ]
    if not known:
        return None
    last = max(procedure.when for procedure in known)
    session = [procedure for procedure in known if procedure.when == last]
    mg = sum(
        (
            (p.tumescent_ml or Decimal(0)) * (p.lidocaine_percent or Decimal(0)) * 10
            for p in session
        ),
        Decimal(0),
    )
    legs = {procedure.leg for procedure in session}
    leg = legs.pop() if len(legs) == 1 else None
    if not weight_kg:
        return DoseLevel(None, mg, leg=leg, reason="The weight is not recorded.")
    per_kg = mg / weight_kg
    return DoseLevel(
        _numbing_level(per_kg, limits), mg, per_kg, leg=leg, reason=_numbing(per_kg, limits)
    )


def _numbing_level(per_kg: Decimal, limits: Limits) -> str:
    if per_kg > limits.lidocaine_stop_mg_kg:
        return "hard_stop"
    return "warn" if per_kg > limits.lidocaine_warn_mg_kg else "ok"


def _numbing(per_kg: Decimal, limits: Limits) -> str:
    refused = limits.lidocaine_refused_mg_kg
    beyond = f" It is refused beyond {refused} mg/kg." if per_kg > refused else ""
    asks, stops = limits.lidocaine_warn_mg_kg, limits.lidocaine_stop_mg_kg
    return f"Lidocaine {_short(per_kg)} mg/kg; over {asks} asks, over {stops} stops.{beyond}"


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    found = list(values)
    return None if None in found or not found else sum((v or Decimal(0) for v in found), Decimal(0))


def _one_leg(doses: Iterable[PlannedDose]) -> Leg | None:
    legs = {dose.leg for dose in doses}
    return legs.pop() if len(legs) == 1 else None


def _short(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.1")))
