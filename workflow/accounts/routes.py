"""Let people in: the password, the second factor, the first administrator, a forgotten password."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from workflow import clock, database, frame, sessions
from workflow.access import local, public
from workflow.accounts import actions, demo, factor, links
from workflow.accounts.forms import CodeForm, NewPasswordForm, SetUpForm, SignInForm
from workflow.accounts.pages import page, refused
from workflow.accounts.picture import picture_of
from workflow.domain.errors import Refused
from workflow.extensions import db, session
from workflow.models.staff import Staff

bp = Blueprint("accounts", __name__)

BEGIN_AGAIN = "Give your password again: the code was not entered in time."


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask who is there."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.is_submitted() else 200)
    staff = sessions.check_password(
        actions.folded(form.username.data or ""), form.password.data or ""
    )
    if staff is None:
        form.form_errors.append(sessions.WRONG)
        return _sign_in_page(form, 422)
    return _after_password(staff.id, _onward())


def _onward() -> str:
    return local(request.args.get("next", ""), "/")


def _sign_in_page(form: SignInForm, status: int) -> ResponseReturnValue:
    demo_staff = demo.DEMO_STAFF if frame.is_demo() else ()
    return render_template(
        "accounts/sign_in.html",
        form=form,
        demo_staff=demo_staff,
        demo_password=demo.DEMO_PASSWORD if demo_staff else "",
        can_be_set_up=actions.can_be_set_up(session()),
    ), status


def _after_password(staff_id: int, onward: str) -> Response:
    """Lead on: in, to the code, or to setting up the second factor that this role needs."""
    with database.transaction(db.engine) as writing:
        staff = writing.get_one(Staff, staff_id)
        needed = factor.needed(writing, staff)
        if needed is factor.Needed.ENROLMENT:
            factor.begin(writing, staff)
    if needed is factor.Needed.NOTHING:
        response = redirect(onward, 303)
        sessions.sign_in(staff_id, response)
        return response
    step = ".enter_code" if needed is factor.Needed.CODE else ".enrol"
    response = redirect(url_for(step, next=onward), 303)
    sessions.begin(staff_id, response)
    return response


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code() -> ResponseReturnValue:
    """Ask for the second factor, once the password was right."""
    staff_id = sessions.begun()
    if staff_id is None:
        return _begin_again()
    form = CodeForm()
    if not form.validate_on_submit():
        return page("code", form)
    with database.transaction(db.engine) as writing:
        staff = writing.get_one(Staff, staff_id)
        proven = factor.proves(writing, staff, form.code.data or "", at=clock.now())
        left = factor.codes_left(writing, staff)
    if not proven:
        form.code.errors = [factor.WRONG]
        return page("code", form)
    response = redirect(_onward(), 303)
    sessions.sign_in(staff_id, response)
    if left < factor.FEW_CODES:
        flash(f"You have {left} recovery codes left. Make new ones on your account page.", "note")
    return response


@bp.route("/sign-in/enrol", methods=["GET", "POST"])
@public
def enrol() -> ResponseReturnValue:
    """Set up the second factor that this role needs, and come in."""
    staff_id = sessions.begun()
    staff = session().get(Staff, staff_id) if staff_id else None
    secret = factor.pending_secret(session(), staff) if staff else None
    if staff is None or secret is None:
        return _begin_again()
    form = CodeForm()
    shown: dict[str, Any] = {
        "secret": secret,
        "picture": picture_of(secret, staff),
        "who": staff,
        "required": True,
    }
    if not form.validate_on_submit():
        return page("enrol", form, **shown)
    try:
        codes = factor.confirm(session(), staff, form.code.data or "", at=clock.now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        form.code.errors = [str(refusal)]
        return page("enrol", form, **shown)
    return codes_page(staff.id, codes, _onward())


def codes_page(staff_id: int, codes: list[str], onward: str) -> Response:
    """Show new recovery codes, this once, in a sign-in that begins anew."""
    db.session.rollback()
    response = Response(status=200, mimetype="text/html")
    sessions.sign_in(staff_id, response)
    response.set_data(
        render_template("accounts/recovery_codes.html", codes=codes, onward=onward, form=None)
    )
    return response


def _begin_again() -> Response:
    flash(BEGIN_AGAIN, "note")
    return redirect(url_for(".sign_in", next=_onward()), 303)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this sign-in; also where it has already ended."""
    response = redirect(url_for(".sign_in"), 303)
    sessions.sign_out(response)
    return response


@bp.route("/setup", methods=["GET", "POST"])
@public
def set_up() -> ResponseReturnValue:
    """Make the first administrator; gone once there is one."""
    if not actions.can_be_set_up(session()):
        raise NotFound
    form = SetUpForm()
    if not form.validate_on_submit():
        return page("set_up", form)
    try:
        staff_id = _set_up(form).id
        db.session.commit()
    except Refused as refusal:
        return refused("set_up", form, refusal)
    return _after_password(staff_id, url_for("people.staff_list"))


def _set_up(form: SetUpForm) -> Staff:
    return actions.set_up(
        session(),
        form.token.data or "",
        username=form.username.value,
        name=form.name.value,
        credentials=form.credentials.value or "",
        password=form.password.data,
        at=clock.now(),
    )


@bp.route("/password/<token>", methods=["GET", "POST"])
@public
def choose_password(token: str) -> ResponseReturnValue:
    """Let whoever holds a one-time link choose a new password; then they sign in with it."""
    form = NewPasswordForm()
    if not links.is_good(session(), token, at=clock.now()):
        raise NotFound
    if not form.validate_on_submit():
        return page("choose_password", form)
    try:
        links.spend(session(), token, form.password.data, at=clock.now())
        db.session.commit()
    except Refused as refusal:
        return refused("choose_password", form, refusal)
    flash("The new password holds from now on. Sign in with it.", "done")
    return redirect(url_for(".sign_in"), 303)
