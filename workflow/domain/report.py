"""Decide what may still be done to a signed report (clinical reference §8.1, §8.2).

A signed report is never changed. Something is added to it, another takes its place, or it is
declared void; what it says stays. Where it stands is computed from those facts, never stored.
"""

from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.staff import Permission
from workflow.domain.steps import Rule, Table


class ReportStatus(StrEnum):
    """Where a signed report stands."""

    FINAL = "final"
    AMENDING = "amending"
    AMENDED = "amended"
    VOID = "void"


class ReportStep(StrEnum):
    """What can be done once a report is signed."""

    ADD = "addendum"
    AMEND = "amend"
    DROP = "drop_amendment"
    REPLACE = "replace"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the steps of a signed report look at."""

    status: ReportStatus


def report_status(*, void: bool, amended: bool, amending: bool) -> ReportStatus:
    """Return where a signed report stands; void outweighs amended, amended outweighs amending.

    amended: an amendment of it is signed. amending: one is being written.
    """
    if void:
        return ReportStatus.VOID
    if amended:
        return ReportStatus.AMENDED
    return ReportStatus.AMENDING if amending else ReportStatus.FINAL


_R = ReportStatus
REPORT: Table[ReportStep, ReportStatus, ReportFacts] = Table(
    noun="report",
    rules={
        ReportStep.ADD: Rule(
            frozenset({_R.FINAL}),
            None,
            Permission.SIGN_REPORTS,
            "Sign the addendum",
            note_required=True,
        ),
        ReportStep.AMEND: Rule(
            frozenset({_R.FINAL}),
            _R.AMENDING,
            Permission.SIGN_REPORTS,
            "Amend the report",
            note_required=True,
        ),
        ReportStep.DROP: Rule(
            frozenset({_R.AMENDING}),
            _R.FINAL,
            Permission.SIGN_REPORTS,
            "Drop the amendment",
            note_required=True,
        ),
        ReportStep.REPLACE: Rule(
            frozenset({_R.AMENDING}),
            _R.AMENDED,
            Permission.SIGN_REPORTS,
            "Replace by the amendment",
        ),
        ReportStep.VOID: Rule(
            frozenset({_R.FINAL}),
            _R.VOID,
            Permission.SIGN_REPORTS,
            "Declare void",
            note_required=True,
        ),
    },
    words={
        _R.FINAL: "final",
        _R.AMENDING: "being amended",
        _R.AMENDED: "amended",
        _R.VOID: "void",
    },
)

STANDS = frozenset({ReportStatus.FINAL, ReportStatus.AMENDING})
"""The states in which a report is still what the clinic goes by."""
