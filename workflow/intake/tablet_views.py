"""Answer the clinic's tablet in a patient's hands: one question a page, in their language.

No address here holds a number: the tablet's cookie names the one episode it is for.
"""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField
from wtforms.validators import InputRequired

from reports.when import day
from workflow import access, audit, clock, criteria, links, sessions, tablets
from workflow.access import for_tablet
from workflow.domain.errors import Refused
from workflow.extensions import db, session
from workflow.forms import CleanForm
from workflow.intake import for_patient, pages, told
from workflow.intake.asked import Question
from workflow.intake.facts import stored_of
from workflow.intake.patient_words import WORDS
from workflow.intake.sheet import Asked
from workflow.models.patient import Episode, Intake
from workflow.models.tablet import RED_FLAGS, Tablet, Told, ToldAnswer

bp = Blueprint("tablet", __name__)

STAYS_OPEN = frozenset({"tablet.take_back"})
LANGUAGES = ("en", "es")


class TakeBackForm(CleanForm):
    """The password of the person who handed the tablet over."""

    password = PasswordField("Password", [InputRequired("Enter your password.")])


@bp.before_request
def close_when_over() -> ResponseReturnValue | None:
    """Lead to the page that staff take the tablet back on, once it closed for the patient."""
    if _handed().open or request.endpoint in STAYS_OPEN:
        return None
    return redirect(url_for(".take_back"), 303)


@bp.get("/tablet")
@for_tablet
def start() -> ResponseReturnValue:
    """Greet the patient by name, so that a wrong one is noticed, and let them choose a language."""
    episode = _episode()
    access.reads(episode.patient_id, "intake", episode.intake.id)
    known = told.told_of(session(), episode.intake)
    asked = _questions(episode, known)
    upcoming = next((each for each in asked if each.name not in known), None)
    patient = episode.patient
    return _page(
        "start",
        name=patient.called or patient.name,
        born=day(patient.born, _language()),
        upcoming=_address(upcoming),
        begun=bool(known),
    )


@bp.post("/tablet/language")
@for_tablet
def language() -> ResponseReturnValue:
    """Go on in the other language, at the same place."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400, "This language is not offered.")
    episode, tablet = _episode(), session().get_one(Tablet, _handed().id)
    tablet.language = chosen
    audit.record(
        session(), "tablet.language", "tablet", tablet.id, by=links.PATIENT, at=clock.now(),
        patient_id=episode.patient_id, detail={"language": chosen},
    )  # fmt: skip
    db.session.commit()
    names = {question.name for question in _questions(episode, _told(episode))}
    name = request.form.get("at", "")
    return redirect(url_for(".ask", name=name) if name in names else url_for(".start"), 303)


@bp.get("/tablet/<name>")
@for_tablet
def ask(name: str) -> ResponseReturnValue:
    """Ask one question; what the patient answered before stands in it."""
    episode = _episode()
    access.reads(episode.patient_id, "intake", episode.intake.id)
    known = _told(episode)
    question = _question(episode, known, name)
    row = known.get(name)
    cell = row.cell if row is not None else ""
    unclear = row is not None and row.said is Told.UNCLEAR
    errors: Mapping[str, str] = {}
    if unclear:
        before = stored_of(episode.intake)
        errors = for_patient.errors_of(question, cell, before, WORDS[_language()])
    return _asking(episode, known, Asked(question, cell, errors))


@bp.post("/tablet/<name>")
@for_tablet
def answer(name: str) -> ResponseReturnValue:
    """Keep an answer, what is not understood of it too, and lead on."""
    episode = _episode()
    known = _told(episode)
    question = _question(episode, known, name)
    then = request.form.get("then", "next")
    if then in {"skip", "unknown"} and name == RED_FLAGS and _told_a_sign(known.get(name)):
        return redirect(_after(episode, name), 303)
    if then in {"skip", "unknown"}:
        unknown = then == "unknown" and for_patient.may_not_know(question)
        _keep(episode.intake, question, Told.UNKNOWN if unknown else Told.SKIPPED, "")
        return redirect(_after(episode, name), 303)
    typed = request.form.to_dict(flat=False)
    given = for_patient.given(question, typed, stored_of(episode.intake), _language())
    if given.cell:
        _keep(episode.intake, question, Told.UNCLEAR if given.errors else Told.ANSWERED, given.cell)
    if then == "back":
        return redirect(_before(episode, name), 303)
    if given.errors:
        return _asking(episode, _told(episode), Asked(question, given.cell, given.errors), 422)
    if then == "more":
        return redirect(url_for(".ask", name=name), 303)
    if name == "red_flags" and question.kind.read(given.cell):
        return redirect(url_for(".tell_us"), 303)
    return redirect(_after(episode, name), 303)


def _told_a_sign(row: ToldAnswer | None) -> bool:
    """Say whether a warning sign stands here: passing the question over does not take it back."""
    return row is not None and row.said in {Told.ANSWERED, Told.UNCLEAR} and row.cell != "none"


def _keep(intake: Intake, question: Question, said: Told, cell: str) -> None:
    told.tell(session(), intake, question, said, cell, tablet_id=_handed().id, at=clock.now())
    db.session.commit()


@bp.get("/tablet/now")
@for_tablet
def tell_us() -> ResponseReturnValue:
    """Ask the patient to show a warning sign to staff at once."""
    episode = _episode()
    known = _told(episode)
    row = known.get("red_flags")
    question = _question(episode, known, "red_flags")
    said = row.cell.splitlines() if row and row.said is Told.ANSWERED else []
    words = [WORDS[_language()].answer(question, each) for each in said]
    return _page("now", signs=words, onward=_after(episode, "red_flags"))


@bp.get("/tablet/answers")
@for_tablet
def answers() -> ResponseReturnValue:
    """Show the patient all they answered, each with a way to change it."""
    episode = _episode()
    access.reads(episode.patient_id, "intake", episode.intake.id)
    known = _told(episode)
    asked = _questions(episode, known)
    rows = [(each, known.get(each.name), _in_words(each, known.get(each.name))) for each in asked]
    return _page("answers", rows=rows)


def _in_words(question: Question, row: ToldAnswer | None) -> str:
    words, said = WORDS[_language()], WORDS[_language()].said
    if row is None or row.said is Told.SKIPPED:
        return said["no_answer"]
    if row.said is Told.UNKNOWN:
        return said["unknown"]
    look = question.kind.look
    if look == "yes_no":
        return said.get(row.cell, row.cell)
    if look in {"pick", "scale", "several"}:
        return ", ".join(words.answer(question, each) for each in row.cell.splitlines())
    if look == "rows" and row.cell == "none":
        return words.answer(question, "none")
    return pages.in_both_units(question, row.cell) or question.kind.said(row.cell)


@bp.get("/tablet/done")
@for_tablet
def done() -> ResponseReturnValue:
    """Thank the patient; the tablet goes back to staff."""
    episode = _episode()
    known = _told(episode)
    asked = _questions(episode, known)
    left = [q for q in asked if q.name not in known or known[q.name].said is Told.SKIPPED]
    return _page("done", left=len(left))


@bp.route("/tablet/back", methods=["GET", "POST"])
@for_tablet
def take_back() -> ResponseReturnValue:
    """Give the browser back to the staff member who handed it over, by their password."""
    handed, form = _handed(), TakeBackForm()
    if not form.validate_on_submit():
        return _page("back", 422 if form.is_submitted() else 200, form=form, handed=handed)
    answer = redirect(url_for("intake.intake", episode_id=handed.episode_id), 303)
    try:
        sessions.take_back(handed, form.password.data or "", answer)
    except Refused as refusal:
        form.password.errors = [str(refusal)]
        return _page("back", 422, form=form, handed=handed)
    return answer


def _handed() -> tablets.Handed:
    handed = sessions.tablet()
    if handed is None:
        abort(404)
    return handed


def _language() -> str:
    chosen = _handed().language
    return chosen if chosen in LANGUAGES else "en"


def _episode() -> Episode:
    return session().get_one(Episode, _handed().episode_id)


def _told(episode: Episode) -> dict[str, ToldAnswer]:
    return told.told_of(session(), episode.intake)


def _questions(episode: Episode, known: Mapping[str, ToldAnswer]) -> tuple[Question, ...]:
    patient, stored = episode.patient, stored_of(episode.intake)
    cells = stored.cells() | {
        name: row.cell for name, row in known.items() if row.said is Told.ANSWERED
    }
    limits = criteria.in_force(session()).limits
    return for_patient.patient_questions(patient.sex, patient.born, pages.today(), cells, limits)


def _question(episode: Episode, known: Mapping[str, ToldAnswer], name: str) -> Question:
    found = next((each for each in _questions(episode, known) if each.name == name), None)
    if found is None:
        abort(404)
    return found


def _address(question: Question | None) -> str:
    return url_for(".ask", name=question.name) if question else url_for(".done")


def _after(episode: Episode, name: str) -> str:
    asked = _questions(episode, _told(episode))
    names = [each.name for each in asked]
    return _address(asked[at] if (at := names.index(name) + 1) < len(asked) else None)


def _before(episode: Episode, name: str) -> str:
    asked = _questions(episode, _told(episode))
    names = [each.name for each in asked]
    return _address(asked[at - 1]) if (at := names.index(name)) else url_for(".start")


def _asking(
    episode: Episode,
    known: Mapping[str, ToldAnswer],
    asked: Asked,
    status: int = 200,
) -> ResponseReturnValue:
    everything = _questions(episode, known)
    return _page(
        "ask",
        status,
        asked=asked,
        echo=pages.in_both_units(asked.question, asked.cell),
        place=[each.name for each in everything].index(asked.name) + 1,
        among=len(everything),
        may_not_know=for_patient.may_not_know(asked.question),
        full=len(asked.rows) > for_patient.MOST_ROWS,
    )


def _page(template: str, status: int = 200, **shown: object) -> ResponseReturnValue:
    language = _language()
    words = WORDS[language]
    return render_template(
        f"intake/tablet/{template}.html",
        **{"form": None, "asked": None, **shown},
        words=words,
        say=words.said,
        language=language,
        other="es" if language == "en" else "en",
        is_open=_handed().open,
    ), status
