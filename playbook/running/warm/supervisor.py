"""Where there is no process namespace: one process that follows a sandbox's processes and sweeps up after them."""

from __future__ import annotations

import contextlib
import os
import select
import signal

from playbook.running.warm import linux, memory
from playbook.running.warm.sandbox import remove_tree

#: The exit code of a supervisor whose sandbox filled the disk.
DISK_FULL = 108
#: What a sandbox may keep in its scratch folder, where it has no file system of its own.
_MOST_FILES, _MOST_BYTES = 20_000, 256 << 20
#: A signal that comes between looking at the flag and waiting is noticed after this long.
_LOOK_MS = 200


def supervise(folder: str) -> None:
    """Fork; the child returns and goes on to the sandbox, the parent follows it and never returns.

    Args:
        folder: where the sandbox keeps its files; watched, and removed at the end.

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
    os.closerange(3, 1 << 12)  # the channel above all: it must close when the child ends
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    signal.signal(signal.SIGINT, lambda *_: _pass_on(child))
    code = _follow(child, folder, stop)
    _sweep()
    remove_tree(folder)
    os._exit(code)


def _pass_on(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGINT)


def _follow(child: int, folder: str, stop: list[int]) -> int:
    pidfd = os.pidfd_open(child)
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    while not stop:
        if poller.poll(_LOOK_MS):
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        if _fills(folder):
            return DISK_FULL
    return 128 + signal.SIGTERM


def _fills(folder: str) -> bool:
    """Whether there is more in a folder than a notebook has any use for; looks no further than needed."""
    files = size = 0
    waiting = [folder]
    while waiting and files <= _MOST_FILES and size <= _MOST_BYTES:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                files += 1
                with contextlib.suppress(OSError):
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                if files > _MOST_FILES:
                    break
    return files > _MOST_FILES or size > _MOST_BYTES


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
