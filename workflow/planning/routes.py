"""Answer a physician who plans a treatment with the patient."""

from flask import (
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from workflow import (
    access,
    clock,
    database,
    frame,
    issuing,
    papernames,
    rendering,
    sessions,
)
from workflow.access import permits
from workflow.domain.appropriateness import Chosen
from workflow.domain.errors import Refused
from workflow.domain.plan import PLAN, PlanStep
from workflow.domain.staff import Permission, may, only
from workflow.extensions import db, session
from workflow.forms import SpellingForm
from workflow.models.patient import Episode
from workflow.models.plan import Plan
from workflow.planning import actions, care_views, papers
from workflow.planning.blueprint import SEES_PLANS, bp
from workflow.planning.forms import PlanForm, StepForm, answered, picked
from workflow.planning.page import PlanPage, plan_page
from workflow.planning.versions import versions

__all__ = ["bp", "care_views"]

ISSUES = (PlanStep.APPROVE, PlanStep.DECLINE)
"""The decisions that issue papers."""


@bp.get("/episodes/<id:episode_id>/plan")
@permits(*SEES_PLANS)
def plan(episode_id: int) -> ResponseReturnValue:
    """Show the newest version of the plan, or offer to draft one."""
    episode = db.get_or_404(Episode, episode_id)
    return _page(episode)


@bp.get("/plans/<id:plan_id>")
@permits(*SEES_PLANS)
def version(plan_id: int) -> ResponseReturnValue:
    """Show one version of a plan as it stands."""
    at = db.get_or_404(Plan, plan_id)
    return _page(at.episode, version=at.version)


@bp.post("/episodes/<id:episode_id>/plans")
@permits(Permission.DRAFT_PLANS)
def draft(episode_id: int) -> ResponseReturnValue:
    """Begin a new version on the newest signed report."""
    episode = db.get_or_404(Episode, episode_id)
    made = actions.draft(session(), episode, by=sessions.signed_in(), at=clock.now())
    db.session.commit()
    flash(f"Version {made.version} is open. Choose what the plan holds.", "done")
    return redirect(url_for(".plan", episode_id=episode_id), 303)


@bp.get("/plans/<id:plan_id>/beside/<id:other_id>")
@permits(*SEES_PLANS)
def beside(plan_id: int, other_id: int) -> ResponseReturnValue:
    """Show two versions of one plan side by side, with what differs."""
    one, other = db.get_or_404(Plan, plan_id), db.get_or_404(Plan, other_id)
    if one.episode_id != other.episode_id:
        access.not_yours("plan", other_id)
    access.reads(one.episode.patient_id, "plan", one.episode_id)
    return render_template(
        "planning/versions.html",
        shown=versions(one, other),
        episode=one.episode,
        words=PLAN.words,
        person=frame.person_of(one.episode.patient, *frame.critical_mark(one.episode)),
    )


@bp.post("/plans/<id:plan_id>/save")
@permits(Permission.DRAFT_PLANS)
def save(plan_id: int) -> ResponseReturnValue:
    """Keep what the plan holds; with `then=submit`, submit it for approval as well."""
    at = db.get_or_404(Plan, plan_id)
    form, items = _plan_form(at), None
    try:
        items = picked(request.form, _known(at), form)
        if not form.validate_on_submit():
            given = answered(request.form)
            return _page(at.episode, form=form, typed=items, answers=given, status=422)
        submitted = _save(at, form, items)
    except Refused as refusal:
        return _refused(plan_id, form, items, refusal)
    db.session.commit()
    flash("Submitted. It now waits for approval." if submitted else "The plan is saved.", "done")
    return redirect(url_for(".plan", episode_id=at.episode_id), 303)


def _save(at: Plan, form: PlanForm, items: tuple[Chosen, ...]) -> bool:
    by, now = sessions.signed_in(), clock.now()
    actions.save(
        session(),
        at,
        items,
        rationale=form.rationale.data or "",
        against=form.against.data or "",
        by=by,
        at=now,
        seen=form.seen,
        answers=answered(request.form),
    )
    if request.form.get("then") != "submit":
        return False
    session().flush()
    actions.take_step(session(), PlanStep.SUBMIT, at, by=by, at=now, seen=at.revision)
    return True


@bp.post("/plans/<id:plan_id>/return")
@permits(Permission.APPROVE_PLANS)
def give_back(plan_id: int) -> ResponseReturnValue:
    """Return the plan with a comment, to be written again."""
    at, step = db.get_or_404(Plan, plan_id), PlanStep.RETURN
    form = StepForm(prefix=_prefix(step))
    if not form.validate_on_submit():
        return _page(at.episode, status=422, step=step, note=form)
    by, note = sessions.signed_in(), form.note.value or ""
    try:
        actions.take_step(session(), step, at, by=by, at=clock.now(), seen=form.seen, note=note)
    except Refused as refusal:
        return _refused(plan_id, None, None, refusal, step=step, note=form)
    db.session.commit()
    flash("Returned with your comment. It can be written again.", "done")
    return redirect(url_for(".plan", episode_id=at.episode_id), 303)


@bp.post("/plans/<id:plan_id>/approve")
@permits(Permission.APPROVE_PLANS)
def approve(plan_id: int) -> ResponseReturnValue:
    """Approve the plan, and issue its papers."""
    return _decide(plan_id, PlanStep.APPROVE)


@bp.post("/plans/<id:plan_id>/decline")
@permits(Permission.APPROVE_PLANS)
def decline(plan_id: int) -> ResponseReturnValue:
    """Record that the patient declined, and issue the patient's result anew."""
    return _decide(plan_id, PlanStep.DECLINE)


def _decide(plan_id: int, step: PlanStep) -> ResponseReturnValue:
    """Freeze, draw outside any transaction, then store the step and its papers in one.

    The plan's page itself says what was decided and what comes next, so nothing is flashed.
    """
    at, form = db.get_or_404(Plan, plan_id), StepForm(prefix=_prefix(step))
    if not form.validate_on_submit():
        return _page(at.episode, status=422, step=step, note=form)
    note, now = form.note.value or "", clock.now()
    fresh = sessions.is_fresh()
    try:
        if not fresh:
            sessions.confirm_password(form.password.data or "")
    except Refused as refusal:
        form.password.errors = [str(refusal)]
        return _page(db.get_or_404(Plan, plan_id).episode, status=422, step=step, note=form)
    try:
        with database.reading(session()):
            at, by = db.get_or_404(Plan, plan_id), sessions.signed_in()
            frozen = papers.freeze(session(), step, at, by=by, at=now, note=note)
        rendered = rendering.render_all(frozen, current_app.config["SETTINGS"].files)
        at, by = db.get_or_404(Plan, plan_id), sessions.signed_in()
        actions.decide(
            session(),
            step,
            at,
            rendered,
            by=by,
            at=now,
            seen=form.seen,
            note=note,
            method="fresh sign-in" if fresh else "password",
        )
    except Refused as refusal:
        return _refused(plan_id, None, None, refusal, step=step, note=form)
    db.session.commit()
    return redirect(url_for(".plan", episode_id=at.episode_id), 303)


@bp.post("/plans/<id:plan_id>/spelling")
@permits(Permission.APPROVE_PLANS)
def spell(plan_id: int) -> ResponseReturnValue:
    """Give the spelling that papers print; a note typed beside it is kept."""
    at, form = db.get_or_404(Plan, plan_id), SpellingForm()
    step = next((each for each in PlanStep if f"{_prefix(each)}note" in request.form), None)
    note = StepForm(prefix=_prefix(step)) if step else None
    if not form.validate_on_submit():
        return _page(at.episode, status=422, step=step, note=note, spelling=form)
    by, patient = sessions.signed_in(), at.episode.patient
    try:
        papernames.spell(session(), patient, form.spelling.value, by=by, at=clock.now())
    except Refused as refusal:
        return _refused(plan_id, None, None, refusal, step=step, note=note)
    db.session.commit()
    flash("Papers print this spelling from now on. The record keeps the name as it is.", "done")
    if note is not None and note.note.data:
        return _page(db.get_or_404(Plan, plan_id).episode, step=step, note=note)
    return redirect(url_for(".plan", episode_id=at.episode_id), 303)


@bp.get("/plans/<id:plan_id>/preview-<any(patient, plan, letter):kind>.pdf")
@permits(*SEES_PLANS)
def preview(plan_id: int, kind: str) -> ResponseReturnValue:
    """Draw a paper as an approval would issue it now, marked preliminary; it is not kept."""
    at = db.get_or_404(Plan, plan_id)
    if kind == issuing.LETTER and not at.episode.referred_by:
        abort(404)
    access.reads(at.episode.patient_id, "plan preview", at.id)
    document = papers.preview(session(), at, kind, at=clock.now())
    db.session.rollback()
    content = rendering.pdf(document, current_app.config["SETTINGS"].files)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="preliminary-{kind}.pdf"'
    return answer


def _prefix(step: PlanStep) -> str:
    return f"{step.value}-"


def _known(at: Plan) -> tuple[Chosen, ...]:
    return plan_page(session(), at.episode, role=sessions.signed_in().role).known


def _plan_form(at: Plan) -> PlanForm:
    form = PlanForm(obj=at)
    page = plan_page(session(), at.episode, role=sessions.signed_in().role)
    form.offer_veins(page.veins)
    return form


def _refused(
    plan_id: int,
    form: PlanForm | None,
    items: tuple[Chosen, ...] | None,
    refusal: Refused,
    *,
    step: PlanStep | None = None,
    note: StepForm | None = None,
) -> ResponseReturnValue:
    """Show the plan as it is now, with the sentence and everything that was typed."""
    db.session.rollback()
    at = db.get_or_404(Plan, plan_id)
    return _page(
        at.episode,
        form=form,
        typed=items,
        answers=answered(request.form) if form is not None else None,
        status=409,
        refusal=str(refusal),
        step=step,
        note=note,
    )


def _asks_spelling(page: PlanPage, opened: PlanStep | None) -> tuple[str, PlanStep] | None:
    """Say why papers cannot print the name, and beside which open decision the spelling is asked.

    None where they can, or where this person may decide nothing now.
    """
    refusals = page.refusals or {}
    steps = [each for each in (opened, *ISSUES) if each in ISSUES and not refusals.get(each)]
    if page.plan is None or not page.newest or not steps:
        return None
    why = papernames.lacking(page.plan.episode.patient)
    return (why, steps[0]) if why else None


def _papers_of(episode: Episode) -> dict[str, str]:
    """Return the papers an approval issues, by kind, with their names."""
    kinds = [issuing.PLAN, issuing.PATIENT, *([issuing.LETTER] if episode.referred_by else [])]
    return {kind: issuing.KINDS[kind] for kind in kinds}


def _page(
    episode: Episode,
    *,
    form: PlanForm | None = None,
    typed: tuple[Chosen, ...] | None = None,
    answers: dict[str, str] | None = None,
    status: int = 200,
    refusal: str = "",
    version: int | None = None,
    step: PlanStep | None = None,
    note: StepForm | None = None,
    spelling: SpellingForm | None = None,
) -> ResponseReturnValue:
    access.reads(episode.patient_id, "plan", episode.id)
    role = sessions.signed_in().role
    page = plan_page(session(), episode, role=role, typed=typed, answers=answers, version=version)
    notes = {each: StepForm(prefix=_prefix(each), formdata=None) for each in PlanStep}
    if step is not None and note is not None:
        notes[step] = note
    if page.plan is not None:
        form = form or PlanForm(obj=page.plan, formdata=None)
        form.offer_veins(page.veins)
        for each in (form, *notes.values()):
            each.revision.data = str(page.plan.revision)
    drafts = "" if may(role, Permission.DRAFT_PLANS) else only(Permission.DRAFT_PLANS)
    return (
        render_template(
            "planning/plan.html",
            page=page,
            form=form,
            notes=notes,
            opened=step,
            refusal=refusal,
            spelling=spelling or SpellingForm(formdata=None),
            asks_spelling=_asks_spelling(page, step),
            episode=episode,
            person=frame.person_of(episode.patient, *frame.critical_mark(episode)),
            words=PLAN.words,
            drafts=drafts,
            fresh=sessions.is_fresh(),
            Step=PlanStep,
            papers=_papers_of(episode),
        ),
        status,
    )
