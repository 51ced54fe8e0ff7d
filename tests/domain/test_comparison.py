"""What differs between two scans of one patient, said as plain facts."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.reports import samples
from workflow.domain.anatomy import Leg
from workflow.domain.comparison import differences, values
from workflow.domain.documents import Row, ScanReport, side_by_side

SITE = (Leg.RIGHT, "GSV_MT")
LEAKS = {"reflux_ms": 2600, "state": "reflux", "mark": "reflux"}
HOLDS = {"reflux_ms": 300, "state": "normal", "mark": ""}
NEAR = {"reflux_ms": 520, "state": "borderline", "mark": "reflux, borderline"}
CLOT = {"reflux_ms": None, "state": "acute", "mark": "acute thrombus", "thrombus": "acute"}
SCAR = {"reflux_ms": None, "state": "chronic", "mark": "post-thrombotic change"}
SHUT = {"reflux_ms": None, "state": "closed", "mark": "closed"}
UNTIMED = {"reflux_ms": None, "state": "none", "mark": ""}


def _with(**change: Any) -> ScanReport:
    rows = tuple(
        replace(row, **change) if (row.leg, row.segment) == SITE else row
        for row in samples.SCAN.rows
    )
    return replace(samples.SCAN, rows=rows)


@pytest.mark.parametrize(
    ("then", "now", "says"),
    [
        (HOLDS, LEAKS, ("newly refluxing",)),
        (HOLDS, NEAR, ("newly refluxing",)),
        (LEAKS, HOLDS, ("no longer refluxing",)),
        (LEAKS, NEAR, None),
        (UNTIMED, LEAKS, None),
        (LEAKS, UNTIMED, None),
        (HOLDS, CLOT, ("acute clot, not seen before",)),
        (CLOT, SCAR, ("acute clot before, old clot now",)),
        (CLOT, HOLDS, ("acute clot no longer seen",)),
        (LEAKS, SHUT, ("now closed",)),
        (SHUT, LEAKS, ("no longer closed",)),
    ],
)
def test_flow_clots_and_closure_are_compared(
    then: Mapping[str, Any], now: Mapping[str, Any], says: tuple[str, ...] | None
) -> None:
    found = differences(_with(**then), _with(**now))
    assert [one.says for one in found] == ([says] if says else [])


@pytest.mark.parametrize(
    ("then", "now", "says"),
    [
        ("6.8", "7.8", ("larger by 1 mm",)),
        ("6.8", "7.7", None),
        ("6.8", "5.3", ("smaller by 1.5 mm",)),
        ("6.8", None, None),
    ],
)
def test_diameters_differ_from_one_millimetre_on(
    then: str, now: str | None, says: tuple[str, ...] | None
) -> None:
    before = _with(diameter_mm=Decimal(then))
    after = _with(diameter_mm=Decimal(now) if now else None)
    assert [one.says for one in differences(before, after)] == ([says] if says else [])


def test_both_values_stand_beside_each_other_in_words() -> None:
    (one,) = differences(_with(**HOLDS), _with(**LEAKS))
    assert (one.leg, one.then, one.now) == (Leg.RIGHT, "300 ms, 6.8 mm", "2,600 ms, 6.8 mm")
    assert values(None) == "not examined"


def test_a_site_examined_once_is_not_compared() -> None:
    rows = tuple(r for r in samples.SCAN.rows if (r.leg, r.segment) != SITE)
    assert differences(replace(samples.SCAN, rows=rows), _with(**LEAKS)) == ()
    assert differences(_with(**LEAKS), replace(samples.SCAN, rows=rows)) == ()


def test_a_table_carries_what_stood_at_the_same_site_and_sites_seen_only_then() -> None:
    before = _with(**HOLDS)
    extra = replace(before.rows[0], segment="AASV", site="Anterior accessory", leg=Leg.LEFT)
    pairs = [
        pair
        for _, group in side_by_side(samples.SCAN.rows, (*before.rows, extra))
        for pair in group
    ]
    same = next(p for p in pairs if p.right and p.right.segment == "GSV_MT")
    assert isinstance(same.right_then, Row)
    assert same.right_then.reflux_ms == 300
    only = next(p for p in pairs if p.left_then and p.left_then.segment == "AASV")
    assert (only.left, only.right) == (None, None)


def test_a_site_that_is_new_does_not_end_the_comparison() -> None:
    rows = _with(**HOLDS).rows
    before = replace(samples.SCAN, rows=tuple(r for r in rows if r != rows[0]))
    (one,) = differences(before, _with(**LEAKS))
    assert one.site == next(r.site for r in rows if (r.leg, r.segment) == SITE)


def test_a_site_that_stays_closed_or_stays_clotted_is_no_difference() -> None:
    assert differences(_with(**SHUT), _with(**SHUT)) == ()
    assert differences(_with(**CLOT), _with(**CLOT)) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (UNTIMED, "not timed, 6.8 mm"),
        ({**CLOT, "compressibility": "none"}, "not timed, 6.8 mm, acute, none"),
        ({**HOLDS, "thrombus": "", "compressibility": ""}, "300 ms, 6.8 mm"),
        ({**HOLDS, "thrombus": "none", "compressibility": "full"}, "300 ms, 6.8 mm"),
        ({**HOLDS, "diameter_mm": None}, "300 ms"),
        ({**HOLDS, "diameter_mm": Decimal("10.0")}, "300 ms, 10 mm"),
    ],
)
def test_a_sites_values_are_said_as_far_as_they_tell_something(
    changes: Mapping[str, Any], words: str
) -> None:
    (row,) = [r for r in _with(**changes).rows if (r.leg, r.segment) == SITE]
    assert values(row) == words
