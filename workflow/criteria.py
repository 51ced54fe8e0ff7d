"""Say by which criteria a scan is read, and keep each version of them.

What is read now goes by the version in force. What was signed keeps the version it was signed
with, and so does every plan that rests on it. Nothing here commits; the caller does.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import audit
from workflow.domain.criteria import changes, with_version
from workflow.domain.documents import scan_report
from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus
from workflow.domain.profile import SVS_2022, Profile, read_profile, write_profile
from workflow.models.criteria import Criteria
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.staff import Staff

SCAN = "scan"
FIRST = 1
UNCHANGED = "Nothing was changed, so no version was saved."


def newest(session: Session) -> Criteria | None:
    """Return the newest version that was saved; None while the clinical reference holds."""
    return session.scalars(select(Criteria).order_by(Criteria.version.desc()).limit(1)).first()


def in_force(session: Session) -> Profile:
    """Return the profile, its limits within, that a scan is read by now."""
    return profile_of(newest(session))


def profile_of(row: Criteria | None) -> Profile:
    """Return the profile a version holds; no row is version 1, the clinical reference."""
    return SVS_2022 if row is None else read_profile(row.profile)


def versions(session: Session) -> Sequence[Criteria]:
    """Return every version that was saved, the newest first."""
    return session.scalars(select(Criteria).order_by(Criteria.version.desc())).all()


def of_report(report: IssuedDocument) -> Profile:
    """Return the profile a signed report was read by; one that names none was read by SVS 2022."""
    return scan_report(report.snapshot).profile or SVS_2022


def read_by(session: Session, exam: Exam) -> Profile:
    """Return the profile a scan is read by: what it was signed with, or what is in force."""
    if exam.status is not ExamStatus.FINAL:
        return in_force(session)
    signed = session.scalars(
        select(IssuedDocument)
        .where(IssuedDocument.kind == SCAN, IssuedDocument.exam_id == exam.id)
        .order_by(IssuedDocument.version.desc())
        .limit(1)
    ).first()
    return in_force(session) if signed is None else of_report(signed)


def save(session: Session, profile: Profile, *, reason: str, by: Staff, at: datetime) -> Criteria:
    """Store a new version of the criteria, with who changed what and why; earlier ones stay.

    Raises Refused where it says what the version in force says already.
    """
    before = newest(session)
    held = profile_of(before)
    if not changes(held, profile):
        raise Refused(UNCHANGED)
    number = (before.version if before else FIRST) + 1
    row = Criteria(
        version=number,
        profile=write_profile(with_version(profile, number)),
        reason=reason,
        by_id=by.id,
        at=at,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "criteria.save",
        "criteria",
        row.id,
        by=by,
        at=at,
        reason=reason,
        detail={
            "version": number,
            "changes": {each.name: [each.before, each.after] for each in changes(held, profile)},
        },
    )
    return row
