"""The treatment plan, and the letter to the referring doctor."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import letter, plan
from tests.reports.pdf import actions, pages, root, said_by, words
from tests.reports.samples import ANCHOR, LETTERHEAD, MAP, PATIENT, SIGNATURE
from workflow.domain.anatomy import Leg
from workflow.domain.documents import digest
from workflow.domain.papernumber import number_of
from workflow.domain.plandocuments import (
    KeyValue,
    PlanLine,
    ReferrerLetter,
    RuledOut,
    TreatmentPlan,
)

PLAN = TreatmentPlan(
    letterhead=LETTERHEAD,
    patient=PATIENT,
    version=2,
    planned_on=date(2026, 5, 18),
    rests_on="It rests on the Wellness Ultrasound report of 4 May 2026, version 1.",
    lines=(
        PlanLine(
            Leg.RIGHT,
            "great saphenous vein",
            "Reflux from the saphenofemoral junction to the proximal calf, 2,600 ms, 7.2 mm",
            "Closing the vein with heat",
            1,
            "Axial reflux with symptoms that compression did not settle",
        ),
        PlanLine(Leg.LEFT, "", "No reflux", "No treatment", 0, "The veins are healthy"),
    ),
    ruled_out=(RuledOut("Right leg", "Closing the vein with glue", "An acrylate allergy."),),
    risks=("Bruises are common.", "A blood clot is rare."),
    alternatives=("Do nothing for now.", "Wear stockings."),
    note="",
    signature=SIGNATURE,
    anchor=ANCHOR,
)
LETTER = ReferrerLetter(
    letterhead=LETTERHEAD,
    patient=PATIENT,
    version=1,
    to="Dr. Maria Lindqvist, Family Medicine",
    written_on=date(2026, 5, 18),
    scanned_on=date(2026, 5, 4),
    summary=(
        "The right great saphenous vein leaks from the groin to the calf.",
        "The left leg has no reflux.",
        "No thrombus was seen in the veins examined.",
    ),
    map=MAP,
    values=(
        KeyValue(Leg.RIGHT, "saphenofemoral junction", "1,800 ms, 8.1 mm"),
        KeyValue(Leg.RIGHT, "great saphenous vein, mid thigh", "2,600 ms, 6.8 mm"),
    ),
    plan=("Right great saphenous vein: closing with heat, session 1.",),
    signature=SIGNATURE,
    anchor=ANCHOR,
)
PDFS = {"plan": plan.build(PLAN), "letter": letter.build(LETTER)}
BOTH = pytest.mark.parametrize("name", sorted(PDFS))


def test_the_plan_says_of_each_vein_what_it_rests_on_what_is_done_and_why() -> None:
    said = words(PDFS["plan"])

    for line in PLAN.lines:
        for part in (line.finding, line.treatment, line.reason):
            assert part in said
    assert "Right great saphenous vein" in said
    assert "Left leg" in said
    for said_plainly in (*PLAN.risks, *PLAN.alternatives, PLAN.ruled_out[0].reason):
        assert said_plainly in said


def test_the_letter_gives_every_value_with_its_side_and_unit() -> None:
    said = words(PDFS["letter"])

    for value in LETTER.values:
        assert f"Right {value.site}" in said
        assert value.value in said
    for line in (*LETTER.summary, *LETTER.plan):
        assert line in said


def test_the_letter_takes_one_page_and_the_plan_at_most_two() -> None:
    assert len(pages(PDFS["letter"])) == 1
    assert len(pages(PDFS["plan"])) <= 2


def test_without_a_signature_every_page_says_preliminary() -> None:
    unsigned = (
        plan.build(replace(PLAN, signature=None)),
        letter.build(replace(LETTER, signature=None)),
    )
    for pdf in unsigned:
        assert all("PRELIMINARY" in page for page in pages(pdf))
    for pdf in PDFS.values():
        assert "PRELIMINARY" not in words(pdf)


def test_a_plan_without_treatment_says_so() -> None:
    assert "No treatment is planned." in words(plan.build(replace(PLAN, lines=())))


def test_the_foot_of_every_page_carries_number_version_and_source_digest() -> None:
    for name, document in (("plan", PLAN), ("letter", LETTER)):
        whole = digest(document)
        foot = f"No. {number_of(whole)} · Version {document.version} · Source {whole[:8]}"
        assert all(f"{foot} · Log #4812" in page for page in pages(PDFS[name]))


def test_what_nobody_signed_has_no_number_to_verify() -> None:
    assert "No. " not in pages(letter.build(replace(LETTER, signature=None)))[0]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert plan.build(PLAN) == PDFS["plan"]
    assert letter.build(LETTER) == PDFS["letter"]


@BOTH
def test_nothing_in_the_file_can_act(name: str) -> None:
    assert actions(PDFS[name]) == []


@BOTH
def test_the_file_is_tagged_titled_and_sound(name: str, tmp_path: Path) -> None:
    title = {"plan": plan.NAME, "letter": letter.NAME}[name]

    assert PdfReader(io.BytesIO(PDFS[name])).metadata["/Title"] == title  # type: ignore[index]
    assert root(PDFS[name])["/MarkInfo"]["/Marked"]
    assert "No syntax" in said_by("qpdf", "--check", pdf=PDFS[name], folder=tmp_path)
