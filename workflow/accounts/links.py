"""Let a person whose password is forgotten choose a new one, by a link that is good once.

An administrator makes the link, sees it once and hands it over; nobody but the person ever knows
the password. Only the link's hash is stored. Nothing here commits; the caller does.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.orm import Session

from workflow import audit, tokens
from workflow.accounts.actions import set_password
from workflow.domain.errors import Refused
from workflow.models.base import yes
from workflow.models.staff import PasswordLink, Staff

GOOD_FOR = timedelta(hours=24)
SPENT = "This link is no longer good. Ask an administrator for another."


def make(session: Session, staff: Staff, *, by: Staff, at: datetime) -> str:
    """Return the token of a new link; the person's earlier links are void. Raises Refused."""
    if not staff.active:
        raise Refused(f"{staff.name} is suspended. Reinstate them first.")
    session.execute(_unspent(PasswordLink.staff_id == staff.id).values(spent_at=at))
    token = tokens.fresh()
    session.add(
        PasswordLink(
            staff_id=staff.id,
            token_hash=tokens.digest(token),
            made_by_id=by.id,
            made_at=at,
            expires_at=at + GOOD_FOR,
        )
    )
    audit.record(session, "make password link", "staff", staff.id, by=by, at=at)
    return token


def is_good(session: Session, token: str, *, at: datetime) -> bool:
    """Say whether a link may still be used; looking at it spends nothing."""
    return _person(session, token, at) is not None


def spend(session: Session, token: str, password: str, *, at: datetime) -> None:
    """Set the password that was chosen with a link, once; raises Refused.

    Spending is one UPDATE: of two who send the same link at once, one wins.
    """
    staff = _person(session, token, at)
    if staff is None:
        raise Refused(SPENT)
    set_password(session, staff, password, by=None, at=at, reason="with a one-time link")
    mine = _unspent(PasswordLink.token_hash == tokens.digest(token)).values(spent_at=at)
    if not session.execute(mine.returning(PasswordLink.id)).all():
        raise Refused(SPENT)


def _person(session: Session, token: str, at: datetime) -> Staff | None:
    if not tokens.has_form(token):
        return None
    return session.scalars(
        select(Staff)
        .join(PasswordLink, PasswordLink.staff_id == Staff.id)
        .where(
            PasswordLink.token_hash == tokens.digest(token),
            PasswordLink.spent_at.is_(None),
            PasswordLink.expires_at > at,
            yes(Staff.active),
        )
    ).first()


def _unspent(which: ColumnElement[bool]) -> Update:
    return update(PasswordLink).where(which, PasswordLink.spent_at.is_(None))
