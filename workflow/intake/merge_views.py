"""Answer whoever thinks that two records are one person, and whoever decides on it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.fields import SelectChoice

from workflow import access, clock, frame, screens, sessions
from workflow.access import permits
from workflow.domain.errors import Refused
from workflow.domain.merging import MERGING, MergeStatus, MergeStep
from workflow.domain.pathway import STAGE_WORDS
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.forms import CleanForm, Line, Pick
from workflow.intake import merging
from workflow.intake.duplicates import duplicates
from workflow.intake.find import suggest
from workflow.models.merge import Merge
from workflow.models.patient import Patient

bp = Blueprint("merging", __name__)
STEPS = {"merge": MergeStep.MERGE, "refuse": MergeStep.REFUSE, "withdraw": MergeStep.WITHDRAW,
         "separate": MergeStep.SEPARATE}  # fmt: skip
DONE = {
    MergeStep.MERGE: "The records are merged. Both numbers find the patient.",
    MergeStep.REFUSE: "The records stay apart.",
    MergeStep.WITHDRAW: "The request is withdrawn.",
    MergeStep.SEPARATE: "The records are apart again, each as it was.",
}


class AskForm(CleanForm):
    """Which of two records is kept, and why they are one person."""

    keep = Pick("Which record is kept", (), required="Choose the record to keep.")
    reason = Line(
        "How do you know that they are the same person",
        longest=300,
        required="Say how you know, in a sentence.",
        hint="For example: the same address and phone; the patient says so.",
    )


class DecideForm(CleanForm):
    """A decision on a request."""

    note = Line("Why", longest=300)
    revision = HiddenField()


@bp.get("/patients/<id:patient_id>/merge")
@permits(Permission.REGISTER_PATIENTS)
def choose_other(patient_id: int) -> ResponseReturnValue:
    """Look for the other record of the same person."""
    one, query = _standing(patient_id), request.args.get("q", "").strip()
    access.reads(one.id, "patient", one.id)
    alike = duplicates(session(), name=one.name, born=one.born, phone=one.phone, but=one.id)
    return render_template(
        "intake/merge_choose.html",
        one=one,
        person=frame.person_of(one),
        query=query,
        alike=[match for match in alike if match.patient.id != one.id],
        found=[row for row in suggest(session(), query, most=10) if row.id != one.id],
    )


@bp.route("/patients/<id:patient_id>/merge/<id:other_id>", methods=["GET", "POST"])
@permits(Permission.REGISTER_PATIENTS)
def ask_to_merge(patient_id: int, other_id: int) -> ResponseReturnValue:
    """Set two records side by side, and ask that they become one."""
    one, other = _standing(patient_id), _standing(other_id)
    form = _ask_form(one, other)
    if not form.validate_on_submit():
        return _compare(one, other, form, 422 if form.is_submitted() else 200)
    kept, merged = (one, other) if form.keep.value == str(one.id) else (other, one)
    try:
        asked = merging.ask(
            session(),
            kept,
            merged,
            reason=form.reason.value,
            by=sessions.signed_in(),
            at=clock.now(),
        )
    except Refused as refusal:
        return _compare(one, other, form, 409, problem=str(refusal))
    db.session.commit()
    flash("Asked. A physician or the administrator decides.", "done")
    return redirect(url_for(".merge", merge_id=asked.id), 303)


def _ask_form(one: Patient, other: Patient) -> AskForm:
    form, older = AskForm(), min(one, other, key=lambda each: each.id)
    form.keep.choices = [SelectChoice(str(each.id), label=_told(each)) for each in (one, other)]
    form.keep.data = form.keep.data or str(older.id)
    return form


def _told(patient: Patient) -> str:
    return f"{patient.record_number}, registered {screens.day(patient.created_at)}"


def _compare(
    one: Patient, other: Patient, form: AskForm, status: int, problem: str = ""
) -> ResponseReturnValue:
    for each in (one, other):
        access.reads(each.id, "patient", each.id)
    return render_template(
        "intake/merge_ask.html", form=form, problem=problem, **_side_by_side(one, other)
    ), status


def _side_by_side(one: Patient, other: Patient) -> dict[str, Any]:
    """Return both records as rows of a table, with whether they differ."""
    pairs = [
        ("Record number", one.record_number, other.record_number),
        ("Full name", one.name, other.name),
        ("Called", one.called, other.called),
        ("Latin spelling for paper", one.paper_name, other.paper_name),
        (
            "Date of birth",
            f"{one.born.day} {one.born:%b %Y}",
            f"{other.born.day} {other.born:%b %Y}",
        ),
        ("Sex", frame.SEXES[one.sex], frame.SEXES[other.sex]),
        ("Phone", one.phone, other.phone),
        ("E-mail", one.email, other.email),
        ("Address", one.address, other.address),
    ]
    return {
        "one": one,
        "other": other,
        "pairs": [(label, a or "–", b or "–", a != b) for label, a, b in pairs],
        "stage_words": STAGE_WORDS,
    }


@bp.get("/merges")
@permits(Permission.MERGE_RECORDS, Permission.REGISTER_PATIENTS)
def merges() -> ResponseReturnValue:
    """List the requests to merge records, those that wait first."""
    return render_template(
        "intake/merges.html",
        requests=merging.requests(session()),
        words=MERGING.words,
        asked=MergeStatus.ASKED,
    )


@bp.get("/merges/<id:merge_id>")
@permits(Permission.MERGE_RECORDS, Permission.REGISTER_PATIENTS)
def merge(merge_id: int) -> ResponseReturnValue:
    """Show a request with both records, and what may be decided."""
    return _merge_page(db.get_or_404(Merge, merge_id), DecideForm(), 200)


def _merge_page(
    asked: Merge, form: DecideForm, status: int, problem: str = ""
) -> ResponseReturnValue:
    who = sessions.person()
    for each in (asked.kept, asked.merged):
        access.reads(each.id, "patient", each.id)
    form.revision.data = str(asked.revision)
    facts = merging.facts(session(), asked, by_id=who.id if who else 0)
    return render_template(
        "intake/merge.html",
        asked=asked,
        form=form,
        problem=problem,
        words=MERGING.words,
        steps=[
            (word, MERGING.rules[step].label, MERGING.refusal(step, facts, who.role) or "")
            for word, step in STEPS.items()
            if who is not None and asked.status in MERGING.rules[step].starts
        ],
        opens=who is not None and who.may(Permission.REGISTER_PATIENTS),
        **_side_by_side(asked.kept, asked.merged),
    ), status


@bp.post("/merges/<id:merge_id>/<word>")
@permits(Permission.MERGE_RECORDS, Permission.REGISTER_PATIENTS)
def decide_merge(merge_id: int, word: str) -> ResponseReturnValue:
    """Merge, keep apart, withdraw, or separate again."""
    step = STEPS.get(word) or abort(404)
    asked, form = db.get_or_404(Merge, merge_id), DecideForm()
    if not form.validate_on_submit():
        return _merge_page(asked, form, 422)
    try:
        merging.take_step(
            session(),
            step,
            asked,
            by=sessions.signed_in(),
            at=clock.now(),
            seen=_revision(form.revision.data or ""),
            note=form.note.value or "",
        )
    except Refused as refusal:
        db.session.rollback()
        return _merge_page(db.get_or_404(Merge, merge_id), form, 409, str(refusal))
    db.session.commit()
    flash(DONE[step], "done")
    return redirect(url_for(".merge", merge_id=merge_id), 303)


def _revision(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1


def _standing(patient_id: int) -> Patient:
    """Return a record that is not merged into another."""
    patient = db.get_or_404(Patient, patient_id)
    if patient.merged_into_id is not None:
        raise Refused("This record was merged into another one. Open it to see which.")
    return patient
