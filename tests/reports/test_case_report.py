"""`case report FILE --out DIR`: the four papers of a case, as samples, without a clinic."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.reports.pdf import pages, root, said_by, words
from tests.reports.worked import (
    FILES,
    KINDS,
    drawn,
    in_each_language,
    on_each_paper,
    papers,
    worked,
)
from workflow import create_app
from workflow.domain.plainwords import say
from workflow.settings import Settings


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """A home that was never prepared: it holds no database and no secret."""
    return tmp_path / "nowhere"


def ask(nowhere: Path, *words: str) -> Result:
    app = create_app(
        Settings(home=nowhere, database_url=f"sqlite:///{nowhere}/data/clinic.db", testing=True)
    )
    return app.test_cli_runner().invoke(args=["case", "report", *words])


def written(folder: Path, **patient: str) -> Path:
    """Return a worked case's file with some facts of its patient changed."""
    whole = json.loads(FILES[0].read_text("utf-8"))
    whole["patient"] |= patient
    file = folder / "other.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    return file


@worked
@in_each_language
@on_each_paper
def test_four_papers_of_a_case_are_written_without_a_database_or_a_secret(
    name: str, language: str, paper: str, nowhere: Path, tmp_path: Path
) -> None:
    (file,) = [file for file in FILES if file.stem == name]
    out = tmp_path / "new" / "folder"
    done = ask(nowhere, str(file), "--out", str(out), "--lang", language, "--paper", paper)
    assert (done.exit_code, done.output) == (
        0,
        f"scan.pdf, patient.pdf, plan.pdf, letter.pdf written to {out}.\n",
    )
    for kind, pdf in drawn(name, language, paper).items():
        assert (out / f"{kind}.pdf").read_bytes() == pdf
    assert not nowhere.exists()


@worked
@in_each_language
def test_every_page_is_marked_as_a_sample_and_as_preliminary(name: str, language: str) -> None:
    for pdf in drawn(name, language).values():
        assert all("SAMPLE" in page for page in pages(pdf))
        assert all("PRELIMINAR" in page for page in pages(pdf))


@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_is_furniture_to_a_screen_reader(kind: str, tmp_path: Path) -> None:
    heard = said_by("pdfinfo", "-struct-text", pdf=drawn("C01")[kind], folder=tmp_path)
    assert "H1 (block)" in heard
    assert "SAMPLE" not in heard


def test_the_mark_lies_beneath_what_is_written() -> None:
    content = root(drawn("C01")["scan"])["/Pages"]["/Kids"][0].get_object()["/Contents"]
    first = content.get_object().get_data().split(b"BDC", 1)[0]
    assert b"/Artifact BMC" in first
    assert b" cm\nBT" in first


@worked
def test_the_patient_reads_the_language_that_was_asked_for(name: str) -> None:
    english, spanish = papers(name).patient, papers(name, "es").patient
    said = words(drawn(name, "es")["patient"])
    assert english.main_message != spanish.main_message
    assert all(line in said for line in spanish.main_message)
    assert root(drawn(name, "es")["patient"])["/Lang"] == "es"


@worked
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_plan_shows_the_options_put_first_as_a_draft_that_decides_nothing(
    name: str, language: str
) -> None:
    plan, said = papers(name, language).plan, words(drawn(name, language)["plan"])
    assert plan.rests_on == say(language, "sample.draft")
    assert plan.rests_on in said
    assert plan.signature is None
    assert plan.lines
    assert all(line.session == 0 for line in plan.lines)
    for line in plan.lines:
        assert line.what in said
        assert line.record in said


def test_of_equal_options_one_is_put_first_and_the_other_ways_stand_behind() -> None:
    plan = papers("C01").plan
    assert plan.lines[0].record.startswith("Radiofrequency ablation (RFA), right leg: great")
    assert "axial reflux, 2,600 ms, 7.2 mm" in plan.lines[0].record
    assert any("glue" in line for line in plan.alternatives)


def test_an_acute_clot_leaves_only_the_physician_and_the_plan_says_why() -> None:
    plan = papers("C03").plan
    assert [line.record.partition(",")[0] for line in plan.lines] == ["Physician review"]
    assert any("Acute DVT in the left leg" in each.record for each in plan.ruled_out)
    assert plan.risks == ()


@worked
def test_the_letter_is_one_page_and_says_each_leg_in_a_sentence(name: str) -> None:
    letter, found = papers(name).letter, pages(drawn(name)["letter"])
    assert len(found) == 1
    assert papers(name).scan.thrombus_statement in letter.summary
    assert len(letter.summary) == 3
    for line in letter.summary:
        assert line in found[0]


def test_an_acute_clot_stands_before_all_else_in_the_letter() -> None:
    letter = papers("C03").letter
    assert letter.summary[0].startswith("Acute venous thrombosis: left femoral vein")
    assert letter.values[0].value == "acute thrombus"
    assert papers("C01").letter.values[0].value == "2,600 ms, 6.8 mm"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "file.json: "),
        ("[]", "file.json: file: holds no JSON object. Nothing was written."),
        ('{"format": "case/1"}', "file.json: id: is missing. Nothing was written."),
        ("\udcff", "file.json: file: is not UTF-8 text. Nothing was written."),
    ],
)
def test_a_file_that_is_no_case_is_refused_in_one_sentence(
    text: str, told: str, nowhere: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    done = ask(nowhere, str(file), "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert done.output.startswith(told)
    assert done.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_case_that_holds_no_scan_is_printed_as_not_examined(
    nowhere: Path, tmp_path: Path
) -> None:
    file, out = tmp_path / "bare.json", tmp_path / "out"
    bare: dict[str, object] = {"format": "case/1", "id": "bare", "as_of": "2026-05-04"}
    bare["patient"] = {"name": "TEST Bare", "sex": "X", "born": "1980-01-01"}
    file.write_text(json.dumps(bare))
    assert ask(nowhere, str(file), "--out", str(out)).exit_code == 0
    said = {kind: words((out / f"{kind}.pdf").read_bytes()) for kind in KINDS}
    assert "Right leg: findings by site Not examined." in said["scan"]
    assert "We have not scanned your legs yet." in said["patient"]
    assert "What it means" not in said["patient"]
    assert "No treatment is planned." in said["plan"]
    assert "Left leg: no vein was timed." in said["letter"]


def test_a_file_that_is_not_there_is_refused(nowhere: Path, tmp_path: Path) -> None:
    done = ask(nowhere, str(tmp_path / "none.json"), "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "does not exist" in done.output


def test_a_folder_that_is_a_file_is_refused_in_one_sentence(nowhere: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("something else")
    done = ask(nowhere, str(FILES[0]), "--out", str(out))
    assert (done.exit_code, done.output) == (2, f"{out} cannot be written to: File exists.\n")
    assert out.read_text() == "something else"


def test_a_name_that_paper_cannot_show_is_refused_by_name(nowhere: Path, tmp_path: Path) -> None:
    file = written(tmp_path, name="TEST 王小明")
    done = ask(nowhere, str(file), "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "U+738B" in done.output
    assert done.output.endswith("Enter a Latin spelling for paper. Nothing was written.\n")
    assert not (tmp_path / "out").exists()


def test_another_paper_or_language_is_refused(nowhere: Path, tmp_path: Path) -> None:
    for option in (("--paper", "a5"), ("--lang", "fr")):
        done = ask(nowhere, str(FILES[0]), "--out", str(tmp_path / "out"), *option)
        assert done.exit_code == 2
        assert f"'{option[1]}' is not one of" in done.output
