"""How each site is drawn and marked, and what a scan still lacks."""

from typing import Any

import pytest

from tests.domain.invented import AXIAL_GSV, CLOSED, case
from workflow.domain.anatomy import REQUIRED, Leg
from workflow.domain.case import ExamPart
from workflow.domain.documents import Row
from workflow.domain.interpret import interpret
from workflow.domain.mapstate import STATES, map_states, report_rows
from workflow.domain.protocol import Missing, missing


def drawn(code: str, changes: dict[str, Any]) -> tuple[str, str, Row]:
    """Return a right-leg site's state, its label and its row in the report."""
    known = case(right={code: changes})
    said = interpret(known)
    states = map_states(said, known.exam.segments)
    rows = report_rows(said, known.exam.segments)
    (state,) = [s for s in states if s.leg is Leg.RIGHT and s.segment == code]
    (row,) = [r for r in rows if r.leg is Leg.RIGHT and r.segment == code]
    assert state.state == row.state
    assert state.state in STATES
    return state.state, state.label, row


@pytest.mark.parametrize(
    ("code", "changes", "state", "mark"),
    [
        ("GSV_MT", {"reflux_ms": 200}, "normal", ""),
        ("GSV_MT", {"reflux_ms": 900}, "reflux", "reflux"),
        ("GSV_MT", {"reflux_ms": 500}, "borderline", "borderline"),
        ("GSV_MT", {"reflux_ms": 501}, "borderline", "reflux, borderline"),
        ("GSV_MT", {"reflux_ms": None}, "none", ""),
        ("POPV", {"reflux_ms": None}, "none", ""),
        ("POPV", {"reflux_ms": None, "thrombus": "acute"}, "acute", "acute thrombus"),
        ("POPV", {"thrombus": "indeterminate"}, "acute", "thrombus of uncertain age"),
        (
            "POPV",
            {"reflux_ms": 3000, "thrombus": "chronic_postthrombotic"},
            "chronic",
            "post-thrombotic change, reflux",
        ),
        ("GSV_MT", CLOSED, "closed", "closed"),
        ("GSV_MT", {**CLOSED, "reflux_ms": 900}, "reflux", "reflux"),
        ("IVC", {"reflux_ms": 100}, "none", ""),
    ],
)
def test_the_most_serious_finding_gives_the_state_and_the_mark(
    code: str, changes: dict[str, Any], state: str, mark: str
) -> None:
    found, _, row = drawn(code, changes)
    assert (found, row.mark) == (state, mark)


def test_an_untimed_deep_site_keeps_its_compressibility_in_words() -> None:
    state, label, row = drawn("POPV", {"reflux_ms": None, "compressibility": "not_tested"})
    assert (state, label, row.compressibility) == ("none", "", "not tested")


def test_the_label_holds_time_and_width_as_they_are_known() -> None:
    assert drawn("GSV_MT", {"reflux_ms": 2400, "diameter_mm": 7.2})[1] == "2,400 ms · 7.2 mm"
    assert drawn("GSV_MT", {"reflux_ms": 0, "diameter_mm": None})[1] == "0 ms"


def test_a_perforator_carries_its_height_only_from_the_floor() -> None:
    for reference, height in (("floor", 13), ("medial_malleolus", None)):
        changes = {"reflux_ms": 620, "distance_cm": 13, "reference": reference}
        known = case(right={"PERF_PT1": changes})
        states = map_states(interpret(known), known.exam.segments)
        assert [s.height_cm for s in states if s.segment == "PERF_PT1"] == [height]
        row = report_rows(interpret(known), known.exam.segments)[18]
        assert row.note == f"13 cm from {reference.replace('_', ' ')}"
        assert row.site == "Posterior tibial perforator (Cockett) 1"


def test_two_sites_of_one_vein_keep_their_own_state_and_place() -> None:
    known = case(right={"AASV@3": {"reflux_ms": 900}, "AASV@10": {"reflux_ms": 100}})
    said = interpret(known)
    states = [s.state for s in map_states(said, known.exam.segments) if s.segment == "AASV"]
    assert states == ["reflux", "normal"]
    sites = [r.site for r in report_rows(said, known.exam.segments) if r.segment == "AASV"]
    assert sites[1] == "Anterior accessory saphenous, 10 cm from the junction"


def test_what_else_was_recorded_is_noted_in_words() -> None:
    changes = {
        "visualised": "partial",
        "limitation": "Dressing.",
        "tortuous": True,
        "depth_mm": 8,
        "position": "sitting",
        "thrombus": "acute",
        "thrombus_length_cm": 6,
        "tip_to_junction_cm": 4,
        "near_ulcer": "healed",
        "closure": "partly_open",
    }
    note = drawn("GSV_MT", changes)[2].note
    assert note == (
        "seen in part, Dressing, sitting, tortuous, 8 mm deep, near a healed ulcer, "
        "clot 6 cm long, tip 4 cm from the junction, partly open"
    )
    assert drawn("CFV", {"phasicity": "phasic"})[2].note == "flow phasic"


def lacking(**changes: Any) -> list[tuple[str, str]]:
    return [(each.segment, each.field) for each in missing(case(**changes).exam)]


def test_a_whole_scan_lacks_nothing() -> None:
    assert missing(case(right=AXIAL_GSV).exam) == ()


def test_an_empty_scan_lacks_every_required_site_of_both_legs() -> None:
    found = missing(ExamPart())
    assert [each.segment for each in found if each.leg is Leg.RIGHT] == list(REQUIRED)
    assert [each.field for each in found if each.leg is None] == ["position", "manoeuvres"]
    assert all(each.sentence.endswith(".") for each in found)


@pytest.mark.parametrize(
    ("code", "changes", "fields"),
    [
        ("GSV_MT", {"reflux_ms": None}, ["reflux_ms"]),
        ("GSV_MT", {"reflux_ms": None, "thrombus": "acute"}, []),
        ("GSV_MT", CLOSED, []),
        ("POPV", {"compressibility": None}, ["compressibility"]),
        ("POPV", {"compressibility": "not_tested"}, ["limitation"]),
        ("POPV", {"compressibility": "not_tested", "limitation": "Pain"}, []),
        ("GSV_MT", {"compressibility": None}, []),
        ("SSV_MC", {"thrombus": None}, ["thrombus"]),
        ("SSV_MC", {"visualised": "not_seen", "reflux_ms": None}, ["limitation"]),
        ("SSV_MC", {"visualised": "not_seen", "reflux_ms": None, "limitation": "Cast"}, []),
        ("GSV_MT", {"reflux_ms": 900, "diameter_mm": None}, ["diameter_mm"]),
        ("GSV_MT", {"reflux_ms": 400, "diameter_mm": None}, []),
        ("TRIB1", {"reflux_ms": 900, "diameter_mm": 4}, ["location"]),
        ("TRIB1", {"location": "calf"}, ["reflux_ms", "diameter_mm"]),
        (
            "PERF_PT1",
            {"reflux_ms": 900, "diameter_mm": 4},
            ["distance_cm", "reference"],
        ),
        (
            "PERF_PT1",
            {"reflux_ms": 900, "diameter_mm": 4, "distance_cm": 13, "reference": "floor"},
            [],
        ),
        ("DFV", {"reflux_ms": None}, []),
    ],
)
def test_each_site_lacks_what_the_protocol_asks_of_it(
    code: str, changes: dict[str, Any], fields: list[str]
) -> None:
    assert lacking(right={code: changes}) == [(code, field) for field in fields]


def test_a_site_that_is_not_listed_was_not_examined() -> None:
    assert lacking(left={"SPJ": None}) == [("SPJ", "reflux_ms")]


def test_a_scan_for_clots_needs_no_times() -> None:
    exam = {"purpose": "dvt_rule_out", "manoeuvres": []}
    assert lacking(right={"GSV_MT": {"reflux_ms": None}}, exam=exam) == []


def test_both_groin_veins_are_compared_even_in_a_one_leg_scan() -> None:
    one = case(only="R").exam
    assert missing(one, (Leg.RIGHT,)) == (
        Missing(
            Leg.LEFT,
            "CFV",
            "compressibility",
            "Left common femoral vein: both groin veins are compared, even in a one-leg scan.",
        ),
    )
    assert missing(case().exam, (Leg.RIGHT,)) == ()
