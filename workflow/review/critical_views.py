"""Answer the panel of a critical finding: show it, log a call, record the decision."""

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import access, clock, frame, sessions
from workflow.access import permits
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.models.exam import Exam
from workflow.review import critical_actions, critical_page
from workflow.review.critical_page import ClearForm, NoticeForm, clear_form, notice_form

bp = Blueprint("critical", __name__)


@bp.get("/exams/<id:exam_id>/critical")
@permits(Permission.READ_FINDINGS)
def show(exam_id: int) -> ResponseReturnValue:
    """Show the panel; to a script, the panel alone."""
    return _panel(_found(exam_id))


@bp.post("/exams/<id:exam_id>/critical")
@permits(Permission.RECORD_EXAMS, Permission.SIGN_REPORTS)
def tell(exam_id: int) -> ResponseReturnValue:
    """Log that somebody was told."""
    exam, form = _found(exam_id), notice_form()
    if not form.validate_on_submit():
        return _panel(exam, notice=form), 422
    by, now = sessions.signed_in(), clock.now()
    told = form.told(now, ZoneInfo(frame.clinic().zone))
    try:
        critical_actions.tell(session(), exam, told, by=by, at=now)
    except Refused as refusal:
        db.session.rollback()
        form.when.errors = [str(refusal)]
        return _panel(_found(exam_id), notice=form), 409
    db.session.commit()
    said = "Logged." if told.read_back else "Logged. Go on until somebody has read it back."
    return _done(exam_id, said)


@bp.post("/exams/<id:exam_id>/critical/clear")
@permits(Permission.SIGN_REPORTS)
def clear(exam_id: int) -> ResponseReturnValue:
    """Record what a physician decided; the flag comes off."""
    exam, form = _found(exam_id), clear_form()
    if not form.validate_on_submit():
        return _panel(exam, decision=form), 422
    by, note = sessions.signed_in(), form.note.value or ""
    critical_actions.clear(session(), exam, disposition=note, by=by, at=clock.now())
    db.session.commit()
    return _done(exam_id, "Recorded. The report will repeat it.")


def _done(exam_id: int, said: str) -> ResponseReturnValue:
    if access.wants_fragment():
        return _panel(_found(exam_id))
    flash(said, "done")
    here = url_for(".show", exam_id=exam_id)
    return redirect(access.local(request.form.get("back", ""), here), 303)


def _found(exam_id: int) -> Exam:
    exam = db.get_or_404(Exam, exam_id)
    access.reads(exam.episode.patient_id, "exam", exam.id)
    return exam


def _panel(
    exam: Exam, *, notice: NoticeForm | None = None, decision: ClearForm | None = None
) -> str:
    by = sessions.signed_in()
    values = critical_page.panel(session(), exam, by=by, notice=notice, decision=decision)
    alone = access.wants_fragment()
    return render_template(
        "review/critical_panel.html" if alone else "review/critical.html",
        exam=exam,
        episode=exam.episode,
        person=frame.person_of(exam.episode.patient, *frame.critical_mark(exam.episode)),
        **values,
    )
