"""What speaks against approving a plan."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reports import samples
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import (
    Chosen,
    changes,
    finding,
    laterality,
    no_longer_offered,
    of_option,
    plan_facts,
    severity_missing,
    stale,
    stops,
    unjustified,
)
from workflow.domain.case import read
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Alert, Interpretation, Severity
from workflow.domain.plan import PlanStatus

CASES = Path(__file__).parent / "cases"
RFA = Chosen(Leg.RIGHT, "GSV", "RFA")
CONS = Chosen(Leg.RIGHT, None, "CONS")


def _read(name: str) -> Interpretation:
    return interpret(read(json.loads((CASES / f"{name}.json").read_text())))


C01 = _read("C01")


@pytest.mark.parametrize("name", ["C01", "C03", "C06", "C08", "C10"])
def test_what_the_rules_offer_is_never_on_the_wrong_leg(name: str) -> None:
    reading = _read(name)
    assert laterality(reading, [of_option(option) for option in reading.options]) == ""


def test_a_treatment_names_the_finding_it_rests_on() -> None:
    assert finding(C01, Leg.RIGHT, "GSV") == "GSV axial reflux, 2,600 ms, 7.2 mm"
    assert finding(C01, Leg.LEFT, "GSV").startswith("GSV no reflux")
    assert finding(C01, Leg.RIGHT, "PASV") == ""


def test_a_procedure_on_a_vein_nobody_timed_is_named() -> None:
    said = laterality(C01, [Chosen(Leg.RIGHT, "PASV", "RFA", offered=False)])
    assert "holds no reflux in the right posterior accessory saphenous vein" in said


def test_a_left_procedure_on_a_right_finding_names_both_legs() -> None:
    said = laterality(C01, [Chosen(Leg.LEFT, "GSV", "RFA", offered=False)])
    assert "in the left great saphenous vein" in said
    assert "holds it in the right leg" in said


def test_care_without_a_procedure_needs_no_finding() -> None:
    assert laterality(C01, [Chosen(Leg.LEFT, None, "CONS")]) == ""


@pytest.mark.parametrize("against", ["", "  \n "])
def test_going_against_the_rules_needs_a_reason(against: str) -> None:
    item = replace(RFA, offered=False)
    assert "Write why it is chosen." in unjustified([item], against)
    assert unjustified([item], "The patient wishes it.") == ""
    assert unjustified([RFA], against) == ""


def _alert(name: str, severity: Severity = Severity.STOP, leg: Leg | None = None) -> Alert:
    return Alert(name, severity, "The reason.", "§3.10", leg)


@pytest.mark.parametrize(
    ("alert", "barred"),
    [
        (_alert("RF1_ACUTE_DVT", leg=Leg.LEFT), True),
        (_alert("RF9_PREGNANCY"), True),
        (_alert("URGENT_EHIT"), True),
        (_alert("URGENT_EHIT", Severity.URGENT), False),
        (_alert("RF6_ABI", leg=Leg.RIGHT), True),
        (_alert("RF6_ABI", leg=Leg.LEFT), False),
        (_alert("RF6_ABI", Severity.WARN, Leg.RIGHT), False),
        (_alert("STOP_ACRYLATE_ALLERGY"), False),
    ],
)
def test_a_stop_bars_procedures_where_it_reaches_and_never_other_care(
    alert: Alert, *, barred: bool
) -> None:
    assert bool(stops([RFA], [alert], critical=False)) is barred
    assert stops([CONS], [alert], critical=False) == ""


def test_an_open_critical_finding_bars_procedures() -> None:
    assert "critical finding" in stops([RFA], [], critical=True)
    assert stops([CONS], [], critical=True) == ""


def test_a_treatment_the_rules_withdrew_says_so() -> None:
    without = replace(C01, options=())
    assert "no longer offer this" in no_longer_offered([RFA], without)
    assert no_longer_offered([RFA], C01) == ""
    assert no_longer_offered([replace(RFA, offered=False)], without) == ""


def test_a_procedure_needs_ceap_and_vcss_of_its_own_leg() -> None:
    deferred = tuple(replace(c, deferred="Not seen.") for c in C01.ceap)
    assert "CEAP of the right leg" in severity_missing(replace(C01, ceap=deferred), [RFA])
    unknown = tuple(replace(v, total=None) for v in C01.vcss)
    assert "rVCSS of the right leg" in severity_missing(replace(C01, vcss=unknown), [RFA])
    assert severity_missing(replace(C01, vcss=unknown), [CONS]) == ""
    assert severity_missing(C01, [RFA]) == ""


def test_a_newer_report_names_each_value_that_changed() -> None:
    rows = tuple(
        replace(row, reflux_ms=300, diameter_mm=Decimal("6.8"))
        if (row.leg, row.segment) == (Leg.RIGHT, "GSV_MT")
        else row
        for row in samples.SCAN.rows
        if (row.leg, row.segment) != (Leg.LEFT, "SSV_DC")
    )
    said = changes(samples.SCAN, replace(samples.SCAN, rows=rows))
    assert said == (
        "Right great saphenous, mid thigh: 2,600 ms, 6.8 mm → 300 ms, 6.8 mm",
        "Left small saphenous, distal calf: 120 ms, 2 mm → not examined",
    )
    assert changes(samples.SCAN, samples.SCAN) == ()


def test_a_plan_is_stale_only_when_a_newer_report_is_signed() -> None:
    assert stale((), newer=False) == ""
    assert "Revise the plan." in stale((), newer=True)
    many = stale(tuple("abcde"), newer=True)
    assert "a; b; c and 2 more" in many


def test_a_plan_as_the_rules_offer_it_has_nothing_against_it() -> None:
    facts = plan_facts(
        PlanStatus.SUBMITTED,
        [RFA],
        against="",
        signed=C01,
        now=C01,
        changed=(),
        newer=False,
        critical=False,
    )
    assert (facts.stale, facts.laterality, facts.unjustified, facts.stops) == ("", "", "", "")
    assert facts.severity_missing == ""
    assert facts.items == 1


def test_the_veins_that_are_treated_are_named_first_where_many_values_changed() -> None:
    changed = (
        "Left a: 1",
        "Right common femoral: 2",
        "Left b: 3",
        "Right great saphenous, knee: 4",
    )
    said = stale(changed, [RFA], newer=False)
    assert said.startswith(
        "The findings changed after this plan was drafted: Right great saphenous, knee: 4; "
    )
    assert "and 1 more" in said


def test_care_of_a_leg_rests_on_all_of_that_leg() -> None:
    said = stale(("Left a: 1", "Right common femoral: 2"), [CONS], newer=False)
    assert said.index("Right common femoral") < said.index("Left a")
