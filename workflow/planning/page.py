"""Gather what the plan's page shows: options by rank, what is ruled out, and what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import issuing
from workflow.domain.against import Objection, objections
from workflow.domain.anatomy import TRUNKS, Leg, segment, vein_name
from workflow.domain.appropriateness import Chosen, excluded_for, finding, of_option
from workflow.domain.documents import ScanReport, scan_report
from workflow.domain.eligibility import Criterion, clinical
from workflow.domain.interpretation import Alert, Interpretation, Option, Severity
from workflow.domain.modality import modality_name
from workflow.domain.plan import EDITABLE, PLAN, PlanStep
from workflow.domain.staff import Permission, Role, may
from workflow.models.document import IssuedDocument
from workflow.models.history import StepTaken
from workflow.models.patient import Episode
from workflow.models.plan import Plan
from workflow.planning.facts import changed_since, facts, reading_now
from workflow.planning.items import chosen, reasons, signed_reading
from workflow.standing import IN_FORCE, Standing, standing


@dataclass(frozen=True, slots=True)
class Offer:
    """One treatment as the page shows it: what it rests on, why, and whether it is in the plan."""

    item: Chosen
    name: str
    finding: str
    chosen: bool
    rank: int | None = None
    off_label: bool = False
    reasons: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VeinOffers:
    """The treatments of one vein of a leg, in rank order."""

    title: str
    finding: str
    offers: tuple[Offer, ...]

    @property
    def shared(self) -> tuple[str, ...]:
        """Return the reasons that all of several treatments have, to be said once."""
        return _common([offer.reasons for offer in self.offers])

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the sources that all of several treatments have, to be named once."""
        return _common([offer.sources for offer in self.offers])


def _common(lines: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(lines) < 2:
        return ()
    return tuple(line for line in lines[0] if all(line in others for others in lines))


@dataclass(frozen=True, slots=True)
class LegOffers:
    """All that is offered for a leg, what is chosen against the rules, and what is ruled out."""

    leg: Leg
    veins: tuple[VeinOffers, ...]
    against: tuple[Offer, ...]
    ruled_out: tuple[tuple[str, str], ...]
    ceap: str
    vcss: str


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
    payer: tuple[Any, ...] = ()
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
        legs=_legs(reading, scan_report(plan.report.snapshot), items),
        alerts=tuple(a for a in now.alerts if a.severity is not Severity.INFO),
        warning=at.stale,
        refusals={step: PLAN.refusal(step, at, role) or "" for step in PlanStep},
        newest=newest,
        editable=newest and plan.status in EDITABLE and may(role, Permission.DRAFT_PLANS),
        older=tuple(plans[1:]) if newest else (),
        steps=_steps(session, plan),
        veins=_veins(reading),
        clinical=clinical(at),
        payer=tuple(getattr(now, "payer", ())),
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


def _legs(
    reading: Interpretation, report: ScanReport, items: Sequence[Chosen]
) -> tuple[LegOffers, ...]:
    return tuple(_leg(reading, report, leg, items) for leg in Leg)


def _leg(
    reading: Interpretation, report: ScanReport, leg: Leg, items: Sequence[Chosen]
) -> LegOffers:
    sessions = {item.key: item for item in items}
    options = [option for option in reading.options if option.leg is leg]
    offered = {of_option(option).key for option in options}
    by_vein: dict[str | None, list[Option]] = {}
    for option in sorted(options, key=lambda o: o.rank):
        by_vein.setdefault(option.vein, []).append(option)
    said = next((part for part in report.legs if part.leg is leg), None)
    return LegOffers(
        leg=leg,
        veins=tuple(
            VeinOffers(
                title=_title(vein),
                finding=finding(reading, leg, vein),
                offers=tuple(_offer(reading, option, sessions) for option in of_vein),
            )
            for vein, of_vein in by_vein.items()
        ),
        against=tuple(
            _against(reading, item) for item in items if item.leg is leg and item.key not in offered
        ),
        ruled_out=_ruled_out(reading, leg),
        ceap=said.ceap if said else "Not scanned",
        vcss=said.vcss if said else "–",
    )


def _title(vein: str | None) -> str:
    if vein is None:
        return "Without a procedure"
    name = vein_name(vein)
    return name[0].upper() + name[1:]


def _offer(reading: Interpretation, option: Option, items: Mapping[str, Chosen]) -> Offer:
    stands = of_option(option)
    return Offer(
        item=items.get(stands.key, stands),
        name=modality_name(option.modality),
        finding=finding(reading, option.leg, option.vein),
        chosen=stands.key in items,
        rank=option.rank,
        off_label=option.off_label,
        reasons=option.reasons,
        sources=option.sources,
        agents=option.agents,
    )


def _against(reading: Interpretation, item: Chosen) -> Offer:
    why = excluded_for(reading, item)
    return Offer(
        item=item,
        name=modality_name(item.modality),
        finding=finding(reading, item.leg, item.vein),
        chosen=True,
        reasons=(why.reason if why else "The rules do not offer this here.",),
    )


def _ruled_out(reading: Interpretation, leg: Leg) -> tuple[tuple[str, str], ...]:
    rows = [e for e in reading.excluded if e.leg in {leg, None}]
    return tuple(
        dict.fromkeys(
            (modality_name(e.modality) + (f", {vein_name(e.vein)}" if e.vein else ""), e.reason)
            for e in rows
        )
    )


def _veins(reading: Interpretation) -> tuple[tuple[str, str], ...]:
    """Return the veins a treatment may be added for: the trunks, and what the scan looked at."""
    seen = [result.vein for result in reading.veins if not _is_deep(result.vein)]
    veins = dict.fromkeys([*TRUNKS, *seen, "TEL"])
    return (("", "No vein (the leg)"), *((vein, _title(vein)) for vein in veins))


def _is_deep(vein: str) -> bool:
    site = segment(vein)
    return vein == "FV" or (site is not None and (site.deep or site.junction))
