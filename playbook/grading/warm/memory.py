"""How much memory a set of processes really takes: shared pages counted once, by their proportional share."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


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
