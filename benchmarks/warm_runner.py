"""Measure the warm runner: runs of a real exercise, kernel starts, memory, and what isolation costs.

    python benchmarks/warm_runner.py [--exercise 01] [--rounds 5] [--workers 2] [--json results/warm_runner.json]

Every way is measured in turn within each round, and ratios are taken within rounds, so that a busy machine slows
all of them alike. Numbers are medians.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playbook.authoring.master import find_masters  # noqa: E402
from playbook.authoring.release import release_notebook  # noqa: E402
from playbook.cases import load_case  # noqa: E402
from playbook.running import warm  # noqa: E402
from playbook.running.kernel import KernelRunner  # noqa: E402
from playbook.running.runner import Job, code_cells  # noqa: E402
from playbook.running.warm import memory  # noqa: E402
from playbook.running.warm.runner import WarmRunner  # noqa: E402


def solved_job(exercise: str, figures: bool) -> Job:
    """The released notebook of an exercise with every question solved, on the worked case."""
    (master,) = find_masters(ROOT / "exercises", [exercise])
    notebook = release_notebook(master, "benchmark")
    solutions = {block.question.id: block for block in master.blocks}
    for cell in notebook.cells:
        block = solutions.get(cell.metadata.get("playbook", {}).get("question"))
        if block:
            cell.source = f'{block.solution}\ncheck("{block.question.id}", {block.question.answer})'
    answers = tuple(question.answer for question in master.questions)
    return Job(notebook, load_case("jinhua").folder, answers, figures=figures)


def timed(what: Callable[[], Any]) -> float:
    """Seconds that something takes."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def run_well(runner: Any, job: Job) -> None:
    """Run a job, and stop the benchmark if it did not go well."""
    run = runner.run(job)
    bad = [cell for cell in run.cells if not cell.ok]
    if run.reason or bad or len(run.answers) < len(job.answers):
        raise SystemExit(f"{type(runner).__name__}: {run.reason or bad or 'answers are missing'}")


class Bare:
    """The same cells in one warm interpreter: no process, no isolation, the same outputs if wanted."""

    def __init__(self, job: Job):
        from playbook.running.warm import preload

        os.environ["PLAYBOOK_CASE"] = str(job.case)
        out, err = sys.stdout, sys.stderr
        preload.everything()
        from playbook.running.warm.interpreter import SessionShell
        from playbook.running.warm.recorder import Stream

        self.shell = SessionShell.instance()
        self.streams = (out, err)
        self.captured = (Stream(self.shell.recorder, "stdout", 1), Stream(self.shell.recorder, "stderr", 2))
        self.sources = [source for _, source in code_cells(job.notebook)]

    def run(self) -> None:
        """Run every cell with figures rendered and displays formatted."""
        recorder = self.shell.recorder
        recorder.wanted, recorder.kilobytes, recorder.room = True, 1024, 1 << 20
        sys.stdout, sys.stderr = self.captured
        try:
            for source in self.sources:
                self.shell.run_cell(source, store_history=True)
        finally:
            sys.stdout, sys.stderr = self.streams
            recorder.take()


def measure_runs(exercise: str, rounds: int, workers: int) -> dict[str, Any]:
    """Seconds per run one after another, and runs per second with several workers."""
    marking, figures = solved_job(exercise, False), solved_job(exercise, True)
    slow, bare = KernelRunner(), Bare(figures)
    bare.run()
    times: dict[str, list[float]] = {name: [] for name in ("nbclient", "warm", "warm with figures", "bare")}
    together: dict[str, list[float]] = {"nbclient": [], "warm": []}
    with WarmRunner(required=True) as fast, ThreadPoolExecutor(workers) as pool:
        for job in (marking, figures):
            run_well(fast, job)
        for _ in range(rounds):
            times["nbclient"].append(timed(lambda: run_well(slow, figures)))
            times["warm"].append(timed(lambda: [run_well(fast, marking) for _ in range(5)]) / 5)
            times["warm with figures"].append(timed(lambda: [run_well(fast, figures) for _ in range(5)]) / 5)
            times["bare"].append(timed(lambda: [bare.run() for _ in range(5)]) / 5)
            for name, runner, job, count in (("nbclient", slow, figures, 2), ("warm", fast, marking, 10)):
                batch = [job] * (count * workers)
                seconds = timed(lambda r=runner, b=batch: list(pool.map(lambda one: run_well(r, one), b)))
                together[name].append(len(batch) / seconds)
        layers = fast.run(marking).sandbox
    return {
        "exercise": exercise,
        "cells": len(bare.sources),
        "seconds per run": {name: statistics.median(values) for name, values in times.items()},
        f"runs per second, {workers} workers": {name: statistics.median(v) for name, v in together.items()},
        "nbclient ÷ warm, one after another": ratio(times["nbclient"], times["warm"]),
        f"warm ÷ nbclient, throughput of {workers} workers": ratio(together["warm"], together["nbclient"]),
        "warm with figures ÷ bare": ratio(times["warm with figures"], times["bare"]),
        "layers": layers,
    }


def ratio(above: list[float], below: list[float]) -> float:
    """Median of the ratios within rounds."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def measure_isolation(rounds: int) -> dict[str, float]:
    """Milliseconds for a notebook of one trivial cell, at each level of isolation that this host allows."""
    job = Job({"cells": [{"cell_type": "code", "source": "a = 1"}]}, load_case("jinhua").folder, ("a",))
    found = {}
    for level in ("open", "limits", "landlock", "namespaces"):
        with WarmRunner(level=level) as runner:
            if runner.level == level:
                run_well(runner, job)
                found[level] = 1e3 * statistics.median(
                    timed(lambda r=runner: r.run(job)) for _ in range(rounds * 8)
                )
    return found


async def _first_result(kernel: str) -> float:
    from jupyter_client.manager import AsyncKernelManager

    start = time.perf_counter()
    manager = AsyncKernelManager(kernel_name=kernel)
    await manager.start_kernel(stderr=-3)
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    results: list[Any] = []
    await client.execute_interactive("1 + 1", output_hook=results.append)
    seconds = time.perf_counter() - start
    client.stop_channels()
    await manager.shutdown_kernel(now=True)
    return seconds


def measure_starts(rounds: int) -> dict[str, float]:
    """Milliseconds from nothing to the first result of a kernel, client included."""
    found = {}
    for kernel, count in (
        ("playbook-warm", rounds * 6),
        ("playbook-warm-open", rounds * 6),
        ("python3", rounds),
    ):

        async def several(kernel: str = kernel, count: int = count) -> list[float]:
            await _first_result(kernel)
            return [await _first_result(kernel) for _ in range(count)]

        found[kernel] = 1e3 * statistics.median(asyncio.run(several()))
    return found


def measure_memory(kernels: int) -> dict[str, float]:
    """Megabytes that each of several concurrent kernels adds to the warm parent and everything below it."""
    from jupyter_client.manager import start_new_kernel

    started = []
    try:
        started.append(_used_kernel(start_new_kernel))
        first = _kernels()
        family = _family(first[0])
        before = sum(map(_pss, family))
        started += [_used_kernel(start_new_kernel) for _ in range(kernels)]
        added = set(_family(first[0])) - set(family)
        after = sum(map(_pss, {*family, *added}))
        alone = statistics.median(_private(pid) for pid in _kernels() if pid not in first)
        return {"kernels": kernels, "MB added by each": (after - before) / kernels, "of that its own": alone}
    finally:
        for manager, client in started:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def _used_kernel(start: Callable[..., Any]) -> Any:
    manager, client = start(kernel_name="playbook-warm")
    client.execute_interactive("import pandas as pd; pd.DataFrame({'a': [1]})", output_hook=lambda _: None)
    return manager, client


def _family(kernel: int) -> list[int]:
    """The warm parent of a kernel and all its children, spares included."""
    zygote = memory.parents()[kernel]
    return [zygote, *memory.descendants(zygote)]


def _kernels() -> list[int]:
    """Forked kernels: the first of a process namespace, with a kernel's threads."""
    found = []
    for pid in memory.parents():
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            inner = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()
            if len(inner) > 2 and inner[-1] == "1" and len(os.listdir(f"/proc/{pid}/task")) > 3:
                found.append(pid)
        except (OSError, StopIteration):
            continue
    return found


def _pss(pid: int) -> float:
    return _megabytes(pid, "Pss:")


def _private(pid: int) -> float:
    return _megabytes(pid, "Private_Dirty:")


def _megabytes(pid: int, field: str) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(field)) / 1024


def main() -> None:
    """Measure everything, print it, and write it as JSON if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--exercise", default="01")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kernels", type=int, default=8)
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    os.environ["JUPYTER_PATH"] = str(Path(warm.__path__[0]))
    found = {
        "load before": os.getloadavg()[0],
        "kernel start to first result, ms": measure_starts(told.rounds),
        "memory of concurrent kernels, PSS": measure_memory(told.kernels),
        "one trivial cell by level of isolation, ms": measure_isolation(told.rounds),
        "runs": measure_runs(told.exercise, told.rounds, told.workers),
        "load after": os.getloadavg()[0],
    }
    print(json.dumps(found, indent=2, ensure_ascii=False))
    if told.json:
        told.json.parent.mkdir(parents=True, exist_ok=True)
        told.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
