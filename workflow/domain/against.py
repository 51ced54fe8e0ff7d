"""Say which alerts speak against a treatment that is chosen all the same.

Some alerts bar elective treatment outright (`appropriateness.stops`). The others here may be gone
against, by a physician, with a reason that is kept with the plan and printed (clinical reference
§3.9, §4.3, §4.4). An off-label treatment is marked as such and needs no further reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.appropriateness import Chosen
from workflow.domain.interpretation import Alert
from workflow.domain.modality import METHODS, PROCEDURES

_FOAM = frozenset(each.id for each in METHODS.values() if each.foam)
_HEAT = frozenset({"RFA", "EVLA"})
_ANY = frozenset(PROCEDURES)

AGAINST: Mapping[str, frozenset[str]] = {
    "RF2_WELLS": _ANY,
    "RF4_SVT_NEAR_SFJ": _ANY,
    "RF5_SVT_LONG": _ANY,
    "RF6_ABI": _ANY,
    "RF7_ABI_COMPRESSION": frozenset({"CONS"}),
    "STOP_ACRYLATE_ALLERGY": frozenset({"CAC"}),
    "STOP_FOAM_SHUNT": _FOAM,
    "WARN_CLAUDICATION_PATTERN": _ANY,
    "WARN_FOAM_MIGRAINE_AURA": _FOAM,
    "WARN_PROXIMAL_OBSTRUCTION": _ANY,
    "WARN_PTS": _ANY,
    "WARN_THERMAL_DEPTH": _HEAT,
    "WARN_UNKNOWN": _ANY,
}
"""The treatments that each alert speaks against; an alert of one leg speaks of that leg only."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Alerts of one kind for one leg, in their words, and the treatments they speak against."""

    key: str
    says: str
    sources: tuple[str, ...]
    treatments: tuple[str, ...]


def objections(items: Sequence[Chosen], alerts: Iterable[Alert]) -> tuple[Objection, ...]:
    """Return the alerts that speak against any of these treatments, in the order they fired.

    Alerts of the same kind and leg are one objection, answered by one reason.
    """
    grouped: dict[str, list[Alert]] = {}
    for alert in alerts:
        if any(speaks_against(alert, item) for item in items):
            grouped.setdefault(key_of(alert), []).append(alert)
    return tuple(
        Objection(
            key,
            " ".join(dict.fromkeys(alert.text for alert in same)),
            tuple(dict.fromkeys(alert.source for alert in same)),
            tuple(item.words for item in items if any(speaks_against(a, item) for a in same)),
        )
        for key, same in grouped.items()
    )


def key_of(alert: Alert) -> str:
    """Return what names an alert within a plan: 'WARN_PTS.R', or 'RF2_WELLS' for no one leg."""
    return f"{alert.id}.{alert.leg.value}" if alert.leg else alert.id


def speaks_against(alert: Alert, item: Chosen) -> bool:
    """Say whether an alert speaks against one treatment."""
    of_its_leg = alert.leg is None or alert.leg is item.leg
    return of_its_leg and item.modality in AGAINST.get(alert.id, frozenset())


def unanswered(items: Sequence[Chosen], alerts: Iterable[Alert], reasons: Mapping[str, str]) -> str:
    """Say which alert a plan goes against without a reason, or '' where each has one."""
    for objection in objections(items, alerts):
        if not reasons.get(objection.key, "").strip():
            return (
                f"{objection.says} The plan holds {objection.treatments[0]}. "
                "Write why it is chosen all the same."
            )
    return ""
