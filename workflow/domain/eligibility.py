"""Say what the clinic itself asks of a plan before it is approved, and what is missing.

What a payer asks is another question (§6.2): a payer may refuse what a guideline treats, so the
two lists are shown side by side and never mixed.
"""

from dataclasses import dataclass

from workflow.domain.plan import PlanFacts


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing the clinic asks, and what stands in its way; '' where it is met."""

    says: str
    gap: str = ""

    @property
    def met(self) -> bool:
        """Say whether nothing stands in its way."""
        return not self.gap


def clinical(plan: PlanFacts) -> tuple[Criterion, ...]:
    """Return what must hold before a physician may approve this plan (§8.1), in order."""
    empty = "" if plan.items else "Nothing is chosen yet."
    return (
        Criterion("At least one treatment is chosen", empty),
        Criterion("The report it rests on is signed and stands", plan.report),
        Criterion("Nothing it rests on has changed", plan.stale),
        Criterion("Each procedure rests on reflux in its own leg", plan.laterality),
        Criterion("CEAP and rVCSS are recorded", plan.severity_missing),
        Criterion("Nothing bars elective treatment", plan.stops),
        Criterion("What goes against the rules or an alert has its reason", plan.unjustified),
    )
