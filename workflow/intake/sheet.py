"""Lay an intake out as its page shows it: each question with its text, its error, its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from workflow.domain.anatomy import Leg
from workflow.domain.edits import Conflict
from workflow.domain.interpretation import Alert
from workflow.domain.limits import DEFAULT_LIMITS, Limits
from workflow.intake import scores, wording
from workflow.intake.asked import Question, Section
from workflow.intake.kinds import NONE
from workflow.intake.lists import Column, Rows, Several
from workflow.intake.questions import QUESTIONS, SECTIONS, asked_of
from workflow.intake.saving import Stored, errors_of
from workflow.intake.seen import LATER
from workflow.intake.steps import Missing, missing
from workflow.intake.warnings import alerts


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a row: its name, text and error."""

    column: Column
    name: str
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page. `errors` are the sentences at its boxes, by box name."""

    question: Question
    cell: str
    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None
    echo: str = ""

    @property
    def name(self) -> str:
        """Return the question's name, which is its box's name and id."""
        return self.question.name

    @property
    def error(self) -> str:
        """Return the first sentence of what is not understood, or an empty text."""
        return next(iter(self.errors.values()), "")

    @property
    def target(self) -> str:
        """Return the id of the box that a link to this question leads to."""
        kind = self.question.kind
        if isinstance(kind, Rows):
            return next((box for box in self.errors if box != self.name), f"{self.name}__0__leg")
        if isinstance(kind, Several) and not kind.choices:
            return f"{self.name}-own"
        boxes = {"yes_no", "pick", "scale", "several", "vcss"}
        return f"{self.name}-0" if kind.look in boxes else self.name

    @property
    def said(self) -> set[str]:
        """Return the answers of a question with several."""
        return set(self.cell.splitlines())

    @property
    def own(self) -> str:
        """Return the answers that are not on the list, one a line."""
        kind = self.question.kind
        return "\n".join(kind.further(self.cell)) if isinstance(kind, Several) else ""

    @property
    def none(self) -> bool:
        """Say whether 'there is none' is ticked."""
        kind = self.question.kind
        if isinstance(kind, Rows):
            return self.cell == NONE or (bool(self.cell) and f'"{NONE}"' in self.cell)
        return NONE in self.said

    @property
    def rows(self) -> tuple[tuple[Box, ...], ...]:
        """Return the rows as boxes, and an empty row after them."""
        kind = self.question.kind
        if not isinstance(kind, Rows):
            return ()
        typed = kind.rows(self.cell)
        return tuple(self._row(kind, index, row) for index, row in enumerate([*typed, {}]))

    def _row(self, kind: Rows, index: int, row: Mapping[str, str]) -> tuple[Box, ...]:
        def box(column: Column) -> Box:
            name = f"{self.name}__{index}__{column.key}"
            return Box(column, name, row.get(column.key, ""), self.errors.get(name, ""))

        return tuple(box(column) for column in kind.columns)


@dataclass(frozen=True, slots=True)
class ToldCell:
    """What the patient told on the tablet to one question, in words, to be confirmed."""

    said: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page and how far it is: `wrong`, `done`, or how many are still to ask."""

    section: Section
    asked: tuple[Asked, ...]
    unasked: tuple[str, ...]

    @property
    def to_ask(self) -> int:
        """Return how many of its questions still want an answer."""
        return len(self.unasked)

    @property
    def wrong(self) -> bool:
        """Say whether an answer in it is not understood."""
        return any(each.errors for each in self.asked)

    @property
    def begun(self) -> bool:
        """Say whether anything in it is answered."""
        return any(each.cell for each in self.asked)


@dataclass(frozen=True)
class Sheet:
    """The page of one intake."""

    stored: Stored
    sex: str
    born: date
    on: date
    seen: int
    errors: Mapping[str, str]
    conflicts: Sequence[Conflict] = ()
    mine: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, ToldCell] = field(default_factory=dict)
    with_told: Stored | None = None
    limits: Limits = DEFAULT_LIMITS

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """Return every question of this patient by its name."""
        concerning = {question.name for question in self._asked_of()}
        echoes = scores.echoes(self.stored)
        at_odds = {conflict.cell: conflict for conflict in self.conflicts}
        page = {}
        for name, question in QUESTIONS.items():
            cell = self.mine.get(name, self.stored.cell(question))
            if name in concerning or cell:
                errors = {k: v for k, v in self.errors.items() if _belongs(k, name)}
                page[name] = Asked(question, cell, errors, at_odds.get(name), echoes.get(name, ""))
        return page

    def _asked_of(self) -> Iterator[Question]:
        return asked_of(self.sex, self.born, self.on, self.limits)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Return the sections with their questions."""
        return tuple(self._part(section) for section in SECTIONS)

    def _part(self, section: Section) -> Part:
        here = tuple(self.asked[q.name] for q in section.questions if q.name in self.asked)
        unasked = () if section.folded else (q.question.label for q in here if self._open(q))
        return Part(section, here, tuple(unasked))

    def _open(self, asked: Asked) -> bool:
        """Say whether a question still wants an answer: a follow-up only after a yes."""
        question = asked.question
        if asked.cell or question.optional:
            return False
        if question.is_clinical:
            leg = question.keys[0]
            later = self.asked[f"clinical__{leg}__{LATER}"]
            return bool(question.needed) and not later.cell
        return not question.after or self.asked[question.after].cell == "yes"

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """Return what the answers so far call attention to."""
        return self._raised(self.stored)

    @cached_property
    def told_alerts(self) -> tuple[Alert, ...]:
        """Return what only the patient's own answers, not confirmed yet, call attention to."""
        if self.with_told is None:
            return ()
        known = {(alert.id, alert.text) for alert in self.alerts}
        raised = self._raised(self.with_told)
        return tuple(alert for alert in raised if (alert.id, alert.text) not in known)

    def _raised(self, stored: Stored) -> tuple[Alert, ...]:
        return alerts(stored, sex=self.sex, born=self.born, on=self.on, limits=self.limits)

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """Return what is still needed before the intake is finished."""
        return missing(self.stored, sex=self.sex, born=self.born, on=self.on, limits=self.limits)

    @cached_property
    def vcss(self) -> tuple[scores.LegScore, ...]:
        """Return the running rVCSS of the right and the left leg."""
        return tuple(scores.vcss(self.stored, leg) for leg in (Leg.RIGHT, Leg.LEFT))

    @property
    def vcss_items(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Return the ten items: key, label, and the words of each score."""
        return wording.VCSS

    @property
    def wells(self) -> str:
        """Return the Wells total in words, empty where nothing was asked."""
        score = scores.wells(self.stored)
        return f"Total {score.total}: a clot is {score.level}." if score else ""

    @property
    def villalta(self) -> str:
        """Return the Villalta total in words, empty where nothing was asked."""
        score = scores.villalta(self.stored)
        return f"Total {score.total}: {score.level}." if score else ""


def _belongs(box: str, name: str) -> bool:
    return box == name or (box.startswith(f"{name}__") and box not in QUESTIONS)


def sheet_of(
    stored: Stored,
    *,
    sex: str,
    born: date,
    on: date,
    seen: int,
    conflicts: Sequence[Conflict] = (),
    mine: Mapping[str, str] | None = None,
    told: Mapping[str, ToldCell] | None = None,
    with_told: Stored | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Sheet:
    """Return the page of an intake; `mine` are texts in conflict, shown as they were typed."""
    return Sheet(
        stored,
        sex,
        born,
        on,
        seen,
        errors_of(stored),
        conflicts,
        mine or {},
        told or {},
        with_told,
        limits,
    )
