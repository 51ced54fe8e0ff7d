"""Answer the pages on which a scan is moved to another patient, or its legs are swapped back."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflow import access, clock, sessions
from workflow.access import permits
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, ExamStep
from workflow.domain.pathway import STAGE_WORDS
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.models.exam import Exam
from workflow.models.image import images_of
from workflow.models.patient import Episode
from workflow.ultrasound import actions, corrections
from workflow.ultrasound.blueprint import bp, found, page
from workflow.ultrasound.forms import StepForm

WHY = "Write why, in a sentence. Both histories show it."


@bp.get("/exams/<id:exam_id>/move")
@permits(Permission.RECORD_EXAMS)
def find_patient(exam_id: int) -> ResponseReturnValue:
    """Find the patient whose scan this is."""
    exam, query = found(exam_id), request.args.get("q", "")[:100]
    episodes = corrections.open_episodes(session(), exam, query)
    rows = [(each, corrections.objection(session(), exam, each) or "") for each in episodes]
    for each in episodes:
        access.reads(each.patient_id, "patient", each.patient_id)
    values = {"q": query, "rows": rows, "stages": STAGE_WORDS, "why": _why(exam, ExamStep.MOVE)}
    return page("move", exam.episode, exam=exam, **values)


@bp.route("/exams/<id:exam_id>/move/<id:episode_id>", methods=["GET", "POST"])
@permits(Permission.RECORD_EXAMS)
def move(exam_id: int, episode_id: int) -> ResponseReturnValue:
    """Show both patients, and move the scan once the reason is given."""
    exam, to = found(exam_id), db.session.get(Episode, episode_id)
    if to is None:
        abort(404)
    access.reads(to.patient_id, "patient", to.patient_id)
    form = StepForm(note_required=WHY)
    if form.validate_on_submit() and _moved(exam, to, form):
        flash(f"The scan is now {to.patient.name}’s. Both histories show the move.", "done")
        return redirect(url_for(".show", exam_id=exam.id), 303)
    exam, to = found(exam_id), db.session.get_one(Episode, episode_id)
    why = _why(exam, ExamStep.MOVE) or corrections.objection(session(), exam, to) or ""
    status = (409 if form.form_errors else 422) if form.is_submitted() else 200
    return page("move_confirm", exam.episode, exam=exam, to=to, form=form, why=why), status


def _moved(exam: Exam, to: Episode, form: StepForm) -> bool:
    by, at, reason = sessions.signed_in(), clock.now(), form.note.value or ""
    try:
        corrections.move(session(), exam, to, reason=reason, by=by, at=at, seen=form.seen)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return False
    db.session.commit()
    return True


@bp.route("/exams/<id:exam_id>/swap", methods=["GET", "POST"])
@permits(Permission.RECORD_EXAMS)
def swap_legs(exam_id: int) -> ResponseReturnValue:
    """Say what would change sides, and swap the legs once the reason is given."""
    exam, form = found(exam_id), StepForm(note_required="Write why, in a sentence.")
    if form.validate_on_submit() and _swapped(exam, form):
        flash("The legs are swapped. Swapping them again puts everything back.", "done")
        return redirect(url_for(".show", exam_id=exam_id), 303)
    exam = found(exam_id)
    values = {"why": _why(exam, ExamStep.SWAP_LEGS), "images": images_of(session(), exam)}
    status = (409 if form.form_errors else 422) if form.is_submitted() else 200
    return page("swap", exam.episode, exam=exam, form=form, **values), status


def _swapped(exam: Exam, form: StepForm) -> bool:
    by, at, reason = sessions.signed_in(), clock.now(), form.note.value or ""
    try:
        corrections.swap_legs(session(), exam, reason=reason, by=by, at=at, seen=form.seen)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return False
    db.session.commit()
    return True


def _why(exam: Exam, step: ExamStep) -> str:
    return EXAM.refusal(step, actions.facts(session(), exam), sessions.signed_in().role) or ""
