"""A report and a chart say, each in its own list, what they still lack; protocols are data."""

from dataclasses import replace
from typing import Any

import pytest

from tests.domain.invented import ACUTE, answer, case, clinic
from tests.reports.samples import SCAN
from workflow.domain.anatomy import CATALOGUE, REQUIRED, REQUIRED_DEEP, Leg
from workflow.domain.documents import ScanReport
from workflow.domain.exam import EXAM, ExamFacts, ExamStatus, ExamStep
from workflow.domain.findings import Purpose
from workflow.domain.protocol import missing
from workflow.domain.protocols import PROTOCOLS, protocol_of
from workflow.domain.required import (
    REPORT_ELEMENTS,
    Lack,
    barring,
    chart_lacks,
    report_lacks,
)
from workflow.domain.staff import Role


def held(
    report: ScanReport = SCAN, *, reason: str = "", untold: bool = False, **exam: Any
) -> tuple[Lack, ...]:
    """Return what a report lacks whose scan is an invented one, changed."""
    found = missing(case(**exam).exam)
    return report_lacks(report, found, reason=reason, untold=untold)


def test_a_whole_report_lacks_nothing() -> None:
    assert held() == ()


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"patient": replace(SCAN.patient, name=" ")}, "The patient's name."),
        (
            {"patient": replace(SCAN.patient, record_number="")},
            "Two identifiers: the birth date and the record number.",
        ),
        ({"ordered_by": ""}, "The ordering provider."),
        ({"indication": " "}, "The indication, written before the scan."),
        ({"history": ()}, "The history, with earlier clots and vein procedures."),
        ({"technique": ()}, "The technique: modes, position, manoeuvres."),
        ({"thrombus_statement": ""}, "A statement on clots, positive or negative."),
        ({"comparison": ""}, "The comparison with an earlier scan."),
        (
            {"legs": (replace(SCAN.legs[0], impression=()), SCAN.legs[1])},
            "An impression of each scanned leg.",
        ),
        ({"sonographer": ""}, "The sonographer's name."),
        ({"profile_line": ""}, "The version of the criteria."),
    ],
)
def test_a_report_is_not_signed_without_each_of_its_elements(
    changes: dict[str, Any], lacks: str
) -> None:
    (found,) = held(replace(SCAN, **changes))
    assert (found.says, found.where, found.bars) == (lacks, (), True)


@pytest.mark.parametrize(
    ("exam", "says", "where"),
    [
        ({"exam": {"position": None}}, "The technique", "State the position the patient was"),
        ({"exam": {"manoeuvres": []}}, "The technique", "State how reflux was provoked."),
        ({"right": {"POPV": None}}, "The deep veins", "Right popliteal vein: not examined."),
        (
            {"left": {"PTV": {"compressibility": None}}},
            "The deep veins",
            "Left posterior tibial vein: compression not recorded.",
        ),
        (
            {"left": {"SSV_DC": None}},
            "The superficial veins",
            "Left small saphenous vein (distal calf): not examined.",
        ),
        (
            {"right": {"GSV_MT": {"reflux_ms": 900, "diameter_mm": None}}},
            "The superficial veins",
            "Right great saphenous vein (mid thigh): no diameter.",
        ),
        (
            {"right": {"PERF_PT1": {"reflux_ms": 900, "diameter_mm": 4, "distance_cm": 12}}},
            "The place and width of each perforator",
            "say what the height is measured from.",
        ),
        (
            {"right": {"POPV": {"thrombus": None}}},
            "A statement on clots",
            "Right popliteal vein: say whether a thrombus was seen.",
        ),
    ],
)
def test_a_value_that_is_missing_is_named_and_bars_unless_a_reason_is_told(
    exam: dict[str, Any], says: str, where: str
) -> None:
    (found,) = held(**exam)
    assert found.says.startswith(says)
    (sentence,) = found.where
    assert where in sentence
    assert found.bars
    assert barring(held(**exam)) == (found.says,)
    (told,) = held(reason="The patient felt faint.", **exam)
    assert told.where == found.where
    assert not told.bars
    assert barring((told,)) == ()


def test_a_reason_stands_for_values_and_not_for_a_name() -> None:
    (found,) = held(replace(SCAN, sonographer=""), reason="The patient felt faint.")
    assert found.bars


def test_a_history_that_was_not_asked_is_listed_and_bars_nothing() -> None:
    unasked = ("Earlier venous thrombosis: not asked.", "Medicines: none.")
    (found,) = held(replace(SCAN, history=unasked))
    assert (found.where, found.bars) == (unasked[:1], False)


def test_a_critical_finding_of_which_nobody_was_told_is_listed_and_bars_nothing() -> None:
    (found,) = held(untold=True)
    assert found == Lack("The log of who was told of the critical finding.", bars=False)


def test_an_empty_report_lacks_every_element_in_their_order() -> None:
    empty: ScanReport = replace(
        SCAN, patient=replace(SCAN.patient, name="", record_number=""), ordered_by="",
        indication="", history=(), technique=(), rows=(), legs=(), thrombus_statement="",
        comparison="", sonographer="", profile_line="", critical_log=(),
    )  # fmt: skip
    elements = [each.says for each in REPORT_ELEMENTS if "perforator" not in each.says]
    assert [each.says for each in held(empty)] == elements


def test_a_scan_is_held_against_the_protocol_of_its_purpose() -> None:
    clots: dict[str, Any] = {"exam": {"purpose": "dvt_rule_out", "manoeuvres": []}}
    assert held(right={"GSV_MT": None, "SSV_MC": None}, **clots) == ()
    (found,) = held(right={"POPV": None}, **clots)
    assert found.says == "The deep veins of each scanned leg."
    after: dict[str, Any] = {"exam": {"purpose": "post_ablation_surveillance", "manoeuvres": []}}
    assert held(right={"PTV": None}, **after) == ()
    (junction,) = held(right={"SFJ": None}, **after)
    assert junction.where == ("Right saphenofemoral junction: not examined.",)


def test_a_report_that_lacks_an_element_is_not_signed_and_says_which() -> None:
    ready = ExamFacts(ExamStatus.IN_REVIEW, readings=36, impression=True)
    assert EXAM.refusal(ExamStep.SIGN, ready, Role.PHYSICIAN) is None
    one = replace(ready, lacks=("The sonographer's name.",))
    assert EXAM.refusal(ExamStep.SIGN, one, Role.PHYSICIAN) == (
        "The report lacks an element it must hold. The sonographer's name."
    )
    two = replace(one, lacks=("The patient's name.", *one.lacks))
    assert EXAM.refusal(ExamStep.SIGN, two, Role.PHYSICIAN) == (
        "The report lacks 2 elements it must hold. The patient's name. The sonographer's name."
    )


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
