"""Commands for many machines: start a worker; and who grades, this machine or a cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook.cli.grading_tables import warn

if TYPE_CHECKING:
    from playbook.grading.crew import Crew
    from playbook.grading.marker import Marker

Cluster = Annotated[
    str, typer.Option("--cluster", help="Scheduler whose workers grade, as tcp://192.168.1.10:8786.")
]
TlsCa = Annotated[
    Path | None, typer.Option("--tls-ca", help="Certificate that signed the others, for tls://.")
]
TlsCert = Annotated[Path | None, typer.Option("--tls-cert", help="This machine's certificate.")]
TlsKey = Annotated[Path | None, typer.Option("--tls-key", help="This machine's key.")]


@contextlib.contextmanager
def crew_at_work(
    cluster: str,
    tls: tuple[Path | None, Path | None, Path | None],
    runner: str,
    require_sandbox: bool | None,
    keep_output: bool,
    jobs: int,
) -> Iterator[tuple[Callable[[Marker, str], Crew], Callable[[], str]]]:
    """What makes the crew from a marker and the secret, and what to call before it begins: it returns a warning.

    On a cluster a sandbox is required unless somebody says otherwise: the machines hold more than this one's work.

    Args:
        cluster: a scheduler's address; empty for this machine.
        runner, require_sandbox, keep_output: see :func:`playbook.running.choose.open_runner`.
        jobs: notebooks side by side on this machine.
    """
    from playbook.errors import PlaybookError

    if not cluster:
        if any(tls):
            raise PlaybookError("certificates are for a cluster", remedy="name its scheduler with --cluster")
        from playbook.running.choose import open_runner

        with open_runner(runner, require_sandbox, keep_output) as (running, warning):
            from playbook.grading.crew import LocalCrew

            yield lambda marker, secret: LocalCrew(marker, running, jobs), warning
        return
    if runner not in ("", "warm"):
        raise PlaybookError(
            f"--runner {runner} is for this machine; workers have the sandboxed one", remedy="leave it out"
        )
    from playbook.cluster.addresses import Tls
    from playbook.cluster.connection import open_cluster
    from playbook.places import cache_folder

    with open_cluster(cluster, Tls(*tls), require_sandbox is not False, warn) as reached:
        from playbook.cluster.crew import ClusterCrew

        yield (
            lambda marker, secret: ClusterCrew(reached, marker, secret, cache_folder("prepared")),
            lambda: "",
        )


def worker(
    address: Annotated[str, typer.Argument(help="The scheduler, as tcp://192.168.1.10:8786.")],
    host: Annotated[
        str,
        typer.Option(help="This machine's address, as the scheduler reaches it. Private, or with tls://."),
    ] = "127.0.0.1",
    name: Annotated[str, typer.Option(help="For people; default the machine's name and a number.")] = "",
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Hand-ins that it grades side by side.")] = 2,
    require_sandbox: Annotated[
        bool,
        typer.Option(
            "--require-sandbox/--no-require-sandbox",
            help="Do not start without one; only `grade` may use it then.",
        ),
    ] = True,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
) -> None:
    """Start a worker: it grades for whoever types `playbook grade --cluster` with the same scheduler.

    It needs the same version of the kit as the grader, and no shared disk: exercises and cases come to it once.
    Whoever reaches a scheduler or a worker without tls:// can run code there: keep them in a private network.
    Ctrl+C stops it; what it had in hand goes to another worker.

    Examples: dask scheduler --host 127.0.0.1, and beside it playbook worker tcp://127.0.0.1:8786; on another machine:
    playbook worker tcp://192.168.1.10:8786 --host 192.168.1.21 --jobs 4
    """
    from playbook.cluster.addresses import Tls
    from playbook.cluster.worker import Place, work

    tls = Tls(tls_ca, tls_cert, tls_key)
    place = Place(address, host, name, jobs, require_sandbox, tls)
    work(place, lambda words: print(words, flush=True))


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(worker)
