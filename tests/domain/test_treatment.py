"""What the rules would offer the physician, row by row, and what they leave out."""

from typing import Any

import pytest

from tests.domain.invented import (
    ACUTE,
    AXIAL_GSV,
    AXIAL_SSV,
    CLOSED,
    answer,
    clinic,
    fired,
    offered,
    option,
    ruled_out,
)
from workflow.domain.interpretation import Interpretation
from workflow.domain.modality import MODALITIES, PROCEDURES, modality_name

GSV_RANKS = {"RFA": 1, "EVLA": 1, "CAC": 2, "PEM": 2, "MOCA": 2, "UGFS": 3}
TRIB = {"reflux_ms": 900, "diameter_mm": 4.0}


def procedures(said: Interpretation, side: str = "R") -> dict[tuple[str, str | None], int]:
    return {key: rank for key, rank in offered(said, side).items() if key[0] in PROCEDURES}


def test_an_axial_great_saphenous_vein_of_a_symptomatic_leg_is_ranked() -> None:
    said = answer(right=AXIAL_GSV)
    assert procedures(said) == {(m, "GSV"): rank for m, rank in GSV_RANKS.items()}
    assert "CONS" not in {modality for modality, _ in offered(said)}


def test_an_axial_small_saphenous_vein_has_its_own_ranks() -> None:
    said = answer(right=AXIAL_SSV)
    ranks = {"RFA": 1, "EVLA": 1, "CAC": 2, "MOCA": 2, "PEM": 3, "UGFS": 3}
    assert procedures(said) == {(m, "SSV"): rank for m, rank in ranks.items()}
    assert option(said, "PEM", "SSV").off_label
    assert {"WARN_SURAL_NERVE", "WARN_OFF_LABEL"} <= fired(said)
    assert "WARN_SAPHENOUS_NERVE" not in fired(said)


@pytest.mark.parametrize("code", ["AASV", "PASV"])
def test_an_accessory_vein_has_no_mechanochemical_option(code: str) -> None:
    leak = {"reflux_ms": 900, "diameter_mm": 5}
    said = answer(right={f"{code}@3": leak, f"{code}@9": leak})
    ranks = {"RFA": 1, "EVLA": 1, "PEM": 2, "CAC": 2, "UGFS": 3}
    assert procedures(said) == {(m, code): rank for m, rank in ranks.items()}
    assert not option(said, "PEM", code).off_label


@pytest.mark.parametrize(
    "changes",
    [
        {"seen": {"R": clinic("C2", symptomatic=False)}},
        {"seen": {"R": {"c": ["C2"], "symptomatic": None}}},
        {"c": "C1"},
        {"c": "C0"},
        {"c": None},
        {"right": {"GSV_MT": {"reflux_ms": 900}}},
        {"right": {"SFJ": {"reflux_ms": 900}}},
        {"right": {**AXIAL_GSV, "GSV_DT": {"reflux_ms": None}}},
        {"right": {"TE": {"reflux_ms": 900}}},
    ],
)
def test_a_trunk_in_part_or_a_leg_without_symptoms_or_signs_gets_care(
    changes: dict[str, Any],
) -> None:
    said = answer(**{"right": AXIAL_GSV, **changes})
    assert procedures(said) == {}
    assert offered(said)["CONS", None] == 1


def test_a_trunk_in_part_beside_an_axial_one_brings_care_beside_the_options() -> None:
    said = answer(right={**AXIAL_GSV, "SSV_PC": {"reflux_ms": 900}})
    assert ("RFA", "GSV") in offered(said)
    assert offered(said)["CONS", None] == 1


@pytest.mark.parametrize(("mm", "narrow"), [(12, True), (12.1, False)])
def test_the_non_thermal_trunk_methods_end_at_twelve_millimetres(
    mm: float, *, narrow: bool
) -> None:
    said = answer(right={**AXIAL_GSV, "GSV_PT": {"reflux_ms": 2000, "diameter_mm": mm}})
    for modality in ("CAC", "PEM", "MOCA"):
        assert ((modality, "GSV") in offered(said)) is narrow
        assert narrow or "12 mm" in ruled_out(said)[modality]
    assert {("RFA", "GSV"), ("EVLA", "GSV"), ("UGFS", "GSV")} <= set(offered(said))


def test_a_diameter_nobody_measured_is_asked_for_with_the_option() -> None:
    bare = {code: {"reflux_ms": 2000, "diameter_mm": None} for code in AXIAL_GSV}
    said = answer(right={**bare, "GSV_MC": {"diameter_mm": None}})
    assert any("not recorded" in reason for reason in option(said, "CAC", "GSV").reasons)


def test_a_tortuous_trunk_takes_no_catheter() -> None:
    said = answer(right={**AXIAL_GSV, "GSV_MT": {**AXIAL_GSV["GSV_MT"], "tortuous": True}})
    assert procedures(said) == {("PEM", "GSV"): 2, ("UGFS", "GSV"): 3}
    assert "tortuous" in ruled_out(said)["RFA"]


def test_one_tortuous_trunk_does_not_take_the_catheter_from_the_other() -> None:
    tortuous = {**AXIAL_SSV, "SSV_PC": {**AXIAL_SSV["SSV_PC"], "tortuous": True}}
    said = answer(right={**AXIAL_GSV, **tortuous})
    assert ("RFA", "GSV") in offered(said)
    assert ("RFA", "SSV") not in offered(said)
    assert [
        e.vein for e in said.excluded if e.modality == "RFA" and e.leg and e.leg.value == "R"
    ] == ["SSV"]


@pytest.mark.parametrize(("mm", "wide"), [(3.0, True), (2.9, False), (None, False)])
def test_a_tributary_counts_from_three_millimetres(mm: float | None, *, wide: bool) -> None:
    said = answer(right={"TRIB1": {"reflux_ms": 900, "diameter_mm": mm}})
    expected = {("PHLEB", "TRIB1"): 1, ("UGFS", "TRIB1"): 1} if wide else {}
    assert procedures(said) == expected
    assert ("CONS", None) in offered(said) or wide


def test_a_tributary_goes_with_its_trunk_or_first_where_the_trunk_holds() -> None:
    with_trunk = answer(right={**AXIAL_GSV, "TRIB1": TRIB})
    assert procedures(with_trunk)["PHLEB", "TRIB1"] == 3
    after_closure = answer(right={"GSV_PT": CLOSED, "GSV_MT": CLOSED, "TRIB1": TRIB})
    assert procedures(after_closure)["PHLEB", "TRIB1"] == 1
    segmental = answer(right={"GSV_MT": {"reflux_ms": 900}, "TRIB1": TRIB})
    assert procedures(segmental) == {("PHLEB", "TRIB1"): 3, ("UGFS", "TRIB1"): 3}
    assert offered(segmental)["CONS", None] == 1
    untimed = {code: {"reflux_ms": None} for code in (*AXIAL_GSV, "GSV_MC")}
    assert procedures(answer(right={**untimed, "TRIB1": TRIB}))["PHLEB", "TRIB1"] == 3


def test_reflux_that_is_borderline_everywhere_is_scanned_again() -> None:
    said = answer(right={"GSV_MT": {"reflux_ms": 550}})
    assert offered(said)["REPEAT_SCAN", None] == offered(said)["CONS", None] == 1
    beyond = answer(right={"GSV_MT": {"reflux_ms": 551}})
    assert ("REPEAT_SCAN", None) not in offered(beyond)
    axial = answer(right={code: {"reflux_ms": 520, "diameter_mm": 4} for code in AXIAL_GSV})
    assert {("REPEAT_SCAN", None), ("RFA", "GSV")} <= set(offered(axial))
    perforator = answer(right={"PERF_PT1": {"reflux_ms": 510, "diameter_mm": 4}})
    assert ("REPEAT_SCAN", None) not in offered(perforator)


@pytest.mark.parametrize(
    ("c", "right", "expected"),
    [
        ("C0", {}, {("CONS", None): 1}),
        ("C1", {}, {("LIQ", "TEL"): 1}),
        ("C2", {}, {("CONS", None): 1, ("PHYSICIAN_REVIEW", None): 1}),
        ("C4b", {}, {("CONS", None): 1, ("PHYSICIAN_REVIEW", None): 1}),
        (
            "C0",
            {"POPV": {"reflux_ms": 2000}},
            {("CONS", None): 1, ("PHYSICIAN_REVIEW", None): 1},
        ),
        (
            "C1",
            {"POPV": {"reflux_ms": 2000}},
            {("CONS", None): 1, ("PHYSICIAN_REVIEW", None): 1},
        ),
        (None, {}, {("CONS", None): 1}),
    ],
)
def test_a_leg_without_superficial_reflux_is_cared_for_by_its_class(
    c: str | None, right: dict[str, Any], expected: dict[tuple[str, str | None], int]
) -> None:
    assert offered(answer(c=c, right=right)) == expected


def test_a_leg_nobody_timed_is_offered_no_injection_and_no_ablation() -> None:
    untimed = {
        code: {"reflux_ms": None} for code in ("SFJ", *AXIAL_GSV, "GSV_MC", "SPJ", *AXIAL_SSV)
    }
    assert offered(answer(c="C1", right=untimed)) == {("CONS", None): 1}
    assert "timed" in ruled_out(answer(c="C1", right=untimed))["RFA"]


def test_a_leg_that_was_not_scanned_is_offered_nothing() -> None:
    said = answer(left=AXIAL_GSV, seen={"L": clinic("C2")}, only="L")
    assert offered(said) == {}
    assert set(ruled_out(said)) == set(PROCEDURES)


def test_an_ulcer_brings_care_and_foam_beside_the_trunk() -> None:
    said = answer(right=AXIAL_GSV, c="C6", intake={"abi": {"R": 1.0}})
    assert offered(said)["CONS", None] == 1
    assert offered(said)["UGFS", None] == 3
    assert offered(said)["RFA", "GSV"] == 1
    low = answer(right=AXIAL_GSV, c="C6", intake={"abi": {"R": 0.55}})
    assert any("compression out" in reason for reason in option(low, "CONS", None).reasons)


@pytest.mark.parametrize(
    ("c", "perforator", "told"),
    [
        ("C6", {"reflux_ms": 500, "diameter_mm": 3.5, "near_ulcer": "active"}, True),
        ("C5", {"reflux_ms": 900, "diameter_mm": 4, "near_ulcer": "healed"}, True),
        ("C6", {"reflux_ms": 499, "diameter_mm": 3.5, "near_ulcer": "active"}, False),
        ("C6", {"reflux_ms": 900, "diameter_mm": 3.4, "near_ulcer": "active"}, False),
        ("C6", {"reflux_ms": 900, "diameter_mm": 4, "near_ulcer": "none"}, False),
        ("C6", {"reflux_ms": 900, "diameter_mm": 4}, False),
        ("C4c", {"reflux_ms": 900, "diameter_mm": 4, "near_ulcer": "healed"}, False),
    ],
)
def test_a_perforator_is_offered_only_where_it_is_pathologic_at_an_ulcer(
    c: str, perforator: dict[str, Any], *, told: bool
) -> None:
    said = answer(right={**AXIAL_GSV, "PERF_PT1": perforator}, c=c)
    assert (offered(said).get(("PERF_RFA", "PERF_PT1")) == 3) is told
    assert ("PERF_RFA" in ruled_out(said)) is not told


def test_allergies_and_shunts_take_their_treatments_out() -> None:
    glue = answer(right=AXIAL_GSV, intake={"allergies": ["cyanoacrylate glue"]})
    assert ("CAC", "GSV") not in offered(glue)
    polidocanol = answer(right=AXIAL_GSV, intake={"allergies": ["polidocanol"]})
    assert ("PEM", "GSV") not in offered(polidocanol)
    assert option(polidocanol, "MOCA", "GSV").agents == ("STS",)
    sts = answer(right=AXIAL_GSV, intake={"allergies": ["STS"]})
    assert option(sts, "MOCA", "GSV").agents == ("polidocanol",)
    assert not option(sts, "MOCA", "GSV").off_label
    assert "STS" in ruled_out(sts)
    shunt = answer(right=AXIAL_GSV, intake={"pfo": "symptomatic"})
    assert {"PEM", "UGFS"} <= set(ruled_out(shunt))
    assert ("MOCA", "GSV") in offered(shunt)


def test_with_no_agent_left_sclerotherapy_is_ruled_out() -> None:
    allergic = {"allergies": ["polidocanol", "sodium tetradecyl"]}
    said = answer(right=AXIAL_GSV, intake=allergic)
    assert procedures(said) == {("RFA", "GSV"): 1, ("EVLA", "GSV"): 1, ("CAC", "GSV"): 2}
    assert {"PEM", "UGFS", "MOCA"} <= set(ruled_out(said))
    assert offered(answer(c="C1", intake=allergic)) == {("CONS", None): 1}
    bedridden = {"allergies": ["polidocanol"], "mobility": "bedridden"}
    assert ("MOCA", "GSV") not in offered(answer(right=AXIAL_GSV, intake=bedridden))


def test_a_shallow_trunk_warns_of_heat() -> None:
    deep = {**AXIAL_GSV, "GSV_MT": {**AXIAL_GSV["GSV_MT"], "depth_mm": 10}}
    assert "WARN_THERMAL_DEPTH" not in fired(answer(right=deep))
    shallow = {**AXIAL_GSV, "GSV_MT": {**AXIAL_GSV["GSV_MT"], "depth_mm": 9.9}}
    assert "WARN_THERMAL_DEPTH" in fired(answer(right=shallow))


def test_an_allergy_to_lidocaine_is_said_beside_heat() -> None:
    said = answer(right=AXIAL_GSV, intake={"allergies": ["lidocaine"]})
    assert any("lidocaine" in reason for reason in option(said, "RFA", "GSV").reasons)


def test_a_thrombus_of_uncertain_age_in_a_trunk_bars_the_trunk() -> None:
    unsure = {**AXIAL_GSV, "GSV_MC": {"thrombus": "indeterminate", "reflux_ms": None}}
    assert procedures(answer(right=unsure)) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"right": AXIAL_GSV},
        {"right": {"POPV": ACUTE}},
        {"c": "C1"},
        {"intake": {"pregnant": True}},
        {"right": {**AXIAL_GSV, "TRIB1": TRIB, "PERF_PT1": {"reflux_ms": 900, "diameter_mm": 4}}},
        {"only": ""},
    ],
)
def test_every_procedure_is_offered_or_ruled_out_with_a_reason_on_each_leg(
    changes: dict[str, Any],
) -> None:
    said = answer(**changes)
    for side in "RL":
        open_ = {modality for modality, _ in procedures(said, side)}
        assert open_ | set(ruled_out(said, side)) >= set(PROCEDURES)
        assert all(reason.endswith(".") for reason in ruled_out(said, side).values())
    assert all(o.reasons and o.sources for o in said.options)


def test_every_modality_has_a_name_people_read() -> None:
    assert MODALITIES["RFA"] == "Radiofrequency ablation (RFA)"
    assert len(PROCEDURES) == 9
    assert modality_name("NEXT_SESSION") == "The next session"
    assert modality_name("OTHER") == "OTHER"


def test_an_ulcer_of_a_leg_without_symptoms_brings_care_and_no_foam() -> None:
    said = answer(right=AXIAL_GSV, c="C5", seen={"R": clinic("C5", symptomatic=False)})
    assert offered(said) == {("CONS", None): 1}
