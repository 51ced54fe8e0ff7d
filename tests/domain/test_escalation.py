"""Whom a critical finding must reach next, minute by minute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workflow.domain.clinic import Clinic
from workflow.domain.escalation import Call, Ladder, Means, escalation, ladder

SINCE = datetime(2026, 5, 4, 14, 0, tzinfo=UTC)
LADDER = Ladder("Dr. Jonathan Arad", "Dr. Second", "the practice lead", 15, 30)
ALONE = replace(LADDER, second="")


def _after(minutes: int) -> datetime:
    return SINCE + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "who"),
    [
        (0, "Dr. Jonathan Arad"),
        (14, "Dr. Jonathan Arad"),
        (15, "Dr. Second"),
        (29, "Dr. Second"),
        (30, "the practice lead"),
        (600, "the practice lead"),
    ],
)
def test_the_next_contacts_turn_comes_with_the_minutes(minutes: int, who: str) -> None:
    far = escalation(LADDER, (), since=SINCE, now=_after(minutes))
    assert far.now is not None
    assert far.now.who == who


def test_a_clinic_with_one_physician_calls_again_by_another_route() -> None:
    far = escalation(ALONE, (), since=SINCE, now=_after(16))
    assert far.now is not None
    assert far.now.who == "Dr. Jonathan Arad"
    assert far.now.sentence == "Call again, by another route."


def test_a_finding_that_was_read_back_is_acknowledged() -> None:
    calls = (Call("A", _after(2), read_back=False), Call("B", _after(9), read_back=True))
    far = escalation(LADDER, calls, since=SINCE, now=_after(40))
    assert far.acknowledged == calls[1]
    assert far.now is None


def test_a_call_that_was_not_read_back_stops_no_timer() -> None:
    far = escalation(LADDER, (Call("A", _after(2), read_back=False),), since=SINCE, now=_after(20))
    assert far.acknowledged is None
    assert far.now is not None
    assert far.now.who == "Dr. Second"


def test_the_minutes_are_the_clinics_own() -> None:
    slow = replace(LADDER, second_minutes=5, lead_minutes=7)
    rungs = escalation(slow, (), since=SINCE, now=SINCE).rungs
    assert [rung.at for rung in rungs] == [SINCE, _after(5), _after(7)]
    assert [rung.due for rung in rungs] == [True, False, False]


def test_each_means_reads_as_part_of_a_sentence() -> None:
    assert [means.word for means in Means] == ["in person", "by phone", "by secure message"]


def test_a_clinic_tells_whom_it_has_set_in_that_order_and_after_its_minutes() -> None:
    assert ladder(Clinic(second_contact="Dr. Second")) == LADDER
    own = Clinic(
        physician="Dr. One", second_contact="Dr. Two", second_minutes=5,
        practice_lead="Ms. Three", lead_minutes=9,
    )  # fmt: skip
    assert ladder(own) == Ladder("Dr. One", "Dr. Two", "Ms. Three", 5, 9)


def test_each_rung_says_whom_to_tell() -> None:
    far = escalation(LADDER, (), since=SINCE, now=_after(30))
    assert far.since == SINCE
    assert [rung.sentence for rung in far.rungs] == [
        "Tell Dr. Jonathan Arad now. The patient stays.",
        "Tell Dr. Second.",
        "Tell the practice lead; consider the emergency department.",
    ]


def test_the_first_to_read_it_back_acknowledged_it_in_whatever_order_it_was_written_down() -> None:
    late, early = Call("Late", _after(9), read_back=True), Call("Early", _after(4), read_back=True)
    far = escalation(LADDER, (late, early), since=SINCE, now=_after(20))
    assert far.acknowledged == early
