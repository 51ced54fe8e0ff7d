"""Decide how a scan moves from its order to its signed report (clinical reference §8.1)."""

from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.staff import Permission
from workflow.domain.steps import Rule, Table


class ExamStatus(StrEnum):
    """Where a Wellness Ultrasound stands."""

    ORDERED = "ordered"
    SCHEDULED = "scheduled"
    ARRIVED = "arrived"
    SCANNING = "scanning"
    PRELIMINARY = "preliminary"
    IN_REVIEW = "in_review"
    FINAL = "final"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class ExamStep(StrEnum):
    """What can be done to a scan."""

    SCHEDULE = "schedule"
    CHECK_IN = "check_in"
    START = "start"
    FINISH = "finish"
    REOPEN = "reopen"
    OPEN = "open"
    RETURN = "return"
    SIGN = "sign"
    NO_SHOW = "no_show"
    CANCEL = "cancel"
    MOVE = "move"
    SWAP_LEGS = "swap_legs"
    DROP = "drop_amendment"


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """What the steps of a scan look at.

    missing: how many required elements (§1.7) are not recorded. incomplete_reason: why it is
    handed over all the same. impression: whether each scanned leg has one. lacks: the elements
    without which its report is not signed. amends: whether it is the corrected copy of a signed
    scan.
    """

    status: ExamStatus
    has_time: bool = False
    intake_finished: bool = False
    stops: tuple[str, ...] = ()
    readings: int = 0
    missing: int = 0
    incomplete_reason: str = ""
    impression: bool = False
    lacks: tuple[str, ...] = ()
    amends: bool = False


def _if_not_ready_to_book(exam: ExamFacts) -> str | None:
    if exam.intake_finished:
        return None
    return "Finish the intake first; its red flags are asked there."


def _if_no_time(exam: ExamFacts) -> str | None:
    return None if exam.has_time else "Give the scan a time first."


def _if_incomplete(exam: ExamFacts) -> str | None:
    if not exam.readings:
        return "Nothing is recorded yet."
    if exam.missing and not exam.incomplete_reason.strip():
        what, them = (
            ("1 required value is", "it")
            if exam.missing == 1
            else (f"{exam.missing} required values are", "them")
        )
        return f"{what} missing. Record {them}, or say why the scan is handed over as it is."
    return None


def _if_unsignable(exam: ExamFacts) -> str | None:
    if not exam.readings:
        return "There is nothing to sign: no finding is recorded."
    if not exam.impression:
        return "Write an impression for each leg that was scanned."
    if exam.lacks:
        some = "an element" if len(exam.lacks) == 1 else f"{len(exam.lacks)} elements"
        return f"The report lacks {some} it must hold. {' '.join(exam.lacks)}"
    return None


def _if_no_amendment(exam: ExamFacts) -> str | None:
    return None if exam.amends else "This scan amends no report; return it instead."


def _if_amendment(exam: ExamFacts) -> str | None:
    if exam.amends:
        return "An amendment stays with the report it amends; a physician declares that one void."
    return None


def _if_empty(exam: ExamFacts) -> str | None:
    return None if exam.readings else "Nothing is recorded yet."


_E = ExamStatus
EXAM: Table[ExamStep, ExamStatus, ExamFacts] = Table(
    noun="scan",
    rules={
        ExamStep.SCHEDULE: Rule(
            frozenset({_E.ORDERED, _E.SCHEDULED, _E.NO_SHOW}),
            _E.SCHEDULED,
            Permission.BOOK_SCANS,
            "Give a time",
            _if_not_ready_to_book,
        ),
        ExamStep.CHECK_IN: Rule(
            frozenset({_E.SCHEDULED}), _E.ARRIVED, Permission.BOOK_SCANS, "Check in", _if_no_time
        ),
        ExamStep.START: Rule(
            frozenset({_E.ARRIVED}), _E.SCANNING, Permission.RECORD_EXAMS, "Start the scan"
        ),
        ExamStep.FINISH: Rule(
            frozenset({_E.SCANNING}),
            _E.PRELIMINARY,
            Permission.RECORD_EXAMS,
            "Finish the scan",
            _if_incomplete,
        ),
        ExamStep.REOPEN: Rule(
            frozenset({_E.PRELIMINARY}),
            _E.SCANNING,
            Permission.RECORD_EXAMS,
            "Reopen the scan",
            note_required=True,
        ),
        ExamStep.OPEN: Rule(
            frozenset({_E.PRELIMINARY}), _E.IN_REVIEW, Permission.SIGN_REPORTS, "Start reading"
        ),
        ExamStep.RETURN: Rule(
            frozenset({_E.IN_REVIEW}),
            _E.SCANNING,
            Permission.SIGN_REPORTS,
            "Return to sonographer",
            note_required=True,
        ),
        ExamStep.SIGN: Rule(
            frozenset({_E.IN_REVIEW}),
            _E.FINAL,
            Permission.SIGN_REPORTS,
            "Sign report",
            _if_unsignable,
        ),
        ExamStep.NO_SHOW: Rule(
            frozenset({_E.SCHEDULED}), _E.NO_SHOW, Permission.BOOK_SCANS, "Record a no-show"
        ),
        ExamStep.CANCEL: Rule(
            frozenset({_E.ORDERED, _E.SCHEDULED, _E.ARRIVED, _E.NO_SHOW}),
            _E.CANCELLED,
            Permission.BOOK_SCANS,
            "Cancel the scan",
            note_required=True,
        ),
        ExamStep.MOVE: Rule(
            frozenset({_E.ARRIVED, _E.SCANNING, _E.PRELIMINARY, _E.IN_REVIEW}),
            None,
            Permission.RECORD_EXAMS,
            "Move to another patient",
            _if_amendment,
            note_required=True,
        ),
        ExamStep.SWAP_LEGS: Rule(
            frozenset({_E.SCANNING, _E.PRELIMINARY, _E.IN_REVIEW}),
            None,
            Permission.RECORD_EXAMS,
            "Swap the legs",
            _if_empty,
            note_required=True,
        ),
        ExamStep.DROP: Rule(
            frozenset({_E.SCANNING, _E.PRELIMINARY, _E.IN_REVIEW}),
            _E.CANCELLED,
            Permission.SIGN_REPORTS,
            "Drop the amendment",
            _if_no_amendment,
            note_required=True,
        ),
    },
    words={
        _E.ORDERED: "ordered",
        _E.SCHEDULED: "scheduled",
        _E.ARRIVED: "arrived",
        _E.SCANNING: "scanning",
        _E.PRELIMINARY: "to read",
        _E.IN_REVIEW: "being read",
        _E.FINAL: "read (final)",
        _E.NO_SHOW: "no-show",
        _E.CANCELLED: "cancelled",
    },
)

RECORDABLE = frozenset({ExamStatus.SCANNING})
"""The states in which findings may be written."""

OPEN_STATES = frozenset(ExamStatus) - {ExamStatus.FINAL, ExamStatus.CANCELLED}
"""The states in which a scan still wants something done."""
