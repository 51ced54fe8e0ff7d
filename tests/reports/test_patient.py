"""'Your result': the pages a patient can read and keep."""

import io
from dataclasses import replace
from datetime import date

from pypdf import PdfReader

from reports import patient
from tests.reports.pdf import actions, pages, root, words
from tests.reports.samples import HARD_RESULT, MAP, RESULT, SIGNATURE
from tests.reports.test_scan import MARKUP
from workflow.domain.decision import replaces
from workflow.domain.documents import GlossaryEntry, digest
from workflow.domain.legmap import place

PDF = patient.build(RESULT)
TEXT = words(PDF)


def test_the_main_message_stands_before_all_else() -> None:
    first = pages(PDF)[0]

    assert first.index(RESULT.main_message[0]) < first.index("What we found")


def test_every_sentence_of_the_document_is_printed() -> None:
    for line in (
        *RESULT.main_message, *RESULT.found, *RESULT.means, *RESULT.choices, *RESULT.decided,
        *RESULT.next_steps, *RESULT.call_now,
    ):  # fmt: skip
        assert line in TEXT
    for entry in RESULT.glossary:
        assert f"{entry.word}: {entry.meaning}" in TEXT


def test_the_sections_come_in_the_order_a_patient_asks() -> None:
    order = [
        TEXT.index(name)
        for name in ("What it means", "What can be done", "What was decided", "What happens next",
                     "When to call at once", "Words on this page")
    ]  # fmt: skip
    assert order == sorted(order)


def test_no_number_of_the_scan_stands_on_the_drawn_legs() -> None:
    assert "ms" not in TEXT.split()
    assert place(MAP, clinical=False).labels == ()


def test_it_takes_two_pages_at_most_and_nothing_is_smaller_than_twelve_points() -> None:
    reader = PdfReader(io.BytesIO(PDF))
    sizes: list[float] = []

    for page in reader.pages:
        page.extract_text(visitor_operand_before=lambda operator, operands, *_: (
            sizes.append(float(operands[1])) if operator == b"Tf" else None))  # fmt: skip
    assert len(reader.pages) <= 2
    assert min(sizes) >= 11.9


def test_every_page_says_whose_it_is_and_where_it_comes_from() -> None:
    found = pages(PDF)
    for number, page in enumerate(found, start=1):
        assert "TEST Anna Case-One, born 27 Mar 1974, record W-10023" in page
        assert "Wellness & Surgery" in page
        assert "Your result" in page
        assert f"Page {number} of {len(found)}" in page
        assert digest(RESULT)[:8] in page
        assert "Demo clinic: this patient is invented" in page


def test_an_unsigned_result_says_preliminary_on_every_page() -> None:
    unsigned = patient.build(replace(RESULT, signature=None))

    assert all("PRELIMINARY" in page for page in pages(unsigned))
    assert "PRELIMINARY" not in TEXT


def test_the_same_document_gives_the_same_bytes() -> None:
    assert patient.build(RESULT) == PDF


def test_a_patient_who_reads_spanish_gets_spanish_headings() -> None:
    pdf = patient.build(HARD_RESULT)
    said = words(pdf)

    assert "Su resultado" in said
    assert "Lo que vimos" in said
    assert "Cuándo llamar enseguida" in said
    assert "PRELIMINAR." in said
    assert "27 mar 1974" in said
    assert "TEST Łukasz Nguyễn Thị Ánh Ωmega Жанна" in said
    assert root(pdf)["/Lang"] == "es"


def test_a_language_the_page_does_not_speak_falls_back_to_english() -> None:
    pdf = patient.build(replace(RESULT, patient=replace(RESULT.patient, language="fr")))

    assert "Your result" in words(pdf)
    assert root(pdf)["/Lang"] == "en"


def test_an_empty_section_is_left_out() -> None:
    bare = replace(
        RESULT, decided=(), call_now=(), glossary=(), anchor=None,
        letterhead=replace(RESULT.letterhead, demo=False, address="A long address " * 12),
    )  # fmt: skip
    said = words(patient.build(bare))

    assert "What was decided" not in said
    assert "When to call at once" not in said
    assert "Demo clinic" not in said


def test_long_texts_run_over_pages() -> None:
    long = "A word and another. " * 300
    document = replace(
        RESULT, main_message=(long,), found=(long,), call_now=(long, long), choices=(long,),
        patient=replace(RESULT.patient, name="W" * 100),
    )  # fmt: skip
    said = words(patient.build(document))

    assert said.count("another.") == 1500
    assert "W" * 20 in said


def test_markup_is_printed_as_it_was_written() -> None:
    for said in MARKUP:
        document = replace(
            RESULT, main_message=(said,), found=(said,), means=(said,), choices=(said,),
            decided=(said,), next_steps=(said,), call_now=(said,),
            glossary=(GlossaryEntry(said, said),), signature=replace(SIGNATURE, name=said),
        )  # fmt: skip
        pdf = patient.build(document)

        assert words(pdf).replace(" ", "").count(said.replace(" ", "")) >= 10
        assert actions(pdf) == []


def test_a_result_that_takes_the_place_of_another_says_so_first() -> None:
    said = replaces(date(2026, 5, 4))
    again = words(patient.build(replace(RESULT, version=2, amends=said)))
    assert said in again
    assert again.index(said) < again.index(RESULT.main_message[0])
