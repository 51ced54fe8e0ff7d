"""Every paper prints the Latin spelling in place of a name that no embedded font can set."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reports import letter, patient, plan, scan
from reports.type import Unprintable
from tests.reports.pdf import words
from tests.reports.samples import PATIENT, RESULT, SCAN
from tests.reports.test_plan_and_letter import LETTER, PLAN
from workflow import issuing
from workflow.domain.documents import Identity
from workflow.models.patient import Patient

CHINESE, LATIN = "王小明", "Wang Xiaoming"
PAPERS = [
    pytest.param(scan.build, SCAN, id="scan"),
    pytest.param(patient.build, RESULT, id="patient"),
    pytest.param(plan.build, PLAN, id="plan"),
    pytest.param(letter.build, LETTER, id="letter"),
]


def _of(paper_name: str) -> Identity:
    """Return who a paper is about, where the record holds this spelling."""
    return issuing.identity(
        Patient(
            name=CHINESE,
            called="小明",
            paper_name=paper_name,
            born=date(1974, 3, 27),
            sex="F",
            record_number=PATIENT.record_number,
            language="en",
        )
    )


@pytest.mark.parametrize(("build", "document"), PAPERS)
def test_a_paper_prints_the_spelling_and_without_one_is_refused(
    build: Callable[[Any], bytes], document: Any
) -> None:
    said = words(build(replace(document, patient=_of(LATIN))))
    assert LATIN in said
    with pytest.raises(Unprintable, match="Enter a Latin spelling"):
        build(replace(document, patient=_of("")))
