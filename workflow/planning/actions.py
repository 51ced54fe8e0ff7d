"""What the clinic does with a treatment plan. Nothing here commits; the caller does.

Deciding (approving, or recording that the patient declined) issues papers: `papers.freeze` reads
them, the caller draws them outside any transaction, and `decide` stores them with the step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from workflow import issuing, progress
from workflow.domain.appropriateness import Chosen
from workflow.domain.entry import paragraphs
from workflow.domain.errors import Refused
from workflow.domain.pathway import Care
from workflow.domain.plan import EDITABLE, PLAN, PlanStatus, PlanStep
from workflow.domain.staff import Permission, may, only
from workflow.issuing import Rendered
from workflow.models.document import IssuedDocument
from workflow.models.patient import Episode
from workflow.models.plan import Plan
from workflow.models.staff import Staff
from workflow.planning.items import LONGEST, answer, cells, set_items, set_reasons
from workflow.plans import chosen, facts, reading_now, reasons, report_problem

CHANGED = (
    "This plan changed after you opened it, so nothing was saved. What you typed is still below; "
    "the page now shows the plan as it is."
)
CLOSED = frozenset({Care.DISCHARGED, Care.CANCELLED, Care.TRANSFERRED})
OPEN = frozenset({PlanStatus.DRAFT, PlanStatus.SUBMITTED, PlanStatus.RETURNED})


class Changed(Refused):
    """The plan is no longer the one that was read."""


def draft(session: Session, episode: Episode, *, by: Staff, at: datetime) -> Plan:
    """Begin the next version on the newest signed report, with what the last version held.

    An open version on that report is returned as it is, so that asking twice makes one plan.
    """
    if not may(by.role, Permission.DRAFT_PLANS):
        raise Refused(only(Permission.DRAFT_PLANS))
    report = issuing.standing_report(session, episode)
    if report is None:
        raise Refused("A plan rests on a signed report that stands. Read and sign the scan first.")
    if problem := report_problem(session, report):
        raise Refused(problem)
    _refuse_if_closed(episode)
    last = progress.newest_plan(session, episode)
    if last is not None and last.status in OPEN:
        if last.report.exam_id == report.exam_id:
            return last
        _supersede(session, last, by=by, at=at)
    plan = Plan(
        episode_id=episode.id,
        report_id=report.id,
        report=report,
        version=last.version + 1 if last else 1,
        status=PlanStatus.DRAFT,
        rationale=last.rationale if last else "",
        against=last.against if last else "",
        created_by_id=by.id,
        created_at=at,
    )
    session.add(plan)
    set_items(plan, chosen(last) if last else ())
    if last:
        set_reasons(plan, reasons(last), {row.alert: row.says for row in last.reasons})
    session.flush()
    _taken(session, plan, episode, "draft", "Draft the plan", before="", by=by, at=at)
    return plan


def save(
    session: Session,
    plan: Plan,
    items: Sequence[Chosen],
    *,
    rationale: str,
    against: str,
    by: Staff,
    at: datetime,
    seen: int,
    answers: Mapping[str, str] | None = None,
) -> None:
    """Keep what the plan holds now; raises Changed where it is not the plan that was read."""
    _as_seen(plan, seen)
    if not may(by.role, Permission.DRAFT_PLANS):
        raise Refused(only(Permission.DRAFT_PLANS))
    if plan.status not in EDITABLE:
        words = PLAN.words[plan.status]
        raise Refused(f"This plan is “{words}” and is not written any more. Draft a new version.")
    rationale = paragraphs(rationale, longest=LONGEST, name="The rationale")
    against = paragraphs(against, longest=LONGEST, name="The reason to go against the rules")
    before = cells(plan)
    set_items(plan, items)
    plan.rationale, plan.against = rationale, against
    if answers is not None:
        answer(plan, answers, reading_now(session, plan).alerts)
    after = cells(plan)
    changes = {cell: (before[cell], after[cell]) for cell in after if before[cell] != after[cell]}
    if changes:
        flag_modified(plan, "rationale")  # items are rows of their own: the plan's revision moves
    patient_id = plan.episode.patient_id
    progress.edited(session, "plan", plan.id, changes, patient_id=patient_id, by=by, at=at)


def take_step(
    session: Session,
    step: PlanStep,
    plan: Plan,
    *,
    by: Staff,
    at: datetime,
    seen: int,
    note: str = "",
) -> None:
    """Submit or return the plan, or raise Refused."""
    if step not in {PlanStep.SUBMIT, PlanStep.RETURN}:
        raise ValueError(f"{step} is taken by decide().")
    _as_seen(plan, seen)
    _refuse_if_not_newest(session, plan)
    status = PLAN.take(step, facts(session, plan), by.role, note)
    _move(session, plan, step, status, by=by, at=at, note=note)


def decide(
    session: Session,
    step: PlanStep,
    plan: Plan,
    rendered: Sequence[Rendered],
    *,
    by: Staff,
    at: datetime,
    seen: int,
    note: str = "",
    method: str = "sign-in",
) -> tuple[IssuedDocument, ...]:
    """Approve the plan, or record that the patient declined it, and issue the papers that say so.

    `method` is how the physician proved who they are.
    """
    _as_seen(plan, seen)
    _refuse_if_not_newest(session, plan)
    episode = plan.episode
    _refuse_if_closed(episode)
    status = PLAN.take(step, facts(session, plan), by.role, note)
    for earlier in _earlier(session, plan):
        _supersede(session, earlier, by=by, at=at)
    episode.care = Care.NONE
    exam_id = _exam_of(session, rendered, plan)
    issued = tuple(
        issuing.store(
            session,
            episode,
            paper,
            exam_id=exam_id,
            by=by,
            at=at,
            method=method,
            reason=PLAN.rules[step].label,
        )
        for paper in rendered
    )
    _move(session, plan, step, status, by=by, at=at, note=note)
    return issued


def _exam_of(session: Session, rendered: Sequence[Rendered], plan: Plan) -> int:
    report = issuing.standing_report(session, plan.episode) or plan.report
    if any(paper.frozen.case != report.case for paper in rendered):
        raise Changed("A newer report was signed while you decided. Read the plan again.")
    return report.exam_id


def _earlier(session: Session, plan: Plan) -> list[Plan]:
    return list(
        session.scalars(
            select(Plan)
            .where(
                Plan.episode_id == plan.episode_id,
                Plan.version < plan.version,
                Plan.status != PlanStatus.SUPERSEDED,
            )
            .order_by(Plan.version)
        )
    )


def _supersede(session: Session, plan: Plan, *, by: Staff, at: datetime) -> None:
    now = replace(facts(session, plan), status=plan.status)
    status = PLAN.take(PlanStep.SUPERSEDE, now, by.role)
    _move(session, plan, PlanStep.SUPERSEDE, status, by=by, at=at)


def _as_seen(plan: Plan, seen: int) -> None:
    if plan.revision != seen:
        raise Changed(CHANGED)


def _refuse_if_closed(episode: Episode) -> None:
    if episode.care in CLOSED:
        raise Refused(f"This episode is {episode.care.value}. Reopen it first.")


def _refuse_if_not_newest(session: Session, plan: Plan) -> None:
    newest = progress.newest_plan(session, plan.episode)
    if newest is not None and newest.id != plan.id:
        raise Refused(f"Version {newest.version} of this plan is newer. Work on that one.")


def _move(
    session: Session,
    plan: Plan,
    step: PlanStep,
    status: PlanStatus,
    *,
    by: Staff,
    at: datetime,
    note: str = "",
) -> None:
    before, plan.status = plan.status, status
    label = PLAN.rules[step].label
    _taken(
        session, plan, plan.episode, step.value, label, before=before.value, by=by, at=at, note=note
    )


def _taken(
    session: Session,
    plan: Plan,
    episode: Episode,
    step: str,
    label: str,
    *,
    before: str,
    by: Staff,
    at: datetime,
    note: str = "",
) -> None:
    progress.taken(
        session,
        episode,
        "plan",
        plan.id,
        step,
        label,
        before=before,
        after=plan.status.value,
        by=by,
        at=at,
        note=note,
    )
