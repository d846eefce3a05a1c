"""The first steps of a forked child: take its orders from the grader, enter the sandbox, become what was asked."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import stat
import sys
import time
import traceback
from typing import Any

from playbook.running.runner import Limits
from playbook.running.warm import wire
from playbook.running.warm.host import Host
from playbook.running.warm.sandbox import Place, Sandbox

_MOST_FILES = 8

#: There is no network in a sandbox: an installer that is started all the same gives up at once.
_NO_INDEX = {
    "PIP_NO_INDEX": "1",
    "PIP_RETRIES": "0",
    "PIP_DEFAULT_TIMEOUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_OFFLINE": "1",
}


def run(host: Host, slot: int, inbox: socket.socket, begun: Any = None) -> None:
    """Live as the child; never returns.

    Args:
        host: what the parent knows.
        slot: the place taken.
        inbox: where the parent will say what to become, and hand in the client's files: the channel, the folder of
            the case, and listening sockets for a kernel.
        begun: the session of a deputy's child, in which the notebook has begun.
    """
    if host.level in ("landlock", "limits"):
        from playbook.running.warm.supervisor import supervise

        supervise(host.host_folder(slot))
    code = 1
    try:
        code = _run(host, slot, inbox, begun)
    except BaseException:
        with contextlib.suppress(BaseException):
            traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _run(host: Host, slot: int, inbox: socket.socket, begun: Any) -> int:
    os.setsid()
    sandbox, problem = Sandbox(host, slot), ""
    try:
        sandbox.prepare()
    except OSError as error:
        problem = str(error)
    kind, files, _, _ = socket.recv_fds(inbox, 64, _MOST_FILES)
    inbox.close()
    if not kind:
        return 0
    if host.level != "open":
        _silence()
    channel = socket.socket(fileno=files[0])
    orders = wire.receive_now(channel)
    case: int | None = files[1]
    if not orders["case"]:
        os.close(files[1])
        case = None
    try:
        if problem:
            raise OSError(problem)
        place = sandbox.enter(Limits(**orders["limits"]), case)
    except OSError as error:
        channel.sendall(wire.encode({"problem": str(error)}))
        return 1
    _close_all_but({0, 1, 2, *files})
    if begun is not None:
        return _go_on(begun, orders, place, channel)
    settle(host, orders, place)
    if kind == b"kernel":
        from playbook.running.warm.kernel import run_kernel

        return run_kernel(orders, place, channel, files[2:])
    return _session(orders, place, channel)


def _silence() -> None:
    """What reaches the standard files is not for the parent's log."""
    nowhere = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def _close_all_but(kept: set[int]) -> None:
    """Close what is not this child's; plain files, such as the fonts that matplotlib reads from, stay open."""
    for number in range(256):
        if number not in kept:
            with contextlib.suppress(OSError):
                if not stat.S_ISREG(os.fstat(number).st_mode):
                    os.close(number)


def settle(host: Host, orders: dict[str, Any], place: Place) -> None:
    """Environment, folder, signals and random numbers as in a fresh process."""
    environment = dict(orders["env"])
    if host.level != "open":
        environment |= {
            "HOME": place.scratch,
            "TMPDIR": place.scratch,
            "IPYTHONDIR": f"{place.scratch}/.ipython",
        }
        environment |= {"MPLCONFIGDIR": place.scratch, "USER": "trainee"}
        environment |= _NO_INDEX
    if orders["case"]:
        environment["PLAYBOOK_CASE"] = place.case
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(orders.get("cwd") or place.scratch)
    sys.argv = ["ipykernel_launcher"]
    sys.path[:] = _module_path(sys.path)
    _usual_signals()
    import numpy as np

    seed = orders.get("seed")
    random.seed(seed)
    np.random.seed(seed)


def _usual_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGPIPE else signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _module_path(path: list[str]) -> list[str]:
    """As a kernel's: modules beside the notebook come after the standard library, before installed packages."""
    rest = [folder for folder in path if folder not in ("", "/")]
    packages = [os.path.basename(folder) in ("site-packages", "dist-packages") for folder in rest]
    place = packages.index(True) if True in packages else len(rest)
    return [*rest[:place], "", *rest[place:]]


def _session(orders: dict[str, Any], place: Place, channel: socket.socket) -> int:
    from playbook.running.warm import marking
    from playbook.running.warm.interpreter import Session, SessionShell

    shell = SessionShell.instance()
    shell.init_environment()
    shell.recorder.wanted = bool(orders["figures"])
    shell.recorder.kilobytes = int(orders["limits"]["output_kb"])
    shell.recorder.room = shell.recorder.kilobytes * 1024
    if not orders["figures"]:
        marking.render_nothing(shell)
    return _serve(Session(channel, shell, place.scratch), orders, place, channel)


def _go_on(session: Any, orders: dict[str, Any], place: Place, channel: socket.socket) -> int:
    """A session that has begun: environment, folder names and random numbers are as they were left."""
    os.chdir(place.scratch)
    _usual_signals()
    recorder = session.shell.recorder
    recorder.kilobytes = int(orders["limits"]["output_kb"])
    recorder.room = recorder.kilobytes * 1024
    session.channel = channel
    return _serve(session, orders, place, channel)


def _serve(session: Any, orders: dict[str, Any], place: Place, channel: socket.socket) -> int:
    session.direct = bool(orders["direct"])
    session.answers_room = 1024 * int(orders["limits"]["answers_kb"])
    channel.sendall(wire.encode(json.dumps({"layers": place.layers})))
    session.serve()
    return 0
