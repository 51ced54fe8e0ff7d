"""Hold the stage's blueprint, and what each of its pages over a patient is given."""

from typing import Any

from flask import Blueprint, abort, render_template

from workflow import access, frame
from workflow.domain.exam import EXAM, ExamFacts, ExamStep
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.exam import Exam
from workflow.models.patient import Episode

bp = Blueprint("ultrasound", __name__)


def found(exam_id: int) -> Exam:
    """Return the scan with this number, and note that its patient's record is read; else 404."""
    exam = db.session.get(Exam, exam_id)
    if exam is None:
        abort(404)
    access.reads(exam.episode.patient_id, "exam", exam.id)
    return exam


def found_episode(episode_id: int) -> Episode:
    """Return the episode with this number, and note that its record is read; else 404."""
    episode = db.session.get(Episode, episode_id)
    if episode is None:
        abort(404)
    access.reads(episode.patient_id, "episode", episode.id)
    return episode


def page(template: str, episode: Episode, **values: Any) -> str:
    """Render a page over one patient, with that patient's header."""
    person = frame.person_of(episode.patient, *frame.critical_mark(episode))
    return render_template(f"ultrasound/{template}.html", person=person, episode=episode, **values)


def reasons(facts: ExamFacts, role: Role) -> dict[str, str]:
    """Return, for each step, why this role may not take it now; '' where it may."""
    return {step.value: EXAM.refusal(step, facts, role) or "" for step in ExamStep}
