"""What the warm parent knows about its host, and the levels of isolation, strongest first.

==============  =========================================================================================
``namespaces``  a root of its own with listed read-only folders, its own processes, network, user and IPC,
                Landlock, seccomp, limits
``landlock``    no namespaces to be had: Landlock fences the files, seccomp sockets and signals, limits
``limits``      neither: seccomp and limits only; other files can be read, so this counts as no sandbox
``open``        nothing at all, for an author's own pages
==============  =========================================================================================
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playbook.running.warm import linux, root
from playbook.running.warm.cgroup import MemoryCgroups

LEVELS = ("namespaces", "landlock", "limits", "open")
#: Levels that keep a notebook from other people's files, from the network and from other processes.
SANDBOXED = ("namespaces", "landlock")
#: How many children one warm parent may have at a time.
SLOTS = 64

_FIRST_UID = 1 << 30


@dataclass
class Host:
    """What the warm parent knows about the sandboxes it makes.

    Attributes:
        level: one of `LEVELS`.
        readable: paths that are shown read-only.
        folder: a private folder of the machine, for sandboxes without a root of their own.
        uids: first user id and how many there are for sandboxes; None where ids cannot be changed.
        cgroups: memory cgroups, where granted.
        own_pids: open file of the parent's own process namespace.
        missing: for each stronger level, what the host refused.
        case_stands: the case is in its place already, and nobody can write to it.
    """

    level: str
    readable: Sequence[str]
    folder: str
    uids: tuple[int, int] | None = None
    cgroups: MemoryCgroups | None = None
    own_pids: int | None = None
    missing: list[str] = field(default_factory=list)
    case_stands: bool = False

    def uid(self, slot: int) -> int | None:
        """The user id of a slot, None where it stays the parent's."""
        if self.uids is None:
            return None
        first, count = self.uids
        return first + slot % count

    def host_folder(self, slot: int) -> str:
        """Where a sandbox without a root of its own works."""
        return f"{self.folder}/s{slot}"


def available_uids(uid_map: str, token: int) -> tuple[int, int] | None:
    """User ids that a privileged parent may hand out: a block of its own, far from people's.

    Args:
        uid_map: text of /proc/self/uid_map.
        token: a number that tells parents apart, such as the process id.

    Returns:
        The first id and how many there are, or None if this namespace has too few.
    """
    ranges = [tuple(map(int, line.split())) for line in uid_map.splitlines()]
    if any(inside <= _FIRST_UID and inside + count >= _FIRST_UID + (1 << 28) for inside, _, count in ranges):
        return _FIRST_UID + (token % (1 << 22)) * SLOTS, SLOTS
    inside, _, count = max(ranges, key=lambda found: found[2])
    if count < 4 * SLOTS:
        return None
    blocks = count // 2 // SLOTS
    return inside + count // 2 + (token % blocks) * SLOTS, SLOTS


def enter_parent(host: Host) -> None:
    """Move the warm parent into namespaces: its children's sandboxes are made from what it sees.

    Returns in a new process, the first of a process namespace; the calling one waits for it and ends with it.

    Raises:
        OSError: the host does not allow it.
    """
    token = os.getpid()
    flags = linux.CLONE_NEWNS | linux.CLONE_NEWPID
    uid, gid = os.geteuid(), os.getegid()
    if _may_administer():
        host.uids = available_uids(Path("/proc/self/uid_map").read_text(), token)
        host.cgroups = MemoryCgroups.find()
        linux.unshare(flags)
    else:
        linux.unshare(flags | linux.CLONE_NEWUSER)
        map_own_id(uid, gid)
    _follow_child()
    host.own_pids = linux.moved_high(os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC))
    root.enter(host.readable, host.uid(0) or uid)


def _may_administer() -> bool:
    status = Path("/proc/self/status").read_text()
    found = re.search(r"^CapEff:\s*([0-9a-f]+)", status, re.MULTILINE)
    return bool(found and int(found[1], 16) >> 21 & 1)  # CAP_SYS_ADMIN


def map_own_id(uid: int, gid: int) -> None:
    """In a new user namespace, keep the id there is."""
    with contextlib.suppress(FileNotFoundError):
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _follow_child() -> None:
    """Fork; the child returns and dies with its parent, the parent ends as the child does."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(max(os.waitstatus_to_exitcode(status), 0))
    linux.prctl(linux.PR_SET_PDEATHSIG, 9)
