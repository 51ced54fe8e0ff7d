"""Decide whether a second factor is needed, and whether a code proves it.

A code is an authenticator's (RFC 6238) or one of ten recovery codes. The secret is sealed in the
database. A code is taken once, a step of 30 s early or late; after five wrong ones nothing is taken
for a quarter of an hour, from whatever address, which only someone who also knows the password can
bring about. Nothing here commits; the caller does.
"""

import hmac
import re
import secrets
from datetime import datetime, timedelta
from enum import Enum, auto

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from workflow import audit, sealing
from workflow.accounts.actions import end_sign_ins
from workflow.domain.errors import Refused
from workflow.domain.staff import NEEDS_SECOND_FACTOR
from workflow.models.factor import RecoveryCode, SecondFactor
from workflow.models.installation import Installation, Kind
from workflow.models.staff import Staff

STEP_S = 30
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
RECOVERY_CODES = 10
FEW_CODES = 4
WRONG = (
    "This code is not right, was used before, or too many were tried. Wait for the next one, "
    "or for a quarter of an hour after five tries."
)
NOT_YET = "This code is not the one the authenticator shows now. Type the newest one."
OWN = (
    "Nobody resets their own second factor: another administrator does it, or whoever runs the "
    "server, with: flask --app wsgi staff reset-factor"
)

# Letters and digits that are not mistaken for one another when they are written down.
_ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
_GROUPS, _GROUP = 3, 4


class Needed(Enum):
    """What must follow a right password."""

    NOTHING = auto()
    CODE = auto()
    ENROLMENT = auto()


def is_required(session: Session, staff: Staff) -> bool:
    """Say whether this person must have a second factor; in a demo nobody must."""
    kind = session.scalar(select(Installation.kind))
    return staff.role in NEEDS_SECOND_FACTOR and kind is Kind.CLINIC


def needed(session: Session, staff: Staff) -> Needed:
    """Return what this person proves after their password."""
    if is_set_up(session, staff):
        return Needed.CODE
    return Needed.ENROLMENT if is_required(session, staff) else Needed.NOTHING


def is_set_up(session: Session, staff: Staff) -> bool:
    """Say whether this person has proven an authenticator."""
    factor = session.get(SecondFactor, staff.id)
    return factor is not None and factor.secret is not None


def begin(session: Session, staff: Staff) -> None:
    """Draw a new secret to be shown; it counts for nothing until a code proves it."""
    factor = session.get(SecondFactor, staff.id)
    if factor is None:
        factor = SecondFactor(staff_id=staff.id, failures=0)
        session.add(factor)
    factor.pending = sealing.seal(session, pyotp.random_base32(), place=_place(staff))


def pending_secret(session: Session, staff: Staff) -> str | None:
    """Return the secret that waits to be proven, or None."""
    factor = session.get(SecondFactor, staff.id)
    if factor is None or factor.pending is None:
        return None
    return sealing.unseal(session, factor.pending, place=_place(staff))


def address(secret: str, staff: Staff, clinic: str) -> str:
    """Return what the picture for the authenticator holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=staff.username, issuer_name=clinic)


def confirm(session: Session, staff: Staff, typed: str, *, at: datetime) -> list[str]:
    """Take the pending secret into use once a code proves it; return new recovery codes.

    Ends all the person's sign-ins; raises Refused where the code does not fit.
    """
    secret = pending_secret(session, staff)
    step = _step_of(secret, _digits(typed), at, after=None) if secret else None
    if step is None:
        raise Refused(NOT_YET)
    factor = session.get_one(SecondFactor, staff.id)
    factor.secret, factor.pending = factor.pending, None
    factor.confirmed_at, factor.last_step = at, step
    factor.failures, factor.failed_at = 0, None
    end_sign_ins(session, staff, at=at)
    audit.record(session, "set up second factor", "staff", staff.id, by=staff, at=at)
    return _new_codes(session, staff, at)


def proves(session: Session, staff: Staff, typed: str, *, at: datetime) -> bool:
    """Say whether this code is good now, and spend or count it; the caller commits either way."""
    factor = session.get(SecondFactor, staff.id, with_for_update=True)
    if factor is None or factor.secret is None:
        return False
    if not _is_locked(factor, at) and _spend(session, factor, staff, typed, at):
        factor.failures, factor.failed_at = 0, None
        return True
    if factor.failed_at is not None and at - factor.failed_at >= LOCKED_FOR:
        factor.failures = 0
    factor.failures += 1
    factor.failed_at = at
    audit.record(
        session,
        "give second factor",
        "staff",
        staff.id,
        by=None,
        at=at,
        outcome="denied",
        reason="locked" if factor.failures > TRIES else "wrong code",
    )
    return False


def renew_codes(session: Session, staff: Staff, *, at: datetime) -> list[str]:
    """Return ten new recovery codes; the old ones are void."""
    if not is_set_up(session, staff):
        raise Refused("Set up the second factor first.")
    audit.record(session, "renew recovery codes", "staff", staff.id, by=staff, at=at)
    return _new_codes(session, staff, at)


def codes_left(session: Session, staff: Staff) -> int:
    """Return how many recovery codes were not used yet."""
    unused = (RecoveryCode.staff_id == staff.id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count(RecoveryCode.id)).where(*unused)) or 0


def give_up(session: Session, staff: Staff, *, at: datetime) -> None:
    """Do without a second factor again, where none is required; raises Refused."""
    if is_required(session, staff):
        raise Refused(f"A second factor is required of every {staff.role}.")
    _remove(session, staff)
    audit.record(session, "give up second factor", "staff", staff.id, by=staff, at=at)


def reset(session: Session, staff: Staff, *, by: Staff | None, at: datetime) -> None:
    """Remove a person's lost second factor and end their sign-ins; `by` is None on the server.

    Where one is required they set up a new one at the next sign-in. Raises Refused for one's own.
    """
    if by is not None and by.id == staff.id:
        raise Refused(OWN)
    if session.get(SecondFactor, staff.id) is None:
        raise Refused(f"{staff.name} has no second factor.")
    _remove(session, staff)
    end_sign_ins(session, staff, at=at)
    audit.record(session, "reset second factor", "staff", staff.id, by=by, at=at)


def _remove(session: Session, staff: Staff) -> None:
    for table in (RecoveryCode, SecondFactor):
        session.execute(delete(table).where(table.staff_id == staff.id))
    session.expire_all()


def _spend(session: Session, factor: SecondFactor, staff: Staff, typed: str, at: datetime) -> bool:
    digits = _digits(typed)
    if not digits:
        return _spend_recovery_code(session, staff, typed, at)
    secret = sealing.unseal(session, factor.secret or "", place=_place(staff))
    step = _step_of(secret, digits, at, after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True


def _spend_recovery_code(session: Session, staff: Staff, typed: str, at: datetime) -> bool:
    """Spending is one UPDATE: of two who send the same code at once, one wins."""
    spent = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff.id,
            RecoveryCode.code_hash == _hash(session, staff, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    ).all()
    if spent:
        audit.record(session, "use recovery code", "staff", staff.id, by=staff, at=at)
    return bool(spent)


def _step_of(secret: str, digits: str, at: datetime, *, after: int | None) -> int | None:
    """Return the step a code belongs to, at most one from now and later than `after`."""
    now, clock = int(at.timestamp()) // STEP_S, pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        fits = hmac.compare_digest(clock.generate_otp(step), digits)
        if fits and (after is None or step > after):
            return step
    return None


def _is_locked(factor: SecondFactor, at: datetime) -> bool:
    if factor.failures < TRIES or factor.failed_at is None:
        return False
    return at - factor.failed_at < LOCKED_FOR


def _new_codes(session: Session, staff: Staff, at: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    codes = [_drawn() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(staff_id=staff.id, code_hash=_hash(session, staff, code), made_at=at)
        for code in codes
    )
    return codes


def _drawn() -> str:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _hash(session: Session, staff: Staff, code: str) -> str:
    bare = re.sub(r"[\s-]", "", code.casefold())
    return sealing.fingerprint(session, bare, place=f"recovery_codes:{staff.id}")


def _digits(typed: str) -> str:
    """Return the six digits of an authenticator's code, or nothing where it is no such code."""
    bare = re.sub(r"\s", "", typed)
    return bare if re.fullmatch(r"[0-9]{6}", bare, re.ASCII) else ""


def _place(staff: Staff) -> str:
    return f"second_factors:{staff.id}:secret"
