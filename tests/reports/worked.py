"""The papers of the five worked cases, as `case report` writes them."""

from functools import cache
from pathlib import Path

import pytest

from reports import letter, patient, plan, scan
from workflow.domain.case import Case, loads, read
from workflow.domain.sample import Sample, sample

FILES = sorted((Path(__file__).parents[1] / "domain" / "cases").glob("C*.json"))
KINDS = ("scan", "patient", "plan", "letter")

worked = pytest.mark.parametrize("name", [file.stem for file in FILES])
in_each_language = pytest.mark.parametrize("language", ["en", "es"])
on_each_paper = pytest.mark.parametrize("paper", ["letter", "a4"])


@cache
def case(name: str) -> Case:
    """Return a worked case."""
    (file,) = [file for file in FILES if file.stem == name]
    return read(loads(file.read_text("utf-8")))


@cache
def papers(name: str, language: str = "en", paper: str = "letter") -> Sample:
    """Return the papers of a worked case, as values."""
    return sample(case(name), language=language, paper=paper)


@cache
def drawn(name: str, language: str = "en", paper: str = "letter") -> dict[str, bytes]:
    """Return the papers of a worked case, as PDFs by their kind."""
    return draw(papers(name, language, paper))


def draw(made: Sample) -> dict[str, bytes]:
    """Draw four papers anew."""
    return {
        "scan": scan.build(made.scan),
        "patient": patient.build(made.patient),
        "plan": plan.build(made.plan),
        "letter": letter.build(made.letter),
    }
