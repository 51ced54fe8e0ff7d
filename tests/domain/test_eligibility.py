"""What the clinic asks of a plan, in order, each with the one thing that stands in its way."""

from typing import Any

import pytest

from workflow.domain.eligibility import Criterion, clinical
from workflow.domain.plan import PlanFacts, PlanStatus

ASKED = (
    ("At least one treatment is chosen", {"items": 0}, "Nothing is chosen yet."),
    ("The report it rests on is signed and stands", {"report": "It is void."}, "It is void."),
    ("Nothing it rests on has changed", {"stale": "It changed."}, "It changed."),
    ("Each procedure rests on reflux in its own leg", {"laterality": "No."}, "No."),
    ("CEAP and rVCSS are recorded", {"severity_missing": "No CEAP."}, "No CEAP."),
    ("Nothing bars elective treatment", {"stops": "Pregnant."}, "Pregnant."),
    ("What goes against the rules or an alert has its reason", {"unjustified": "Why?"}, "Why?"),
)


def _asked(**changes: Any) -> tuple[Criterion, ...]:
    return clinical(PlanFacts(PlanStatus.DRAFT, **{"items": 1, **changes}))


def test_a_plan_that_nothing_stands_in_the_way_of_meets_each_in_order() -> None:
    assert _asked() == tuple(Criterion(says) for says, _, _ in ASKED)
    assert all(each.met for each in _asked())


@pytest.mark.parametrize(("says", "changes", "gap"), ASKED)
def test_each_gap_stands_beside_what_is_asked_and_nowhere_else(
    says: str, changes: dict[str, Any], gap: str
) -> None:
    assert [each for each in _asked(**changes) if not each.met] == [Criterion(says, gap)]
