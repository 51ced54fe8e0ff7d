"""Draw one report in a process of its own, and print what the process took.

`python -m bench.peers.cold ours|twin CASE OUT`: both read the case file, have the rules read it,
and write the report's PDF, ours by `reports.scan`, the twin by stock platypus. Printed are CPU
seconds from the interpreter's start, and the most memory held, in MB.
"""

import json
import resource
import sys
from pathlib import Path

from workflow.domain.case import loads, read
from workflow.domain.sample import sample


def main(engine: str, case: str, out: str) -> None:
    """Draw, write, and print as JSON: `seconds` and `mb`."""
    papers = sample(read(loads(Path(case).read_text("utf-8"))))
    if engine == "ours":
        from reports import scan

        drawn = scan.build(papers.scan)
    else:
        from bench.peers import platypus_twin
        from bench.peers.content import content

        platypus_twin.load()
        drawn = platypus_twin.build(content(papers.scan))
    Path(out).write_bytes(drawn)
    used = resource.getrusage(resource.RUSAGE_SELF)
    said = {"seconds": used.ru_utime + used.ru_stime, "mb": _most(used.ru_maxrss)}
    sys.stdout.write(json.dumps(said) + "\n")


def _most(counted: int) -> float:
    """Return the most memory held since the process began, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():  # what is counted for a child begins with what its parent held
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        counted = int(peak.split()[1])
    return counted / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
