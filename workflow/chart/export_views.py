"""Hand out a patient's whole record to whoever asks for it on their behalf, with the password."""

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from wtforms import PasswordField

from workflow import access, audit, clock, database, frame, sessions
from workflow.access import permits
from workflow.chart.export import Export
from workflow.chart.export import export as export_record
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.forms import CleanForm, Line
from workflow.models.patient import Patient

bp = Blueprint("export", __name__)
LONGEST_PASSWORD = 200


class ExportForm(CleanForm):
    """Why a record is handed out, and the password of who does it."""

    reason = Line(
        "Who asked, and how you know that they may",
        longest=300,
        required="Say who asked for the record.",
        hint="For example: the patient in person, with an identity card.",
    )
    password = PasswordField("Your password")


@bp.route("/patients/<id:patient_id>/export", methods=["GET", "POST"])
@permits(Permission.EXPORT_RECORDS)
def export(patient_id: int) -> ResponseReturnValue:
    """Ask who wants the record, and send it once the password is given again."""
    form = ExportForm()
    patient = db.get_or_404(Patient, patient_id)
    if not form.validate_on_submit():
        return _page(patient, form, 422 if form.is_submitted() else 200)
    try:
        sessions.confirm_password((form.password.data or "")[:LONGEST_PASSWORD])
        made = _made(patient_id)
    except Refused as refusal:
        form.password.errors = [str(refusal)]
        return _page(db.get_or_404(Patient, patient_id), form, 422)
    return _sent(db.get_or_404(Patient, patient_id), made, form.reason.value)


def _made(patient_id: int) -> Export:
    with database.reading(session()):
        patient = db.get_or_404(Patient, patient_id)
        folder = current_app.config["SETTINGS"].files
        return export_record(session(), patient, folder, at=clock.now())


def _sent(patient: Patient, made: Export, reason: str) -> Response:
    """Write down who handed out what, and then send it: without the line there is no file."""
    audit.record(
        session(),
        "record.export",
        "patient",
        patient.id,
        by=sessions.signed_in(),
        at=clock.now(),
        patient_id=patient.id,
        reason=reason,
        detail={"documents": made.documents, "episodes": made.episodes},
    )
    name = f"record-{patient.record_number}.zip"
    db.session.commit()
    answer = Response(made.content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(patient: Patient, form: ExportForm, status: int) -> ResponseReturnValue:
    access.reads(patient.id, "patient", patient.id)
    return render_template(
        "chart/export.html", patient=patient, person=frame.person_of(patient), form=form
    ), status
