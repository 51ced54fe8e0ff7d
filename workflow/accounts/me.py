"""Show a person their own account: where they are signed in, the password, the second factor."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from workflow import clock, sessions, signins
from workflow.access import public, staff_only
from workflow.accounts import actions, factor
from workflow.accounts.forms import ChangePasswordForm, CodeForm, ConfirmForm
from workflow.accounts.pages import begin_anew, page, refused
from workflow.accounts.picture import picture_of
from workflow.accounts.routes import codes_page
from workflow.domain.errors import Refused
from workflow.extensions import db, session
from workflow.models.factor import SecondFactor
from workflow.models.staff import SignIn, Staff

bp = Blueprint("me", __name__)

ACCOUNT = ".sign_ins"
WHAT_IT_IS = (
    "A second factor is an app on your phone that shows six digits, new every half minute. With it "
    "a password that was seen or guessed opens nothing."
)


@bp.get("/me/sign-ins")
@staff_only
def sign_ins() -> ResponseReturnValue:
    """Show where the person is signed in, and how they prove who they are."""
    me, now, who = sessions.signed_in(), clock.now(), sessions.person()
    return render_template(
        "accounts/sign_ins.html",
        rows=signins.standing(session(), me.id, now),
        here=who.sign_in_id if who else None,
        is_locked=lambda row: signins.is_locked(row, now),
        end_of_mine=lambda row: url_for(".end_sign_in", sign_in_id=row.id),
        factor=session().get(SecondFactor, me.id) if factor.is_set_up(session(), me) else None,
        required=factor.is_required(session(), me),
        codes_left=factor.codes_left(session(), me),
    )


@bp.post("/me/sign-ins/<id:sign_in_id>/end")
@staff_only
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """End one of the person's own sign-ins."""
    who = sessions.person()
    row = session().get(SignIn, sign_in_id)
    if who is None or row is None or row.staff_id != who.id:
        raise NotFound
    db.session.rollback()
    signins.revoke(db.engine, sign_in_id, by=who.actor, at=clock.now())
    flash("That sign-in has ended.", "done")
    return redirect(url_for(ACCOUNT), 303)


@bp.post("/me/here")
@staff_only
def here() -> ResponseReturnValue:
    """Note that the person used a page; nothing but a person's own doing sends this."""
    return "", 204


@bp.post("/me/unlock")
@public
def unlock() -> ResponseReturnValue:
    """Open a locked sign-in again, in place: the page that asks keeps what was typed."""
    response, form = Response(status=204), ConfirmForm()
    if not form.validate_on_submit():
        return _told("Enter your password.", 422)
    try:
        opened = sessions.unlock(form.password.data or "", response)
    except Refused as refusal:
        return _told(str(refusal), 422)
    return response if opened else _told(sessions.ENDED, 401)


def _told(sentence: str, status: int) -> Response:
    return Response(sentence, status, mimetype="text/plain")


@bp.route("/me/password", methods=["GET", "POST"])
@staff_only
def change_password() -> ResponseReturnValue:
    """Let the person choose a new password; every sign-in ends and this one begins anew."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return page("change_password", form)
    try:
        sessions.confirm_password(form.current.data or "")
        me = sessions.signed_in()
        actions.set_password(session(), me, form.password.data, by=me, at=clock.now())
        staff_id = me.id
        db.session.commit()
    except Refused as refusal:
        return refused("change_password", form, refusal)
    return begin_anew(staff_id, url_for(ACCOUNT), "The new password holds from now on.")


@bp.route("/me/factor", methods=["GET", "POST"])
@staff_only
def begin_factor() -> ResponseReturnValue:
    """Draw a new secret; an old one holds until the new one is proven."""

    def act(me: Staff) -> ResponseReturnValue:
        factor.begin(session(), me)
        db.session.commit()
        return redirect(url_for(".prove_factor"), 303)

    return _asked(act, title="Set up your second factor", below=WHAT_IT_IS, verb="Go on")


@bp.route("/me/factor/prove", methods=["GET", "POST"])
@staff_only
def prove_factor() -> ResponseReturnValue:
    """Show the new secret, and take it into use once a code proves it."""
    me = sessions.signed_in()
    secret = factor.pending_secret(session(), me)
    if secret is None:
        return redirect(url_for(".begin_factor"), 303)
    form = CodeForm()
    shown: dict[str, Any] = {
        "secret": secret,
        "picture": picture_of(secret, me),
        "who": me,
        "required": factor.is_required(session(), me),
    }
    if not form.validate_on_submit():
        return page("enrol", form, **shown)
    try:
        codes = factor.confirm(session(), me, form.code.data or "", at=clock.now())
        staff_id = me.id
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        form.code.errors = [str(refusal)]
        return page("enrol", form, **shown)
    return codes_page(staff_id, codes, url_for(ACCOUNT))


@bp.route("/me/factor/codes", methods=["GET", "POST"])
@staff_only
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes."""

    def act(me: Staff) -> ResponseReturnValue:
        codes, staff_id = factor.renew_codes(session(), me, at=clock.now()), me.id
        db.session.commit()
        return codes_page(staff_id, codes, url_for(ACCOUNT))

    return _asked(
        act,
        title="New recovery codes",
        below="You see ten new codes once. The old ones are void.",
        verb="Make new codes",
    )


@bp.route("/me/factor/remove", methods=["GET", "POST"])
@staff_only
def give_up_factor() -> ResponseReturnValue:
    """Do without the second factor, where none is required."""

    def act(me: Staff) -> ResponseReturnValue:
        factor.give_up(session(), me, at=clock.now())
        db.session.commit()
        flash("Your second factor is removed. The password alone lets you in.", "done")
        return redirect(url_for(ACCOUNT), 303)

    return _asked(
        act,
        title="Remove your second factor",
        below="The password alone will let you in, and anyone who knows it.",
        verb="Remove it",
    )


def _asked(act: Callable[[Staff], ResponseReturnValue], **words: Any) -> ResponseReturnValue:
    """Ask for the password before the second factor is touched, then do it."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return page("begin_factor", form, **words)
    try:
        sessions.confirm_password(form.password.data or "")
        return act(sessions.signed_in())
    except Refused as refusal:
        return refused("begin_factor", form, refusal, **words)
