"""CPT numbers are suggested for the scan and the treatments, with our labels, by their dates."""

from datetime import date
from typing import Any

import pytest

from tests.domain.invented import ACUTE, AXIAL_GSV, AXIAL_SSV, answer, clinic
from workflow.domain.codetables import CPT, ICD10CM, cpt_in_force, icd10_in_force
from workflow.domain.interpret import as_result


def codes(**changes: Any) -> list[str]:
    """Return the printed suggestions."""
    printed: list[str] = as_result(answer(**changes))["cpt"]
    return printed


def planned(*items: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """Return a case whose plan names these treatments: leg, vein, modality."""
    rows = [{"leg": leg, "vein": vein, "modality": how, **more} for leg, vein, how in items]
    return {"right": AXIAL_GSV, "plan": {"items": rows}}


@pytest.mark.parametrize(
    ("changes", "scan"),
    [
        ({}, "93970"),
        ({"only": "R"}, "93971-RT"),
        ({"only": "L"}, "93971-LT"),
        ({"left": {"SSV_MC": None}}, "93971"),
        ({"right": {"PTV": None}, "left": {"SSV_MC": None}}, "93971"),
    ],
)
def test_a_scan_of_both_whole_legs_has_its_own_number(changes: dict[str, Any], scan: str) -> None:
    assert codes(**changes)[0] == scan


def test_without_a_scan_there_is_no_number() -> None:
    assert codes(only="") == []


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([("R", "GSV", "RFA")], ["36475-RT"]),
        ([("R", "GSV", "RFA"), ("R", "SSV", "RFA")], ["36475-RT", "+36476-RT"]),
        ([("R", "GSV", "RFA"), ("L", "GSV", "RFA")], ["36475-RT", "36475-LT"]),
        ([("R", "GSV", "RFA"), ("R", "GSV", "RFA")], ["36475-RT"]),
        ([("L", "GSV", "EVLA"), ("L", "AASV", "EVLA")], ["36478-LT", "+36479-LT"]),
        ([("R", "GSV", "CAC"), ("R", "SSV", "CAC")], ["36482-RT", "+36483-RT"]),
        ([("R", "GSV", "MOCA"), ("R", "SSV", "MOCA")], ["36473-RT", "+36474-RT"]),
        ([("R", "PERF_PT1", "PERF_RFA")], ["36475-RT"]),
        ([("R", "GSV", "PEM")], ["36465-RT"]),
        ([("R", "GSV", "PEM"), ("R", "AASV", "pem")], ["36466-RT"]),
        ([("R", "TRIB1", "UGFS")], ["36470-RT"]),
        ([("R", "TRIB1", "UGFS"), ("R", "TRIB2", "UGFS")], ["36471-RT"]),
        ([("R", "TEL", "LIQ")], ["36468-RT"]),
        ([("R", "TEL", "LIQ"), ("R", "RET", "LIQ")], ["36468-RT"]),
        ([("R", "TRIB1", "LIQ")], ["36470-RT"]),
        ([("R", "", "CONS")], None),
    ],
)
def test_each_treatment_has_its_number_and_a_later_vein_its_add_on(
    items: list[tuple[str, str, str]], found: list[str] | None
) -> None:
    said = codes(**planned(*items))
    if found is None:  # a plan without a procedure: the options are read instead
        assert "36475-RT" in said
        assert "36482-RT" in said
    else:
        assert said == ["93970", *found]


@pytest.mark.parametrize(
    ("incisions", "code"),
    [(9, "37799-RT"), (10, "37765-RT"), (20, "37765-RT"), (21, "37766-RT"), (0, "37799-RT"),
     (None, "37765 or 37766 or 37799-RT"), (True, "37765 or 37766 or 37799-RT"),
     ("12", "37765 or 37766 or 37799-RT")],
)  # fmt: skip
def test_a_phlebectomy_has_a_number_only_with_its_incisions(incisions: object, code: str) -> None:
    case = planned(("R", "TRIB1", "PHLEB"), incisions=incisions)
    assert codes(**case) == ["93970", code]
    (_, found) = answer(**case).cpt
    assert found.needs == ("incision count" if " or " in code else None)


def test_the_incisions_of_a_leg_count_together() -> None:
    both = planned(("R", "TRIB1", "PHLEB"), ("R", "TRIB2", "PHLEB"), incisions=11)
    assert codes(**both)[1] == "37766-RT"


def test_without_a_plan_the_options_are_suggested_with_our_own_labels() -> None:
    said = answer(right={**AXIAL_GSV, **AXIAL_SSV})
    labels = {str(each): each.label for each in said.cpt}
    assert labels["36475-RT"] == "radiofrequency ablation, first vein"
    assert labels["+36476-RT"] == "radiofrequency ablation, later veins"
    assert labels["93970"] == "venous duplex, both legs, complete"
    assert all(labels.values())


@pytest.mark.parametrize(
    ("on", "codes_then"),
    [
        ("2004-06-01", ["36471-RT"]),
        ("2005-01-01", ["36475-RT", "36478-RT", "36471-RT"]),
        ("2016-12-31", ["36475-RT", "36478-RT", "36471-RT"]),
        ("2017-01-01", ["36475-RT", "36478-RT", "36473-RT", "36471-RT"]),
        ("2018-01-01", ["36475-RT", "36478-RT", "36482-RT", "36465-RT", "36473-RT", "36471-RT"]),
    ],
)
def test_a_number_is_suggested_from_its_first_day_on(on: str, codes_then: list[str]) -> None:
    branches = {"TRIB1": {"reflux_ms": 900, "diameter_mm": 4}}
    said = codes(as_of=on, right={**AXIAL_GSV, **branches})
    assert [code for code in said if code[:3] != "939" and "or" not in code] == codes_then


def test_every_row_has_one_first_day_and_a_label_of_our_own() -> None:
    for table in (CPT, ICD10CM):
        names = [row.code for row in table]
        assert len(names) == len(set(names))
        assert all(row.label and row.since.year >= 2004 for row in table)
    assert cpt_in_force("36482", date(2017, 12, 31)) is None
    row = cpt_in_force("36482", date(2018, 1, 1))
    assert row is not None
    assert row.label == "glue closure, first vein"
    assert cpt_in_force("00000", date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("code", "on", "stands_as"),
    [
        ("I83.811", date(2015, 9, 30), None),
        ("I83.811", date(2015, 10, 1), "I83.811"),
        ("I82.451", date(2019, 10, 1), "I82.451"),
        ("I82.451", date(2019, 9, 30), "I82.401"),
        ("I82.462", date(2018, 1, 1), "I82.402"),
        ("I82.451", date(2014, 1, 1), None),
        ("X99", date(2026, 1, 1), None),
        ("T81.72XA", date(2026, 1, 1), "T81.72XA"),
    ],
)
def test_a_diagnosis_is_suggested_as_it_stood_on_the_day(
    code: str, on: date, stands_as: str | None
) -> None:
    assert icd10_in_force(code, on) == stands_as


def test_a_peroneal_clot_of_2018_takes_the_code_of_its_time() -> None:
    case = {"right": {"PERO": ACUTE}, "seen": {"R": clinic(None)}}
    assert answer(**case).icd10 == ("I82.451",)
    assert answer(as_of="2018-05-04", **case).icd10 == ("I82.401",)
    assert answer(as_of="2014-05-04", **case).icd10 == ()
