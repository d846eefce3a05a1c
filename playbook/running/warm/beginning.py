"""How every notebook of an exercise begins: the course's own cells up to the first question, run once for many.

A deputy of the warm parent stands in for one case and one such beginning. It reads the case's tables, runs the
beginning's cells, and forks the sandboxes that go on from there. Like the parent it never sees anything of a trainee's:
the cells are as they were released, and what else the deputy holds is the case that its children are given anyway. A
notebook that begins in another way gets a sandbox from the parent itself, and so does everyone while the deputy is not
ready, or if it could not be made: the results are the same, only later.

The first cell opens the case under the trainee's own name, so each child runs that one again as it was handed in.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import copy
import dataclasses
import functools
import gc
import io
import json
import os
import random
import socket
from collections.abc import Mapping, Sequence
from typing import Any

from playbook.parsing import parse
from playbook.running.warm import linux, root
from playbook.running.warm.host import Host
from playbook.running.warm.sandbox import Place

#: Files of a case that tell whether it is still the same: name, size, time of change, number.
Stamp = list[list[Any]]


class CannotBegin(Exception):
    """The beginning does not run here, or leaves something behind that a fork would not take along."""


def stamp_of(folder: int) -> Stamp:
    """What tells the content of an open folder from another's, without reading it."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            about = entry.stat(follow_symlinks=False)
            found.append([entry.name, about.st_size, about.st_mtime_ns, about.st_ino, about.st_dev])
    return sorted(found)


def begins_so(sources: Sequence[str], beginning: Sequence[str]) -> bool:
    """Whether a notebook's cells begin like this; in the first one the name that the case is opened with may differ."""
    if (
        not beginning
        or len(sources) < len(beginning)
        or list(beginning[1:]) != list(sources[1 : len(beginning)])
    ):
        return False
    released, own = _opening(beginning[0]), _opening(sources[0])
    return bool(released) and released == own


@functools.lru_cache(maxsize=256)
def _opening(source: str) -> str:
    """A first cell that only imports and opens, written out without the name; empty if it does anything else."""
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if not all(isinstance(line, (ast.ImportFrom, ast.Assign)) for line in tree.body):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open_case":
            if [type(one) for one in node.args] != [ast.Constant] or not isinstance(
                node.args[0].value, (str, int)
            ):
                return ""
            node.args[0].value = ""
            node.args[0].kind = None
    return ast.dump(tree)


def stand_in(
    host: Host, connection: socket.socket, folder: int, orders: int
) -> tuple[Host, int, socket.socket, Any]:
    """Live as a deputy; returns in each child that it forks.

    Args:
        host: what the parent knows.
        connection: to the parent, which asks for children here.
        folder: the open folder of the case.
        orders: open file that says what to run: ``env``, ``seed``, ``cells``, ``ahead`` and the ``stamp`` of the case.

    Returns:
        In a child, what :func:`playbook.running.warm.child.run` wants: the host as the child finds it, the place taken,
        where the parent will say what to become, and the session that has begun.
    """
    linux.prctl(linux.PR_SET_PDEATHSIG, 9)
    try:
        session = _begun(host, folder, orders)
    except BaseException as error:
        connection.send(json.dumps({"problem": f"{type(error).__name__}: {error}"[:500]}).encode())
        os._exit(1)
    connection.send(b"{}")
    chance = random.getstate()  # which Python changes in every fork
    here = dataclasses.replace(host, case_stands=True)
    while True:
        asked, files, _, _ = socket.recv_fds(connection, 64, 1)
        if not asked:
            os._exit(0)
        assert host.own_pids is not None
        linux.setns(host.own_pids, linux.CLONE_NEWPID)
        linux.unshare(linux.CLONE_NEWPID)
        pid = linux.fork_sibling()
        if not pid:
            connection.close()
            random.setstate(chance)
            return here, int(asked), socket.socket(fileno=files[0]), session
        os.close(files[0])
        connection.send(json.dumps({"pid": pid}).encode())


def _begun(host: Host, folder: int, orders: int) -> Any:
    """Run the beginning, and read all tables of its case."""
    from playbook.running.warm import child, marking
    from playbook.running.warm.interpreter import Session, SessionShell

    with open(orders, encoding="utf-8") as file:
        told = json.load(file)
    linux.unshare(linux.CLONE_NEWNS)
    root.mount_scratch(os.geteuid(), os.getegid())
    root.mount_case()
    root.copy_files(folder, root.CASE)
    root.close_case()
    if stamp_of(folder) != told["stamp"]:
        raise CannotBegin("the case has changed")
    os.close(folder)
    child.settle(host, {**told, "case": True}, Place(root.SCRATCH, root.CASE, (), host.level))
    shell = SessionShell.instance()
    shell.init_environment()
    marking.render_nothing(shell)
    session = Session(None, shell, root.SCRATCH)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    for source in told["cells"]:
        said = json.loads(loop.run_until_complete(session.cell(source)))
        if not said["ok"]:
            raise CannotBegin(f"a cell stops: {said['name']}: {said['value']}")
    asyncio.set_event_loop(None)
    loop.close()
    _read_tables()
    _run_beside(told["ahead"], shell.user_ns)
    gc.collect()
    gc.freeze()
    if os.listdir(root.SCRATCH):
        raise CannotBegin("a cell writes files")
    if len(os.listdir("/proc/self/task")) != 1:
        raise CannotBegin("a cell starts a thread")
    return session


def _run_beside(sources: Sequence[str], names: Mapping[str, Any]) -> None:
    """Run lines of the course's own with names and tables of their own: all that stays is what functions keep."""
    import numpy as np
    import pandas as pd

    chance = random.getstate(), np.random.get_state()
    tables = (pd.DataFrame, pd.Series, dict, list)
    aside = {name: copy.copy(value) if type(value) in tables else value for name, value in names.items()}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in sources:
            with contextlib.suppress(Exception):
                exec(compile(parse(source), "ahead", "exec"), aside)
    random.setstate(chance[0])
    np.random.set_state(chance[1])


def _read_tables() -> None:
    """Parse what is found as a child will find it; a table that cannot be read says so where it is asked for."""
    from playbook.cases.case import read_case
    from playbook.cases.schema import SCHEMA
    from playbook.errors import PlaybookError

    with contextlib.suppress(PlaybookError):
        case = read_case(root.CASE)
        for name in SCHEMA:
            if (case.folder / f"{name}.csv").is_file():
                with contextlib.suppress(PlaybookError):
                    case.table(name)
