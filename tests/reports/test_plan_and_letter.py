"""The treatment plan, and the letter to the referring doctor."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import letter, plan
from tests.reports.pdf import actions, pages, root, said_by, words
from tests.reports.samples import ANCHOR, LETTERHEAD, MAP, PATIENT, SIGNATURE, sixty_sites
from workflow.domain import decision, letterwords, planwords
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import Chosen
from workflow.domain.documents import digest
from workflow.domain.interpret import interpret
from workflow.domain.legmap import place
from workflow.domain.mapstate import map_states, report_rows
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
    rests_on="This plan rests on your scan from 4 May 2026.",
    lines=(
        PlanLine(
            Leg.RIGHT,
            1,
            "Right leg: close the main vein on the inside of the leg with heat.",
            ("Blood leaks backward in this vein.", "Once closed, blood takes a healthy vein."),
            "Radiofrequency ablation (RFA), right leg: great saphenous vein (2,600 ms, 7.2 mm).",
        ),
        PlanLine(
            Leg.LEFT,
            0,
            "Left leg: no procedure now.",
            (),
            "Compression, exercise and elevation (CONS), left leg.",
        ),
    ),
    ruled_out=(
        RuledOut(
            Leg.RIGHT,
            "Closing the vein with a glue.",
            "Cyanoacrylate closure (CAC): Acrylate hypersensitivity is recorded.",
        ),
    ),
    risks=("You may have bruises.", "A blood clot is rare."),
    alternatives=("You can wait and do nothing for now.", "Wear stockings."),
    next_steps=("We will call you to find a day for the first visit.",),
    notes=("Cramps at night trouble most.", "Against the rules because: the patient asked for it."),
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
    more="The report holds 34 further sites, 4 of them beyond the cut-off.",
    plan=("Right leg: great saphenous vein. Radiofrequency ablation (RFA), session 1.",),
    signature=SIGNATURE,
    anchor=ANCHOR,
)
PDFS = {"plan": plan.build(PLAN), "letter": letter.build(LETTER)}
BOTH = pytest.mark.parametrize("name", sorted(PDFS))


def test_the_plan_says_of_each_treatment_what_it_is_why_and_how_the_record_names_it() -> None:
    said = words(PDFS["plan"])

    for line in PLAN.lines:
        for part in (line.what, *line.why, line.record):
            assert part in said
    out = PLAN.ruled_out[0]
    assert f"Right leg: c{out.what[1:]}" in said
    for said_plainly in (*PLAN.risks, *PLAN.alternatives, *PLAN.next_steps, out.record):
        assert said_plainly in said
    assert said.index("Visit 1") < said.index(PLAN.lines[0].what) < said.index("Care Left leg")


def test_what_the_physician_wrote_is_printed_in_full() -> None:
    said = words(PDFS["plan"])
    assert all(note in said for note in PLAN.notes)


def test_a_patient_who_reads_spanish_gets_the_plan_in_spanish() -> None:
    pdf = plan.build(replace(PLAN, patient=replace(PATIENT, language="es")))
    said = words(pdf)

    assert "Su plan de tratamiento" in said
    assert "Cita 1" in said
    assert "Lo que puede salir mal" in said
    assert "Aprobado el 4 may 2026" in said
    assert root(pdf)["/Lang"] == "es"
    assert "What may go wrong" not in said


def test_the_patients_words_are_twelve_points_where_they_have_the_room() -> None:
    sizes: dict[float, int] = {}
    for page in PdfReader(io.BytesIO(PDFS["plan"])).pages:
        page.extract_text(
            visitor_text=lambda said, _cm, _tm, _font, size: sizes.update(
                {size: sizes.get(size, 0) + len(said)}
            )
        )
    assert max(sizes, key=lambda size: sizes[size]) == 12


def test_the_letter_gives_every_value_with_its_side_and_unit() -> None:
    said = words(PDFS["letter"])

    for value in LETTER.values:
        assert f"Right {value.site}" in said
        assert value.value in said
    for line in (*LETTER.summary, LETTER.more, *LETTER.plan):
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


def test_a_letter_without_a_value_beyond_its_cut_off_says_so() -> None:
    said = words(letter.build(replace(LETTER, values=(), more="No value lies beyond its cut-off.")))
    assert "No value lies beyond its cut-off." in said


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
    title = {"plan": "Your treatment plan", "letter": letter.NAME}[name]

    assert PdfReader(io.BytesIO(PDFS[name])).metadata["/Title"] == title  # type: ignore[index]
    assert root(PDFS[name])["/MarkInfo"]["/Marked"]
    assert "No syntax" in said_by("qpdf", "--check", pdf=PDFS[name], folder=tmp_path)


# ------------------------------------------------------------------ extremes

LONG = "Wolfeschlegelsteinhausen-Bergerdorff Abcdefghijk Lmnopqrstuvw"[:60]
LONG_LETTERHEAD = replace(
    LETTERHEAD, clinic=f"{LONG} Clinic", address=f"120 Harbour Street, {LONG}", paper="letter"
)
SIXTY = sixty_sites()
READ = interpret(SIXTY)
PLANNED = tuple(
    Chosen(leg, vein, way, session)
    for leg in Leg
    for vein, way, session in (
        ("GSV", "RFA", 1), ("SSV", "EVLA", 3), ("AASV", "CAC", 5), ("TEL", "LIQ", 9),
        *((f"TRIB{n}", "PHLEB", 7) for n in range(1, 9)),
        *((f"PERF_PT{n}", "PERF_RFA", 8) for n in range(1, 4)),
    )
)  # fmt: skip


def _crowded_letter() -> ReferrerLetter:
    rows = report_rows(READ, SIXTY.exam.segments)
    values, more = letterwords.key_values(rows)
    own = "Reflux of a vein that I judge to matter. " * 8
    return replace(
        LETTER,
        letterhead=LONG_LETTERHEAD,
        patient=replace(PATIENT, name=LONG),
        to=f"Dr. {LONG}, {LONG}"[:120],
        summary=(f"Right leg: {own}", f"Left leg: {own}", "No clot was seen here. " * 14),
        map=map_states(READ, SIXTY.exam.segments),
        values=values,
        more=more,
        plan=letterwords.plan_lines(PLANNED),
        signature=replace(SIGNATURE, name=LONG),
        amends="This letter takes the place of the one of 4 May 2026.",
    )


def _crowded_plan(language: str = "en") -> TreatmentPlan:
    return replace(
        PLAN,
        letterhead=LONG_LETTERHEAD,
        patient=replace(PATIENT, name=LONG, language=language),
        lines=planwords.plan_lines(PLANNED, READ, language),
        risks=planwords.risks(PLANNED, READ, language),
        alternatives=planwords.alternatives(PLANNED, READ, language),
        ruled_out=planwords.ruled_out(PLANNED, READ, language),
        next_steps=decision.after_approval(PLANNED, LETTERHEAD.phone, date(2026, 6, 1), language),
        notes=("The patient wants the veins closed. " * 10,) * 2,
        signature=replace(SIGNATURE, name=LONG),
        amends="This plan takes the place of the one from 4 May 2026.",
    )


def test_a_letter_with_sixty_findings_and_long_names_stays_on_one_page() -> None:
    crowded = _crowded_letter()
    (page,) = pages(letter.build(crowded))

    assert f"About your patient {LONG}" in page.replace("- ", "-")
    for value in crowded.values:
        assert value.value in page
    assert crowded.more in page
    assert (place(crowded.map).omitted > 0) == ("The map had no room for" in page)
    assert "Page 1 of 1" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_plan_of_thirty_treatments_and_long_names_stays_on_two_pages(language: str) -> None:
    crowded = _crowded_plan(language)
    found = pages(plan.build(crowded))

    assert len(found) == 2
    said = " ".join(found)
    for line in crowded.lines:
        assert line.what in said
    for sentence in (*crowded.risks, *crowded.alternatives, *crowded.next_steps):
        assert sentence in said
    assert said.count("The patient wants the veins closed.") == 20


def test_words_are_never_left_out_where_even_the_smallest_size_has_no_room() -> None:
    notes = ("The patient wants the veins closed. " * 200,)
    found = pages(plan.build(replace(_crowded_plan(), notes=notes)))

    assert " ".join(found).count("The patient wants the veins closed.") == 200
    assert len(found) > 2
