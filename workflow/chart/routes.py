"""Answer what there is to know of an episode, and what to do next."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow import access, frame, sessions
from workflow.access import permits
from workflow.chart.record import record_of
from workflow.chart.whole import chart_of
from workflow.domain.exam import EXAM
from workflow.domain.pathway import OPEN_STAGES, STAGE_WORDS, WAITS
from workflow.domain.plan import PLAN
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.issuing import KINDS
from workflow.models.patient import Patient
from workflow.wayfinding import way

bp = Blueprint("chart", __name__)


@bp.get("/episodes/<id:episode_id>")
@permits(Permission.TAKE_INTAKE)
def episode(episode_id: int) -> ResponseReturnValue:
    """Show the episode: the step bar, its parts, its history, and the next thing to do."""
    record = record_of(session(), episode_id)
    if record is None:
        abort(404)
    at = record.episode
    access.reads(at.patient_id, "episode", at.id)
    return render_template(
        "chart/episode.html",
        record=record,
        episode=at,
        person=frame.person_of(at.patient, *frame.critical_mark(at)),
        stage_word=STAGE_WORDS[at.stage],
        waits=WAITS.get(at.stage),
        way=way(at.stage, at.id, record.exam.id if record.exam else None)
        if at.stage in OPEN_STAGES
        else None,
        exam_words=EXAM.words,
        plan_words=PLAN.words,
        names=KINDS,
        findings=_may(Permission.READ_FINDINGS),
    )


@bp.get("/patients/<id:patient_id>/chart")
@permits(Permission.READ_CHART)
def whole(patient_id: int) -> ResponseReturnValue:
    """Show everything about one patient in order of time, to read and to print."""
    patient = db.get_or_404(Patient, patient_id)
    if patient.merged_into_id is not None:
        return redirect(url_for(".whole", patient_id=patient.merged_into_id), 303)
    access.reads(patient.id, "chart", patient.id)
    return render_template(
        "chart/whole.html",
        chart=chart_of(session(), patient.id),
        person=frame.person_of(patient),
        patient=patient,
        stage_words=STAGE_WORDS,
        exports=_may(Permission.EXPORT_RECORDS),
    )


def _may(permission: Permission) -> bool:
    who = sessions.person()
    return who is not None and who.may(permission)
