"""Turn a freshly forked child into a sandbox, and note what was applied.

In two steps, so that the slow one can be taken ahead of time: :meth:`Sandbox.prepare` leaves the parent's
namespaces; :meth:`Sandbox.enter` fills in the case and the limits, and gives up every privilege. Both run before
anything of the trainee's.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import socket
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from playbook.running.runner import Limits
from playbook.running.warm import landlock, linux, memory, root, seccomp
from playbook.running.warm.host import Host, map_own_id

_NAMESPACES = {
    "mount namespace": linux.CLONE_NEWNS,
    "network namespace": linux.CLONE_NEWNET,
    "ipc namespace": linux.CLONE_NEWIPC,
    "uts namespace": linux.CLONE_NEWUTS,
    "cgroup namespace": linux.CLONE_NEWCGROUP,
}
_DEVICES = tuple(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom"))


@dataclass(frozen=True)
class Place:
    """Where one sandbox works and what was applied to it."""

    scratch: str
    case: str
    layers: tuple[str, ...] = ()
    level: str = "open"


class Sandbox:
    """One sandbox in the making.

    Args:
        host: what the parent knows.
        slot: which of the parent's places this child takes.
    """

    def __init__(self, host: Host, slot: int):
        self.host, self.slot = host, slot
        self.uid = host.uid(slot)
        self.layers: list[str] = []
        self.scratch, self.case = root.SCRATCH, root.CASE
        self._privileged = host.level == "namespaces"

    def prepare(self) -> None:
        """Everything that does not depend on the notebook.

        Raises:
            OSError: the host does not allow it.
        """
        host = self.host
        if host.level == "namespaces":
            self._leave_namespaces()
        elif host.level in ("landlock", "limits"):
            self._make_host_folder()
        if host.cgroups is not None:
            with contextlib.suppress(OSError):  # without it, the watch over memory remains
                host.cgroups.join(self.slot)
                self.layers.append(f"memory cgroup v{host.cgroups.version}")
        if host.own_pids is not None:
            os.close(host.own_pids)

    def enter(self, limits: Limits, case: int | None) -> Place:
        """Take the case and the limits, and become an ordinary user with no way back.

        Args:
            limits: what may be used.
            case: open folder whose files become the sandbox's case; closed here.

        Raises:
            OSError: the host does not allow it.
        """
        host, layers = self.host, self.layers
        if host.level == "open":
            return self._open_place(case)
        if case is not None:
            if not host.case_stands:
                root.copy_files(case, self.case)
            os.close(case)
        if host.level == "namespaces":
            root.size_scratch(limits.file_mb)
            if not host.case_stands:
                root.close_case()
        if host.cgroups is not None:
            with contextlib.suppress(OSError):
                host.cgroups.limit(self.slot, (limits.memory_mb + 64) << 20)
            host.cgroups.close()
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
        self._drop_privileges()
        apply_limits(limits, alone=self.uid is not None or "user namespace" in layers)
        if host.level != "limits":
            layers.append(self._fence())
        fenced_signals = host.level == "namespaces" or (host.level == "landlock" and landlock.version() >= 6)
        seccomp.apply(only_own_signals=not fenced_signals)
        layers += ["limits", "seccomp", "memory watch"]
        linux.prctl(linux.PR_SET_PDEATHSIG, 9)  # once more: changing the user clears it
        return Place(self.scratch, self.case, tuple(layers), host.level)

    def _leave_namespaces(self) -> None:
        flags = 0
        for flag in _NAMESPACES.values():
            flags |= flag
        linux.unshare(flags)
        self.layers += ["private root", "process namespace", *_NAMESPACES]
        owner = (os.geteuid(), os.getegid()) if self.uid is None else (self.uid, self.uid)
        root.mount_private(*owner, with_case=not self.host.case_stands)
        with contextlib.suppress(OSError):
            socket.sethostname("sandbox")

    def _make_host_folder(self) -> None:
        folder = self.host.host_folder(self.slot)
        self.scratch, self.case = f"{folder}/scratch", f"{folder}/case"
        os.mkdir(folder, 0o711)
        os.mkdir(self.scratch, 0o700)
        os.mkdir(self.case, 0o755)
        if self.uid is not None:
            os.chown(self.scratch, self.uid, self.uid)

    def _open_place(self, case: int | None) -> Place:
        folder = ""
        if case is not None:
            folder = tempfile.mkdtemp(dir=self.host.folder)
            root.copy_files(case, folder)
            os.close(case)
        return Place(os.environ.get("HOME", folder), folder)

    def _drop_privileges(self) -> None:
        if self.uid is not None:
            os.setgroups([])
            os.setresgid(self.uid, self.uid, self.uid)
            os.setresuid(self.uid, self.uid, self.uid)
            self.layers.append("user of its own")
        linux.prctl(
            linux.PR_SET_DUMPABLE, 1
        )  # else its own /proc files are out of reach, the id maps among them
        if self._privileged:
            self._own_user_namespace()
        linux.drop_capabilities()
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        self.layers.append("no privileges")

    def _own_user_namespace(self) -> None:
        """Where nobody else is: limits on processes count here alone. Not granted everywhere, and not needed."""
        uid, gid = os.geteuid(), os.getegid()
        if not os.path.exists("/proc/self/uid_map"):
            return
        try:
            linux.unshare(linux.CLONE_NEWUSER)
        except OSError:
            return
        linux.prctl(linux.PR_SET_DUMPABLE, 1)
        map_own_id(uid, gid)
        self.layers.append("user namespace")

    def _fence(self) -> str:
        if self.host.level == "namespaces":
            with contextlib.suppress(OSError):
                return f"landlock {landlock.apply(['/'], [self.scratch, '/dev'])}"
            return "no landlock"
        readable = [*self.host.readable, self.case, f"/proc/{os.getpid()}"]
        return f"landlock {landlock.apply(readable, [self.scratch, *_DEVICES])}"


def remove_tree(folder: str) -> None:
    """Remove a folder that somebody hostile has filled: however deep it is, and whatever its names and modes are.

    Nobody may be at work in it any more. Subfolders are moved up and emptied one by one, so nothing recurses.
    """
    try:
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    fresh = (f"{os.urandom(8).hex()}-{number}" for number in itertools.count())
    waiting = _emptied(top, top, fresh)
    while waiting:
        name = waiting.pop()
        with contextlib.suppress(OSError):
            os.chmod(name, 0o700, dir_fd=top)
            inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=top)
            try:
                waiting += _emptied(inner, top, fresh)
            finally:
                os.close(inner)
            os.rmdir(name, dir_fd=top)
    os.close(top)
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def _emptied(folder: int, top: int, fresh: Iterator[str]) -> list[str]:
    """Remove the files of an open folder, move its subfolders up to `top`, and return their names there."""
    moved = []
    for name in os.listdir(folder):
        try:
            os.unlink(name, dir_fd=folder)
        except OSError:
            moved.append(next(fresh))
            os.rename(name, moved[-1], src_dir_fd=folder, dst_dir_fd=top)
    return moved


def apply_limits(limits: Limits, alone: bool) -> None:
    """Set what one process may use; the sum over processes is watched from outside.

    Args:
        limits: what may be used.
        alone: this user id has no other processes; else those it has are let in on top.
    """
    processes = limits.processes + (0 if alone else memory.threads_of(os.geteuid()))
    wanted: Mapping[int, int] = {
        resource.RLIMIT_AS: memory.address_space() + (limits.memory_mb << 20),
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_FSIZE: limits.file_mb << 20,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CPU: int(limits.notebook_s * 2) + 5,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 1 << 16,
        resource.RLIMIT_SIGPENDING: 256,
    }
    for what, most in wanted.items():
        hard = resource.getrlimit(what)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, value))
