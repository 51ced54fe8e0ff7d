"""Keep the directory of who refers patients, so that a name is picked and not typed anew."""

import re
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, HiddenField

from workflow import audit, clock, sessions
from workflow.access import permits
from workflow.accounts.actions import Stale
from workflow.accounts.pages import page, refused
from workflow.domain import contact
from workflow.domain.entry import folded
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.forms import Clean, CleanForm, Line
from workflow.models.referrer import Referrer
from workflow.models.staff import Staff

bp = Blueprint("referrers", __name__)

MOST_SHOWN = 200
CHANGED = "Someone else changed this entry after you opened it. Look at it again."
_FIELDS = ("name", "practice", "phone", "email", "active")


class ReferrerForm(CleanForm):
    """Who refers patients, and how they are reached."""

    revision = HiddenField()
    name = Line("Name", required="Type a name.", longest=80, hint="A person or a practice.")
    practice = Line("Practice", longest=80)
    phone = Clean("Phone", contact.phone)
    email = Clean("E-mail", contact.email)
    active = BooleanField("Offered when a patient is registered", default=True)

    @property
    def seen(self) -> int:
        """The revision that was read; 0, which none has, where it is no number."""
        text = self.revision.data or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0

    def read(self) -> dict[str, object]:
        """Return what was typed; call it after the form has been found valid."""
        texts = {name: getattr(self, name).value or "" for name in _FIELDS[:-1]}
        return {**texts, "active": bool(self.active.data)}


@bp.get("/settings/referrers")
@permits(Permission.MANAGE_SETTINGS)
def show() -> ResponseReturnValue:
    """List who refers patients; those still offered first."""
    typed = request.args.get("q", "").strip()[:80]
    wanted = folded(typed) or typed  # a key holds letters and digits: a sign alone finds nobody
    statement = select(Referrer).where(Referrer.name_key.contains(wanted, autoescape=True))
    ordered = statement.order_by(Referrer.active.desc(), Referrer.name_key)
    found = session().scalars(ordered.limit(MOST_SHOWN + 1)).all()
    return render_template(
        "accounts/referrers.html", found=found[:MOST_SHOWN], more=len(found) > MOST_SHOWN, q=typed
    )


@bp.route("/settings/referrers/new", methods=["GET", "POST"])
@permits(Permission.MANAGE_SETTINGS)
def add() -> ResponseReturnValue:
    """Add someone who refers patients."""
    form = ReferrerForm()
    if not form.validate_on_submit():
        return page("referrer", form, known=None)
    try:
        keep(session(), Referrer(), form.read(), by=sessions.signed_in(), at=clock.now())
        db.session.commit()
    except Refused as refusal:
        return refused("referrer", form, refusal, known=None)
    flash(f"{form.name.value} is offered from now on.", "done")
    return redirect(url_for(".show"), 303)


@bp.route("/settings/referrers/<id:referrer_id>", methods=["GET", "POST"])
@permits(Permission.MANAGE_SETTINGS)
def edit(referrer_id: int) -> ResponseReturnValue:
    """Change an entry; what was registered with it stays as it was."""
    known = db.get_or_404(Referrer, referrer_id)
    form = ReferrerForm(obj=known)
    if not form.validate_on_submit():
        return page("referrer", form, known=known)
    try:
        if known.revision != form.seen:
            return refused("referrer", form, Stale(CHANGED), known=known)
        keep(session(), known, form.read(), by=sessions.signed_in(), at=clock.now())
        db.session.commit()
    except Refused as refusal:
        return refused("referrer", form, refusal, known=db.get_or_404(Referrer, referrer_id))
    flash(f"{form.name.value}: saved.", "done")
    return redirect(url_for(".show"), 303)


def keep(
    session: Session, entry: Referrer, read: dict[str, object], *, by: Staff, at: datetime
) -> None:
    """Store an entry, new or changed; raises Refused where the same one is there already."""
    name, practice = str(read["name"]), str(read["practice"])
    key = folded(f"{name} {practice}")
    twin = session.scalars(
        select(Referrer).where(Referrer.name_key == key, Referrer.id != (entry.id or 0))
    ).first()
    if twin is not None:
        raise Refused(f"{twin.printed} is in the directory already.")
    for field, value in read.items():
        setattr(entry, field, value)
    entry.name_key = key
    session.add(entry)
    session.flush()
    audit.record(session, "referrer.save", "referrer", entry.id, by=by, at=at, detail=dict(read))
