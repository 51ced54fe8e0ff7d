"""Take an invented patient along the pathway by the same actions a person takes."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from workflow import rendering
from workflow.domain.appropriateness import Chosen, of_option
from workflow.domain.care import CareStep
from workflow.domain.case import read_reading
from workflow.domain.exam import ExamStep
from workflow.domain.findings import Manoeuvre, Position, Purpose
from workflow.domain.pathway import Stage
from workflow.domain.plan import PlanStatus, PlanStep
from workflow.domain.staff import Role
from workflow.intake import actions as intake_actions
from workflow.intake.identity import Identity
from workflow.intake.saving import Stored
from workflow.models.exam import Exam
from workflow.models.patient import Episode
from workflow.models.plan import Plan
from workflow.models.staff import Staff
from workflow.planning import actions as plan_actions
from workflow.planning import care
from workflow.planning import papers as plan_papers
from workflow.plans import signed_reading
from workflow.progress import newest_exam, newest_plan
from workflow.review import actions as review_actions
from workflow.seed import stories
from workflow.seed.calendar import Calendar
from workflow.seed.people import Person
from workflow.ultrasound import actions as scan_actions
from workflow.ultrasound import recording

ROOMS = ("Scan room 1", "Scan room 2")
CARE_ROLES = {CareStep.SESSION_DONE: Role.PHYSICIAN, CareStep.DISCHARGE: Role.PHYSICIAN}


@dataclass(frozen=True, slots=True)
class Walk:
    """One patient's way: who works, when each stage was entered, and where papers are kept."""

    session: Session
    staff: Mapping[Role, Staff]
    calendar: Calendar
    folder: Path
    person: Person
    order: int

    def go(self) -> Episode:
        """Walk from registration to the stage the person has reached."""
        reached = self.person.reached
        until = Stage.INTAKE_DONE if reached is Stage.CANCELLED else reached
        when = self.calendar.entered(until, self.person.days, self.order)
        episode = self._register(when[Stage.REFERRED])
        for stage, take in self._ways().items():
            if stage in when:
                take(episode, when[stage])
                self.session.flush()
        if reached is Stage.CANCELLED:
            why = "Moved abroad; no longer wants a scan."
            self._care(episode, CareStep.CANCEL, when[until], why)
        return episode

    def _ways(self) -> dict[Stage, Callable[[Episode, datetime], None]]:
        return {
            Stage.INTAKE_DONE: self._take_intake,
            Stage.SCHEDULED: self._book,
            Stage.ARRIVED: self._check_in,
            Stage.SCANNING: self._scan,
            Stage.TO_READ: self._hand_over,
            Stage.READ: self._sign,
            Stage.PLAN_DRAFTED: self._draft_plan,
            Stage.PLAN_APPROVED: self._approve,
            Stage.PLAN_DECLINED: self._decline,
            Stage.CONSENTED: self._consent,
            Stage.AUTHORISED: self._authorise,
            Stage.SESSIONS: self._begin_sessions,
            Stage.FOLLOW_UP: self._follow_up,
            Stage.DISCHARGED: self._discharge,
        }

    @property
    def _random(self) -> Random:
        return Random(zlib.crc32(self.person.name.encode()))

    def _register(self, at: datetime) -> Episode:
        person = self.person
        return intake_actions.register(
            self.session,
            Identity(
                name=person.name,
                sex=person.sex,
                born=person.born,
                phone=person.phone,
                language=person.language,
            ),
            reason="Leg cramps",
            referred_by=person.referred_by,
            on=at.date(),
            by=self.staff[Role.FRONT_DESK],
            at=at,
        )

    def _take_intake(self, episode: Episode, at: datetime) -> None:
        person, by = self.person, self.staff[Role.FRONT_DESK]
        answers = stories.intake_answers(person.right, person.left, person.sex, self._random)
        clinical = {
            "R": stories.clinical_leg(person.right),
            "L": stories.clinical_leg(person.left),
        }
        cells = Stored(answers, clinical).cells()
        typed = {name: cell for name, cell in cells.items() if cell}
        saved = intake_actions.save_intake(
            self.session, episode.intake, typed, seen=0, by=by, at=at
        )
        if saved.errors:
            raise ValueError(f"{person.name}: {dict(saved.errors)}")
        intake_actions.finish(self.session, episode.intake, on=at.date(), by=by, at=at)

    def _exam(self, episode: Episode) -> Exam:
        exam = newest_exam(self.session, episode)
        if exam is None:
            raise LookupError("The walk has no scan yet.")
        return exam

    def _book(self, episode: Episode, at: datetime) -> None:
        by, reached = self.staff[Role.FRONT_DESK], self.person.reached
        exam = scan_actions.order(
            self.session,
            episode,
            purpose=Purpose.REFLUX,
            legs="both",
            indication="Night cramps and heavy legs; reflux?",
            by=by,
            at=at,
        )
        when = self.calendar.entered(reached, self.person.days, self.order)
        starts = self.calendar.slot(reached, when.get(Stage.ARRIVED), self.order)
        scan_actions.schedule(
            self.session,
            exam,
            starts=starts,
            minutes=30,
            room=ROOMS[self.order % 2],
            by=by,
            at=at,
            seen=exam.revision,
        )

    def _step(self, episode: Episode, step: ExamStep, role: Role, at: datetime) -> None:
        exam = self._exam(episode)
        scan_actions.take_step(
            self.session, step, exam, by=self.staff[role], at=at, seen=exam.revision
        )

    def _check_in(self, episode: Episode, at: datetime) -> None:
        self._step(episode, ExamStep.CHECK_IN, Role.FRONT_DESK, at)

    def _scan(self, episode: Episode, at: datetime) -> None:
        self._step(episode, ExamStep.START, Role.SONOGRAPHER, at)
        exam, random = self._exam(episode), self._random
        exam.position = Position.STANDING
        exam.manoeuvres = [Manoeuvre.VALSALVA.value, Manoeuvre.MANUAL_COMPRESSION.value]
        rows = [
            *stories.leg_rows(self.person.right, "R", random),
            *stories.leg_rows(self.person.left, "L", random),
        ]
        if self.person.reached is Stage.SCANNING:
            rows = rows[: len(rows) * 3 // 5]  # the probe is still on the leg
        readings = [read_reading(row, "seed") for row in rows]
        recording.record(self.session, exam, readings, by=self.staff[Role.SONOGRAPHER], at=at)

    def _hand_over(self, episode: Episode, at: datetime) -> None:
        self._step(episode, ExamStep.FINISH, Role.SONOGRAPHER, at)

    def _sign(self, episode: Episode, at: datetime) -> None:
        exam, by = self._exam(episode), self.staff[Role.PHYSICIAN]
        review_actions.start(self.session, exam, by=by, at=at, seen=exam.revision)
        self.session.flush()
        typed = dict(exam.impression)
        papers = review_actions.freeze(self.session, exam, typed, by=by, at=at)
        rendered = rendering.render_all((papers.scan, papers.patient), self.folder)
        review_actions.sign(
            self.session,
            exam,
            typed,
            rendered,
            by=by,
            at=at,
            seen=exam.revision,
            read=papers.read,
        )

    def _draft_plan(self, episode: Episode, at: datetime) -> None:
        by = self.staff[Role.PHYSICIAN]
        plan = plan_actions.draft(self.session, episode, by=by, at=at)
        offered = [of_option(option) for option in signed_reading(plan.report).options]
        plan_actions.save(
            self.session,
            plan,
            _choice(offered, self.person.modality),
            rationale="Talked through with the patient; cramps at night are what troubles most.",
            against="",
            by=by,
            at=at,
            seen=plan.revision,
        )
        self.session.flush()
        if self.order % 2:
            self._submit(plan, at)

    def _plan(self, episode: Episode) -> Plan:
        plan = newest_plan(self.session, episode)
        if plan is None:
            raise LookupError("The walk has no plan yet.")
        return plan

    def _submit(self, plan: Plan, at: datetime) -> None:
        plan_actions.take_step(
            self.session,
            PlanStep.SUBMIT,
            plan,
            by=self.staff[Role.PHYSICIAN],
            at=at,
            seen=plan.revision,
        )
        self.session.flush()

    def _decide(self, episode: Episode, step: PlanStep, at: datetime, note: str = "") -> None:
        plan, by = self._plan(episode), self.staff[Role.PHYSICIAN]
        if plan.status is PlanStatus.DRAFT:
            self._submit(plan, at)
        frozen = plan_papers.freeze(self.session, step, plan, by=by, at=at, note=note)
        rendered = rendering.render_all(frozen, self.folder)
        plan_actions.decide(
            self.session, step, plan, rendered, by=by, at=at, seen=plan.revision, note=note
        )

    def _approve(self, episode: Episode, at: datetime) -> None:
        self._decide(episode, PlanStep.APPROVE, at)

    def _decline(self, episode: Episode, at: datetime) -> None:
        self._decide(episode, PlanStep.DECLINE, at, "Wants to try stockings first.")

    def _care(
        self,
        episode: Episode,
        step: CareStep,
        at: datetime,
        note: str = "",
        next_on: date | None = None,
    ) -> None:
        role = CARE_ROLES.get(step, Role.FRONT_DESK)
        care.take_care_step(
            self.session,
            step,
            episode,
            by=self.staff[role],
            at=at,
            seen=care.last_step(self.session, episode),
            note=note,
            next_on=next_on,
        )
        self.session.flush()

    def _consent(self, episode: Episode, at: datetime) -> None:
        self._care(episode, CareStep.CONSENT, at, "Signed on paper; a copy is in the record.")

    def _authorise(self, episode: Episode, at: datetime) -> None:
        self._care(episode, CareStep.AUTHORISE, at, "Approved by the insurer.")

    def _begin_sessions(self, episode: Episode, at: datetime) -> None:
        day = self._ahead(at)
        self._care(episode, CareStep.BOOK_SESSION, at, "First session.", day)
        if self.order % 2:
            done = "First session done as planned. No complication."
            self._care(episode, CareStep.SESSION_DONE, at, done, day)

    def _follow_up(self, episode: Episode, at: datetime) -> None:
        self._care(episode, CareStep.FOLLOW_UP, at, "Scan in a week.", self._ahead(at))

    def _discharge(self, episode: Episode, at: datetime) -> None:
        self._care(episode, CareStep.DISCHARGE, at, "Cramps gone; call if they come back.")

    def _ahead(self, at: datetime) -> date:
        """Return a day a week on; for those who wait for it now, a day that is still to come."""
        still = self.calendar.now.date() + timedelta(days=2 + self.order % 9)
        return max((at + timedelta(days=7)).date(), still)


def _choice(offered: Sequence[Chosen], modality: str) -> list[Chosen]:
    """Return the options a physician might pick: one for each leg and vein, trunk before branch."""
    picked: dict[tuple[str, str | None], Chosen] = {}
    for option in sorted(offered, key=lambda one: one.modality != modality):
        place = option.leg.value, option.vein
        if option.vein is None and any(leg == option.leg.value for leg, _ in picked):
            continue
        picked.setdefault(place, option)
    return list(picked.values())
