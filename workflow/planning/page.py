"""Gather what the plan's page shows: options by rank, what is ruled out, and what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import issuing
from workflow.domain.against import Objection, objections
from workflow.domain.appropriateness import Chosen
from workflow.domain.documents import scan_report
from workflow.domain.eligibility import Criterion, clinical
from workflow.domain.interpretation import Alert, PayerView, Severity
from workflow.domain.plan import EDITABLE, PLAN, PlanStep
from workflow.domain.staff import Permission, Role, may
from workflow.models.document import IssuedDocument
from workflow.models.history import StepTaken
from workflow.models.patient import Episode
from workflow.models.plan import Plan
from workflow.planning.offers import LegOffers, Offer, addable_veins, offers_by_leg
from workflow.plans import changed_since, chosen, facts, reading_now, reasons, signed_reading
from workflow.standing import IN_FORCE, Standing, standing


@dataclass(frozen=True, slots=True)
class Asked:
    """An alert that a treatment of this page goes against, and the reason given so far.

    `needed` is whether the plan holds such a treatment now.
    """

    objection: Objection
    reason: str
    needed: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One version of a plan, or, without one, what a plan would rest on."""

    report: IssuedDocument | None
    plan: Plan | None = None
    legs: tuple[LegOffers, ...] = ()
    alerts: tuple[Alert, ...] = ()
    warning: str = ""
    refusals: Mapping[PlanStep, str] | None = None
    newest: bool = True
    editable: bool = False
    older: tuple[Plan, ...] = ()
    steps: tuple[StepTaken, ...] = ()
    veins: tuple[tuple[str, str], ...] = ()
    asked: tuple[Asked, ...] = ()
    clinical: tuple[Criterion, ...] = ()
    payer: tuple[PayerView, ...] = ()
    newer: IssuedDocument | None = None
    changed: tuple[str, ...] = ()
    stands: Standing = IN_FORCE

    @property
    def sessions(self) -> tuple[tuple[int, tuple[Offer, ...]], ...]:
        """Return the plan's procedures by session, and care without one as session 0."""
        by_session: dict[int, list[Offer]] = {}
        for offer in self.items:
            at = offer.item.session if offer.item.is_procedure else 0
            by_session.setdefault(at, []).append(offer)
        return tuple(
            (at, tuple(by_session[at])) for at in sorted(by_session, key=lambda n: n or 99)
        )

    @property
    def known(self) -> tuple[Chosen, ...]:
        """Return every treatment the page offers a tick for."""
        rows = [offer for leg in self.legs for vein in leg.veins for offer in vein.offers]
        rows += [offer for leg in self.legs for offer in leg.against]
        return tuple(offer.item for offer in rows)

    @property
    def items(self) -> tuple[Offer, ...]:
        """Return what the plan holds, by session."""
        rows = [offer for leg in self.legs for vein in leg.veins for offer in vein.offers]
        rows += [offer for leg in self.legs for offer in leg.against]
        return tuple(sorted((o for o in rows if o.chosen), key=lambda o: o.item.session))


def plan_page(
    session: Session,
    episode: Episode,
    *,
    role: Role,
    typed: Sequence[Chosen] | None = None,
    answers: Mapping[str, str] | None = None,
    version: int | None = None,
) -> PlanPage:
    """Read what the page shows; `typed` and `answers` stand for what is stored after a refusal."""
    report = issuing.standing_report(session, episode)
    plans = _plans(session, episode)
    plan = plans[0] if plans and version is None else _version(plans, version)
    if plan is None:
        return PlanPage(report=report)
    reading = signed_reading(plan.report)
    at = facts(session, plan)
    items = chosen(plan) if typed is None else typed
    newest = plan is plans[0]
    now = reading_now(session, plan)
    newer, changed = changed_since(session, plan)
    shown = PlanPage(
        report=plan.report,
        plan=plan,
        legs=offers_by_leg(reading, scan_report(plan.report.snapshot), items),
        alerts=tuple(a for a in now.alerts if a.severity is not Severity.INFO),
        warning=at.stale,
        refusals={step: PLAN.refusal(step, at, role) or "" for step in PlanStep},
        newest=newest,
        editable=newest and plan.status in EDITABLE and may(role, Permission.DRAFT_PLANS),
        older=tuple(plans[1:]) if newest else (),
        steps=_steps(session, plan),
        veins=addable_veins(reading),
        clinical=clinical(at),
        payer=now.payer,
        newer=newer,
        changed=changed,
        stands=standing(session, plan.report.exam_id),
    )
    given = reasons(plan) if answers is None else answers
    return replace(shown, asked=_asked(shown.known, items, now.alerts, given))


def _asked(
    offered: Sequence[Chosen],
    held: Sequence[Chosen],
    alerts: Sequence[Alert],
    given: Mapping[str, str],
) -> tuple[Asked, ...]:
    """Return the alerts that speak against anything the page offers, those needed now first."""
    needed = {each.key: each for each in objections(held, alerts)}
    every = {each.key: each for each in objections(offered, alerts)} | needed
    asked = [Asked(each, given.get(key, ""), key in needed) for key, each in every.items()]
    return tuple(sorted(asked, key=lambda each: not each.needed))


def _plans(session: Session, episode: Episode) -> list[Plan]:
    return list(
        session.scalars(
            select(Plan).where(Plan.episode_id == episode.id).order_by(Plan.version.desc())
        )
    )


def _version(plans: Sequence[Plan], version: int | None) -> Plan | None:
    return next((plan for plan in plans if plan.version == version), None)


def _steps(session: Session, plan: Plan) -> tuple[StepTaken, ...]:
    return tuple(
        session.scalars(
            select(StepTaken)
            .where(StepTaken.subject == "plan", StepTaken.subject_id == plan.id)
            .order_by(StepTaken.id.desc())
        )
    )
