"""Gather two versions of a plan, to be read side by side."""

from dataclasses import dataclass

from workflow.domain.planchange import Held, Treatment, beside
from workflow.models.plan import Plan
from workflow.plans import chosen


@dataclass(frozen=True, slots=True)
class Words:
    """One text of a plan in two versions."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of one plan, the older first, and all that they hold."""

    before: Plan
    after: Plan
    treatments: tuple[Treatment, ...]
    words: tuple[Words, ...]

    @property
    def differ(self) -> bool:
        """Say whether they differ at all."""
        treatments = any(each.says for each in self.treatments)
        return treatments or any(each.before != each.after for each in self.words)


def versions(one: Plan, other: Plan) -> Versions:
    """Set two versions of the same plan side by side."""
    before, after = sorted((one, other), key=lambda plan: plan.version)
    return Versions(
        before,
        after,
        beside(_held(before), _held(after)),
        (
            Words("Rationale", before.rationale, after.rationale),
            Words("Against the rules because", before.against, after.against),
            Words("Against an alert because", _reasons(before), _reasons(after)),
        ),
    )


def _held(plan: Plan) -> list[Held]:
    return [Held(item, row.finding) for item, row in zip(chosen(plan), plan.items, strict=True)]


def _reasons(plan: Plan) -> str:
    return "\n".join(f"{row.says} {row.reason}" for row in plan.reasons)
