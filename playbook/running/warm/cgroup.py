"""A memory cgroup per sandbox, where the host grants one: the sum over all its processes, counted by the kernel."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from playbook.running.warm import linux


def _own_folder(cgroups: str, mounts: str) -> tuple[Path, int] | None:
    """This process's folder in the hierarchy that counts memory, and that hierarchy's version.

    Args:
        cgroups: text of /proc/self/cgroup.
        mounts: text of /proc/self/mountinfo.
    """
    places: dict[int, tuple[str, str]] = {}
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if kind[0] == "cgroup2":
            places[2] = (fields[3], fields[4])
        elif kind[0] == "cgroup" and "memory" in kind[-1].split(","):
            places[1] = (fields[3], fields[4])
    for version, pattern in ((1, r"^\d+:(?:[\w,]+,)?memory(?:,[\w,]+)?:(.*)$"), (2, r"^0::(.*)$")):
        found = re.search(pattern, cgroups, re.MULTILINE)
        if found and version in places:
            mounted_from, mounted_at = places[version]
            below = os.path.relpath(found[1], mounted_from)
            if not below.startswith(".."):
                return Path(mounted_at) / below, version
    return None


class MemoryCgroups:
    """Makes and removes one memory cgroup per slot below this process's own.

    Args:
        folder: this process's cgroup.
        version: 1 or 2.
        prefix: starts the names of the groups made.
    """

    def __init__(self, folder: Path, version: int, prefix: str):
        self.version, self.prefix = version, prefix
        self._folder = linux.moved_high(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        self._limit = "memory.max" if version == 2 else "memory.limit_in_bytes"
        self._made: set[str] = set()

    @classmethod
    def find(cls) -> MemoryCgroups | None:
        """The groups this process may make, or None where the host grants none."""
        try:
            own = _own_folder(Path("/proc/self/cgroup").read_text(), Path("/proc/self/mountinfo").read_text())
            groups = cls(*own, f"playbook-{os.getpid()}") if own else None
        except OSError:
            return None
        if groups is None or not groups._works():
            return None
        groups._remove_orphans()
        return groups

    def _remove_orphans(self) -> None:
        """Remove the groups of parents that were killed and could not."""
        for name in os.listdir(self._folder):
            found = re.fullmatch(r"playbook-(\d+)-\w+", name)
            if found and not os.path.exists(f"/proc/{found[1]}"):
                with contextlib.suppress(OSError):
                    os.rmdir(name, dir_fd=self._folder)

    def _works(self) -> bool:
        name = f"{self.prefix}-probe"
        try:
            if self.version == 2:
                with contextlib.suppress(OSError):  # granted already, or not ours to grant
                    self._write(".", "cgroup.subtree_control", "+memory")
            os.mkdir(name, dir_fd=self._folder)
            self._write(name, self._limit, str(1 << 30))
        except OSError:
            works = False
        else:
            works = True
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=self._folder)
        return works

    def _write(self, group: str, file: str, text: str) -> None:
        descriptor = os.open(f"{group}/{file}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._folder)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)

    def make(self, slot: int) -> None:
        """Make the group of a slot, in the parent: there it is also removed."""
        name = f"{self.prefix}-{slot}"
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=self._folder)
        self._made.add(name)

    def join(self, slot: int) -> None:
        """Move this process into the slot's group.

        Raises:
            OSError: the group is gone or cannot be joined.
        """
        self._write(f"{self.prefix}-{slot}", "cgroup.procs", "0")

    def limit(self, slot: int, limit_bytes: int) -> None:
        """Limit the memory of everything in the slot's group.

        Raises:
            OSError: the group is gone.
        """
        name = f"{self.prefix}-{slot}"
        self._write(name, self._limit, str(limit_bytes))
        extras = {"memory.swap.max": "0", "memory.oom.group": "1"}
        if self.version == 1:
            extras = {"memory.memsw.limit_in_bytes": str(limit_bytes)}
        for file, text in extras.items():
            with contextlib.suppress(OSError):  # a host without swap accounting has no such file
                self._write(name, file, text)

    def killed(self, slot: int) -> bool:
        """Whether the kernel killed something in this group for want of memory."""
        file = "memory.events" if self.version == 2 else "memory.oom_control"
        try:
            descriptor = os.open(
                f"{self.prefix}-{slot}/{file}", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._folder
            )
        except OSError:
            return False
        with open(descriptor, encoding="ascii") as lines:
            return any(line.startswith("oom_kill ") and line.split()[1] != "0" for line in lines)

    def remove(self, slot: int) -> None:
        """Remove the group of a slot, and any that was still busy before."""
        for name in list(self._made):
            if name.endswith(f"-{slot}") or len(self._made) > 128:
                with contextlib.suppress(OSError):
                    os.rmdir(name, dir_fd=self._folder)
                    self._made.discard(name)

    def remove_all(self) -> None:
        """Remove every group that is no longer used."""
        for name in list(self._made):
            with contextlib.suppress(OSError):
                os.rmdir(name, dir_fd=self._folder)
                self._made.discard(name)

    def close(self) -> None:
        """Let go of the host's folder: called in a sandbox before anything of the trainee's runs."""
        os.close(self._folder)
