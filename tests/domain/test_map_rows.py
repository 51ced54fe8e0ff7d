"""A row of the report says in words all that was recorded at its site."""

from dataclasses import replace
from typing import Any

import pytest

from tests.domain.invented import case
from workflow.domain.anatomy import Leg
from workflow.domain.documents import Row
from workflow.domain.interpret import interpret
from workflow.domain.mapstate import map_states, report_rows


def row(code: str, changes: dict[str, Any]) -> Row:
    """Return the row of a right-leg site."""
    known = case(right={code: changes})
    (found,) = [
        each
        for each in report_rows(interpret(known), known.exam.segments)
        if each.leg is Leg.RIGHT and each.segment == code
    ]
    return found


@pytest.mark.parametrize(
    ("thrombus", "words"),
    [
        (None, ""),
        ("none", "none"),
        ("acute", "acute"),
        ("chronic_postthrombotic", "chronic post-thrombotic"),
        ("indeterminate", "uncertain age"),
    ],
)
def test_a_clot_is_told_by_its_age(thrombus: str | None, words: str) -> None:
    assert row("POPV", {"thrombus": thrombus}).thrombus == words


@pytest.mark.parametrize(
    ("compressibility", "words"), [(None, ""), ("full", "full"), ("not_tested", "not tested")]
)
def test_compression_is_told_as_it_was_tested(compressibility: str | None, words: str) -> None:
    assert row("POPV", {"compressibility": compressibility}).compressibility == words


def test_a_clot_that_leaks_is_marked_as_both() -> None:
    acute = row("POPV", {"thrombus": "acute", "reflux_ms": 3000})
    assert acute.mark == "acute thrombus, reflux"


@pytest.mark.parametrize(
    ("code", "changes", "note"),
    [
        ("GSV_MT", {}, ""),
        ("GSV_MT", {"visualised": "full"}, ""),
        ("GSV_MT", {"visualised": "not_seen", "limitation": "A cast."}, "not seen, A cast"),
        ("GSV_MT", {"limitation": "XX rays"}, "XX rays"),
        ("GSV_MT", {"position": "reverse_trendelenburg"}, "reverse trendelenburg"),
        ("GSV_MT", {"near_ulcer": "active"}, "near an active ulcer"),
        ("TRIB1", {"location": "medial calf"}, "medial calf"),
        ("PERF_PT1", {"distance_cm": 12}, "12 cm"),
        (
            "PERF_PT1",
            {"distance_cm": 12.5, "reference": "medial_malleolus"},
            "12.5 cm from medial malleolus",
        ),
    ],
)
def test_a_note_says_what_was_recorded_and_nothing_else(
    code: str, changes: dict[str, Any], note: str
) -> None:
    assert row(code, changes).note == note


def test_a_site_the_rules_did_not_judge_is_drawn_without_a_state() -> None:
    known = case(right={"GSV_MT": {"reflux_ms": 900}})
    unread = replace(interpret(known), segments=())
    states = {each.state for each in map_states(unread, known.exam.segments)}
    assert states == {"none"}
    rows = report_rows(unread, known.exam.segments)
    assert {(each.state, each.mark) for each in rows} == {("none", "")}
    assert {(each.leg, each.segment) for each in rows} == {
        (reading.leg, reading.segment) for reading in known.exam.segments
    }
