"""The first steps of a forked child: take its orders from the grader, enter the sandbox, become what was asked."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import sys
import time
import traceback
from typing import Any

from playbook.grading.runner import Limits
from playbook.grading.warm import sandbox, wire
from playbook.grading.warm.sandbox import House, Place

#: The first file that a client hands in is the channel, the second the folder of the case.
_CHANNEL = 3


def run(house: House, kind: str, slot: int, files: list[int], memory_bytes: int) -> None:
    """Live as the child; never returns."""
    if house.level in ("landlock", "limits"):
        from playbook.grading.warm.supervisor import supervise

        supervise(memory_bytes)
    code = 1
    try:
        code = _run(house, kind, slot, files)
    except BaseException:
        with contextlib.suppress(BaseException):
            traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _run(house: House, kind: str, slot: int, files: list[int]) -> int:
    os.setsid()
    files = _arrange(files, keep_output=house.level == "open")
    channel = socket.socket(fileno=files[0])
    orders = wire.receive_now(channel)
    limits = Limits(**orders["limits"])
    case: int | None = files[1]
    if not orders["case"]:
        os.close(files[1])
        case = None
    try:
        place = sandbox.enter_child(house, slot, limits, case)
    except OSError as error:
        channel.sendall(wire.encode({"problem": str(error)}))
        return 1
    os.closerange(_CHANNEL + len(files), 1 << 12)
    _settle(house, orders, place)
    if kind == "kernel":
        from playbook.grading.warm.kernel import run_kernel

        return run_kernel(orders, place, channel, files[2:])
    return _session(orders, place, channel)


def _arrange(files: list[int], keep_output: bool) -> list[int]:
    """Standard files to nowhere, the handed-in files from 3 on."""
    high = [_duplicate_above(file, 64) for file in files]
    if not keep_output:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)
    placed = []
    for number, file in enumerate(high, start=_CHANNEL):
        os.dup2(file, number, inheritable=False)
        placed.append(number)
    return placed


def _duplicate_above(file: int, lowest: int) -> int:
    import fcntl

    return fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, lowest)


def _settle(house: House, orders: dict[str, Any], place: Place) -> None:
    """Environment, folder, signals and random numbers as in a fresh process."""
    environment = dict(orders["env"])
    if house.level != "open":
        environment |= {
            "HOME": place.scratch,
            "TMPDIR": place.scratch,
            "IPYTHONDIR": f"{place.scratch}/.ipython",
        }
        environment |= {"MPLCONFIGDIR": place.scratch, "USER": "trainee"}
    if orders["case"]:
        environment["PLAYBOOK_CASE"] = place.case
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(orders.get("cwd") or place.scratch)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGPIPE else signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    import numpy as np

    seed = orders.get("seed")
    random.seed(seed)
    np.random.seed(seed)


def _session(orders: dict[str, Any], place: Place, channel: socket.socket) -> int:
    from playbook.grading.warm import marking
    from playbook.grading.warm.interpreter import Session, SessionShell

    shell = SessionShell.instance()
    shell.init_environment()
    shell.recorder.wanted = bool(orders["figures"])
    shell.recorder.kilobytes = int(orders["limits"]["output_kb"])
    shell.recorder.room = shell.recorder.kilobytes * 1024
    if not orders["figures"]:
        marking.render_nothing(shell)
    session = Session(channel, shell, place.scratch)
    channel.sendall(wire.encode(json.dumps({"layers": place.layers})))
    session.serve()
    return 0
