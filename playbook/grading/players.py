"""Processes that play the plans of a cohort: each plan takes a second, and threads would take turns on one core."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from functools import reduce
from multiprocessing.connection import wait

from playbook.cases import Case
from playbook.chapters.defence import trial
from playbook.simulator.outcome import Outcome
from playbook.simulator.plan import Plan
from playbook.simulator.run import BATCH


class Players:
    """Plays plans side by side in processes, which begin when the first plan comes.

    Where they cannot begin, or are killed, plans are played by whoever asks.

    Args:
        count: how many processes.
    """

    def __init__(self, count: int):
        self.count = count
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._over = False

    def begin(self) -> None:
        """Let the processes begin now, without waiting for them; else the first plan waits until they have."""
        with contextlib.suppress(BrokenExecutor, OSError):
            for _ in range(self.count):
                self._begun().submit(os.getpid)

    def play(self, case: Case, plan: Plan, start: int, stop: int, drawn: int) -> Outcome:
        """What :func:`playbook.chapters.defence.trial.play` does, in parts."""
        try:
            parts = [
                self._begun().submit(trial.play, case, plan, first, min(first + BATCH, stop), drawn)
                for first in range(start, stop, BATCH)
            ]
            return reduce(Outcome.joined, [part.result() for part in parts])
        except (BrokenExecutor, OSError):
            return trial.play(case, plan, start, stop, drawn)

    def _begun(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._over:
                raise BrokenExecutor
            if self._pool is None:
                way = "forkserver" if sys.platform == "linux" else "spawn"
                context = multiprocessing.get_context(way)
                if way == "forkserver":
                    context.set_forkserver_preload([__name__])
                self._pool = ProcessPoolExecutor(self.count, context, _begin)
            return self._pool

    def stop(self) -> None:
        """Let the processes end; what they play is dropped."""
        with self._lock:
            self._over = True
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """A process of its own begins: it goes with its parent, and leaves it to that one to be interrupted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_go_with_parent, daemon=True).start()


def _go_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


@contextlib.contextmanager
def played_side_by_side(count: int) -> Iterator[Players | None]:
    """Inside a ``with`` block, plans on trial are played in so many processes; with one, by whoever asks."""
    if count < 2:
        yield None
        return
    players = Players(count)
    with trial.played_by(players.play, players.count):
        try:
            yield players
        finally:
            players.stop()
