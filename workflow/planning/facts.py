"""Gather what the steps of a plan look at, from the report it rests on and from today's record."""

from sqlalchemy.orm import Session

from workflow import issuing
from workflow.cases import case_of
from workflow.domain.appropriateness import changes, plan_facts
from workflow.domain.documents import scan_report
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.plan import PlanFacts
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.plan import Plan
from workflow.planning.items import chosen, signed_reading

__all__ = ["changed_since", "facts", "reading_now", "signed_reading"]


def changed_since(session: Session, plan: Plan) -> tuple[IssuedDocument | None, tuple[str, ...]]:
    """Return the report signed after the plan was drafted, and what it says otherwise."""
    newest = issuing.newest(session, plan.episode, issuing.SCAN)
    if newest is None or newest.id == plan.report_id:
        return None, ()
    return newest, changes(scan_report(plan.report.snapshot), scan_report(newest.snapshot))


def reading_now(session: Session, plan: Plan) -> Interpretation:
    """Return what the rules say of the same scan with the history as it is known today."""
    return interpret(case_of(plan.episode, session.get_one(Exam, plan.report.exam_id)))


def facts(session: Session, plan: Plan) -> PlanFacts:
    """Return what the steps of this plan look at."""
    newer, changed = changed_since(session, plan)
    return plan_facts(
        plan.status,
        chosen(plan),
        against=plan.against,
        signed=signed_reading(plan.report),
        now=reading_now(session, plan),
        changed=changed,
        newer=newer is not None,
        critical=plan.episode.critical,
    )
