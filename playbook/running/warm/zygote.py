"""The warm parent: imports the scientific stack once, then forks a fresh sandbox for every notebook.

It stays single-threaded, opens no message context and runs no event loop, so that a fork is whole. It never sees
a notebook, an answer or a secret: what it knows, every child could find in its own memory. A client asks over a
connection of its own for a child and hands in open files; everything else goes straight to the child.

One connection (`AF_UNIX`, `SOCK_SEQPACKET`, JSON) is one child::

    client → {"fork": "session" | "kernel"} with open files     zygote → {"pid": 7, "begun": false}
    client → {"signal": 2}                                       zygote → {"exit": 0, "why": ""}
    client → {"about": 1}                                        zygote → {"level": …, "missing": […], "busy": 0}

Closing the connection kills the child and all that it started.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playbook.running.warm import linux, memory
from playbook.running.warm.deputies import Deputies, Deputised, Deputy, DeputyLost
from playbook.running.warm.host import SLOTS, Host, enter_parent
from playbook.running.warm.probe import strongest
from playbook.running.warm.sandbox import remove_tree
from playbook.running.warm.supervisor import DISK_FULL

#: Seconds between two looks at the memory of the children.
WATCH_S = 0.05
MAX_REQUEST = 4096
MAX_FILES = 8
#: Children that are ready and waiting, at most: the parent's own, and those of a deputy.
MAX_SPARES, DEPUTYS_SPARES = 4, 2


@dataclass(eq=False)
class Child:
    """A live child: a spare until a connection is there for it to live for."""

    pid: int
    slot: int
    pidfd: int
    inbox: socket.socket
    connection: socket.socket | None = None
    deputy: Deputy | None = None
    why: str = ""
    limit: int = 1 << 30


class Forked(Exception):
    """Raised in a new child, to leave the parent's loop and its open files behind."""

    def __init__(self, slot: int, inbox: socket.socket):
        super().__init__(slot)
        self.slot, self.inbox = slot, inbox


class Zygote:
    """Serves forks on a listening socket until its lifeline closes or nobody has asked for a while.

    A spare child is forked ahead of each request: what a sandbox has to wait for, such as moving into a cgroup,
    is done while others work.

    Args:
        listener: where clients connect.
        host: how children are isolated.
        idle_s: seconds without a child after which it ends; 0 for never.
        lifeline: a pipe whose closing ends everything.
    """

    def __init__(self, listener: socket.socket, host: Host, idle_s: float = 0, lifeline: int | None = None):
        self.listener, self.host, self.idle_s, self.lifeline = listener, host, idle_s, lifeline
        self.children: dict[int, Child] = {}
        self.spares: list[Child] = []
        self.deputies = Deputies(host)
        self.by_connection: dict[socket.socket, Child] = {}
        self.free = list(range(SLOTS))
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ, self._accept)
        if lifeline is not None:
            self.selector.register(lifeline, selectors.EVENT_READ, self._end)
        self.running = True

    def serve(self) -> None:
        """Loop; in a child, :class:`Forked` is raised out of it."""
        last = time.monotonic()
        while self.running:
            for key, _ in self.selector.select(WATCH_S if self.by_connection else 5.0):
                key.data(key.fileobj)
            if self.by_connection:
                last = time.monotonic()
                self._watch()
            elif self.idle_s and time.monotonic() - last > self.idle_s:
                break
            if self.running and self.free:
                self._fork_ahead()
        for deputy in self.deputies:
            self._end_deputy(deputy)
        for child in list(self.children.values()):
            self._kill(child)
        while self.children:
            for key, _ in self.selector.select(1.0):
                if key.data == self._exited:
                    self._exited(key.fileobj)
        if self.host.cgroups is not None:
            self.host.cgroups.remove_all()

    def _fork_ahead(self) -> None:
        """One more spare where one is wanted; deputies' only as long as there is room for many others."""
        spares = [child.deputy for child in self.spares]
        if spares.count(None) < min(max(len(self.by_connection), 1), MAX_SPARES):
            self._fork()
        elif len(self.free) > SLOTS // 2:
            for deputy in self.deputies:
                busy = sum(child.deputy is deputy for child in self.by_connection.values())
                if deputy.ready and spares.count(deputy) < min(busy, DEPUTYS_SPARES):
                    self._fork(deputy)
                    return

    def _end(self, _: object) -> None:
        self.running = False

    def _accept(self, _: object) -> None:
        connection, _address = self.listener.accept()
        if linux.peer_uid(connection) not in (os.geteuid(), 0):
            connection.close()
            return
        self.selector.register(connection, selectors.EVENT_READ, self._request)

    def _request(self, connection: socket.socket) -> None:
        try:
            data, files, _flags, _address = socket.recv_fds(connection, MAX_REQUEST, MAX_FILES)
        except OSError:
            data, files = b"", []
        if not data:
            self._forget(connection)
            return
        request = json.loads(data)
        child = self.by_connection.get(connection)
        if "signal" in request and child is not None:
            self._signal(child, int(request["signal"]))
        elif "about" in request:
            busy = len(self.children) - len(self.spares)
            _say(connection, {"level": self.host.level, "missing": self.host.missing, "busy": busy})
        elif "fork" in request and child is None:
            self._assign(connection, request, files)
        for descriptor in files:
            os.close(descriptor)

    def _assign(self, connection: socket.socket, request: dict, files: list[int]) -> None:
        """Give a connection a child: hand a spare the files and what to become."""
        key = str(request.get("beginning", ""))
        if key and len(files) == 4 and self.deputies.worth_starting(key):
            self._start_deputy(key, *files)
        child = self._spare(self.deputies.find(key) if key else None)
        if child is None:
            _say(connection, {"error": f"{SLOTS} notebooks are running already"})
            return
        with contextlib.suppress(OSError), child.inbox:
            socket.send_fds(child.inbox, [str(request["fork"]).encode()], files[:2] if key else files)
        child.connection = connection
        child.limit = (int(request["memory_mb"]) + 128) << 20
        self.by_connection[connection] = child
        _say(connection, {"pid": child.pid, "begun": child.deputy is not None})

    def _spare(self, deputy: Deputy | None) -> Child | None:
        """Take a spare, of this deputy if one is named and can fork, else of the parent itself."""
        for whose in (deputy, None) if deputy else (None,):
            if self.free and not any(child.deputy is whose for child in self.spares):
                self._fork(whose)
            for child in self.spares:
                if child.deputy is whose:
                    self.spares.remove(child)
                    return child
        return None

    def _start_deputy(self, key: str, channel: int, case: int, orders: int, folder: int) -> None:
        """Fork a deputy; whoever is not asked for longest makes room.

        Channel and case are of who asks, not of a deputy, which has the case's folder opened anew.
        """
        if oldest := self.deputies.oldest():
            self._end_deputy(oldest)

        def leave(connection: socket.socket) -> None:
            os.close(channel)
            os.close(case)
            self._leave()
            raise Deputised(connection, folder, orders)

        deputy = self.deputies.start(key, leave)
        self.selector.register(deputy.connection, selectors.EVENT_READ, lambda _: self._heard(deputy))

    def _heard(self, deputy: Deputy) -> None:
        """A deputy is ready, or it has ended: it says nothing else unasked."""
        if deputy.ready or not self.deputies.heard(deputy):
            self._end_deputy(deputy)

    def _end_deputy(self, deputy: Deputy) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(deputy.connection)
        for spare in [child for child in self.spares if child.deputy is deputy]:
            self._kill(spare)
        self.deputies.end(deputy)

    def _fork(self, deputy: Deputy | None = None) -> None:
        """Fork a spare; a deputy that cannot is ended."""
        slot = self.free.pop(0)
        if self.host.cgroups is not None:
            self.host.cgroups.make(slot)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if deputy is not None:
            try:
                pid = deputy.fork(slot, theirs)
            except DeputyLost:
                ours.close()
                theirs.close()
                self.free.append(slot)
                self._end_deputy(deputy)
                return
        else:
            if (
                self.host.own_pids is not None
            ):  # the child is to be the first of a process namespace of its own
                linux.setns(self.host.own_pids, linux.CLONE_NEWPID)
                linux.unshare(linux.CLONE_NEWPID)
            pid = os.fork()
            if not pid:
                ours.close()
                self._leave()
                raise Forked(slot, theirs)
        theirs.close()
        child = Child(pid, slot, os.pidfd_open(pid), ours, deputy=deputy)
        self.children[pid] = child
        self.spares.append(child)
        self.selector.register(child.pidfd, selectors.EVENT_READ, self._exited)

    def _leave(self) -> None:
        """In a child: close everything that belongs to the parent."""
        for key in list(self.selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
            else:
                os.close(key.fd)
        for spare in self.spares:
            spare.inbox.close()
        for deputy in self.deputies:
            os.close(deputy.pidfd)
        self.selector.close()

    def _forget(self, connection: socket.socket) -> None:
        self.selector.unregister(connection)
        child = self.by_connection.pop(connection, None)
        connection.close()
        if child is not None:
            child.connection = None
            self._kill(child)

    def _signal(self, child: Child, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, number)

    def _kill(self, child: Child) -> None:
        if self.host.level in ("landlock", "limits"):
            self._signal(child, signal.SIGTERM)  # its supervisor, which sweeps up
        elif self.host.level == "open":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            self._signal(child, signal.SIGKILL)
        else:
            self._signal(child, signal.SIGKILL)  # the first of a process namespace takes all along

    def _exited(self, pidfd: object) -> None:
        child = next(c for c in self.children.values() if c.pidfd == pidfd)
        self.selector.unregister(child.pidfd)
        os.close(child.pidfd)
        _, status = os.waitpid(child.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if self.host.cgroups is not None:
            if code == -signal.SIGKILL and self.host.cgroups.killed(child.slot):
                child.why = "memory"
            self.host.cgroups.remove(child.slot)
        if self.host.level in ("landlock", "limits"):
            child.why = child.why or {DISK_FULL: "disk"}.get(code, "")
            remove_tree(self.host.host_folder(child.slot))  # if its supervisor could not
        del self.children[child.pid]
        self.free.append(child.slot)
        if child in self.spares:
            self.spares.remove(child)
            child.inbox.close()
        if child.connection is not None:
            self.by_connection.pop(child.connection, None)
            _say(child.connection, {"exit": code, "why": child.why})

    def _watch(self) -> None:
        """Kill a sandbox whose processes together take more memory than granted."""
        if self.host.level == "open":
            return
        for child, pids in self._processes():
            if memory.exceeds(pids, child.limit):
                child.why = "memory"
                self._kill(child)

    def _processes(self) -> Iterator[tuple[Child, list[int]]]:
        busy = list(self.by_connection.values())
        if self.host.level != "namespaces":
            yield from ((child, memory.descendants(child.pid)) for child in busy)
            return
        groups: dict[str, list[int]] = {}
        for pid in memory.parents():
            with contextlib.suppress(OSError):
                groups.setdefault(os.readlink(f"/proc/{pid}/ns/pid"), []).append(pid)
        for pids in groups.values():
            yield from ((child, pids) for child in busy if child.pid in pids)


def _say(connection: socket.socket, message: dict) -> None:
    with contextlib.suppress(OSError):
        connection.send(json.dumps(message).encode())


def main(arguments: list[str] | None = None) -> None:
    """Entry of ``python -m playbook.running.warm.zygote``; started by :mod:`playbook.running.warm.spawn`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listener", type=int, required=True)
    parser.add_argument("--lifeline", type=int)
    parser.add_argument("--level", default="")
    parser.add_argument("--idle", type=float, default=0)
    parser.add_argument("--data")
    parser.add_argument("--cases", action="store_true")
    parser.add_argument("--marking", action="store_true")
    parser.add_argument("--detached", action="store_true")
    told = parser.parse_args(arguments)
    if told.detached and os.fork():
        os._exit(0)
    from playbook.running.warm import preload, root

    listener = socket.socket(fileno=told.listener)
    listener.listen(128)
    for inherited in (told.listener, told.lifeline):
        if inherited is not None:
            os.set_inheritable(inherited, False)
    readable = root.readable_paths(Path(told.data) if told.data else None, told.cases)
    fonts = preload.known_fonts()
    folder = tempfile.mkdtemp(prefix="playbook-")
    os.chmod(folder, 0o711)
    owner = os.getpid()
    signal.signal(signal.SIGTERM, _asked_to_end)
    try:
        host = strongest(Host(told.level, readable, folder))
        if host.level == "namespaces":
            os.rmdir(folder)
            enter_parent(host)
            tempfile.tempdir = root.SCRATCH  # /tmp is read-only where the course itself stands in it
        elif host.level in ("landlock", "limits"):
            linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
        os.chdir("/")
        gc.disable()  # imports make little garbage, and much that would be looked through again and again
        with preload.cache_folder(fonts):
            preload.everything(shows=not told.marking)
        _ready_to_fork()
        gc.enable()
        Zygote(listener, host, told.idle, told.lifeline).serve()
        return
    except (Forked, Deputised) as forked:
        request = forked
    finally:
        if os.getpid() == owner:
            remove_tree(folder)
    from playbook.running.warm import child

    if isinstance(request, Forked):
        child.run(host, request.slot, request.inbox)
    from playbook.running.warm.beginning import stand_in

    child.run(*stand_in(host, request.connection, request.folder, request.orders))


def _asked_to_end(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _ready_to_fork() -> None:
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError):
        linux.use_huge_pages()
    if os.path.exists("/proc/self/task") and len(os.listdir("/proc/self/task")) != 1:
        sys.exit("a thread is running in the warm parent: a fork of it would not be whole")


if __name__ == "__main__":
    main()
