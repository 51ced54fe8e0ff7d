"""Answer a physician who reads a scan: show it, keep the impression, return it, sign it."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from workflow import access, clock, database, issuing, sessions
from workflow.access import permits
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.models.exam import Exam
from workflow.review import actions, critical_page, page
from workflow.review.forms import ReadingForm, reading_form

bp = Blueprint("review", __name__)


@bp.get("/exams/<id:exam_id>/read")
@permits(Permission.READ_FINDINGS)
def read(exam_id: int) -> ResponseReturnValue:
    """Show a scan to whoever may read findings; the physician can write and sign."""
    exam = db.get_or_404(Exam, exam_id)
    return _page(exam, reading_form(exam))


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
        return _page(exam, form, 422)
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
        return _page(exam, form, 422)
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
        return _page(exam, form, 422)
    try:
        sessions.confirm_password(form.password.data or "")
    except Refused as refusal:
        form.password.errors = [str(refusal)]
        return _page(db.get_or_404(Exam, exam_id), form, 422)
    try:
        _sign(exam_id, form)
    except Refused as refusal:
        return _refused(exam_id, form, refusal)
    flash("Signed. Both documents are issued.", "done")
    return redirect(_after_signing(exam_id), 303)


def _sign(exam_id: int, form: ReadingForm) -> None:
    """Freeze, draw outside any transaction, then store everything in one."""
    at, folder = clock.now(), current_app.config["SETTINGS"].files
    with database.reading(session()):
        exam, by = db.get_or_404(Exam, exam_id), sessions.signed_in()
        papers = actions.freeze(session(), exam, form.impression, by=by, at=at)
    if papers.read != form.read.data:
        raise actions.Changed(actions.READ_AGAIN)
    rendered = [issuing.render(paper, folder) for paper in (papers.scan, papers.patient)]
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
    if request.form.get("then") == "next":
        following = page.next_to_read(session(), after=exam_id)
        if following is not None:
            return url_for(".read", exam_id=following)
    return url_for(".read", exam_id=exam_id)


@bp.get("/exams/<id:exam_id>/preview-<any(scan, patient):kind>.pdf")
@permits(Permission.READ_FINDINGS)
def preview(exam_id: int, kind: str) -> ResponseReturnValue:
    """Draw a document as it would be issued, marked preliminary; it is not kept."""
    exam = db.get_or_404(Exam, exam_id)
    access.reads(exam.episode.patient_id, "exam preview", exam.id)
    document = page.preview(session(), exam, kind)
    db.session.rollback()
    content = issuing.pdf(document, current_app.config["SETTINGS"].files)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="preliminary-{kind}.pdf"'
    return answer


def _opened(exam_id: int) -> tuple[Exam, ReadingForm]:
    exam = db.get_or_404(Exam, exam_id)
    return exam, reading_form(exam)


def _refused(exam_id: int, form: ReadingForm, refusal: Refused) -> ResponseReturnValue:
    """Show the page as the scan is now, with the sentence and everything that was typed."""
    db.session.rollback()
    return _page(db.get_or_404(Exam, exam_id), form, 409, refusal=str(refusal))


def _page(
    exam: Exam,
    form: ReadingForm,
    status: int = 200,
    *,
    refusal: str = "",
) -> ResponseReturnValue:
    access.reads(exam.episode.patient_id, "exam", exam.id)
    by = sessions.signed_in()
    shown = page.reading_of(session(), exam, role=by.role)
    form.revision.data, form.read.data = str(exam.revision), shown.digest
    return (
        render_template(
            "review/read.html",
            **page.context(session(), shown, exam, role=by.role),
            form=form,
            refusal=refusal,
            back=url_for(".read", exam_id=exam.id),
            **critical_page.panel(session(), exam, by=by),
        ),
        status,
    )
