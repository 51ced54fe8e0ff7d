"""Change the clinic's rules in small ways, one at a time, and count the changes the tests notice.

Prints the score and every module's share; returns 1 below the bar. Names of mutants given on the
command line ("workflow.domain.reflux*") limit the run.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "mutants" / "workflow" / "domain"
BAR = 85.0
_MISSED = {0, 5, 33, 35}  # survived, no test reaches it, suspicious
_UNTRIED = {None, 2, 34}


def main() -> int:
    """Return 0 where at least 85 of 100 changes are noticed."""
    jobs = os.environ.get("JOBS", "2")
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", jobs, *sys.argv[1:]]
    with (PROJECT / "mutants.log").open("wb") as log:
        subprocess.run(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT, check=False)
    return report()


def report() -> int:
    """Print what the last run found, a module a line, the weakest first."""
    rows = []
    for meta in sorted(RESULTS.glob("*.meta")):
        codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"].values()
        found = Counter(_outcome(code) for code in codes)
        rows.append((meta.name.removesuffix(".py.meta"), found["noticed"], found["missed"]))
    noticed, missed = sum(row[1] for row in rows), sum(row[2] for row in rows)
    if not noticed + missed:
        sys.stdout.write("No change was tried; see mutants.log.\n")
        return 1
    for name, caught, lost in sorted(rows, key=lambda row: row[1] / max(1, row[1] + row[2])):
        if caught + lost:
            sys.stdout.write(f"{100 * caught / (caught + lost):5.1f} %  {name} ({lost} missed)\n")
    score = 100 * noticed / (noticed + missed)
    sys.stdout.write(f"Mutation score {score:.1f} % of {noticed + missed} changes (bar {BAR} %).\n")
    return 0 if score >= BAR else 1


def _outcome(code: int | None) -> str:
    if code in _UNTRIED:
        return "untried"
    return "missed" if code in _MISSED else "noticed"


if __name__ == "__main__":
    sys.exit(main())
