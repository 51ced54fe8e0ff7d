"""What the clinic does with two records of one person. Nothing here commits; the caller does.

A merge moves the episodes of one record under the other and closes the first. Nothing else is
written: no signed row, no finding, no revision. So separating them again gives both back as they
were, with whatever was done to an episode meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from workflow import audit
from workflow.domain.errors import Refused
from workflow.domain.merging import MERGING, MergeFacts, MergeStatus, MergeStep
from workflow.models.merge import Merge
from workflow.models.patient import Episode, Patient
from workflow.models.staff import Staff

CHANGED = "Somebody else decided on this request after you opened it. Read what was decided."
MOST_LISTED = 200

MOVES = ("episodes",)
"""The tables whose rows go over with a merge; the keys a record is found by stay with it."""


def ask(
    session: Session, kept: Patient, merged: Patient, *, reason: str, by: Staff, at: datetime
) -> Merge:
    """Ask that one record be merged into another, or raise Refused."""
    if kept.id == merged.id:
        raise Refused("A record cannot be merged into itself. Choose another one.")
    if kept.merged_into_id is not None or merged.merged_into_id is not None:
        raise Refused("One of the two was merged already. Open it to see into which record.")
    if pending(session, kept.id) or pending(session, merged.id):
        raise Refused("A merge of one of the two is asked for already and waits for a decision.")
    request = Merge(kept=kept, merged=merged, reason=reason, asked_by=by, asked_at=at)
    session.add(request)
    session.flush()
    _write_down(session, request, "ask", reason, by=by, at=at)
    return request


def pending(session: Session, patient_id: int) -> Merge | None:
    """Return the request that waits for a decision on this record, or None."""
    return session.scalars(
        select(Merge).where(
            or_(Merge.kept_id == patient_id, Merge.merged_id == patient_id),
            Merge.status == MergeStatus.ASKED,
        )
    ).first()


def in_force(session: Session, patient_id: int) -> Sequence[Merge]:
    """Return the merges by which other records came into this one."""
    return session.scalars(
        select(Merge)
        .options(joinedload(Merge.merged))
        .where(Merge.kept_id == patient_id, Merge.status == MergeStatus.MERGED)
        .order_by(Merge.id)
    ).all()


def requests(session: Session) -> Sequence[Merge]:
    """Return the requests: those that wait first, then the newest."""
    return session.scalars(
        select(Merge)
        .options(joinedload(Merge.kept), joinedload(Merge.merged), joinedload(Merge.asked_by))
        .order_by((Merge.status != MergeStatus.ASKED), Merge.id.desc())
        .limit(MOST_LISTED)
    ).all()


def facts(session: Session, request: Merge, *, by_id: int) -> MergeFacts:
    """Gather what the steps of a merge look at."""
    others = session.scalar(
        select(Patient.id).where(Patient.merged_into_id == request.merged_id).limit(1)
    )
    return MergeFacts(
        status=request.status,
        kept_stands=request.kept.merged_into_id is None,
        holds_others=others is not None,
        own=request.asked_by_id == by_id,
    )


def take_step(
    session: Session,
    step: MergeStep,
    request: Merge,
    *,
    by: Staff,
    at: datetime,
    seen: int,
    note: str = "",
) -> None:
    """Decide on a request, or undo a merge, or raise Refused with the reason."""
    if request.revision != seen:
        raise Refused(CHANGED)
    after = MERGING.take(step, facts(session, request, by_id=by.id), by.role, note)
    if step is MergeStep.MERGE:
        _merge(session, request)
    elif step is MergeStep.SEPARATE:
        _separate(session, request)
    request.status = after
    request.decided_by, request.decided_at, request.note = by, at, note.strip()
    session.flush()
    _write_down(session, request, step.value, note.strip(), by=by, at=at)


def _merge(session: Session, request: Merge) -> None:
    of_merged = select(Episode.id).where(Episode.patient_id == request.merged_id)
    request.moved = list(session.scalars(of_merged.order_by(Episode.id)))
    _move(session, request.moved, to=request.kept_id)
    _close(session, request.merged_id, into=request.kept_id)


def _separate(session: Session, request: Merge) -> None:
    _move(session, request.moved, to=request.merged_id)
    _close(session, request.merged_id, into=None)


def _move(session: Session, episodes: Sequence[int], *, to: int) -> None:
    """Give episodes to another record, past their revision: what they say stays the same."""
    session.execute(
        update(Episode)
        .where(Episode.id.in_(episodes))
        .values(patient_id=to, revision=Episode.revision)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _close(session: Session, patient_id: int, *, into: int | None) -> None:
    session.execute(
        update(Patient)
        .where(Patient.id == patient_id)
        .values(merged_into_id=into, revision=Patient.revision)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _write_down(
    session: Session, request: Merge, step: str, reason: str, *, by: Staff, at: datetime
) -> None:
    """Write one line for each of the two records."""
    detail = {"kept": request.kept_id, "merged": request.merged_id, "episodes": request.moved or []}
    for patient_id in (request.kept_id, request.merged_id):
        audit.record(
            session,
            f"merge.{step}",
            "merge",
            request,
            by=by,
            at=at,
            patient_id=patient_id,
            reason=reason,
            detail=detail,
        )
