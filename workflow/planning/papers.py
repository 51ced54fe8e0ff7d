"""Freeze the papers that a decision on a plan issues; nothing here is drawn or stored."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from workflow import criteria, issuing
from workflow.domain import decision, letterwords, planwords
from workflow.domain.appropriateness import Chosen
from workflow.domain.case import Case
from workflow.domain.documents import Anchor, PatientResult, Signature, scan_report
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.plainwords import day, say
from workflow.domain.plan import PLAN, PlanStep
from workflow.domain.plandocuments import Document, ReferrerLetter, TreatmentPlan
from workflow.issuing import Frozen
from workflow.models.document import IssuedDocument
from workflow.models.plan import Plan
from workflow.models.staff import Staff
from workflow.plans import chosen, facts, scanned_on, signed_case

APPROVED = "I have approved this treatment plan."
DECLINED = "I have recorded that the patient declined this treatment plan."
"""What the physician's signature says, by what was decided."""


def freeze(
    session: Session, step: PlanStep, plan: Plan, *, by: Staff, at: datetime, note: str = ""
) -> tuple[Frozen, ...]:
    """Read the papers as they stand once the plan is approved or declined.

    An approval issues the patient's result, the treatment plan and, where somebody referred the
    patient, the letter; a plan that was declined, the result alone. They rest on the newest signed
    report. Raises Refused where the step may not be taken.
    """
    if step not in {PlanStep.APPROVE, PlanStep.DECLINE}:
        raise ValueError(f"{step} issues no document.")
    PLAN.take(step, facts(session, plan), by.role, note)
    meaning = APPROVED if step is PlanStep.APPROVE else DECLINED
    signed, head = issuing.signature(by, at=at, meaning=meaning), issuing.anchor(session)
    written = _Papers(session, plan, at, signed, head)
    kinds = [issuing.PATIENT]
    if step is PlanStep.APPROVE:
        kinds += [issuing.PLAN, *([issuing.LETTER] if plan.episode.referred_by else [])]
    return tuple(
        Frozen(kind, written.of(kind, approved=step is PlanStep.APPROVE), written.report.case)
        for kind in kinds
    )


def preview(session: Session, plan: Plan, kind: str, *, at: datetime) -> Document:
    """Return a paper as an approval would issue it now, without a signature."""
    return _Papers(session, plan, at, None, None).of(kind, approved=True)


class _Papers:
    """What the papers of one decision share: the report, the case, and what the rules say of it."""

    def __init__(
        self,
        session: Session,
        plan: Plan,
        at: datetime,
        signed: Signature | None,
        head: Anchor | None,
    ) -> None:
        self.session, self.plan, self.episode = session, plan, plan.episode
        self.signed, self.head = signed, head
        self.report: IssuedDocument = issuing.standing_report(session, plan.episode) or plan.report
        self.case: Case = signed_case(self.report)
        self.read: Interpretation = interpret(self.case, criteria.of_report(self.report))
        self.scanned_on = scanned_on(session, self.report)
        self.items: Sequence[Chosen] = chosen(plan)
        self.letterhead = issuing.letterhead(session)
        self.language = plan.episode.patient.language
        self.today = at.astimezone(ZoneInfo(self.letterhead.zone)).date()

    def of(self, kind: str, *, approved: bool) -> Document:
        """Return one paper, frozen."""
        if kind == issuing.PLAN:
            return self._treatment_plan()
        if kind == issuing.LETTER:
            return self._letter()
        return self._result(approved=approved)

    def _next_steps(self, *, approved: bool) -> tuple[str, ...]:
        phone, on, language = self.letterhead.phone, self.episode.next_on, self.language
        if approved:
            return decision.after_approval(self.items, phone, on, language)
        return decision.after_declining(phone, on, language)

    def _result(self, *, approved: bool) -> PatientResult:
        language = self.language
        said = decision.decided(self.items, language) if approved else decision.declined(language)
        return issuing.patient_result(
            self.session,
            self.episode,
            self.case,
            self.read,
            scanned_on=self.scanned_on,
            decided=said,
            next_steps=self._next_steps(approved=approved),
            signed=self.signed,
            head=self.head,
        )

    def _treatment_plan(self) -> TreatmentPlan:
        items, found, language = self.items, self.read, self.language
        scanned = day(language, self.scanned_on)
        given = self._last_given(issuing.PLAN)
        return TreatmentPlan(
            letterhead=self.letterhead,
            patient=issuing.identity(self.episode.patient),
            version=self.plan.version,
            planned_on=self.today,
            rests_on=say(language, "rests_on", day=scanned),
            lines=planwords.plan_lines(items, found, language),
            ruled_out=planwords.ruled_out(items, found, language),
            risks=planwords.risks(items, found, language),
            alternatives=planwords.alternatives(items, found, language),
            next_steps=self._next_steps(approved=True),
            notes=self._notes,
            signature=self.signed,
            anchor=self.head,
            amends=say(language, "new_plan", day=day(language, given)) if given else "",
        )

    @property
    def _notes(self) -> tuple[str, ...]:
        """Return what the physician wrote: why this plan, and why against a rule or an alert."""
        plan = self.plan
        against = f"Against the rules because: {plan.against}" if plan.against else ""
        answers = [f"{row.says} Chosen all the same: {row.reason}" for row in plan.reasons]
        return tuple(filter(None, [plan.rationale, against, *answers]))

    def _last_given(self, kind: str) -> date | None:
        """Return the day the newest paper of a kind was issued, which the next one replaces."""
        before = issuing.newest(self.session, self.episode, kind)
        return before.issued_at.astimezone(ZoneInfo(before.zone)).date() if before else None

    def _letter(self) -> ReferrerLetter:
        report = scan_report(self.report.snapshot)
        values, more = letterwords.key_values(report.rows)
        given = self._last_given(issuing.LETTER)
        return ReferrerLetter(
            letterhead=self.letterhead,
            patient=issuing.identity(self.episode.patient),
            version=self.plan.version,
            to=self.episode.referred_by,
            written_on=self.today,
            scanned_on=self.scanned_on,
            summary=letterwords.summary(report, self.read),
            map=report.map,
            values=values,
            more=more,
            plan=letterwords.plan_lines(self.items),
            signature=self.signed,
            anchor=self.head,
            amends=letterwords.takes_the_place(given),
        )
