"""Graders to be killed: `playbook grade` in processes that start at once, with a runner that needs no sandbox."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from playbook.cases import read_case, use_case
from playbook.places import cache_folder
from playbook.running.claims import Claims
from playbook.running.extract import export_answer
from playbook.running.runner import CellRun, Job, Run, code_cells

#: Imported once; every grader is a fork of what has them.
_PRELOAD = [
    "playbook.cli",
    "playbook.authoring.release",
    "playbook.grading.grade",
    "playbook.desk.exports.result_files",
    "playbook.grading.prepared",
    "jupytext",
    "matplotlib.pyplot",
    "tests.grading.graders",
]
EXERCISE = "99-mini"


class InProcessRunner:
    """Runs notebooks that are known to be harmless, one after another, in this process."""

    _lock = threading.Lock()

    def run(self, job: Job) -> Run:
        """Run one job; see :class:`playbook.running.runner.Runner`."""
        namespace: dict[str, Any] = {"__name__": "__main__"}
        cells = []
        with self._lock, use_case(read_case(job.case)):
            for index, source in code_cells(job.notebook):
                try:
                    exec(source, namespace)
                    cells.append(CellRun(index, True))
                except Exception as error:
                    cells.append(CellRun(index, False, type(error).__name__, str(error)))
            claims = Claims(job.limits.answers_kb)
            for name in job.answers:
                calls = job.calls.get(name)
                claims.take(name, export_answer(namespace, name, calls, claims.max_chars), calls)
        return Run(claims.answers, claims.returned, tuple(cells))


def grade_here(folder: str, out: str, file_bytes: int = 0) -> None:
    """In a process of its own: `playbook grade` on a prepared folder.

    Args:
        file_bytes: no file may become larger; 0 for no limit. A stand-in for a disk that is full.
    """
    from playbook.cli import main
    from playbook.running import choose

    @contextlib.contextmanager
    def open_runner(*_: object) -> Iterator[tuple[InProcessRunner, Callable[[], str]]]:
        yield InProcessRunner(), str

    choose.open_runner = open_runner
    os.chdir(folder)
    os.environ |= {"PLAYBOOK_SECRET": "s", "PLAYBOOK_CACHE": os.path.join(folder, "cache")}
    with open(f"{out}.printed", "w") as printed:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
    if file_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    sys.argv = ["playbook", "grade", "submissions", "--exercises", "exercises", "--out", out, "--json"]
    main()


def share_unseen(cache: Path) -> None:
    """Let a cache of its own share the unseen cases with every other test: they take seconds to make."""
    mine = cache / "reserve-manager-playbook" / "unseen"
    if not mine.is_symlink():
        mine.parent.mkdir(parents=True, exist_ok=True)
        shared = cache_folder("unseen")
        shared.mkdir(parents=True, exist_ok=True, mode=0o700)
        mine.symlink_to(shared, target_is_directory=True)


def start_grader(folder: Path, out: str = "results", file_bytes: int = 0) -> Any:
    """A process that grades; it can be killed, and waited for."""
    share_unseen(folder / "cache")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    process = context.Process(target=grade_here, args=(str(folder), out, file_bytes))
    process.start()
    return process


class RealGrader:
    """`playbook grade` as typed, with the sandboxed runner; the part of a process's interface that is used here."""

    def __init__(self, folder: Path):
        self._printed = (folder / "results.printed").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "playbook", "grade", "submissions", "--exercises", "exercises"],
            cwd=folder,
            env=os.environ | {"PLAYBOOK_SECRET": "s", "PLAYBOOK_CACHE": str(folder / "cache")},
            stdout=self._printed,
            stderr=self._printed,
        )
        self.kill = self._process.kill

    @property
    def exitcode(self) -> int | None:
        return self._process.poll()

    def join(self, seconds: float | None = None) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
            self._printed.close()


def kill_until_done(
    folder: Path, kills: int, seed: int, longest_s: float, start: Callable[[Path], Any] = start_grader
) -> int:
    """Start a grader and kill it after a random time, again and again; then let one finish.

    Args:
        start: what starts a grader.

    Returns:
        How many graders were killed at work.
    """
    chance = Random(seed)
    killed = 0
    for _ in range(2 * kills):
        process = start(folder)
        process.join(chance.uniform(0, longest_s))
        if process.exitcode is None:
            process.kill()
            killed += 1
        process.join()
        if killed == kills or process.exitcode == 0:
            break
    process = start(folder)
    process.join(300)
    assert process.exitcode == 0, (folder / "results.printed").read_text()
    return killed


def rows(folder: Path, query: str, out: str = "results") -> list[tuple]:
    """What a query finds in a gradebook."""
    with contextlib.closing(sqlite3.connect(folder / out / "gradebook.sqlite")) as connection:
        return connection.execute(query).fetchall()


def check_whole(folder: Path, expected: dict[str, float], out: str = "results") -> None:
    """Every hand-in has one mark, with the points it earns, in the gradebook and in its file."""
    assert rows(folder, "PRAGMA integrity_check", out) == [("ok",)]
    assert rows(folder, "SELECT count(*) FROM claims", out) == [(0,)]
    marks = rows(
        folder,
        "SELECT a.trainee, m.points FROM marks m JOIN attempts a ON a.id = m.attempt AND a.mark = m.id",
        out,
    )
    assert len(marks) == len(expected)
    assert dict(marks) == expected
    assert rows(folder, "SELECT count(*) FROM marks", out) == [(len(expected),)]
    questions = rows(folder, "SELECT count(*), count(DISTINCT mark) FROM questions", out)
    assert questions == [(4 * len(expected), len(expected))]
    for trainee, points in expected.items():
        data = json.loads((folder / out / trainee / f"{EXERCISE}.json").read_text())
        assert (data["status"], data["points"]) == ("graded", points)


def make_course(folder: Path, count: int) -> dict[str, float]:
    """A small exercise and `count` hand-ins, all different; returns each trainee's points."""
    from playbook.authoring import load_master
    from tests.grading.cohort import notebook_of, solved
    from tests.shared.mini import write_master

    master = load_master(write_master(folder) / EXERCISE)
    ids = [block.question.id for block in master.blocks]
    expected = {}
    for number in range(count):
        right = set(ids[: number % (len(ids) + 1)])

        def solve(block: Any, right: set[str] = right) -> str:
            return solved(block) if block.question.id in right else block.starter

        notebook = notebook_of(master, solve, name="Li Wei")
        notebook["metadata"]["number"] = number
        path = folder / "submissions" / f"t{number:03d}" / f"{EXERCISE}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        expected[f"t{number:03d}"] = float(
            sum(block.question.points for block in master.blocks if block.question.id in right)
        )
    return expected
