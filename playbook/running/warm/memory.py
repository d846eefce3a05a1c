"""How much memory a set of processes really takes: shared pages counted once, by their proportional share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def _field(text: str, name: str) -> int:
    for line in text.splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0


def proportional(pid: int) -> int:
    """Bytes that a process takes alone plus its share of what it shares: its anonymous memory only."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return _field(text, "Pss_Anon:") + _field(text, "Pss_Shmem:")


def resident(pid: int) -> int:
    """Bytes that a process has in use, shared or not: cheap to ask, and never too little."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return int(fields[1]) * _PAGE


def exceeds(pids: Iterable[int], limit: int) -> bool:
    """Whether these processes together take more than `limit` bytes of anonymous memory."""
    pids = list(pids)
    if sum(map(resident, pids)) <= limit:
        return False
    return sum(map(proportional, pids)) > limit


def address_space() -> int:
    """Bytes that this process has mapped; a guess where /proc is not to be had."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE
    except OSError:
        return 1 << 31


def threads_of(uid: int) -> int:
    """How many processes and threads a user has, as far as can be seen."""
    count = 0
    for pid in parents():
        with contextlib.suppress(OSError, KeyError, ValueError):
            status = Path(f"/proc/{pid}/status").read_text()
            fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
            if int(fields["Uid"].split()[0]) == uid:
                count += int(fields["Threads"])
    return count


def parents() -> dict[int, int]:
    """Every process that can be seen here, with its parent."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = Path(f"/proc/{name}/stat").read_text()
            except OSError:
                continue
            found[int(name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def descendants(ancestor: int) -> list[int]:
    """All processes below one, nearest first."""
    below: dict[int, list[int]] = {}
    for pid, parent in parents().items():
        below.setdefault(parent, []).append(pid)
    found = list(below.get(ancestor, ()))
    for pid in found:
        found.extend(below.get(pid, ()))
    return found
