"""Answer where everybody stands, and again every half minute if it changed."""

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
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
from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import select

from workflow import access, clock, frame, sessions, undoing
from workflow.access import LARGEST_ID, permits, polling
from workflow.board import cards, mark
from workflow.board.cards import Asked
from workflow.board.ticket import Style
from workflow.domain import entry
from workflow.domain.errors import Refused
from workflow.domain.pathway import OPEN_STAGES, Stage
from workflow.domain.staff import Permission, Role
from workflow.extensions import db, session
from workflow.models.base import yes
from workflow.models.history import StepTaken
from workflow.models.staff import Staff

bp = Blueprint("board", __name__)
VIEWS = ("everyone", "mine")
WHOSE = (Role.SONOGRAPHER, Role.PHYSICIAN)
DAYS_AHEAD = 14
NO_VIEW = "The board has no such view."


@bp.get("/")
@permits(Permission.SEE_BOARD)
def show() -> ResponseReturnValue:
    """Show the columns of the pathway."""
    asked = _asked()
    return render_template(
        "board/show.html", people=_people(), days=_days(asked.day), **_board(asked)
    )


@bp.get("/board/columns")
@permits(Permission.SEE_BOARD)
@polling
def columns() -> ResponseReturnValue:
    """Return the columns alone, or nothing where the page shows them already."""
    asked, seen = _asked(), mark.read_mark(request.args.get("mark", ""))
    if seen is not None and seen.is_as_new_as(mark.mark_now(session(), clock.now())):
        return Response(status=204)
    shown = _board(asked)
    if seen is not None and seen.digest == shown["seen"].digest:
        return Response(status=204, headers={"X-Mark": str(shown["seen"])})
    return render_template("board/columns.html", **shown)


def _board(asked: Asked) -> dict[str, Any]:
    worker = asked.role is not Role.ADMINISTRATOR
    now = clock.now()
    began = mark.mark_now(session(), now)
    board = cards.board(session(), frame.clinic(), asked, _style(linked=worker), now=now)
    told = mark.digest(
        piece
        for column in board.columns
        for piece in (column.stage.value, str(column.total), column.cards)
    )
    query = _query(asked)
    return {
        "board": board,
        "seen": replace(began, digest=told),
        "asked": asked,
        "query": query,
        "filtered": bool(query),
        "worker": worker,
        "today": frame.today(),
    }


def _query(asked: Asked) -> dict[str, str]:
    """Return what was asked for, as an address says it; empty for everyone."""
    query = {"view": "mine"} if asked.mine else {}
    if asked.day is not None:
        query["on"] = asked.day.isoformat()
    if asked.person_id is not None:
        query["person"] = str(asked.person_id)
    if asked.only is not None:
        query["stage"] = asked.only.value
    return query


def _asked() -> Asked:
    """Read what the address asks for; 400 where the board has no such view."""
    who, wanted = sessions.person(), request.args
    view, stage = wanted.get("view", "everyone"), wanted.get("stage")
    if who is None or view not in VIEWS or (stage and stage not in set(OPEN_STAGES)):
        abort(400, NO_VIEW)
    return Asked(
        role=who.role,
        mine=view == "mine",
        day=_day(wanted.get("on", "")),
        person_id=_person(wanted.get("person", "")),
        only=Stage(stage) if stage else None,
    )


def _day(text: str) -> date | None:
    try:
        return entry.iso_day(text) if text else None
    except Refused:
        abort(400, NO_VIEW)


def _person(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(400, NO_VIEW)
    return int(text) if text else None


def _days(asked: date | None) -> list[date]:
    """Return the days the board can be narrowed to: today, the coming ones, and the one asked."""
    today = frame.today()
    coming = {today + timedelta(days=n) for n in range(DAYS_AHEAD)}
    return sorted(coming | ({asked} if asked else set()))


def _people() -> list[tuple[int, str]]:
    """Return whose scans the board can be narrowed to."""
    return [(number, name) for number, name in session().connection().execute(_PEOPLE)]


_PEOPLE = (
    select(Staff.id, Staff.name)
    .where(yes(Staff.active), Staff.role.in_(WHOSE))
    .order_by(Staff.name, Staff.id)
)


def _style(*, linked: bool) -> Style:
    before, after = url_for("chart.episode", episode_id=LARGEST_ID).split(str(LARGEST_ID))
    critical, late = _signs(current_app.jinja_env)
    return Style(before, after, linked, critical, late)


@lru_cache(maxsize=1)
def _signs(templates: Environment) -> tuple[Markup, Markup]:
    """Return the drawn signs of a critical finding and of a long wait."""
    drawn = templates.get_template("components/icon.html").make_module()
    return drawn.icon("octagon-alert"), drawn.icon("triangle-alert")  # type: ignore[attr-defined]


@bp.post("/steps/<id:step_id>/undo")
@permits(Permission.SEE_BOARD)
def undo(step_id: int) -> ResponseReturnValue:
    """Take back the step one has just taken, for as long as a minute."""
    step, by = db.get_or_404(StepTaken, step_id), sessions.signed_in()
    if step.by_id != by.id:
        access.not_yours("step", step_id)
    undoing.take_back(session(), step, by=by, at=clock.now())
    db.session.commit()
    flash(f"{step.label}: undone. Everything is as it was before.", "done")
    return redirect(url_for("board.show"), 303)
