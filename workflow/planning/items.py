"""Write the treatments of a plan, each with the finding it rests on, and read them back."""

from collections.abc import Iterable, Mapping, Sequence

from workflow.domain.against import objections
from workflow.domain.appropriateness import Chosen, finding, of_option
from workflow.domain.entry import paragraphs
from workflow.domain.errors import Refused
from workflow.domain.interpretation import Alert, Interpretation
from workflow.domain.modality import MODALITIES
from workflow.models.plan import Plan, PlanItem, PlanReason
from workflow.plans import chosen, signed_reading

LONGEST = 2000


def set_reasons(plan: Plan, given: Mapping[str, str], says: Mapping[str, str]) -> None:
    """Write the reasons to go against alerts, each with the alert as it was worded then.

    `says` holds the words of the alerts that may be answered; an empty reason is none.
    """
    kept = {row.alert: row for row in plan.reasons}
    rows = []
    for key, reason in given.items():
        if reason.strip() and key in says:
            row = kept.get(key) or PlanReason(alert=key)
            row.says, row.reason = says[key], reason
            rows.append(row)
    plan.reasons = rows


def answer(plan: Plan, answers: Mapping[str, str], alerts: Iterable[Alert]) -> None:
    """Keep the reason for each alert that speaks against what the plan holds."""
    spoken = {each.key: each.says for each in objections(chosen(plan), alerts)}
    name = "A reason to go against an alert"
    cleaned = {
        key: paragraphs(text, longest=LONGEST, name=name)
        for key, text in answers.items()
        if key in spoken
    }
    set_reasons(plan, cleaned, spoken)


def cells(plan: Plan) -> dict[str, str]:
    """Return what the history of edits keeps of a plan."""
    return {
        "items": listed(chosen(plan)),
        "rationale": plan.rationale,
        "against": plan.against,
        "reasons": "\n".join(f"{row.says} {row.reason}" for row in plan.reasons),
    }


def off_label_keys(reading: Interpretation) -> frozenset[str]:
    """Return the options that lie outside their label."""
    return frozenset(of_option(option).key for option in reading.options if option.off_label)


def listed(items: Sequence[Chosen]) -> str:
    """Return the treatments as the history of edits keeps them, one a line."""
    return "\n".join(f"{item.words}, session {item.session}" for item in items)


def set_items(plan: Plan, items: Sequence[Chosen]) -> None:
    """Write the items in the order of their sessions, each with the finding it rests on."""
    reading = signed_reading(plan.report)
    offered = {of_option(option).key for option in reading.options}
    off_label = off_label_keys(reading)
    kept = {chosen_item.key: row for row, chosen_item in zip(plan.items, chosen(plan), strict=True)}
    rows: list[PlanItem] = []
    for ordinal, item in enumerate(_in_order(items), start=1):
        if item.modality not in MODALITIES or not 1 <= item.session <= 9:
            raise Refused("The plan names a treatment or a session that does not exist.")
        row = kept.get(item.key) or PlanItem(leg=item.leg, vein=item.vein, modality=item.modality)
        row.ordinal, row.session = ordinal, item.session
        row.offered, row.off_label = item.key in offered, item.key in off_label
        row.finding = finding(reading, item.leg, item.vein)
        rows.append(row)
    plan.items = rows


def _in_order(items: Sequence[Chosen]) -> list[Chosen]:
    unique = {item.key: item for item in items}
    return sorted(unique.values(), key=lambda item: (item.session, item.leg.word != "right"))
