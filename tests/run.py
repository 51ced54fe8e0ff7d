"""Run every test on SQLite, then on PostgreSQL; say plainly what was left out and why."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import programs


def run(database: str, *arguments: str) -> int:
    """Run pytest once and return its exit code."""
    print(f"\nTesting on {database}.", flush=True)  # noqa: T201
    workers = str(min(os.cpu_count() or 1, 4))
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--database", database]
    return subprocess.run([*command, *arguments], check=False).returncode


NO_TABLES = ("tests/domain", "tests/reports", "tests/journeys", "tests/test_house.py")
"""What never opens the database under test, or serves a clinic of its own: tried once."""


def main() -> int:
    """Return 0 when everything that could be tried passed."""
    worst = run("sqlite", *sys.argv[1:])
    if programs() is not None:
        left_out = [f"--ignore={part}" for part in NO_TABLES]
        return run("postgresql", *left_out, *sys.argv[1:]) or worst
    print(  # noqa: T201
        "\nNOT tested on PostgreSQL: it is not installed (on Debian, apt-get install postgresql)."
    )
    return 1 if os.environ.get("CI") == "true" else worst


if __name__ == "__main__":
    sys.exit(main())
