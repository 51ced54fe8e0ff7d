"""Record what a scan shows, cell by cell. Nothing here commits; the caller does.

Every change is a row of the cell's history. Different cells that two people changed merge; the
same cell is never overwritten in silence.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow import progress
from workflow.cases import interpreted
from workflow.critical import raise_finding
from workflow.domain.alarm import is_critical
from workflow.domain.anatomy import CATALOGUE, REQUIRED, Leg, number_of, segment
from workflow.domain.edits import Conflict
from workflow.domain.errors import CaseRefused, Refused
from workflow.domain.exam import EXAM, RECORDABLE
from workflow.domain.findings import Position, Reading
from workflow.domain.interpretation import Alert
from workflow.models.exam import CELLS, Exam, Finding
from workflow.models.history import Edit
from workflow.models.staff import Staff
from workflow.ultrasound import acts, cell
from workflow.ultrasound.acts import DONE, Deed
from workflow.ultrasound.settle import settled

SUBJECT = acts.SUBJECT
LONGEST_KEPT = 500
_RANK = {row.code: at for at, row in enumerate(CATALOGUE)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a save: cells written, cells refused with a sentence, cells to choose."""

    saved: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()

    def joined(self, other: "Outcome") -> "Outcome":
        """Return what became of both saves."""
        return Outcome(
            self.saved + other.saved,
            {**self.refused, **other.refused},
            self.conflicts + other.conflicts,
        )


def texts(exam: Exam) -> dict[str, str]:
    """Return what every cell of an exam holds, as its canonical text; empty cells are left out."""
    held = {
        "exam.position": exam.position.value if exam.position else "",
        "exam.manoeuvres": ",".join(exam.manoeuvres),
        "exam.limitations": exam.limitations,
        "exam.comparison": exam.comparison,
    }
    for finding in exam.findings:
        row = finding.as_case
        for key, value in row.items():
            if value is not None and (column := cell.field_of(key)):
                held[f"{finding.site_key}.{key}"] = cell.shown(column, value)
        if row.get("visualised") == "not_seen" and row["reflux_ms"] is None:
            held[f"{finding.site_key}.reflux_ms"] = cell.NOT_SEEN
    return {name: text for name, text in held.items() if text}


def save_grid(
    session: Session,
    exam: Exam,
    typed: Mapping[str, str],
    *,
    seen: int,
    by: Staff,
    at: datetime,
    held: Iterable[str] = (),
    whole: bool = False,
) -> Outcome:
    """Store what was typed into the grid's cells, and say what could not be stored.

    `typed` maps cell names to texts, `seen` is the last edit the page showed, and `held` names the
    cells it showed as not understood. Good cells are stored even where others are refused, unless
    they are to be taken as a `whole`, such as a pasted block: then it is all of them or none.
    """
    lock(session, exam)
    now = texts(exam)
    wanted, refused = _understood(typed, now)
    merged = progress.merge_edits(session, SUBJECT, exam.id, wanted, now, seen=seen)
    changes, contradictory = settled(merged.changes, now)
    refused |= contradictory
    if whole and (refused or merged.conflicts):
        return Outcome((), refused, merged.conflicts)
    acts.note_conflicts(session, exam, merged.conflicts, by=by, at=at)
    refused |= _write(exam, changes)
    changed = keep(session, exam, now, changes, deed=DONE, by=by, at=at)
    _keep_what_was_not_understood(exam, typed, refused, {*held, *changed})
    session.flush()
    return Outcome(tuple(changed), refused, merged.conflicts)


def lock(session: Session, exam: Exam) -> None:
    """Read the exam as it is now, keep others from writing it, and refuse where it is closed."""
    session.refresh(exam, with_for_update=True)
    must_be_open(exam)


def keep(
    session: Session,
    exam: Exam,
    now: Mapping[str, str],
    names: Iterable[str],
    *,
    deed: Deed,
    by: Staff,
    at: datetime,
    marks: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Mapping[str, tuple[str, str]]:
    """Write down what changed among the named cells since `now`, as one act; return it.

    `marks` are the rows that were added or taken out by the same act.
    """
    session.flush()
    after = texts(exam)
    changed = {
        name: (now.get(name, ""), after.get(name, ""))
        for name in names
        if now.get(name, "") != after.get(name, "")
    }
    since = progress.last_edit(session, SUBJECT, exam.id)
    progress.edited(
        session,
        SUBJECT,
        exam.id,
        {**marks, **changed},
        patient_id=exam.episode.patient_id,
        by=by,
        at=at,
    )
    session.flush()
    acts.note(session, exam, since=since, deed=deed, by=by, at=at)
    if changed:
        note_critical(session, exam, by=by, at=at)
    return changed


def restore(exam: Exam, cells: Mapping[str, str]) -> None:
    """Put canonical texts that the cells held once back into the exam."""
    if refused := _write(exam, cells):
        raise Refused(next(iter(refused.values())))


def last_saved(session: Session, exam: Exam) -> datetime | None:
    """Return when a cell of the exam was last changed."""
    return session.scalar(
        select(func.max(Edit.at)).where(Edit.subject == SUBJECT, Edit.subject_id == exam.id)
    )


def must_be_open(exam: Exam) -> None:
    """Raise Refused where findings may not be written now."""
    if exam.status not in RECORDABLE:
        raise Refused(
            f"Findings are recorded while the scan is running; this one is "
            f"“{EXAM.words[exam.status]}”. Nothing was saved."
        )


def record(
    session: Session, exam: Exam, readings: Iterable[Reading], *, by: Staff, at: datetime
) -> None:
    """Write a whole exam's readings into an empty one, in the order given."""
    must_be_open(exam)
    if exam.findings:
        raise Refused("This scan already holds findings.")
    repeats: dict[tuple[Leg, str], int] = defaultdict(int)
    before = texts(exam)
    for ordinal, reading in enumerate(readings, start=1):
        repeats[reading.leg, reading.segment] += 1
        finding = Finding(ordinal=ordinal, repeat=repeats[reading.leg, reading.segment])
        finding.reading = reading
        exam.findings.append(finding)
    session.flush()
    changes = {name: ("", text) for name, text in texts(exam).items() if name not in before}
    progress.edited(
        session, SUBJECT, exam.id, changes, patient_id=exam.episode.patient_id, by=by, at=at
    )
    note_critical(session, exam, by=by, at=at)


def critical(session: Session, exam: Exam) -> tuple[Alert, ...]:
    """Return the alerts a physician must hear of at once (§8.4)."""
    alerts = interpreted(session, exam)[1].alerts
    return tuple(alert for alert in alerts if is_critical(alert))


def note_critical(session: Session, exam: Exam, *, by: Staff, at: datetime) -> None:
    """Flag the episode where a critical finding is recorded; only a physician clears the flag."""
    if found := [alert.text for alert in critical(session, exam)]:
        raise_finding(session, exam, found, by=by, at=at)


def _understood(
    typed: Mapping[str, str], now: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the cells' canonical texts, and a sentence for each that could not be read."""
    wanted: dict[str, str] = {}
    refused: dict[str, str] = {}
    for name, text in typed.items():
        site = cell.parse(name)
        column = cell.field_of(site.key) if site else cell.exam_field(name)
        if column is None:
            continue
        if text.strip() == now.get(name, ""):
            wanted[name] = now.get(name, "")
            continue
        try:
            wanted[name] = cell.read(column, text)
        except Refused as refusal:
            refused[name] = str(refusal)
    return wanted, refused


def _write(exam: Exam, changes: Mapping[str, str]) -> dict[str, str]:
    """Put the changes into the exam and its findings; return what the rules would not take."""
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for name, text in changes.items():
        if site := cell.parse(name):
            rows[site.site_key][name] = text
        else:
            _write_exam(exam, name, text)
    known = {finding.site_key: finding for finding in exam.findings}
    refused: dict[str, str] = {}
    for key, cells in rows.items():
        try:
            _write_site(exam, known.get(key), cells)
        except CaseRefused as refusal:
            refused |= dict.fromkeys(cells, f"This {refusal.reason}")
    return refused


def _write_exam(exam: Exam, name: str, text: str) -> None:
    if name == "exam.position":
        exam.position = Position(text) if text else None
    elif name == "exam.manoeuvres":
        exam.manoeuvres = text.split(",") if text else []
    elif name == "exam.limitations":
        exam.limitations = text
    elif name == "exam.comparison":
        exam.comparison = text


def _write_site(exam: Exam, finding: Finding | None, cells: Mapping[str, str]) -> None:
    sites = [site for name in cells if (site := cell.parse(name))]
    row: dict[str, Any] = (
        finding.as_case if finding else {"leg": sites[0].leg.value, "segment": sites[0].segment}
    )
    for site, text in zip(sites, cells.values(), strict=True):
        column = cell.field_of(site.key)
        held = cell.value(column, text) if column else None
        if held is None and site.key not in CELLS:
            row.pop(site.key, None)
        else:
            row[site.key] = held
    if finding is None:
        finding = new_finding(sites[0].leg, sites[0].segment, sites[0].repeat)
        finding.take(row)
        exam.findings.append(finding)
    else:
        finding.take(row)
    if is_bare(finding) and finding.segment in REQUIRED:
        exam.findings.remove(finding)  # a site that is not listed was not examined


def is_bare(finding: Finding) -> bool:
    """Say whether nothing at all is recorded at this site."""
    row = finding.as_case
    return not any(value is not None for key, value in row.items() if key not in {"leg", "segment"})


def new_finding(leg: Leg, code: str, repeat: int = 1) -> Finding:
    """Return an empty row for a site, placed in scanning order after all that was imported."""
    row = segment(code)
    if row is None:
        raise Refused(f"{code} is not a site of the scan protocol.")
    order = (
        list(Leg).index(leg) * 100_000
        + (_RANK[row.code] + 1) * 1000
        + (number_of(code) or 0) * 10
        + repeat
    )
    return Finding(ordinal=order, leg=leg, segment=code, repeat=repeat, detail={})


def _keep_what_was_not_understood(
    exam: Exam, typed: Mapping[str, str], refused: Mapping[str, str], settled_now: set[str]
) -> None:
    kept = {name: text for name, text in exam.typed.items() if name not in settled_now}
    kept |= {name: typed[name][:LONGEST_KEPT] for name in refused if name in typed}
    if kept != exam.typed:
        exam.typed = kept
