"""A worker: one process that runs and marks hand-ins for whoever grades by way of its scheduler."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playbook.cluster.addresses import (
    NO_TLS,
    Tls,
    host_of,
    in_address,
    is_found,
    is_public,
    is_this_machine,
    scheduler_address,
)
from playbook.errors import PlaybookError

#: Seconds to wait for a scheduler; whoever starts machines together starts them in any order.
REACH_S = 60.0


@dataclass(frozen=True)
class Place:
    """Where a worker stands, and what it may use.

    Attributes:
        scheduler: its address.
        host: this machine's address, as the scheduler reaches it.
        name: for people; default the machine's and the process's number.
        jobs: hand-ins side by side.
        sandboxed: do not start without a sandbox.
        tls: what protects the way.
        level: force a level of isolation (see :mod:`playbook.running.warm.host`); "" takes the strongest.
        reach_s: seconds to wait for the scheduler.
    """

    scheduler: str
    host: str = "127.0.0.1"
    name: str = ""
    jobs: int = 2
    sandboxed: bool = True
    tls: Tls = NO_TLS
    level: str = ""
    reach_s: float = REACH_S


def work(place: Place, tell: Callable[[str], None] = print) -> None:
    """Work until the scheduler ends or this process is told to (SIGINT, SIGTERM).

    Raises:
        PlaybookError: this host has no sandbox; the scheduler cannot be reached, or has gone.
    """
    address = scheduler_address(place.scheduler, bool(place.tls))
    name = place.name or f"{socket.gethostname()}-{os.getpid()}"
    _check_host(address, place)
    if sys.platform != "linux":
        raise PlaybookError(
            "a worker needs Linux: its sandbox is made of what Linux offers",
            where=f"worker {name}",
            remedy="start it in a Linux container or a virtual machine",
        )
    try:
        import distributed
    except ImportError:
        raise PlaybookError(
            "a worker needs a package that is not installed", remedy='type: pip install "distributed"'
        ) from None
    from playbook.cluster.post import Post
    from playbook.cluster.there import take_post
    from playbook.grading.prepared import remove_old
    from playbook.places import cache_folder
    from playbook.running.warm.host import SANDBOXED
    from playbook.running.warm.runner import WarmRunner

    logging.getLogger("distributed").setLevel(logging.ERROR)
    security = place.tls.security("worker", address)
    for kept in ("masters", "parcels", "prepared", "unseen"):
        remove_old(cache_folder(kept))
    # One warm parent for the whole process, started before there are threads.
    with WarmRunner(required=place.sandboxed, level=place.level) as runner:
        try:
            level = runner.level
        except PlaybookError as error:
            raise PlaybookError(error.what, where=f"worker {name}", remedy=error.remedy) from None
        if level not in SANDBOXED:
            tell(
                f"Worker {name} has no full sandbox (only: {level}): trainees' code may see this machine's files."
            )
        take_post(Post(runner, _fetch))
        told = {"level": level, "missing": "; ".join(runner.missing)}
        with tempfile.TemporaryDirectory(prefix="playbook-worker-") as folder:
            options = {
                "name": name,
                "host": in_address(place.host),
                "nthreads": place.jobs,
                "local_directory": folder,
                "security": security,
                "memory_limit": 0,  # what a notebook takes is bounded in its sandbox
            }
            asyncio.run(_serve(distributed.Worker, address, place, told, options, tell))


def _check_host(address: str, place: Place) -> None:
    """Stop where nobody, or everybody, could reach this worker."""
    if not is_found(place.host):
        raise PlaybookError(
            "this is no address of a machine",
            where=f"--host {place.host}",
            remedy="write this machine's own address, without a port, as 192.168.1.21",
        )
    if is_this_machine(place.host) and not is_this_machine(host_of(address)):
        raise PlaybookError(
            f"the scheduler is on another machine and cannot reach {place.host}",
            where=address,
            remedy="add --host with this machine's address in your private network",
        )
    if is_public(place.host) and not place.tls:
        raise PlaybookError(
            "this is a public address, and the way here is not encrypted: whoever reaches it can run code here",
            where=place.host,
            remedy="use this machine's address in your private network, or --tls-ca, --tls-cert and --tls-key",
        )


def _fetch(digest: str) -> bytes | None:
    """A parcel from the scheduler's shelf; called in a thread of a task."""
    from distributed import get_worker
    from distributed.utils import sync

    worker = get_worker()
    return sync(worker.loop, worker.scheduler.playbook_get, digest=digest)


async def _serve(
    make: Any,
    address: str,
    place: Place,
    told: dict[str, str],
    options: dict[str, Any],
    tell: Callable[[str], None],
) -> None:
    """Join, say so, and stay until the end."""
    from distributed.worker import DEFAULT_STARTUP_INFORMATION

    from playbook.cluster.course import SANDBOX, kit_resource, kit_tag
    from playbook.cluster.shelf import SAYS
    from playbook.running.warm.host import SANDBOXED

    offers = {kit_resource(kit_tag()): place.jobs}
    if told["level"] in SANDBOXED:
        offers[SANDBOX] = place.jobs
    says = DEFAULT_STARTUP_INFORMATION | {SAYS: lambda _worker: {"kit": kit_tag(), **told}}
    name = options["name"]
    tell(f"Worker {name} looks for the scheduler at {address}, for {place.reach_s:g} seconds at most.")
    worker = make(address, resources=offers, startup_information=says, **options)
    try:
        await asyncio.wait_for(worker.start(), place.reach_s)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(worker.close(timeout=1, executor_wait=False), 5)
        raise PlaybookError(
            f"it could not join a scheduler within {place.reach_s:g} seconds: {_cause(error)}",
            where=f"worker {name}, {address}",
            remedy="start a scheduler there with `dask scheduler --host ADDRESS`; check the address, the name (one "
            "worker each) and, with tls://, the certificates",
        ) from None
    ending: list[asyncio.Task] = []

    def stop() -> None:
        if not ending:
            ending.append(loop.create_task(worker.close(reason="told to stop")))

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    tell(
        f"Worker {name} is at work for {address}: {place.jobs} hand-ins side by side, sandbox: {told['level']} "
        "(Ctrl+C stops it)"
    )
    await worker.finished()
    if not ending:
        raise PlaybookError(
            "the scheduler has ended, or can no longer be reached",
            where=f"worker {name}, {address}",
            remedy="start the scheduler again, then this worker",
        )


def _cause(error: BaseException) -> str:
    """The innermost reason, in short."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, TimeoutError | asyncio.CancelledError):
        return "nobody answers there"
    return str(error)[:200] or type(error).__name__
