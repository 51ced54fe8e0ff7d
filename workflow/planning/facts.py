"""Gather what the steps of a plan look at, from the report it rests on and from today's record."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from workflow import clock, criteria, issuing
from workflow.cases import case_of
from workflow.domain.against import unanswered
from workflow.domain.appropriateness import changes, plan_facts
from workflow.domain.case import PlanItem, PlanPart
from workflow.domain.documents import scan_report
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.plan import PlanFacts
from workflow.domain.report import ReportStatus
from workflow.models.clinic import clinic_in_force
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.plan import Plan
from workflow.planning.items import chosen, reasons, signed_reading
from workflow.standing import standing

__all__ = [
    "changed_since", "facts", "reading_now", "report_problem", "scanned_on", "signed_reading",
]  # fmt: skip


def changed_since(session: Session, plan: Plan) -> tuple[IssuedDocument | None, tuple[str, ...]]:
    """Return the report that stands instead of the one the plan rests on, and what differs in it.

    An addendum changes no value, so it leaves the plan as it is.
    """
    newest = issuing.standing_report(session, plan.episode)
    if newest is None or newest.exam_id == plan.report.exam_id:
        return None, ()
    return newest, changes(scan_report(plan.report.snapshot), scan_report(newest.snapshot))


def scanned_on(session: Session, report: IssuedDocument) -> date:
    """Return the day, in the clinic's zone, of the scan that a report is of."""
    exam = session.get_one(Exam, report.exam_id)
    zone = ZoneInfo(clinic_in_force(session).zone)
    return (exam.scanned_at or report.issued_at).astimezone(zone).date()


def reading_now(session: Session, plan: Plan) -> Interpretation:
    """Return what the rules say today of the scan that stands, with today's history and this plan.

    The day of the scan goes with it, for a payer asks how old it is.
    """
    report = issuing.standing_report(session, plan.episode) or plan.report
    case = case_of(plan.episode, session.get_one(Exam, report.exam_id))
    dated = {"date": scanned_on(session, report).isoformat(), **case.exam.extra}
    items = tuple(PlanItem(item.leg, item.vein, item.modality) for item in chosen(plan))
    planned = replace(
        case,
        as_of=clock.now().astimezone(ZoneInfo(clinic_in_force(session).zone)).date(),
        exam=replace(case.exam, extra=dated),
        plan=PlanPart(items=items, text=plan.rationale),
    )
    return interpret(planned, criteria.of_report(report))


def report_problem(session: Session, report: IssuedDocument) -> str:
    """Say why the clinic may not go by the report a plan rests on now, or ''."""
    stands = standing(session, report.exam_id)
    if stands.void is not None:
        return f"The scan this plan rests on was declared void: {stands.void.reason}"
    if stands.status is ReportStatus.AMENDING:
        return "The report this plan rests on is being amended. Sign or drop the amendment first."
    return ""


def facts(session: Session, plan: Plan) -> PlanFacts:
    """Return what the steps of this plan look at."""
    newer, changed = changed_since(session, plan)
    items, now = chosen(plan), reading_now(session, plan)
    amended = standing(session, plan.report.exam_id).status is ReportStatus.AMENDED
    return plan_facts(
        plan.status,
        items,
        against=plan.against,
        signed=signed_reading(plan.report),
        now=now,
        changed=changed,
        newer=newer is not None and not amended,
        critical=plan.episode.critical,
        report=report_problem(session, plan.report),
        unanswered=unanswered(items, now.alerts, reasons(plan)),
    )
