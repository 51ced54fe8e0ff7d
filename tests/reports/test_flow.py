"""How the pages fill: so many pages and no more, no hole, no heading and no signature alone."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from reports import patient, scan
from tests.domain.invented import case as a_case
from tests.domain.stories import STORIES
from tests.reports.pdf import pages, said_by, sizes, words
from tests.reports.samples import ANCHOR, LETTERHEAD, RESULT, SCAN, SIGNATURE, a_row, a_state
from tests.reports.worked import case, draw, drawn, in_each_language, on_each_paper, papers, worked
from workflow.domain import decision
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import of_option
from workflow.domain.documents import PatientResult, ScanReport
from workflow.domain.interpret import interpret
from workflow.domain.sample import sample

MOST = {"scan": 3, "patient": 2, "plan": 2, "letter": 1}
LEAST_FULL = 0.7
"""The share of a page's height that every page but the last is filled to, at least."""


@cache
def signed(name: str, paper: str) -> ScanReport:
    """Return a worked case's report as a clinic issues it: signed, with all that can be said."""
    return replace(
        papers(name).scan,
        letterhead=replace(LETTERHEAD, paper=paper),
        ordered_by="Dr. Jonathan Arad, MD, RPVI",
        referred_by="Dr. Maria Lindqvist, Family Medicine",
        sonographer="Priya Raman, RVT",
        limitations=("Handed over incomplete: brought in from a case file.",),
        signature=SIGNATURE,
        anchor=ANCHOR,
    )


@cache
def decided(name: str, language: str, paper: str) -> PatientResult:
    """Return a worked case's page for the patient once a plan is approved, as long as it gets."""
    first = {(o.leg, o.vein): o for o in reversed(interpret(case(name)).options)}
    items = [of_option(option) for option in first.values()]
    return replace(
        papers(name, language).patient,
        letterhead=replace(LETTERHEAD, paper=paper),
        decided=decision.decided(items, language),
        next_steps=decision.after_approval(items, LETTERHEAD.phone, None, language),
        signature=SIGNATURE,
        anchor=ANCHOR,
    )


def filled(pdf: bytes, folder: Path) -> list[float]:
    """Return how far down the sheet each page is written, 0 at its top and 1 at its foot."""
    found = []
    boxes = said_by("pdftotext", "-bbox", pdf=pdf, folder=folder, then=("-",))
    for page in boxes.split("<page ")[1:]:
        tall = float(re.findall(r'height="([\d.]+)"', page)[0])
        ends = [float(end) for end in re.findall(r'yMax="([\d.]+)"', page)]
        found.append(max(end for end in ends if end < tall - 50) / (tall - 50))
    return found


@worked
@on_each_paper
def test_a_report_takes_three_pages_and_each_is_full(name: str, paper: str, tmp_path: Path) -> None:
    for pdf in (
        scan.build(signed(name, paper)),
        scan.build(replace(signed(name, paper), signature=None)),
    ):
        down = filled(pdf, tmp_path)
        assert len(down) <= 3
        assert min(down[:-1]) >= LEAST_FULL, down


@worked
@in_each_language
@on_each_paper
def test_a_patients_result_takes_two_pages_of_at_least_twelve_points(
    name: str, language: str, paper: str, tmp_path: Path
) -> None:
    for pdf in (
        patient.build(decided(name, language, paper)),
        drawn(name, language, paper)["patient"],
    ):
        assert len(pages(pdf)) <= 2
        assert min(sizes(pdf)) >= 12
    assert filled(patient.build(decided(name, language, paper)), tmp_path)[0] >= LEAST_FULL


@worked
@on_each_paper
def test_a_signature_stands_with_what_it_signs(name: str, paper: str) -> None:
    (last,) = [p for p in pages(scan.build(signed(name, paper))) if SIGNATURE.meaning in p]
    assert "Classification" in last
    assert "Comparison" in last
    (last,) = [p for p in pages(patient.build(decided(name, "es", paper))) if "Firmado por" in p]
    assert "Ultrasonido:" in last


def test_a_table_repeats_its_head_and_leaves_no_row_alone(tmp_path: Path) -> None:
    for many in (44, 45, 46, 91, 92):
        rows = tuple(a_row(Leg.RIGHT, f"TRIB{n}", n, "4.0") for n in range(1, many))
        found = pages(scan.build(replace(SCAN, rows=rows)))
        held = [page.count("Right tributary") for page in found if "Right tributary" in page]
        assert min(held) >= 2
        assert sum("Site Reflux Diameter" in page for page in found) == len(held)


def test_no_section_of_the_patients_pages_begins_with_its_heading_alone() -> None:
    for many in range(12):
        filler = tuple(f"Line {n} of what was found." for n in range(many))
        found = pages(patient.build(replace(RESULT, found=(*RESULT.found, *filler))))
        for page in found:
            text = page.split("Page ")[0]
            for heading in ("What can be done", "What was decided", "What happens next"):
                assert len(text.partition(heading)[2]) > 60 or heading not in text, (many, heading)


def test_an_extreme_report_is_longer_and_still_full(tmp_path: Path) -> None:
    codes = [f"{kind}{n}" for kind in ("TRIB", "PERF_PT", "PERF_TH") for n in range(1, 11)]
    rows = tuple(
        replace(a_row(leg, code, 700 + at, "4.5"), note="medial calf, tortuous, 12 cm from floor")
        for leg in Leg
        for at, code in enumerate(codes)
    )
    name = "Maximiliana Konstantinopolitanska-Featherstonehaugh de la Cruz"[:60]
    long = tuple(
        "The vein refluxes along its whole length and takes a tributary. " * 3 for _ in range(9)
    )
    document = replace(
        SCAN,
        rows=rows,
        map=tuple(map(a_state, rows)),
        patient=replace(SCAN.patient, name=name, called=""),
        legs=tuple(replace(leg, impression=long) for leg in SCAN.legs),
    )
    assert len(rows) == 60
    assert sum(len(line.split()) for line in long) >= 270
    pdf = scan.build(document)
    down, said = filled(pdf, tmp_path), words(pdf)
    assert 4 <= len(down) <= 7
    assert min(down[:-1]) >= LEAST_FULL
    assert all(name in page for page in pages(pdf))
    assert all(f"{row.reflux_ms} ms" in said for row in rows)
    assert all(row.diameter_mm == Decimal("4.5") for row in rows)


@pytest.mark.parametrize("name", STORIES)
def test_no_story_the_rules_can_tell_takes_more_pages_than_its_paper_has(name: str) -> None:
    told = a_case(**STORIES[name])
    for language in ("en", "es"):
        made = draw(sample(told, language=language))
        taken = {kind: len(pages(pdf)) for kind, pdf in made.items()}
        assert all(taken[kind] <= most for kind, most in MOST.items()), taken
