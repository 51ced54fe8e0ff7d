"""Decide whose turn it is to write."""

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path


class Busy(Exception):
    """Others wrote for longer than a person should wait; nothing was saved."""


class Turnstile:
    """Let writers through one at a time, in the order they came.

    SQLite's own wait polls, and starves whoever is unlucky. Threads of this process queue here;
    other processes are kept out by flock on a file that SQLite never opens (closing any descriptor
    of the database file would drop SQLite's own locks).
    """

    def __init__(self, lock_file: Path, patience_s: float) -> None:
        self._lock_file = lock_file
        self._patience_s = patience_s
        self._guard = threading.Lock()
        self._waiting: deque[tuple[threading.Event, int]] = deque()
        self._holder: int | None = None
        self._descriptor: int | None = None

    def take(self) -> None:
        """Wait for the turn to write; raises Busy when it does not come in time."""
        deadline = time.monotonic() + self._patience_s
        self._queue(deadline)
        try:
            self._keep_others_out(deadline)
        except BaseException:
            self._next()
            raise

    def give_back(self) -> None:
        """Let the next one write."""
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._next()

    def _queue(self, deadline: float) -> None:
        me = threading.get_ident()
        turn = threading.Event()
        with self._guard:
            if self._holder is None:
                self._holder = me
                return
            if self._holder == me:
                raise RuntimeError("This thread already holds a transaction that writes.")
            self._waiting.append((turn, me))
        if turn.wait(max(0.0, deadline - time.monotonic())):
            return
        with self._guard:
            if not turn.is_set():
                self._waiting.remove((turn, me))
                raise Busy

    def _next(self) -> None:
        with self._guard:
            if self._waiting:
                turn, self._holder = self._waiting.popleft()
                turn.set()
            else:
                self._holder = None

    def _keep_others_out(self, deadline: float) -> None:
        if self._descriptor is None:
            self._descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy from None
                time.sleep(0.002)
            else:
                return
