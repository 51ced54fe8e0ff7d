"""Answer a physician who adds to a signed report, amends it, or declares it void."""

from collections.abc import Callable

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import access, clock, database, frame, papernames, rendering, sessions
from workflow.access import permits
from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus
from workflow.domain.report import ReportStep
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.forms import SpellingForm
from workflow.models.exam import Exam
from workflow.review import actions, after, corrections
from workflow.review.blueprint import bp, found, show
from workflow.review.forms import AfterForm, CorrectionForm, reading_form


@bp.post("/exams/<id:exam_id>/addendum")
@permits(Permission.SIGN_REPORTS)
def addendum(exam_id: int) -> ResponseReturnValue:
    """Add to a signed report, signed with the password; the report above it stays as it was."""
    return _done(exam_id, ReportStep.ADD, _add, "Signed. The report now carries your addendum.")


def _add(exam_id: int, form: AfterForm) -> int:
    """Freeze, draw outside any transaction, then store the addendum and its version in one."""
    at, text = clock.now(), form.note.value or ""
    with database.reading(session()):
        frozen = after.freeze_addendum(
            session(), found(exam_id), text, by=sessions.signed_in(), at=at
        )
    rendered = rendering.render(frozen, current_app.config["SETTINGS"].files)
    exam, by = found(exam_id), sessions.signed_in()
    after.add_addendum(session(), exam, text, rendered, by=by, at=at, seen=form.seen)
    return exam_id


@bp.post("/exams/<id:exam_id>/amend")
@permits(Permission.SIGN_REPORTS)
def amend(exam_id: int) -> ResponseReturnValue:
    """Begin an amendment: a copy of the scan to correct, read and sign anew."""
    said = (
        "The amendment is open. Correct what is wrong and sign; until then the old report stands."
    )
    return _done(exam_id, ReportStep.AMEND, _amend, said)


def _amend(exam_id: int, form: AfterForm) -> int:
    exam, by, reason = found(exam_id), sessions.signed_in(), form.note.value or ""
    return after.amend(session(), exam, reason, by=by, at=clock.now(), seen=form.seen).id


@bp.post("/exams/<id:exam_id>/amendment/drop")
@permits(Permission.SIGN_REPORTS)
def drop(exam_id: int) -> ResponseReturnValue:
    """Give an unsigned amendment up; the signed report stands as before."""
    said = "The amendment is dropped. This report stands as it was signed."
    return _done(exam_id, ReportStep.DROP, _drop, said)


def _drop(exam_id: int, form: AfterForm) -> int:
    exam, by, reason = found(exam_id), sessions.signed_in(), form.note.value or ""
    return after.drop_amendment(session(), exam, reason, by=by, at=clock.now(), seen=form.seen).id


@bp.post("/exams/<id:exam_id>/void")
@permits(Permission.SIGN_REPORTS)
def void(exam_id: int) -> ResponseReturnValue:
    """Declare a signed scan void, with the password and a reason; nothing is deleted."""
    said = "Declared void. Everything that rests on this scan now says so."
    return _done(exam_id, ReportStep.VOID, _void, said)


def _void(exam_id: int, form: AfterForm) -> int:
    exam, by, reason = found(exam_id), sessions.signed_in(), form.note.value or ""
    after.declare_void(session(), exam, reason, by=by, at=clock.now(), seen=form.seen)
    return exam_id


@bp.post("/exams/<id:exam_id>/spelling")
@permits(Permission.SIGN_REPORTS)
def spell(exam_id: int) -> ResponseReturnValue:
    """Give the spelling that papers print, and keep the impression typed beside it, in one."""
    exam, form, reading = found(exam_id), SpellingForm(), reading_form(found(exam_id))
    if not form.validate_on_submit():
        return show(exam, reading, 422, spelling=form, after=_typed())
    by, at = sessions.signed_in(), clock.now()
    try:
        if exam.status is ExamStatus.IN_REVIEW and reading.revision.data:
            actions.save_impression(
                session(), exam, reading.impression, by=by, at=at, seen=reading.seen
            )
        papernames.spell(session(), exam.episode.patient, form.spelling.value, by=by, at=at)
    except Refused as refusal:
        db.session.rollback()
        refused = str(refusal)
        return show(found(exam_id), reading, 409, refusal=refused, spelling=form, after=_typed())
    db.session.commit()
    flash("Papers print this spelling from now on. The record keeps the name as it is.", "done")
    if typed := _typed():
        return show(found(exam_id), after=typed)
    return redirect(url_for("review.read", exam_id=exam_id), 303)


def _typed() -> dict[ReportStep, AfterForm]:
    """Return the one form for a signed report that was sent along, so that its text is kept."""
    return {
        step: AfterForm(prefix=f"{step.value}-")
        for step in ReportStep
        if f"{step.value}-note" in request.form
    }


NEEDS_PASSWORD = frozenset({ReportStep.ADD, ReportStep.VOID})


def _done(
    exam_id: int, step: ReportStep, take: Callable[[int, AfterForm], int], said: str
) -> ResponseReturnValue:
    """Take one step with its note, and the password where it is signed; then lead on."""
    form = AfterForm(prefix=f"{step.value}-")
    if not form.validate_on_submit():
        return show(found(exam_id), status=422, after={step: form})
    if step in NEEDS_PASSWORD:
        try:
            sessions.confirm_password(form.password.data or "")
        except Refused as refusal:
            form.password.errors = [str(refusal)]
            return show(found(exam_id), status=422, after={step: form})
    try:
        leads_to = take(exam_id, form)
    except Refused as refusal:
        db.session.rollback()
        return show(found(exam_id), status=409, refusal=str(refusal), after={step: form})
    db.session.commit()
    flash(said, "done")
    return redirect(url_for("review.read", exam_id=leads_to), 303)


@bp.route("/exams/<id:exam_id>/correct", methods=["GET", "POST"])
@permits(Permission.SIGN_REPORTS)
def correct(exam_id: int) -> ResponseReturnValue:
    """Show the findings of an amendment as cells, and write those that were corrected."""
    exam, form = found(exam_id), CorrectionForm()
    if request.method == "GET":
        return _cells(exam, form)
    if not form.validate_on_submit():
        return _cells(exam, form, 422)
    by, at = sessions.signed_in(), clock.now()
    try:
        done = corrections.correct(session(), exam, request.form, by=by, at=at, seen=form.seen)
    except Refused as refusal:
        db.session.rollback()
        return _cells(found(exam_id), form, 409, str(refusal))
    if done.refused:
        db.session.rollback()
        return _cells(found(exam_id), form, 422, wrong=dict(done.refused))
    db.session.commit()
    flash(_corrected(done.saved), "done")
    return redirect(url_for(".read", exam_id=exam_id), 303)


def _corrected(saved: int) -> str:
    if not saved:
        return "Nothing was changed."
    values = "1 value is" if saved == 1 else f"{saved} values are"
    return f"{values} corrected. Read the impression again, then sign the amendment."


def _cells(
    exam: Exam,
    form: CorrectionForm,
    status: int = 200,
    refusal: str = "",
    wrong: dict[str, str] | None = None,
) -> ResponseReturnValue:
    access.reads(exam.episode.patient_id, "exam", exam.id)
    typed = request.form if request.method == "POST" else None
    form.revision.data = str(exam.revision)
    return (
        render_template(
            "review/correct.html",
            exam=exam,
            form=form,
            rows=list(corrections.rows(exam, typed, wrong)),
            wrong=wrong or {},
            refusal=refusal,
            why=corrections.refusal(session(), exam, sessions.signed_in()) or "",
            person=frame.person_of(exam.episode.patient, *frame.critical_mark(exam.episode)),
        ),
        status,
    )
