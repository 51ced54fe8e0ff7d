"""What the rules tell of each story is what a person has read and approved, word for word."""

import pytest

from tests.domain.stories import STORIES
from tests.domain.told import ALWAYS, FOLDER, always, file_of, told
from workflow.domain.rulespage import rules_page
from workflow.settings import PROJECT


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_told_as_it_was_approved(name: str) -> None:
    assert told(name) == file_of(name).read_text(encoding="utf-8")


def test_no_story_is_left_over() -> None:
    expected = {ALWAYS, *(file_of(name) for name in STORIES)}
    assert set(FOLDER.iterdir()) == expected


def test_what_every_patient_reads_is_as_it_was_approved() -> None:
    assert always() == ALWAYS.read_text(encoding="utf-8")


def test_the_page_of_rules_is_the_one_that_was_approved() -> None:
    page = PROJECT / "docs" / "rules.md"
    assert rules_page() == page.read_text(encoding="utf-8")
