"""Run in the environment of nbclient: execute the named notebooks in a pool, and print how long it took."""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import nbformat
from nbclient import NotebookClient


def ready() -> None:
    """Nothing to do: a worker that has done it is running, with everything imported."""
    time.sleep(0.2)


def execute(path: str) -> tuple[int, float]:
    """Run a notebook in a kernel of its own; how many of its cells stopped, and seconds of processor time."""
    before = _cpu()
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum(output.output_type == "error" for output in outputs), _cpu() - before


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    workers, names = int(sys.argv[1]), sys.argv[2:]
    with ProcessPoolExecutor(workers) as pool:
        for waiting in [pool.submit(ready) for _ in range(workers)]:
            waiting.result()
        begin = time.perf_counter()
        done = list(pool.map(execute, names))
        seconds = time.perf_counter() - begin
    cpu = sum(used for _, used in done)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "stopped": [stopped for stopped, _ in done]}))
