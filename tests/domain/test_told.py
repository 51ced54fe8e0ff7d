"""What the rules tell of each story is what a person has read and approved, word for word."""

import pytest

from tests.domain.stories import STORIES
from tests.domain.told import (
    ALWAYS,
    DRAWINGS,
    FOLDER,
    PRINTED,
    always,
    drawn,
    file_of,
    printed,
    told,
)
from workflow.domain.rulespage import rules_page
from workflow.settings import PROJECT


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_told_as_it_was_approved(name: str) -> None:
    assert told(name) == file_of(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PRINTED)
def test_an_interpretation_is_printed_as_it_was_approved(name: str) -> None:
    assert printed(name) == file_of(name).with_suffix(".json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_leg_map_is_drawn_as_it_was_approved(name: str) -> None:
    assert drawn(name) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_what_every_patient_reads_is_as_it_was_approved() -> None:
    assert always() == ALWAYS.read_text(encoding="utf-8")


def test_no_approved_file_is_left_over() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {
        ALWAYS.name,
        *(file_of(name).name for name in STORIES),
        *(f"{name}.txt" for name in DRAWINGS),
        *(file_of(name).with_suffix(".json").name for name in PRINTED),
    }


def test_the_page_of_rules_is_the_one_that_was_approved() -> None:
    page = PROJECT / "docs" / "rules.md"
    assert rules_page() == page.read_text(encoding="utf-8")
