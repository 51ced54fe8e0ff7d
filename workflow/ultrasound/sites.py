"""Add the sites a protocol does not require, and fill what is normal in one step.

Nothing here commits; the caller does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflow import audit, progress
from workflow.domain.anatomy import (
    CATALOGUE,
    REQUIRED,
    Leg,
    Required,
    Segment,
    segment,
    segment_name,
)
from workflow.domain.errors import Refused
from workflow.models.exam import Exam, Finding
from workflow.models.staff import Staff
from workflow.ultrasound import cell
from workflow.ultrasound.field import REPEATABLE
from workflow.ultrasound.recording import SUBJECT, must_be_open, new_finding, save_grid, texts

NORMAL = {"reflux_ms": "0", "compressibility": "full", "thrombus": "none"}
"""What a block fill states of a site: looked for and no reflux, fully compressible, no thrombus."""
MOST_NUMBERED = 20
MOST_REPEATS = 9

ADDABLE: tuple[Segment, ...] = tuple(s for s in CATALOGUE if s.required is not Required.YES)
"""The sites that are recorded only where they are found, or where they are asked for."""


@dataclass(frozen=True, slots=True)
class Fill:
    """A block fill before it is done: the cells to write, site by site, and the sites left out."""

    leg: Leg
    cells: Mapping[str, str]
    sites: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def add_site(
    session: Session, exam: Exam, leg: Leg, code: str, *, by: Staff, at: datetime
) -> Finding:
    """Add an empty row for a site of one leg: the next tributary, a second accessory vein."""
    must_be_open(exam)
    row = segment(code)
    if row is None or row not in ADDABLE or row.code != code:
        raise Refused("Choose one of the listed sites.")
    here = [f for f in exam.findings if f.leg is leg and _code(f) == code]
    name, repeat = _next(row, here, leg)
    finding = new_finding(leg, name, repeat)
    finding.take({"leg": leg.value, "segment": name})
    exam.findings.append(finding)
    session.flush()
    _note(session, exam, {f"{finding.site_key}.site": ("", "added")}, by=by, at=at)
    return finding


def _code(finding: Finding) -> str:
    row = segment(finding.segment)
    return row.code if row else finding.segment


def _next(row: Segment, here: list[Finding], leg: Leg) -> tuple[str, int]:
    if row.numbered:
        used = {finding.segment for finding in here}
        for number in range(1, MOST_NUMBERED + 1):
            if f"{row.code}{number}" not in used:
                return f"{row.code}{number}", 1
    elif not here:
        return row.code, 1
    elif row.code in REPEATABLE and len(here) < MOST_REPEATS:
        return row.code, max(finding.repeat for finding in here) + 1
    raise Refused(f"{row.name} of the {leg.word} leg is in the grid already.")


def remove_site(session: Session, exam: Exam, key: str, *, by: Staff, at: datetime) -> None:
    """Take an added row out again; what it held stays in the history of its cells."""
    must_be_open(exam)
    finding = next((f for f in exam.findings if f.site_key == key), None)
    if finding is None:
        raise Refused("This row is no longer in the grid.")
    if finding.segment in REQUIRED:
        raise Refused("The protocol requires this site. Clear its cells instead.")
    held = {n: t for n, t in texts(exam).items() if n.rpartition(".")[0] == key}
    changes = {name: (text, "") for name, text in held.items()}
    exam.findings.remove(finding)
    exam.typed = {n: t for n, t in exam.typed.items() if n.rpartition(".")[0] != key}
    session.flush()
    _note(session, exam, {**changes, f"{key}.site": ("added", "")}, by=by, at=at)


def plan_fill(exam: Exam, leg: Leg) -> Fill:
    """Say what a block fill of a leg would write: its required sites' empty cells, as normal.

    A half-filled row is completed and what it holds stays. A site that was not seen, or at which
    something other than normal is recorded, is left to the sonographer.
    """
    held = texts(exam)
    cells: dict[str, str] = {}
    sites: list[str] = []
    left_out: list[tuple[str, str]] = []
    for code in REQUIRED:
        key = cell.site_key(leg, code)
        empty = {
            f"{key}.{column}": text
            for column, text in NORMAL.items()
            if not held.get(f"{key}.{column}")
        }
        if not empty:
            continue
        if why := _why_not(held, exam.typed, key):
            left_out.append((segment_name(code), why))
            continue
        cells |= empty
        sites.append(segment_name(code))
    return Fill(leg, cells, tuple(sites), tuple(left_out))


def _why_not(held: Mapping[str, str], typed: Mapping[str, str], key: str) -> str:
    if any(name.startswith(f"{key}.") for name in typed):
        return "something typed here is not understood yet"
    if held.get(f"{key}.visualised", "full") != "full":
        return "it was not seen, or not in full"
    if held.get(f"{key}.thrombus", "none") != "none":
        return "a thrombus or its trace is recorded"
    if held.get(f"{key}.compressibility", "full") != "full":
        return "it does not compress fully"
    if held.get(f"{key}.closure"):
        return "it was treated"
    return ""


def block_fill(
    session: Session, exam: Exam, leg: Leg, *, seen: int, by: Staff, at: datetime
) -> Fill:
    """Fill the empty cells of a leg's required sites as normal, as one act of one person.

    Raises Refused where nothing is empty, or where the exam changed after it was read.
    """
    if progress.last_edit(session, SUBJECT, exam.id) != seen:
        raise Refused("The grid changed after you opened this page. Look at it again first.")
    fill = plan_fill(exam, leg)
    if not fill.cells:
        raise Refused(f"No required site of the {leg.word} leg is empty.")
    save_grid(session, exam, fill.cells, seen=seen, by=by, at=at)
    audit.record(
        session,
        "findings.block_fill",
        "exam",
        exam.id,
        by=by,
        at=at,
        patient_id=exam.episode.patient_id,
        detail={"leg": leg.value, "sites": list(fill.sites), "stated": NORMAL},
    )
    return fill


def _note(
    session: Session,
    exam: Exam,
    changes: Mapping[str, tuple[str, str]],
    *,
    by: Staff,
    at: datetime,
) -> None:
    progress.edited(
        session, SUBJECT, exam.id, changes, patient_id=exam.episode.patient_id, by=by, at=at
    )
