"""Run every row, print the table, and write `bench.json` and `BENCH.md`."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import pages, paper, rules, scanroom, search
from bench.measure import ROUNDS, Figure
from workflow import clock

PROJECT = Path(__file__).resolve().parent.parent

ROWS: tuple[Callable[[], Figure], ...] = (
    *rules.ROWS,
    *paper.ROWS,
    *pages.ROWS,
    *search.ROWS,
    *scanroom.ROWS,
)
"""Every row, in the order of the table; a part that is measured adds its own module's rows."""


def main() -> int:
    """Return 0 where every bar is kept."""
    figures = [row() for row in ROWS]
    table = _table(figures)
    sys.stdout.write(table)
    _write(figures, table)
    return 0 if all(figure.ok for figure in figures) else 1


def _table(figures: Sequence[Figure]) -> str:
    lines = ["| Figure | Value | Bar | Kept |", "|---|---|---|---|"]
    for each in figures:
        side = "≤" if each.better == "lower" else "≥"
        kept = "yes" if each.ok else "NO"
        lines.append(f"| {each.id} | {each.value:g} {each.unit} | {side} {each.bar:g} | {kept} |")
    return "\n".join(lines) + "\n"


def _write(figures: Sequence[Figure], table: str) -> None:
    at = clock.now().isoformat(timespec="seconds")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True,
        check=False,
    ).stdout.strip()  # fmt: skip
    machine = f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}"
    rows = [
        {
            "id": each.id, "value": each.value, "unit": each.unit, "bar": each.bar,
            "better": each.better, "ok": each.ok, "peers": each.peers,
        }
        for each in figures
    ]  # fmt: skip
    body = {"at": at, "commit": commit, "machine": machine, "figures": rows}
    (PROJECT / "bench.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    head = (
        f"# Bench\n\nMade by `make bench` on {at[:10]}, commit {commit}, {machine}. Ratios of CPU "
        f"time taken side by side, medians of {ROUNDS} interleaved rounds.\n\n"
    )
    (PROJECT / "BENCH.md").write_text(head + table, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
