"""Measure the chart and the board beside the same pages by Django and by stock Flask with the ORM.

Ours hold what a clinic needs and the twins lack: sign-in, authorisation, the access log written
before the page is sent, and CSRF. Every app is asked in the same way, `asking` says how.
"""

import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable

from bench import clinic
from bench.clinic import asking, hello
from bench.measure import Figure, ratio
from bench.peering import PEERS, PROJECT, install_peers
from bench.peers.stock import stock
from workflow import clock
from workflow.board.cards import told_until
from workflow.domain.pathway import OPEN_STAGES


@functools.cache
def _ours() -> dict[str, float]:
    """Return what the chart, the board and an unchanged board cost, × a bare Flask hello-world."""
    home, yardstick = clinic.clinic(), hello()
    pages = {"chart": home.page(f"/patients/{home.patient_id}/chart"), "board": home.page("/")}
    costs = {name: ratio(page, yardstick)[0] for name, page in pages.items()}
    return {**costs, "poll": _poll(home, yardstick)}


def _poll(home: clinic.Clinic, yardstick: clinic.Answer) -> float:
    """Return what an unchanged board costs; measured anew where a wait grew meanwhile."""
    while True:
        step = told_until(clock.now())
        columns = home.page("/board/columns")
        mark = re.search(rb'data-mark="([^"]+)"', columns())
        if mark is None:
            raise RuntimeError("The board says no mark.")
        poll = asking(home.app, f"/board/columns?mark={mark[1].decode()}", home.cookie, 204)
        cost = ratio(poll, yardstick)[0]
        if told_until(clock.now()) == step:
            return cost


@functools.cache
def _stock() -> dict[str, float]:
    home, yardstick = clinic.clinic(), hello()
    app = stock(f"sqlite:///{home.file}")
    chart, board = asking(app, f"/patients/{home.patient_id}/chart"), asking(app, "/")
    return {"chart": ratio(chart, yardstick)[0], "board": ratio(board, yardstick)[0]}


@functools.cache
def _django() -> dict[str, float]:
    home = clinic.clinic()
    install_peers()
    path = os.pathsep.join([str(PROJECT), str(PEERS)])
    stages = ",".join(stage.value for stage in OPEN_STAGES)
    command = [sys.executable, "-m", "bench.peers.django_twin", str(home.file)]
    done = subprocess.run(
        [*command, str(home.patient_id), stages],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said: dict[str, float] = json.loads(done.stdout)
    return said


def _cost(page: str, name: str, bar: float) -> Figure:
    peers = {"django": round(_django()[page], 1), "stock ORM": round(_stock()[page], 1)}
    return Figure(name, round(_ours()[page], 1), "× hello", bar, peers=peers)


def _faster(page: str, name: str, twin: Callable[[], dict[str, float]], bar: float) -> Figure:
    value = round(twin()[page] / _ours()[page], 2)
    return Figure(name, value, "×", bar, better="higher")


def _unchanged() -> Figure:
    return Figure("W2 board, unchanged", round(_ours()["poll"], 1), "× hello", 4)


ROWS: tuple[Callable[[], Figure], ...] = (
    functools.partial(_cost, "chart", "W1 chart of 60 findings", 25),
    functools.partial(_faster, "chart", "W1 chart, faster than the Django twin", _django, 5),
    functools.partial(_faster, "chart", "W1 chart, faster than the stock ORM twin", _stock, 2),
    functools.partial(_cost, "board", "W2 board", 50),
    functools.partial(_faster, "board", "W2 board, faster than the Django twin", _django, 5),
    _unchanged,
)
