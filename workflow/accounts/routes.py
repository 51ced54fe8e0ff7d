"""What a browser may ask about accounts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from workflow import clock, sessions
from workflow.access import local, permits, public, staff_only
from workflow.accounts import actions, demo
from workflow.accounts.forms import (
    AddStaffForm,
    ChangePasswordForm,
    NewPasswordForm,
    SetUpForm,
    SignInForm,
    StaffForm,
)
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission, Role
from workflow.extensions import db, session
from workflow.forms import CleanForm
from workflow.models.installation import Installation, Kind
from workflow.models.staff import SignIn, Staff

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask who is there."""
    onward = local(request.args.get("next", ""), "/")
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.is_submitted() else 200)
    staff = sessions.check_password(
        actions.folded(form.username.data or ""), form.password.data or ""
    )
    if staff is None:
        form.form_errors.append(sessions.WRONG)
        return _sign_in_page(form, 422)
    response = redirect(onward, 303)
    sessions.sign_in(staff.id, response)
    return response


def _sign_in_page(form: SignInForm, status: int) -> ResponseReturnValue:
    row = session().get(Installation, 1)
    demo_staff = demo.DEMO_STAFF if row and row.kind is Kind.DEMO else ()
    return render_template(
        "accounts/sign_in.html",
        form=form,
        demo_staff=demo_staff,
        demo_password=demo.DEMO_PASSWORD if demo_staff else "",
        can_be_set_up=actions.can_be_set_up(session()),
    ), status


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
        return _page("set_up", form)
    try:
        staff_id = _set_up(form).id
        db.session.commit()
    except Refused as refusal:
        return _refused("set_up", form, refusal)
    said = "The clinic is set up. Add the people who work here."
    return _begin_anew(staff_id, ".staff_list", said)


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


@bp.get("/staff")
@permits(Permission.MANAGE_STAFF)
def staff_list() -> ResponseReturnValue:
    """List who works here."""
    people = session().scalars(select(Staff).order_by(Staff.active.desc(), Staff.name)).all()
    return render_template("accounts/staff.html", people=people)


@bp.route("/staff/new", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def add() -> ResponseReturnValue:
    """Add someone."""
    form = AddStaffForm()
    if not form.validate_on_submit():
        return _page("add", form)
    try:
        name = _add(form).name
        db.session.commit()
    except Refused as refusal:
        return _refused("add", form, refusal)
    flash(f"{name} may sign in now.", "done")
    return redirect(url_for(".staff_list"), 303)


def _add(form: AddStaffForm) -> Staff:
    return actions.add_staff(
        session(),
        username=form.username.value,
        name=form.name.value,
        credentials=form.credentials.value or "",
        role=Role(form.role.value or ""),
        password=form.password.data,
        by=sessions.signed_in(),
        at=clock.now(),
    )


@bp.route("/staff/<id:staff_id>", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def edit(staff_id: int) -> ResponseReturnValue:
    """Change what someone is called and may do."""
    someone = db.get_or_404(Staff, staff_id)
    form = StaffForm(obj=someone)
    if not form.validate_on_submit():
        return _page("edit", form, someone=someone)
    try:
        _change(someone, form)
        db.session.commit()
    except Refused as refusal:
        return _refused("edit", form, refusal, someone=someone)
    flash(f"{form.name.value}: saved.", "done")
    return redirect(url_for(".staff_list"), 303)


def _change(someone: Staff, form: StaffForm) -> None:
    actions.change_staff(
        session(),
        someone,
        name=form.name.value,
        credentials=form.credentials.value or "",
        role=Role(form.role.value or ""),
        active=form.active.data,
        seen=form.seen,
        by=sessions.signed_in(),
        at=clock.now(),
    )


@bp.route("/staff/<id:staff_id>/password", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def give_password(staff_id: int) -> ResponseReturnValue:
    """Give someone a new password; their sign-ins end."""
    someone = db.get_or_404(Staff, staff_id)
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _page("give_password", form, someone=someone)
    try:
        actions.set_password(
            session(), someone, form.password.data, by=sessions.signed_in(), at=clock.now()
        )
        db.session.commit()
    except Refused as refusal:
        return _refused("give_password", form, refusal, someone=someone)
    flash("The new password holds from now on.", "done")
    return redirect(url_for(".staff_list"), 303)


@bp.get("/me/sign-ins")
@staff_only
def my_sign_ins() -> ResponseReturnValue:
    """Show where the person is signed in."""
    me = sessions.signed_in()
    rows = sessions.standing(me.id, clock.now())
    who = sessions.person()
    return render_template(
        "accounts/sign_ins.html", rows=rows, here=who.sign_in_id if who else None
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
    sessions.revoke(sign_in_id, by=who.actor)
    flash("That sign-in has ended.", "done")
    return redirect(url_for(".my_sign_ins"), 303)


@bp.route("/me/password", methods=["GET", "POST"])
@staff_only
def change_password() -> ResponseReturnValue:
    """Let the person choose a new password; every sign-in ends and this one begins anew."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _page("change_password", form)
    try:
        sessions.confirm_password(form.current.data or "")
        me = sessions.signed_in()
        actions.set_password(session(), me, form.password.data, by=me, at=clock.now())
        staff_id = me.id
        db.session.commit()
    except Refused as refusal:
        return _refused("change_password", form, refusal)
    return _begin_anew(staff_id, ".my_sign_ins", "The new password holds from now on.")


def _begin_anew(staff_id: int, endpoint: str, said: str) -> Response:
    db.session.rollback()
    response = redirect(url_for(endpoint), 303)
    sessions.sign_in(staff_id, response)
    flash(said, "done")
    return response


def _page(name: str, form: CleanForm, status: int = 0, **values: Any) -> ResponseReturnValue:
    status = status or (422 if form.is_submitted() else 200)
    return render_template(f"accounts/{name}.html", form=form, **values), status


def _refused(name: str, form: CleanForm, refusal: Refused, **values: Any) -> ResponseReturnValue:
    """Show the page again with the sentence; what was typed stays."""
    db.session.rollback()
    form.form_errors.append(str(refusal))
    return _page(name, form, 409 if isinstance(refusal, actions.Stale) else 422, **values)
