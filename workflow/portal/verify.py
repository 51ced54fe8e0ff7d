"""Answer whoever holds a paper: is it ours, who signed it, and does it still count?

The number is the paper's own digest, in letters; nothing about the patient is shown or needed.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow import issuing
from workflow.access import public
from workflow.domain.papernumber import digest_prefix, number_of
from workflow.extensions import session
from workflow.models.document import IssuedDocument
from workflow.plans import plan_standing
from workflow.standing import standing

bp = Blueprint("verify", __name__)


@bp.get("/verify")
@public
def ask() -> ResponseReturnValue:
    """Ask for the number at the foot of a paper."""
    number = request.args.get("number", "").strip()
    return _answer(number) if number else _page()


@bp.get("/verify/<number>")
@public
def paper(number: str) -> ResponseReturnValue:
    """Say what is known of the paper with this number."""
    return _answer(number)


def _answer(number: str) -> ResponseReturnValue:
    found = _found(number)
    if found is None:
        return _page(number=number[:40], unknown=True), 404
    newer = session().scalar(
        select(IssuedDocument.id).where(IssuedDocument.supersedes_id == found.id)
    )
    return _page(
        number=number_of(found.digest),
        paper=found,
        name=issuing.KINDS[found.kind],
        newest=newer is None,
        void=standing(session(), found.exam_id).void is not None,
        lapsed=not plan_standing(session(), found).stands,
    )


def _found(number: str) -> IssuedDocument | None:
    prefix = digest_prefix(number) if number.isascii() else None
    if prefix is None:
        return None
    return (
        session()
        .scalars(
            select(IssuedDocument).where(
                IssuedDocument.digest >= prefix, IssuedDocument.digest < prefix + "g"
            )
        )
        .first()
    )


def _page(**shown: object) -> str:
    shown = {"number": "", "paper": None, "unknown": False, **shown}
    return render_template("portal/verify.html", **shown)
