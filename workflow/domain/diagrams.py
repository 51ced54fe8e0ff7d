"""Draw the tables of steps as the page `docs/states.md`."""

import sys

from workflow.domain.care import CARE
from workflow.domain.exam import EXAM
from workflow.domain.pathway import OPEN_STAGES, STAGE_WORDS, WAITS
from workflow.domain.plan import PLAN
from workflow.domain.report import REPORT
from workflow.domain.staff import who_may
from workflow.domain.steps import Table


def states_page() -> str:
    """Return the page: a diagram and a table for the scan, its report, the plan and the care."""
    parts = [
        "# States and steps",
        (
            "Made from the tables in `workflow/domain/` by `make states`. "
            "Do not edit; a test holds this page against the code."
        ),
        "## Where a patient stands",
        "The board's columns, in the order of the pathway, and whom each waits for.",
        _stages(),
    ]
    for title, table in (
        ("A scan", EXAM),
        ("A signed report", REPORT),
        ("A plan", PLAN),
        ("Care after the plan", CARE),
    ):
        parts += [f"## {title}", f"```mermaid\n{table.diagram()}\n```", _steps(table)]
    return "\n\n".join(parts) + "\n"


def _stages() -> str:
    rows = [f"| {STAGE_WORDS[at]} | {WAITS[at].role} | {WAITS[at].what} |" for at in OPEN_STAGES]
    return "\n".join(["| Stage | Waits for | For |", "|---|---|---|", *rows])


def _steps(table: Table) -> str:  # type: ignore[type-arg]
    rows = ["| Step | From | To | Who | Needs a note |", "|---|---|---|---|---|"]
    for rule in table.rules.values():
        starts = ", ".join(words for status, words in table.words.items() if status in rule.starts)
        ends = table.words[rule.ends] if rule.ends is not None else "stays"
        who = ", ".join(who_may(rule.needs))
        rows.append(
            f"| {rule.label} | {starts} | {ends} | {who} | {'yes' if rule.note_required else ''} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(states_page())
