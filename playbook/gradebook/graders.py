"""Which grader is at work: several may use one gradebook, and one that was killed holds nothing up."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def name_of_this_grader() -> str:
    """This process, told apart from every other one on any machine, also from a later one with its number."""
    return f"{socket.gethostname()}:{os.getpid()}:{_process_start(os.getpid())}"[:120]


def may_live(grader: str) -> bool:
    """Whether a grader may still be at work; one on another machine may be, until its claim ends."""
    host, _, process = grader.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not process.isdigit() or not _process_start(os.getpid()):
        return True
    return _process_start(int(process)) == grader.rpartition(":")[2]


def _process_start(pid: int) -> str:
    """When a process was started, in the kernel's own count; empty where that is not told."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
