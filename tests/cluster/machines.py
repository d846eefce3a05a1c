"""A scheduler and workers for tests: processes on this machine that can be waited for and killed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.grading.graders import share_unseen

#: Starts a worker that has less than a sandbox, and says so.
_OPEN = (
    "import sys; from playbook.cluster.worker import Place, work; "
    "work(Place(sys.argv[1], name=sys.argv[2], level='limits', sandboxed=False), lambda said: print(said, flush=True))"
)


class Machine:
    """A process that says when it is ready; killed at the end if it still runs.

    Args:
        ready: part of the line that says so.
    """

    def __init__(self, name: str, command: list[str], ready: str, cache: Path | None = None):
        self.name = name
        own = {} if cache is None else {"PLAYBOOK_CACHE": str(cache)}
        if cache is not None:
            share_unseen(cache)
        self._process = subprocess.Popen(
            command, env=os.environ | own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._said: list[str] = []
        self._is_ready = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(ready,))
        self._reader.start()

    def _read(self, ready: str) -> None:
        for line in self._process.stdout:
            self._said.append(line)
            if ready in line:
                self._is_ready.set()
        self._is_ready.set()

    def wait(self) -> str:
        """Wait until it is ready; everything that it said."""
        assert self._is_ready.wait(180), f"{self.name} is not ready: {self.said}"
        assert self._process.poll() is None, f"{self.name} ended: {self.said}"
        return self.said

    @property
    def said(self) -> str:
        return "".join(self._said)

    @property
    def killed(self) -> bool:
        return self._process.poll() == -9

    def kill(self) -> None:
        """Kill it, as the loss of a machine would."""
        self._process.kill()
        self._process.wait()

    def end(self) -> int:
        """Tell it to stop; its exit code."""
        self._process.terminate()
        return self._process.wait(60)

    def code(self) -> int:
        """Its exit code, when it has ended by itself and said why."""
        self._process.wait(60)
        self._reader.join()
        return self._process.returncode

    def close(self) -> None:
        self.kill()
        self._reader.join()
        self._process.stdout.close()


def scheduler(*options: str) -> tuple[Machine, str]:
    """A scheduler that is ready, and its address."""
    dask = str(Path(sys.executable).with_name("dask"))
    command = [dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *options]
    machine = Machine("scheduler", command, "Scheduler at:")
    said = machine.wait()
    return machine, said.partition("Scheduler at:")[2].split()[0]


def worker(address: str, name: str, cache: Path, *options: str) -> Machine:
    """A worker with a disk of its own that is getting ready."""
    command = [sys.executable, "-m", "playbook", "worker", address, "--name", name, *options]
    return Machine(name, command, "is at work for", cache)


def open_worker(address: str, name: str, cache: Path) -> Machine:
    """A worker without a sandbox that is getting ready."""
    return Machine(name, [sys.executable, "-c", _OPEN, address, name], "is at work for", cache)


@contextlib.contextmanager
def closing(machines: list[Machine]) -> Iterator[list[Machine]]:
    """Machines that are gone after the block, also those that were added in it."""
    try:
        yield machines
    finally:
        for one in machines:
            one.close()
