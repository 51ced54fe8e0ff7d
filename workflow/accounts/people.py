"""Let an administrator say who works here, what each may do, and help those who are locked out."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from workflow import clock, frame, sessions, signins
from workflow.access import permits
from workflow.accounts import actions, factor, links
from workflow.accounts.forms import AddStaffForm, ConfirmedForm, RevisedForm, StaffForm, SuspendForm
from workflow.accounts.pages import confirm_unless_fresh, page, refused
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission, Role
from workflow.extensions import db, session
from workflow.models.factor import SecondFactor
from workflow.models.staff import SignIn, Staff

bp = Blueprint("people", __name__)


@bp.get("/staff")
@permits(Permission.MANAGE_STAFF)
def staff_list() -> ResponseReturnValue:
    """List who works here."""
    people = session().scalars(select(Staff).order_by(Staff.active.desc(), Staff.name)).all()
    proven = select(SecondFactor.staff_id).where(SecondFactor.secret.is_not(None))
    return render_template(
        "accounts/staff.html",
        people=people,
        with_factor=set(session().scalars(proven)),
        needs_factor=_needs_factor,
    )


@bp.route("/staff/new", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def add() -> ResponseReturnValue:
    """Add someone, with a first password or a link by which they choose their own."""
    form = AddStaffForm()
    if not form.validate_on_submit():
        return page("add", form)
    try:
        confirm_unless_fresh(form)
        added, token = _add(form)
        db.session.commit()
    except Refused as refusal:
        return refused("add", form, refusal)
    if token:
        return _link_page(added, token)
    flash(f"{added.name} may sign in now.", "done")
    return redirect(url_for(".staff_list"), 303)


def _add(form: AddStaffForm) -> tuple[Staff, str]:
    by, at = sessions.signed_in(), clock.now()
    added = actions.add_staff(
        session(),
        username=form.username.value,
        name=form.name.value,
        credentials=form.credentials.value or "",
        role=Role(form.role.value or ""),
        password=form.password.data or None,
        by=by,
        at=at,
    )
    return added, "" if form.password.data else links.make(session(), added, by=by, at=at)


@bp.route("/staff/<id:staff_id>", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def edit(staff_id: int) -> ResponseReturnValue:
    """Show someone's entry and access; change what they are called and may do."""
    someone = db.get_or_404(Staff, staff_id)
    form = StaffForm(obj=someone)
    if not form.validate_on_submit():
        return page("edit", form, **_access_of(someone))
    try:
        confirm_unless_fresh(form)
        someone = db.get_or_404(Staff, staff_id)
        actions.change_staff(
            session(),
            someone,
            name=form.name.value,
            credentials=form.credentials.value or "",
            role=Role(form.role.value or ""),
            seen=form.seen,
            by=sessions.signed_in(),
            at=clock.now(),
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return refused("edit", form, refusal, **_access_of(db.get_or_404(Staff, staff_id)))
    flash(f"{form.name.value}: saved.", "done")
    return redirect(url_for(".staff_list"), 303)


def _access_of(someone: Staff) -> dict[str, Any]:
    now = clock.now()
    return {
        "someone": someone,
        "mine": someone.id == sessions.signed_in().id,
        "has_factor": factor.is_set_up(session(), someone),
        "rows": signins.standing(session(), someone.id, now),
        "is_locked": lambda row: signins.is_locked(row, now),
        "end_of_theirs": lambda row: url_for(
            ".end_sign_in", staff_id=row.staff_id, sign_in_id=row.id
        ),
        "needs_factor": _needs_factor,
    }


def _needs_factor(someone: Staff) -> bool:
    return factor.is_required(session(), someone)


def _step(
    staff_id: int,
    form: ConfirmedForm,
    act: Callable[[Staff], ResponseReturnValue],
    name: str = "confirm",
    **words: str,
) -> ResponseReturnValue:
    """Ask before something is done to someone's access; do it once it is sure who asks."""
    someone = db.get_or_404(Staff, staff_id)
    said: dict[str, Any] = {key: text.format(name=someone.name) for key, text in words.items()}
    if not form.validate_on_submit():
        return page(name, form, someone=someone, **said)
    try:
        confirm_unless_fresh(form)
        response = act(db.get_or_404(Staff, staff_id))
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return refused(name, form, refusal, someone=db.get_or_404(Staff, staff_id), **said)
    return response


def _done(staff_id: int, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for(".edit", staff_id=staff_id), 303)


@bp.route("/staff/<id:staff_id>/suspend", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def suspend(staff_id: int) -> ResponseReturnValue:
    """Keep someone out from their next request on."""
    form = SuspendForm(obj=db.get_or_404(Staff, staff_id))

    def act(someone: Staff) -> ResponseReturnValue:
        by, at = sessions.signed_in(), clock.now()
        actions.suspend(session(), someone, reason=form.reason.value, seen=form.seen, by=by, at=at)
        return _done(staff_id, f"{someone.name} is suspended, and signed out everywhere.")

    return _step(staff_id, form, act, "suspend")


@bp.route("/staff/<id:staff_id>/reinstate", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def reinstate(staff_id: int) -> ResponseReturnValue:
    """Let a suspended person sign in again."""
    form = RevisedForm(obj=db.get_or_404(Staff, staff_id))

    def act(someone: Staff) -> ResponseReturnValue:
        by = sessions.signed_in()
        actions.reinstate(session(), someone, seen=form.seen, by=by, at=clock.now())
        return _done(staff_id, f"{someone.name} may sign in again.")

    return _step(
        staff_id,
        form,
        act,
        title="Reinstate {name}?",
        below="They may sign in again, with the password and second factor they had.",
        verb="Reinstate",
    )


@bp.route("/staff/<id:staff_id>/password-link", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def password_link(staff_id: int) -> ResponseReturnValue:
    """Make a one-time link by which someone chooses a new password."""

    def act(someone: Staff) -> ResponseReturnValue:
        token = links.make(session(), someone, by=sessions.signed_in(), at=clock.now())
        return _link_page(someone, token)

    return _step(
        staff_id,
        ConfirmedForm(),
        act,
        title="A password link for {name}",
        below="You see the link once, and hand it over yourself. It is good for 24 hours, and "
        "once. The present password holds until it is used.",
        verb="Make the link",
    )


def _link_page(someone: Staff, token: str) -> ResponseReturnValue:
    path = url_for("accounts.choose_password", token=token)
    site = frame.clinic().site or request.host_url.rstrip("/")
    return render_template("accounts/link.html", someone=someone, link=f"{site}{path}")


@bp.route("/staff/<id:staff_id>/factor/reset", methods=["GET", "POST"])
@permits(Permission.MANAGE_STAFF)
def reset_factor(staff_id: int) -> ResponseReturnValue:
    """Remove someone's lost second factor."""

    def act(someone: Staff) -> ResponseReturnValue:
        factor.reset(session(), someone, by=sessions.signed_in(), at=clock.now())
        return _done(staff_id, f"The second factor of {someone.name} is reset.")

    return _step(
        staff_id,
        ConfirmedForm(),
        act,
        title="Reset the second factor of {name}?",
        below="Be sure that it is they who ask: see them, or call them back. All their sign-ins "
        "end. Where a second factor is required they set up a new one when they next sign in.",
        verb="Reset it",
    )


@bp.post("/staff/<id:staff_id>/sign-ins/<id:sign_in_id>/end")
@permits(Permission.MANAGE_STAFF)
def end_sign_in(staff_id: int, sign_in_id: int) -> ResponseReturnValue:
    """End one of someone's sign-ins, on a lost tablet for instance; this only ever takes away."""
    who, row = sessions.person(), session().get(SignIn, sign_in_id)
    if who is None or row is None or row.staff_id != staff_id:
        raise NotFound
    db.session.rollback()
    signins.revoke(db.engine, sign_in_id, by=who.actor, at=clock.now())
    flash("That sign-in has ended.", "done")
    return redirect(url_for(".edit", staff_id=staff_id), 303)
