"""The five worked cases come out as a physician expects them."""

import json
from pathlib import Path
from typing import Any

import pytest

from workflow.domain.case import read
from workflow.domain.interpret import as_result, interpret
from workflow.domain.modality import PROCEDURES

CASES = sorted((Path(__file__).parent / "cases").glob("C*.json"))
WORKED = [json.loads(path.read_text("utf-8")) for path in CASES]
worked = pytest.mark.parametrize("given", WORKED, ids=lambda given: given["id"])


def result(given: dict[str, Any]) -> dict[str, Any]:
    """Return the printed answer of a case, as JSON hands it over."""
    printed: dict[str, Any] = json.loads(json.dumps(as_result(interpret(read(given)))))
    return printed


@worked
def test_every_segment_is_judged_as_expected(given: dict[str, Any]) -> None:
    expected = [(row["leg"], row["segment"], row["reflux"]) for row in given["expect"]["segments"]]
    got = [(row["leg"], row["segment"], row["reflux"]) for row in result(given)["segments"]]
    assert got == expected


@worked
def test_borderline_segments_are_exactly_those_expected(given: dict[str, Any]) -> None:
    got = {row["segment"] for row in result(given)["segments"] if row["borderline"]}
    assert got == set(given["expect"].get("borderline_segments", []))


@worked
def test_every_vein_is_rolled_up_as_expected(given: dict[str, Any]) -> None:
    veins = {(row["leg"], row["vein"]): row for row in result(given)["veins"]}
    for row in given["expect"]["veins"]:
        got = veins[row["leg"], row["vein"]]
        assert {key: got.get(key) for key in row} == row


@worked
def test_ceap_and_rvcss_come_out_as_expected(given: dict[str, Any]) -> None:
    said = result(given)
    basic = {
        side: each if each == "deferred" else each["basic"] for side, each in said["ceap"].items()
    }
    assert basic == given["expect"]["ceap"]
    assert said["rvcss"] == given["expect"]["rvcss"]


@worked
def test_no_alert_too_many_and_none_too_few(given: dict[str, Any]) -> None:
    said = result(given)["alerts"]
    expected = {(a["id"], a["severity"]) for a in given["expect"]["alerts"]}
    assert {(a["id"], a["severity"]) for a in said} == expected
    for due in given["expect"]["alerts"]:
        if "leg" in due:
            assert [a["leg"] for a in said if a["id"] == due["id"]] == [due["leg"]]
    assert all(a["text"].endswith((".", "?")) and a["source"] for a in said)


@worked
def test_no_procedure_too_many_and_none_too_few(given: dict[str, Any]) -> None:
    def key(row: dict[str, Any]) -> tuple[str, str, str | None, int]:
        return row["modality"], row["leg"], row["vein"], row["rank"]

    got = [key(row) for row in result(given)["options"]]
    expected = [key(row) for row in given["expect"]["options"]]
    assert set(expected) <= set(got)
    extra = [row for row in got if row not in expected]
    assert [row for row in extra if row[0] in PROCEDURES] == []
    assert len(got) == len(set(got))


@worked
def test_what_is_expected_to_be_ruled_out_is(given: dict[str, Any]) -> None:
    ruled_out = {row["modality"] for row in result(given)["excluded"]}
    assert {row["modality"] for row in given["expect"]["excluded"]} <= ruled_out


@worked
def test_the_patient_reads_what_the_case_says(given: dict[str, Any]) -> None:
    said = " ".join(result(given)["patient_message"])
    assert said.startswith(given["expect"]["patient_message"])


def test_the_dose_of_the_cosmetic_case_asks_for_a_second_look() -> None:
    (given,) = [each for each in WORKED if each["id"] == "C08"]
    dose = result(given)["dose"]
    assert (dose["mg"], dose["ml"], dose["level"]) == (40, 8, "soft_stop")
    assert dose["mg_per_kg"] == pytest.approx(0.645)


def test_the_wells_score_of_the_acute_case_is_four() -> None:
    (given,) = [each for each in WORKED if each["id"] == "C03"]
    assert result(given)["wells_total"] == 4
    assert result(given)["wells_level"] == "likely"


@worked
def test_the_suggested_codes_are_those_a_coder_would_confirm(given: dict[str, Any]) -> None:
    assert result(given)["icd10"] == given["expect"]["icd10"]
