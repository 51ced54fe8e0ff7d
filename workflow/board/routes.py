"""Answer where everybody stands, and again every half minute if it changed."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from workflow import clock, frame, sessions
from workflow.access import permits, polling
from workflow.board import cards
from workflow.domain.pathway import OPEN_STAGES, Stage
from workflow.domain.staff import Permission, Role
from workflow.extensions import session

bp = Blueprint("board", __name__)
VIEWS = ("everyone", "mine")


@bp.get("/")
@permits(Permission.SEE_BOARD)
def show() -> ResponseReturnValue:
    """Show the columns of the pathway."""
    return render_template("board/show.html", **_board())


@bp.get("/board/columns")
@permits(Permission.SEE_BOARD)
@polling
def columns() -> ResponseReturnValue:
    """Return the columns alone, or nothing where the page shows them already."""
    shown = _board()
    if request.args.get("mark") == shown["mark"]:
        return Response(status=204)
    return render_template("board/columns.html", **shown)


def _board() -> dict[str, object]:
    who = sessions.person()
    view, at = request.args.get("view", "everyone"), request.args.get("stage")
    if who is None or view not in VIEWS or (at is not None and at not in set(OPEN_STAGES)):
        abort(400, "The board has no such view.")
    board = cards.board(
        session(),
        frame.clinic(),
        role=who.role,
        now=clock.now(),
        mine=view == "mine",
        only=Stage(at) if at else None,
    )
    return {
        "board": board,
        "mark": board.mark,
        "view": view,
        "stage": at,
        "worker": who.role is not Role.ADMINISTRATOR,
        "mine_role": who.role,
    }
