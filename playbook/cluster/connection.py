"""A grader's connection to a scheduler: its shelf, its workers, and which of them may grade."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any

from playbook.cluster.addresses import Tls, scheduler_address
from playbook.cluster.course import SANDBOX, kit_resource, kit_tag
from playbook.cluster.parcels import digest_of
from playbook.errors import PlaybookError
from playbook.running.warm.host import SANDBOXED

#: Seconds to wait for a scheduler, for the first worker, and for another one when all are gone.
REACH_S, FIRST_S, LOST_S = 10.0, 30.0, 60.0
#: Seconds for which what is known of the workers is good enough.
_KNOWN_S = 1.0


@dataclass(frozen=True)
class Known:
    """A worker as the scheduler knows it.

    Attributes:
        name, address: of the worker; threads: hand-ins that it runs side by side.
        refused: why it may not grade, and what to do; empty if it may.
    """

    name: str
    address: str
    threads: int
    refused: str


@contextlib.contextmanager
def open_cluster(
    told: str, tls: Tls, sandboxed: bool, tell: Callable[[str], None] = lambda words: None
) -> Iterator[Cluster]:
    """A cluster that has a worker which may grade; the connection ends with the block.

    Args:
        told: the scheduler's address.
        sandboxed: workers without a sandbox are refused.
        tell: is told of each worker that is refused.

    Raises:
        PlaybookError: the scheduler cannot be reached, or no worker may grade.
    """
    address = scheduler_address(told, bool(tls))
    try:
        from distributed import Client
    except ImportError:
        raise PlaybookError(
            "grading on many machines needs a package that is not installed",
            remedy='type: pip install "distributed"',
        ) from None
    security = tls.security("client", address)
    try:
        client = Client(address, timeout=REACH_S, security=security, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise PlaybookError(
            f"no scheduler answers there within {REACH_S:g} seconds",
            where=address,
            remedy="start one with `dask scheduler --host ADDRESS`, and check the address and, with tls://, the "
            f"certificates (it said: {str(error)[:200] or type(error).__name__})",
        ) from None
    try:
        cluster = Cluster(client, address, sandboxed, tell)
        cluster.wait_for_first()
        yield cluster
    finally:
        client.close(timeout=REACH_S)


class Cluster:
    """A scheduler, its shelf and its workers; belongs to one thread.

    Args:
        client: of Dask.
        address: the scheduler's.
        sandboxed: workers without a sandbox are refused.
        tell: is told of each worker that is refused, once.
    """

    def __init__(self, client: Any, address: str, sandboxed: bool, tell: Callable[[str], None]):
        from playbook.cluster.shelf import Shelf

        self.client, self.address, self.sandboxed, self._tell = client, address, sandboxed, tell
        self._told: set[str] = set()
        self._workers: list[Known] = []
        self._looked = self._seen = 0.0
        client.register_plugin(Shelf())

    @property
    def resources(self) -> dict[str, float]:
        """What a hand-in asks of its worker: this kit and, where one is required, a sandbox."""
        return {kit_resource(kit_tag()): 1} | ({SANDBOX: 1} if self.sandboxed else {})

    def put(self, data: bytes) -> str:
        """Lay a parcel on the shelf, unless it is there; its digest."""
        digest = digest_of(data)
        if self._ask("missing", digests=[digest]):
            self._ask("put", digest=digest, data=data)
        return digest

    def given(self) -> dict[str, int]:
        """How often each parcel was taken from the shelf."""
        return self._ask("given")

    def _ask(self, what: str, **told: Any) -> Any:
        try:
            return self.client.sync(getattr(self.client.scheduler, f"playbook_{what}"), **told)
        except (OSError, TimeoutError, AttributeError, CancelledError) as error:  # the last two: it is closed
            raise self.gone(error) from None

    def submit(self, function: Callable[..., Any], *arguments: Any, **told: Any) -> Any:
        """Let a worker that may grade call a function; Dask's future."""
        try:
            return self.client.submit(function, *arguments, resources=self.resources, **told)
        except Exception as error:
            if self.client.status == "running":
                raise
            raise self.gone(error) from None

    def gone(self, error: object = "") -> PlaybookError:
        """What is told when the scheduler is no longer there."""
        return PlaybookError(
            "the scheduler is gone" + (f": {error}" if str(error) else ""),
            where=self.address,
            remedy="start it and its workers again, and type the same command: what was graded is kept",
        )

    def workers(self) -> list[Known]:
        """The workers that may grade; those that are refused are told of, each once."""
        if time.monotonic() - self._looked < _KNOWN_S:
            return self._workers
        known = [
            Known(one["name"], one["address"], one["threads"], refusal(one["says"], self.sandboxed))
            for one in self._ask("workers")
        ]
        for one in known:
            if one.refused and one.name not in self._told:
                self._told.add(one.name)
                self._tell(f"Worker {one.name} ({one.address}) is refused: {one.refused}")
        self._workers = [one for one in known if not one.refused]
        self._looked = time.monotonic()
        if self._workers:
            self._seen = self._looked
        return self._workers

    def threads(self) -> int:
        """How many hand-ins all workers that may grade run side by side."""
        return sum(one.threads for one in self.workers())

    def look(self) -> None:
        """See that there is somebody to grade.

        Raises:
            PlaybookError: there was nobody for a minute, or the scheduler is gone.
        """
        if self.client.status in ("closing", "closed"):
            raise self.gone()
        if not self.workers() and time.monotonic() - self._seen > LOST_S:
            raise PlaybookError(
                f"no worker is left: there was none for {LOST_S:g} seconds",
                where=self.address,
                remedy=f"start some with `playbook worker {self.address}`, and type the same command: what was "
                "graded is kept",
            )

    def wait_for_first(self) -> None:
        """Wait until a worker may grade; not for long.

        Raises:
            PlaybookError: none may; names those that are refused.
        """
        until = time.monotonic() + FIRST_S
        while not self.workers():
            if self._told:
                raise PlaybookError(
                    f"no worker may grade: {', '.join(sorted(self._told))} refused",
                    where=self.address,
                    remedy="do what is said above for each of them, or start others with "
                    f"`playbook worker {self.address}`",
                )
            if time.monotonic() > until:
                raise PlaybookError(
                    f"the scheduler has no worker: none came within {FIRST_S:g} seconds",
                    where=self.address,
                    remedy=f"start one on each machine with `playbook worker {self.address}`",
                )
            time.sleep(0.2)


def refusal(says: Mapping[str, Any] | None, sandboxed: bool) -> str:
    """Why a worker may not grade, and what to do about it; empty if it may.

    Args:
        says: what it said when it joined; None if it is not one of ours.
        sandboxed: a sandbox is required.
    """
    if not isinstance(says, Mapping):
        return "it is no worker of this kit. Start it with `playbook worker`."
    if says.get("kit") != kit_tag():
        return (
            "its kit, its Python, its libraries or its public tables are others than here. Install the same there, "
            "best by running both from one image, and start it again."
        )
    if sandboxed and says.get("level") not in SANDBOXED:
        return (
            f"it offers no sandbox ({says.get('missing') or 'its host has none'}). Run it on a Linux host or in a "
            "container that allows user namespaces or Landlock; or grade with --no-require-sandbox if you trust "
            "every notebook with that machine."
        )
    return ""
