"""Small notebooks and ways to look at what running them gave."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

from playbook.running.runner import Run
from playbook.running.warm import memory
from playbook.running.warm.runner import WarmRunner


def notebook(*sources: str) -> dict[str, Any]:
    """A notebook with these code cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {},
            "source": s,
            "outputs": [],
            "execution_count": None,
        }
        for n, s in enumerate(sources)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def printed(run: Run) -> str:
    """Everything that a run's notebook printed or showed as text."""
    assert run.notebook is not None, run.reason
    parts = []
    for cell in run.notebook["cells"]:
        for output in cell.get("outputs", ()):
            parts.append(
                output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "")
            )
    return "\n".join(parts)


def comparable(run: Run) -> list[Any]:
    """A run's cells and outputs without what differs between any two runs: addresses, ids, times."""
    assert run.notebook is not None, run.reason
    cells = [(c.index, c.ok, c.error_name, neutral(c.error_value), c.timed_out) for c in run.cells]
    shown = [
        (cell["execution_count"], [_output(output) for output in cell["outputs"]])
        for cell in run.notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    return [cells, shown]


def _output(output: dict[str, Any]) -> Any:
    return json.loads(neutral(json.dumps(output, sort_keys=True, default=dict, ensure_ascii=False)))


def neutral(text: str) -> str:
    """Text without what differs between any two runs."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0xADDRESS", text)
    text = re.sub(r"\b[0-9a-f]{32}\b", "ID", text)
    text = re.sub(r"[\d.e+]+ (?:ns|µs|μs|us|ms|s)\b", "TIME", text)
    return re.sub(r"[^\s\"]*/ipykernel_\d+/\d+\.py", "CELL", text)


def sandboxed_processes(
    runner: WarmRunner, wait: Callable[[float], Any], patience_s: float = 5.0
) -> list[str]:
    """Processes below a runner's warm parent that are neither spares nor on their way out; waits for the latter."""
    until = time.monotonic() + patience_s
    while True:
        found = _busy(runner)
        if not found or time.monotonic() > until:
            return found
        wait(0.01)


def _busy(runner: WarmRunner) -> list[str]:
    relay = runner._parent._process.pid
    below = memory.descendants(relay)
    about = runner._parent.about()
    parents = memory.parents()
    zygote = next((pid for pid in below if parents.get(pid) == relay), relay)
    spares = [pid for pid in below if parents.get(pid) == zygote]
    others = [pid for pid in below if pid != zygote and pid not in spares]
    return [str(pid) for pid in others] + ["busy"] * about["busy"]
