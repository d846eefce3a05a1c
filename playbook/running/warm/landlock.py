"""Landlock: the kernel's own fence around a process, which any user may put up (linux/landlock.h)."""

from __future__ import annotations

import contextlib
import os
import stat
import struct
from collections.abc import Iterable

from playbook.running.warm import linux

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def version() -> int:
    """The version that the kernel offers; 0 if none."""
    try:
        return linux.syscall(linux.LANDLOCK_CREATE_RULESET, None, 0, 1, what="landlock")
    except OSError:
        return 0


def _file_rights(abi: int) -> int:
    rights = (1 << 13) - 1
    if abi >= 2:
        rights |= _REFER
    if abi >= 3:
        rights |= _TRUNCATE
    return rights | _IOCTL_DEV if abi >= 5 else rights


def apply(readable: Iterable[str], writable: Iterable[str]) -> int:
    """Allow reading and running below `readable`, everything but device files below `writable`, nothing else.

    TCP, abstract sockets and signals to processes outside are refused as far as the kernel knows how.

    Returns:
        The version applied.

    Raises:
        OSError: the kernel has no Landlock.
    """
    abi = version()
    if not abi:
        raise OSError("this kernel has no Landlock")
    rights = _file_rights(abi)
    attributes = [rights]
    if abi >= 4:
        attributes.append(_TCP)
    if abi >= 6:
        attributes.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    packed = struct.pack(f"{len(attributes)}Q", *attributes)
    ruleset = linux.syscall(linux.LANDLOCK_CREATE_RULESET, packed, len(packed), 0, what="landlock")
    try:
        for path in readable:
            _allow(ruleset, path, _READ & rights, rights)
        for path in writable:
            _allow(ruleset, path, rights & ~(_MAKE_CHAR | _MAKE_BLOCK), rights)
        linux.syscall(linux.LANDLOCK_RESTRICT_SELF, ruleset, 0, what="landlock")
    finally:
        os.close(ruleset)
    return abi


def _allow(ruleset: int, path: str, access: int, rights: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                access &= _EXECUTE | _WRITE_FILE | _READ_FILE | ((_TRUNCATE | _IOCTL_DEV) & rights)
            rule = struct.pack("=Qi", access, descriptor)
            linux.syscall(linux.LANDLOCK_ADD_RULE, ruleset, 1, rule, 0, what=f"landlock {path}")
        finally:
            os.close(descriptor)
