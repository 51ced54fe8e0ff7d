"""Decide how a sign-in lives: begun, passed, seen, locked, opened again, ended.

A sign-in locks after 15 idle minutes, and then opens again with the password alone, in the same
browser. It ends after 12 hours, when signed out, when revoked, and when its person is suspended.
Where a second factor is awaited it has only begun, and opens nothing yet.
"""

from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Engine, Row, bindparam, select, update
from sqlalchemy.orm import Session

from workflow import audit, database, tokens
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


def find(engine: Engine, token: str, state: ColumnElement[bool]) -> tuple[SignIn, Staff] | None:
    """Return the sign-in that a cookie names, and its active person; also where it is locked."""
    if not tokens.has_form(token):
        return None
    with database.glance(engine) as reading:
        row = reading.execute(
            select(SignIn, Staff)
            .join(Staff, SignIn.staff_id == Staff.id)
            .where(SignIn.token_hash == tokens.digest(token), SignIn.ended_at.is_(None), state)
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


def who(reading: Connection, token: str) -> Row[Any] | None:
    """Return the passed sign-in that a cookie names with its active person, as plain columns.

    Every page asks this.
    """
    if not tokens.has_form(token):
        return None
    return reading.execute(_WHO, {"digest": tokens.digest(token)}).first()


def stands(engine: Engine, sign_in: Seen, now: datetime, *, noted: bool) -> bool:
    """Say whether a sign-in opens pages now, and where `noted` keep that its person was here."""
    kept = kept_open(sign_in.seen_at, sign_in.expires_at, now, idle=IDLE, noted=noted)
    if kept is None:
        return False
    seen, expires = kept
    if seen != sign_in.seen_at:
        with database.transaction(engine) as writing:
            writing.execute(
                update(SignIn)
                .where(SignIn.id == sign_in.id)
                .values(seen_at=seen, expires_at=expires)
            )
    return now < expires


def kept_open(
    seen: datetime, ends: datetime, now: datetime, *, idle: timedelta, noted: bool
) -> tuple[datetime, datetime] | None:
    """Return when something was last used and when it ends, as to be stored; None once it is over.

    A use is noted every half minute at most, and only where `noted`.
    """
    if now < seen:
        # The clock was set back: what was left stays what it was.
        return now, ends - (seen - now)
    if now >= ends or now - seen >= idle:
        return None
    return (now if noted and now - seen >= NOTED_EVERY else seen), ends


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
        .where(SignIn.token_hash == tokens.digest(instead_of), SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    token = tokens.fresh()
    row = SignIn(
        staff=writing.get_one(Staff, staff_id),
        token_hash=tokens.digest(token),
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
    with database.transaction(engine) as writing:
        token = opened_again(writing.get_one(SignIn, sign_in_id), at)
        audit.record(writing, action, "staff", by.id, by=by, at=at)
    return token


def opened_again(sign_in: SignIn, at: datetime) -> str:
    """Return a new cookie for a sign-in; the one before opens nothing. The caller commits."""
    token = tokens.fresh()
    sign_in.expires_at -= max(
        sign_in.seen_at - at, timedelta(0)
    )  # a clock set back extends nothing
    sign_in.token_hash, sign_in.confirmed_at, sign_in.seen_at = tokens.digest(token), at, at
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
