"""Decide how long the clinic's tablet is a patient's, and who takes it back.

While it is handed over, the staff member's sign-in is put aside: its cookie opens nothing until
their password gives the sign-in a new one. The patient's own cookie opens one episode's intake.
It closes after 30 idle minutes, long enough to read and think, and after two hours at most.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from workflow import audit, database, signins, tokens
from workflow.models.base import yes
from workflow.models.patient import Episode, Intake
from workflow.models.staff import SignIn, Staff
from workflow.models.tablet import Tablet

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Handed:
    """A tablet in a patient's hands. `open` is False once it closed and waits for staff."""

    id: int
    episode_id: int
    sign_in_id: int
    staff_id: int
    staff_name: str
    language: str
    open: bool


def hand(
    session: Session, episode: Episode, *, sign_in_id: int, by: Staff, at: datetime
) -> tuple[Tablet, str]:
    """Put a sign-in aside and return the tablet with its cookie; an earlier one of it ends."""
    token = tokens.fresh()
    others = select(Tablet).where(Tablet.episode_id == episode.id, Tablet.ended_at.is_(None))
    for other in session.scalars(others):
        other.ended_at = at
        audit.record(
            session, "tablet.ended", "tablet", other.id, by=by, at=at, patient_id=episode.patient_id
        )
    sign_in = session.get_one(SignIn, sign_in_id)
    sign_in.token_hash = tokens.digest(tokens.fresh())  # nobody holds the cookie of this one
    tablet = Tablet(
        episode=episode,
        sign_in=sign_in,
        handed_by=by,
        token_hash=tokens.digest(token),
        language=episode.patient.language,
        handed_at=at,
        seen_at=at,
        closes_at=at + LONGEST,
    )
    session.add(tablet)
    session.flush()
    audit.record(
        session,
        "tablet.handed",
        "tablet",
        tablet.id,
        by=by,
        at=at,
        patient_id=episode.patient_id,
        detail={"episode": episode.id},
    )
    return tablet, token


def find(engine: Engine, token: str, now: datetime) -> Handed | None:
    """Return the tablet that a cookie names, and note that it is in use; None where it is over.

    It is over once taken back, and once the sign-in it was handed from has ended or run out.
    """
    if not tokens.has_form(token):
        return None
    with database.glance(engine) as reading:
        row = reading.execute(
            select(Tablet, SignIn, Staff, Intake.finished_at)
            .join(SignIn, Tablet.sign_in_id == SignIn.id)
            .join(Staff, SignIn.staff_id == Staff.id)
            .join(Intake, Intake.episode_id == Tablet.episode_id)
            .where(Tablet.token_hash == tokens.digest(token), Tablet.ended_at.is_(None))
            .where(SignIn.ended_at.is_(None), SignIn.expires_at > now, yes(Staff.active))
        ).first()
    if row is None:
        return None
    tablet, sign_in, staff, finished_at = row
    is_open = finished_at is None and _stands(engine, tablet, now)
    return Handed(
        tablet.id,
        tablet.episode_id,
        sign_in.id,
        staff.id,
        staff.name,
        tablet.language,
        is_open,
    )


def _stands(engine: Engine, tablet: Tablet, now: datetime) -> bool:
    kept = signins.kept_open(tablet.seen_at, tablet.closes_at, now, idle=IDLE, noted=True)
    if kept is None:
        return False
    seen, closes = kept
    if seen != tablet.seen_at:
        with database.transaction(engine) as writing:
            writing.execute(
                update(Tablet).where(Tablet.id == tablet.id).values(seen_at=seen, closes_at=closes)
            )
    return now < closes


def take_back(engine: Engine, handed: Handed, *, by: audit.Actor, at: datetime) -> str:
    """End the patient's part and give the sign-in put aside a new cookie; commits."""
    with database.transaction(engine) as writing:
        tablet = writing.get_one(Tablet, handed.id)
        token = signins.opened_again(writing.get_one(SignIn, handed.sign_in_id), at)
        tablet.ended_at = at
        audit.record(
            writing,
            "tablet.returned",
            "tablet",
            tablet.id,
            by=by,
            at=at,
            patient_id=tablet.episode.patient_id,
        )
    return token
