"""Write what the rules tell of each invented story, for a person to read and approve.

`python -m tests.domain.told` writes the files in `told/` anew; the difference is read before it is
committed.
"""

import json
import re
from pathlib import Path
from typing import Any

from tests.domain.invented import case
from tests.domain.stories import STORIES
from tests.reports.samples import HARD
from workflow.domain.explain import explain
from workflow.domain.interpret import as_result, interpret
from workflow.domain.legmap import place
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


DRAWINGS: dict[str, dict[str, Any]] = {
    "drawing-clinical": {"clinical": True},
    "drawing-patient": {"clinical": False},
    "drawing-patient-es": {"clinical": False, "language": "es"},
}
"""The drawings of one hard leg map that a person has looked at."""


def drawn(name: str) -> str:
    """Return a drawing as text: every stroke, label and key with its place, rounded."""
    drawing = place(HARD.map, **DRAWINGS[name])
    lines = [f"{drawing.width:.2f} {drawing.height:.2f} {drawing.text_size} {drawing.omitted}"]
    lines += [drawing.summary, *(_rounded(each) for each in drawing.outlines)]
    lines += [_rounded(stroke) for stroke in drawing.strokes]
    lines += [_rounded(label) for label in drawing.labels]
    lines += [_rounded(key) for key in drawing.legend]
    return "\n".join(lines) + "\n"


def _rounded(value: object) -> str:
    return re.sub(r"-?[0-9]+\.[0-9]+", lambda found: f"{float(found[0]):.2f}", repr(value))


def printed(name: str) -> str:
    """Return the printed interpretation of a story, as the command writes it, without its sites."""
    result = as_result(interpret(case(**STORIES[name])))
    del result["segments"]
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


PRINTED = ("main vein", "ulcer", "foam barred", "clot at the junction", "severe extension")
"""The stories whose printed interpretation was approved as well."""


def approved() -> dict[Path, str]:
    """Return every file of the folder with what it must hold."""
    return {
        ALWAYS: always(),
        **{file_of(name): told(name) for name in STORIES},
        **{FOLDER / f"{name}.txt": drawn(name) for name in DRAWINGS},
        **{file_of(name).with_suffix(".json"): printed(name) for name in PRINTED},
    }


def main() -> None:
    """Write every file of the folder."""
    FOLDER.mkdir(exist_ok=True)
    for file, text in approved().items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
