"""Change the clinic's rules in small ways, one at a time, and count the changes the tests notice.

Some functions are reached by a thousand tests, which take most of a minute for each change. A
change is tried by the tests that know its function best, those that reach the fewest others, for
as many seconds as `_SECONDS`; what only the rest would notice counts as missed.

Prints the score and every module's share; returns 1 below the bar. Names of mutants given on the
command line ("workflow.domain.reflux*") limit the run.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "mutants" / "workflow" / "domain"
REACHED = PROJECT / "mutants" / "mutmut-stats.json"
BAR = 85.0
_SECONDS = 4.0
_MISSED = {0, 5, 33, 35}  # survived, no test reaches it, suspicious
_UNTRIED = {None, 2, 4, 34}  # not yet, interrupted, the tests could not be asked for, skipped


def main() -> int:
    """Return 0 where at least 85 of 100 changes are noticed."""
    jobs = os.environ.get("JOBS", "2")
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", jobs]
    with (PROJECT / "mutants.log").open("wb") as log:
        # Nothing is called so: this makes the changes and notes which tests reach what.
        _run([*command, "nothing"], log)
        _keep_the_nearest()
        _run([*command, *sys.argv[1:]], log)
    return report()


def _run(command: list[str], log: IO[bytes]) -> None:
    subprocess.run(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT, check=False)


def _keep_the_nearest() -> None:
    """Leave of each function's tests those that reach the fewest others, for `_SECONDS`."""
    noted = json.loads(REACHED.read_text("utf-8"))
    tests, lasts = noted["tests_by_mangled_function_name"], noted["duration_by_test"]
    reaches = Counter(test for reaching in tests.values() for test in reaching)
    for function, reaching in tests.items():
        spent = 0.0
        nearest: list[str] = []
        for test in sorted(reaching, key=lambda test: (reaches[test], lasts[test], test)):
            spent += lasts[test]
            if nearest and spent > _SECONDS:
                break
            nearest.append(test)
        tests[function] = nearest
    REACHED.write_text(json.dumps(noted), encoding="utf-8")


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
