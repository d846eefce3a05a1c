"""Find out by trying which levels of isolation a host allows."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playbook.running.runner import Limits
from playbook.running.warm import linux
from playbook.running.warm.host import LEVELS, Host, available_uids, enter_parent
from playbook.running.warm.sandbox import Sandbox, remove_tree


def strongest(host: Host) -> Host:
    """The host at the strongest level that works here, with what was refused on the way."""
    if not linux.SUPPORTED:
        missing = [f"namespaces, landlock: the system calls of {linux.MACHINE} are not known"]
        return Host("open", host.readable, host.folder, missing=missing)
    levels = LEVELS[LEVELS.index(host.level) :] if host.level else LEVELS
    missing: list[str] = []
    for level in levels:
        problem = ""
        for uids in _choices(level):
            problem = probe(Host(level, host.readable, host.folder, uids))
            if not problem or level == "open":
                return Host(level, host.readable, host.folder, uids, missing=missing)
        missing.append(f"{level}: {problem}")
    raise AssertionError("the last level always works")


def _choices(level: str) -> list[tuple[int, int] | None]:
    """User ids to try: of one's own, else the parent's (where Python lies in a folder that only root may enter)."""
    if level in ("landlock", "limits") and os.geteuid() == 0:
        return [available_uids(Path("/proc/self/uid_map").read_text(), os.getpid()), None]
    return [None]


def probe(host: Host) -> str:
    """Try a level from beginning to end in processes of its own; returns "" or what the host refused."""

    def attempt() -> None:
        if host.level == "namespaces":
            enter_parent(host)
            linux.unshare(linux.CLONE_NEWPID)
            if problem := _said_by_child(lambda: _enter(host)):
                raise OSError(problem)
        else:
            _enter(host)

    problem = _said_by_child(attempt)
    if host.level in ("landlock", "limits"):
        remove_tree(host.host_folder(0))
    return problem


def _enter(host: Host) -> None:
    sandbox = Sandbox(host, 0)
    sandbox.prepare()
    sandbox.enter(Limits(), None)


def _said_by_child(attempt: Callable[[], None]) -> str:
    """Do something in a fork and return the message of the OSError that it raised, or ""."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        said = ""
        try:
            os.close(reader)
            attempt()
        except OSError as error:
            said = str(error)
        finally:
            os.write(writer, (said or "ok").encode())
            os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as lines:
        said = lines.read()
    os.waitpid(child, 0)
    return "" if said == "ok" else said or "the attempt ended without a word"
