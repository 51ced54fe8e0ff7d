"""Decide which moves may be taken back at once, because a press of the wrong button is no decision.

Only moves that nothing rests on yet, and that say nothing over a signature: see
docs/decisions/0007-undo.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow.domain.exam import EXAM, ExamStep
from workflow.domain.staff import Permission

WITHIN = timedelta(minutes=1)

SAFE: Mapping[str, Mapping[str, Permission]] = {
    "exam": {
        step.value: EXAM.rules[step].needs
        for step in (ExamStep.CHECK_IN, ExamStep.START, ExamStep.NO_SHOW, ExamStep.CANCEL)
    },
    "care": dict.fromkeys(
        ("consent", "authorise", "cancel", "transfer"), Permission.CARRY_OUT_PLANS
    ),
}
"""The moves that can be taken back, by what they move, with what it takes to make them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A move as it was taken: what of, which, by whom and when; whether another followed it."""

    subject: str
    step: str
    by_id: int
    at: datetime
    is_last: bool = True
    recorded: bool = False


def refusal(taken: Taken, *, by_id: int, now: datetime) -> str | None:
    """Say why a move may not be taken back, or None if it may.

    It must be one's own, the last of its episode, and not a minute old. A scan that has findings
    is not unstarted.
    """
    if taken.step not in SAFE.get(taken.subject, {}):
        return "This cannot be undone. What follows from it is offered on the patient's page."
    if taken.by_id != by_id:
        return "Only whoever took this step can undo it."
    if not taken.is_last:
        return "Something else was done for this patient since, so this cannot be undone."
    if now - taken.at > WITHIN:
        return "A step can be undone for a minute; this one is older. Nothing was changed."
    if taken.recorded:
        return "Findings are recorded already, so the scan has begun."
    return None
