"""Start a warm parent, and ask it for children."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from playbook.errors import PlaybookError

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
    from playbook.cases import data_root

    root = Path(data_root())
    return root if root.is_dir() else None


class WarmParent:
    """A warm parent process and its address; started when first needed, ended with :meth:`close`.

    Safe to use from several threads, and from processes forked off this one.

    Args:
        level: the level of isolation, or "" for the strongest that the host allows.
        data: data root, or None for the package's own.
    """

    def __init__(self, level: str = "", data: Path | None = None):
        self.level, self.data = level, data
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._address = ""
        self._lifeline = -1
        self._log: Any = None
        self._owner = os.getpid()

    def about(self) -> dict[str, Any]:
        """What the parent can do: ``level`` and, for each stronger level, why it is ``missing``."""
        connection = self.connect()
        try:
            connection.send(json.dumps({"about": 1}).encode())
            return json.loads(self._reply(connection))
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        """A connection for one child; starts the parent if there is none.

        Raises:
            PlaybookError: it cannot be started.
        """
        for _ in range(2):
            with self._lock:
                if not self._address:
                    self._start()
                address = self._address
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                connection.connect(address)
            except OSError:
                connection.close()
                self._gone(address)
                continue
            connection.settimeout(START_S)
            return connection
        raise self._failed()

    def _reply(self, connection: socket.socket) -> bytes:
        with contextlib.suppress(OSError):
            if reply := connection.recv(1 << 16):
                return reply
        raise self._failed()

    def _failed(self) -> PlaybookError:
        said = ""
        if self._log is not None and not self._log.closed:
            with contextlib.suppress(OSError, ValueError):
                self._log.seek(0)
                said = self._log.read().decode("utf-8", "replace").strip()[-600:]
        return PlaybookError(
            "the warm parent that runs notebooks did not start" + (f": {said}" if said else ""),
            remedy="Run again with --slow to use a fresh kernel for each notebook instead.",
        )

    def _start(self) -> None:
        self._owner = os.getpid()
        self._address, listener = listening_socket(secrets.token_hex(16))
        reader, self._lifeline = os.pipe()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the parent
        self._process = launch(listener, self.level, self.data, self._log, lifeline=reader)
        os.close(reader)
        listener.close()

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
            try:
                self._process.wait(5)
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


def listening_socket(name: str) -> tuple[str, socket.socket]:
    """An address that is no file, and a socket bound to it."""
    address = f"\0playbook-{name}"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(address)
    listener.listen(128)
    return address, listener


def launch(
    listener: socket.socket,
    level: str,
    data: Path | None,
    log: Any,
    lifeline: int | None = None,
    idle_s: float = 0,
) -> subprocess.Popen:
    """Start ``python -m playbook.grading.warm.zygote`` on a listening socket."""
    data = data or data_folder()
    command = [sys.executable, "-m", "playbook.grading.warm.zygote", "--listener", str(listener.fileno())]
    command += ["--level", level, "--idle", str(idle_s)]
    command += [] if data is None else ["--data", str(data)]
    files = [listener.fileno()]
    if lifeline is not None:
        command += ["--lifeline", str(lifeline)]
        files.append(lifeline)
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
        pass_fds=files,
        start_new_session=True,
    )


def matplotlib_folder() -> str:
    """Where this user's matplotlib keeps its list of fonts."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.environ.get("MPLCONFIGDIR") or os.path.join(cache, "matplotlib")


class Forked:
    """One child of a warm parent, as its client sees it; closing it kills everything that it started.

    Args:
        connection: a fresh connection to the parent; it belongs to the child from here on.
        kind: ``"session"`` or ``"kernel"``.
        files: open files to hand in: the channel, the case's folder, and what the kind wants.
        memory_mb: what all its processes together may take.

    Raises:
        PlaybookError: the parent ended, or has too many children.
    """

    def __init__(self, connection: socket.socket, kind: str, files: list[int], memory_mb: int):
        self.connection = connection
        self.returncode: int | None = None
        self.why = ""
        try:
            socket.send_fds(connection, [json.dumps({"fork": kind, "memory_mb": memory_mb}).encode()], files)
            reply = json.loads(connection.recv(4096) or b"{}")
        except OSError as error:
            reply = {"error": str(error)}
        if "pid" not in reply:
            connection.close()
            raise PlaybookError(f"no sandbox could be started: {reply.get('error', 'the warm parent ended')}")
        self.pid = int(reply["pid"])

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


def peer_uid(connection: socket.socket) -> int:
    """The user id of whoever listens or calls at the other end."""
    return struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1]
