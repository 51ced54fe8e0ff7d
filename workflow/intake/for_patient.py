"""Decide what the tablet asks a patient, in which order, and what it says of a bad answer.

The questions are the intake's own; only their words differ (`patient_words`). Warning signs come
first: they must not wait behind fifty other questions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workflow.domain.errors import Refused
from workflow.domain.limits import DEFAULT_LIMITS, Limits
from workflow.intake.asked import Question
from workflow.intake.kinds import NONE, Height, Number, Pick, Weight, When, YesNo
from workflow.intake.lists import Rows, RowsRefused, Several
from workflow.intake.patient_words import WORDS, Words
from workflow.intake.questions import QUESTIONS, asked_of
from workflow.intake.saving import Stored, sent_cells, take

NEVER_UNKNOWN = frozenset(
    {"red_flags", "concern", "symptoms__R", "symptoms__L", "other_measures", "medications"}
)
"""What a person knows of themselves, or may leave: these offer no "I don't know"."""

SAID_BY = {"compression_trial__weeks": ("compression_trial__start", "compression_trial__end")}
"""What need not be asked once all of these are answered."""

MOST_ROWS = 6

_SPANISH_MONTHS = {
    "ene": "Jan", "feb": "Feb", "mar": "Mar", "abr": "Apr", "may": "May", "jun": "Jun",
    "jul": "Jul", "ago": "Aug", "sep": "Sep", "set": "Sep", "oct": "Oct", "nov": "Nov",
    "dic": "Dec",
}  # fmt: skip
_DAY = re.compile(r"(?:(\d{1,2})\s+(?:de\s+)?)?([a-z]{3,10})\.?,?\s+(?:del?\s+)?(\d{4})", re.ASCII)


def patient_questions(
    sex: str, born: date, on: date, cells: Mapping[str, str], limits: Limits = DEFAULT_LIMITS
) -> tuple[Question, ...]:
    """Return what this patient is asked now: a follow-up only after its yes.

    `cells` are the answers so far, the patient's before the clinic's.
    """
    known = {question.name: question for question in asked_of(sex, born, on, limits)}
    return tuple(
        known[name]
        for name in WORDS["en"].questions
        if name in known
        and (not (first := known[name].after) or cells.get(first) == "yes")
        and not (name in SAID_BY and all(cells.get(each) for each in SAID_BY[name]))
    )


def may_not_know(question: Question) -> bool:
    """Say whether "I don't know" is offered: an answer of its own, neither no nor not asked."""
    return question.name not in NEVER_UNKNOWN


@dataclass(frozen=True, slots=True)
class Given:
    """What a patient gave to one question: its cell, and the sentence at each box, by box name."""

    cell: str
    errors: Mapping[str, str]


def given(
    question: Question, typed: Mapping[str, Sequence[str]], before: Stored, language: str
) -> Given:
    """Read what was sent for one question; the sentences are in the patient's language."""
    kind, words = question.kind, WORDS[language]
    name = question.name
    mine = {key: texts for key, texts in typed.items() if _is_of(key, name)}
    if language == "es":
        mine = {key: [_dated(kind, key, text) for text in texts] for key, texts in mine.items()}
    cell = sent_cells(mine).get(name, "")
    if not cell:
        typing = kind.look in {"line", "number"}
        return Given("", {name: words.said["type" if typing else "choose"]})
    return Given(cell, errors_of(question, cell, before, words))


def errors_of(question: Question, cell: str, before: Stored, words: Words) -> dict[str, str]:
    """Return a sentence for each box of a cell that is not understood."""
    kind, name = question.kind, question.name
    try:
        kind.read(cell)
    except RowsRefused as refusal:
        return {f"{name}__{box}": _of_box(question, box, words) for box in refusal.at}
    except Refused:
        return {name: _sentence(question, cell, words)}
    if name in take(before, {name: cell}).errors:
        return {name: _sentence(question, cell, words)}
    return {}


def _of_box(question: Question, box: str, words: Words) -> str:
    if box == NONE:
        return words.said["bad_none"].format(none=words.answer(question, NONE))
    kind = question.kind
    key = box.partition("__")[2]
    column = (
        next(each for each in kind.columns if each.key == key) if isinstance(kind, Rows) else None
    )
    if column is None:
        return words.said["bad_text"]
    return _sentence(replace(question, kind=column.kind), "", words)


def _sentence(question: Question, cell: str, words: Words) -> str:
    kind, said = question.kind, words.said
    if isinstance(kind, Number):
        return said["bad_number"].format(low=kind.low, high=kind.high)
    if isinstance(kind, Height):
        return said["bad_height"]
    if isinstance(kind, Weight):
        return said["bad_weight"]
    if isinstance(kind, When):
        return said["bad_day" if kind.exact else "bad_date"]
    if isinstance(kind, YesNo | Pick):
        return said["bad_choice"]
    if isinstance(kind, Several) and NONE in cell.splitlines():
        return said["bad_none"].format(none=words.answer(question, NONE))
    return said["bad_text"]


def _is_of(key: str, name: str) -> bool:
    return key == name or (key.startswith(f"{name}__") and key not in QUESTIONS)


def _dated(kind: Any, key: str, text: str) -> str:
    """Return a Spanish date in the form the intake reads: '19 de enero de 2026' is 19 Jan 2026."""
    if isinstance(kind, Rows):
        column = key.rpartition("__")[2]
        kind = next((each.kind for each in kind.columns if each.key == column), None)
    if not isinstance(kind, When):
        return text
    found = _DAY.fullmatch(text.strip().lower())
    month = _SPANISH_MONTHS.get(found[2][:3]) if found else None
    if found is None or month is None:
        return text
    return " ".join(part for part in (found[1], month, found[3]) if part)
