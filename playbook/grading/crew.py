"""Who grades: a crew takes hand-ins and gives results as they are done, on this machine or on others."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from playbook.cases import Case
from playbook.errors import PlaybookError
from playbook.gradebook.result import Graded
from playbook.grading.marker import Marker, blank_result
from playbook.grading.players import Players, played_side_by_side
from playbook.progress import Progress
from playbook.running.runner import Runner
from playbook.submissions.hand_in import HandIn

#: Seconds between looks at what another grader has in hand, and at whether a crew is still there.
_LOOK_S, _CREW_S = 0.2, 1.0

Item = TypeVar("Item")
#: A result and, where it was wanted, the notebook as it ran.
Done = tuple[Graded, Mapping[str, Any] | None]


@dataclass(frozen=True)
class Marked(Generic[Item]):
    """One item of work done: its result and, where it was wanted, the notebook as it ran."""

    item: Item
    graded: Graded
    executed: Mapping[str, Any] | None


class Crew(Protocol):
    """Grades hand-ins side by side; belongs to one thread.

    Attributes:
        marker: what it marks with.
        waits_s: seconds that a hand-in may lie with it before somebody takes it up.
    """

    marker: Marker
    waits_s: float

    def room(self) -> int:
        """How many hand-ins it takes at a time."""
        ...

    def begin(self, pairs: Sequence[tuple[str, Case]]) -> None:
        """Start what takes time to start and these exercises need, without waiting until it is ready."""
        ...

    def prepare(self, pairs: Iterable[tuple[str, Case]], progress: Progress) -> None:
        """Make exercises ready for cities."""
        ...

    def submit(self, one: HandIn) -> Future[Done]:
        """Take a hand-in; whatever happens to it, its result says what."""
        ...

    def look(self) -> None:
        """See that somebody is at work.

        Raises:
            PlaybookError: nobody is, and nothing that was taken will be done.
        """
        ...

    def stop(self) -> None:
        """Drop what is not done."""
        ...


class LocalCrew:
    """Threads of this process, with one runner.

    Args:
        runner: runs the notebooks.
        jobs: notebooks that run side by side.
    """

    waits_s = 0.0

    def __init__(self, marker: Marker, runner: Runner, jobs: int = 2):
        self.marker, self._runner, self._jobs = marker, runner, jobs
        self._pool: ThreadPoolExecutor | None = None
        self._open = contextlib.ExitStack()
        self._players: Players | None = None

    def room(self) -> int:
        return self._jobs + 1  # the next one is at hand when one is done

    def begin(self, pairs: Sequence[tuple[str, Case]]) -> None:
        """Players get ready where an exercise has plans played: they take as long to start as the runner.

        Not where several are to be made ready: that is done in forks of this process, which have to come first.
        """
        played = any(self.marker.masters[exercise].header.measures for exercise, _ in pairs)
        if played and len(pairs) == 1:
            self._pooled()
            if self._players is not None:
                self._players.begin()

    def prepare(self, pairs: Iterable[tuple[str, Case]], progress: Progress) -> None:
        self.marker.prepare_all(pairs, self._jobs, progress)

    def submit(self, one: HandIn) -> Future[Done]:
        return self._pooled().submit(grade_one, one, self.marker, self._runner)

    def _pooled(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=self._jobs)
            self._players = self._open.enter_context(played_side_by_side(self._jobs))
        return self._pool

    def look(self) -> None:
        """Threads do not go away."""

    def stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
        self._open.close()


def work_through(
    items: Iterable[Item | None], hand_in: Callable[[Item], HandIn], crew: Crew
) -> Iterator[Marked[Item]]:
    """Grade items side by side and give each as it is done; the next is taken when there is room for it.

    Args:
        items: work; None where there is none just now.
        hand_in: the one that an item is about.
    """
    running: dict[Future[Done], Item] = {}
    more = iter(items)
    left = True
    try:
        while left or running:
            idle = False
            while left and not idle and len(running) < crew.room():
                try:
                    item = next(more)
                except StopIteration:
                    left = False
                    break
                if item is None:
                    idle = True
                else:
                    running[crew.submit(hand_in(item))] = item
            if running:
                done, _ = wait(running, _LOOK_S if idle else _CREW_S, return_when=FIRST_COMPLETED)
                for future in done:
                    yield Marked(running.pop(future), *future.result())
            elif idle:
                time.sleep(_LOOK_S)
            crew.look()
    finally:
        crew.stop()


def grade_one(one: HandIn, marker: Marker, runner: Runner) -> Done:
    """Grade one hand-in; whatever happens, a result says what. With the executed notebook, if it was kept."""
    try:
        graded, run = marker.grade(one, runner)
        return graded, run.notebook if run is not None else None
    except PlaybookError as error:
        reason = error.what
    except Exception as error:  # one hand-in must not cost the others theirs; the reason names what it was
        reason = f"the grader stopped at it: {type(error).__name__}: {error}"
    return blank_result(one, reason[:400]), None
