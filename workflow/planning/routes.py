"""Answer a physician who plans a treatment, and whoever moves care on after it."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from workflow import access, clock, database, frame, issuing, progress, sessions
from workflow.access import permits
from workflow.domain.appropriateness import Chosen
from workflow.domain.errors import Refused
from workflow.domain.pathway import CARE, STAGE_WORDS, WAITS, CareStep
from workflow.domain.plan import PLAN, PlanStep
from workflow.domain.staff import Permission, may, only
from workflow.extensions import db, session
from workflow.models.patient import Episode
from workflow.models.plan import Plan
from workflow.planning import actions
from workflow.planning import care as moves
from workflow.planning.forms import CareForm, PlanForm, StepForm, picked, today_or_later
from workflow.planning.page import plan_page

bp = Blueprint("planning", __name__)
_SEES_PLANS = (Permission.READ_FINDINGS, Permission.CARRY_OUT_PLANS)


@bp.get("/episodes/<id:episode_id>/plan")
@permits(*_SEES_PLANS)
def plan(episode_id: int) -> ResponseReturnValue:
    """Show the newest version of the plan, or offer to draft one."""
    episode = db.get_or_404(Episode, episode_id)
    return _page(episode)


@bp.get("/plans/<id:plan_id>")
@permits(*_SEES_PLANS)
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


@bp.post("/plans/<id:plan_id>/save")
@permits(Permission.DRAFT_PLANS)
def save(plan_id: int) -> ResponseReturnValue:
    """Keep what the plan holds; with `then=submit`, submit it for approval as well."""
    at = db.get_or_404(Plan, plan_id)
    form, items = _plan_form(at), None
    try:
        items = picked(request.form, _known(at), form)
        if not form.validate_on_submit():
            return _page(at.episode, form=form, typed=items, status=422)
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
    """Approve the plan, and issue the patient's result with what was decided."""
    return _decide(plan_id, PlanStep.APPROVE, "Approved. The patient’s result now says so.")


@bp.post("/plans/<id:plan_id>/decline")
@permits(Permission.APPROVE_PLANS)
def decline(plan_id: int) -> ResponseReturnValue:
    """Record that the patient declined, and issue the patient's result anew."""
    return _decide(plan_id, PlanStep.DECLINE, "Recorded. The patient’s result now says so.")


def _decide(plan_id: int, step: PlanStep, done: str) -> ResponseReturnValue:
    """Freeze, draw outside any transaction, then store the step and the result in one."""
    at, form = db.get_or_404(Plan, plan_id), StepForm(prefix=_prefix(step))
    if not form.validate_on_submit():
        return _page(at.episode, status=422, step=step, note=form)
    note, now = form.note.value or "", clock.now()
    try:
        with database.reading(session()):
            at, by = db.get_or_404(Plan, plan_id), sessions.signed_in()
            frozen = actions.freeze(session(), step, at, by=by, at=now, note=note)
        rendered = issuing.render(frozen, current_app.config["SETTINGS"].files)
        at, by = db.get_or_404(Plan, plan_id), sessions.signed_in()
        actions.decide(session(), step, at, rendered, by=by, at=now, seen=form.seen, note=note)
    except Refused as refusal:
        return _refused(plan_id, None, None, refusal, step=step, note=form)
    db.session.commit()
    flash(done, "done")
    return redirect(url_for(".plan", episode_id=at.episode_id), 303)


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
        at.episode, form=form, typed=items, status=409, refusal=str(refusal), step=step, note=note
    )


def _page(
    episode: Episode,
    *,
    form: PlanForm | None = None,
    typed: tuple[Chosen, ...] | None = None,
    status: int = 200,
    refusal: str = "",
    version: int | None = None,
    step: PlanStep | None = None,
    note: StepForm | None = None,
) -> ResponseReturnValue:
    access.reads(episode.patient_id, "plan", episode.id)
    role = sessions.signed_in().role
    page = plan_page(session(), episode, role=role, typed=typed, version=version)
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
            episode=episode,
            person=frame.person_of(episode.patient, *frame.critical_mark(episode)),
            words=PLAN.words,
            drafts=drafts,
            Step=PlanStep,
        ),
        status,
    )


@bp.route("/episodes/<id:episode_id>/care", methods=["GET", "POST"])
@permits(*_SEES_PLANS)
def care(episode_id: int) -> ResponseReturnValue:
    """Show the moves after the plan, and record one."""
    episode, form = db.get_or_404(Episode, episode_id), CareForm()
    if request.method == "GET":
        form.next_on.process(None, episode.next_on if _ahead(episode) else None)
        return _care_page(episode, form)
    if not form.validate_on_submit() or not today_or_later(form, _today):
        return _care_page(episode, form, 422)
    try:
        _record(episode, form)
    except Refused as refusal:
        db.session.rollback()
        return _care_page(db.get_or_404(Episode, episode_id), form, 409, str(refusal))
    db.session.commit()
    flash(f"Recorded: {CARE.rules[form.chosen].label.lower()}.", "done")
    return redirect(url_for(".care", episode_id=episode_id), 303)


def _record(episode: Episode, form: CareForm) -> None:
    moves.take_care_step(
        session(),
        form.chosen,
        episode,
        by=sessions.signed_in(),
        at=clock.now(),
        seen=form.seen,
        note=form.note.value or "",
        next_on=form.next_on.value,
    )


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(frame.clinic().zone)).date()


def _ahead(episode: Episode) -> bool:
    return episode.next_on is not None and episode.next_on >= _today()


def _care_page(
    episode: Episode, form: CareForm, status: int = 200, refusal: str = ""
) -> ResponseReturnValue:
    access.reads(episode.patient_id, "care", episode.id)
    role = sessions.signed_in().role
    facts = progress.episode_facts(session(), episode)
    form.last.data = str(moves.last_step(session(), episode))
    return (
        render_template(
            "planning/care.html",
            episode=episode,
            form=form,
            refusal=refusal,
            moves=[
                (step.value, rule.label, form.step.data == step.value)
                for step, rule in CARE.rules.items()
            ],
            refusals={step.value: CARE.refusal(step, facts, role) or "" for step in CareStep},
            required={step.value for step, rule in CARE.rules.items() if rule.note_required},
            plan=progress.newest_plan(session(), episode),
            plan_words=PLAN.words,
            stage=STAGE_WORDS[episode.stage],
            waits=WAITS.get(episode.stage),
            steps=moves.history(session(), episode),
            person=frame.person_of(episode.patient, *frame.critical_mark(episode)),
        ),
        status,
    )
