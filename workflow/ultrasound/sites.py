"""Add the sites a protocol does not require, and fill what is normal in one step.

Nothing here commits; the caller does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from workflow.ultrasound import acts, cell
from workflow.ultrasound.acts import DONE, SUBJECT, Deed
from workflow.ultrasound.field import REPEATABLE
from workflow.ultrasound.recording import keep, lock, new_finding, restore, save_grid, texts

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
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """A site to add: its leg, its code, and the canonical texts of what was said of it."""

    leg: Leg
    code: str
    cells: Mapping[str, str] = field(default_factory=dict)


def add_site(
    session: Session, exam: Exam, leg: Leg, code: str, *, by: Staff, at: datetime
) -> Finding:
    """Add an empty row for a site of one leg: the next tributary, a second accessory vein."""
    return add_described(session, exam, Described(leg, code), by=by, at=at)


def add_once(
    session: Session, exam: Exam, what: Described, key: str, *, by: Staff, at: datetime
) -> str:
    """Add a row unless the same line, known by its key, was added before; return the row's name."""
    lock(session, exam)
    if known := acts.known_by(session, exam, key, by):
        made = acts.edits_of(session, exam, known)[0]
        return made.cell.removesuffix(".site")
    return add_described(session, exam, what, by=by, at=at, deed=Deed(key=key)).site_key


def add_described(
    session: Session,
    exam: Exam,
    what: Described,
    *,
    by: Staff,
    at: datetime,
    deed: Deed = DONE,
) -> Finding:
    """Add a row with what was said of it, as one act; raises Refused where a value is not taken."""
    lock(session, exam)
    now = texts(exam)
    row = segment(what.code)
    if row is None or row not in ADDABLE or row.code != what.code:
        raise Refused("Choose one of the listed sites.")
    here = [f for f in exam.findings if f.leg is what.leg and _code(f) == what.code]
    name, repeat = _next(row, here, what.leg)
    finding = put_in(exam, what.leg, name, repeat)
    cells = {f"{finding.site_key}.{key}": text for key, text in what.cells.items()}
    restore(exam, cells)
    marks = {f"{finding.site_key}.site": ("", "added")}
    keep(session, exam, now, cells, deed=deed, by=by, at=at, marks=marks)
    return finding


def put_in(exam: Exam, leg: Leg, name: str, repeat: int) -> Finding:
    """Put an empty row of a site into the exam."""
    finding = new_finding(leg, name, repeat)
    finding.take({"leg": leg.value, "segment": name})
    exam.findings.append(finding)
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
    lock(session, exam)
    now = texts(exam)
    take_out(exam, key)
    marks = {f"{key}.site": ("added", "")}
    keep(session, exam, now, row_of(now, key), deed=DONE, by=by, at=at, marks=marks)


def take_out(exam: Exam, key: str) -> None:
    """Take a row out of the exam, with what was typed there and not understood."""
    finding = next((f for f in exam.findings if f.site_key == key), None)
    if finding is None:
        raise Refused("This row is no longer in the grid.")
    if finding.segment in REQUIRED:
        raise Refused("The protocol requires this site. Clear its cells instead.")
    exam.findings.remove(finding)
    exam.typed = {n: t for n, t in exam.typed.items() if n.rpartition(".")[0] != key}


def row_of(held: Mapping[str, str], key: str) -> dict[str, str]:
    """Return the cells of one row among those held."""
    return {name: text for name, text in held.items() if name.rpartition(".")[0] == key}


def plan_fill(exam: Exam, leg: Leg) -> Fill:
    """Say what a block fill of a leg would write: its required sites' empty cells, as normal.

    A half-filled row is completed and what it holds stays; so is an added row that was timed. A
    site that was not seen, or at which something other than normal is recorded, is left to the
    sonographer.
    """
    held = texts(exam)
    cells: dict[str, str] = {}
    sites: list[str] = []
    left_out: list[tuple[str, str]] = []
    for code in REQUIRED:
        key = cell.site_key(leg, code)
        empty = _empty(held, key)
        if not empty:
            continue
        if why := _why_not(held, exam.typed, key):
            left_out.append((segment_name(code), why))
            continue
        cells |= empty
        sites.append(segment_name(code))
    added = _added(exam, leg, held)
    for key in added:
        cells |= _empty(held, key)
    return Fill(leg, cells, tuple(sites), tuple(left_out), tuple(added.values()))


def _empty(held: Mapping[str, str], key: str) -> dict[str, str]:
    return {
        f"{key}.{column}": text
        for column, text in NORMAL.items()
        if not held.get(f"{key}.{column}")
    }


def _added(exam: Exam, leg: Leg, held: Mapping[str, str]) -> dict[str, str]:
    """Return the rows added to a leg that were timed and are otherwise not complete."""
    return {
        finding.site_key: segment_name(finding.segment)
        for finding in exam.findings
        if finding.leg is leg
        and finding.segment not in REQUIRED
        and finding.reflux_ms is not None
        and _empty(held, finding.site_key)
        and not _why_not(held, exam.typed, finding.site_key)
    }


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
