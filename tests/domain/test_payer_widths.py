"""A payer's width is asked of the veins that are treated, or, before a plan, of those that leak."""

from typing import Any

import pytest

from tests.domain.invented import AXIAL_GSV, AXIAL_SSV, answer
from tests.domain.payers import FOAM, PLAN, answers, result, view


@pytest.mark.parametrize(("mm", "said"), [(4.4, "not_met"), (4.5, "met"), (None, "unknown")])
def test_aetna_wants_a_planned_trunk_of_four_and_a_half_millimetres(
    mm: float | None, said: str
) -> None:
    sites = {code: {"reflux_ms": 2000, "diameter_mm": mm} for code in AXIAL_GSV}
    rest = {code: {"diameter_mm": None} for code in ("GSV_MC",)}
    changes = {"right": {**sites, **rest}, "plan": PLAN}
    assert result("aetna-cpb-0050", "trunk_width", **changes) == said
    assert result("aetna-cpb-0050", "trunk_width", right=changes["right"]) == said


@pytest.mark.parametrize(
    ("vein_id", "mm", "said"),
    [("GSV", 5.4, "not_met"), ("GSV", 5.5, "met"), ("SSV", 4.9, "not_met"), ("SSV", 5.0, "met")],
)
def test_uhc_measures_each_saphenous_trunk(vein_id: str, mm: float, said: str) -> None:
    sites = AXIAL_GSV if vein_id == "GSV" else AXIAL_SSV
    wide = {code: {"reflux_ms": 2000, "diameter_mm": mm} for code in sites}
    plan = {"items": [{"leg": "R", "vein": vein_id, "modality": "RFA"}]}
    found = answers(answer(right=wide, plan=plan), "uhc-2026t0447rr")
    assert found[f"{vein_id.lower()}_width"].result == said
    assert len({"gsv_width", "ssv_width"} & set(found)) == 1


WIDTHS = {
    "aetna-cpb-0050": {"trunk_width", "perforator_width"},
    "connecticare": {"width"},
    "hcsc-sur707-016": {"width"},
    "highmark-s-55": {"sclerotherapy_width"},
    "medicare-l33575": {"nonthermal_width", "tributary_width"},
    "uhc-2026t0447rr": {"gsv_width", "ssv_width"},
}
WIDE_TRIB = {"TRIB1": {"reflux_ms": 900, "diameter_mm": 5.0}}
WIDE_PERF = {"PERF_PT1": {"reflux_ms": 900, "diameter_mm": 4.0}}


@pytest.mark.parametrize(
    ("sites", "asked"),
    [
        (AXIAL_GSV, {"trunk_width", "width", "sclerotherapy_width", "nonthermal_width",
                     "gsv_width"}),
        (AXIAL_SSV, {"trunk_width", "width", "sclerotherapy_width", "nonthermal_width",
                     "ssv_width"}),
        ({**AXIAL_GSV, **WIDE_TRIB, **WIDE_PERF},
         {"trunk_width", "width", "sclerotherapy_width", "nonthermal_width", "gsv_width"}),
        (WIDE_TRIB, {"width", "sclerotherapy_width", "tributary_width"}),
        (WIDE_PERF, {"width", "perforator_width"}),
        ({}, {"width"}),
    ],
)  # fmt: skip
def test_while_nothing_is_planned_a_width_is_asked_of_what_leaks(
    sites: dict[str, Any], asked: set[str]
) -> None:
    said = answer(right=sites)
    shown = {
        each.predicate.id
        for policy, ids in WIDTHS.items()
        for each in view(said, policy).answers
        if each.predicate.id in ids
    }
    assert shown == asked


def test_where_care_without_a_procedure_is_planned_no_method_is_asked_for_a_width() -> None:
    said = answer(right=AXIAL_GSV, plan={"items": [{"leg": "R", "vein": None, "modality": "CONS"}]})
    for policy in ("aetna-cpb-0050", "hcsc-sur707-016", "medicare-l33575", "uhc-2026t0447rr"):
        assert not WIDTHS[policy] & set(answers(said, policy))


NARROW_SSV = {code: {"reflux_ms": 1500, "diameter_mm": 4.0} for code in AXIAL_SSV}


@pytest.mark.parametrize(
    ("planned", "aetna", "connecticare"),
    [(("GSV",), "met", "met"), (("SSV",), "not_met", "met"), (("GSV", "SSV"), "not_met", "met"),
     ((), "not_met", "met"), (("AASV",), "unknown", "unknown")],
)  # fmt: skip
def test_a_payer_measures_the_veins_that_are_treated_and_no_other(
    planned: tuple[str, ...], aetna: str, connecticare: str
) -> None:
    sites = {**AXIAL_GSV, **NARROW_SSV}
    plan = {"items": [{"leg": "R", "vein": each, "modality": "RFA"} for each in planned]}
    assert result("aetna-cpb-0050", "trunk_width", right=sites, plan=plan) == aetna
    assert result("connecticare", "width", right=sites, plan=plan) == connecticare


def test_only_what_is_closed_without_heat_must_be_narrow_enough_for_it() -> None:
    wide = {code: {"reflux_ms": 2000, "diameter_mm": 14.0} for code in AXIAL_GSV}
    heat, glue = (
        {"leg": "R", "vein": "GSV", "modality": "RFA"},
        {"leg": "R", "vein": "SSV", "modality": "CAC"},
    )
    changes = {"right": {**wide, **AXIAL_SSV}, "plan": {"items": [heat, glue]}}
    assert result("medicare-l33575", "nonthermal_width", **changes) == "met"
    both = {"items": [{**heat, "modality": "PEM"}, glue]}
    assert result("medicare-l33575", "nonthermal_width", **{**changes, "plan": both}) == "not_met"
    assert result("medicare-l33575", "nonthermal_width", right=wide) == "not_met"


def test_a_narrow_vein_to_be_injected_is_not_excused_by_a_wide_one_that_is_not() -> None:
    narrow = {"TRIB1": {"reflux_ms": 900, "diameter_mm": 2.9}}
    sites = {**AXIAL_GSV, **narrow}
    assert result("highmark-s-55", "sclerotherapy_width", right=sites, plan=FOAM) == "not_met"
    unmeasured = {**AXIAL_GSV, "TRIB1": {"reflux_ms": 900}}
    assert result("highmark-s-55", "sclerotherapy_width", right=unmeasured, plan=FOAM) == "unknown"


def test_aetna_wants_a_planned_perforator_of_three_and_a_half_millimetres() -> None:
    plan = {"items": [{"leg": "R", "vein": "PERF_PT1", "modality": "PERF_RFA"}]}
    for mm, said in ((3.4, "not_met"), (3.5, "met"), (None, "unknown")):
        sites = {"PERF_PT1": {"reflux_ms": 900, "diameter_mm": mm}}
        assert result("aetna-cpb-0050", "perforator_width", right=sites, plan=plan) == said
        assert result("aetna-cpb-0050", "perforator_width", right=sites) == said
