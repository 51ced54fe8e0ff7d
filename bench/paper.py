"""Measure the papers beside the same report by stock platypus (Y), WeasyPrint and typst.

The report is that of the rules' case of 60 sites. Y sets its words, its 400 cells and its drawn map
by ReportLab's platypus with plain strings in the cells, DejaVu embedded, and the C extension; it is
timed in the same process, in turns with what is compared to it. WeasyPrint needs the system's Pango
(Debian: libpango-1.0-0 and libpangoft2-1.0-0); a row whose peer cannot run says why.
"""

import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bench.measure import Figure
from bench.peering import PEERS, PROJECT, install_peers
from bench.rules import sixty_sites

T = TypeVar("T")
_COLD = 9
"""How many processes of each kind are started, in turns."""


def _run(*command: str, case: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(PROJECT), str(PEERS)])
    env = {**os.environ, "PYTHONPATH": path, "CLINIC_HOME": str(case.parent / "nowhere")}
    return subprocess.run(
        [sys.executable, "-m", *command], env=env, cwd=PROJECT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip


def _with_case(act: Callable[[Path], T]) -> T:
    install_peers()
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.json"
        case.write_text(json.dumps(sixty_sites()), encoding="utf-8")
        return act(case)


@functools.cache
def _warm() -> dict[str, Any]:
    """Return what each engine costs in one process that draws again and again, × Y."""
    said = _with_case(lambda case: _run("bench.peers.papers", str(case), case=case).stdout)
    found: dict[str, Any] = json.loads(said)
    return found


@functools.cache
def _cold() -> dict[str, float]:
    """Return what a process costs that is started for one report: CPU ratios, and its memory."""
    return _with_case(_started)


def _started(case: Path) -> dict[str, float]:
    out = str(case.parent / "out.pdf")
    ours, command, most = [], [], []
    for _ in range(_COLD):
        one, other = (
            json.loads(_run("bench.peers.cold", engine, str(case), out, case=case).stdout)
            for engine in ("ours", "twin")
        )
        ours.append(one["seconds"] / other["seconds"])
        most.append(one["mb"])
        command.append(_flask(case) / other["seconds"])
    return {
        "ours": statistics.median(ours), "mb": max(most), "flask": statistics.median(command)
    }  # fmt: skip


def _flask(case: Path) -> float:
    """Return the CPU seconds of `flask --app wsgi case report`, all four papers."""
    before = os.times()
    folder = str(case.parent / "papers")
    _run("flask", "--app", "wsgi", "case", "report", str(case), "--out", folder, case=case)
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def _report() -> Figure:
    """The tagged report, from its frozen value to bytes, in a process that has drawn before."""
    found = _warm()
    peers = {"yardstick_ms": round(found["yardstick_ms"], 1), "cells": found["cells"]}
    return Figure("P1 tagged report", round(found["report"], 3), "× Y", 0.8, peers=peers)


def _faster(peer: str, name: str, bar: float) -> Figure:
    """How many times faster the tagged report is than the same by a peer, as PDF/UA-1."""
    found = _warm()
    if isinstance(found[peer], str):
        return Figure(f"P1 {found[peer]}", 0, "×", bar, better="higher")
    value = round(found[peer] / found["report"], 1)
    peers = {f"{peer}_y": round(found[peer], 2)}
    return Figure(
        f"P1 report, faster than {name} PDF/UA-1", value, "×", bar, better="higher", peers=peers
    )


def _size() -> Figure:
    return Figure("P2 size of the report", round(_warm()["bytes"] / 1000, 1), "kB", 80)


def _memory() -> Figure:
    """The most memory held by a process that is started to draw the report of a case file."""
    return Figure("P2 peak memory, case file to report", round(_cold()["mb"], 1), "MB", 60)


def _start() -> Figure:
    """CPU of a process started to draw the report of a case file, over one that draws Y's.

    Both start Python, import what they need, read the file, have the rules read it, and write one
    PDF. The peer `flask_command` is `flask --app wsgi case report`, which loads the whole product
    and writes four papers, over the same process of Y's.
    """
    found = _cold()
    peers = {"flask_command": round(found["flask"], 2)}
    return Figure("P2 cold, case file to report", round(found["ours"], 2), "× Y", 1.15, peers=peers)


def _map() -> Figure:
    """The vein map: its 60 veins and values placed, and written as operators of a page."""
    return Figure("P3 vein map", round(_warm()["map"], 3), "× Y", 0.08)


def _four() -> Figure:
    """The four papers of the case, one after the other in one process."""
    return Figure("P4 four papers of a case", round(_warm()["four"], 2), "× Y", 2)


ROWS: tuple[Callable[[], Figure], ...] = (
    _report,
    functools.partial(_faster, "weasyprint", "WeasyPrint", 20),
    functools.partial(_faster, "typst", "typst", 2.5),
    _size,
    _memory,
    _start,
    _map,
    _four,
)
"""The figures of the papers."""
