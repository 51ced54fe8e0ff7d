"""Decide when an intake may be finished, and when it may be opened again (§8.1, §3.9)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflow.domain.clinical import VCSS_ITEMS
from workflow.domain.exam import ExamStatus
from workflow.domain.limits import DEFAULT_LIMITS, Limits
from workflow.domain.staff import Permission
from workflow.domain.steps import Rule, Table
from workflow.intake.asked import Question
from workflow.intake.questions import QUESTIONS, asked_of
from workflow.intake.saving import Stored
from workflow.intake.seen import LATER
from workflow.intake.wording import LEGS

BARS_THE_SCAN = frozenset({"RF3_EMERGENCY", "RF10_NEURO_ISCHAEMIA"})
"""The STOP flags that end an elective visit; the others bar a treatment, not the scan."""


class IntakeStatus(StrEnum):
    """Where an intake stands."""

    OPEN = "open"
    FINISHED = "finished"


class IntakeStep(StrEnum):
    """What can be done to an intake."""

    FINISH = "finish"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """What the steps of an intake look at.

    not_understood, missing: how many boxes hold text that cannot be read, and how many needed
    answers there are not. to_confirm: how many answers of the patient, told on the tablet, nobody
    has confirmed or set aside. stop: the sentence of a flag that ends an elective visit; overruled:
    whether a physician says why the visit goes on all the same.
    """

    status: IntakeStatus
    not_understood: int = 0
    missing: int = 0
    to_confirm: int = 0
    stop: str = ""
    overruled: bool = False
    exam: ExamStatus | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """An answer that is needed before an intake is finished."""

    name: str
    sentence: str


def _if_incomplete(intake: IntakeFacts) -> str | None:
    if intake.not_understood:
        boxes = (
            "1 answer is" if intake.not_understood == 1 else f"{intake.not_understood} answers are"
        )
        return f"{boxes} not understood. Correct what is marked first."
    if intake.to_confirm:
        told = "1 answer" if intake.to_confirm == 1 else f"{intake.to_confirm} answers"
        return f"{told} told on the tablet still to be confirmed with the patient."
    if intake.missing:
        answers = "1 answer is" if intake.missing == 1 else f"{intake.missing} answers are"
        return f"{answers} still needed."
    if intake.stop and not intake.overruled:
        return f"{intake.stop} Only a physician may go on, and says why."
    return None


def _if_read(intake: IntakeFacts) -> str | None:
    if intake.exam is ExamStatus.FINAL:
        return "The report is signed and rests on this intake. Start a new episode for new answers."
    return None


INTAKE: Table[IntakeStep, IntakeStatus, IntakeFacts] = Table(
    noun="intake",
    rules={
        IntakeStep.FINISH: Rule(
            frozenset({IntakeStatus.OPEN}),
            IntakeStatus.FINISHED,
            Permission.TAKE_INTAKE,
            "Finish the intake",
            _if_incomplete,
        ),
        IntakeStep.REOPEN: Rule(
            frozenset({IntakeStatus.FINISHED}),
            IntakeStatus.OPEN,
            Permission.TAKE_INTAKE,
            "Reopen the intake",
            _if_read,
        ),
    },
    words={IntakeStatus.OPEN: "being taken", IntakeStatus.FINISHED: "finished"},
)


def missing(
    stored: Stored, *, sex: str, born: date, on: date, limits: Limits = DEFAULT_LIMITS
) -> tuple[Missing, ...]:
    """Return what is still needed: cramps, symptoms, warning signs, pregnancy, allergies, signs.

    What the clinician sees of a leg may be left for later, by its tick.
    """
    return tuple(_missing(stored, asked_of(sex, born, on, limits)))


def _missing(stored: Stored, asked: Iterable[Question]) -> Iterator[Missing]:
    for question in asked:
        if question.needed and not question.is_clinical and not stored.cell(question):
            yield Missing(question.name, question.needed)
    for leg, name in LEGS:
        if not _later(stored, leg):
            yield from _not_seen(stored, leg, name)


def _not_seen(stored: Stored, leg: str, name: str) -> Iterator[Missing]:
    signs = QUESTIONS[f"clinical__{leg}__c"]
    if not stored.cell(signs):
        yield Missing(signs.name, signs.needed)
    items = [QUESTIONS[f"clinical__{leg}__vcss__{item}"] for item in VCSS_ITEMS]
    left = [item for item in items if not stored.cell(item)]
    if left:
        count = "1 item is" if len(left) == 1 else f"{len(left)} items are"
        yield Missing(
            left[0].name,
            f"Score the severity of the {name} leg: {count} left; or tick that it comes later.",
        )


def _later(stored: Stored, leg: str) -> bool:
    return bool(stored.cell(QUESTIONS[f"clinical__{leg}__{LATER}"]))
