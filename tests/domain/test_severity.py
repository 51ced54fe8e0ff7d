"""How severe the disease of a leg is: CEAP, rVCSS, Wells, Villalta, ABI."""

from decimal import Decimal
from typing import Any

import pytest

from tests.domain.invented import (
    ACUTE,
    AXIAL_GSV,
    OLD,
    VCSS_ZERO,
    alert,
    answer,
    clinic,
    fired,
)
from workflow.domain.case import read_clinical
from workflow.domain.interpretation import Interpretation
from workflow.domain.questionnaire import read_villalta, read_wells
from workflow.domain.severity import AbiBand, abi_band, vcss_problems, villalta, wells


def basic(said: Interpretation, side: str = "R") -> str:
    return next(c.basic for c in said.ceap if c.leg.value == side)


LEAK = {"reflux_ms": 2000}


@pytest.mark.parametrize(
    ("c", "sites", "expected"),
    [
        ("C0", {}, "C0a En An Pn"),
        ("C1", {}, "C1s Ep As Pn"),
        ("C2", {}, "C2s Ep An Pn"),
        ("C2", AXIAL_GSV, "C2s Ep As Pr"),
        ("C2,C4a", {"POPV": LEAK}, "C4as Ep Ad Pr"),
        ("C1,C2r,C3", {**AXIAL_GSV, "POPV": LEAK, "PERF_PT1": LEAK}, "C3s Ep As,d,p Pr"),
        ("C6r", {"PERF_PT1": LEAK}, "C6rs Ep Ap Pr"),
        ("C3", {"POPV": OLD}, "C3s Esi Ad Po"),
        ("C3", {"POPV": {**OLD, "reflux_ms": 3000}}, "C3s Esi Ad Pr,o"),
        ("C3", {"CFV": {"phasicity": "continuous"}}, "C3s Ep Ad Po"),
        ("C2", {"GSV_MT": {**OLD, "reflux_ms": None}}, "C2s Esi As Po"),
        ("C0", {"SFJ": {"reflux_ms": 501}}, "C0a Ep As Pr"),
    ],
)
def test_ceap_takes_its_class_from_the_clinician_and_the_rest_from_the_scan(
    c: str, sites: dict[str, Any], expected: str
) -> None:
    assert basic(answer(c=c, right=sites)) == expected


def test_an_earlier_clot_of_the_leg_makes_it_secondary_and_of_the_other_leg_does_not() -> None:
    intake = {"prior_vte": [{"leg": "R", "date": "2019"}]}
    said = answer(c="C3", intake=intake)
    assert basic(said).startswith("C3s Esi")
    assert basic(said, "L") == "C0a En An Pn"


@pytest.mark.parametrize(
    "changes",
    [
        {"right": {"POPV": ACUTE}},
        {"right": {"GSV_MT": ACUTE}},
        {"right": {"POPV": {"thrombus": "indeterminate"}}},
        {"exam": {"purpose": "post_ablation_surveillance"}},
        {"c": None},
        {"seen": {"R": None}},
    ],
)
def test_ceap_is_deferred_with_a_reason(changes: dict[str, Any]) -> None:
    said = answer(**changes)
    assert basic(said) == "deferred"
    assert next(c.deferred for c in said.ceap if c.leg.value == "R")


def test_symptoms_nobody_recorded_leave_the_suffix_out() -> None:
    seen = {"R": {"c": ["C2"], "symptomatic": None}}
    assert basic(answer(seen=seen)) == "C2 Ep An Pn"


def test_the_advanced_form_names_every_class_and_every_leaking_segment() -> None:
    said = answer(c="C2,C4a", right={**AXIAL_GSV, "PERF_PT1": LEAK})
    (found,) = [c.advanced for c in said.ceap if c.leg.value == "R"]
    assert found == "C2,4a,s Ep As,p Pr (GSVa,GSVb,CPV) 2026-05-04 LII"


def total(vcss: dict[str, Any] | None) -> tuple[int | None, int | None]:
    said = answer(seen={"R": {"c": ["C2"], "vcss": vcss}})
    (found,) = [v for v in said.vcss if v.leg.value == "R"]
    return found.total, found.total_without_compression


def test_rvcss_is_told_with_and_without_its_compression_item() -> None:
    assert total({**VCSS_ZERO, "pain": 3, "compression": 2}) == (5, 3)
    assert total(dict.fromkeys(VCSS_ZERO, 3)) == (30, 27)


def test_rvcss_is_deferred_where_an_item_is_missing() -> None:
    assert total({key: 1 for key in VCSS_ZERO if key != "pain"}) == (None, None)
    assert total(None) == (None, None)


@pytest.mark.parametrize(
    ("changes", "c", "problems"),
    [
        ({}, "C2", 0),
        ({"ulcer_duration": 1}, "C2", 1),
        ({"ulcer_number": 1}, "C6", 1),
        ({"ulcer_number": 1, "ulcer_duration": 1, "ulcer_size": 1}, "C6", 0),
        ({"ulcer_number": 1, "ulcer_duration": 1, "ulcer_size": 1}, "C5", 1),
        ({"oedema": 1}, "C2", 1),
        ({"oedema": 1}, "C3", 0),
    ],
)
def test_an_rvcss_that_contradicts_itself_says_so(
    changes: dict[str, int], c: str, problems: int
) -> None:
    seen = read_clinical(clinic(c, vcss={**VCSS_ZERO, **changes}))
    assert len(vcss_problems(seen)) == problems
    assert all(sentence.endswith(".") for sentence in vcss_problems(seen))


def test_without_an_rvcss_there_is_nothing_to_contradict() -> None:
    assert vcss_problems(read_clinical({"c": ["C2"]})) == ()


@pytest.mark.parametrize(
    ("items", "total_", "level"),
    [
        ({"active_cancer": 1}, 1, "unlikely"),
        ({"active_cancer": 1, "previous_dvt": 1}, 2, "likely"),
        ({"active_cancer": 1, "previous_dvt": 1, "version": "1997"}, 1, "moderate"),
        ({"active_cancer": 1, "pitting_oedema": 1, "alternative_dx_minus2": 1}, 0, "unlikely"),
        ({"alternative_dx_minus2": 1, "version": "1997"}, -2, "low"),
        (
            {"active_cancer": 1, "pitting_oedema": 1, "paralysis_cast": 1, "version": "1997"},
            3,
            "high",
        ),
    ],
)
def test_wells_counts_its_items_and_subtracts_two(
    items: dict[str, Any], total_: int, level: str
) -> None:
    score = wells(read_wells(items))
    assert score is not None
    assert (score.total, score.level) == (total_, level)


def test_wells_that_nobody_asked_has_no_total() -> None:
    assert wells(None) is None
    assert wells(read_wells({"version": "2003"})) is None


@pytest.mark.parametrize(("total_", "told"), [(1, False), (2, True)])
def test_wells_of_two_or_more_is_urgent(total_: int, *, told: bool) -> None:
    items = dict(list({"active_cancer": 1, "pitting_oedema": 1}.items())[:total_])
    assert ("RF2_WELLS" in fired(answer(intake={"wells": items}))) is told


@pytest.mark.parametrize(
    ("items", "total_", "grade"),
    [
        ({"pain": 3, "cramps": 1}, 4, "none"),
        ({"pain": 3, "cramps": 2}, 5, "mild"),
        ({"pain": 3, "cramps": 3, "oedema": 3}, 9, "mild"),
        ({"pain": 3, "cramps": 3, "oedema": 3, "redness": 1}, 10, "moderate"),
        ({"pain": 3, "cramps": 3, "oedema": 3, "redness": 3, "ectasia": 2}, 14, "moderate"),
        ({"pain": 3, "cramps": 3, "oedema": 3, "redness": 3, "ectasia": 3}, 15, "severe"),
        ({"pain": 1, "ulcer": True}, 1, "severe"),
    ],
)
def test_villalta_grades_at_its_boundaries(items: dict[str, Any], total_: int, grade: str) -> None:
    score = villalta(read_villalta({"leg": "L", **items}))
    assert score is not None
    assert (score.total, score.level) == (total_, grade)
    said = answer(intake={"villalta": {"leg": "L", **items}})
    assert ("WARN_PTS" in fired(said)) is (grade != "none")
    if grade != "none":
        assert alert(said, "WARN_PTS").leg is score.leg


def test_villalta_that_nobody_asked_has_no_total() -> None:
    assert villalta(None) is None
    assert villalta(read_villalta({"leg": "R"})) is None


@pytest.mark.parametrize(
    ("abi", "band"),
    [
        ("0.49", AbiBand.SEVERE),
        ("0.50", AbiBand.ARTERIAL),
        ("0.90", AbiBand.ARTERIAL),
        ("0.91", AbiBand.BORDERLINE),
        ("0.99", AbiBand.BORDERLINE),
        ("1.00", AbiBand.NORMAL),
        ("1.40", AbiBand.NORMAL),
        ("1.41", AbiBand.NOT_COMPRESSIBLE),
    ],
)
def test_the_bands_of_the_ankle_brachial_index(abi: str, band: AbiBand) -> None:
    assert abi_band(Decimal(abi)) is band


@pytest.mark.parametrize(
    ("changes", "c", "sentence"),
    [
        (
            {"ulcer_duration": 1},
            "C2",
            "Ulcer duration and size must be 0 where no active ulcer is counted.",
        ),
        (
            {"ulcer_number": 1, "ulcer_size": 1},
            "C6",
            "An active ulcer is counted, so its duration and size cannot be 0.",
        ),
        ({"oedema": 1}, "C2", "Oedema is scored, so the class must be C3 or higher."),
        (
            {"ulcer_number": 1, "ulcer_duration": 1, "ulcer_size": 1},
            "C5",
            "An active ulcer is counted, so the class must be C6.",
        ),
    ],
)
def test_a_contradiction_of_the_rvcss_is_said_in_its_sentence(
    changes: dict[str, int], c: str, sentence: str
) -> None:
    seen = read_clinical(clinic(c, vcss={**VCSS_ZERO, **changes}))
    assert vcss_problems(seen) == (sentence,)
