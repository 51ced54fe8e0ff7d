"""Hold the stage's blueprint, and how its one page over a scan is shown."""

from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow import access, sessions
from workflow.domain.report import ReportStep
from workflow.extensions import db, session
from workflow.forms import SpellingForm
from workflow.models.exam import Exam
from workflow.review import critical_page, page
from workflow.review.forms import AfterForm, ReadingForm, reading_form

bp = Blueprint("review", __name__)


def found(exam_id: int) -> Exam:
    """Return the scan with this number, or answer 404."""
    return db.get_or_404(Exam, exam_id)


def show(
    exam: Exam,
    form: ReadingForm | None = None,
    status: int = 200,
    *,
    refusal: str = "",
    after: Mapping[ReportStep, AfterForm] | None = None,
    spelling: SpellingForm | None = None,
) -> ResponseReturnValue:
    """Show the scan, or its signed report, with whatever was typed and the sentence that refused.

    `after` holds the one form that was sent of those for a signed report.
    """
    access.reads(exam.episode.patient_id, "exam", exam.id)
    by = sessions.signed_in()
    role = by.role
    shown = page.reading_of(session(), exam, role=role)
    form = form or reading_form(exam)
    form.revision.data, form.read.data = str(exam.revision), shown.digest
    forms = {step: AfterForm(prefix=f"{step.value}-", formdata=None) for step in ReportStep}
    forms |= after or {}
    for step, each in forms.items():
        each.seen_as.data = str(exam.revision if step is ReportStep.DROP else shown.version)
    return (
        render_template(
            "review/read.html",
            **page.context(session(), shown, exam, role=role),
            form=form,
            refusal=refusal,
            after=forms,
            spelling=spelling or SpellingForm(formdata=None),
            sent=next(iter(after), None) if after else None,
            back=url_for("review.read", exam_id=exam.id),
            **critical_page.panel(session(), exam, by=by),
        ),
        status,
    )
