"""Take case files in and out at a terminal.

What cannot be taken ends the program with one sentence and exit code 2.
"""

import json
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select

from reports import letter, patient, plan, scan
from workflow import cases, clock, database
from workflow.domain.case import loads, read
from workflow.domain.errors import CaseRefused, Refused
from workflow.domain.explain import explain
from workflow.domain.interpret import as_result, interpret
from workflow.domain.sample import Sample, sample
from workflow.extensions import db
from workflow.models.patient import Episode

case = AppGroup("case", help="Bring case files in, take episodes out, and interpret.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@case.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILE)
def import_files(files: tuple[Path, ...]) -> None:
    """Store each FILE as an episode whose scan waits to be read; all of them, or none."""
    told: list[str] = []
    file = files[0]
    try:
        with database.transaction(db.engine) as session:
            for file in files:
                done = cases.import_case(session, _object(file), at=clock.now())
                here = "brought in as" if done.new else "is already"
                episode = done.episode
                told.append(f"{file.name}: {episode.case_id} {here} episode {episode.id}.")
    except Refused as refusal:
        _stop(f"{file.name}: {refusal} Nothing was stored.")
    click.echo("\n".join(told))


@case.command("export")
@click.argument("episode")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export_file(episode: str, out: Path) -> None:
    """Write EPISODE (its number, or its case id) and its latest scan to a file."""
    number = int(episode) if episode.isascii() and episode.isdigit() and len(episode) < 10 else 0
    with database.glance(db.engine) as session:
        found = session.scalars(
            select(Episode)
            .where(or_(Episode.id == number, Episode.case_id == episode))
            .order_by(Episode.case_id == episode)
        ).first()
        if found is None:
            _stop(f"There is no episode {episode}.")
        body = cases.export(session, found)
    out.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(f"Episode {found.id} written to {out}.")


@case.command("interpret")
@click.argument("file", type=_FILE)
@click.option("--explain", "in_words", is_flag=True, help="As text, with every rule that fired.")
def interpret_file(file: Path, *, in_words: bool) -> None:
    """Print what the rules say of FILE, as JSON: a draft for the physician."""
    try:
        known = read(_object(file))
    except CaseRefused as refusal:
        _stop(f"{file.name}: {refusal}")
    said = interpret(known)
    if in_words:
        click.echo(explain(said, known), nl=False)
    else:
        click.echo(json.dumps(as_result(said), ensure_ascii=False, indent=1))


@case.command("report")
@click.argument("file", type=_FILE)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder.")
@click.option("--lang", type=click.Choice(["en", "es"]), default="en", help="The patient's.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="letter")
def report_file(file: Path, out: Path, lang: str, paper: str) -> None:
    """Write the papers of FILE as samples: scan.pdf, patient.pdf, plan.pdf and letter.pdf.

    Nothing is stored and nobody signs; no database is needed.
    """
    try:
        papers = _drawn(sample(read(_object(file)), language=lang, paper=paper))
    except Refused as refusal:
        _stop(f"{file.name}: {refusal} Nothing was written.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, pdf in papers.items():
            (out / name).write_bytes(pdf)
    except OSError as closed:
        _stop(f"{out} cannot be written to: {closed.strerror}.")
    click.echo(f"{', '.join(papers)} written to {out}.")


def _drawn(papers: Sample) -> dict[str, bytes]:
    return {
        "scan.pdf": scan.build(papers.scan),
        "patient.pdf": patient.build(papers.patient),
        "plan.pdf": plan.build(papers.plan),
        "letter.pdf": letter.build(papers.letter),
    }


def _object(file: Path) -> dict[str, object]:
    try:
        data = loads(file.read_text(encoding="utf-8"))
    except OSError as closed:
        raise CaseRefused("file", f"cannot be read: {closed.strerror}.") from None
    except UnicodeDecodeError:
        raise CaseRefused("file", "is not UTF-8 text.") from None
    if not isinstance(data, dict):
        raise CaseRefused("file", "holds no JSON object.")
    return data


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(2)
