"""Let staff hand the tablet to a patient, and confirm what the patient told on it."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import access, clock, progress, sessions, tablets
from workflow.access import permits
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.intake import pages, told
from workflow.intake.asked import Question
from workflow.intake.facts import stored_of
from workflow.intake.questions import QUESTIONS
from workflow.models.patient import Episode
from workflow.models.tablet import Outcome, Told, ToldAnswer

bp = Blueprint("told", __name__)

FINISHED = "This intake is finished. Reopen it before the patient answers."
OUTCOMES = {"confirm": Outcome.CONFIRMED, "aside": Outcome.SET_ASIDE}


@bp.post("/episodes/<id:episode_id>/tablet")
@permits(Permission.TAKE_INTAKE)
def hand(episode_id: int) -> ResponseReturnValue:
    """Make this browser the patient's tablet, for this one intake."""
    episode = db.get_or_404(Episode, episode_id)
    if episode.intake.finished_at is not None:
        raise Refused(FINISHED)
    who = sessions.person()
    if who is None:
        raise LookupError("Nobody is signed in.")
    _, token = tablets.hand(
        session(), episode, sign_in_id=who.sign_in_id, by=sessions.signed_in(), at=clock.now()
    )
    db.session.commit()
    answer = redirect(url_for("tablet.start"), 303)
    sessions.put_aside(token, answer)
    return answer


@dataclass(frozen=True, slots=True)
class Line:
    """One told answer beside the intake's: both in words, and the choice that is offered first.

    An answer that the intake does not have yet, or has the same, is offered to be confirmed; where
    the two differ nothing is chosen beforehand. A warning sign is never chosen beforehand.
    """

    row: ToldAnswer
    question: Question
    theirs: str
    ours: str
    chosen: str

    @property
    def unclear(self) -> bool:
        """Say whether the text is not understood, so that it cannot be confirmed."""
        return self.row.said is Told.UNCLEAR


@bp.get("/episodes/<id:episode_id>/told")
@permits(Permission.TAKE_INTAKE)
def show(episode_id: int) -> ResponseReturnValue:
    """Show what the patient told, beside what the intake says."""
    episode = db.get_or_404(Episode, episode_id)
    access.reads(episode.patient_id, "intake", episode.intake.id)
    return _page(episode)


@bp.post("/episodes/<id:episode_id>/told")
@permits(Permission.TAKE_INTAKE)
def settle(episode_id: int) -> ResponseReturnValue:
    """Put into the intake what is confirmed, and set the rest aside."""
    episode = db.get_or_404(Episode, episode_id)
    access.reads(episode.patient_id, "intake", episode.intake.id)
    choices = {
        name: told.Choice(OUTCOMES[chosen], _number(request.form.get(f"seen-{name}")))
        for name in QUESTIONS
        if (chosen := request.form.get(f"told-{name}", "")) in OUTCOMES
    }
    if not choices:
        return _page(episode, 422, "Nothing was chosen. Choose for at least one answer.")
    try:
        settled = told.settle(
            session(),
            episode.intake,
            choices,
            seen=_number(request.form.get("seen")),
            by=sessions.signed_in(),
            at=clock.now(),
        )
    except Refused as refusal:
        db.session.rollback()
        return _page(episode, 409, str(refusal))
    db.session.commit()
    if settled.changed:
        return _page(episode, 409, "Some answers changed meanwhile. Look at them again.")
    count = len(settled.done)
    flash("1 answer is settled." if count == 1 else f"{count} answers are settled.", "done")
    left = told.waiting(told.told_of(session(), episode.intake))
    onward = "told.show" if left else "intake.intake"
    return redirect(url_for(onward, episode_id=episode.id), 303)


def _number(text: str | None) -> int:
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1


def _page(episode: Episode, status: int = 200, problem: str = "") -> ResponseReturnValue:
    everything = told.told_of(session(), episode.intake)
    stored = stored_of(episode.intake)
    lines = []
    for name in (name for name in QUESTIONS if name in told.waiting(everything)):
        row, question = everything[name], QUESTIONS[name]
        ours = stored.cell(question)
        same = ours in {"", row.cell} and row.said is Told.ANSWERED and name != "red_flags"
        theirs = pages.in_words(question, row.cell)
        here = pages.in_words(question, ours) if ours else ""
        lines.append(Line(row, question, theirs, here, "confirm" if same else ""))
    not_known = [QUESTIONS[n].label for n, row in everything.items() if row.said is Told.UNKNOWN]
    skipped = [QUESTIONS[n].label for n, row in everything.items() if row.said is Told.SKIPPED]
    return render_template(
        "intake/told.html",
        episode=episode,
        person=pages.person(episode),
        sheet=pages.sheet(episode.intake),
        lines=lines,
        not_known=not_known,
        skipped=skipped,
        any_told=bool(everything),
        finished=episode.intake.finished_at is not None,
        seen=progress.last_edit(session(), "intake", episode.intake.id),
        problem=problem,
    ), status
