"""What a patient is told was decided, in words they can read."""

import re
from datetime import date
from itertools import product

import pytest

from workflow.domain import decision
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import Chosen
from workflow.domain.modality import MODALITIES

VEINS = (None, "GSV", "SSV", "AASV", "PASV", "TEL", "TRIB1", "PERF_PT1", "SFJ")


def _syllables(word: str) -> int:
    bare = re.sub(r"(?<=[^laeiou])e$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def _grade(text: str) -> float:
    """Return the Flesch–Kincaid grade."""
    sentences = max(1, len(re.findall(r"[.:!?]+(?:\s|$)", text)))
    words = re.findall(r"[A-Za-z’']+", text)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def test_a_plan_is_told_leg_by_leg_and_visit_by_visit() -> None:
    said = decision.decided(
        [Chosen(Leg.RIGHT, "GSV", "RFA"), Chosen(Leg.RIGHT, "TRIB1", "PHLEB", session=2)]
    )
    assert said == (
        "Right leg: close the main vein on the inside of the leg with heat (visit 1).",
        "Right leg: take out a side branch through tiny cuts (visit 2).",
    )


@pytest.mark.parametrize(("modality", "vein"), list(product(MODALITIES, VEINS)))
def test_every_treatment_of_every_vein_has_plain_words(modality: str, vein: str | None) -> None:
    (line,) = decision.decided([Chosen(Leg.LEFT, vein, modality)])
    assert line.startswith("Left leg: ")
    assert modality not in line
    assert "{" not in line
    assert _grade(line) <= 8


@pytest.mark.parametrize(
    "lines",
    [
        decision.DECLINED,
        decision.after_signing("", date(2026, 12, 1)),
        decision.after_declining("(555) 010-0142"),
        decision.after_approval([Chosen(Leg.RIGHT, "GSV", "RFA")], "(555) 010-0142"),
        decision.after_approval([Chosen(Leg.RIGHT, None, "CONS")], ""),
    ],
)
def test_what_comes_next_is_easy_to_read(lines: tuple[str, ...]) -> None:
    assert _grade(" ".join(lines)) <= 6
    assert all(_grade(line) <= 8 for line in lines)


def test_the_next_visit_is_named_with_its_date() -> None:
    assert "Your next visit is on 1 Dec 2026." in decision.after_signing("", date(2026, 12, 1))
