"""The Jupyter kernel provisioner ``playbook-warm``: kernels are forks of a warm parent.

A kernelspec that names it is all it takes; nbclient, ``nbconvert --execute``, pytest-notebook, jupyter-cache and
JupyterLab use it unmodified.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Float, Integer, Unicode

from playbook.errors import PlaybookError
from playbook.running.runner import Limits
from playbook.running.warm.client import ready_at_once
from playbook.running.warm.host import SANDBOXED
from playbook.running.warm.spawn import Forked, clean_environment, data_folder, shared_connection
from playbook.running.warm.wire import Channel, Closed

#: The order of :data:`playbook.running.warm.kernel.CHANNELS`.
_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
_START_S = 120.0


class _Process:
    """A fork of the warm parent, looking like a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, forked: Forked):
        self._forked = forked
        self.pid = forked.pid

    @property
    def returncode(self) -> int | None:
        return self._forked.returncode

    def fileno(self) -> int:
        """Readable when the process has ended."""
        return self._forked.connection.fileno()

    def poll(self) -> int | None:
        """The exit code, None while it lives."""
        return self._forked.wait(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        code = self._forked.wait(_START_S if timeout is None else timeout)
        if code is None:
            raise subprocess.TimeoutExpired("a forked kernel", timeout or _START_S)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        if self.poll() is None:
            self._forked.signal(number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Hang up."""
        self._forked.close()


class WarmProvisioner(LocalProvisioner):
    """Starts kernels as forks of a warm parent that this user's Jupyter tools share.

    A sandboxed kernel sees Python, this package and the course's data, works in a scratch folder of its own, and
    finds the folder that the environment variable ``PLAYBOOK_CASE`` names as its case.
    """

    level = Unicode(
        "sandbox",
        config=True,
        help='"sandbox": the strongest isolation the host allows, and an error if there is none; '
        '"open": no isolation, for an author\'s own pages; or a level by name.',
    )
    idle_s = Float(90, config=True, help="Seconds without a kernel after which the warm parent ends.")
    memory_mb = Integer(1024, config=True, help="Memory of one kernel and all that it starts.")
    notebook_s = Integer(3600, config=True, help="Seconds of computing time per kernel, halved.")

    forked: Forked | None = None
    _folder: str | None = None
    _listeners: tuple[socket.socket, ...] = ()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Let client and kernel talk over sockets in a private folder, opened here."""
        manager = self.parent
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="playbook-k")
            manager.transport, manager.ip, manager.cache_ports = "ipc", f"{self._folder}/k", False
        kwargs = await super().pre_launch(**kwargs)
        self._close_listeners()
        self._listeners = tuple(_listen(f"{manager.ip}-{self.connection_info[port]}") for port in _PORTS)
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Fork, and return when the kernel listens."""
        env = dict(kwargs.get("env") or os.environ)
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        try:
            with theirs:
                connection = await asyncio.to_thread(
                    shared_connection, "" if self.level == "sandbox" else self.level, None, self.idle_s
                )
                case = _open_case(env, theirs)
                try:
                    files = [theirs.fileno(), case, *(s.fileno() for s in self._listeners)]
                    self.forked = await asyncio.to_thread(Forked, connection, "kernel", files, self.memory_mb)
                finally:
                    os.close(case)
            channel.send(self._orders(cmd, env, kwargs.get("cwd")), _START_S)
            await self._ready(channel)
        except BaseException:
            await self.cleanup()
            raise
        finally:
            channel.close()
            self._close_listeners()
        self.process = _Process(self.forked)
        self.pid, self.pgid, self.cwd = self.process.pid, None, kwargs.get("cwd") or os.getcwd()
        manager = self.parent
        manager.client_factory = ready_at_once(manager.client_factory)
        return self.connection_info

    def _orders(self, cmd: list[str], env: dict[str, str], cwd: Any) -> dict[str, Any]:
        limits = Limits(memory_mb=self.memory_mb, notebook_s=self.notebook_s, processes=64)
        key = self.connection_info["key"]
        kernel = {
            "arguments": _arguments(cmd),
            "key": key.decode() if isinstance(key, bytes) else key,
            "signature_scheme": self.connection_info["signature_scheme"],
        }
        orders: dict[str, Any] = {"limits": dataclasses.asdict(limits), "kernel": kernel, "seed": None}
        if self.level == "open":
            env.pop("JPY_PARENT_PID", None)
            return {**orders, "env": env, "case": False, "cwd": str(cwd or os.getcwd())}
        data = data_folder()
        kept = clean_environment() | ({"PLAYBOOK_DATA": str(data)} if data else {})
        return {**orders, "env": kept, "case": bool(env.get("PLAYBOOK_CASE"))}

    async def _ready(self, channel: Channel) -> None:
        try:
            said = await asyncio.to_thread(channel.receive_message, _START_S, 1 << 16)
        except (Closed, TimeoutError) as error:
            raise PlaybookError(f"the kernel did not start: {error}") from None
        problem = said.get("problem", "")
        if not problem and self.level == "sandbox" and said.get("level") not in SANDBOXED:
            problem = "this host offers no sandbox"
        if problem:
            self.forked.close()
            raise PlaybookError(problem, remedy="Choose the level `open` for notebooks that you trust.")

    async def _ended(self) -> None:
        """Return when the process has ended, without asking again and again."""
        loop = asyncio.get_running_loop()
        while self.process is not None and self.process.poll() is None:
            said = asyncio.Event()
            descriptor = self.process.fileno()
            loop.add_reader(descriptor, said.set)
            try:
                await said.wait()
            finally:
                loop.remove_reader(descriptor)

    async def wait(self) -> int | None:
        """Wait for the process."""
        await self._ended()
        code = self.process.wait(0) if self.process is not None else 0
        if self.process is not None:
            self.process.close()
        self.process = None
        return code

    async def kill(self, restart: bool = False) -> None:
        """End the process, and return when it has ended."""
        await super().kill(restart)
        await self._ended()

    async def shutdown_requested(self, restart: bool = False) -> None:
        """There is nothing in a fork that a graceful end would save."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Hang up, and remove the sockets' folder."""
        self._close_listeners()
        if self.forked is not None and not restart:
            self.forked.close()
        if not restart and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _close_listeners(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._listeners = ()


def _listen(path: str) -> socket.socket:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(32)
    return listener


def _open_case(env: dict[str, str], stand_in: socket.socket) -> int:
    """The folder of the case, or any open file where there is none."""
    if env.get("PLAYBOOK_CASE"):
        return os.open(Path(env["PLAYBOOK_CASE"]), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    return os.dup(stand_in.fileno())


def _arguments(cmd: list[str]) -> list[str]:
    """The kernel's own arguments in a command: what follows the module, without the connection file."""
    rest = cmd[cmd.index("-m") + 2 :] if "-m" in cmd else cmd[1:]
    if "-f" in rest:
        place = rest.index("-f")
        rest = rest[:place] + rest[place + 2 :]
    return rest
