"""Two records become one, and two again, only as the table of steps allows."""

from itertools import product

import pytest

from workflow.domain.errors import Refused
from workflow.domain.merging import MERGING, MergeFacts, MergeStatus, MergeStep
from workflow.domain.staff import Role

DESK, SONO, DOC, ADMIN = Role.FRONT_DESK, Role.SONOGRAPHER, Role.PHYSICIAN, Role.ADMINISTRATOR
S, M = MergeStatus, MergeStep
MOVES = {
    (M.MERGE, S.ASKED): (S.MERGED, (DOC, ADMIN)),
    (M.REFUSE, S.ASKED): (S.REFUSED, (DOC, ADMIN)),
    (M.WITHDRAW, S.ASKED): (S.WITHDRAWN, (DESK, SONO, DOC)),
    (M.SEPARATE, S.MERGED): (S.SEPARATED, (DOC, ADMIN)),
}


@pytest.mark.parametrize(("step", "status", "role"), list(product(MergeStep, MergeStatus, Role)))
def test_a_request_moves_only_as_the_table_allows(
    step: MergeStep, status: MergeStatus, role: Role
) -> None:
    ends, roles = MOVES.get((step, status), (None, ()))
    if role in roles:
        assert MERGING.take(step, MergeFacts(status), role, "a note") is ends
    else:
        with pytest.raises(Refused):
            MERGING.take(step, MergeFacts(status), role, "a note")


@pytest.mark.parametrize("step", [M.MERGE, M.REFUSE])
def test_whoever_asked_does_not_decide(step: MergeStep) -> None:
    mine = MergeFacts(S.ASKED, own=True)
    assert MERGING.refusal(step, mine, ADMIN) == (
        "You asked for this yourself. Somebody else decides."
    )


def test_whoever_asked_may_withdraw_it() -> None:
    assert MERGING.refusal(M.WITHDRAW, MergeFacts(S.ASKED, own=True), DESK) is None


def test_nothing_is_merged_into_a_record_that_is_gone() -> None:
    gone = MergeFacts(S.ASKED, kept_stands=False, holds_others=True, own=True)
    assert MERGING.refusal(M.MERGE, gone, ADMIN) == (
        "The record to keep was merged into another meanwhile. Ask again with that one."
    )
    assert MERGING.refusal(M.REFUSE, MergeFacts(S.ASKED, kept_stands=False), ADMIN) is None


def test_a_record_that_others_were_merged_into_does_not_go() -> None:
    holding = MergeFacts(S.ASKED, holds_others=True)
    assert MERGING.refusal(M.MERGE, holding, ADMIN) == (
        "Another record was merged into the one that would go. Keep that one instead."
    )


@pytest.mark.parametrize(("step", "status"), [(M.REFUSE, S.ASKED), (M.SEPARATE, S.MERGED)])
def test_keeping_apart_and_separating_need_their_reason(
    step: MergeStep, status: MergeStatus
) -> None:
    with pytest.raises(Refused, match="write why"):
        MERGING.take(step, MergeFacts(status), ADMIN, " ")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (S.MERGED, "merged"),
        (S.REFUSED, "kept apart"),
        (S.WITHDRAWN, "withdrawn"),
        (S.SEPARATED, "separated again"),
    ],
)
def test_a_decided_request_says_how_it_was_decided(status: MergeStatus, words: str) -> None:
    assert MERGING.refusal(M.MERGE, MergeFacts(status), ADMIN) == (
        f"Merge the records is not possible while the request is “{words}”."
    )
