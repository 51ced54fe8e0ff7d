"""Write what the rules tell of each invented story, for a person to read and approve.

`python -m tests.domain.told` writes the files in `told/` anew; the difference is read before it is
committed.
"""

from pathlib import Path

from tests.domain.invented import case
from tests.domain.stories import STORIES
from workflow.domain.explain import explain
from workflow.domain.interpret import interpret
from workflow.domain.wording import (
    call_now,
    glossary,
    history_lines,
    main_message,
    patient_choices,
    patient_found,
    patient_means,
    technique_lines,
    thrombus_statement,
)

FOLDER = Path(__file__).parent / "told"
ALWAYS = FOLDER / "every-patient.txt"


def file_of(name: str) -> Path:
    """Return the file of a story."""
    return FOLDER / f"{name.replace(' ', '-')}.txt"


def told(name: str) -> str:
    """Return what the rules say of a story: to the physician, in the report, to the patient.

    Left out is what other tests hold: normal sites, payers, and what every patient reads.
    """
    known = case(**STORIES[name])
    said = interpret(known)
    whole = explain(said, known)
    before, _, rest = whole.partition("Payers, apart from")
    text = before + rest[rest.index("Codes, for a coder") :]
    lines = [line for line in text.splitlines() if ": 200 ms, no reflux" not in line]
    lines += ["", "History", *history_lines(known.intake)]
    lines += ["", "Technique", *technique_lines(known.exam), thrombus_statement(known)]
    for language in ("en", "es"):
        lines += ["", f"Patient ({language})", *main_message(said, known, language)]
        lines += ["-", *patient_found(said, known, language)]
        lines += ["-", *patient_means(said, known, language)]
        lines += ["-", *patient_choices(said, known, language)]
    return "\n".join(lines) + "\n"


def always() -> str:
    """Return what every patient reads, in both languages."""
    lines = [
        line
        for language in ("en", "es")
        for line in (
            *call_now(language),
            *(f"{entry.word}: {entry.meaning}" for entry in glossary(language)),
        )
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write every story's file."""
    FOLDER.mkdir(exist_ok=True)
    for name in STORIES:
        file_of(name).write_text(told(name), encoding="utf-8")
    ALWAYS.write_text(always(), encoding="utf-8")


if __name__ == "__main__":
    main()
