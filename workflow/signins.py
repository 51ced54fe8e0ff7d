"""Decide how a sign-in lives: begun, passed, seen, locked, opened again, ended.

A sign-in locks after 15 idle minutes, and then opens again with the password alone, in the same
browser. It ends after 12 hours, when signed out, when revoked, and when its person is suspended.
Where a second factor is awaited it has only begun, and opens nothing yet.
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Engine, Row, bindparam, select, update
from sqlalchemy.orm import Session

from workflow import audit, database
from workflow.models.base import yes
from workflow.models.staff import SignIn, Staff

IDLE = timedelta(minutes=15)
BEGUN_FOR = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
FRESH = timedelta(minutes=5)
MOST_AT_ONCE = 3
# A page a second would otherwise be a write a second; the idle limit may come this much early.
NOTED_EVERY = timedelta(seconds=30)

PASSED = SignIn.passed_at.is_not(None)
BEGUN = SignIn.passed_at.is_(None)
EITHER = SignIn.ended_at.is_(None)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def find(engine: Engine, token: str, state: ColumnElement[bool]) -> tuple[SignIn, Staff] | None:
    """Return the sign-in that a cookie names, and its active person; also where it is locked."""
    if not _TOKEN.fullmatch(token):
        return None
    with database.glance(engine) as reading:
        row = reading.execute(
            select(SignIn, Staff)
            .join(Staff, SignIn.staff_id == Staff.id)
            .where(SignIn.token_hash == _digest(token), SignIn.ended_at.is_(None), state)
            .where(yes(Staff.active))
        ).first()
    return (row[0], row[1]) if row else None


_WHO = (
    select(
        *(SignIn.id, SignIn.seen_at, SignIn.expires_at, SignIn.confirmed_at),
        *(Staff.id.label("staff_id"), Staff.username, Staff.name, Staff.credentials, Staff.role),
    )
    .join(Staff, SignIn.staff_id == Staff.id)
    .where(SignIn.token_hash == bindparam("digest"), SignIn.ended_at.is_(None), PASSED)
    .where(yes(Staff.active))
)


class Seen(Protocol):
    """What of a sign-in says whether it stands: a row of the table, or these columns of it."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def seen_at(self) -> datetime:
        """When its person was last here."""

    @property
    def expires_at(self) -> datetime:
        """When it ends."""


def who(engine: Engine, token: str) -> Row[Any] | None:
    """Return the passed sign-in that a cookie names with its active person, as plain columns.

    Every page asks this.
    """
    if not _TOKEN.fullmatch(token):
        return None
    with database.plainly(engine, database.Mode.READING) as reading:
        return reading.execute(_WHO, {"digest": _digest(token)}).first()


def stands(engine: Engine, sign_in: Seen, now: datetime, *, noted: bool) -> bool:
    """Say whether a sign-in opens pages now, and where `noted` keep that its person was here."""
    seen, expires = sign_in.seen_at, sign_in.expires_at
    if now < seen:
        # The clock was set back: what was left of the sign-in stays what it was.
        seen, expires = now, expires - (seen - now)
    elif now >= expires or now - seen >= IDLE:
        return False
    elif noted and now - seen >= NOTED_EVERY:
        seen = now
    if seen != sign_in.seen_at:
        with database.transaction(engine) as writing:
            writing.execute(
                update(SignIn)
                .where(SignIn.id == sign_in.id)
                .values(seen_at=seen, expires_at=expires)
            )
    return now < expires


def is_locked(sign_in: SignIn, now: datetime) -> bool:
    """Say whether a sign-in that has not ended waits for its person's password."""
    return now - sign_in.seen_at >= IDLE


def add(
    writing: Session,
    staff_id: int,
    *,
    passed: bool,
    address: str,
    browser: str,
    instead_of: str,
    at: datetime,
) -> tuple[str, SignIn]:
    """Add a sign-in and return its cookie; the browser's earlier one, `instead_of`, ends."""
    if passed:
        _end_the_oldest(writing, staff_id, at)
    writing.execute(
        update(SignIn)
        .where(SignIn.token_hash == _digest(instead_of), SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    token = secrets.token_urlsafe(32)
    row = SignIn(
        staff=writing.get_one(Staff, staff_id),
        token_hash=_digest(token),
        started_at=at,
        seen_at=at,
        expires_at=at + LONGEST,
        confirmed_at=at,
        passed_at=at if passed else None,
        ended_at=None,
        address=address,
        browser=browser,
    )
    writing.add(row)
    writing.flush()
    return token, row


def renew(engine: Engine, sign_in_id: int, action: str, *, by: audit.Actor, at: datetime) -> str:
    """Give a sign-in a new cookie, now that its person has given the password again; commits."""
    token = secrets.token_urlsafe(32)
    with database.transaction(engine) as writing:
        row = writing.get_one(SignIn, sign_in_id)
        row.expires_at -= max(row.seen_at - at, timedelta(0))  # a clock set back extends nothing
        row.token_hash, row.confirmed_at, row.seen_at = _digest(token), at, at
        audit.record(writing, action, "staff", by.id, by=by, at=at)
    return token


def revoke(engine: Engine, sign_in_id: int, *, by: audit.Actor, at: datetime) -> None:
    """End a sign-in, one's own or as an administrator another's; commits."""
    with database.transaction(engine) as writing:
        row = writing.get(SignIn, sign_in_id)
        if row is not None and row.ended_at is None:
            row.ended_at = at
            audit.record(writing, "sign out", "sign-in", sign_in_id, by=by, at=at)


def standing(session: Session, staff_id: int, now: datetime) -> list[SignIn]:
    """Return a person's sign-ins that have not ended, the newest first; locked ones too."""
    rows = session.scalars(
        select(SignIn)
        .where(
            SignIn.staff_id == staff_id, SignIn.ended_at.is_(None), PASSED, SignIn.expires_at > now
        )
        .order_by(SignIn.id.desc())
    )
    return list(rows)


def actor(staff: Staff) -> audit.Actor:
    """Return who the audit log names."""
    return audit.Actor(staff.id, staff.name, staff.role)


def _end_the_oldest(writing: Session, staff_id: int, now: datetime) -> None:
    open_rows = writing.scalars(
        select(SignIn)
        .where(SignIn.staff_id == staff_id, SignIn.ended_at.is_(None), PASSED)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    ).all()
    for row in open_rows[MOST_AT_ONCE - 1 :]:
        row.ended_at = now


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
