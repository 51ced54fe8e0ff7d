"""Answer a physician who reads a scan: show it, keep the impression, return it, sign it."""

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflow import access, clock, database, rendering, sessions
from workflow.access import permits
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.models.exam import Exam
from workflow.review import actions, after_views, page
from workflow.review.blueprint import bp, show
from workflow.review.forms import ReadingForm, reading_form

__all__ = ["after_views", "bp"]


@bp.get("/exams/<id:exam_id>/read")
@permits(Permission.READ_FINDINGS)
def read(exam_id: int) -> ResponseReturnValue:
    """Show a scan to whoever may read findings; the physician can write and sign."""
    return show(db.get_or_404(Exam, exam_id))


@bp.post("/exams/<id:exam_id>/read/start")
@permits(Permission.SIGN_REPORTS)
def start(exam_id: int) -> ResponseReturnValue:
    """Begin to read: the drafted impression is put in place."""
    exam, form = _opened(exam_id)
    try:
        actions.start(session(), exam, by=sessions.signed_in(), at=clock.now(), seen=form.seen)
    except Refused as refusal:
        return _refused(exam_id, form, refusal)
    db.session.commit()
    flash("You are reading this scan. The drafted impression is yours to correct.", "done")
    return redirect(url_for(".read", exam_id=exam_id), 303)


@bp.post("/exams/<id:exam_id>/read/save")
@permits(Permission.SIGN_REPORTS)
def save(exam_id: int) -> ResponseReturnValue:
    """Keep the impression as it stands."""
    exam, form = _opened(exam_id)
    if not form.validate_on_submit():
        return show(exam, form, 422)
    by = sessions.signed_in()
    try:
        actions.save_impression(
            session(), exam, form.impression, by=by, at=clock.now(), seen=form.seen
        )
    except Refused as refusal:
        return _refused(exam_id, form, refusal)
    db.session.commit()
    flash("The impression is saved. The report is not signed yet.", "done")
    return redirect(url_for(".read", exam_id=exam_id), 303)


@bp.post("/exams/<id:exam_id>/read/return")
@permits(Permission.SIGN_REPORTS)
def give_back(exam_id: int) -> ResponseReturnValue:
    """Return the scan to the sonographer with a comment."""
    exam, form = _opened(exam_id)
    if not (form.note.data or "").strip():
        form.note.required = "Write what to look at again, in a sentence."
    if not form.validate_on_submit():
        return show(exam, form, 422)
    by, note = sessions.signed_in(), form.note.value or ""
    try:
        actions.give_back(
            session(), exam, form.impression, by=by, at=clock.now(), seen=form.seen, note=note
        )
    except Refused as refusal:
        return _refused(exam_id, form, refusal)
    db.session.commit()
    flash("Returned to the sonographer with your comment. What you wrote is kept.", "done")
    return redirect(url_for("board.show"), 303)


@bp.post("/exams/<id:exam_id>/sign")
@permits(Permission.SIGN_REPORTS)
def sign(exam_id: int) -> ResponseReturnValue:
    """Sign the report with the password, and issue both documents."""
    exam, form = _opened(exam_id)
    if not form.validate_on_submit():
        return show(exam, form, 422)
    try:
        sessions.confirm_password(form.password.data or "")
    except Refused as refusal:
        form.password.errors = [str(refusal)]
        return show(db.get_or_404(Exam, exam_id), form, 422)
    try:
        _sign(exam_id, form)
    except Refused as refusal:
        return _refused(exam_id, form, refusal)
    return redirect(_after_signing(exam_id), 303)


def _sign(exam_id: int, form: ReadingForm) -> None:
    """Freeze, draw outside any transaction, then store everything in one."""
    at, folder = clock.now(), current_app.config["SETTINGS"].files
    with database.reading(session()):
        exam, by = db.get_or_404(Exam, exam_id), sessions.signed_in()
        papers = actions.freeze(session(), exam, form.impression, by=by, at=at)
    if papers.read != form.read.data:
        raise actions.Changed(actions.READ_AGAIN)
    rendered = rendering.render_all((papers.scan, papers.patient), folder)
    exam, by = db.get_or_404(Exam, exam_id), sessions.signed_in()
    actions.sign(
        session(),
        exam,
        form.impression,
        rendered,
        by=by,
        at=at,
        seen=form.seen,
        read=papers.read,
    )
    db.session.commit()


def _after_signing(exam_id: int) -> str:
    """Say what was done, and return where to go: with `then=next`, the next scan, being read."""
    waits, following = page.to_read(session(), after=exam_id)
    if request.form.get("then") != "next" or following is None:
        flash("Signed. Both documents are issued.", "done")
        return url_for(".read", exam_id=exam_id)
    _start_the_next(following)
    after_it = {1: "It is the last one.", 2: "One more waits after it."}
    more = after_it.get(waits, f"{waits - 1} more wait after it.")
    flash(f"Signed. Both documents are issued. This is the next scan to read. {more}", "done")
    return url_for(".read", exam_id=following)


def _start_the_next(exam_id: int) -> None:
    """Begin to read the next scan; where somebody else just did, their page says so."""
    exam, by = db.get_or_404(Exam, exam_id), sessions.signed_in()
    try:
        actions.start(session(), exam, by=by, at=clock.now(), seen=exam.revision)
    except Refused:
        db.session.rollback()
    else:
        db.session.commit()


@bp.get("/exams/<id:exam_id>/preview-<any(scan, patient):kind>.pdf")
@permits(Permission.READ_FINDINGS)
def preview(exam_id: int, kind: str) -> ResponseReturnValue:
    """Draw a document as it would be issued, marked preliminary; it is not kept."""
    exam = db.get_or_404(Exam, exam_id)
    access.reads(exam.episode.patient_id, "exam preview", exam.id)
    document = page.preview(session(), exam, kind)
    db.session.rollback()
    content = rendering.pdf(document, current_app.config["SETTINGS"].files)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="preliminary-{kind}.pdf"'
    return answer


def _opened(exam_id: int) -> tuple[Exam, ReadingForm]:
    exam = db.get_or_404(Exam, exam_id)
    return exam, reading_form(exam)


def _refused(exam_id: int, form: ReadingForm, refusal: Refused) -> ResponseReturnValue:
    """Show the page as the scan is now, with the sentence and everything that was typed."""
    db.session.rollback()
    return show(db.get_or_404(Exam, exam_id), form, 409, refusal=str(refusal))
