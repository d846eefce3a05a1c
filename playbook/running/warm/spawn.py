"""Start a warm parent, and ask it for children."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from playbook.errors import PlaybookError
from playbook.running.warm import linux

#: What a warm parent keeps of the environment: enough to start, nothing that a notebook should not know.
_KEPT = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH")
#: Keeps libraries from starting threads when they are imported: a process with threads cannot be forked whole.
_FORKABLE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
#: Seconds that the imports may take on a slow machine.
START_S = 120.0


def clean_environment() -> dict[str, str]:
    """The environment of the warm parent, and the start of every sandbox's."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return kept | _FORKABLE | {"LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1"}


def data_folder() -> Path | None:
    """The data root, of which notebooks see the public and the shared tables."""
    from playbook.places import data_root

    root = Path(data_root())
    return root if root.is_dir() else None


class WarmParent:
    """A warm parent process and its address; started when first needed, ended with :meth:`close`.

    Safe to use from several threads, and from processes forked off this one.

    Args:
        level: the level of isolation, or "" for the strongest that the host allows.
        data: data root, or None for the package's own.
        shows: somebody will look at what notebooks show.
    """

    def __init__(self, level: str = "", data: Path | None = None, shows: bool = True):
        self.level, self.data, self.shows = level, data or data_folder(), shows
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._address = ""
        self._lifeline = -1
        self._log: Any = None
        self._owner = os.getpid()
        self._ready = False

    def start(self) -> None:
        """Start it now, without waiting until it is ready."""
        if sys.platform == "linux":
            with self._lock:
                if not self._address:
                    self._start()

    def about(self) -> dict[str, Any]:
        """What the parent can do: ``level`` and, for each stronger level, why it is ``missing``.

        Raises:
            PlaybookError: it could not be started.
        """
        with contextlib.closing(self.connect()) as connection, contextlib.suppress(OSError):
            connection.send(json.dumps({"about": 1}).encode())
            if reply := connection.recv(1 << 16):
                self._ready = True
                return json.loads(reply)
        raise did_not_start(self._said())

    def connect(self) -> socket.socket:
        """A connection for one child; starts the parent if there is none.

        Raises:
            PlaybookError: it could not be started.
        """
        if sys.platform != "linux":
            raise did_not_start("it needs Linux")
        for _ in range(2):
            with self._lock:
                if not self._address:
                    self._start()
                address = self._address
            try:
                return connected(address)
            except OSError:
                self._gone(address)
        raise did_not_start(self._said())

    def fork(self, kind: str, files: list[int], memory_mb: int, beginning: str = "") -> Forked:
        """A child; see :class:`Forked`. A parent that has ended meanwhile is replaced.

        Raises:
            PlaybookError: there is none to be had.
        """
        try:
            child = Forked(self.connect(), kind, files, memory_mb, beginning)
        except ParentEnded:
            self._gone(self._address)
            child = Forked(self.connect(), kind, files, memory_mb, beginning)
        self._ready = True
        return child

    def _said(self) -> str:
        if self._log is None or self._log.closed:
            return ""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace").strip()[-600:]

    def _start(self) -> None:
        self._owner, self._ready = os.getpid(), False
        self._address = f"\0playbook-{secrets.token_hex(16)}"
        reader, self._lifeline = os.pipe()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the parent
        with listening(self._address) as listener:
            self._process = launch(
                listener, self.level, self.data, self._log, lifeline=reader, shows=self.shows
            )
        os.close(reader)

    def _gone(self, address: str) -> None:
        with self._lock:
            if self._address == address and self._owner == os.getpid():
                self._end()

    def _end(self) -> None:
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        self._address = ""
        if self._process is not None and self._owner == os.getpid():
            if not self._ready:
                self._process.terminate()  # still importing, it would notice only at its end
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
        if self._log is not None:
            self._log.close()

    def close(self) -> None:
        """End the parent and everything that it started."""
        with self._lock:
            self._end()


def shared_connection(level: str, data: Path | None, idle_s: float) -> socket.socket:
    """A connection to the warm parent that this user's Jupyter tools share; starts it if there is none.

    It ends by itself after `idle_s` seconds without a kernel, and a changed kit gets a fresh one.

    Raises:
        PlaybookError: it could not be started.
    """
    data = data or data_folder()
    address = f"\0playbook-{os.geteuid()}-{_fingerprint(level, data)}"
    for _ in range(2):
        try:
            return connected(address)
        except ConnectionRefusedError:
            pass
        try:
            with listening(address) as listener:
                launch(listener, level, data, subprocess.DEVNULL, idle_s=idle_s, cases=True).wait()
        except OSError:
            continue  # somebody else is starting it right now
    try:
        return connected(address)
    except OSError as error:
        raise did_not_start(str(error)) from None


@lru_cache
def _fingerprint(level: str, data: Path | None) -> str:
    """Tells apart the parents that may not stand in for one another."""
    import playbook

    package = Path(playbook.__file__).parent
    newest = max(path.stat().st_mtime_ns for path in package.rglob("*.py"))
    told = "|".join(map(str, (sys.executable, package, newest, level, data)))
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def connected(address: str) -> socket.socket:
    """A connection to an address at which this user, or root, listens.

    Raises:
        ConnectionRefusedError: nobody listens there, or somebody else does.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.connect(address)
        uid = linux.peer_uid(connection)
        if uid not in (os.geteuid(), 0):
            raise ConnectionRefusedError(f"user {uid} listens there")
    except OSError:
        connection.close()
        raise
    connection.settimeout(START_S)
    return connection


def listening(address: str) -> socket.socket:
    """A socket that listens at an address which is no file."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def did_not_start(said: str) -> PlaybookError:
    """The error for a warm parent that ended at once."""
    return PlaybookError(
        "the warm parent that runs notebooks did not start" + (f": {said}" if said else ""),
        remedy="Use a fresh kernel for each notebook instead (slower, and without a sandbox).",
    )


def launch(
    listener: socket.socket,
    level: str,
    data: Path | None,
    log: Any,
    lifeline: int | None = None,
    idle_s: float = 0,
    cases: bool = False,
    shows: bool = True,
) -> subprocess.Popen:
    """Start ``python -m playbook.running.warm.zygote`` on a listening socket.

    Args:
        listener: where it will be asked for children.
        level: see :mod:`playbook.running.warm.host`.
        data: data root.
        log: where its complaints go.
        lifeline: a pipe that ends it when closed; without one it detaches itself.
        idle_s: seconds without children after which it ends.
        cases: show the data root's cases to notebooks.
        shows: make it quick to show errors.
    """
    command = [sys.executable, "-m", "playbook.running.warm.zygote", "--listener", str(listener.fileno())]
    command += ["--level", level, "--idle", str(idle_s)]
    command += [] if data is None else ["--data", str(data)]
    command += ["--cases"] if cases else []
    command += [] if shows else ["--marking"]
    command += ["--detached"] if lifeline is None else ["--lifeline", str(lifeline)]
    environment = clean_environment() | {"MPLCONFIGDIR": matplotlib_folder()}
    if level == "open":
        environment = dict(os.environ) | _FORKABLE
    elif data is not None:
        environment["PLAYBOOK_DATA"] = str(data)
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=environment,
        cwd="/",
        pass_fds=[listener.fileno(), *([] if lifeline is None else [lifeline])],
        start_new_session=True,
    )


def matplotlib_folder() -> str:
    """Where this user's matplotlib keeps its list of fonts."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.environ.get("MPLCONFIGDIR") or os.path.join(cache, "matplotlib")


class ParentEnded(PlaybookError):
    """The warm parent is gone; another one can be started."""


class Forked:
    """One child of a warm parent, as its client sees it; closing it kills everything that it started.

    Args:
        connection: a fresh connection to the parent; it belongs to the child from here on.
        kind: ``"session"`` or ``"kernel"``.
        files: open files to hand in: the channel, the case's folder, and what the kind wants.
        memory_mb: what all its processes together may take.
        beginning: tells apart what notebooks begin with; then a third file says what to run, and a fourth is
            the case's folder once more (see
            :mod:`playbook.running.warm.beginning`). `begun` is True if the child has run it.

    Raises:
        ParentEnded: the parent is gone.
        PlaybookError: the parent has too many children.
    """

    def __init__(
        self, connection: socket.socket, kind: str, files: list[int], memory_mb: int, beginning: str = ""
    ):
        self.connection = connection
        self.returncode: int | None = None
        self.why = ""
        request: dict[str, Any] = {"fork": kind, "memory_mb": memory_mb}
        if beginning:
            request["beginning"] = beginning
        try:
            socket.send_fds(connection, [json.dumps(request).encode()], files)
            reply = json.loads(connection.recv(4096) or b"{}")
        except OSError:
            reply = {}
        if "pid" not in reply:
            connection.close()
            raise (PlaybookError if "error" in reply else ParentEnded)(
                f"no sandbox could be started: {reply}"
            )
        self.pid = int(reply["pid"])
        self.begun = bool(reply.get("begun"))

    def signal(self, number: int) -> None:
        """Send the child a signal."""
        with contextlib.suppress(OSError):
            self.connection.send(json.dumps({"signal": int(number)}).encode())

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        self.signal(signal.SIGINT)

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None if it lives on; `why` then says "memory" if that was the reason."""
        until = time.monotonic() + seconds
        while self.returncode is None:
            left = until - time.monotonic()
            readable = select.select([self.connection], [], [], max(left, 0))[0]
            if not readable:
                return None
            try:
                said = self.connection.recv(4096)
            except OSError:
                said = b""
            message = json.loads(said) if said else {"exit": -signal.SIGKILL, "why": "parent"}
            if "exit" in message:
                self.returncode, self.why = int(message["exit"]), str(message["why"])
        return self.returncode

    def close(self) -> None:
        """Hang up: the parent kills what is left."""
        self.connection.close()
