"""The few Linux system calls that Python's standard library does not offer."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000
_CLONE_PARENT, _CLONE_CHILD_CLEARTID, _CLONE_CHILD_SETTID = 0x8000, 0x0020_0000, 0x0100_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_SLAVE = 4096, 16384, 1 << 19
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
_PR_GET_TID_ADDRESS = 40
PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 24, 36, 38

#: System call numbers that differ between machines: pivot_root, capset, seccomp, clone.
_NUMBERS = {"x86_64": (155, 126, 317, 56), "aarch64": (41, 91, 277, 220)}
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446

MACHINE = platform.machine()
#: Whether the calls below are known for this machine.
SUPPORTED = sys.platform == "linux" and MACHINE in _NUMBERS
SYS_PIVOT_ROOT, SYS_CAPSET, SYS_SECCOMP, _SYS_CLONE = _NUMBERS.get(MACHINE, (-1, -1, -1, -1))

_MADV_HUGEPAGE, _MADV_COLLAPSE, _HUGE = 14, 25, 2 << 20
_libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else os.fsencode(value)


def syscall(number: int, *arguments: object, what: str) -> int:
    """Call by number; integers are passed as unsigned longs."""
    converted = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *converted), what)


def unshare(flags: int) -> None:
    """Leave the parent's namespaces for new ones."""
    _checked(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace that an open file of /proc/*/ns stands for."""
    _checked(_libc.setns(descriptor, kind), "setns")


def mount(
    source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str | None = None
) -> None:
    """Mount a file system, bind a folder, or change how one is mounted."""
    result = _libc.mount(_bytes(source), _bytes(target), _bytes(kind), ctypes.c_ulong(flags), _bytes(data))
    _checked(result, f"mount {target}")


def umount(target: str, flags: int = MNT_DETACH) -> None:
    """Take a mount away from here."""
    _checked(_libc.umount2(_bytes(target), flags), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root and put the old one at `old`."""
    syscall(SYS_PIVOT_ROOT, _bytes(new), _bytes(old), what="pivot_root")


def prctl(option: int, value: int = 0) -> int:
    """Set one property of this process."""
    zero = ctypes.c_ulong(0)
    return _checked(_libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero), f"prctl {option}")


def fork_sibling() -> int:
    """As `os.fork`, but the child's parent is this process's own parent, which can then wait for it.

    Only for a process without other threads.

    Raises:
        OSError: the kernel does not allow it.
    """
    python = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock: the child must hold it
    zero, place, flags = ctypes.c_ulong(0), ctypes.c_void_p(), _CLONE_PARENT | signal.SIGCHLD
    # Where the C library notes the thread's number: it is to be the child's own there.
    if _libc.prctl(_PR_GET_TID_ADDRESS, ctypes.byref(place), zero, zero, zero) == 0 and place.value:
        flags |= _CLONE_CHILD_CLEARTID | _CLONE_CHILD_SETTID
    own = ctypes.c_ulong(place.value or 0)
    last = (own, zero) if MACHINE == "x86_64" else (zero, own)
    python.PyOS_BeforeFork()
    pid = python.syscall(ctypes.c_long(_SYS_CLONE), ctypes.c_ulong(flags), zero, zero, *last)
    if pid == 0:
        python.PyOS_AfterFork_Child()
        return 0
    error = ctypes.get_errno()
    python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(error, f"clone: {os.strerror(error)}")
    return pid


def peer_uid(connection: socket.socket) -> int:
    """The user at the other end of a local connection."""
    return struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1]


def use_huge_pages() -> None:
    """Put this process's memory into pages of two megabytes where the kernel can: a fork copies fewer entries."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        where, rights, _, _, inode, *name = line.split(maxsplit=5)
        if "w" not in rights or inode != "0" or (name and name[0].startswith(("[v", "[stack"))):
            continue
        low, high = (int(address, 16) for address in where.split("-"))
        low, high = -(-low // _HUGE) * _HUGE, high // _HUGE * _HUGE
        if high > low:
            for advice in (_MADV_HUGEPAGE, _MADV_COLLAPSE):  # either may be refused; nothing depends on it
                _libc.madvise(ctypes.c_void_p(low), ctypes.c_size_t(high - low), advice)


def moved_high(descriptor: int) -> int:
    """The same open file under a high number, out of the way of the files that a child is handed."""
    import fcntl

    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
    os.close(descriptor)
    return high


def drop_capabilities() -> None:
    """Give up every capability, and the chance of getting one back by running a program."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break  # past the last one, or none may be dropped: the empty sets below hold all the same
    header = (ctypes.c_uint32 * 2)(0x2008_0522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscall(SYS_CAPSET, header, nothing, what="capset")
