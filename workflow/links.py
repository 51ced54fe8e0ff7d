"""Decide whether a link opens a patient's papers: its token, their birth date, and the tries left.

The token is 256 bits derived from the row's nonce with a key of the installation; only its hash is
stored. A link ends after 14 days, ten openings, five wrong dates, or when staff end it. Whoever
asks learns one thing only: it opened, or it did not.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from workflow import audit, database, tokens
from workflow.domain.errors import Refused
from workflow.models.link import LinkTry, Outcome, PatientLink, Way
from workflow.models.patient import Episode
from workflow.models.staff import Staff

LASTS = timedelta(days=14)
SESSION = timedelta(minutes=15)
MOST_OPENINGS = 10
MOST_WRONG_DATES = 5
MOST_TRIES_AN_HOUR = 20
ALARM_AN_HOUR = 50

PATIENT = audit.Actor(None, "patient", "patient")


def make(
    session: Session, episode: Episode, way: Way, key: bytes, *, by: Staff, at: datetime
) -> PatientLink:
    """Add a link to an episode's papers."""
    nonce = secrets.token_hex(32)
    link = PatientLink(
        episode=episode,
        way=way,
        nonce=nonce,
        token_hash=tokens.digest(token_of(nonce, key)),
        made_by_id=by.id,
        made_at=at,
        expires_at=at + LASTS,
        openings=0,
        wrong_dates=0,
    )
    session.add(link)
    audit.record(
        session, "link.made", "link", link, by=by, at=at, patient_id=episode.patient_id, reason=way
    )
    return link


def token_of(nonce: str, key: bytes) -> str:
    """Return the token of a link: 43 characters that only the key's holder can derive."""
    derived = hmac.digest(key, nonce.encode(), "sha256")
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def ended(link: PatientLink, at: datetime) -> str | None:
    """Say why a link opens nothing any more, or None where it still does."""
    if link.revoked_at is not None:
        return "Ended by the clinic"
    if link.wrong_dates >= MOST_WRONG_DATES:
        return "Locked after five wrong dates"
    if link.openings >= MOST_OPENINGS:
        return "Opened ten times"
    if at >= link.expires_at:
        return "Over after 14 days"
    return None


def revoke(session: Session, link: PatientLink, *, by: Staff, at: datetime) -> None:
    """End a link and every page that is open through it; raises Refused where it has ended."""
    if (why := ended(link, at)) is not None:
        raise Refused(f"This link opens nothing any more: {why.lower()}.")
    link.revoked_at, link.revoked_by_id = at, by.id
    audit.record(
        session,
        "link.revoked",
        "link",
        link.id,
        by=by,
        at=at,
        patient_id=link.episode.patient_id,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that opened: the secret of the patient's session, whose hash alone is stored."""

    secret: str
    link_id: int


def try_open(
    engine: Engine, token: str, born: date, *, address: str, at: datetime
) -> Opened | None:
    """Open a link with its patient's birth date, in a transaction of its own; None = it did not.

    Every try is kept, up to twenty that failed from one address in an hour; beyond that nothing
    opens from there and nothing more is stored.
    """
    with database.transaction(engine) as writing:
        failed_here, failed_anywhere = _failures(writing, address, at - timedelta(hours=1))
        if failed_here >= MOST_TRIES_AN_HOUR:
            return None
        link = writing.scalars(
            select(PatientLink).where(PatientLink.token_hash == tokens.digest(token))
        ).first()
        outcome = _outcome(link, born, at)
        secret = tokens.fresh() if outcome is Outcome.OPENED else None
        _keep(writing, link, outcome, secret, address=address, at=at)
        if outcome is not Outcome.OPENED and failed_anywhere + 1 == ALARM_AN_HOUR:
            audit.record(
                writing,
                "link.alarm",
                "link",
                None,
                by=None,
                at=at,
                outcome="error",
                reason="Fifty tries to open links failed within an hour.",
            )
        return Opened(secret, link.id) if secret and link is not None else None


def opened(session: Session, secret: str, at: datetime) -> PatientLink | None:
    """Return the link a patient's session reads, while both last."""
    found = session.scalars(
        select(LinkTry).where(LinkTry.session_hash == tokens.digest(secret), LinkTry.ends_at > at)
    ).first()
    if found is None or found.link is None or found.link.revoked_at is not None:
        return None
    return found.link


def close(session: Session, secret: str, at: datetime) -> None:
    """End a patient's session at once."""
    found = session.scalars(
        select(LinkTry).where(LinkTry.session_hash == tokens.digest(secret))
    ).first()
    if found is not None:
        found.ends_at = at


def _failures(session: Session, address: str, since: datetime) -> tuple[int, int]:
    failed = select(func.count()).where(LinkTry.at > since, LinkTry.outcome != Outcome.OPENED)
    here = session.scalar(failed.where(LinkTry.address == address)) or 0
    return here, session.scalar(failed) or 0


def _outcome(link: PatientLink | None, born: date, at: datetime) -> Outcome:
    expected = link.episode.patient.born if link is not None else date.min
    right = hmac.compare_digest(expected.isoformat(), born.isoformat())
    if link is None:
        return Outcome.UNKNOWN
    if ended(link, at) is not None:
        return Outcome.CLOSED
    return Outcome.OPENED if right else Outcome.WRONG


def _keep(
    session: Session,
    link: PatientLink | None,
    outcome: Outcome,
    secret: str | None,
    *,
    address: str,
    at: datetime,
) -> None:
    session.add(
        LinkTry(
            link_id=link.id if link else None,
            at=at,
            address=address,
            outcome=outcome,
            session_hash=tokens.digest(secret) if secret else None,
            ends_at=at + SESSION if secret else None,
        )
    )
    if link is not None and outcome is Outcome.OPENED:
        link.openings += 1
    if link is not None and outcome is Outcome.WRONG:
        link.wrong_dates += 1
    audit.record(
        session,
        f"link.{outcome}",
        "link",
        link.id if link else None,
        by=PATIENT if outcome is Outcome.OPENED else None,
        at=at,
        patient_id=link.episode.patient_id if link else None,
        outcome="ok" if outcome is Outcome.OPENED else "denied",
    )
