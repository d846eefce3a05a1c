"""What a way of grading looks like to the benchmark."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from playbook.running.warm import linux

from .cohort import Trainee


@dataclass(frozen=True)
class Lap:
    """One measured repetition.

    Attributes:
        submissions: that were graded.
        runs: of notebooks; we run each submission twice.
        seconds: for all of them, one command's own start left out.
        start: seconds that a command takes before its first submission, once per cohort.
        cpu: seconds of processor time of all processes, the start left out; says something on a busy machine, too.
    """

    submissions: int
    runs: int
    seconds: float
    start: float = 0.0
    cpu: float = 0.0

    def cohort_seconds(self, count: int) -> float:
        """What a cohort of this size takes: the start once, and the rest in proportion."""
        return self.start + count * self.seconds / self.submissions

    @property
    def run_seconds(self) -> float:
        """Seconds per run of a notebook, the start left out."""
        return self.seconds / self.runs


#: From now on the orphans of child processes become this process's own: their processor time counts.
_ADOPT = 36


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processor time in child processes."""

    clock: float
    cpu: float

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.clock - other.clock, self.cpu - other.cpu)


def spent(action: Callable[[], object]) -> Spent:
    """What an action takes that works through child processes, and through theirs that outlive them for a moment."""
    linux.prctl(_ADOPT, 1)
    clock, cpu = time.perf_counter(), _cpu()
    action()
    clock = time.perf_counter() - clock
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    return Spent(clock, _cpu() - cpu)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Contestant(Protocol):
    """A way of grading. `prepare` is not measured."""

    name: str
    way: str

    def prepare(self, trainees: Sequence[Trainee]) -> None:
        """Set up, and translate the trainees' notebooks into its format."""
        ...

    def points(self, trainees: Sequence[Trainee]) -> dict[str, float]:
        """Grade, and return each trainee's points; empty for one that only runs notebooks."""
        ...

    def lap(self, trainees: Sequence[Trainee]) -> Lap:
        """Grade these trainees once more, and say how long it took."""
        ...
