"""The warm parent's deputies: one for a case and the beginning of an exercise that is asked for again and again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playbook.running.warm import linux
from playbook.running.warm.host import Host

#: Deputies at a time; the one that was not asked for longest makes room.
MAX_DEPUTIES = 6
#: Beginnings that are remembered, asked for once or known not to work.
_REMEMBERED = 256
#: Seconds that a deputy may take to fork.
_FORK_S = 5.0


class DeputyLost(Exception):
    """A deputy did not fork: it has ended, or hangs."""


@dataclass(eq=False)
class Deputy:
    """One of them, as its parent knows it."""

    key: str
    pid: int
    pidfd: int
    connection: socket.socket
    ready: bool = False

    def fork(self, slot: int, inbox: socket.socket) -> int:
        """A child for a slot; its process number.

        Raises:
            DeputyLost: none was forked.
        """
        try:
            socket.send_fds(self.connection, [str(slot).encode()], [inbox.fileno()])
            return int(json.loads(self.connection.recv(64))["pid"])
        except (OSError, ValueError, KeyError):
            raise DeputyLost from None


class Deputised(Exception):
    """Raised in a new deputy, to leave the parent's loop and its open files behind."""

    def __init__(self, connection: socket.socket, folder: int, orders: int):
        super().__init__(folder)
        self.connection, self.folder, self.orders = connection, folder, orders


class Deputies:
    """All deputies of one parent."""

    def __init__(self, host: Host):
        self.host = host
        self._all: OrderedDict[str, Deputy] = OrderedDict()
        self._asked: OrderedDict[str, int] = OrderedDict()

    def __iter__(self) -> Iterator[Deputy]:
        return iter(list(self._all.values()))

    def find(self, key: str) -> Deputy | None:
        """The deputy for a beginning, if it is ready; it counts as asked for."""
        deputy = self._all.get(key)
        if deputy is None:
            return None
        self._all.move_to_end(key)
        return deputy if deputy.ready else None

    def worth_starting(self, key: str) -> bool:
        """Whether a beginning without a deputy is asked for a second time, and can have one."""
        if self.host.level != "namespaces" or self.host.own_pids is None or key in self._all:
            return False
        self._asked[key] = self._asked.get(key, 0) + 1
        self._asked.move_to_end(key)
        while len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        return self._asked[key] == 2

    def oldest(self) -> Deputy | None:
        """The one that has to go before another is started."""
        return next(iter(self._all.values())) if len(self._all) >= MAX_DEPUTIES else None

    def start(self, key: str, leave: Callable[[socket.socket], None]) -> Deputy:
        """Fork a deputy.

        Args:
            leave: called in the new process with its end of the connection; raises :class:`Deputised` there.
        """
        assert self.host.own_pids is not None
        linux.setns(self.host.own_pids, linux.CLONE_NEWPID)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if not pid:
            ours.close()
            leave(theirs)
        theirs.close()
        ours.settimeout(_FORK_S)
        deputy = Deputy(key, pid, os.pidfd_open(pid), ours)
        self._all[key] = deputy
        return deputy

    def heard(self, deputy: Deputy) -> bool:
        """Take what a new deputy says of its beginning: whether it is ready."""
        try:
            deputy.ready = json.loads(deputy.connection.recv(1024) or b'{"problem": ""}') == {}
        except (OSError, ValueError):
            deputy.ready = False
        return deputy.ready

    def end(self, deputy: Deputy) -> None:
        """End a deputy; what it has forked lives on, and its beginning is tried again only if it was ready once."""
        self._all.pop(deputy.key, None)
        if deputy.ready:
            self._asked.pop(deputy.key, None)
        deputy.ready = False
        deputy.connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(deputy.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(deputy.pid, 0)
        os.close(deputy.pidfd)
