"""Answer a patient: a neutral page that asks their birth date, then their papers.

The first page looks nothing up, so that a mail scanner that follows the link learns and changes
nothing. What opens is a session of its own, fifteen minutes long, in a cookie for this part alone.
"""

from datetime import date
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from reports.plan import words_in
from reports.when import day
from workflow import audit, clock, database, files, frame, issuing, links, sessions
from workflow.access import public
from workflow.domain.documents import PatientResult, patient_result
from workflow.domain.legmap import place
from workflow.domain.plan import PlanStatus
from workflow.domain.plandocuments import treatment_plan
from workflow.extensions import db, session
from workflow.forms import CleanForm, KnownDate
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.link import PatientLink
from workflow.plans import plan_standing
from workflow.portal.words import WORDS
from workflow.standing import still_counts

bp = Blueprint("portal", __name__)

SHOWN = (issuing.PATIENT, issuing.PLAN, issuing.SCAN)
"""The kinds of document a patient may open, the plainest first; a letter is its reader's alone."""


class BirthDateForm(CleanForm):
    """The second lock: what is typed is only compared."""

    born = KnownDate("Date of birth", required="Type your date of birth.")


@bp.route("/result/<token>", methods=["GET", "POST"])
@public
def ask(token: str) -> ResponseReturnValue:
    """Ask for the date of birth, whatever the link is; open the papers where both fit."""
    form = BirthDateForm()
    if request.method != "POST":  # a scanner's HEAD is answered as its GET is
        return _page("portal/ask.html", form=form)
    opened = _opened(token, form) if form.validate() else None
    if opened is None:
        wrong = form.born.value is not None
        return _page("portal/ask.html", form=form, wrong=wrong), 422
    answer = redirect(url_for(".papers", lang=_language()), 303)
    _keep(answer, opened.secret)
    return answer


def _opened(token: str, form: BirthDateForm) -> links.Opened | None:
    born: date = form.born.value or date.min
    return links.try_open(db.engine, token, born, address=request.remote_addr or "", at=clock.now())


@bp.get("/result")
@public
def papers() -> ResponseReturnValue:
    """Show the newest papers, the patient's own page in full."""
    link = _link()
    if link is None:
        return _page("portal/closed.html"), 401
    newest, plan_again = _newest(link)
    result, plan = newest.get(issuing.PATIENT), newest.get(issuing.PLAN)
    value = patient_result(result.snapshot) if result else None
    for paper in filter(None, (result, plan)):
        _read_by_patient(link, paper)
    if not newest:
        _read_by_patient(link, None)
    return _page(
        "portal/papers.html",
        papers=[newest[kind] for kind in SHOWN if kind in newest],
        result=result,
        document=value,
        plan=_plan(plan),
        plan_again=plan_again,
        drawing=place(value.map, clinical=False, language=value.patient.language)
        if value
        else None,
    )


@bp.get("/result/<id:document_id>.pdf")
@public
def pdf(document_id: int) -> ResponseReturnValue:
    """Send the newest bytes of one paper of this link's episode, and of no other."""
    link = _link()
    if link is None:
        return _page("portal/closed.html"), 401
    paper = {each.id: each for each in _newest(link)[0].values()}.get(document_id)
    if paper is None:
        abort(404)
    content = files.get(current_app.config["SETTINGS"].files, paper.file_sha256)
    _read_by_patient(link, paper)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{paper.kind}.pdf"'
    return answer


@bp.post("/result/close")
@public
def close() -> ResponseReturnValue:
    """Close the papers on this device."""
    links.close(session(), _secret(), clock.now())
    db.session.commit()
    answer = make_response(_page("portal/closed.html", by_you=True))
    answer.delete_cookie(_cookie(), path="/result", secure=sessions.is_secure(), httponly=True)
    return answer


def _link() -> PatientLink | None:
    secret = _secret()
    return links.opened(session(), secret, clock.now()) if secret else None


def _newest(link: PatientLink) -> tuple[dict[str, IssuedDocument], bool]:
    """Return the newest version of each kind of paper that the clinic goes by now.

    With it, whether a plan was approved that the clinic does not go by until it is revised.
    """
    rows = session().scalars(
        select(IssuedDocument)
        .join(Exam, Exam.id == IssuedDocument.exam_id)
        .where(
            IssuedDocument.episode_id == link.episode_id,
            IssuedDocument.kind.in_((issuing.PATIENT, issuing.SCAN)),
            still_counts(),
        )
        .order_by(IssuedDocument.id)
    )
    newest = {row.kind: row for row in rows}
    plan = issuing.newest(session(), link.episode, issuing.PLAN)
    if plan is None:
        return newest, False
    at = plan_standing(session(), plan)
    if at.stands:
        newest[issuing.PLAN] = plan
    return newest, at.status is PlanStatus.APPROVED and not at.stands


def _plan(paper: IssuedDocument | None) -> dict[str, object] | None:
    """Return a treatment plan as the page shows it, with the words of its language."""
    if paper is None:
        return None
    value = treatment_plan(paper.snapshot)
    return {"document": value, "words": words_in(value.patient.language)}


def _read_by_patient(link: PatientLink, paper: IssuedDocument | None) -> None:
    """Write down, before it is sent, what the patient was shown."""
    with database.transaction(db.engine) as writing:
        audit.record(
            writing,
            "read",
            "document" if paper else "link",
            paper.id if paper else link.id,
            by=links.PATIENT,
            at=clock.now(),
            patient_id=link.episode.patient_id,
        )


def _page(template: str, **shown: object) -> str:
    language = _language()
    document = shown.get("document")
    said = document.patient.language if isinstance(document, PatientResult) else language
    return render_template(
        template,
        **{"wrong": False, "by_you": False, **shown},
        say=WORDS[language],
        said=WORDS[said],
        language=language,
        other=_in_the_other_language(language),
        phone=frame.clinic().phone,
        dated=lambda at, in_language: day(
            at.astimezone(ZoneInfo(frame.clinic().zone)).date(), in_language
        ),
    )


def _in_the_other_language(language: str) -> str:
    """Return this page's address in the other language; what only a button sends has none."""
    here = ".papers" if request.endpoint == "portal.close" else request.endpoint or ""
    return url_for(here, **(request.view_args or {}), lang="es" if language == "en" else "en")


def _language() -> str:
    asked = request.args.get("lang", "")
    if asked in WORDS:
        return asked
    return request.accept_languages.best_match(list(WORDS), "en") or "en"


def _secret() -> str:
    return request.cookies.get(_cookie(), "")[:64]


def _cookie() -> str:
    return "__Secure-result" if sessions.is_secure() else "result"


def _keep(answer: AnyResponse, secret: str) -> None:
    answer.set_cookie(
        _cookie(),
        secret,
        max_age=int(links.SESSION.total_seconds()),
        path="/result",
        secure=sessions.is_secure(),
        httponly=True,
        samesite="Lax",
    )
