"""Answer the pages of a scan's key images, and send the pictures themselves."""

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflow import access, clock, database, files, sessions, web
from workflow.access import permits, takes
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission, may
from workflow.extensions import db, session
from workflow.models.exam import Exam
from workflow.models.image import KeyImage, images_of
from workflow.picture import LARGEST_UPLOAD, read_picture
from workflow.ultrasound import images
from workflow.ultrasound.blueprint import bp, found, page
from workflow.ultrasound.forms import ImageForm, NewImageForm

DAMAGED = "The stored bytes of this image are damaged. Tell whoever looks after the program."
PLACES = {"earlier": -1, "later": 1}


@bp.get("/exams/<id:exam_id>/images")
@permits(Permission.READ_FINDINGS)
def images_page(exam_id: int) -> ResponseReturnValue:
    """Show the key images of a scan; to a script, the section of them alone."""
    exam = found(exam_id)
    if access.wants_fragment():
        return _section(exam)
    return _page(exam, _new_form(exam))


@bp.post("/exams/<id:exam_id>/images")
@permits(Permission.RECORD_EXAMS)
@takes(LARGEST_UPLOAD)
def add_image(exam_id: int) -> ResponseReturnValue:
    """Add a picture: decoded and stored first, outside any transaction."""
    with database.reading(session()):
        exam = found(exam_id)
        images.must_be_open(exam)
        form = _new_form(exam)
    if not form.validate_on_submit():
        return _refused(exam_id, form, next(iter(form.errors.values()))[0], 422)
    try:
        new = _add(exam_id, form)
    except Refused as refusal:
        form.picture.errors = [str(refusal)]
        return _refused(exam_id, form, str(refusal), 422)
    said = "The image is added." if new else "This picture is already here; it was not added twice."
    if access.wants_fragment():
        return _section(found(exam_id), said)
    flash(said, "done")
    return redirect(url_for(".images_page", exam_id=exam_id), 303)


def _add(exam_id: int, form: NewImageForm) -> bool:
    picture = read_picture(form.picture.data.read())
    sha256 = files.put(current_app.config["SETTINGS"].files, picture.content)
    by, at = sessions.signed_in(), clock.now()
    _, new = images.add(session(), found(exam_id), picture, sha256, form.told, by=by, at=at)
    db.session.commit()
    return new


@bp.get("/exams/<id:exam_id>/images/<id:image_id>")
@permits(Permission.READ_FINDINGS)
def image(exam_id: int, image_id: int) -> ResponseReturnValue:
    """Send one picture, after checking that its bytes are those that were stored."""
    exam = found(exam_id)
    shown = _image(exam, image_id)
    try:
        content = files.get(current_app.config["SETTINGS"].files, shown.file_sha256)
    except files.Damaged:
        current_app.logger.exception("The stored bytes of image %d are damaged.", image_id)
        return Response(DAMAGED, status=500, mimetype="text/plain")
    name = f"image-{shown.id}.{'jpg' if shown.kind == 'jpeg' else 'png'}"
    return web.sandboxed(content, f"image/{shown.kind}", name)


@bp.post("/exams/<id:exam_id>/images/<id:image_id>")
@permits(Permission.RECORD_EXAMS, Permission.SIGN_REPORTS)
def change_image(exam_id: int, image_id: int) -> ResponseReturnValue:
    """Describe an image anew, or do what the pressed button says: move or remove it."""
    exam = found(exam_id)
    shown, then = _image(exam, image_id), request.form.get("then", "")
    form = ImageForm(prefix=_prefix(shown))
    form.offer(images.sites(exam))
    if then != "remove" and not form.validate_on_submit():
        return _refused(exam_id, _new_form(exam, fresh=True), "", 422, {image_id: form})
    by, at = sessions.signed_in(), clock.now()
    if then == "remove":
        images.remove(session(), exam, shown, seen=form.seen, by=by, at=at)
        said = "The image is removed. Its history is kept."
    else:
        images.describe(session(), exam, shown, form.told, seen=form.seen, by=by, at=at)
        images.move(session(), exam, shown, PLACES.get(then, 0), by=by, at=at)
        said = "Saved."
    db.session.commit()
    flash(said, "done")
    return redirect(url_for(".images_page", exam_id=exam_id), 303)


def _image(exam: Exam, image_id: int) -> KeyImage:
    """Return an image of this very scan; another scan's does not exist here."""
    shown = db.session.get(KeyImage, image_id)
    if shown is None or shown.exam_id != exam.id:
        access.not_yours("image", image_id)
    return shown


def _new_form(exam: Exam, *, fresh: bool = False) -> NewImageForm:
    form = NewImageForm(formdata=None) if fresh else NewImageForm()
    form.offer(images.sites(exam))
    return form


def _refused(
    exam_id: int,
    form: NewImageForm,
    sentence: str,
    status: int,
    wrong: dict[int, ImageForm] | None = None,
) -> ResponseReturnValue:
    """Answer with what is wrong: a sentence to a script, the page with what was typed else."""
    db.session.rollback()
    if access.wants_fragment():
        return Response(sentence, status=status, mimetype="text/plain")
    return _page(found(exam_id), form, wrong), status


def _section(exam: Exam, said: str = "") -> str:
    shown = images_of(session(), exam)
    return page("images", exam.episode, exam=exam, images=shown, adds=_adds(exam), said=said)


def _page(exam: Exam, form: NewImageForm, wrong: dict[int, ImageForm] | None = None) -> str:
    role, shown = sessions.signed_in().role, images_of(session(), exam)
    forms = {each.id: _form_of(exam, each) for each in shown} | (wrong or {})
    changes = exam.status in images.OPEN and (
        may(role, Permission.RECORD_EXAMS) or may(role, Permission.SIGN_REPORTS)
    )
    values = {"form": form, "forms": forms, "images": shown, "adds": _adds(exam)}
    return page("images_page", exam.episode, exam=exam, changes=changes, **values)


def _form_of(exam: Exam, image: KeyImage) -> ImageForm:
    told = {
        "leg": image.leg.value,
        "segment": image.segment,
        "caption": image.caption,
        "in_report": image.in_report,
        "revision": str(image.revision),
    }
    form = ImageForm(formdata=None, prefix=_prefix(image), data=told)
    form.offer(images.sites(exam))
    return form


def _prefix(image: KeyImage) -> str:
    return f"image-{image.id}-"


def _adds(exam: Exam) -> bool:
    return exam.status in images.OPEN and may(sessions.signed_in().role, Permission.RECORD_EXAMS)
