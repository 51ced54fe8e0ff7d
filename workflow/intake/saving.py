"""Decide what becomes of typed cells: values for the rules, or text kept until it is understood.

Pure: takes what is stored and what was typed, returns what to store.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.domain.case import read_clinical, read_intake
from workflow.domain.errors import CaseRefused, Refused
from workflow.intake.asked import CLINICAL, Question, placed
from workflow.intake.lists import Rows, RowsRefused
from workflow.intake.questions import QUESTIONS

LONGEST_KEPT = 20_000
"""How many characters of a text that is not understood are kept for the person to correct."""

_BOX = re.compile(r"(?P<name>[a-z_]+)__(?:(?P<row>[0-9]{1,2})__(?P<key>[a-z_]+)|none)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stored:
    """The three columns of an intake."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    clinical: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    def cell(self, question: Question) -> str:
        """Return what a question's box holds: the text not understood, else the stored value."""
        if question.name in self.typed:
            return self.typed[question.name]
        return question.kind.write(question.of(self.answers, self.clinical))

    def cells(self) -> dict[str, str]:
        """Return what every box holds."""
        return {name: self.cell(question) for name, question in QUESTIONS.items()}


def sent_cells(typed: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """Return the cells that a form, or a caller, sent: one for each question it names.

    A cell that reads well is put in its stored form, so that '5 ft 5' sent twice is one change.
    Names that are no question of the intake are left aside.
    """
    cells: dict[str, str] = {}
    for name, question in QUESTIONS.items():
        if isinstance(question.kind, Rows):
            cell = _rows_cell(question.kind, name, typed)
        elif name in typed:
            sent = typed[name]
            cell = question.kind.cell([sent] if isinstance(sent, str) else sent)
        else:
            continue
        if cell is not None:
            cells[name] = _settled(question, cell)
    return cells


def _settled(question: Question, cell: str) -> str:
    try:
        return question.kind.write(question.kind.read(cell))
    except Refused:
        return cell


def _rows_cell(kind: Rows, name: str, typed: Mapping[str, str | Sequence[str]]) -> str | None:
    if isinstance(whole := typed.get(name), str) and kind.reads_back(whole):
        return whole
    rows: dict[int, dict[str, str]] = {}
    none, asked = False, False
    for box, sent in typed.items():
        found = _BOX.fullmatch(box)
        if not found or found["name"] != name:
            continue
        asked = True
        text = sent if isinstance(sent, str) else sent[-1] if sent else ""
        if found["row"] is None:
            none = none or bool(text) or (not isinstance(sent, str) and any(sent))
        else:
            rows.setdefault(int(found["row"]), {})[found["key"]] = text
    return kind.cell_of([rows[index] for index in sorted(rows)], none=none) if asked else None


@dataclass(frozen=True, slots=True)
class Taken:
    """What to store after a change of cells, and the sentence at each box not understood."""

    stored: Stored
    errors: Mapping[str, str]


def take(before: Stored, changes: Mapping[str, str]) -> Taken:
    """Return what is stored once these cells have changed.

    A cell that is not understood takes its old value back: the rules never count an answer that
    the person has since typed over. Keys the form does not know stay as they are.
    """
    errors: dict[str, str] = {}
    after = before
    for name, cell in changes.items():
        question = QUESTIONS[name]
        value, refused = _read(question, cell)
        if refused is None and (refused := _objection(after, question, value)):
            value = None
        kept = {key: text for key, text in after.typed.items() if key != name}
        if refused is not None:
            errors[name] = refused
            kept[name] = cell if isinstance(question.kind, Rows) else cell[:LONGEST_KEPT]
        after = _put(Stored(after.answers, after.clinical, kept), question, value)
    return Taken(after, errors)


def errors_of(stored: Stored) -> dict[str, str]:
    """Return the sentence at each box whose text is not understood, by the box's name."""
    errors: dict[str, str] = {}
    for name, cell in stored.typed.items():
        if (question := QUESTIONS.get(name)) is None:
            continue
        try:
            value = question.kind.read(cell)
        except RowsRefused as refusal:
            errors.update({f"{name}__{box}": text for box, text in refusal.at.items()})
        except Refused as refusal:
            errors[name] = str(refusal)
        else:
            without = {key: text for key, text in stored.typed.items() if key != name}
            fits = _objection(Stored(stored.answers, stored.clinical, without), question, value)
            errors[name] = fits or "Save this answer once more."
    return errors


def _read(question: Question, cell: str) -> tuple[Any, str | None]:
    try:
        return question.kind.read(cell), None
    except RowsRefused as refusal:
        return refusal.value, str(refusal)
    except Refused as refusal:
        return None, str(refusal)


def _put(stored: Stored, question: Question, value: Any) -> Stored:
    if isinstance(question.kind, Rows):
        value = question.kind.keeping(value, question.of(stored.answers, stored.clinical))
    if question.is_clinical:
        clinical = placed(stored.clinical, question.keys, value)
        return Stored(stored.answers, clinical, stored.typed)
    return Stored(placed(stored.answers, question.keys, value), stored.clinical, stored.typed)


def _objection(stored: Stored, question: Question, value: Any) -> str | None:
    """Return why the rules would not take this value, or None where they would."""
    tried = _put(stored, question, value)
    try:
        if question.is_clinical:
            leg = question.keys[0]
            read_clinical(tried.clinical.get(leg) or {}, f"{CLINICAL}.{leg}")
        else:
            read_intake(tried.answers)
    except CaseRefused as refusal:
        return f"{question.label} {refusal.reason}"
    return None


def with_no_ulcer(mine: dict[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Score the age and size of ulcers 0 where there is none; §3.2 leaves no other score."""
    for leg in ("R", "L"):
        at = f"clinical__{leg}__vcss__ulcer_"
        if mine.get(f"{at}number") != "0":
            continue
        for item in ("duration", "size"):
            if not mine.get(f"{at}{item}") and not now[f"{at}{item}"]:
                mine[f"{at}{item}"] = "0"
    return mine
