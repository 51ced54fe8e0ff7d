"""What a browser may ask while a patient is found, registered and asked."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import access, clock, frame, papernames, sessions
from workflow.access import permits
from workflow.domain.entry import folded
from workflow.domain.errors import Refused
from workflow.domain.pathway import OPEN_STAGES, STAGE_WORDS, WAITS
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.intake import actions, merging, pages
from workflow.intake.duplicates import Match, duplicates
from workflow.intake.find import find as find_patients
from workflow.intake.find import newest, suggest
from workflow.intake.forms import EditForm, EpisodeForm, RegisterForm
from workflow.intake.identity import LONGEST_NAME
from workflow.models.patient import Episode, Patient
from workflow.models.referrer import offered
from workflow.progress import newest_exam
from workflow.sessions import signed_in
from workflow.wayfinding import way

bp = Blueprint("intake", __name__)
LARGEST = 99_999_999


@bp.get("/patients")
@permits(Permission.REGISTER_PATIENTS, Permission.BOOK_SCANS)
def find() -> ResponseReturnValue:
    """Find a patient, or look through them, the newest first."""
    query = request.args.get("q", "").strip()
    if query:
        page = _place("page", "A page is a number from 1 on.") or 1
        shown: dict[str, object] = {"results": find_patients(session(), query, page=page)}
        return render_template("intake/find.html", query=query, **shown, **_WORDS)
    before = _place("before", "The list has no such place.")
    shown = {"listed": newest(session(), before=before)}
    return render_template("intake/list.html", query="", later=before, **shown, **_WORDS)


_WORDS = {"stage_words": STAGE_WORDS, "waits": WAITS}
SUGGESTED = 10


@bp.get("/patients/suggestions")
@permits(Permission.REGISTER_PATIENTS, Permission.BOOK_SCANS)
def suggestions() -> ResponseReturnValue:
    """Answer, while a person types into the search box, with the likeliest ten."""
    query = request.args.get("q", "").strip()
    rows = suggest(session(), query, most=SUGGESTED)
    return render_template("intake/suggestions.html", query=query, rows=rows, **_WORDS)


def _place(name: str, otherwise: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= LARGEST):
        abort(400, otherwise)
    return int(text)


@bp.route("/patients/new", methods=["GET", "POST"])
@permits(Permission.REGISTER_PATIENTS)
def register() -> ResponseReturnValue:
    """Register a new patient, unless the clinic knows them already."""
    form = RegisterForm(today=pages.today())
    if not form.validate_on_submit():
        return _register_page(form, 422 if form.is_submitted() else 200)
    known = actions.submitted(session(), form.submission.data or "", by=signed_in())
    if known is None and not form.is_new.data and (alike := _alike(form)):
        return _register_page(form, 409, alike)
    episode = known or actions.register(
        session(),
        form.identity(),
        reason=form.reason.value,
        referred_by=form.referred_by.value or "",
        on=pages.today(),
        by=signed_in(),
        at=clock.now(),
        submission=form.submission.data or "",
    )
    db.session.commit()
    flash(f"Registered as {episode.patient.record_number}. Now take the intake.", "done")
    return redirect(url_for(".intake", episode_id=episode.id), 303)


def _register_page(
    form: RegisterForm, status: int, alike: tuple[Match, ...] = ()
) -> ResponseReturnValue:
    if not form.is_submitted():
        form.name.data = request.args.get("name", "")[:LONGEST_NAME]
    form.submission.data = form.submission.data or uuid.uuid4().hex
    return render_template(
        "intake/register.html", form=form, alike=alike, referrers=offered(session())
    ), status


def _alike(form: RegisterForm) -> tuple[Match, ...]:
    matches = duplicates(
        session(),
        name=form.name.value or "",
        born=form.born.value,
        phone=form.phone.value or "",
    )
    return matches if any(match.likeness.strong for match in matches) else ()


@bp.get("/patients/duplicates")
@permits(Permission.REGISTER_PATIENTS)
def similar() -> ResponseReturnValue:
    """Show, while a person types, who they may be typing about."""
    form = RegisterForm(request.args, today=pages.today(), meta={"csrf": False})
    for field in (form.name, form.born, form.phone):
        field.validate(form)
    matches = duplicates(
        session(),
        name=(form.name.value or "") if len(folded(form.name.value or "")) > 2 else "",
        born=form.born.value,
        phone=form.phone.value or "",
    )
    return render_template("intake/alike.html", alike=matches, asks=False)


def _patient(patient_id: int) -> Patient:
    """Return a record that can be written to; one that was merged into another cannot."""
    patient = db.get_or_404(Patient, patient_id)
    if patient.merged_into_id is not None:
        raise Refused("This record was merged into another one. Open it to see which.")
    return patient


@bp.get("/patients/<id:patient_id>")
@permits(Permission.REGISTER_PATIENTS, Permission.TAKE_INTAKE)
def patient(patient_id: int) -> ResponseReturnValue:
    """Show who a patient is, and what they came with."""
    patient = db.get_or_404(Patient, patient_id)
    if patient.merged_into_id is not None:
        flash(f"{patient.record_number} was merged into this record.", "note")
        return redirect(url_for(".patient", patient_id=patient.merged_into_id), 303)
    return _patient_page(patient, EpisodeForm(), 200)


def _patient_page(patient: Patient, form: EpisodeForm, status: int) -> ResponseReturnValue:
    access.reads(patient.id, "patient", patient.id)
    ways = {
        each.id: way(
            each.stage, each.id, exam.id if (exam := newest_exam(session(), each)) else None
        )
        for each in patient.episodes
        if each.stage in OPEN_STAGES
    }
    return render_template(
        "intake/patient.html",
        patient=patient,
        person=frame.person_of(patient),
        form=form,
        ways=ways,
        referrers=offered(session()),
        stage_words=STAGE_WORDS,
        languages=frame.LANGUAGES,
        sexes=frame.SEXES,
        lacking=papernames.lacking(patient),
        reads_chart=_may(Permission.READ_CHART),
        asked_to_merge=merging.pending(session(), patient.id),
        merged=merging.in_force(session(), patient.id),
    ), status


def _may(permission: Permission) -> bool:
    who = sessions.person()
    return who is not None and who.may(permission)


@bp.route("/patients/<id:patient_id>/edit", methods=["GET", "POST"])
@permits(Permission.REGISTER_PATIENTS)
def edit(patient_id: int) -> ResponseReturnValue:
    """Correct who a patient is, or how they are reached."""
    patient = _patient(patient_id)
    form = EditForm(obj=patient, today=pages.today())
    if not form.validate_on_submit():
        return _edit_page(patient, form, 422 if form.is_submitted() else 200)
    try:
        actions.change_identity(
            session(),
            patient,
            form.identity(),
            seen=_number(form.revision.data),
            by=signed_in(),
            at=clock.now(),
        )
    except Refused as refusal:
        return _edit_page(patient, form, 409, str(refusal))
    db.session.commit()
    flash("The record is corrected.", "done")
    return redirect(url_for(".patient", patient_id=patient.id), 303)


def _number(text: str | None) -> int:
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1


def _edit_page(
    patient: Patient, form: EditForm, status: int, problem: str = ""
) -> ResponseReturnValue:
    access.reads(patient.id, "patient", patient.id)
    differs = actions.differences(patient, form.identity()) if status == 409 else ()
    form.revision.data = str(patient.revision)
    return render_template(
        "intake/edit.html",
        patient=patient,
        person=frame.person_of(patient),
        form=form,
        problem=problem,
        differs=differs,
    ), status


@bp.post("/patients/<id:patient_id>/episodes")
@permits(Permission.REGISTER_PATIENTS)
def add_episode(patient_id: int) -> ResponseReturnValue:
    """Open a further episode of a known patient."""
    patient, form = _patient(patient_id), EpisodeForm()
    if not form.validate_on_submit():
        return _patient_page(patient, form, 422)
    episode = actions.add_episode(
        session(),
        patient,
        reason=form.reason.value,
        referred_by=form.referred_by.value or "",
        on=pages.today(),
        by=signed_in(),
        at=clock.now(),
    )
    db.session.commit()
    flash("A new episode is open. Now take its intake.", "done")
    return redirect(url_for(".intake", episode_id=episode.id), 303)


@bp.route("/episodes/<id:episode_id>/intake", methods=["GET", "POST"])
@permits(Permission.TAKE_INTAKE)
def intake(episode_id: int) -> ResponseReturnValue:
    """Take a patient's history; saved as it is typed."""
    episode = _episode(episode_id)
    if request.method == "GET":
        return pages.show(episode)
    try:
        saved = _save(episode)
    except Refused as refusal:
        if access.wants_fragment():
            raise
        return pages.show(episode, 409, problem=str(refusal))
    db.session.commit()
    if access.wants_fragment():
        return pages.fragment(episode, saved, request.form.to_dict(flat=False), _seen())
    if saved.conflicts or saved.errors:
        return pages.show(episode, 409 if saved.conflicts else 422, saved)
    flash("Saved.", "done")
    return redirect(url_for(".intake", episode_id=episode.id), 303)


def _episode(episode_id: int) -> Episode:
    episode = db.get_or_404(Episode, episode_id)
    if not access.wants_fragment():  # an autosave shows only what was just typed
        access.reads(episode.patient_id, "intake", episode.intake.id)
    return episode


def _seen() -> int:
    return max(0, _number(request.form.get("seen")))


def _save(episode: Episode) -> actions.Saved:
    typed = request.form.to_dict(flat=False)
    for name in typed.pop("theirs", []):
        typed.pop(name, None)
    return actions.save_intake(
        session(), episode.intake, typed, seen=_seen(), by=signed_in(), at=clock.now()
    )


@bp.post("/episodes/<id:episode_id>/intake/finish")
@permits(Permission.TAKE_INTAKE)
def finish(episode_id: int) -> ResponseReturnValue:
    """Save what the form still holds, and finish the intake."""
    episode, by, at = _episode(episode_id), signed_in(), clock.now()
    saved = _save(episode)
    db.session.commit()
    if saved.conflicts or saved.errors:
        return pages.show(episode, 409 if saved.conflicts else 422, saved)
    note = request.form.get("reason", "")
    try:
        actions.finish(session(), episode.intake, on=pages.today(), by=by, at=at, note=note)
    except Refused as refusal:
        return pages.show(episode, 422, saved, problem=str(refusal))
    db.session.commit()
    flash("The intake is finished.", "done")
    return redirect(url_for(".intake", episode_id=episode.id), 303)


@bp.post("/episodes/<id:episode_id>/intake/reopen")
@permits(Permission.TAKE_INTAKE)
def reopen(episode_id: int) -> ResponseReturnValue:
    """Open a finished intake again."""
    episode = _episode(episode_id)
    actions.reopen(session(), episode.intake, on=pages.today(), by=signed_in(), at=clock.now())
    db.session.commit()
    flash("The intake is open again.", "done")
    return redirect(url_for(".intake", episode_id=episode.id), 303)
