"""The papers of every worked case, as the tools that inspect PDFs see them. Nothing is skipped."""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from reports.type import Unprintable
from tests.reports.pdf import actions, said_by
from tests.reports.test_scan import MARKUP
from tests.reports.worked import FILES, KINDS, draw, drawn, in_each_language, papers, worked
from tests.trust.bad_inputs import NAMES
from workflow.domain.case import read as read_case
from workflow.domain.errors import CaseRefused
from workflow.domain.legmap import place
from workflow.domain.phrases import mm_words
from workflow.domain.sample import Sample, sample
from workflow.settings import PROJECT

each_kind = pytest.mark.parametrize("kind", KINDS)

# Fields that steer how a document is set and are not themselves printed.
_SILENT = frozenset({
    "language", "zone", "paper", "demo", "sample", "physician", "map", "sex", "group", "segment",
    "state", "leg", "version", "mark", "note", "called", "site",
    "profile",
})  # fmt: skip


def read(pdf: bytes, folder: Path) -> str:
    """Return the text in the order it was written, white space as single spaces."""
    return " ".join(said_by("pdftotext", "-raw", pdf=pdf, folder=folder, then=("-",)).split())


def heard(pdf: bytes, folder: Path) -> list[str]:
    """Return what a screen reader says, piece by piece."""
    said = said_by("pdfinfo", "-struct-text", pdf=pdf, folder=folder)
    return re.findall(r'^ +"(.*)"$', said, re.MULTILINE)


def texts(value: Any, name: str = "") -> Iterator[str]:
    """Yield every text a document value holds and prints."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _SILENT:
                yield from texts(inner, key)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner, name)
    elif isinstance(value, str) and value:
        yield value


@worked
def test_every_measured_value_stands_with_its_unit_and_its_side(name: str, tmp_path: Path) -> None:
    report = papers(name).scan
    said = read(drawn(name)["scan"], tmp_path)
    for row in report.rows:
        site = f"{row.leg.word.capitalize()} {row.site[0].lower()}{row.site[1:]}"
        ms = "not timed" if row.reflux_ms is None else f"{row.reflux_ms:,} ms"
        assert re.search(
            rf"{re.escape(site)} {re.escape(ms)} {_width(row.diameter_mm)} "
            rf"{row.compressibility or 'not recorded'} {row.thrombus or 'not recorded'}",
            said,
        ), site
    assert len(report.rows) >= 36


def _width(mm: Any) -> str:
    if mm is None:
        return "not measured"
    return rf"{re.escape(mm_words(mm).split()[0])}(\.0)? mm"


@worked
def test_every_value_beside_the_drawn_legs_is_printed_there(name: str, tmp_path: Path) -> None:
    said = read(drawn(name)["scan"], tmp_path)
    drawing = place(papers(name).scan.map)
    assert drawing.omitted == 0
    assert len(drawing.labels) >= 30
    for label in drawing.labels:
        assert " ".join(filter(None, [label.name, *label.lines])) in said


@worked
@each_kind
@in_each_language
def test_every_text_of_the_document_is_printed_and_heard(
    name: str, kind: str, language: str, tmp_path: Path
) -> None:
    document = getattr(papers(name, language), kind)
    pdf = drawn(name, language)[kind]
    said, spoken = read(pdf, tmp_path), " ".join(" ".join(heard(pdf, tmp_path)).split())
    # What stands in the head of every page is furniture: it is printed and not heard again.
    found = list(texts(asdict(document)))
    assert len(found) >= 10
    for text in found:
        words = " ".join(text.split())
        forms = {words, words[:1].upper() + words[1:], words[:1].lower() + words[1:]}
        assert any(form in said for form in forms), words
        if words not in {document.letterhead.clinic, document.patient.record_number}:
            assert any(form in spoken for form in forms), words
    assert document.patient.name in spoken


@worked
@each_kind
def test_a_screen_reader_hears_the_page_in_the_order_it_is_read(
    name: str, kind: str, tmp_path: Path
) -> None:
    for language in ("en", "es"):
        pdf = drawn(name, language)[kind]
        said = read(pdf, tmp_path).replace(" ", "")
        at = 0
        for piece in heard(pdf, tmp_path):
            bare = "".join(piece.split())
            found = said.find(bare, at)
            if found < 0:  # a paragraph that goes on over a page has the page's foot in its middle
                found = said.find(bare[:30], at)
            assert found >= at, piece
            at = found
        assert at > len(said) * 0.7  # the rest is the foot of the last page


@worked
@each_kind
def test_the_headings_of_a_page_run_down_it(name: str, kind: str, tmp_path: Path) -> None:
    pdf = drawn(name)[kind]
    structure = said_by("pdfinfo", "-struct-text", pdf=pdf, folder=tmp_path)
    headings = re.findall(r'^ +H[12] \(block\)\n +"(.*)"', structure, re.MULTILINE)
    boxes = said_by("pdftotext", "-bbox-layout", pdf=pdf, folder=tmp_path, then=("-",))
    places = []
    for heading in headings:
        first = heading.split()[0].replace("&", "&amp;")
        places.append(_heights(boxes, first))
    assert len(headings) >= 3
    before = (0, 0.0)
    for heading, options in zip(headings, places, strict=True):
        later = [place for place in options if place >= (before[0], before[1] - 4)]
        assert later, heading
        before = min(later)


def _heights(boxes: str, word: str) -> list[tuple[int, float]]:
    """Return the page and the height at which a word stands, everywhere it does."""
    return [
        (number, float(top))
        for number, page in enumerate(boxes.split("<page ")[1:], start=1)
        for top in re.findall(rf'<word [^>]*yMin="([\d.]+)"[^>]*>{re.escape(word)}<', page)
    ]


@worked
@each_kind
@in_each_language
def test_the_file_is_tagged_sound_and_carries_its_fonts(
    name: str, kind: str, language: str, tmp_path: Path
) -> None:
    pdf = drawn(name, language)[kind]
    assert re.search(r"^Tagged: +yes$", said_by("pdfinfo", pdf=pdf, folder=tmp_path), re.MULTILINE)
    fonts = said_by("pdffonts", pdf=pdf, folder=tmp_path).splitlines()[2:]
    assert fonts
    for font in fonts:
        embedded, subset, unicode = font[len(fonts[0]) - 27 :].split()[:3]
        assert (embedded, subset, unicode) == ("yes", "yes", "yes"), font
    sound = said_by("qpdf", "--check", pdf=pdf, folder=tmp_path)
    assert "No syntax or stream encoding errors found" in sound
    assert "WARNING" not in sound


@worked
@each_kind
@in_each_language
def test_nothing_in_a_paper_acts_or_leads_anywhere(
    name: str, kind: str, language: str, tmp_path: Path
) -> None:
    pdf = drawn(name, language)[kind]
    assert actions(pdf) == []
    (tmp_path / "document.pdf").write_bytes(pdf)
    open_file = subprocess.run(
        ["qpdf", "--qdf", "--object-streams=disable", str(tmp_path / "document.pdf"), "-"],
        capture_output=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    for word in (b"/URI", b"/JS", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/OpenAction"):
        assert word not in open_file


@worked
@in_each_language
def test_the_same_case_gives_the_same_bytes(name: str, language: str) -> None:
    assert draw(papers(name, language)) == drawn(name, language)


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "case", "report", str(FILES[0]),
             "--out", str(out)],
            cwd=PROJECT, check=True, capture_output=True, timeout=120,
            env={"PYTHONHASHSEED": seed, "CLINIC_HOME": str(tmp_path / "none"), "PATH": ""},
        )  # fmt: skip
        written.append([(out / f"{kind}.pdf").read_bytes() for kind in KINDS])
    assert written[0] == written[1]


def _named(name: str) -> Sample:
    """Return the papers of a worked case whose file holds another name for its patient."""
    whole = json.loads(FILES[0].read_text("utf-8"))
    whole["patient"]["name"] = name
    return sample(read_case(whole))


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:30]))
def test_a_name_prints_as_it_was_typed_or_is_refused_by_name(name: str, tmp_path: Path) -> None:
    try:
        made = draw(_named(name))
    except CaseRefused as refusal:
        refused = refusal.path
    except Unprintable as refusal:
        refused = ", ".join(refusal.characters)
    else:
        composed = "".join(unicodedata.normalize("NFC", name).split())
        for kind, pdf in made.items():
            assert composed in read(pdf, tmp_path).replace(" ", ""), kind
        return
    assert refused == "patient.name" or set(refused.split(", ")) <= set(name)
    assert not name.isascii() or not name.isprintable() or not name.strip() or len(name) > 500


@pytest.mark.parametrize("said", MARKUP)
def test_markup_stays_literal_text_in_the_plan_and_the_letter(said: str, tmp_path: Path) -> None:
    made = papers("C01")
    plan = replace(
        made.plan,
        rests_on=said, notes=(said,), risks=(said,), alternatives=(said,), next_steps=(said,),
        lines=tuple(replace(each, what=said, why=(said,), record=said) for each in made.plan.lines),
        ruled_out=tuple(replace(each, what=said, record=said) for each in made.plan.ruled_out),
    )  # fmt: skip
    letter = replace(
        made.letter,
        to=said, summary=(said,), plan=(said,),
        values=tuple(replace(value, value=said) for value in made.letter.values),
    )  # fmt: skip
    drawn_again = draw(replace(made, plan=plan, letter=letter))
    for kind, least in (("plan", 10), ("letter", 5)):
        text = read(drawn_again[kind], tmp_path).replace(" ", "")
        assert text.count(said.replace(" ", "")) >= least, kind
        assert actions(drawn_again[kind]) == []
