"""A crew on other machines: hand-ins go out as bytes, results come back, and a lost worker costs nothing."""

from __future__ import annotations

import contextlib
import functools
import pickle
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from playbook.cases import Case, list_cases
from playbook.cluster.connection import Cluster
from playbook.cluster.course import Course
from playbook.cluster.parcels import pack
from playbook.cluster.post import pack_ready, unpack_ready
from playbook.cluster.there import grade_there, prepare_there
from playbook.errors import PlaybookError
from playbook.grading.crew import Done
from playbook.grading.marker import Marker, blank_result
from playbook.grading.prepared import prepare_exercise, prepared_home
from playbook.progress import Progress
from playbook.submissions.hand_in import HandIn

#: Hand-ins that are out for each one that runs: the next lies with its worker when one is done.
_AHEAD = 2
#: How often a hand-in is tried again where a worker's disk or network failed.
_RETRIES = 3


class ClusterCrew:
    """The workers of a cluster; see :class:`playbook.grading.crew.Crew`.

    Args:
        marker: says whose case is which; the workers mark alike.
        secret: seeds the unseen cases.
        folder: where what is ready is kept on this machine.
    """

    #: Workers may go and come while a hand-in is out; nobody else takes it up meanwhile.
    waits_s = 600.0

    def __init__(self, cluster: Cluster, marker: Marker, secret: str, folder: Path):
        self.marker, self._cluster = marker, cluster
        self._secret, self._folder = secret, folder
        self._cases: dict[str, str] = {}
        self._ready: dict[tuple[str, str], str] = {}
        self._out: dict[str, Any] = {}
        self._course = ""

    def room(self) -> int:
        return _AHEAD * max(1, self._cluster.threads())

    def look(self) -> None:
        self._cluster.look()

    def stop(self) -> None:
        out = list(self._out.values())
        self._out.clear()
        with contextlib.suppress(OSError, TimeoutError):
            if out and self._cluster.client.status == "running":
                self._cluster.client.cancel(out)

    def begin(self, pairs: Sequence[tuple[str, Case]]) -> None:
        """Workers are at work already."""

    def prepare(self, pairs: Iterable[tuple[str, Case]], progress: Progress) -> None:
        """Make exercises ready for cities, on the workers, and lay them on the shelf; once for all of them."""
        pairs = list(pairs)
        self._course = self._lay_out({exercise for exercise, _ in pairs})
        making: dict[Future[tuple[bytes, str]], tuple[str, str]] = {}
        done = 0
        for exercise, case in pairs:
            home = prepared_home(self.marker.masters[exercise], case, self._secret, self._folder)
            if home.is_dir():
                ready = prepare_exercise(self.marker.masters[exercise], case, self._secret, self._folder)
                self._ready[exercise, case.name] = self._cluster.put(pack_ready(ready, home))
                done += 1
            else:
                # What no worker could make ready, the worker of its first hand-in tries again, and tells why.
                future = self._send(
                    prepare_there, self._course, exercise, self._case(case), failed=lambda error: (b"", "")
                )
                making[future] = (exercise, case.name)
        try:
            while making:
                for future in wait(making, 1.0, return_when=FIRST_COMPLETED).done:
                    pair = making.pop(future)
                    data, _stops = future.result()
                    if data:  # a master that stops is told with each of its hand-ins, as on one machine
                        self._ready[pair] = self._cluster.put(data)
                        unpack_ready(data)
                    done += 1
                    progress("running masters", done, len(pairs))
                self.look()
        finally:
            self.stop()

    def _lay_out(self, exercises: Iterable[str]) -> str:
        """Lay on the shelf what is the same for all hand-ins; the digest of the whole."""
        marker = self.marker
        masters = {
            one: self._cluster.put(pack({one: marker.masters[one].path.parent}, "master.md"))
            for one in exercises
        }
        cases = {case.name: self._case(case) for case in list_cases()}
        figures, sandboxed = marker.figures, self._cluster.sandboxed
        course = Course(masters, cases, marker.roster, self._secret, marker.limits, figures, sandboxed)
        return self._cluster.put(pickle.dumps(course))

    def _case(self, case: Case) -> str:
        """The digest of a case's parcel, which lies on the shelf."""
        if case.fingerprint not in self._cases:
            self._cases[case.fingerprint] = self._cluster.put(pack({"": case.folder}))
        return self._cases[case.fingerprint]

    def submit(self, one: HandIn) -> Future[Done]:
        try:
            content = one.read()
        except PlaybookError as error:
            done: Future[Done] = Future()
            done.set_result((blank_result(one, error.what[:400]), None))
            return done
        case, _ = self.marker.whose_case(one)
        names = {name: self._case(found) for name, found in self._named(one)}
        hand_in = pickle.dumps(replace(one, read=functools.partial(bytes, content)))
        ready = self._ready.get((one.exercise, case.name), "")
        return self._send(
            grade_there,
            self._course,
            hand_in,
            names,
            ready,
            kept=pickle.loads,
            failed=functools.partial(_told, one),
        )

    def _named(self, one: HandIn) -> Iterable[tuple[str, Case]]:
        """The cases that a hand-in and the roster name, as far as there are such cases, by these names."""
        for name in {self.marker.roster.city_of(one.trainee), Path(one.facts.case).name} - {"", None}:
            with contextlib.suppress(PlaybookError):
                yield name, self.marker.find_case(name)

    def _send(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        failed: Callable[[Exception], Any],
        kept: Callable[[Any], Any] = lambda result: result,
    ) -> Future[Any]:
        """Let a worker call a function. Which one is the scheduler's choice, and again where one is lost.

        Args:
            failed: what is made of a failure.
            kept: what is made of the result.
        """
        key = f"playbook-{function.__name__}-{uuid.uuid4().hex}"
        there = self._cluster.submit(function, *arguments, key=key, retries=_RETRIES, pure=False)
        self._out[key] = there
        done: Future[Any] = Future()
        there.add_done_callback(functools.partial(self._came_back, key, done, failed, kept))
        return done

    def _came_back(
        self,
        key: str,
        done: Future[Any],
        failed: Callable[[Exception], Any],
        kept: Callable[[Any], Any],
        there: Any,
    ) -> None:
        """Called in a thread of Dask's when a task has ended, however it ended."""
        try:
            result = there.result()
        except (Exception, CancelledError) as error:
            if there.status == "error":  # the task's own
                done.set_result(failed(error))
            else:  # the scheduler went away, or this crew was stopped: nothing is known of the hand-in
                done.set_exception(self._cluster.gone())
        else:
            done.set_result(kept(result))
        finally:
            self._out.pop(key, None)


def _told(one: HandIn, error: Exception) -> Done:
    """The result of a hand-in that no worker could finish."""
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        reason = f"{error.allowed_failures + 1} workers ended while they had it"
    else:
        reason = f"the grader stopped at it: {type(error).__name__}: {error}"
    return blank_result(one, reason[:400]), None
