"""Each reader takes what it promises to take, and refuses the rest at its path.

The readers are made here anew, so that what they are made of is tried as well.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from workflow.domain import shape
from workflow.domain.anatomy import CATALOGUE, Group, Leg, Required, Segment, ThresholdClass
from workflow.domain.coverage import policies, read_policy
from workflow.domain.errors import CaseRefused
from workflow.domain.legpath import circle


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def refusal(read: Any, value: object) -> str:
    """Return the sentence with which a reader refuses a value."""
    with pytest.raises(CaseRefused) as refused:
        read(value, "a.b")
    assert refused.value.path.startswith("a.b")
    return str(refused.value)


def test_a_whole_number_is_read_between_its_ends() -> None:
    read = shape.whole(2, 4)
    assert [read(value, "a.b") for value in (2, 3, 4)] == [2, 3, 4]
    assert refusal(read, 1) == "a.b: is 1; it must be from 2 to 4."
    assert refusal(read, 5) == "a.b: is 5; it must be from 2 to 4."
    for wrong in (2.0, "2", True, None):
        assert refusal(read, wrong) == "a.b: must be a whole number from 2 to 4."


def test_a_number_is_read_exactly_between_its_ends() -> None:
    read = shape.number("0.5", "4")
    assert read(0.5, "a.b") == Decimal("0.5")
    assert read(4, "a.b") == Decimal(4)
    assert read(0.7, "a.b") == Decimal("0.7")
    assert read(Decimal("3.25"), "a.b") == Decimal("3.25")
    assert refusal(read, 0.4) == "a.b: is 0.4; it must be from 0.5 to 4."
    assert refusal(read, Decimal("4.01")) == "a.b: is 4.01; it must be from 0.5 to 4."
    assert refusal(read, Decimal("NaN")) == "a.b: is NaN; it must be from 0.5 to 4."
    for wrong in ("1", True, None, float("nan"), float("-inf")):
        assert refusal(read, wrong) == "a.b: must be a number from 0.5 to 4."
    wide = shape.number("0", "1" + "0" * 60)
    assert wide(10**40, "a.b") == Decimal(10**40)
    assert wide(-0, "a.b") == 0
    for huge in (10**40 + 1, -(10**40) - 1):
        assert refusal(wide, huge).startswith("a.b: must be from 0 to 1000")
    assert len(refusal(shape.number("0", "1"), int("9" * 39))) == len(
        f"a.b: is {'9' * 24}; it must be from 0 to 1."
    )


def test_a_word_is_read_from_its_list() -> None:
    read, pick = shape.member(Colour), shape.one_of("up", "down")
    assert read("red", "a.b") is Colour.RED
    assert pick("down", "a.b") == "down"
    for wrong in ("RED", 1, None, ["red"]):
        assert refusal(read, wrong) == "a.b: must be one of: red, blue."
        assert refusal(pick, wrong) == "a.b: must be one of: up, down."


def test_a_list_is_read_item_by_item() -> None:
    read = shape.several(shape.whole(0, 9))
    assert read([1, 2], "a.b") == (1, 2)
    assert read((), "a.b") == ()
    assert refusal(read, [1, 10]) == "a.b[1]: is 10; it must be from 0 to 9."
    assert refusal(read, "12") == "a.b: must be a list."
    assert len(read([1] * 500, "a.b")) == 500
    assert refusal(read, [1] * 501) == "a.b: holds more than 500 items."


def test_one_of_two_readers_is_taken_by_the_kind_of_the_value() -> None:
    read = shape.either(shape.text, shape.whole(0, 9), when=str)
    assert (read("x", "a.b"), read(3, "a.b")) == ("x", 3)
    assert refusal(read, 10) == "a.b: is 10; it must be from 0 to 9."
    assert refusal(read, "\x00") == "a.b: holds a control character or a broken character."


def test_both_sides_are_read_under_their_letters() -> None:
    read = shape.sides(shape.whole(0, 9))
    both = read({"R": 1, "L": None, "note": "kept"}, "a.b")
    assert (both.of(Leg.RIGHT), both.of(Leg.LEFT)) == (1, None)
    assert both.extra == {"L": None, "note": "kept"}
    assert read({"L": 2}, "a.b").of(Leg.LEFT) == 2
    assert refusal(read, {"R": 10}) == "a.b.R: is 10; it must be from 0 to 9."
    assert refusal(read, [1]) == "a.b: must be an object."


@pytest.mark.parametrize(
    ("code", "group", "kinds"),
    [
        ("POPV", Group.DEEP, (True, False, False)),
        ("SFJ", Group.GSV, (False, False, True)),
        ("SPJ", Group.SSV, (False, False, True)),
        ("GSV_PT", Group.GSV, (False, False, False)),
        ("PERF_PT", Group.PERFORATOR, (False, True, False)),
    ],
)
def test_a_site_knows_its_system(code: str, group: Group, kinds: tuple[bool, bool, bool]) -> None:
    site = Segment(code, "A site", "V", group, ThresholdClass.SUPERFICIAL, "NSV", Required.YES)
    assert (site.deep, site.perforator, site.junction) == kinds
    listed = next(row for row in CATALOGUE if row.code == code)
    assert (listed.deep, listed.perforator, listed.junction) == kinds


def test_a_policy_is_read_with_its_date_and_its_waivers() -> None:
    data = {
        "id": "p", "payer": "Payer", "policy": "P-1", "effective": "2026-02-03",
        "archived": False, "source": "S", "predicates": [
            {"id": "a", "says": "A", "fact": "trial_days", "op": ">=", "value": 42,
             "when": "c2_or_c3", "unless": ["recurrent", "bleeding"]},
            {"id": "b", "says": "B", "fact": "symptomatic", "op": "is", "value": True},
        ],
    }  # fmt: skip
    policy = read_policy(data)
    assert policy.effective is not None
    assert policy.effective.isoformat() == "2026-02-03"
    first, second = policy.predicates
    assert (first.when, first.unless, first.value) == ("c2_or_c3", ("recurrent", "bleeding"), 42)
    assert (second.when, second.unless) == ("", ())
    assert read_policy({**data, "effective": None}).effective is None
    with pytest.raises(KeyError):
        read_policy({key: value for key, value in data.items() if key != "predicates"})
    with pytest.raises(TypeError):
        read_policy({**data, "surprise": 1})
    assert read_policy(data) not in policies()


def test_a_circle_is_drawn_as_four_curves_of_its_radius() -> None:
    ring = circle((10.0, 20.0), 2.0)
    assert ring.closed
    assert ring.start == (12.0, 20.0)
    ends = [end for _, _, end in ring.curves]
    assert ends == [(10.0, 22.0), (8.0, 20.0), (10.0, 18.0), (12.0, 20.0)]
    for x, y in ring.points():
        assert 1.95 <= ((x - 10) ** 2 + (y - 20) ** 2) ** 0.5 <= 2.05
