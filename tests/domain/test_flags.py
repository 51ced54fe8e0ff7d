"""What in a patient's answers cannot wait, or must be kept in mind."""

from datetime import date
from typing import Any

import pytest

from tests.domain.invented import AXIAL_GSV, alert, answer, case, clinic, fired
from workflow.domain.alarm import LIST
from workflow.domain.anatomy import Leg
from workflow.domain.flags import intake_flags
from workflow.domain.interpretation import Severity
from workflow.domain.substances import TRIGGER_DRUGS, allergic_agents, anticoagulant


def asked(**intake: Any) -> set[str]:
    return fired(answer(intake=intake))


@pytest.mark.parametrize(
    ("flag", "told", "severity"),
    [
        ("chest_pain", "RF3_EMERGENCY", Severity.STOP),
        ("dyspnoea", "RF3_EMERGENCY", Severity.STOP),
        ("syncope", "RF3_EMERGENCY", Severity.STOP),
        ("bleeding_varix", "RF8_BLEEDING_VARIX", Severity.URGENT),
        ("leg_weakness", "RF10_NEURO_ISCHAEMIA", Severity.STOP),
        ("numb_foot", "RF10_NEURO_ISCHAEMIA", Severity.STOP),
        ("rest_pain", "RF10_NEURO_ISCHAEMIA", Severity.STOP),
        ("gangrene", "RF10_NEURO_ISCHAEMIA", Severity.STOP),
        ("dark_urine", "RF11_DARK_URINE", Severity.URGENT),
    ],
)
def test_each_red_flag_fires_its_own_alert_and_no_other(
    flag: str, told: str, severity: Severity
) -> None:
    said = answer(intake={"red_flags": [flag]})
    assert {a.id for a in said.alerts} - fired(answer()) == {told}
    assert alert(said, told).severity is severity


def test_dark_urine_without_muscle_pain_stays_quiet_only_where_pain_was_asked() -> None:
    denied = {"cramps": {"present": False}, "symptoms": {"R": [], "L": ["itch"]}}
    assert "RF11_DARK_URINE" not in asked(red_flags=["dark_urine"], **denied)
    assert "RF11_DARK_URINE" in asked(red_flags=["dark_urine"], symptoms={"R": ["pain"], "L": []})


@pytest.mark.parametrize(
    ("abi", "severity"),
    [
        (0.49, Severity.STOP),
        (0.5, Severity.WARN),
        (0.90, Severity.WARN),
        (0.91, None),
        (1.40, None),
        (1.41, Severity.WARN),
    ],
)
def test_the_index_of_each_leg_warns_or_stops(abi: float, severity: Severity | None) -> None:
    said = answer(intake={"abi": {"L": abi, "R": 1.1}})
    if severity is None:
        assert "RF6_ABI" not in fired(said)
    else:
        assert alert(said, "RF6_ABI").severity is severity
        assert alert(said, "RF6_ABI").leg is Leg.LEFT


@pytest.mark.parametrize(
    ("intake", "plan", "told"),
    [
        ({"abi": {"R": 0.59}}, {"compression_mmhg": "20-30"}, True),
        ({"abi": {"R": 0.6}}, {"compression_mmhg": "20-30"}, False),
        ({"abi": {"R": 0.59}}, {"compression_mmhg": None}, False),
        ({"abi": {"R": 0.59}}, None, False),
        ({"ankle_mmhg": {"R": 59}}, {"compression_mmhg": 30}, True),
        ({"ankle_mmhg": {"R": 60}}, {"compression_mmhg": 30}, False),
        ({"abi": {"R": 0.55}}, {"compression_mmhg": 30, "items": [{"leg": "L"}]}, False),
    ],
)
def test_compression_on_a_leg_whose_arteries_forbid_it_stops(
    intake: dict[str, Any], plan: Any, *, told: bool
) -> None:
    said = answer(intake=intake, plan=plan)
    assert ("RF7_ABI_COMPRESSION" in fired(said)) is told
    assert any(e.modality == "COMPRESSION_DEFAULT" for e in said.excluded) is (
        0.6 not in (intake.get("abi") or {}).values()
        and 60 not in (intake.get("ankle_mmhg") or {}).values()
    )


@pytest.mark.parametrize(
    ("c", "months", "told"),
    [
        ("C6", 0.5, True),
        ("C6", 0.45, False),
        ("C6r", 3, True),
        ("C5", 3, False),
        ("C6", None, False),
    ],
)
def test_an_open_ulcer_of_two_weeks_has_priority(
    c: str, months: float | None, *, told: bool
) -> None:
    said = answer(seen={"R": clinic(c, ulcer={"months": months})})
    assert ("RF12_ULCER_PRIORITY" in fired(said)) is told


@pytest.mark.parametrize(
    ("allergies", "told"),
    [
        (["Acrylate (nail glue dermatitis)"], {"STOP_ACRYLATE_ALLERGY"}),
        (["eyelash GLUE"], {"STOP_ACRYLATE_ALLERGY"}),
        (["Polidocanol"], {"STOP_SCLEROSANT_ALLERGY"}),
        (["reaction to STS"], {"STOP_SCLEROSANT_ALLERGY"}),
        (["sodium tetradecyl sulfate"], {"STOP_SCLEROSANT_ALLERGY"}),
        (["no known allergies to glue"], set()),
        (["penicillin", "latex", "adhesive tape"], set()),
        (["dust, breasts"], set()),
    ],
)
def test_an_allergy_is_known_by_its_name(allergies: list[str], told: set[str]) -> None:
    assert asked(allergies=allergies) & {"STOP_ACRYLATE_ALLERGY", "STOP_SCLEROSANT_ALLERGY"} == told


def test_an_allergy_to_a_sclerosant_that_is_not_named_bars_both() -> None:
    assert allergic_agents(["sclerosant, unknown which"]) == {"polidocanol", "STS"}
    assert allergic_agents(["sclerosant (polidocanol)"]) == {"polidocanol"}


@pytest.mark.parametrize(
    ("intake", "told"),
    [
        ({"pfo": "symptomatic"}, {"STOP_FOAM_SHUNT"}),
        ({"neuro_event_after_sclerotherapy": True}, {"STOP_FOAM_SHUNT"}),
        ({"pfo": "asymptomatic"}, {"WARN_FOAM_MIGRAINE_AURA"}),
        ({"migraine_aura": True}, {"WARN_FOAM_MIGRAINE_AURA"}),
        ({"pfo": "none", "migraine_aura": False}, set()),
        ({"pfo": "unknown", "migraine_aura": None}, set()),
    ],
)
def test_foam_is_barred_or_cautioned(intake: dict[str, Any], told: set[str]) -> None:
    assert asked(**intake) & {"STOP_FOAM_SHUNT", "WARN_FOAM_MIGRAINE_AURA"} == told


@pytest.mark.parametrize("group", list(TRIGGER_DRUGS))
def test_each_medicine_class_is_known_by_its_generic_names(group: str) -> None:
    for name in TRIGGER_DRUGS[group]:
        drugs = {a for a in asked(medications=[f"{name.title()} 25 mg"]) if "TRIGGER" in a}
        assert drugs == {f"WARN_TRIGGER_DRUG_{group}"}


def test_a_statin_is_information_and_other_medicines_are_nothing() -> None:
    assert "INFO_STATIN" in asked(medications=["Atorvastatin 20 mg"])
    assert "INFO_STATIN" not in asked(medications=["nystatin cream", "metformin"])


@pytest.mark.parametrize(
    ("stated", "medications", "expected"),
    [
        ("apixaban 5 mg", [], "apixaban 5 mg"),
        (None, ["Warfarin 3 mg"], "Warfarin 3 mg"),
        (None, ["aspirin 100 mg"], None),
        ("none", [], None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_an_anticoagulant_is_found_where_it_is_named(
    stated: str | None, medications: list[str] | None, expected: str | None
) -> None:
    assert anticoagulant(stated, medications) == expected


@pytest.mark.parametrize(
    ("cramps", "told"),
    [
        ({"timing": "exercise", "relief": "rest_from_walking", "side": "L"}, True),
        ({"timing": "exercise", "relief": "stretch_walk"}, False),
        ({"timing": "night", "relief": "rest_from_walking"}, False),
        ({"present": False, "timing": "exercise", "relief": "rest_from_walking"}, False),
    ],
)
def test_pain_on_walking_that_rest_relieves_is_a_claudication_pattern(
    cramps: dict[str, Any], *, told: bool
) -> None:
    said = answer(intake={"cramps": cramps})
    assert ("WARN_CLAUDICATION_PATTERN" in fired(said)) is told
    if told:
        assert alert(said, "WARN_CLAUDICATION_PATTERN").leg is Leg.LEFT


def test_spider_veins_without_symptoms_are_cosmetic() -> None:
    quiet = {"R": clinic("C1", symptomatic=False)}
    assert "INFO_COSMETIC" in fired(answer(seen=quiet))
    ill = {"R": clinic("C1", symptomatic=False), "L": clinic("C2")}
    assert alert(answer(seen=ill), "INFO_COSMETIC").leg is Leg.RIGHT
    assert "INFO_COSMETIC" not in fired(answer(c="C2"))
    assert "INFO_COSMETIC" not in fired(answer(c="C1"))


def test_a_leg_with_deep_and_superficial_reflux_is_told_and_sts_goes() -> None:
    both = fired(answer(right={**AXIAL_GSV, "POPV": {"reflux_ms": 1001}}))
    assert {"WARN_DEEP_REFLUX", "STOP_STS_LABEL"} <= both
    deep = fired(answer(right={"POPV": {"reflux_ms": 1001}}))
    assert "WARN_DEEP_REFLUX" not in deep
    assert "STOP_STS_LABEL" in deep
    assert "STOP_STS_LABEL" in asked(mobility="bedridden")
    assert "STOP_STS_LABEL" not in asked(mobility="aided")


def test_intake_alone_fires_without_a_scan() -> None:
    known = case(intake={"pregnant": True, "gestation_weeks": 12, "anticoagulant": "warfarin"})
    said = intake_flags(
        known.intake, known.clinical, as_of=known.as_of, sex="F", born=known.patient.born
    )
    assert {a.id for a in said} == {"RF9_PREGNANCY", "WARN_ANTICOAG"}
    odd = intake_flags(
        known.intake, known.clinical, as_of=date(1900, 1, 1), sex="M", born=known.patient.born
    )
    assert "check which is right" in odd[0].text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"intake": {"pregnant": None}}, 1),
        ({"intake": {"pregnant": None}, "patient": {"sex": "M"}}, 0),
        ({"intake": {"pregnant": None}, "patient": {"born": "1970-05-04"}}, 0),
        ({"intake": {"pregnant": None}, "patient": {"born": "1970-05-05"}}, 1),
        ({"intake": {"allergies": None}}, 1),
        ({"intake": {"abi": None}, "c": "C5"}, 1),
        ({"intake": {"abi": {"R": 1.0}}, "c": "C5"}, 0),
        ({"intake": {"abi": None}, "c": "C4b"}, 0),
        ({"intake": {"pregnant": None, "allergies": None}, "right": {}}, 0),
    ],
)
def test_what_was_not_asked_is_told_where_an_option_depends_on_it(
    changes: dict[str, Any], told: int
) -> None:
    said = answer(**{"right": AXIAL_GSV, **changes})
    assert len([a for a in said.alerts if a.id == "WARN_UNKNOWN"]) == told


@pytest.mark.parametrize(
    ("plan", "leg"),
    [
        ({"items": [{"leg": "L", "vein": "GSV", "modality": "RFA"}]}, Leg.LEFT),
        ({"items": [{"leg": "R", "vein": "GSV", "modality": "RFA"}]}, None),
        ({"items": [{"leg": "R", "vein": "GSV"}], "text": "Ablate the left GSV."}, Leg.LEFT),
        ({"items": [{"leg": "R", "vein": "GSV"}], "text": "Right GSV; left needs nothing."}, None),
        ({"text": "RFA of the left leg"}, Leg.LEFT),
        ({"text": "RFA of the right leg"}, None),
        ({"text": "stockings"}, None),
        ({"items": [{"leg": "L", "vein": "TEL", "modality": "LIQ"}]}, Leg.LEFT),
        ({"items": [{"leg": "L", "modality": "RFA"}]}, Leg.LEFT),
        ({"items": [{"leg": "L", "modality": "CONS"}]}, None),
    ],
)
def test_a_plan_on_the_wrong_leg_is_told(plan: dict[str, Any], leg: Leg | None) -> None:
    said = answer(right=AXIAL_GSV, plan=plan)
    assert [a.leg for a in said.alerts if a.id == "WARN_LATERALITY"] == ([leg] if leg else [])


def test_a_dose_for_the_wrong_leg_is_told() -> None:
    dose = {"agent": "STS liquid", "percent": 1, "ml": 1, "leg": "L"}
    assert alert(answer(right=AXIAL_GSV, planned_dose=dose), "WARN_LATERALITY").leg is Leg.LEFT


def test_the_closed_list_holds_a_source_for_every_alert() -> None:
    assert len(LIST) == 48
    assert all(rule.source and rule.when and rule.ended_by for rule in LIST.values())


@pytest.mark.parametrize(
    ("side", "leg"), [("R", Leg.RIGHT), ("L", Leg.LEFT), ("both", None), (None, None)]
)
def test_a_claudication_pattern_names_the_leg_that_cramps(
    side: str | None, leg: Leg | None
) -> None:
    cramps = {"side": side, "timing": "exercise", "relief": "rest_from_walking"}
    assert alert(answer(intake={"cramps": cramps}), "WARN_CLAUDICATION_PATTERN").leg is leg


@pytest.mark.parametrize(
    ("right", "told"), [("C1", True), ("C2", True), ("C0", False), (None, False)]
)
def test_spider_veins_planned_on_the_wrong_leg_are_told(right: str | None, *, told: bool) -> None:
    plan = {"items": [{"leg": "L", "vein": "TEL", "modality": "LIQ"}]}
    said = answer(c=right, plan=plan)
    assert ("WARN_LATERALITY" in fired(said)) is told


def test_a_procedure_on_a_leg_with_signs_and_no_leak_is_not_the_wrong_leg() -> None:
    plan = {"items": [{"leg": "L", "modality": "PHLEB"}]}
    said = answer(right=AXIAL_GSV, seen={"L": clinic("C2")}, plan=plan)
    assert "WARN_LATERALITY" not in fired(said)
