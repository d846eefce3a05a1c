"""Become an IPython kernel on sockets that the client has opened: the sandbox itself can open none."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import sys
from typing import Any

import comm
import zmq
from ipykernel import ipkernel, kernelapp
from ipykernel.control import ControlThread
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.shellchannel import ShellChannelThread
from traitlets import Type

from playbook.running.warm import wire
from playbook.running.warm.interpreter import SessionShell
from playbook.running.warm.sandbox import Place

#: The order in which a client hands in its listening sockets.
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class ForkedKernel(IPythonKernel):
    """A kernel that takes over the shell which the warm parent has made."""

    shell_class = Type(SessionShell)


class ForkedKernelApp(IPKernelApp):
    """A kernel whose listening sockets, key and session come from the client instead of a file."""

    kernel_class = Type(ForkedKernel)

    listeners: dict[str, int]
    told: dict[str, Any]

    def init_connection_file(self) -> None:
        """There is none: everything in it has been handed over."""
        self.session.key = self.told["key"].encode()
        self.session.signature_scheme = self.told["signature_scheme"]

    def write_connection_file(self, **_: Any) -> None:
        """The client has its own."""

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Making the parser takes a quarter of a kernel's start, and there is rarely anything to parse."""
        if argv:
            super().parse_command_line(argv)

    def init_profile_dir(self) -> None:
        """There is no profile in a scratch folder, nor configuration, nor files to run first."""
        self.profile_dir = None

    def init_config_files(self) -> None:
        """None."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """None."""

    def _run_startup_files(self) -> None:
        """None."""

    def init_poller(self) -> None:
        """The warm parent ends this process when its client goes."""

    def init_crash_handler(self) -> None:
        """Nobody would read it."""

    def log_connection_info(self) -> None:
        """The client knows."""
        self._ports = {channel: 1 for channel in CHANNELS}

    def _bind_socket(self, s: Any, port: int) -> int:
        channel = next(name for name in CHANNELS if getattr(self, f"{name}_socket", None) is s)
        return _adopt(s, self.listeners[channel])

    def init_control(self, context: Any) -> None:
        """As in the base class, without the debugger's line to this kernel's own shell socket."""
        self.control_socket = context.socket(zmq.ROUTER)
        self.control_socket.linger = 1000
        self._bind_socket(self.control_socket, 1)
        self.debugpy_socket = context.socket(zmq.STREAM)
        self.debug_shell_socket = context.socket(zmq.DEALER)
        self.control_socket.router_handover = 1
        self.control_thread = ControlThread(daemon=True)
        self.shell_channel_thread = ShellChannelThread(context, daemon=True)

    def init_heartbeat(self) -> None:
        """Answer the client's pings."""
        self.hb_port = 1
        self.heartbeat = _AdoptedHeartbeat(self.listeners["hb"])
        self.heartbeat.start()


class _AdoptedHeartbeat(Heartbeat):
    def __init__(self, listener: int):
        super().__init__(zmq.Context(), ("ipc", "kernel", 1))
        self._listener = listener

    def _bind_socket(self) -> None:
        _adopt(self.socket, self._listener)


def _adopt(s: Any, listener: int) -> int:
    """Accept connections on a socket that listens already; returns a stand-in for its port."""
    s.setsockopt(zmq.USE_FD, listener)
    s.bind(f"ipc://kernel-{listener}")
    return 1


def _without_pipe(*args: Any, **kwargs: Any) -> IOPubThread:
    """The pipe for prints of forked processes is a TCP port; libzmq aborts where there can be none."""
    return IOPubThread(*args, **{**kwargs, "pipe": False})


def run_kernel(orders: dict[str, Any], place: Place, channel: socket.socket, listeners: list[int]) -> int:
    """Serve a client until it hangs up.

    Args:
        orders: ``kernel`` holds the arguments of the command line, ``key`` and ``signature_scheme``.
        place: where the sandbox works.
        channel: connected to the client, which waits there for the sign that it may connect.
        listeners: listening sockets in the order of `CHANNELS`.
    """
    told = orders["kernel"]
    shell = SessionShell.instance()
    del shell.ask_exit
    comm.create_comm = ipkernel._create_comm
    random.seed()
    kernelapp.IOPubThread = _without_pipe
    sys.argv = ["ipykernel_launcher", *told["arguments"]]
    app = ForkedKernelApp.instance()
    app.parent_handle = 1
    app.told = told
    app.listeners = dict(zip(CHANNELS, listeners, strict=True))
    app.transport, app.ip = "ipc", "kernel"
    for name in CHANNELS:
        setattr(app, f"{name}_port", 1)
    app.initialize([one for one in told["arguments"] if not one.startswith("--HistoryManager.")])
    shell.kernel = app.kernel
    channel.sendall(wire.encode({"layers": place.layers, "level": place.level}))
    with contextlib.suppress(OSError):
        os.set_inheritable(channel.fileno(), False)
    app.start()
    return 0
