"""The shelf: what all workers need lies with the scheduler, by digest, and each worker takes it once.

It runs in the scheduler's process, so this module imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from distributed.diagnostics.plugin import SchedulerPlugin

#: How many workers may end while they hold the same hand-in before it is given up. Dask's own three would blame a
#: hand-in for machines that were switched off.
MOST_ENDS = 20
#: Under which word a worker says what it is, when it joins.
SAYS = "playbook"


class Shelf(SchedulerPlugin):
    """Parcels by digest, and what workers say about themselves."""

    name = "playbook-shelf"
    #: A second grader on the same scheduler finds the first one's shelf, and what lies on it.
    idempotent = True

    def __init__(self) -> None:
        self._parcels: dict[str, bytes] = {}
        self._given: dict[str, int] = {}

    def start(self, scheduler: Any) -> None:
        """Begin to answer; called by the scheduler."""
        self._scheduler = scheduler
        scheduler.allowed_failures = max(scheduler.allowed_failures, MOST_ENDS)
        scheduler.handlers |= {
            "playbook_missing": self.missing,
            "playbook_put": self.put,
            "playbook_get": self.get,
            "playbook_given": self.given,
            "playbook_workers": self.workers,
        }

    def missing(self, digests: Iterable[str]) -> list[str]:
        """Which of these parcels are not there."""
        return [one for one in digests if one not in self._parcels]

    def put(self, digest: str, data: bytes) -> None:
        """Lay a parcel on the shelf."""
        self._parcels[digest] = data

    def get(self, digest: str) -> bytes | None:
        """A parcel, or None where it is not there."""
        self._given[digest] = self._given.get(digest, 0) + 1
        return self._parcels.get(digest)

    def given(self) -> dict[str, int]:
        """How often each parcel was taken."""
        return self._given

    def workers(self) -> list[dict[str, Any]]:
        """The workers there are: name, address, threads, and what each says about itself."""
        return [
            {
                "name": str(one.name),
                "address": one.address,
                "threads": one.nthreads,
                "says": one.extra.get(SAYS),
            }
            for one in self._scheduler.workers.values()
        ]
