"""The criteria say in words what differs between two versions of them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from workflow.domain.criteria import (
    OWN,
    changes,
    cutoff_words,
    decimals,
    limit_words,
    own_profile,
    range_words,
    source_words,
    with_version,
)
from workflow.domain.limits import DEFAULT_LIMITS
from workflow.domain.profile import ESVS_2022, SVS_2022, Cutoff

OURS = own_profile(
    DEFAULT_LIMITS,
    superficial=Cutoff(600, reaching_counts=True),
    femoropopliteal=SVS_2022.femoropopliteal,
    other_deep=SVS_2022.other_deep,
    perforator=SVS_2022.perforator,
)


def test_the_same_criteria_differ_in_nothing() -> None:
    assert changes(SVS_2022, SVS_2022) == ()
    assert changes(SVS_2022, with_version(SVS_2022, 7)) == ()


def test_another_guideline_is_said_with_each_cut_off_that_it_moves() -> None:
    assert changes(SVS_2022, ESVS_2022) == (
        ("profile", "Threshold profile", "SVS/AVF/AVLS 2022", "ESVS 2022"),
        (
            "perforator",
            "Perforators, outward flow",
            "at least 500 ms; 350 to 499 ms is shown as borderline",
            "over 350 ms",
        ),
    )


def test_a_limit_that_moves_is_said_with_its_unit() -> None:
    limits = replace(DEFAULT_LIMITS, tributary_mm=Decimal("2.50"), abi_severe=Decimal("0.45"))
    assert changes(SVS_2022, replace(SVS_2022, limits=limits)) == (
        ("tributary_mm", "Treat a tributary from", "3 mm", "2.5 mm"),
        ("abi_severe", "ABI severe below", "0.5", "0.45"),
    )


def test_a_guideline_keeps_its_version_and_the_clinics_own_takes_the_clinics() -> None:
    assert with_version(ESVS_2022, 4).version == "1"
    assert with_version(ESVS_2022, 4).limits.version == "4"
    ours = with_version(OURS, 5)
    assert (ours.id, ours.version, ours.limits.version) == (OWN, "5", "5")
    assert ours.line.startswith(
        "Reflux by the clinic’s own cut-offs (version 5): superficial veins at least 600 ms;"
    )


@pytest.mark.parametrize(
    ("name", "places", "value", "span"),
    [
        ("borderline_percent", 1, "10 %", "0 to 50 %"),
        ("deep_note_ms", 0, "500 ms", "100 to 1000 ms"),
        ("abi_severe", 2, "0.5", "0.3 to 0.7"),
        ("polidocanol_mg_kg", 2, "2 mg/kg", "0.5 to 4 mg/kg"),
    ],
)
def test_a_limit_is_said_with_its_range(name: str, places: int, value: str, span: str) -> None:
    assert decimals(name) == places
    assert limit_words(DEFAULT_LIMITS, name) == value
    assert range_words(name) == span


def test_a_source_that_the_reference_has_not_seen_says_so() -> None:
    assert source_words("§5.3 [K]") == "§5.3 (not checked against its text)"
    assert source_words("NICE CG168") == "NICE CG168"


def test_a_cut_off_is_said_as_it_is_compared() -> None:
    assert cutoff_words(Cutoff(500, reaching_counts=False)) == "over 500 ms"
    assert cutoff_words(Cutoff(500, reaching_counts=True)) == "at least 500 ms"
