"""Decide whether a password may still be tried, and count those that were wrong.

Counted for each person and address together, in the database: a restart forgets nothing, one
address cannot lock others out, and names that do not exist leave nothing behind.
"""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from workflow import audit, database, passwords
from workflow.models.staff import FailedSignIn, Staff

LOCKED_AFTER = 5
LOCKED_FOR = timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(days=1)


def password_fits(
    engine: Engine, staff: Staff | None, password: str, address: str, now: datetime
) -> bool:
    """Say whether this is the password of this active person, and count it where it is not.

    Takes as long for nobody, for a wrong password, and for someone locked or no longer active.
    The hash is computed outside any transaction; counting is a transaction of its own.
    """
    locked = staff is not None and _is_locked(engine, staff.id, address, now)
    fits = passwords.is_right(staff.password_hash if staff else None, password)
    if staff is None:
        return False
    if fits and not locked and staff.active:
        return True
    with database.transaction(engine) as writing:
        failures = _count(writing, staff.id, address, now)
        reason = "locked" if failures >= LOCKED_AFTER else "wrong password"
        audit.record(
            writing, "sign in", "staff", staff.id, by=None, at=now, outcome="denied", reason=reason
        )
    return False


def forget(writing: Session, staff_id: int, address: str) -> None:
    """Begin to count anew, after a right password."""
    failed = writing.get(FailedSignIn, (staff_id, address))
    if failed is not None:
        writing.delete(failed)


def _is_locked(engine: Engine, staff_id: int, address: str, now: datetime) -> bool:
    with database.glance(engine) as reading:
        failed = reading.get(FailedSignIn, (staff_id, address))
    if failed is None or failed.failures < LOCKED_AFTER:
        return False
    return now - failed.last_at < LOCKED_FOR


def _count(writing: Session, staff_id: int, address: str, now: datetime) -> int:
    writing.execute(delete(FailedSignIn).where(FailedSignIn.last_at < now - _FORGOTTEN_AFTER))
    failed = writing.get(FailedSignIn, (staff_id, address))
    if failed is None:
        failed = FailedSignIn(staff_id=staff_id, address=address, failures=0, last_at=now)
        writing.add(failed)
    elif now - failed.last_at >= LOCKED_FOR:
        failed.failures = 0
    failed.failures += 1
    failed.last_at = now
    return failed.failures
