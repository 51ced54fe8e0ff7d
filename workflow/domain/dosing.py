"""Decide whether a dose of sclerosant, glue or lidocaine stays within its limits (§4.6, 4.7)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.anatomy import Leg
from workflow.domain.case import PlannedDose
from workflow.domain.intake import PriorProcedure
from workflow.domain.interpretation import DoseLevel

LIDOCAINE_WARN_MG_KG = Decimal(7)  # US label with epinephrine
LIDOCAINE_STOP_MG_KG = Decimal(15)  # peri-saphenous study, Phlebology 2019
LIDOCAINE_REFUSED_MG_KG = Decimal(35)  # Klein; beyond it no reason passes
POLIDOCANOL_MG_KG = Decimal(2)  # per day, all polidocanol together

_VARITHENA_MG_PER_ML = Decimal("1.3")
_TESSARI_LIQUID = Decimal("0.2")  # 1 part liquid to 4 of gas


@dataclass(frozen=True, slots=True)
class Limit:
    """Volume limits of one agent in one session, mL: soft asks, hard stops."""

    soft_ml: Decimal | None
    hard_ml: Decimal
    polidocanol: bool
    foam: bool


# Polidocanol liquid: Asclera label 10 mL, severe reactions more often over 3 mL. Varithena label
# 15 mL of foam. STS: Sotradecol label 10 mL. Compounded foam: about 10 mL is generally accepted,
# and no label gives more than 15 mL. Glue: consensus 10 mL.
LIMITS = {
    "polidocanol liquid": Limit(Decimal(3), Decimal(10), polidocanol=True, foam=False),
    "polidocanol foam": Limit(Decimal(10), Decimal(15), polidocanol=True, foam=True),
    "varithena": Limit(None, Decimal(15), polidocanol=True, foam=True),
    "STS liquid": Limit(None, Decimal(10), polidocanol=False, foam=False),
    "STS foam": Limit(None, Decimal(10), polidocanol=False, foam=True),
    "cyanoacrylate": Limit(None, Decimal(10), polidocanol=False, foam=False),
}
_ORDER = ("ok", "soft_stop", "hard_stop")


def sclerosant(doses: Sequence[PlannedDose], weight_kg: Decimal | None) -> DoseLevel | None:
    """Return the level of all doses planned for one day, both legs together; None without a dose.

    Levels `ok`, `soft_stop`, `hard_stop`: beyond a limit, never at it. Volume limits count mL of
    foam; mg/kg counts the liquid inside it. Where a volume is missing there is no level.
    """
    known = [dose for dose in doses if dose.agent is not None]
    if not known:
        return None
    ml = _sum(dose.ml for dose in known)
    mg = _sum(milligrams(dose) for dose in known)
    polidocanol = [dose for dose in known if LIMITS[dose.agent or ""].polidocanol]
    polidocanol_mg = _sum(milligrams(dose) for dose in polidocanol)
    per_kg = polidocanol_mg / weight_kg if polidocanol and polidocanol_mg and weight_kg else None
    levels = [_by_volume(agent, known) for agent in {dose.agent or "" for dose in known}]
    if per_kg is not None and per_kg > POLIDOCANOL_MG_KG:
        levels.append(("hard_stop", f"Polidocanol {_short(per_kg)} mg/kg; the limit is 2 mg/kg."))
    level, reason = max(levels, key=lambda each: _ORDER.index(each[0]))
    if level == "ok" and ml is None:
        return DoseLevel(None, mg, per_kg, ml, _one_leg(known), "The volume is not recorded.")
    whole = mg / weight_kg if mg is not None and weight_kg and not polidocanol else per_kg
    return DoseLevel(level, mg, whole, ml, _one_leg(known), reason)


def _by_volume(agent: str, doses: Iterable[PlannedDose]) -> tuple[str, str]:
    limit = LIMITS[agent]
    ml = sum((dose.ml or Decimal(0) for dose in doses if dose.agent == agent), Decimal(0))
    if ml > limit.hard_ml:
        return "hard_stop", f"{ml} mL of {agent}; the limit is {limit.hard_ml} mL a session."
    if limit.soft_ml is not None and ml > limit.soft_ml:
        return "soft_stop", f"{ml} mL of {agent}; more than {limit.soft_ml} mL needs a second look."
    return "ok", f"{ml} mL of {agent} is within its limits."


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
    liquid = _liquid_share(dose) if LIMITS[dose.agent or ""].foam else Decimal(1)
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


def lidocaine(procedures: Sequence[PriorProcedure], weight_kg: Decimal | None) -> DoseLevel | None:
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
    level = "ok"
    if per_kg > LIDOCAINE_WARN_MG_KG:
        level = "hard_stop" if per_kg > LIDOCAINE_STOP_MG_KG else "warn"
    beyond = " It is refused beyond 35 mg/kg." if per_kg > LIDOCAINE_REFUSED_MG_KG else ""
    reason = f"Lidocaine {_short(per_kg)} mg/kg; over 7 asks, over 15 stops.{beyond}"
    return DoseLevel(level, mg, per_kg, leg=leg, reason=reason)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    found = list(values)
    return None if None in found or not found else sum((v or Decimal(0) for v in found), Decimal(0))


def _one_leg(doses: Iterable[PlannedDose]) -> Leg | None:
    legs = {dose.leg for dose in doses}
    return legs.pop() if len(legs) == 1 else None


def _short(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.1")))
