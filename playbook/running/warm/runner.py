"""Run notebooks in forks of a warm parent, each in a sandbox of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from playbook.errors import PlaybookError
from playbook.running.claims import Claims, read_json
from playbook.running.outputs import Outputs
from playbook.running.runner import CellRun, Job, Run, UnreadableNotebook, code_cells, executed_copy
from playbook.running.warm.beginning import begins_so, stamp_of
from playbook.running.warm.host import SANDBOXED
from playbook.running.warm.spawn import WarmParent, clean_environment
from playbook.running.warm.wire import Channel, Closed

#: Seconds after an interrupt before a cell that goes on is given up.
GRACE_S = 2.0
_START_S = 30.0
#: Chance starts from the same place in each run.
_SEED = 0
#: Why a sandbox ended → the reason of its run.
_ENDS = {
    "memory": "out of memory",
    "disk": "out of disk",
    "parent": "sandbox missing: the warm parent ended",
}
_INTERRUPTS = ("KeyboardInterrupt", "CancelledError")
#: What a cell or an answer says that an interrupt has ended.
_STRUCK = re.compile(rb'"(name|error)": ?"(%s)"' % "|".join(_INTERRUPTS).encode())


class WarmRunner:
    """Runs each notebook in a sandboxed fork of one warm parent. Safe to use from several threads.

    Args:
        required: refuse to run where the host offers no sandbox.
        level: force a level of isolation (see :mod:`playbook.running.warm.host`); "" takes the strongest.
        data: data root whose public and shared tables notebooks see; None for the package's own.
        shows: figures will be wanted of most jobs; without, it starts sooner.
    """

    def __init__(self, required: bool = False, level: str = "", data: Path | None = None, shows: bool = True):
        self.required = required
        self._parent = WarmParent(level, data, shows)
        self._about: dict[str, Any] | None = None
        self._begun: set[str] = set()

    def __enter__(self) -> WarmRunner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to get ready; the first job, or `level`, waits for what is still missing."""
        self._parent.start()

    def close(self) -> None:
        """End the warm parent and everything that it started."""
        self._parent.close()
        self._about = None

    @property
    def level(self) -> str:
        """The level of isolation that this host allows.

        Raises:
            PlaybookError: a sandbox is required, and there is none; says what the host refused.
        """
        if self._about is None:
            self._about = self._parent.about()
        if self.required and self._about["level"] not in SANDBOXED:
            raise PlaybookError(
                "this host offers no sandbox: " + "; ".join(self._about["missing"]),
                remedy="Grade on a Linux host (or a container) that allows user namespaces or Landlock, or run "
                "with --no-require-sandbox if you trust every notebook with your files.",
            )
        return self._about["level"]

    @property
    def missing(self) -> tuple[str, ...]:
        """What the host refused of the stronger levels; known once `level` is."""
        return tuple(self._about["missing"]) if self._about else ()

    def run(self, job: Job) -> Run:
        """Run one job; see :class:`playbook.running.runner.Runner`."""
        start = time.monotonic()
        try:
            cells = list(code_cells(job.notebook))
        except UnreadableNotebook as problem:
            return Run(reason=f"unreadable notebook: {problem}")
        try:
            begins = self.level == "namespaces" and not job.figures
            begins = begins and begins_so([source for _, source in cells], job.beginning)
            session = _Session(self._parent, job, start, self._begun if begins else None)
        except (PlaybookError, OSError) as error:
            what = error.what if isinstance(error, PlaybookError) else str(error)
            return Run(reason=f"sandbox missing: {what}", seconds=time.monotonic() - start)
        with contextlib.closing(session):
            reason = session.go(cells)
        if session.cannot_reopen:
            return self.run(dataclasses.replace(job, beginning=()))
        if session.struck_late:
            return self.run(dataclasses.replace(job, direct=False))
        seconds = time.monotonic() - start
        if reason:
            return Run(cells=tuple(session.cells), sandbox=session.layers, reason=reason, seconds=seconds)
        notebook = executed_copy(job.notebook, session.outputs.cells) if job.figures else None
        claims = session.claims
        return Run(
            claims.answers, claims.returned, tuple(session.cells), notebook, session.layers, "", seconds
        )


class _Late(Exception):
    """The notebook's time is up, or a cell does not react to its interrupt."""


class _StruckLate(Exception):
    """An interrupt came when its cell had just ended, and may have struck the next one of several."""


class _Session:
    """One notebook in one sandbox, from outside."""

    def __init__(self, parent: WarmParent, job: Job, start: float, begun: set[str] | None):
        self.job, self.parent = job, parent
        self.deadline = start + job.limits.notebook_s
        self.cells: list[CellRun] = []
        self.claims = Claims(job.limits.answers_kb)
        self.outputs = Outputs()
        self.requests = 0
        self.layers: tuple[str, ...] = ()
        self.cannot_reopen = self.struck_late = False
        ours, theirs = socket.socketpair()
        files = [theirs.fileno(), self._open_case()]
        try:
            key = "" if begun is None else self._beginning(files, begun)
            self.child = parent.fork("session", files, job.limits.memory_mb, key)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
            for file in files[1:]:
                os.close(file)
        if begun is not None:
            (begun.add if self.child.begun else begun.discard)(key)
        self.channel = Channel(ours)

    def _beginning(self, files: list[int], begun: set[str]) -> str:
        """What tells this notebook's beginning on this case from others; where it may be new, files for it follow.

        The first says what to run, the second is the folder of the case.
        """
        orders = {
            "env": self._environment(),
            "seed": _SEED,
            "cells": self.job.beginning,
            "ahead": self.job.ahead,
            "stamp": stamp_of(files[1]),
        }
        text = json.dumps(orders).encode()
        key = hashlib.sha256(text).hexdigest()
        if key not in begun:
            file = os.memfd_create("beginning", os.MFD_CLOEXEC)
            files.append(file)
            os.write(file, text)
            os.lseek(file, 0, os.SEEK_SET)
            files.append(
                self._open_case()
            )  # one of its own: two that read through one miss what the other read
        return key

    def _open_case(self) -> int:
        return os.open(self.job.case, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def _environment(self) -> dict[str, str]:
        return clean_environment() | {"PLAYBOOK_DATA": str(self.parent.data)}

    def close(self) -> None:
        self.child.close()
        self.channel.close()

    def go(self, cells: list[tuple[int, str]]) -> str:
        """Run everything and return the reason why it could not be run, or ""."""
        try:
            problem = self._begin()
            if problem:
                return f"sandbox missing: {problem}"
            if self.child.begun:
                reply, _ = next(self._ask([{"reopen": cells[0][1]}], 1 << 16))
                if read_json(reply) != {"ok": True}:
                    self.cannot_reopen = True
                    return ""
                begun = len(self.job.beginning)
                self.cells += [CellRun(index, True) for index, _ in cells[:begun]]
                cells = cells[begun:]
            instead = {} if self.job.figures else self.job.instead
            self._cells([(index, instead.get(index, source)) for index, source in cells])
            names = self.job.answers
            self._answers([name for name in names if name not in self.job.calls])
            for name in names:
                if name in self.job.calls:  # of whose calls one may swallow an interrupt
                    self._answers([name])
        except _StruckLate:
            self.struck_late = True
        except _Late:
            return "timeout"
        except (Closed, ValueError):
            return self._ended()
        return ""

    def _ended(self) -> str:
        self.child.wait(1.0)
        return _ENDS.get(self.child.why, "dead kernel")

    def _begin(self) -> str:
        orders = {
            "limits": dataclasses.asdict(self.job.limits),
            "env": self._environment(),
            "figures": self.job.figures,
            "direct": self._direct,
            "case": True,
            "seed": _SEED,
        }
        try:
            self.channel.send(orders, _START_S)
            said = read_json(self.channel.receive(_START_S, 1 << 16))
        except TimeoutError:
            return "the sandbox did not start in time"
        self.layers = tuple(said.get("layers", ()))
        return said.get("problem", "")

    @property
    def _direct(self) -> bool:
        return self.job.direct and not self.job.figures

    def _ask(self, messages: Sequence[Any], most: int) -> Iterator[tuple[bytes, bool]]:
        """Send messages, all at once where nobody can tell, else each when the one before was replied to.

        Yields:
            The reply to each, and whether it had to be interrupted.
        """
        groups = [messages] if self._direct and messages else [[one] for one in messages]
        for group in groups:
            first = self.requests + 1
            self.requests += len(group)
            try:
                self.channel.send({"all": group}, self._allowed(), first)
                for number in range(first, self.requests + 1):
                    reply, interrupted = self._receive(number, most)
                    if interrupted and number < self.requests and not _STRUCK.search(reply):
                        raise _StruckLate
                    yield reply, interrupted
            except TimeoutError:
                raise _Late from None

    def _receive(self, number: int, most: int) -> tuple[bytes, bool]:
        allowed = self._allowed()
        try:
            return self.channel.receive(allowed, most, number), False
        except TimeoutError:
            if allowed < self.job.limits.cell_s:  # it is the notebook's time that is up
                raise
        self.child.interrupt()
        return self.channel.receive(GRACE_S, most, number), True

    def _allowed(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _Late
        return min(self.job.limits.cell_s, left)

    def _cells(self, cells: Sequence[tuple[int, str]]) -> None:
        most = 6 * 1024 * self.job.limits.output_kb + (1 << 17)
        replies = self._ask([{"run": source} for _index, source in cells if source], most)
        for index, source in cells:
            if not source:
                self.cells.append(CellRun(index, True))
                continue
            start = time.monotonic()
            reply, interrupted = next(replies)
            seconds = time.monotonic() - start
            said = read_json(reply)
            if not isinstance(said, dict):
                raise ValueError("no reply")
            ok, name = said.get("ok") is True, str(said.get("name", ""))[:200]
            timed_out = interrupted and name in _INTERRUPTS
            self.cells.append(CellRun(index, ok, name, str(said.get("value", ""))[:2000], seconds, timed_out))
            if self.job.figures:
                count = said.get("count")
                self.outputs.add_cell(index, count if isinstance(count, int) else None, said.get("messages"))

    def _answers(self, names: Sequence[str]) -> None:
        calls = {
            name: [list(call) for call in self.job.calls[name]] for name in names if name in self.job.calls
        }
        asked = [{"take": name, "arguments": calls.get(name)} for name in names]
        most = 1024 * self.job.limits.answers_kb + 4096
        for name, (reply, interrupted) in zip(names, self._ask(asked, most), strict=True):
            if interrupted:
                self.claims.timed_out(name)
            else:
                self.claims.take(name, reply, self.job.calls.get(name))
