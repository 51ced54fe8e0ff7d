"""Answer whoever moves care on after a plan is decided."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import access, clock, frame, progress, sessions
from workflow.access import permits
from workflow.domain.care import CARE, CareStep
from workflow.domain.errors import Refused
from workflow.domain.pathway import STAGE_WORDS, WAITS
from workflow.domain.plan import PLAN
from workflow.extensions import db, session
from workflow.models.patient import Episode
from workflow.planning import care as moves
from workflow.planning.blueprint import SEES_PLANS, bp
from workflow.planning.forms import CareForm, today_or_later


@bp.route("/episodes/<id:episode_id>/care", methods=["GET", "POST"])
@permits(*SEES_PLANS)
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
    facts = moves.care_facts(session(), episode)
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
            plan_problem=facts.plan_problem,
            stage=STAGE_WORDS[episode.stage],
            waits=WAITS.get(episode.stage),
            steps=moves.history(session(), episode),
            person=frame.person_of(episode.patient, *frame.critical_mark(episode)),
        ),
        status,
    )
