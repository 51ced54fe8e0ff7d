"""Read a plan: what it holds, what its steps look at now, and whether its papers still hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import clock, criteria, issuing
from workflow.cases import case_of
from workflow.domain.against import unanswered
from workflow.domain.appropriateness import Chosen, changes, plan_facts
from workflow.domain.case import Case, PlanItem, PlanPart, loads, read
from workflow.domain.documents import scan_report
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.plan import PLAN, PlanFacts, PlanStatus
from workflow.domain.report import ReportStatus
from workflow.models.clinic import clinic_in_force
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.plan import Plan
from workflow.standing import standing


def signed_case(report: IssuedDocument) -> Case:
    """Return the case as it was signed."""
    return read(loads(report.case))


def signed_reading(report: IssuedDocument) -> Interpretation:
    """Return what the rules say of the case as it was signed."""
    return interpret(signed_case(report), criteria.of_report(report))


def chosen(plan: Plan) -> tuple[Chosen, ...]:
    """Return the plan's treatments, in their order."""
    return tuple(
        Chosen(item.leg, item.vein, item.modality, item.session, item.offered)
        for item in plan.items
    )


def reasons(plan: Plan) -> dict[str, str]:
    """Return the reasons to go against alerts, by the alert's key."""
    return {row.alert: row.reason for row in plan.reasons}


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


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """Whether the clinic goes by the papers of a plan now, and what a page says where not."""

    status: PlanStatus = PlanStatus.APPROVED
    sentence: str = ""

    @property
    def stands(self) -> bool:
        """Say whether the clinic may go by these papers."""
        return not self.sentence


def plan_of(session: Session, paper: IssuedDocument) -> Plan | None:
    """Return the plan that a paper tells of, or None where it tells of none."""
    if paper.kind not in issuing.OF_A_PLAN:
        return None
    return session.scalars(
        select(Plan).where(Plan.episode_id == paper.episode_id, Plan.version == paper.version)
    ).one()


def plan_standing(session: Session, paper: IssuedDocument) -> PlanStanding:
    """Return where a paper of a plan stands; any other paper stands by its scan alone."""
    return _standing_of(session, plan_of(session, paper))


def plan_standings(
    session: Session, papers: Iterable[IssuedDocument]
) -> Mapping[int, PlanStanding]:
    """Return where each of these papers stands, by its number; each plan is looked at once."""
    plans = {paper.id: plan_of(session, paper) for paper in papers}
    stand = {plan: _standing_of(session, plan) for plan in set(plans.values())}
    return {paper_id: stand[plan] for paper_id, plan in plans.items()}


def _standing_of(session: Session, plan: Plan | None) -> PlanStanding:
    if plan is None:
        return PlanStanding()
    if plan.status is not PlanStatus.APPROVED:
        return PlanStanding(plan.status, f"This plan was {PLAN.words[plan.status]}.")
    at = facts(session, plan)
    return PlanStanding(plan.status, at.report or at.stale)
