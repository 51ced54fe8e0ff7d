"""Decide how a treatment plan moves from draft to approval (clinical reference §8.1).

A plan is *stale* when what it rests on changed after it was drafted; that is computed from the
facts, never stored.
"""

from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.staff import Permission
from workflow.domain.steps import Rule, Table


class PlanStatus(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PATIENT_DECLINED = "patient_declined"
    SUPERSEDED = "superseded"


class PlanStep(StrEnum):
    """What can be done to a plan."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    DECLINE = "decline"
    SUPERSEDE = "supersede"


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the steps of a plan look at; each objection is a full sentence or empty.

    report: the report it rests on is void or being amended. stale: what it rests on changed after
    the plan was drafted. laterality: an item rests on no finding of its leg. unjustified: an item
    goes against the rules or an alert and no reason is written. stops: an open STOP alert bars
    elective treatment. severity_missing: CEAP or rVCSS is not recorded.
    """

    status: PlanStatus
    items: int = 0
    report: str = ""
    stale: str = ""
    laterality: str = ""
    unjustified: str = ""
    stops: str = ""
    severity_missing: str = ""


def _if_empty(plan: PlanFacts) -> str | None:
    if not plan.items:
        return "The plan is empty. Choose at least one option, conservative care included."
    return plan.laterality or plan.unjustified or None


def _if_unsafe(plan: PlanFacts) -> str | None:
    reasons = (plan.report, _if_empty(plan), plan.stale, plan.stops, plan.severity_missing)
    return next((reason for reason in reasons if reason), None)


def _if_no_report_stands(plan: PlanFacts) -> str | None:
    return plan.report or None


_P = PlanStatus
PLAN: Table[PlanStep, PlanStatus, PlanFacts] = Table(
    noun="plan",
    rules={
        PlanStep.SUBMIT: Rule(
            frozenset({_P.DRAFT, _P.RETURNED}),
            _P.SUBMITTED,
            Permission.DRAFT_PLANS,
            "Submit for approval",
            _if_empty,
        ),
        PlanStep.RETURN: Rule(
            frozenset({_P.SUBMITTED}),
            _P.RETURNED,
            Permission.APPROVE_PLANS,
            "Return the plan",
            note_required=True,
        ),
        PlanStep.APPROVE: Rule(
            frozenset({_P.SUBMITTED}),
            _P.APPROVED,
            Permission.APPROVE_PLANS,
            "Approve the plan",
            _if_unsafe,
        ),
        PlanStep.DECLINE: Rule(
            frozenset({_P.DRAFT, _P.SUBMITTED, _P.RETURNED, _P.APPROVED}),
            _P.PATIENT_DECLINED,
            Permission.APPROVE_PLANS,
            "Record that the patient declined",
            _if_no_report_stands,
            note_required=True,
        ),
        PlanStep.SUPERSEDE: Rule(
            frozenset(_P) - {_P.SUPERSEDED},
            _P.SUPERSEDED,
            Permission.APPROVE_PLANS,
            "Replace the plan",
        ),
    },
    words={
        _P.DRAFT: "draft",
        _P.SUBMITTED: "waiting for approval",
        _P.RETURNED: "returned",
        _P.APPROVED: "approved",
        _P.PATIENT_DECLINED: "declined by the patient",
        _P.SUPERSEDED: "replaced",
    },
)

EDITABLE = frozenset({PlanStatus.DRAFT, PlanStatus.RETURNED})
"""The states in which a plan's items may be written."""
