"""A press of the wrong button is taken back at once, by whoever pressed it, and nothing else is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workflow.domain.care import CARE, CareStep
from workflow.domain.exam import EXAM, ExamStep
from workflow.domain.undo import SAFE, Taken, refusal

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
STARTED = Taken("exam", "start", by_id=7, at=NOON)


def _after(seconds: int, **changes: object) -> str | None:
    taken = replace(STARTED, **changes)  # type: ignore[arg-type]
    return refusal(taken, by_id=7, now=NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [0, 30, 60])
def test_a_move_is_taken_back_within_the_minute(seconds: int) -> None:
    assert _after(seconds) is None


def test_a_move_older_than_a_minute_stands() -> None:
    assert _after(61) == (
        "A step can be undone for a minute; this one is older. Nothing was changed."
    )


def test_nobody_takes_back_what_another_did() -> None:
    assert _after(1, by_id=8) == "Only whoever took this step can undo it."


def test_a_move_that_another_followed_stands() -> None:
    assert _after(1, is_last=False) == (
        "Something else was done for this patient since, so this cannot be undone."
    )


def test_a_scan_that_has_findings_is_not_unstarted() -> None:
    assert _after(1, recorded=True) == "Findings are recorded already, so the scan has begun."


@pytest.mark.parametrize(
    ("subject", "step"), [("exam", "sign"), ("care", "discharge"), ("plan", "approve")]
)
def test_a_decision_is_never_taken_back(subject: str, step: str) -> None:
    assert _after(1, subject=subject, step=step) == (
        "This cannot be undone. What follows from it is offered on the patient's page."
    )


def test_only_moves_that_exist_can_be_undone() -> None:
    assert set(SAFE["exam"]) <= {step.value for step in ExamStep}
    assert set(SAFE["care"]) <= {step.value for step in CareStep}
    for step, needs in SAFE["exam"].items():
        assert EXAM.rules[ExamStep(step)].needs is needs
    for step, needs in SAFE["care"].items():
        assert CARE.rules[CareStep(step)].needs is needs


@pytest.mark.parametrize(
    ("subject", "step"),
    [("exam", each) for each in ("check_in", "start", "no_show", "cancel")]
    + [("care", each) for each in ("consent", "authorise", "cancel", "transfer")],
)
def test_a_plain_press_can_be_taken_back(subject: str, step: str) -> None:
    assert _after(1, subject=subject, step=step) is None


def test_a_signature_and_what_a_physician_decides_is_never_undone() -> None:
    for step in ("sign", "return", "open", "finish", "reopen"):
        assert step not in SAFE["exam"]
    assert "plan" not in SAFE
    assert not {"session_done", "discharge"} & set(SAFE["care"])
