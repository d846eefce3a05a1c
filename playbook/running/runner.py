"""What a runner gets and gives: a notebook and a case go in, plain data comes out.

A runner executes a trainee's notebook and takes the named answers out of it. It decides no marks, keeps no
state between jobs, and never raises for what a notebook does: a notebook that could not be run gives a
:class:`Run` with a ``reason``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

#: JSON-able data with explicit tags for everything that JSON has no word for; see `playbook.exercises.plain`.
Plain = Any

#: More cells, or more source, than any exercise needs: such a notebook is made to hurt.
MAX_CELLS = 1_000
MAX_SOURCE_CHARS = 2_000_000


@dataclass(frozen=True)
class Limits:
    """What one notebook may use. Every limit ends the use, not the grader.

    Attributes:
        cell_s: seconds per cell; the cell is interrupted and the next one runs.
        notebook_s: seconds for the whole run, answers included; the run ends as "timeout".
        memory_mb: memory of everything the notebook starts, beyond what is shared with the warm parent.
        processes: processes and threads at one time.
        file_mb: size of one file, and of everything in the scratch folder together.
        open_files: open files per process.
        output_kb: printed and displayed output of the whole notebook; what comes after is dropped.
        answers_kb: answers and returned values, as JSON.
    """

    cell_s: float = 20
    notebook_s: float = 60
    memory_mb: int = 1024
    processes: int = 32
    file_mb: int = 64
    open_files: int = 256
    output_kb: int = 1024
    answers_kb: int = 8192


@dataclass(frozen=True)
class Job:
    """One run to do.

    Attributes:
        notebook: the notebook as nbformat's plain mapping; only its code cells' sources are used.
        case: folder of the case that the notebook is to see as its own (``PLAYBOOK_CASE``).
        answers: names of the variables to take out.
        calls: answer name → argument tuples (plain data) to call it with after the notebook has run.
        limits: what the run may use.
        figures: whether figures and displayed output are wanted; then the executed notebook comes back.
        beginning: the released cells that notebooks of this exercise begin with, the first of which opens the case. A
            runner may run them once for all notebooks that do, and never for one that does not.
        ahead: cells of the course's own that follow from the beginning alone. A runner that runs the beginning once for
            many notebooks may run these after it, beside them, for what functions keep; nothing depends on it.
        instead: index of a cell → source that gives the same answers with less to do, nothing if it is empty (see
            :mod:`playbook.running.needed`). A runner may run it in the cell's place where figures are not wanted.
        direct: the notebook never looks at how its cells are run. Where figures are not wanted a runner may then take all
            of them at once, and run them as plain Python.
    """

    notebook: Mapping[str, Any]
    case: Path
    answers: tuple[str, ...] = ()
    calls: Mapping[str, tuple[tuple[Plain, ...], ...]] = field(default_factory=dict)
    limits: Limits = Limits()
    figures: bool = False
    beginning: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    instead: Mapping[int, str] = field(default_factory=dict)
    direct: bool = False


@dataclass(frozen=True)
class CellRun:
    """How one code cell went.

    Attributes:
        index: position of the cell in the notebook.
        ok: it ran to its end without an error.
        error_name: class of the error, such as ``"NameError"``.
        error_value: its message.
        seconds: how long it took.
        timed_out: it was interrupted at `Limits.cell_s`.
    """

    index: int
    ok: bool
    error_name: str = ""
    error_value: str = ""
    seconds: float = 0.0
    timed_out: bool = False


@dataclass(frozen=True)
class Run:
    """What came out of a run. Everything in it was said by the trainee's process: claims, never marks.

    Attributes:
        answers: plain data of every asked name that the notebook bound.
        returned: per called answer that is a function, one plain value per argument tuple; a call that
            raised is ``{"t": "raised", "error": ..., "message": ...}``.
        cells: one entry per code cell that was run.
        notebook: the executed notebook, when figures were wanted and the run ended.
        sandbox: the layers of isolation that were applied; empty for a runner that has none.
        reason: "" when it ran; otherwise why it could not be run, a reason outside the trainee's answers.
        seconds: from job to result.
    """

    answers: Mapping[str, Plain] = field(default_factory=dict)
    returned: Mapping[str, tuple[Plain, ...]] = field(default_factory=dict)
    cells: tuple[CellRun, ...] = ()
    notebook: dict[str, Any] | None = None
    sandbox: tuple[str, ...] = ()
    reason: str = ""
    seconds: float = 0.0


@runtime_checkable
class Runner(Protocol):
    """Anything that turns a job into a run; safe to call from several threads at once."""

    def run(self, job: Job) -> Run:
        """Run one job; errors of the notebook are data in the result."""
        ...


class UnreadableNotebook(ValueError):
    """The notebook is not one: its message says what is wrong with it."""


def code_cells(notebook: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield (index, source) of each code cell with something in it.

    Raises:
        UnreadableNotebook: cells or sources have the wrong type, or there are far too many.
    """
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    if not isinstance(cells, list):
        raise UnreadableNotebook("it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableNotebook(f"it has {len(cells)} cells; more than {MAX_CELLS} are not run")
    left = MAX_SOURCE_CHARS
    for index, cell in enumerate(cells):
        if not isinstance(cell, Mapping):
            raise UnreadableNotebook(f"cell {index} is not a cell")
        if cell.get("cell_type") != "code":
            continue
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise UnreadableNotebook(f"the source of cell {index} is not text")
        left -= len(source)
        if left < 0:
            raise UnreadableNotebook(f"its code is longer than {MAX_SOURCE_CHARS} characters")
        source = source.encode("utf-8", "replace").decode()  # a lone surrogate cannot travel
        if source.strip():
            yield index, source


def executed_copy(notebook: Mapping[str, Any], outputs: Mapping[int, tuple[int, list]]) -> dict[str, Any]:
    """The notebook with each run cell's count and outputs in place of what it came with.

    Args:
        notebook: as handed in.
        outputs: cell index → (execution count, nbformat outputs).
    """
    copy = {key: value for key, value in notebook.items() if key != "cells"}
    copy["cells"] = []
    for index, cell in enumerate(notebook["cells"]):
        cell = dict(cell)
        if cell.get("cell_type") == "code":
            cell["execution_count"], cell["outputs"] = outputs.get(index, (None, []))
        copy["cells"].append(cell)
    return copy


def output_cut(kilobytes: int) -> str:
    """The line that stands where a notebook's output was cut off."""
    return f"\n[The rest of the output was left out: it was longer than {kilobytes} KB.]\n"
