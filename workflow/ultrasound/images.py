"""Keep the key images of a scan: add, describe, order and remove them until the report is signed.

Nothing here commits; the caller does. The bytes are on the disk before their row is added.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from workflow import progress
from workflow.domain.anatomy import CATALOGUE, REQUIRED, Leg, segment, segment_name
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, ExamStatus
from workflow.models.exam import Exam
from workflow.models.image import KeyImage, images_of
from workflow.models.staff import Staff
from workflow.picture import Picture

SUBJECT = "images"
MOST_IMAGES = 40
LONGEST_CAPTION = 160
CHANGED = "This image changed after you opened the page. Look at it again first."
OPEN = frozenset({ExamStatus.SCANNING, ExamStatus.PRELIMINARY, ExamStatus.IN_REVIEW})
"""The states in which images may be added and described: from the first reading to the signing."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of an image: where it was taken, in words, and whether it is printed."""

    leg: Leg
    segment: str
    caption: str = ""
    in_report: bool = False


def must_be_open(exam: Exam) -> None:
    """Raise Refused where the images of this scan may not be changed now."""
    if exam.status is ExamStatus.FINAL:
        raise Refused("The report is signed, so its images stay as they were signed.")
    if exam.status not in OPEN:
        raise Refused(
            f"Images belong to a scan that runs; this one is “{EXAM.words[exam.status]}”."
        )


def sites(exam: Exam) -> tuple[tuple[str, str], ...]:
    """Return the sites an image may be tied to: those of the protocol and of this scan first."""
    first = dict.fromkeys([*REQUIRED, *(finding.segment for finding in exam.findings)])
    listed = dict.fromkeys([*first, *(row.code for row in CATALOGUE)])
    return tuple((code, segment_name(code)) for code in listed)


def add(
    session: Session,
    exam: Exam,
    picture: Picture,
    sha256: str,
    told: Told,
    *,
    by: Staff,
    at: datetime,
) -> tuple[KeyImage, bool]:
    """Add a stored picture to a scan; the same picture again is the one that is there.

    Returns the image and whether it is new.
    """
    _hold(session, exam)
    known = session.scalars(
        select(KeyImage).where(KeyImage.exam_id == exam.id, KeyImage.file_sha256 == sha256)
    ).first()
    if known is not None:
        return known, False
    if len(images_of(session, exam)) >= MOST_IMAGES:
        raise Refused(f"A scan keeps at most {MOST_IMAGES} images. Remove one first.")
    last = session.scalar(select(func.max(KeyImage.ordinal)).where(KeyImage.exam_id == exam.id))
    image = KeyImage(
        exam_id=exam.id,
        ordinal=(last or 0) + 1,
        file_sha256=sha256,
        file_size=len(picture.content),
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        added_by_id=by.id,
        added_at=at,
    )
    _describe(image, told)
    session.add(image)
    session.flush()
    _note(session, exam, {f"{image.id}.file": ("", sha256), **_said(image)}, by=by, at=at)
    return image, True


def describe(
    session: Session,
    exam: Exam,
    image: KeyImage,
    told: Told,
    *,
    seen: int,
    by: Staff,
    at: datetime,
) -> None:
    """Say anew where an image was taken, its caption, and whether the report prints it."""
    _hold(session, exam)
    _as_seen(session, image, seen)
    before = {name: after for name, (_, after) in _said(image).items()}
    _describe(image, told)
    after = {name: text for name, (_, text) in _said(image).items()}
    changed = {
        name: (before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    }
    _note(session, exam, changed, by=by, at=at)


def move(
    session: Session, exam: Exam, image: KeyImage, step: int, *, by: Staff, at: datetime
) -> None:
    """Put an image one place earlier (-1) or later (1); at the end of the row nothing happens."""
    _hold(session, exam)
    row = list(images_of(session, exam))
    here = row.index(image)
    there = here + step
    if not step or not 0 <= there < len(row):
        return
    row[here], row[there] = row[there], row[here]
    for ordinal, each in enumerate(row, start=1):
        each.ordinal = ordinal
    change = {f"{image.id}.place": (str(here + 1), str(there + 1))}
    _note(session, exam, change, by=by, at=at)


def remove(
    session: Session, exam: Exam, image: KeyImage, *, seen: int, by: Staff, at: datetime
) -> None:
    """Take an image out of a scan; what it was stays in the history."""
    _hold(session, exam)
    _as_seen(session, image, seen)
    gone = {name: (text, "") for name, (_, text) in _said(image).items()}
    gone[f"{image.id}.file"] = (image.file_sha256, "")
    session.delete(image)
    _note(session, exam, gone, by=by, at=at)


def _hold(session: Session, exam: Exam) -> None:
    """Let one person at a time change a scan's images, and whoever signs it know that they did."""
    session.refresh(exam, with_for_update=True)
    must_be_open(exam)
    flag_modified(exam, "status")  # a new row alone would not change the scan's revision


def _as_seen(session: Session, image: KeyImage, seen: int) -> None:
    session.refresh(image)
    if image.revision != seen:
        raise Refused(CHANGED)


def _describe(image: KeyImage, told: Told) -> None:
    if segment(told.segment) is None:
        raise Refused("Choose one of the listed sites.")
    image.leg, image.segment = told.leg, told.segment
    image.caption, image.in_report = told.caption, told.in_report


def _said(image: KeyImage) -> dict[str, tuple[str, str]]:
    """Return what is said of an image as cells of the history, each as if newly written."""
    cells = {
        "leg": image.leg.value,
        "segment": image.segment,
        "caption": image.caption,
        "in_report": "yes" if image.in_report else "",
    }
    return {f"{image.id}.{name}": ("", text) for name, text in cells.items() if text}


def _note(
    session: Session,
    exam: Exam,
    changes: Mapping[str, tuple[str, str]],
    *,
    by: Staff,
    at: datetime,
) -> None:
    session.flush()
    progress.edited(
        session, SUBJECT, exam.id, changes, patient_id=exam.episode.patient_id, by=by, at=at
    )
