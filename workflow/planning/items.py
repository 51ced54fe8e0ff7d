"""Write the treatments of a plan, each with the finding it rests on, and read them back."""

from collections.abc import Sequence

from workflow.domain.appropriateness import Chosen, finding, of_option
from workflow.domain.case import loads, read
from workflow.domain.errors import Refused
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.modality import MODALITIES
from workflow.models.document import IssuedDocument
from workflow.models.plan import Plan, PlanItem


def signed_reading(report: IssuedDocument) -> Interpretation:
    """Return what the rules say of the case as it was signed."""
    return interpret(read(loads(report.case)))


def chosen(plan: Plan) -> tuple[Chosen, ...]:
    """Return the plan's treatments, in their order."""
    return tuple(
        Chosen(item.leg, item.vein, item.modality, item.session, item.offered)
        for item in plan.items
    )


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
