"""What the clinic does with its staff. Nothing here commits; the caller does."""

import hashlib
import secrets
import unicodedata
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from workflow import audit, passwords
from workflow.domain.errors import Refused
from workflow.domain.staff import Role
from workflow.models.base import yes
from workflow.models.installation import Installation
from workflow.models.staff import SignIn, Staff

CHANGED = "This person's entry changed after you opened it. Look at it again."
LAST_ADMINISTRATOR = "The clinic needs one active administrator. Name another one first."


class Stale(Refused):
    """What was edited is no longer what was read."""


def folded(username: str) -> str:
    """Return a username in the one form it is stored and looked up in."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def add_staff(
    session: Session,
    *,
    username: str,
    name: str,
    credentials: str,
    role: Role,
    password: str | None,
    by: Staff | None,
    at: datetime,
) -> Staff:
    """Add a member of staff, or raise Refused; `by` is None for the first one and for the CLI.

    Without a password nobody can sign in as this person before a one-time link was used.
    """
    username = folded(username)
    if not username or not username.isprintable() or " " in username:
        raise Refused("A username has no spaces, and at least one letter.")
    if session.scalar(select(func.count()).where(Staff.username == username)):
        raise Refused(f"The username {username} is already taken.")
    if password is None:
        password = secrets.token_urlsafe(32)
    passwords.check(password, username)
    staff = Staff(
        username=username,
        name=name,
        credentials=credentials,
        role=role,
        password_hash=passwords.hashed(password),
        active=True,
        created_at=at,
    )
    session.add(staff)
    session.flush()
    audit.record(
        session,
        "add",
        "staff",
        staff.id,
        by=by,
        at=at,
        detail={"username": username, "name": name, "credentials": credentials, "role": role},
    )
    return staff


def change_staff(
    session: Session,
    staff: Staff,
    *,
    name: str,
    credentials: str,
    role: Role,
    seen: int,
    by: Staff,
    at: datetime,
) -> None:
    """Change what a person is called and may do; takes effect on their next request."""
    if staff.revision != seen:
        raise Stale(CHANGED)
    if role is not Role.ADMINISTRATOR:
        _refuse_the_last(session, staff)
    before = _described(staff)
    role_changed = staff.role is not role
    staff.name, staff.credentials, staff.role = name, credentials, role
    if role_changed:
        end_sign_ins(session, staff, at=at)
    audit.record(
        session,
        "change",
        "staff",
        staff.id,
        by=by,
        at=at,
        detail={"before": before, "after": _described(staff)},
    )


def suspend(
    session: Session, staff: Staff, *, reason: str, seen: int, by: Staff, at: datetime
) -> None:
    """Keep a person out from their next request on; what they did stays theirs. Raises Refused."""
    if staff.revision != seen or not staff.active:
        raise Stale(CHANGED)
    _refuse_the_last(session, staff)
    staff.active, staff.suspended_at, staff.suspended_because = False, at, reason
    end_sign_ins(session, staff, at=at)
    audit.record(session, "suspend", "staff", staff.id, by=by, at=at, reason=reason)


def reinstate(session: Session, staff: Staff, *, seen: int, by: Staff, at: datetime) -> None:
    """Let a suspended person sign in again; raises Refused."""
    if staff.revision != seen or staff.active:
        raise Stale(CHANGED)
    staff.active, staff.suspended_at, staff.suspended_because = True, None, None
    audit.record(session, "reinstate", "staff", staff.id, by=by, at=at)


def set_password(
    session: Session,
    staff: Staff,
    password: str,
    *,
    by: Staff | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Give a person a new password and end all their sign-ins; raises Refused."""
    passwords.check(password, staff.username)
    staff.password_hash = passwords.hashed(password)
    end_sign_ins(session, staff, at=at)
    audit.record(session, "set password", "staff", staff.id, by=by, at=at, reason=reason)


def end_sign_ins(session: Session, staff: Staff, *, at: datetime) -> None:
    """End every sign-in of one person."""
    session.execute(
        update(SignIn)
        .where(SignIn.staff_id == staff.id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )


def can_be_set_up(session: Session) -> bool:
    """Say whether this clinic still waits for its first administrator."""
    waits = session.scalar(select(Installation.setup_token_hash)) is not None
    return waits and _administrators(session) == 0


def set_up(
    session: Session,
    token: str,
    *,
    username: str,
    name: str,
    credentials: str,
    password: str,
    at: datetime,
) -> Staff:
    """Make the first administrator with the one-time token, or raise Refused.

    Spending the token is one UPDATE, so that of two people who send it at once one wins.
    """
    if not can_be_set_up(session):
        raise Refused("This clinic is already set up. Sign in.")
    digest = hashlib.sha256(token.strip().encode()).hexdigest()
    spent = session.execute(
        update(Installation)
        .where(Installation.setup_token_hash == digest)
        .values(setup_token_hash=None)
        .returning(Installation.id)
    ).all()
    if not spent:
        raise Refused("This is not the set-up token that was printed. Copy it again.")
    return add_staff(
        session,
        username=username,
        name=name,
        credentials=credentials,
        role=Role.ADMINISTRATOR,
        password=password,
        by=None,
        at=at,
    )


def _administrators(session: Session) -> int:
    statement = select(func.count()).where(Staff.role == Role.ADMINISTRATOR)
    return session.scalar(statement) or 0


def _refuse_the_last(session: Session, staff: Staff) -> None:
    """The clinic is never left without someone who can let people in."""
    others = select(func.count()).where(
        Staff.role == Role.ADMINISTRATOR, yes(Staff.active), Staff.id != staff.id
    )
    leads = staff.role is Role.ADMINISTRATOR and staff.active
    if leads and not session.scalar(others):
        raise Refused(LAST_ADMINISTRATOR)


def _described(staff: Staff) -> dict[str, object]:
    return {
        "name": staff.name,
        "credentials": staff.credentials,
        "role": staff.role,
    }
