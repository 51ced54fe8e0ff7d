"""Decide who a browser is, by the one cookie it was given.

The cookie is 256 random bits; only its hash is stored, with the sign-in it names (`signins.py`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import flask
from flask import Request, current_app, g, request
from flask_login import current_user
from sqlalchemy import Row, select
from werkzeug.wrappers import Response

from workflow import attempts, audit, browsers, clock, database, signins, tablets
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission, Role, may
from workflow.extensions import db, session
from workflow.models.staff import Staff

WRONG = (
    "The username or the password is not right, or too many were tried. "
    "Wait a quarter of an hour, or ask an administrator."
)
STILL_LOCKED = "The password is not right, or too many were tried. What you typed is still here."
STILL_HANDED = "The password is not right, or too many were tried. What was answered is saved."
ENDED = "This sign-in has ended."
NOT_CONFIRMED = "The password is not right, or too many were tried. Nothing was signed or saved."


@dataclass(frozen=True)
class Person:
    """Who is signed in, as this request needs to know it."""

    id: int
    username: str
    name: str
    credentials: str
    role: Role
    sign_in_id: int
    confirmed_at: datetime

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def may(self, permission: Permission) -> bool:
        """Say whether this person's role holds the permission."""
        return may(self.role, permission)

    def get_id(self) -> str:
        """Return what Flask-Login calls a user id."""
        return str(self.id)

    @cached_property
    def actor(self) -> audit.Actor:
        """Who the audit log names."""
        return audit.Actor(self.id, self.name, self.role)


def person() -> Person | None:
    """Return who is signed in, or None."""
    # Flask-Login loads it once a request; its proxy is not ours to hand around.
    who = g.get("_login_user")
    if who is None and current_user.is_authenticated:
        who = g.get("_login_user")
    return who if isinstance(who, Person) else None


def signed_in() -> Staff:
    """Return the signed-in person's row, in this request's session, to be given as `by=`."""
    who = person()
    if who is None:
        raise LookupError("Nobody is signed in.")
    staff = session().get(Staff, who.id)
    if staff is None:
        raise LookupError("The signed-in person is gone.")
    return staff


def cookie_name() -> str:
    """Return the cookie's name; the prefix makes browsers insist on TLS and on this host."""
    return "__Host-sid" if is_secure() else "sid"


def identify(asking: Request) -> Person | None:
    """Return who this request comes from, and note that they were here (a poll is not)."""
    only_reads = asking.method in ("GET", "HEAD") and database.in_use() is database.Mode.READING
    found = _named_by(asking.cookies.get(cookie_name(), ""), reads=only_reads)
    if found is None or not signins.stands(
        db.engine, found, clock.now(), noted=not _is_poll(asking)
    ):
        return None
    return Person(
        id=found.staff_id,
        username=found.username,
        name=found.name,
        credentials=found.credentials,
        role=found.role,
        sign_in_id=found.id,
        confirmed_at=found.confirmed_at,
    )


def _named_by(cookie: str, *, reads: bool) -> Row[Any] | None:
    """Look a cookie up: where the page only reads, in the transaction it reads in anyway."""
    if reads:
        return signins.who(session().connection(), cookie)
    with database.plainly(db.engine, database.Mode.READING) as reading:
        return signins.who(reading, cookie)


def _is_poll(asking: Request) -> bool:
    view = current_app.view_functions.get(asking.endpoint or "")
    return asking.headers.get("X-Poll") == "1" or getattr(view, "polls", False)


def check_password(username: str, password: str) -> Staff | None:
    """Return the active person this name and password belong to, else None, in the same time.

    Call it before anything is changed in the request's session.
    """
    with database.glance(db.engine) as reading:
        staff = reading.scalars(select(Staff).where(Staff.username == username)).first()
    fits = attempts.password_fits(db.engine, staff, password, _address(), clock.now())
    return staff if fits else None


def confirm_password(password: str) -> None:
    """Make sure that the signed-in person is the one typing; raises Refused, and counts it.

    Call it before anything is changed in the request's session: it ends that transaction.
    """
    who = person()
    if session().new or session().dirty or session().deleted:
        raise RuntimeError("Confirm the password before anything is changed.")
    session().rollback()
    if who is None:
        raise Refused(NOT_CONFIRMED)
    with database.glance(db.engine) as reading:
        staff = reading.get(Staff, who.id)
    if not attempts.password_fits(db.engine, staff, password, _address(), clock.now()):
        raise Refused(NOT_CONFIRMED)


def begin(staff_id: int, response: Response) -> None:
    """Note that the password was right, and that a second factor is awaited; commits."""
    _enter(staff_id, response, passed=False)


def begun() -> int | None:
    """Return whose second factor this browser's sign-in awaits, or None."""
    found = signins.find(db.engine, _cookie(), signins.BEGUN)
    if found is None or not timedelta(0) <= clock.now() - found[0].started_at < signins.BEGUN_FOR:
        return None
    return found[1].id


def sign_in(staff_id: int, response: Response) -> None:
    """Begin a sign-in for this person and give the browser its cookie; commits."""
    _enter(staff_id, response, passed=True)


def _enter(staff_id: int, response: Response, *, passed: bool) -> None:
    now = clock.now()
    with database.transaction(db.engine) as writing:
        token, row = signins.add(
            writing,
            staff_id,
            passed=passed,
            address=_address(),
            browser=browsers.named(request.user_agent.string),
            instead_of=_cookie(),
            at=now,
        )
        if passed:
            attempts.forget(writing, staff_id, _address())
        audit.origin.set(audit.Origin(row.id, _address()))
        action = "sign in" if passed else "give password"
        audit.record(writing, action, "staff", staff_id, by=row.staff, at=now)
    _forget_forms()
    _give_cookie(response, token)


def _forget_forms() -> None:
    """A form opened before is not good after; nor is the token this request has made so far."""
    flask.session.clear()
    g.pop("csrf_token", None)


def reauthenticate(password: str) -> None:
    """Confirm the password; the answer gives the sign-in a new cookie. Raises Refused; commits."""
    confirm_password(password)
    who = person()
    if who is None:
        raise Refused(NOT_CONFIRMED)
    now = clock.now()
    token = signins.renew(db.engine, who.sign_in_id, "confirm password", by=who.actor, at=now)

    @flask.after_this_request
    def give(response: Response) -> Response:
        _give_cookie(response, token)
        return response


def unlock(password: str, response: Response) -> bool:
    """Open this browser's locked sign-in again; False where it has ended. Raises Refused; commits.

    The second factor is not asked for: this browser's sign-in has given it within twelve hours.
    """
    found, now = signins.find(db.engine, _cookie(), signins.PASSED), clock.now()
    if found is None or now >= found[0].expires_at:
        return False
    sign_in, staff = found
    if not attempts.password_fits(db.engine, staff, password, _address(), now):
        raise Refused(STILL_LOCKED)
    audit.origin.set(audit.Origin(sign_in.id, _address()))
    by = signins.actor(staff)
    _give_cookie(response, signins.renew(db.engine, sign_in.id, "unlock", by=by, at=now))
    return True


def tablet() -> tablets.Handed | None:
    """Return the tablet that this browser is while a patient holds it, else None."""
    if "tablet" not in g:
        token = request.cookies.get(_tablet_cookie(), "")
        g.tablet = tablets.find(db.engine, token, clock.now()) if token else None
    return g.tablet  # type: ignore[no-any-return]


def put_aside(token: str, response: Response) -> None:
    """Make this browser the patient's tablet: its sign-in's cookie and forms are gone from it."""
    _forget_forms()
    response.delete_cookie(cookie_name(), secure=is_secure(), httponly=True, samesite="Strict")
    response.set_cookie(
        _tablet_cookie(), token, path="/", secure=is_secure(), httponly=True, samesite="Strict"
    )
    response.headers["Clear-Site-Data"] = '"cache"'


def take_back(handed: tablets.Handed, password: str, response: Response) -> None:
    """Give the browser its staff member's sign-in again. Raises Refused; commits."""
    with database.glance(db.engine) as reading:
        staff = reading.get(Staff, handed.staff_id)
    now = clock.now()
    if not attempts.password_fits(db.engine, staff, password, _address(), now) or staff is None:
        raise Refused(STILL_HANDED)
    audit.origin.set(audit.Origin(handed.sign_in_id, _address()))
    token = tablets.take_back(db.engine, handed, by=signins.actor(staff), at=now)
    _forget_forms()
    _give_cookie(response, token)
    response.delete_cookie(_tablet_cookie(), secure=is_secure(), httponly=True, samesite="Strict")


def _tablet_cookie() -> str:
    return "__Host-tablet" if is_secure() else "tablet"


def is_fresh() -> bool:
    """Say whether the signed-in person gave their password within the last five minutes."""
    who = person()
    return who is not None and timedelta(0) <= clock.now() - who.confirmed_at <= signins.FRESH


def sign_out(response: Response) -> None:
    """End this browser's sign-in, locked or not, and have it forget what it saw; commits."""
    found = signins.find(db.engine, _cookie(), signins.EITHER)
    if found is not None:
        signins.revoke(db.engine, found[0].id, by=signins.actor(found[1]), at=clock.now())
    _forget_forms()
    response.delete_cookie(cookie_name(), secure=is_secure(), httponly=True, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def _cookie() -> str:
    return request.cookies.get(cookie_name(), "")


def _give_cookie(response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(), token, path="/", secure=is_secure(), httponly=True, samesite="Strict"
    )


def is_secure() -> bool:
    """Say whether cookies travel over TLS only."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _address() -> str:
    return request.remote_addr or ""
