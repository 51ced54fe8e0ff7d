"""Named people, and states reached by taking real steps."""

import json
from datetime import date
from pathlib import Path

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import clock, rendering
from workflow.accounts import actions, factor
from workflow.cases import import_case
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import Chosen
from workflow.domain.exam import ExamStatus
from workflow.domain.plan import PlanStep
from workflow.domain.staff import NEEDS_SECOND_FACTOR, Role
from workflow.intake import actions as intake
from workflow.intake.identity import Identity
from workflow.models.exam import Exam, Finding
from workflow.models.factor import SecondFactor
from workflow.models.patient import Episode, Patient
from workflow.models.plan import Plan
from workflow.models.staff import Staff
from workflow.planning import actions as planning
from workflow.planning import papers as planning_papers
from workflow.review import actions as reviewing
from workflow.settings import Settings

PASSWORD = "seven plain words for every test"

NAMES = {
    Role.FRONT_DESK: ("Fern Test", ""),
    Role.SONOGRAPHER: ("Sona Test", "RVT"),
    Role.PHYSICIAN: ("Phil Test", "MD"),
    Role.ADMINISTRATOR: ("Ada Test", ""),
}


def staff(session: Session, role: Role, username: str = "") -> Staff:
    """Return the person of this role, added and committed the first time."""
    username = username or role.replace(" ", "")
    known = session.scalars(select(Staff).where(Staff.username == username)).first()
    if known is not None:
        return known
    name, credentials = NAMES[role]
    added = actions.add_staff(
        session,
        username=username,
        name=name,
        credentials=credentials,
        role=role,
        password=PASSWORD,
        by=None,
        at=clock.now(),
    )
    if role in NEEDS_SECOND_FACTOR:
        give_factor(session, added)
    session.commit()
    return added


def known_patient(
    session: Session,
    name: str,
    born: date = date(1961, 3, 12),
    phone: str = "",
    language: str = "en",
) -> Patient:
    """Return a patient the clinic knows already."""
    episode = intake.register(
        session,
        Identity(name=name, born=born, sex="F", phone=phone, language=language),
        reason="Leg cramps",
        on=date(2026, 5, 4),
        by=staff(session, Role.FRONT_DESK),
        at=clock.now(),
    )
    session.commit()
    return episode.patient


def further_episode(session: Session, patient: Patient, reason: str = "Again") -> Episode:
    """Return one more episode of a patient the clinic knows; nothing is committed."""
    by = staff(session, Role.FRONT_DESK)
    return intake.add_episode(
        session, patient, reason=reason, on=date(2026, 5, 4), by=by, at=clock.now()
    )


_secrets: dict[str, str] = {}


def give_factor(session: Session, staff: Staff) -> None:
    """Set up an authenticator for this person; `code` says what it shows."""
    factor.begin(session, staff)
    secret = _secrets[staff.username] = factor.pending_secret(session, staff) or ""
    factor.confirm(session, staff, pyotp.TOTP(secret).at(clock.now()), at=clock.now())


def code(session: Session, staff: Staff) -> str:
    """Return a code that is good now, even where another was given in this half minute."""
    session.get_one(SecondFactor, staff.id).last_step = None
    session.commit()
    return pyotp.TOTP(_secrets[staff.username]).at(clock.now())


CASES = Path(__file__).parent / "domain" / "cases"


def scan_to_read(session: Session, case: str = "C01", **patient: str) -> Exam:
    """Return a worked case's scan, finished and waiting to be read."""
    data = json.loads((CASES / f"{case}.json").read_text())
    data["patient"].update(patient)
    episode = import_case(session, data, at=clock.now()).episode
    session.commit()
    return session.scalars(select(Exam).where(Exam.episode_id == episode.id)).one()


def scan_being_read(session: Session, case: str = "C01", **patient: str) -> Exam:
    """Return a worked case's scan with the drafted impression in place."""
    exam = scan_to_read(session, case, **patient)
    by = staff(session, Role.PHYSICIAN)
    reviewing.start(session, exam, by=by, at=clock.now(), seen=exam.revision)
    session.commit()
    return exam


def signed_scan(session: Session, settings: Settings, case: str = "C01", **patient: str) -> Exam:
    """Return a worked case's scan, read and signed, with both documents issued."""
    exam = scan_being_read(session, case, **patient)
    sign(session, settings, exam)
    return exam


def sign(session: Session, settings: Settings, exam: Exam) -> None:
    """Sign a scan that is being read, as the drafted impression stands."""
    by, at, typed = staff(session, Role.PHYSICIAN), clock.now(), dict(exam.impression)
    papers = reviewing.freeze(session, exam, typed, by=by, at=at)
    rendered = rendering.render_all((papers.scan, papers.patient), settings.files)
    reviewing.sign(
        session,
        exam,
        typed,
        rendered,
        by=by,
        at=at,
        seen=exam.revision,
        read=papers.read,
    )
    session.commit()


def submitted_plan(session: Session, exam: Exam, *keys: str, against: str = "") -> Plan:
    """Return a plan on a signed scan that waits for approval: 'R.GSV.RFA' names a treatment."""
    by, at = staff(session, Role.PHYSICIAN), clock.now()
    plan = planning.draft(session, exam.episode, by=by, at=at)
    items = [
        Chosen(Leg(leg), vein or None, modality)
        for leg, vein, modality in (key.split(".") for key in keys)
    ]
    session.flush()
    planning.save(
        session, plan, items, rationale="", against=against, by=by, at=at, seen=plan.revision
    )
    session.flush()
    planning.take_step(session, PlanStep.SUBMIT, plan, by=by, at=at, seen=plan.revision)
    session.commit()
    return plan


def approved_plan(session: Session, settings: Settings, exam: Exam, *keys: str) -> Plan:
    """Return an approved plan on a signed scan, with all its papers issued."""
    plan = submitted_plan(session, exam, *keys)
    by, at = staff(session, Role.PHYSICIAN), clock.now()
    frozen = planning_papers.freeze(session, PlanStep.APPROVE, plan, by=by, at=at)
    rendered = rendering.render_all(frozen, settings.files)
    planning.decide(session, PlanStep.APPROVE, plan, rendered, by=by, at=at, seen=plan.revision)
    session.commit()
    return plan


def scanned_again(session: Session, exam: Exam, reflux_ms: dict[str, int]) -> Exam:
    """Return a second scan of the same episode, being read, with some right-leg times changed."""
    by, at = staff(session, Role.PHYSICIAN), clock.now()
    again = Exam(
        episode_id=exam.episode_id,
        purpose=exam.purpose,
        legs=exam.legs,
        indication="Scanned again",
        status=ExamStatus.PRELIMINARY,
        ordered_by_id=by.id,
        ordered_at=at,
        scanned_at=at,
        sonographer_id=by.id,
        position=exam.position,
        manoeuvres=exam.manoeuvres,
    )
    session.add(again)
    for finding in exam.findings:
        row = finding.as_case
        if finding.leg is Leg.RIGHT:
            row["reflux_ms"] = reflux_ms.get(finding.segment, finding.reflux_ms)
        copied = Finding(ordinal=finding.ordinal, repeat=finding.repeat)
        copied.take(row)
        again.findings.append(copied)
    session.flush()
    session.refresh(again)
    reviewing.start(session, again, by=by, at=at, seen=again.revision)
    session.commit()
    return again
