"""Run a notebook's cells in this process, as a Jupyter kernel would, without the message protocol.

The shell is ipykernel's own, so displays, magics and tracebacks are the same; only where messages go differs.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import getpass
import json
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from types import CodeType, MethodType, SimpleNamespace
from typing import Any

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import XCachingCompiler
from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQDisplayPublisher, ZMQInteractiveShell
from IPython.core.error import UsageError
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

from playbook.running.extract import export_answer
from playbook.running.warm import wire
from playbook.running.warm.recorder import Recorder, Spill, Stream

#: What may be a magic, a command, a request for help, a prompt or an `await`, or a line that IPython would change.
_UNUSUAL = re.compile(
    r"[?\r\f\v\x1c-\x1e\x85\u2028\u2029]|\bawait\b|\basync\b|^[ \t]+$|^[ \t]*(?:[%!,;/]|>>>|\.\.\.|In \[)|=[ \t]*[%!](?!=)",
    re.MULTILINE,
)
#: A line alone that IPython takes for Python, whatever magics and callables are called: it gives a name a value.
_BINDS = re.compile(r"(?!exit\b|quit\b)[A-Za-z_]\w*[ \t]*=(?!=)")
#: What compiling a cell may raise; a warning, where the notebook has made them errors.
_NO_PYTHON = (SyntaxError, ValueError, TypeError, OverflowError, MemoryError, RecursionError, Warning)
#: Transformations that IPython makes by itself: of whole cells, of lines, of tokens.
_TRANSFORMS = [4, 1, 4]


class _DisplayHook(ZMQShellDisplayHook):
    """Shows a cell's last value to whatever takes messages."""

    session = AnyTrait()

    def quiet(self) -> bool:
        """As IPython says, which reads the whole cell again to see whether it ends in a semicolon."""
        cells = self.shell.history_manager.input_hist_parsed
        return bool(cells) and ";" in cells[-1] and super().quiet()


class _DisplayPublisher(ZMQDisplayPublisher):
    """Publishes displays to whatever takes messages."""

    session = AnyTrait()


class SessionShell(ZMQInteractiveShell):
    """ipykernel's shell with a recorder in place of a message session."""

    displayhook_class = Type(_DisplayHook)
    display_pub_class = Type(_DisplayPublisher)
    recorder: Recorder
    quiet = False
    _looked_at: tuple[str, str, bool] | None = None

    def is_plain(self, source: str) -> bool:
        """Whether a cell is Python as it stands, without magics, prompts, help or `await`: nothing to be transformed."""
        if not self._as_made():
            return False
        is_line = "\n" not in source.strip("\n")
        if is_line and not _BINDS.match(source):
            return False
        return not source[0].isspace() and not _UNUSUAL.search(source)

    def _as_made(self) -> bool:
        """Whether nobody has changed how cells are transformed."""
        manager = self.input_transformer_manager
        found = [
            len(manager.cleanup_transforms),
            len(manager.line_transforms),
            len(manager.token_transformers),
        ]
        return found == _TRANSFORMS and not self.input_transformers_post

    def look_at(self, source: str) -> tuple[bool, dict[str, Any]]:
        """Whether a cell is to be awaited, and what else is known of it; kept for when it runs."""
        self._looked_at, problem = None, None
        try:
            transformed = self.transform_cell(source)
        except Exception:
            transformed, problem = source, sys.exc_info()
        told = {"transformed_cell": transformed, "preprocessing_exc_tuple": problem}
        is_async = self.should_run_async(source, **told)
        if problem is None:
            self._looked_at = source, transformed, is_async
        return is_async, told

    def transform_cell(self, raw_cell: str) -> str:
        """As IPython does, once a cell."""
        if self._looked_at and self._looked_at[0] == raw_cell:
            return self._looked_at[1]
        if self.is_plain(raw_cell):
            return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"
        return super().transform_cell(raw_cell)

    def should_run_async(self, raw_cell: str, **told: Any) -> bool:
        """As IPython does, once a cell."""
        if self._looked_at and self._looked_at[0] == raw_cell:
            return self._looked_at[2]
        if self.is_plain(raw_cell):
            return False
        return super().should_run_async(raw_cell, **told)

    def as_python(self, source: str) -> CodeType | None:
        """A cell that is Python as it stands, compiled; None where IPython would do more than run it, or say why not."""
        if self.ast_transformers or not self.is_plain(source):
            return None
        try:
            tree = self.compile.ast_parse(source if source.endswith("\n") else source + "\n", "<cell>")
            return self.compile(tree, "<cell>", "exec")
        except _NO_PYTHON:
            return None

    def run_python(self, source: str, code: CodeType, counts: bool) -> ExecutionResult:
        """Run a compiled cell as IPython does, without its history and its displays."""
        self._last_traceback_during_displayhook = False
        info = ExecutionInfo(source, counts, False, True, None, transformed_cell=source)
        result = ExecutionResult(info)
        result.execution_count = self.execution_count
        self.execution_count += counts
        try:
            self.events.trigger("pre_execute")
            self.events.trigger("pre_run_cell", info)
            with self.builtin_trap, self.display_trap:
                exec(code, self.user_global_ns, self.user_ns)
        except BaseException as error:
            result.error_in_exec = error
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return result

    def _format_exception_for_storage(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """IPython keeps every error in its history besides showing it; in marking mode nobody reads that."""
        return {} if self.quiet else super()._format_exception_for_storage(*args, **kwargs)

    def enable_gui(self, gui: Any = None) -> None:
        """Only the inline figures of notebooks exist in a session."""
        if isinstance(self.kernel, Kernel):
            super().enable_gui(gui)
            return
        if gui:
            raise UsageError(f"Cannot start the {gui} event loop here")
        self.active_eventloop = None

    def _tee(self, channel: str) -> contextlib.AbstractContextManager[None]:
        """IPython keeps all output in its history besides showing it: a flood would fill the memory."""
        return contextlib.nullcontext()

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Show an error; in marking mode nobody would see it, so only note it."""
        if not self.quiet:
            super().showtraceback(exc_tuple, *args, **kwargs)
            return
        with contextlib.suppress(ValueError):
            sys.last_type, sys.last_value, sys.last_traceback = self._get_exc_info(exc_tuple)
        self._last_traceback = []

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """As for other errors."""
        if self.quiet:
            self.showtraceback()
        else:
            super().showsyntaxerror(*args, **kwargs)


# Libraries ask for the shell's class by name to find out that they are in a notebook.
SessionShell.__name__ = SessionShell.__qualname__ = ZMQInteractiveShell.__name__
SessionShell.__module__ = ZMQInteractiveShell.__module__


class _SessionComm(BaseComm):
    """A widget's line to a browser that is not there; notes which Output widget captures what is shown."""

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any
    ) -> None:
        """Follow an Output widget as it starts and stops to capture."""
        state = data.get("state", {}) if isinstance(data, dict) else {}
        if "msg_id" in state and SessionShell.initialized():
            captured_by = SessionShell.instance().recorder.captured_by
            if state["msg_id"]:
                captured_by.append(self.comm_id)
            elif self.comm_id in captured_by:
                captured_by.remove(self.comm_id)


def make_shell() -> SessionShell:
    """The one shell of this process. Made in the warm parent, used in its children."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    shell = SessionShell.instance(config=config, compiler_class=XCachingCompiler)
    recorder = shell.recorder = Recorder()
    for part in (shell.displayhook, shell.display_pub):
        part.session, part.pub_socket, part.topic = recorder, object(), b""
    request = {"header": {"msg_id": "cell"}}
    shell.kernel = SimpleNamespace(eventloop=None, session=recorder, get_parent=lambda *_: request)
    shell.ask_exit = lambda: None
    comm.create_comm = _SessionComm
    shell.extension_manager.load_extension("storemagic")
    from matplotlib_inline import backend_inline

    backend_inline._enable_matplotlib_integration()
    return shell


class Session:
    """Serves one notebook's cells and answers over a channel.

    Args:
        channel: connected to the grader; None as long as the notebook only begins (see
            :mod:`playbook.running.warm.beginning`).
        shell: the shell made by the warm parent.
        scratch: the folder that may be written to.

    Attributes:
        direct: nobody looks at what cells show, nor the notebook at how they are run: plain ones run as plain Python.
        answers_room: characters of answers, as JSON, that will still be taken.
    """

    def __init__(self, channel: socket.socket | None, shell: SessionShell, scratch: str):
        self.channel, self.shell = channel, shell
        self.direct, self.answers_room = False, 0
        self.recorder = shell.recorder
        self.spill = Spill(self.recorder, scratch)
        sys.stdout = Stream(self.recorder, "stdout", 1)
        sys.stderr = Stream(self.recorder, "stderr", 2)
        shell.quiet = not self.recorder.wanted
        for installer in ("pip", "conda", "mamba", "micromamba", "uv"):
            shell.register_magic_function(_install_nothing, "line", installer)

    def serve(self) -> None:
        """Answer until the grader hangs up."""
        assert self.channel is not None
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self.channel.setblocking(False)
        with contextlib.suppress(wire.Closed, ConnectionError):
            loop.run_until_complete(self._serve(loop))

    async def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        own = os.getpid()
        while True:
            message, number = await wire.receive(self.channel)
            for one in message["all"]:
                reply = await self._reply(one)
                if (
                    os.getpid() != own
                ):  # a child that the notebook forked came out of its cell: only one process answers
                    os._exit(0)
                await loop.sock_sendall(self.channel, wire.encode(reply, number))
                number += 1

    async def _reply(self, asked: dict[str, Any]) -> str:
        if "run" in asked:
            return await self.cell(asked["run"])
        if "reopen" in asked:
            return self._reopen(asked["reopen"])
        return self._answer(asked)

    def _answer(self, message: dict[str, Any]) -> str:
        namespace, name = self.shell.user_ns, message["take"]
        try:
            with self._interruptible():
                answer = export_answer(namespace, name, message["arguments"], max(self.answers_room, 0))
        except BaseException as error:  # an interrupt between the last step and here
            answer = json.dumps({"t": "raised", "error": type(error).__name__[:80], "message": ""})
        self.answers_room -= len(answer)
        return answer

    def _reopen(self, source: str) -> str:
        """Run a first cell again, as it was handed in, in the place of the one that the notebook has begun with."""
        shell = self.shell
        history = shell.history_manager
        released = history.input_hist_raw[1]
        with self._no_input(), self._interruptible():
            try:
                result = self._directly(source, False) or shell.run_cell(source, store_history=False)
                ok = bool(result.success)
            except BaseException:
                ok = False
        history.input_hist_parsed[1] = history.input_hist_raw[1] = shell.user_ns["_i1"] = source.rstrip("\n")
        for names in (vars(history), shell.user_ns):
            for name in ("_i00", "_i", "_ii", "_iii"):
                if names.get(name) == released:
                    names[name] = source.rstrip("\n")
        return json.dumps({"ok": ok})

    async def cell(self, source: str) -> str:
        """Run a cell; the reply to it as JSON."""
        with self._no_input(), self._interruptible():
            try:
                result = await self._execute(source)
                error = (
                    result.error_before_exec if result.error_before_exec is not None else result.error_in_exec
                )
                ok = bool(result.success) and not self.shell._last_traceback_during_displayhook
            except BaseException as caught:  # an interrupt between the cell's last step and here
                error, ok = caught, False
        self.spill.collect()
        reply = {
            "ok": ok,
            "name": "" if ok else type(error).__name__,
            "value": "" if ok else _text(error),
            "count": self.shell.execution_count - 1,
            "messages": self.recorder.take(),
        }
        return json.dumps(reply, default=repr)

    def _directly(self, source: str, counts: bool = True) -> ExecutionResult | None:
        """Run a cell as plain Python; None, and nothing was run, where it is to go through IPython."""
        code = self.shell.as_python(source) if self.direct else None
        return None if code is None else self.shell.run_python(source, code, counts)

    async def _execute(self, source: str) -> Any:
        shell = self.shell
        if result := self._directly(source):
            return result
        is_async, told = shell.look_at(source)
        if not is_async:
            return shell.run_cell(source, store_history=True)
        task = asyncio.ensure_future(shell.run_cell_async(source, store_history=True, **told))
        loop = asyncio.get_running_loop()
        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(task.cancel))
        result = None
        try:
            result = await task
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    @contextlib.contextmanager
    def _no_input(self) -> Iterator[None]:
        saved = builtins.input, getpass.getpass
        nobody = SimpleNamespace(_allow_stdin=False)
        builtins.input, getpass.getpass = (
            MethodType(Kernel.raw_input, nobody),
            MethodType(Kernel.getpass, nobody),
        )
        try:
            yield
        finally:
            builtins.input, getpass.getpass = saved


def _install_nothing(line: str) -> None:
    """Stand in for the magics that install packages."""
    print(
        "Nothing is installed here: this notebook is being run without a network. The libraries that the exercises "
        f"use are all there. Left out: {line[:200]}"
    )


def _text(error: BaseException | None) -> str:
    try:
        return str(error)[:2000]
    except BaseException:
        return ""
