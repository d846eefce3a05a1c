"""Our runner with figures rendered beside the bare cells in one warm interpreter, in turn, on one notebook."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playbook.authoring.solve import MasterRun
from playbook.errors import PlaybookError
from playbook.running.runner import Job, Run, code_cells
from playbook.running.warm.runner import WarmRunner

from .cohort import notebook_of, touchstones

_WORKER = Path(__file__).parent / "inside" / "bare_worker.py"
#: What differs from run to run of one notebook: ids of widgets and displays, addresses in memory.
_CHANCE = re.compile(r"\b[0-9a-f]{32}\b|0x[0-9a-f]{6,}")


@dataclass(frozen=True)
class Bare:
    """What the comparison came to; seconds are medians.

    Attributes:
        runs: of each, in turn.
        outputs: shown by the notebook, the same in both.
        bare: tables read once for all runs.
        anew: tables read in each run.
        ours: from job to result.
        ratio, ratio_anew: medians of our time over the bare one next to it.
        parts: where our time goes, in milliseconds.
    """

    runs: int
    outputs: int
    bare: float
    anew: float
    ours: float
    ratio: float
    ratio_anew: float
    parts: Mapping[str, float]


class _Interpreter:
    """The warm interpreter, in a process of its own."""

    def __init__(self, case: Path):
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PLAYBOOK_")}
        variables |= {"PLAYBOOK_CASE": str(case), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, str(_WORKER)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables, text=True
        )

    def run(self, sources: list[str], anew: bool) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"sources": sources, "anew": anew}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise PlaybookError("the bare interpreter stopped; see what it printed", where=str(_WORKER))
        return json.loads(line)


@contextmanager
def _interpreter(case: Path) -> Iterator[_Interpreter]:
    interpreter = _Interpreter(case)
    try:
        yield interpreter
    finally:
        assert interpreter.process.stdin
        interpreter.process.stdin.close()
        interpreter.process.wait(10)


def compare(run: MasterRun, times: int) -> Bare:
    """Run the perfect notebook bare and in our sandbox, in turn.

    Raises:
        PlaybookError: the two did not show the same.
    """
    notebook = notebook_of(run.master, touchstones(run.master)[0], run.case.name)
    sources = [source for _, source in code_cells(notebook)]
    job = _job(run, notebook, figures=True)
    with WarmRunner(required=True) as runner, _interpreter(run.case.folder) as interpreter:
        shown = _same_outputs(interpreter.run(sources, True)["outputs"], runner.run(job))
        kept, anew, ours, runs = [], [], [], []
        for _ in range(times):
            anew.append(interpreter.run(sources, True)["seconds"])
            runs.append(runner.run(job))
            ours.append(runs[-1].seconds)
            kept.append(interpreter.run(sources, False)["seconds"])
    return Bare(
        times,
        shown,
        median(kept),
        median(anew),
        median(ours),
        median(o / b for o, b in zip(ours, kept, strict=True)),
        median(o / b for o, b in zip(ours, anew, strict=True)),
        parts_of(runs, sources),
    )


def marking_parts(run: MasterRun, times: int) -> dict[str, float]:
    """Where the time of a run goes in marking mode, one at a time, in milliseconds."""
    notebook = notebook_of(run.master, touchstones(run.master)[0], run.case.name)
    sources = [source for _, source in code_cells(notebook)]
    with WarmRunner(required=True) as runner:
        runs = [runner.run(_job(run, notebook, figures=False)) for _ in range(times + 1)]
    return parts_of(runs[1:], sources)


def _job(run: MasterRun, notebook: Mapping[str, Any], figures: bool) -> Job:
    answers = tuple(question.answer for question in run.master.questions)
    calls = {one.block.question.answer: one.arguments for one in run.solved.values() if one.arguments}
    return Job(notebook, run.case.folder, answers, calls, figures=figures)


def parts_of(runs: Sequence[Run], sources: Sequence[str]) -> dict[str, float]:
    """The slowest cells, the others together, and what is not in cells: medians in milliseconds."""
    cells = [median(one.cells[place].seconds for one in runs) for place in range(len(sources))]
    slowest = sorted(range(len(cells)), key=lambda place: -cells[place])[:3]
    parts = {f"`{sources[place].splitlines()[-1][:40]}`": 1000 * cells[place] for place in slowest}
    parts[f"the other {len(cells) - 3} cells"] = 1000 * (sum(cells) - sum(cells[place] for place in slowest))
    outside = median(one.seconds - sum(cell.seconds for cell in one.cells) for one in runs)
    return parts | {"fork, sandbox, answers": 1000 * outside}


def _same_outputs(bare: list[list[list[Any]]], run: Run) -> int:
    if run.reason or run.notebook is None:
        raise PlaybookError(f"our runner could not run it: {run.reason}")
    cells = [run.notebook["cells"][cell.index] for cell in run.cells]
    ours = [[_told(output) for output in cell["outputs"]] for cell in cells]
    for place, (one, other) in enumerate(zip(bare, ours, strict=True)):
        if _plain(one) != _plain(other):
            raise PlaybookError(
                f"code cell {place + 1} shows\n{_plain(one)[:600]}\nand in our runner\n{_plain(other)[:600]}",
                where="the comparison with bare cells",
            )
    return sum(map(len, ours))


def _told(output: Mapping[str, Any]) -> list[Any]:
    if output["output_type"] == "stream":
        return [output["name"], {"text": output["text"]}]
    return [output["output_type"], output.get("data", {"error": output.get("ename")})]


def _plain(outputs: list[list[Any]]) -> str:
    """As text. A kernel sends a picture as text and a bare run as bytes: that there is one is what both say."""
    seen = [
        [kind, {form: "image/" in form or value for form, value in data.items()}] for kind, data in outputs
    ]
    return _CHANCE.sub("…", json.dumps(seen, sort_keys=True, default=repr))
