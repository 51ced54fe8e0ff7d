"""Decide who a browser is: sign-ins the server keeps, can end, and lets expire.

The cookie is 256 random bits; only its hash is stored. A sign-in ends after 15 idle minutes, after
12 hours in any case, when signed out, when revoked, and when its person is no longer active.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import flask
from flask import Request, current_app, g, request
from flask_login import current_user
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from workflow import attempts, audit, browsers, clock, database
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission, Role, may
from workflow.extensions import db, session
from workflow.models.base import yes
from workflow.models.staff import SignIn, Staff

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
FRESH = timedelta(minutes=5)
MOST_AT_ONCE = 3
# A page a second would otherwise be a write a second; the idle limit may come this much early.
NOTED_EVERY = timedelta(seconds=30)

WRONG = (
    "The username or the password is not right, or too many were tried. "
    "Wait a quarter of an hour, or ask an administrator."
)
NOT_CONFIRMED = "The password is not right, or too many were tried. Nothing was signed or saved."

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


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
    return g.get("_login_user") if current_user.is_authenticated else None


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
    token = asking.cookies.get(cookie_name(), "")
    if not _TOKEN.fullmatch(token):
        return None
    with database.glance(db.engine) as reading:
        row = reading.execute(
            select(SignIn, Staff)
            .join(Staff, SignIn.staff_id == Staff.id)
            .where(SignIn.token_hash == _digest(token), SignIn.ended_at.is_(None))
            .where(yes(Staff.active))
        ).first()
    if row is None:
        return None
    sign_in, staff = row
    if not _stands(sign_in, clock.now(), noted=not _is_poll(asking)):
        return None
    return Person(
        id=staff.id,
        username=staff.username,
        name=staff.name,
        credentials=staff.credentials,
        role=staff.role,
        sign_in_id=sign_in.id,
        confirmed_at=sign_in.confirmed_at,
    )


def _stands(sign_in: SignIn, now: datetime, *, noted: bool) -> bool:
    seen, expires = sign_in.seen_at, sign_in.expires_at
    if now < seen:
        # The clock was set back: what was left of the sign-in stays what it was.
        seen, expires = now, expires - (seen - now)
    elif now >= expires or now - seen >= IDLE:
        return False
    elif noted and now - seen >= NOTED_EVERY:
        seen = now
    if seen != sign_in.seen_at:
        with database.transaction(db.engine) as writing:
            writing.execute(
                update(SignIn)
                .where(SignIn.id == sign_in.id)
                .values(seen_at=seen, expires_at=expires)
            )
    return now < expires


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


def sign_in(staff_id: int, response: Response) -> None:
    """Begin a sign-in for this person and give the browser its cookie; commits."""
    now = clock.now()
    token = secrets.token_urlsafe(32)
    with database.transaction(db.engine) as writing:
        staff = writing.get_one(Staff, staff_id)
        _end_the_oldest(writing, staff_id, now)
        _end_this_browsers(writing, now)
        row = SignIn(
            staff_id=staff_id,
            token_hash=_digest(token),
            started_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
            confirmed_at=now,
            ended_at=None,
            address=_address(),
            browser=browsers.named(request.user_agent.string),
        )
        writing.add(row)
        attempts.forget(writing, staff_id, _address())
        writing.flush()
        audit.origin.set(audit.Origin(row.id, _address()))
        audit.record(writing, "sign in", "staff", staff_id, by=staff, at=now)
    flask.session.clear()
    _give_cookie(response, token)


def reauthenticate(password: str, response: Response) -> None:
    """Confirm the password and give the sign-in a new cookie; raises Refused; commits."""
    confirm_password(password)
    who, token = person(), secrets.token_urlsafe(32)
    if who is None:
        raise Refused(NOT_CONFIRMED)
    now = clock.now()
    with database.transaction(db.engine) as writing:
        row = writing.get_one(SignIn, who.sign_in_id)
        row.token_hash, row.confirmed_at, row.seen_at = _digest(token), now, now
        audit.record(writing, "confirm password", "staff", who.id, by=who.actor, at=now)
    _give_cookie(response, token)


def is_fresh() -> bool:
    """Say whether the signed-in person gave their password within the last five minutes."""
    who = person()
    return who is not None and timedelta(0) <= clock.now() - who.confirmed_at <= FRESH


def sign_out(response: Response) -> None:
    """End this browser's sign-in, and have it forget what it saw; commits."""
    who = person()
    if who is not None:
        revoke(who.sign_in_id, by=who.actor)
    flask.session.clear()
    response.delete_cookie(cookie_name(), secure=is_secure(), httponly=True, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def revoke(sign_in_id: int, *, by: audit.Actor) -> None:
    """End a sign-in, this one or another of the same person; commits."""
    now = clock.now()
    with database.transaction(db.engine) as writing:
        row = writing.get(SignIn, sign_in_id)
        if row is not None and row.ended_at is None:
            row.ended_at = now
            audit.record(writing, "sign out", "sign-in", sign_in_id, by=by, at=now)


def standing(staff_id: int, now: datetime) -> list[SignIn]:
    """Return the person's sign-ins that have not ended, the newest first."""
    rows = session().scalars(
        select(SignIn)
        .where(
            SignIn.staff_id == staff_id,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            SignIn.seen_at > now - IDLE,
        )
        .order_by(SignIn.id.desc())
    )
    return list(rows)


def _end_the_oldest(writing: Session, staff_id: int, now: datetime) -> None:
    open_rows = writing.scalars(
        select(SignIn)
        .where(SignIn.staff_id == staff_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    ).all()
    for row in open_rows[MOST_AT_ONCE - 1 :]:
        row.ended_at = now


def _end_this_browsers(writing: Session, now: datetime) -> None:
    token = request.cookies.get(cookie_name(), "")
    writing.execute(
        update(SignIn)
        .where(SignIn.token_hash == _digest(token), SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def _give_cookie(response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(), token, path="/", secure=is_secure(), httponly=True, samesite="Strict"
    )


def is_secure() -> bool:
    """Say whether cookies travel over TLS only."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _address() -> str:
    return request.remote_addr or ""
