"""Isolation, strongest first: what the host allows is tried, used and written down.

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
import resource
import shutil
import socket
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playbook.grading.runner import Limits
from playbook.grading.warm import landlock, linux, root, seccomp
from playbook.grading.warm.cgroup import MemoryCgroups

LEVELS = ("namespaces", "landlock", "limits", "open")
#: Levels that keep a notebook from other people's files, from the network and from other processes.
SANDBOXED = ("namespaces", "landlock")

_FIRST_UID = 1 << 30
_SLOTS = 64
_NAMESPACES = {
    "mount namespace": linux.CLONE_NEWNS,
    "network namespace": linux.CLONE_NEWNET,
    "ipc namespace": linux.CLONE_NEWIPC,
    "uts namespace": linux.CLONE_NEWUTS,
    "cgroup namespace": linux.CLONE_NEWCGROUP,
}


@dataclass(frozen=True)
class Place:
    """Where one sandbox works and what was applied to it."""

    scratch: str
    case: str
    layers: tuple[str, ...] = ()
    level: str = "open"


@dataclass
class House:
    """What the warm parent knows about the sandboxes it makes.

    Attributes:
        level: one of `LEVELS`.
        readable: paths that are shown read-only.
        folder: a private folder of the host, for sandboxes without a root of their own.
        uids: first user id and how many there are for sandboxes; empty where ids cannot be changed.
        cgroups: memory cgroups, where granted.
        own_pids: open file of the parent's own process namespace.
    """

    level: str
    readable: Sequence[str]
    folder: str
    uids: tuple[int, int] | None = None
    cgroups: MemoryCgroups | None = None
    own_pids: int | None = None
    missing: list[str] = field(default_factory=list)

    def uid(self, slot: int) -> int | None:
        """The user id of a slot, None where it stays the parent's."""
        if self.uids is None:
            return None
        first, count = self.uids
        return first + slot % count


def available_uids(uid_map: str, token: int) -> tuple[int, int] | None:
    """User ids that a privileged parent may hand out: its own block of `_SLOTS`, far from people's.

    Args:
        uid_map: text of /proc/self/uid_map.
        token: a number that tells parents apart, such as the process id.
    """
    ranges = [tuple(map(int, line.split())) for line in uid_map.splitlines()]
    if any(inside <= _FIRST_UID and inside + count >= _FIRST_UID + (1 << 28) for inside, _, count in ranges):
        return _FIRST_UID + (token % (1 << 22)) * _SLOTS, _SLOTS
    inside, _, count = max(ranges, key=lambda found: found[2])
    if count < 4 * _SLOTS:
        return None
    blocks = count // 2 // _SLOTS
    return inside + count // 2 + (token % blocks) * _SLOTS, _SLOTS


def enter_parent(house: House) -> None:
    """Move the warm parent into namespaces: its children's sandboxes are made from what it sees.

    Returns in a new process, the first of a process namespace; the calling one waits for it and ends with it.

    Raises:
        OSError: the host does not allow it.
    """
    token = os.getpid()
    flags = linux.CLONE_NEWNS | linux.CLONE_NEWPID
    uid, gid = os.geteuid(), os.getegid()
    if _is_privileged():
        house.uids = available_uids(Path("/proc/self/uid_map").read_text(), token)
        house.cgroups = MemoryCgroups.find()
        linux.unshare(flags)
    else:
        linux.unshare(flags | linux.CLONE_NEWUSER)
        map_own_id(uid, gid)
    follow_child()
    house.own_pids = linux.moved_high(os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC))
    root.enter(house.readable, house.uid(0) or uid)


def _is_privileged() -> bool:
    status = Path("/proc/self/status").read_text()
    found = re.search(r"^CapEff:\s*([0-9a-f]+)", status, re.MULTILINE)
    return bool(found and int(found[1], 16) >> 21 & 1)  # CAP_SYS_ADMIN


def map_own_id(uid: int, gid: int) -> None:
    """In a new user namespace, keep the id there is."""
    with contextlib.suppress(FileNotFoundError):
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def follow_child() -> None:
    """Fork; the child returns and dies with its parent, the parent ends as the child does."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(max(os.waitstatus_to_exitcode(status), 0))
    linux.prctl(linux.PR_SET_PDEATHSIG, 9)


def enter_child(house: House, slot: int, limits: Limits, case: int | None) -> Place:
    """Turn a freshly forked child into a sandbox. Everything here runs before anything of the trainee's.

    Args:
        house: what the parent knows.
        slot: which of the parent's places this child takes.
        limits: what may be used.
        case: open folder whose files become the sandbox's case.
    """
    if house.level == "open":
        return _open_place(house, case)
    layers: list[str] = []
    if house.level == "namespaces":
        place = _private_root(house, slot, limits, case, layers)
    else:
        place = _host_folder(house, slot, case)
    own = house.uid(slot)
    if house.cgroups is not None:
        with contextlib.suppress(OSError):
            house.cgroups.join(slot, (limits.memory_mb + 64) << 20)
            layers.append(f"memory cgroup v{house.cgroups.version}")
        house.cgroups.close()
    if house.own_pids is not None:
        os.close(house.own_pids)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    drop_privileges(own, house.level == "namespaces", layers)
    if house.level != "limits":
        layers.append(_fence(house, place))
    apply_limits(limits)
    layers.append("limits")
    own_signals = house.level != "namespaces" and landlock.version() < 6
    seccomp.apply(only_own_signals=own_signals)
    layers += ["seccomp", "memory watch"]
    linux.prctl(linux.PR_SET_PDEATHSIG, 9)  # once more: changing the user clears it
    return Place(place.scratch, place.case, tuple(layers), house.level)


def _private_root(house: House, slot: int, limits: Limits, case: int | None, layers: list[str]) -> Place:
    flags = 0
    for flag in _NAMESPACES.values():
        flags |= flag
    linux.unshare(flags)
    layers += ["private root", "process namespace", *_NAMESPACES]
    uid = house.uid(slot)
    owner = (os.geteuid(), os.getegid()) if uid is None else (uid, uid)
    root.mount_private(limits.file_mb, *owner)
    if case is not None:
        root.copy_files(case, root.CASE)
        os.close(case)
    root.seal_case()
    with contextlib.suppress(OSError):
        socket.sethostname("sandbox")
    return Place(root.SCRATCH, root.CASE)


def _host_folder(house: House, slot: int, case: int | None) -> Place:
    folder = host_folder(house, slot)
    scratch, copy = f"{folder}/scratch", f"{folder}/case"
    os.mkdir(folder, 0o711)
    os.mkdir(scratch, 0o700)
    os.mkdir(copy, 0o755)
    if case is not None:
        root.copy_files(case, copy)
        os.close(case)
    uid = house.uid(slot)
    if uid is not None:
        os.chown(scratch, uid, uid)
    return Place(scratch, copy)


def host_folder(house: House, slot: int) -> str:
    """Where a sandbox without a root of its own works; removed by whoever supervises it."""
    return f"{house.folder}/s{slot}"


def _open_place(house: House, case: int | None) -> Place:
    folder = ""
    if case is not None:
        folder = tempfile.mkdtemp(dir=house.folder)
        root.copy_files(case, folder)
        os.close(case)
    return Place(os.environ.get("HOME", folder), folder)


def remove_host_folder(house: House, slot: int) -> None:
    """Remove what a sandbox left on the host."""
    shutil.rmtree(host_folder(house, slot), ignore_errors=True)


def drop_privileges(uid: int | None, own_namespace: bool, layers: list[str]) -> None:
    """Become an ordinary user, for good."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        layers.append("user of its own")
    linux.prctl(
        linux.PR_SET_DUMPABLE, 1
    )  # else its own /proc files, the id maps among them, are out of reach
    if own_namespace:
        _own_user_namespace(layers)
    linux.drop_capabilities()
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    layers.append("no privileges")


def _own_user_namespace(layers: list[str]) -> None:
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
    layers.append("user namespace")


def _fence(house: House, place: Place) -> str:
    if house.level == "namespaces":
        with contextlib.suppress(OSError):
            abi = landlock.apply(["/"], [place.scratch, "/dev"])
            return f"landlock {abi}"
        return "no landlock"
    devices = [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")]
    own = f"/proc/{os.getpid()}"
    abi = landlock.apply([*house.readable, place.case, own], [place.scratch, *devices])
    return f"landlock {abi}"


def apply_limits(limits: Limits) -> None:
    """Set what one process may use; the sum over processes is watched from outside."""
    size = (
        int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        if _has_proc()
        else 1 << 31
    )
    wanted: Mapping[int, int] = {
        resource.RLIMIT_AS: size + (limits.memory_mb << 20),
        resource.RLIMIT_NPROC: limits.processes,
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


def _has_proc() -> bool:
    return os.path.exists("/proc/self/statm")


def probe(house: House) -> str:
    """Try a level from beginning to end in a process of its own; returns "" or what the host refused."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        problem = ""
        try:
            if house.level == "namespaces":
                enter_parent(house)
                linux.unshare(linux.CLONE_NEWPID)
                _in_child(house)
            else:
                enter_child(house, 0, Limits(), None)
        except OSError as error:
            problem = str(error)
        os.write(writer, (problem or "ok").encode())
        os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as lines:
        said = lines.read()
    os.waitpid(child, 0)
    if house.level != "namespaces":
        remove_host_folder(house, 0)
    return "" if said == "ok" else said or "the attempt ended without a word"


def _in_child(house: House) -> None:
    """Run the child's part of the probe where it belongs: in the first process of a new namespace."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            enter_child(house, 0, Limits(), None)
        except OSError as error:
            os.write(writer, str(error).encode())
        os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as lines:
        said = lines.read()
    os.waitpid(child, 0)
    if said:
        raise OSError(said)


def strongest(house: House) -> House:
    """The house at the strongest level that works here, with what was refused on the way."""
    if not linux.SUPPORTED:
        missing = [f"namespaces, landlock: the system calls of {linux.MACHINE} are not known"]
        return House("open", house.readable, house.folder, missing=missing)
    levels = LEVELS[LEVELS.index(house.level) :] if house.level else LEVELS
    missing: list[str] = []
    for level in levels:
        for uids in _choices(level):
            problem = probe(House(level, house.readable, house.folder, uids))
            if not problem or level == "open":
                return House(level, house.readable, house.folder, uids, missing=missing)
        missing.append(f"{level}: {problem}")
    raise AssertionError("the last level always works")


def _choices(level: str) -> list[tuple[int, int] | None]:
    """User ids to try: of one's own, else the parent's (where Python lies in a folder that only root may enter)."""
    if level in ("landlock", "limits") and os.geteuid() == 0:
        return [available_uids(Path("/proc/self/uid_map").read_text(), os.getpid()), None]
    return [None]
