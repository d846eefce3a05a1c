"""Where there is no process namespace: one process that follows a sandbox's processes and sweeps up after them."""

from __future__ import annotations

import contextlib
import os
import select
import signal

from playbook.grading.warm import linux, memory

#: The exit code of a supervisor whose sandbox took too much memory.
OUT_OF_MEMORY = 107
_WATCH_MS = 100


def supervise(memory_bytes: int) -> None:
    """Fork; the child returns and goes on to the sandbox, the parent follows it and never returns.

    Orphans of the sandbox become the supervisor's children, so that none is lost; when the child has ended, or
    the warm parent says so (SIGTERM), every descendant is killed.
    """
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGTERM)
    child = os.fork()
    if not child:
        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    os.closerange(3, 1 << 12)
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    signal.signal(signal.SIGINT, lambda *_: _pass_on(child))
    code = _follow(child, stop, memory_bytes)
    _sweep()
    os._exit(code)


def _pass_on(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGINT)


def _follow(child: int, stop: list[int], memory_bytes: int) -> int:
    pidfd = os.pidfd_open(child)
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    while not stop:
        if poller.poll(_WATCH_MS):
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        if memory.exceeds([child, *memory.descendants(os.getpid())], memory_bytes):
            return OUT_OF_MEMORY
    return 128 + signal.SIGTERM


def _sweep() -> None:
    """Kill all descendants; those of a killed one come to us, so this ends when there is none left."""
    while True:
        for pid in memory.descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
