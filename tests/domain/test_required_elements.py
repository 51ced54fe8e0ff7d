"""A report and a chart say, each in its own list, what they still lack; protocols are data."""

from dataclasses import replace
from typing import Any

import pytest

from tests.domain.invented import ACUTE, answer, case, clinic
from tests.reports.samples import SCAN
from workflow.domain.anatomy import CATALOGUE, REQUIRED, REQUIRED_DEEP, Leg
from workflow.domain.documents import ScanReport
from workflow.domain.findings import Purpose
from workflow.domain.protocols import PROTOCOLS, protocol_of
from workflow.domain.required import REPORT_ELEMENTS, chart_lacks, report_lacks


def without(code: str) -> tuple[Any, ...]:
    return tuple(row for row in SCAN.rows if row.segment != code)


def unmeasured() -> tuple[Any, ...]:
    return tuple(replace(row, diameter_mm=None) for row in SCAN.rows)


def test_a_whole_report_lacks_nothing() -> None:
    assert report_lacks(SCAN, critical=False) == ()


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"patient": replace(SCAN.patient, name=" ")}, "The patient's name."),
        ({"patient": replace(SCAN.patient, record_number="")}, "Two identifiers"),
        ({"ordered_by": ""}, "The ordering provider."),
        ({"indication": " "}, "The indication"),
        ({"history": ()}, "The history"),
        ({"technique": ()}, "The technique"),
        ({"technique": ("The patient's position was not recorded.",)}, "The technique"),
        ({"rows": without("POPV")}, "The deep veins"),
        ({"rows": without("SSV_DC")}, "The superficial veins"),
        ({"rows": unmeasured()}, "The superficial veins"),
        ({"thrombus_statement": ""}, "A statement on clots"),
        ({"comparison": ""}, "The comparison"),
        ({"sonographer": ""}, "The sonographer's name."),
        ({"profile_line": ""}, "The version of the criteria."),
        (
            {"legs": tuple(replace(leg, impression=()) for leg in SCAN.legs)},
            "An impression of each scanned leg.",
        ),
    ],
)
def test_each_element_is_missed_alone(changes: dict[str, Any], lacks: str) -> None:
    (found,) = report_lacks(replace(SCAN, **changes), critical=False)
    assert found.startswith(lacks)


def test_an_empty_report_lacks_every_element_and_a_critical_one_its_log() -> None:
    empty: ScanReport = replace(
        SCAN, patient=replace(SCAN.patient, name="", record_number=""), ordered_by="",
        indication="", history=(), technique=(), rows=(), legs=(), thrombus_statement="",
        comparison="", sonographer="", profile_line="", critical_log=(),
    )  # fmt: skip
    assert report_lacks(empty, critical=False) == tuple(name for name, _ in REPORT_ELEMENTS)
    assert report_lacks(replace(SCAN, critical_log=()), critical=True) == (
        "The log of who was told of the critical finding.",
    )
    assert report_lacks(replace(SCAN, critical_log=("Told.",)), critical=True) == ()


WHOLE: dict[str, Any] = {
    "intake": {
        "family_history_vv": False,
        "compression_trial": {"start": "2026-01-01"},
        "prior_vte": [],
    },
    "plan": {"items": []},
}


def lacks(*, photographs: bool = True, **changes: Any) -> tuple[str, ...]:
    changes = {**WHOLE, **changes, "intake": {**WHOLE["intake"], **changes.get("intake", {})}}
    return chart_lacks(case(**changes), answer(**changes), photographs=photographs)


def test_a_whole_chart_lacks_nothing() -> None:
    assert lacks() == ()


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"intake": {"medications": None}}, "The medicines."),
        ({"intake": {"allergies": None}}, "The allergies."),
        ({"intake": {"family_history_vv": None}}, "The family history of varicose veins."),
        ({"intake": {"prior_vte": None}}, "Earlier clots."),
        (
            {"intake": {"prior_vein_procedures": None}},
            "Earlier vein procedures and how they went.",
        ),
        ({"intake": {"compression_trial": None}}, "The use of compression."),
        ({"photographs": False}, "Photographs from before the treatment."),
        ({"plan": None}, "A plan."),
        ({"seen": {"R": {**clinic("C2"), "vcss": None}}}, "rVCSS of the right leg."),
        ({"seen": {"L": {**clinic("C2"), "c": None}}}, "CEAP of the left leg."),
        ({"right": {"POPV": ACUTE}}, "CEAP of the right leg."),
        ({"only": ""}, "A duplex scan of the leg to be treated."),
    ],
)
def test_a_chart_names_what_it_lacks(changes: dict[str, Any], missing: str) -> None:
    assert lacks(**changes) == (missing,)


def test_a_leg_that_was_not_scanned_needs_no_scores() -> None:
    assert lacks(only="R", seen={"L": {}}) == ()


def test_each_protocol_is_made_of_known_sites_and_says_its_version() -> None:
    codes = {row.code for row in CATALOGUE}
    for each in PROTOCOLS.values():
        listed = [*each.required, *each.optional, *each.if_seen]
        assert set(listed) <= codes
        assert len(listed) == len(set(listed))
        assert each.version
        assert each.source
        assert each.legs in {1, 2}
    assert PROTOCOLS["REFLUX_BILATERAL"].required == REQUIRED
    assert set(REQUIRED_DEEP) < set(PROTOCOLS["DVT_RULE_OUT"].required)
    assert "TEL" not in PROTOCOLS["DVT_RULE_OUT"].optional
    assert [p.id for p in PROTOCOLS.values() if p.timed] == [
        "REFLUX_BILATERAL",
        "REFLUX_UNILATERAL",
    ]


@pytest.mark.parametrize(
    ("purpose", "legs", "name"),
    [
        (Purpose.REFLUX, 2, "REFLUX_BILATERAL"),
        (Purpose.REFLUX, 1, "REFLUX_UNILATERAL"),
        (None, 2, "REFLUX_BILATERAL"),
        (Purpose.DVT_RULE_OUT, 2, "DVT_RULE_OUT"),
        (Purpose.SURVEILLANCE, 1, "POST_ABLATION"),
    ],
)
def test_a_scan_follows_the_protocol_of_its_purpose(
    purpose: Purpose | None, legs: int, name: str
) -> None:
    assert protocol_of(purpose, legs).id == name


def test_a_protocol_compares_both_groins_even_in_a_scan_of_one_leg() -> None:
    one = PROTOCOLS["REFLUX_UNILATERAL"]
    assert one.sites(Leg.RIGHT, (Leg.RIGHT,)) == REQUIRED
    assert one.sites(Leg.LEFT, (Leg.RIGHT,)) == ("CFV",)
