"""The slow way that every host can go: a fresh Jupyter kernel per notebook, and no sandbox."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import logging
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from playbook.running.claims import Claims
from playbook.running.outputs import coalesced
from playbook.running.runner import (
    CellRun,
    Job,
    Run,
    UnreadableNotebook,
    code_cells,
    executed_copy,
    output_cut,
)

#: Seconds after an interrupt before a cell that goes on is given up.
GRACE_S = 3.0
#: Seconds that a kernel may take to come up, and to load what its answers are taken out with.
START_S = 60

#: Environment that a kernel keeps: what it takes to start a process, and nothing that may be a secret.
_KEPT = ("PATH", "SYSTEMROOT", "WINDIR", "COMSPEC", "LD_LIBRARY_PATH", "PLAYBOOK_DATA", "JUPYTER_PATH")

_OUTPUT_MESSAGES = ("stream", "display_data", "execute_result", "error", "update_display_data")

#: As in the warm runner: chance starts from the same place on each run, `exit()` ends a cell but not the run, and a
#: child that a notebook has forked ends with its cell and replies to nothing, so that only one process answers.
#: What takes answers out is loaded first: an interrupt that hits a module half loaded would spoil every later answer.
_PRELUDE = """
def _prepare(shell):
    import os, random, numpy, pandas, playbook.running.extract
    random.seed(0), numpy.random.seed(0)
    shell.ask_exit = lambda: None
    own, leave, pid = os.getpid(), os._exit, os.getpid
    shell.events.register("post_execute", lambda: None if pid() == own else leave(0))
    session = shell.kernel.session
    send = session.send
    def send_as_parent(stream, said, *more, **told):
        return leave(0) if pid() != own and str(said).endswith("_reply") else send(stream, said, *more, **told)
    session.send = send_as_parent
_prepare(get_ipython())
del _prepare
"""

_EXPORT = (
    "__import__('playbook.running.extract', fromlist=['export_answer'])"
    ".export_answer(get_ipython().user_ns, {name!r}, {arguments!r}, {room!r})"
)


class _Stuck(Exception):
    """A cell ignored its interrupt, or the notebook's time is up."""


def copy_case(case: Path, target: Path) -> None:
    """Copy a case's files to a place whose name says nothing about which case it is."""
    target.mkdir()
    for source in sorted(Path(case).iterdir()):
        if source.is_file() and not source.is_symlink():
            shutil.copyfile(source, target / source.name)


class KernelRunner:
    """Runs each notebook in a kernel of its own through nbclient; isolates nothing but the process.

    Args:
        kernel_name: an installed kernelspec whose environment holds this package.
    """

    def __init__(self, kernel_name: str = "python3"):
        self.kernel_name = kernel_name

    def run(self, job: Job) -> Run:
        """Run one job; see :class:`playbook.running.runner.Runner`."""
        start = time.monotonic()
        try:
            cells = list(code_cells(job.notebook))
        except UnreadableNotebook as problem:
            return Run(reason=f"unreadable notebook: {problem}")
        with tempfile.TemporaryDirectory(prefix="playbook-", ignore_cleanup_errors=True) as folder:
            run = _KernelRun(job, cells, Path(folder), self.kernel_name)
            reason = run.go()
        notebook = executed_copy(job.notebook, run.outputs) if job.figures and not reason else None
        seconds = time.monotonic() - start
        if reason:
            return Run(cells=tuple(run.cells), reason=reason, seconds=seconds)
        claims = run.claims
        return Run(claims.answers, claims.returned, tuple(run.cells), notebook, (), "", seconds)


class _KernelRun:
    """One notebook on its way through a kernel."""

    def __init__(self, job: Job, cells: list[tuple[int, str]], folder: Path, kernel_name: str):
        self.job, self.sources, self.folder, self.kernel_name = job, cells, folder, kernel_name
        self.cells: list[CellRun] = []
        self.outputs: dict[int, tuple[int, list]] = {}
        self.claims = Claims(job.limits.answers_kb)
        self.deadline = time.monotonic() + job.limits.notebook_s

    def go(self) -> str:
        """Run everything and return the reason why it could not be run, or ""."""
        from nbclient.exceptions import DeadKernelError

        try:
            asyncio.run(self._all())
        except _Stuck:
            return "timeout"
        except DeadKernelError:
            return "dead kernel"
        except OSError as error:  # a kernel that is too slow to start has no message of its own
            return f"no kernel: {str(error) or type(error).__name__}"
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            return "dead kernel"  # what it said is no message: a notebook has broken the kernel's own tools
        except RuntimeError as error:
            return "dead kernel" if "died" in str(error) else f"no kernel: {error}"
        return ""

    def _environment(self) -> dict[str, str]:
        import matplotlib

        copy_case(self.job.case, self.folder / "case")
        (self.folder / "work").mkdir()
        kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
        home = str(self.folder / "work")
        return kept | {
            "PLAYBOOK_CASE": str(self.folder / "case"),
            "HOME": home,
            "USERPROFILE": home,
            "TMPDIR": home,
            "IPYTHONDIR": str(self.folder / "ipython"),
            "MPLCONFIGDIR": str(matplotlib.get_cachedir()),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONHASHSEED": "0",
            "OMP_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }

    async def _all(self) -> None:
        client = _client(self.sources, self.job, self.kernel_name)
        client.create_kernel_manager()
        try:
            environment = await asyncio.to_thread(self._environment)
            away = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await client.async_start_new_kernel(env=environment, cwd=str(self.folder / "work"), **away)
            await client.async_start_new_kernel_client()
            await self._reply(client, client.kc.execute(_PRELUDE, silent=True), START_S)
            for position, (index, _) in enumerate(self.sources):
                await self._cell(client, position, index)
            self._keep_outputs(client)
            for name in self.job.answers:
                await self._export(client, name)
        finally:
            with contextlib.suppress(RuntimeError, OSError):
                if client.km is not None:
                    await client.km.shutdown_kernel(now=True)
                    await client.km.cleanup_resources()
                if client.kc is not None:
                    client.kc.stop_channels()

    async def _within(self, awaitable: Any, seconds: float) -> Any:
        left = min(seconds, self.deadline - time.monotonic())
        task = asyncio.ensure_future(awaitable)
        done, _ = await asyncio.wait({task}, timeout=max(left, 0.001))
        if done:
            return task.result()
        from nbclient.exceptions import DeadKernelError

        task.cancel()  # which nbclient takes for a dead kernel
        with contextlib.suppress(asyncio.CancelledError, DeadKernelError):
            await task
        raise _Stuck

    async def _cell(self, client: Any, position: int, index: int) -> None:
        cell, limit = client.nb.cells[position], self.job.limits.cell_s
        client.reply = None
        start = time.monotonic()
        await self._within(client.async_execute_cell(cell, position), limit + GRACE_S)
        seconds = time.monotonic() - start
        content = (client.reply or {}).get("content", {})
        ok = content.get("status") == "ok"
        name = "" if ok else str(content.get("ename", "Aborted"))
        value = "" if ok else str(content.get("evalue", ""))
        timed_out = name == "KeyboardInterrupt" and seconds >= limit
        self.cells.append(CellRun(index, ok, name, value, seconds, timed_out))

    def _keep_outputs(self, client: Any) -> None:
        for (index, _), cell in zip(self.sources, client.nb.cells, strict=True):
            self.outputs[index] = (cell.get("execution_count"), coalesced([dict(o) for o in cell.outputs]))

    async def _export(self, client: Any, name: str) -> None:
        calls = self.job.calls.get(name)
        arguments = None if calls is None else [list(call) for call in calls]
        code = _EXPORT.format(name=name, arguments=arguments, room=self.claims.max_chars)
        message = client.kc.execute("", silent=True, store_history=False, user_expressions={"answer": code})
        try:
            reply = await self._reply(client, message, self.job.limits.cell_s)
        except TimeoutError:
            await client.km.interrupt_kernel()
            with contextlib.suppress(TimeoutError):
                await self._reply(client, message, GRACE_S)
                self.claims.timed_out(name)
                return
            raise _Stuck from None
        found = reply["content"].get("user_expressions", {}).get("answer", {})
        try:  # the reply shows the repr of a text; anything else has been tampered with
            text = ast.literal_eval(found["data"]["text/plain"])
        except (KeyError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
            text = ""
        self.claims.take(name, text if isinstance(text, str) else "", calls)

    async def _reply(self, client: Any, message: str, seconds: float) -> dict[str, Any]:
        from queue import Empty

        from nbclient.exceptions import DeadKernelError

        until = time.monotonic() + seconds
        while (left := min(until, self.deadline) - time.monotonic()) > 0:
            try:
                reply = await client.kc.get_shell_msg(timeout=min(left, 1.0))
            except Empty:
                if not await client.km.is_alive():
                    raise DeadKernelError("the kernel died") from None
                continue
            if reply["parent_header"].get("msg_id") == message:
                return reply
        raise TimeoutError


def _client(sources: list[tuple[int, str]], job: Job, kernel_name: str) -> Any:
    """A notebook client that keeps the last reply and takes no more output than the job allows."""
    from nbclient import NotebookClient
    from nbformat import ValidationError
    from nbformat.v4 import new_code_cell, new_notebook

    class CappedClient(NotebookClient):
        reply: dict[str, Any] | None = None
        room = job.limits.output_kb * 1024

        def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
            if msg["msg_type"] not in _OUTPUT_MESSAGES:
                return super().process_message(msg, cell, cell_index)
            try:
                return self._output(msg, cell, cell_index)
            except (ValidationError, KeyError, TypeError, ValueError, AttributeError):
                return None  # a display that no notebook can hold is not shown, and costs no answer

        def _output(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
            if self.room <= 0:
                return None
            size = len(msg["content"].get("text") or repr(msg["content"]))
            self.room, fits = self.room - size, self.room
            if self.room > 0:
                return super().process_message(msg, cell, cell_index)
            if msg["msg_type"] == "stream":
                content = {**msg["content"], "text": msg["content"]["text"][:fits]}
                super().process_message({**msg, "content": content}, cell, cell_index)
            content = {"name": "stderr", "text": output_cut(job.limits.output_kb)}
            header = {**msg["header"], "msg_type": "stream"}
            cut = {**msg, "header": header, "msg_type": "stream", "content": content}
            return super().process_message(cut, cell, cell_index)

    quiet = logging.getLogger(__name__)
    quiet.setLevel(logging.CRITICAL)
    client = CappedClient(
        new_notebook(cells=[new_code_cell(source) for _, source in sources]),
        kernel_name=kernel_name,
        timeout=job.limits.cell_s,
        interrupt_on_timeout=True,
        allow_errors=True,
        startup_timeout=START_S,
        log=quiet,
    )

    def keep(execute_reply: dict[str, Any], **_: Any) -> None:
        client.reply = execute_reply

    client.on_cell_executed = keep
    return client
