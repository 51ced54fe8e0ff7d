"""What a payer asks for is met, not met, or unknown with the name of the missing field."""

from datetime import date
from typing import Any

import pytest

from tests.domain.invented import ACUTE, AXIAL_GSV, answer, case, clinic
from tests.domain.payers import FOAM, JUNCTION, PLAN, TRIB, VCSS, answers, result, trial, view
from workflow.domain.anatomy import Leg
from workflow.domain.coverage import policies
from workflow.domain.interpret import as_result
from workflow.domain.interpretation import Interpretation
from workflow.domain.legstate import leg_state
from workflow.domain.payerfacts import MISSING, leg_facts
from workflow.domain.profile import SVS_2022


def test_the_policies_are_those_of_the_reference_each_with_its_source() -> None:
    assert [policy.id for policy in policies()] == [
        "aetna-cpb-0050",
        "connecticare",
        "hcsc-sur707-016",
        "highmark-s-55",
        "medicare-a57305",
        "medicare-l33575",
        "medicare-l39121",
        "uhc-2026t0447rr",
    ]
    assert [policy.id for policy in policies() if policy.archived] == ["highmark-s-55"]
    assert all(policy.source and policy.payer and policy.predicates for policy in policies())
    ids = [(policy.id, each.id) for policy in policies() for each in policy.predicates]
    assert len(ids) == len(set(ids))


def test_every_fact_a_policy_asks_for_is_gathered_and_has_the_name_of_its_field() -> None:
    known = case(right=AXIAL_GSV)
    facts = leg_facts(known, leg_state(known, Leg.RIGHT, SVS_2022))
    for policy in policies():
        for each in policy.predicates:
            assert each.fact in facts or each.fact == "full_criteria"
            assert each.fact in MISSING or each.fact == "glue_in_trunk"
            assert not each.when or each.when in facts
            assert all(name in facts for name in each.unless)


def test_a_policy_is_asked_only_from_its_date_on() -> None:
    uhc = next(policy for policy in policies() if policy.id == "uhc-2026t0447rr")
    assert uhc.effective == date(2026, 1, 1)
    early = answer(as_of="2025-12-31", right=AXIAL_GSV)
    assert "uhc-2026t0447rr" not in {each.policy.id for each in early.payer}
    assert "medicare-l33575" in {each.policy.id for each in early.payer}
    assert "uhc-2026t0447rr" in {e.policy.id for e in answer(as_of="2026-01-01").payer}


@pytest.mark.parametrize(
    ("ms", "said"), [(499, "not_met"), (500, "met"), (501, "met"), (None, "unknown")]
)
def test_aetna_reads_the_junction_at_500_ms_or_more(ms: int | None, said: str) -> None:
    sites = {**AXIAL_GSV, "SFJ": {"reflux_ms": ms}, "SPJ": {"reflux_ms": None}}
    assert result("aetna-cpb-0050", "junctional_reflux", right=sites) == said


@pytest.mark.parametrize(
    ("policy", "end", "said"),
    [
        ("aetna-cpb-0050", "2026-03-31", "not_met"),  # 89 days
        ("aetna-cpb-0050", "2026-04-01", "met"),  # 90 days
        ("highmark-s-55", "2026-03-31", "not_met"),
        ("highmark-s-55", "2026-04-01", "met"),
        ("medicare-l33575", "2026-02-11", "not_met"),  # 41 days
        ("medicare-l33575", "2026-02-12", "met"),  # 42 days: 6 weeks
        ("hcsc-sur707-016", "2026-02-11", "not_met"),
        ("hcsc-sur707-016", "2026-02-12", "met"),
        ("connecticare", "2026-01-01", "not_met"),
        ("connecticare", "2026-01-02", "met"),
    ],
)
def test_a_trial_is_long_enough_from_its_last_day_on(policy: str, end: str, said: str) -> None:
    assert result(policy, "compression_trial", intake=trial(end=end)) == said


@pytest.mark.parametrize(
    ("intake", "field"),
    [
        ({}, "compression trial"),
        (trial(end=None), "compression trial end date"),
        (trial(start=None), "compression trial start date"),
        (trial(start=None, end=None, weeks=13), "compression trial start date"),
    ],
)
def test_a_trial_that_is_not_told_whole_names_the_missing_field(
    intake: dict[str, Any], field: str
) -> None:
    said = answer(right=AXIAL_GSV, intake=intake)
    found = answers(said, "medicare-l33575")["compression_trial"]
    assert (found.result, found.missing) == ("unknown", field)
    assert found.gap == f"{field.capitalize()} missing (right leg)."
    assert found.gap in view(said, "medicare-l33575").gaps


@pytest.mark.parametrize(
    ("pressure", "said"), [("15-20", "not_met"), ("20-30", "met"), ("class 2", "unknown"),
                           ("strong", "unknown"), (None, "unknown")],
)  # fmt: skip
def test_aetna_wants_twenty_millimetres_of_mercury(pressure: str | None, said: str) -> None:
    told = trial(class_mmhg=pressure)
    assert result("aetna-cpb-0050", "compression_pressure", intake=told) == said


@pytest.mark.parametrize(
    ("changes", "waived"),
    [
        ({"c": "C2r"}, True),
        ({"c": "C6"}, True),
        ({"c": "C5"}, False),
        ({"intake": {"red_flags": ["bleeding_varix"]}}, True),
        ({"intake": {"prior_vein_procedures": [{"leg": "R", "vein": "SSV"}]}}, True),
        ({"intake": {"prior_vein_procedures": [{"leg": "L", "vein": "SSV"}]}}, False),
    ],
)
def test_aetna_waives_the_trial_for_recurrence_an_ulcer_or_bleeding(
    changes: dict[str, Any], *, waived: bool
) -> None:
    said = result("aetna-cpb-0050", "compression_trial", **changes)
    assert said == ("met" if waived else "unknown")


@pytest.mark.parametrize(
    ("vcss", "more", "said"),
    [
        ({"pain": 1, "oedema": 1}, {}, "not_met"),
        ({"pain": 2, "oedema": 0}, {}, "met"),
        ({"pain": 0, "oedema": 2}, {}, "met"),
        ({"pain": None, "oedema": 1}, {}, "unknown"),
        (None, {}, "unknown"),
        (None, {"c": ["C6"]}, "met"),
    ],
)
def test_aetna_wants_severe_symptoms(
    vcss: dict[str, Any] | None, more: dict[str, Any], said: str
) -> None:
    seen = {**clinic("C2"), "vcss": vcss and {**VCSS, **vcss}, **more}
    assert result("aetna-cpb-0050", "severe_symptoms", seen={"R": seen}) == said


@pytest.mark.parametrize(
    ("modality", "said"), [("CAC", "not_met"), ("moca", "not_met"), ("RFA", "met")]
)
def test_aetna_calls_glue_and_mechanochemical_ablation_investigational(
    modality: str, said: str
) -> None:
    plan = {"items": [{"leg": "R", "vein": "GSV", "modality": modality}]}
    assert result("aetna-cpb-0050", "accepted_method", plan=plan) == said
    assert result("aetna-cpb-0050", "accepted_method") == "unknown"


@pytest.mark.parametrize(
    ("day", "aetna", "hcsc"),
    [("2025-11-02", "met", "met"), ("2025-11-01", "not_met", "met"),
     ("2025-05-03", "not_met", "met"), ("2025-05-02", "not_met", "not_met"),
     (None, "unknown", "unknown"), ("soon", "unknown", "unknown")],
)  # fmt: skip
def test_a_scan_must_be_young_enough(day: str | None, aetna: str, hcsc: str) -> None:
    exam = {"date": day} if day else {}
    assert result("aetna-cpb-0050", "scan_age", exam=exam) == aetna
    assert result("hcsc-sur707-016", "scan_age", exam=exam) == hcsc


@pytest.mark.parametrize(("pain", "said"), [(1, "not_met"), (2, "met"), (None, "unknown")])
def test_uhc_wants_symptoms_that_interfere(pain: int | None, said: str) -> None:
    seen = {"R": {**clinic("C2"), "vcss": {**VCSS, "pain": pain}}}
    assert result("uhc-2026t0447rr", "functional_impairment", seen=seen) == said


@pytest.mark.parametrize(("vein_id", "said"), [("GSV", "met"), ("PERF_PT1", "not_met")])
def test_uhc_takes_glue_in_trunks_alone(vein_id: str, said: str) -> None:
    plan = {"items": [{"leg": "R", "vein": vein_id, "modality": "CAC"}]}
    assert result("uhc-2026t0447rr", "glue_in_trunks", plan=plan) == said


def sessions(*dates: str | None, technique: str = "foam sclerotherapy") -> dict[str, Any]:
    """Return an intake with earlier procedures of the right leg's great saphenous vein."""
    done = [{"leg": "R", "vein": "GSV", "technique": technique, "date": when} for when in dates]
    return {"prior_vein_procedures": done}


def test_sclerotherapy_sessions_are_counted_for_a_leg_and_for_a_year() -> None:
    two = sessions("2025-09", "2026-01-10")
    three = sessions("2019", "2025-09", "2026-01-10")
    late = sessions("2025", "2025-06", None)
    for intake, ever, year in ((two, "met", "met"), (three, "not_met", "met"),
                               (late, "not_met", "not_met")):  # fmt: skip
        changes = {"right": TRIB, "plan": FOAM, "intake": intake}
        assert result("medicare-a57305", "sclerotherapy_sessions", **changes) == ever
        assert result("uhc-2026t0447rr", "sclerotherapy_sessions", **changes) == year
    unasked = {"right": TRIB, "plan": FOAM, "intake": {"prior_vein_procedures": None}}
    assert result("medicare-a57305", "sclerotherapy_sessions", **unasked) == "unknown"


@pytest.mark.parametrize(
    ("when", "same_year", "ever"),
    [("2026-05", "not_met", "not_met"), ("2025-05-03", "not_met", "not_met"),
     ("2025-05-02", "met", "not_met"), ("2020", "met", "not_met")],
)  # fmt: skip
def test_an_ablation_of_the_same_vein_stands_against_the_next(
    when: str, same_year: str, ever: str
) -> None:
    changes = {"plan": PLAN, "intake": sessions(when, technique="RFA")}
    assert result("hcsc-sur707-016", "one_ablation", **changes) == same_year
    assert result("medicare-a57305", "one_ablation", **changes) == ever
    other = {"items": [{"leg": "R", "vein": "SSV", "modality": "RFA"}]}
    assert result("hcsc-sur707-016", "one_ablation", **{**changes, "plan": other}) == "met"


@pytest.mark.parametrize(
    ("changes", "predicate", "said"),
    [
        ({"intake": {"pregnant": None}}, "not_pregnant", "unknown"),
        ({"intake": {"pregnant": True}}, "not_pregnant", "not_met"),
        ({"intake": {"pregnant": None}, "patient": {"sex": "M"}}, "not_pregnant", "met"),
        ({}, "arteries", "unknown"),
        ({"intake": {"abi": {"R": 0.49}}}, "arteries", "not_met"),
        ({"intake": {"abi": {"R": 0.5}}}, "arteries", "met"),
        ({}, "deep_open", "met"),
        ({"right": {**AXIAL_GSV, "PTV": {"compressibility": None}}}, "deep_open", "unknown"),
        ({"right": {**AXIAL_GSV, "PTV": ACUTE}}, "deep_open", "not_met"),
        ({}, "no_thrombophilia", "unknown"),
        ({"intake": {"thrombophilia": False}}, "no_thrombophilia", "met"),
        ({"intake": {"thrombophilia": True}}, "no_thrombophilia", "not_met"),
        ({}, "no_thrombus", "met"),
        ({"right": {**AXIAL_GSV, "GSV_MC": {"thrombus": None}}}, "no_thrombus", "unknown"),
        ({"right": {**AXIAL_GSV, "GSV_MC": ACUTE}}, "no_thrombus", "not_met"),
        ({"seen": {"R": clinic("C2", symptomatic=False)}}, "symptomatic", "not_met"),
        ({"right": {"TRIB1": {"reflux_ms": 900}}}, "no_thrombus", "unknown"),
        ({"right": TRIB}, "saphenous_reflux", "not_met"),
        ({"right": {"AASV": {"reflux_ms": 900}}}, "saphenous_reflux", "met"),
        (
            {"right": {**TRIB, "SSV_PC": None, "SSV_MC": None, "SSV_DC": None}},
            "saphenous_reflux",
            "unknown",
        ),
    ],
)
def test_medicare_l33575_reads_the_rest_of_the_record(
    changes: dict[str, Any], predicate: str, said: str
) -> None:
    assert result("medicare-l33575", predicate, **changes) == said


@pytest.mark.parametrize(
    ("modality", "bends", "mm", "straight", "width"),
    [
        ("CAC", False, 12.0, "met", "met"),
        ("CAC", True, 12.1, "not_met", "not_met"),
        ("CAC", None, 6.0, "unknown", "met"),
        ("RFA", True, 14.0, "not_met", None),
        ("PEM", True, 12.0, None, "met"),
    ],
)
def test_medicare_l33575_asks_of_each_method_its_own(
    modality: str, *, bends: bool | None, mm: float, straight: str | None, width: str | None
) -> None:
    sites = {code: {"reflux_ms": 2000, "diameter_mm": mm, "tortuous": bends} for code in AXIAL_GSV}
    plan = {"items": [{"leg": "R", "vein": "GSV", "modality": modality}]}
    found = answers(answer(right=sites, plan=plan), "medicare-l33575")
    assert (found["straight"].result if "straight" in found else None) == straight
    got = found["nonthermal_width"].result if "nonthermal_width" in found else None
    assert got == width


@pytest.mark.parametrize(("mm", "said"), [(4.0, "not_met"), (4.1, "met")])
def test_medicare_l33575_wants_a_tributary_over_four_millimetres(mm: float, said: str) -> None:
    sites = {"TRIB1": {"reflux_ms": 900, "diameter_mm": mm}}
    assert result("medicare-l33575", "tributary_width", right=sites, plan=FOAM) == said
    allergic = {"right": sites, "plan": FOAM, "intake": {"allergies": ["STS"]}}
    assert result("medicare-l33575", "no_sclerosant_allergy", **allergic) == "not_met"
    unasked = {"right": sites, "plan": FOAM, "intake": {"allergies": None}}
    assert result("medicare-l33575", "no_sclerosant_allergy", **unasked) == "unknown"
    free = {"right": sites, "plan": FOAM}
    assert result("medicare-l33575", "no_sclerosant_allergy", **free) == "met"


@pytest.mark.parametrize(
    ("sites", "said"),
    [
        ({"GSV_PT": {"reflux_ms": 500}}, "not_met"),
        ({"GSV_PT": {"reflux_ms": 501}}, "met"),
        ({"PTV": {"reflux_ms": 1000}}, "not_met"),
        ({"PTV": {"reflux_ms": 1001}}, "met"),
        ({"PERF_PT1": {"reflux_ms": 500}}, "not_met"),
    ],
)
def test_medicare_l39121_is_never_ready_for_its_full_text_was_not_seen(
    sites: dict[str, Any], said: str
) -> None:
    read = answer(right=sites, only="R")
    assert answers(read, "medicare-l39121")["reflux"].result == said
    assert answers(read, "medicare-l39121")["full_criteria"].result == "unknown"
    assert not view(read, "medicare-l39121").ready
    untimed = answer(only="", exam={"segments": [{"leg": "R", "segment": "GSV_PT"}]})
    assert answers(untimed, "medicare-l39121")["reflux"].result == "unknown"


def test_sclerotherapy_needs_a_junction_that_holds_and_photographs() -> None:
    leaking = {**TRIB, **JUNCTION, "SFJ": {"reflux_ms": 900}}
    untimed = {**TRIB, "SFJ": {"reflux_ms": None}}
    for sites, said in ((TRIB, "met"), (leaking, "not_met"), (untimed, "unknown")):
        assert result("highmark-s-55", "junction_competent", right=sites, plan=FOAM) == said
        assert result("connecticare", "junction_competent", right=sites, plan=FOAM) == said
    both = {"items": [*FOAM["items"], *PLAN["items"]]}
    assert "junction_competent" not in answers(answer(right=TRIB, plan=both), "connecticare")
    for told, said in ((None, "unknown"), (True, "met"), (False, "not_met")):
        changes = {"right": TRIB, "plan": FOAM, "intake": {"photographs": told}}
        assert result("medicare-a57305", "photographs", **changes) == said


def test_highmark_counts_cramps_among_the_symptoms() -> None:
    for told, said in ((["cramps"], "met"), ([], "not_met"), (None, "unknown")):
        changes = {"intake": {"symptoms": {"R": told}}}
        assert result("highmark-s-55", "daily_life", **changes) == said
    assert result("highmark-s-55", "no_dvt", right={**AXIAL_GSV, "PTV": ACUTE}) == "not_met"
    assert result("highmark-s-55", "no_dvt") == "met"
    no_deep = dict.fromkeys(("CFV", "FV_P", "FV_M", "FV_D", "POPV", "PTV", "PERO"))
    assert result("highmark-s-55", "no_dvt", right={**AXIAL_GSV, **no_deep}) == "unknown"
    narrow = {"TRIB1": {"reflux_ms": 900, "diameter_mm": 2.9}}
    assert result("highmark-s-55", "sclerotherapy_width", right=narrow, plan=FOAM) == "not_met"


def test_a_whole_record_is_ready_and_says_so_apart_from_the_options() -> None:
    ready = answer(
        right={**AXIAL_GSV, "SFJ": {"reflux_ms": 900}},
        seen={"R": {**clinic("C2"), "vcss": {**VCSS, "pain": 2}}},
        intake={**trial(), "abi": {"R": 1.1}, "thrombophilia": False, "symptoms": {"R": ["ache"]}},
        exam={"date": "2026-05-04"},
        plan=PLAN,
    )
    for policy in ("aetna-cpb-0050", "hcsc-sur707-016", "connecticare", "uhc-2026t0447rr"):
        assert view(ready, policy).gaps == (), policy
        assert view(ready, policy).ready
    printed = as_result(ready)["payer"]["aetna-cpb-0050"]
    assert printed["ready"] is True
    assert printed["gaps"] == []
    assert {row["result"] for row in printed["predicates"]} == {"met"}


def test_what_is_not_met_is_a_gap_in_a_sentence_and_printed() -> None:
    said = answer(right=AXIAL_GSV, intake=trial(end="2026-01-10"))
    gap = "Not met in the right leg: At least 3 months of compression."
    assert gap in view(said, "aetna-cpb-0050").gaps
    printed = as_result(said)["payer"]["aetna-cpb-0050"]
    assert gap in printed["gaps"]
    row = next(r for r in printed["predicates"] if r["id"] == "scan_age")
    assert (row["result"], row["missing"], row["leg"]) == ("unknown", "date of the scan", "R")


def test_the_legs_asked_about_are_the_planned_then_the_leaking_then_the_scanned() -> None:
    def legs(said: Interpretation) -> set[Leg]:
        return {each.leg for each in view(said, "connecticare").answers}

    left = {"items": [{"leg": "L", "vein": "GSV", "modality": "RFA"}]}
    assert legs(answer(right=AXIAL_GSV, plan=left)) == {Leg.LEFT}
    assert legs(answer(right=AXIAL_GSV)) == {Leg.RIGHT}
    assert legs(answer()) == {Leg.RIGHT, Leg.LEFT}
    assert legs(answer(only="L")) == {Leg.LEFT}
    assert legs(answer(only="")) == set()
    assert not view(answer(only=""), "connecticare").ready
    assert answers(answer(right=AXIAL_GSV), "connecticare")["reflux"].gap == ""
