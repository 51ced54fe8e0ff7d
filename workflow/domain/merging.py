"""Decide how two records of one person become one, and two again.

The front desk asks, a physician or the administrator decides. A merge moves the episodes of one
record under the other and closes the first; nothing that was signed is written anew, so that it
can be undone exactly.
"""

from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.staff import Permission
from workflow.domain.steps import Rule, Table


class MergeStatus(StrEnum):
    """Where a request to merge two records stands."""

    ASKED = "asked"
    MERGED = "merged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SEPARATED = "separated"


class MergeStep(StrEnum):
    """What can be done with a request to merge."""

    MERGE = "merge"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    SEPARATE = "separate"


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """What the steps of a merge look at.

    kept_stands: the record to keep is not merged itself. holds_others: other records were merged
    into the one that would go. own: whoever decides asked for it themselves.
    """

    status: MergeStatus
    kept_stands: bool = True
    holds_others: bool = False
    own: bool = False


def _if_own(merge: MergeFacts) -> str | None:
    return "You asked for this yourself. Somebody else decides." if merge.own else None


def _if_not_plain(merge: MergeFacts) -> str | None:
    if not merge.kept_stands:
        return "The record to keep was merged into another meanwhile. Ask again with that one."
    if merge.holds_others:
        return "Another record was merged into the one that would go. Keep that one instead."
    return _if_own(merge)


_M = MergeStatus
MERGING: Table[MergeStep, MergeStatus, MergeFacts] = Table(
    noun="request",
    rules={
        MergeStep.MERGE: Rule(
            frozenset({_M.ASKED}),
            _M.MERGED,
            Permission.MERGE_RECORDS,
            "Merge the records",
            _if_not_plain,
        ),
        MergeStep.REFUSE: Rule(
            frozenset({_M.ASKED}),
            _M.REFUSED,
            Permission.MERGE_RECORDS,
            "Keep them apart",
            _if_own,
            note_required=True,
        ),
        MergeStep.WITHDRAW: Rule(
            frozenset({_M.ASKED}),
            _M.WITHDRAWN,
            Permission.REGISTER_PATIENTS,
            "Withdraw the request",
        ),
        MergeStep.SEPARATE: Rule(
            frozenset({_M.MERGED}),
            _M.SEPARATED,
            Permission.MERGE_RECORDS,
            "Separate them again",
            note_required=True,
        ),
    },
    words={
        _M.ASKED: "waiting for a decision",
        _M.MERGED: "merged",
        _M.REFUSED: "kept apart",
        _M.WITHDRAWN: "withdrawn",
        _M.SEPARATED: "separated again",
    },
)
