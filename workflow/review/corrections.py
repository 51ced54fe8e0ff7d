"""Correct the findings of an amendment, cell by cell. Nothing here commits; the caller does.

Only the corrected copy of a signed scan is written here, by the physician who reads it. A site
that must be scanned again goes back to the sonographer instead.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from workflow import progress
from workflow.cases import interpreted
from workflow.critical import raise_finding
from workflow.domain import entry
from workflow.domain.alarm import is_critical
from workflow.domain.anatomy import Leg, segment_name
from workflow.domain.errors import CaseRefused, Refused
from workflow.domain.exam import EXAM, ExamStatus
from workflow.domain.findings import Compressibility, Thrombus
from workflow.domain.staff import Permission, may, only
from workflow.models.exam import CELLS, Exam, Finding
from workflow.models.staff import Staff
from workflow.review.actions import CHANGED, Changed, redraft
from workflow.standing import amendment_of

SUBJECT = "findings"
WORDS: dict[str, tuple[str, ...]] = {
    "compressibility": tuple(word.value for word in Compressibility),
    "thrombus": tuple(word.value for word in Thrombus),
}
"""The cells that take a word of a list."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a site: its name, what it holds, and what is wrong with what was typed."""

    name: str
    key: str
    text: str
    words: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One recorded site and its cells."""

    leg: Leg
    site: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of a correction: how many cells were written, and a sentence for each refused."""

    saved: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)


def rows(
    exam: Exam, typed: Mapping[str, str] | None = None, refused: Mapping[str, str] | None = None
) -> Iterator[SiteRow]:
    """Yield every recorded site with its cells; `typed` stands for what is stored."""
    typed, refused = typed or {}, refused or {}
    for finding in exam.findings:
        cells = []
        for key in CELLS:
            name = f"{finding.site_key}.{key}"
            text = typed.get(name, shown(finding, key))
            cells.append(Cell(name, key, text, WORDS.get(key, ()), refused.get(name, "")))
        yield SiteRow(finding.leg, segment_name(finding.segment), tuple(cells))


def shown(finding: Finding, key: str) -> str:
    """Return what one cell of a site holds, as it is typed: '2400', '6.8', 'full', or ''."""
    return _text(getattr(finding, key))


def _text(value: Decimal | int | str | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if isinstance(value, Decimal) else str(value)


def refusal(session: Session, exam: Exam, by: Staff) -> str | None:
    """Say why this person may not correct this scan's findings now, or None if they may."""
    if not may(by.role, Permission.SIGN_REPORTS):
        return only(Permission.SIGN_REPORTS)
    if amendment_of(session, exam.id) is None:
        return "Findings are corrected here only while a signed report is being amended."
    if exam.status is not ExamStatus.IN_REVIEW:
        return f"This amendment is “{EXAM.words[exam.status]}”; its findings are not written here."
    return None


def correct(
    session: Session, exam: Exam, typed: Mapping[str, str], *, by: Staff, at: datetime, seen: int
) -> Corrected:
    """Write the cells that were changed, all of them or none, and draft the impression anew.

    What a physician wrote in the impression stays. Raises Changed where the scan is not the one
    that was read.
    """
    session.refresh(exam, with_for_update=True)
    if exam.revision != seen:
        raise Changed(CHANGED)
    if reason := refusal(session, exam, by):
        raise Refused(reason)
    wanted, refused = _understood(exam, typed)
    refused |= {} if refused else _written(exam, wanted)
    if refused:
        return Corrected(refused=refused)
    if wanted:
        flag_modified(exam, "drafted")  # findings are rows of their own: the revision moves
        redraft(session, exam)
        patient_id = exam.episode.patient_id
        progress.edited(session, SUBJECT, exam.id, wanted, patient_id=patient_id, by=by, at=at)
        session.flush()
        _note_critical(session, exam, by=by, at=at)
    return Corrected(saved=len(wanted))


def _understood(
    exam: Exam, typed: Mapping[str, str]
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Return the cells that change, before and after, and a sentence for each not understood."""
    wanted: dict[str, tuple[str, str]] = {}
    refused: dict[str, str] = {}
    for finding in exam.findings:
        for key in CELLS:
            name = f"{finding.site_key}.{key}"
            held = shown(finding, key)
            try:
                after = _text(_READERS[key](typed.get(name, held).strip()))
            except (Refused, ValueError) as error:
                refused[name] = _sentence(error)
                continue
            if after != held:
                wanted[name] = (held, after)
    return wanted, refused


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, Refused) else "Choose one of the listed answers."


_READERS: dict[str, Callable[[str], Any]] = {
    "reflux_ms": entry.reflux_ms,
    "diameter_mm": entry.diameter_mm,
    "compressibility": lambda text: Compressibility(text) if text else None,
    "thrombus": lambda text: Thrombus(text) if text else None,
}


def _written(exam: Exam, wanted: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Put the cells into the findings; return a sentence for each the rules would not take."""
    refused: dict[str, str] = {}
    for finding in exam.findings:
        names = [f"{finding.site_key}.{key}" for key in CELLS]
        mine = {name: wanted[name][1] for name in names if name in wanted}
        if not mine:
            continue
        row = finding.as_case
        for name, text in mine.items():
            key = name.rpartition(".")[2]
            value = _READERS[key](text)
            row[key] = float(value) if isinstance(value, Decimal) else value
        try:
            finding.take(row)
        except CaseRefused as refusal:
            refused |= dict.fromkeys(mine, f"This {refusal.reason}")
    return refused


def _note_critical(session: Session, exam: Exam, *, by: Staff, at: datetime) -> None:
    """Flag the episode where a corrected value is critical (§8.4)."""
    alerts = interpreted(session, exam)[1].alerts
    if found := [alert.text for alert in alerts if is_critical(alert)]:
        raise_finding(session, exam, found, by=by, at=at)
