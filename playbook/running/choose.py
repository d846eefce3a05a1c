"""Which runner grades: the sandboxed warm one where the host has it, a fresh kernel where the instructor says so."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator

from playbook.errors import PlaybookError
from playbook.running.runner import Runner

RUNNERS = ("warm", "kernel")


def in_ci() -> bool:
    """Whether this is a CI job, by the variable that all of them set."""
    return os.environ.get("CI", "").strip().casefold() in ("1", "true", "yes")


@contextlib.contextmanager
def open_runner(
    name: str = "", require_sandbox: bool | None = None, shows: bool = False
) -> Iterator[tuple[Runner, Callable[[], str]]]:
    """A runner that gets ready while others work, and what to call before the first job.

    The call waits until the runner is ready, and returns a warning for people where it has no sandbox ("" if it
    has one).

    Args:
        name: `warm`, `kernel`, or "" for the warm one where there is Linux.
        require_sandbox: refuse to run without a sandbox; None means: in CI.
        shows: what notebooks show is kept, so that errors are to be formatted.

    Raises:
        PlaybookError: a sandbox is required, and there is none; says why, perhaps only at the call.
    """
    required = in_ci() if require_sandbox is None else require_sandbox
    name = name or ("warm" if sys.platform == "linux" else "kernel")
    if name not in RUNNERS:
        raise PlaybookError(f"there is no runner {name!r}", remedy=f"use one of {', '.join(RUNNERS)}")
    if name == "kernel":
        if required:
            raise PlaybookError(
                "a fresh kernel has no sandbox, and one is required",
                remedy="use --runner warm on a Linux host, or --no-require-sandbox if you trust every notebook "
                "with your files",
            )
        from playbook.running.kernel import KernelRunner

        yield KernelRunner(), lambda: "No sandbox: trainees' code runs with your rights and sees your files."
        return
    from playbook.running.warm.runner import SANDBOXED, WarmRunner

    def warning() -> str:
        if runner.level in SANDBOXED:
            return ""
        return f"This host offers no full sandbox (only: {runner.level}): trainees' code may see your files."

    with WarmRunner(required=required, shows=shows) as runner:
        runner.start()
        yield runner, warning
