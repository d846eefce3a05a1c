"""How grading grows: cost and memory per submission, a second run over unchanged hand-ins, the cohort's report.

    python benchmarks/grading_scale.py                          # 100 and 400 hand-ins, 1,500 × 12 marks
    python benchmarks/grading_scale.py --sizes 100 1000 10000   # the long run: most of an hour on two cores

Every hand-in differs from every other, so that none is taken for one that was graded before.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook.gradebook.result import Graded
    from playbook.submissions.hand_in import HandIn

ROOT = Path(__file__).resolve().parents[1]
PLAYBOOK = Path(sys.executable).with_name("playbook")

MASTER = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3, language: python}
playbook: {exercise: 98-small, chapter: 98, title: Small, minutes: 1, section: Small}
---

```{code-cell} ipython3
from playbook import open_case, open_exercise
case = open_case("your name or staff number")
check = open_exercise("98-small")
```

```{code-cell} ipython3
---
tags: [solution]
question: {id: total, title: Accounts' employees, kind: number, rtol: 0.001, points: 2}
---
total = float(case.accounts["employees"].sum())
```

```{code-cell} ipython3
---
tags: [wrong]
hint: That is the mean.
---
total = float(case.accounts["employees"].mean())
```

```{code-cell} ipython3
---
tags: [wrong]
hint: That is the number of accounts.
---
total = len(case.accounts)
```
"""

ANSWERS = (
    'total = float(case.accounts["employees"].sum())',
    'total = float(case.accounts["employees"].mean())',
    "total = ...",
    "total = 1 / 0",
)


def hand_in(number: int) -> str:
    """A small notebook: one question, answered in one of four ways."""
    sources = [
        f'from playbook import open_case, open_exercise\ncase = open_case("E{number:05d}")\n'
        'check = open_exercise("98-small")',
        f'{ANSWERS[number % len(ANSWERS)]}\ncheck("total", total)',
    ]
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for source in sources
    ]
    metadata = {"playbook": {"exercise": "98-small", "release": "bench"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


def grade(folder: Path, jobs: int, cache: Path) -> tuple[float, float, float, dict]:
    """Seconds, processor seconds of all processes, peak memory of the grader in MB, and what it printed."""
    command = [
        str(PLAYBOOK),
        "grade",
        "submissions",
        "--exercises",
        "exercises",
        "--jobs",
        str(jobs),
        "--json",
    ]
    environment = os.environ | {"PLAYBOOK_CACHE": str(cache), "PLAYBOOK_SECRET": "bench"}
    start, peak, ended = time.monotonic(), 0.0, 0
    with (folder / "printed.json").open("wb") as printed:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=printed)
        while not ended:
            peak = max(peak, _peak_mb(process.pid))
            time.sleep(0.2)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"playbook grade ended with {process.returncode}")
    printed_data = json.loads((folder / "printed.json").read_text())
    return seconds, used.ru_utime + used.ru_stime, peak, printed_data


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def measure_grading(sizes: list[int], jobs: int) -> list[dict]:
    """Grade cohorts of growing size, each twice; what every call costs, whatever its size, is measured first.

    The exercise is made ready for all cities beforehand: that happens once for a course, not once for a cohort.
    """
    rows = []
    with tempfile.TemporaryDirectory(prefix="playbook-bench-") as name:
        cache = Path(name) / "cache"
        _graded(Path(name) / "ready", 100, jobs, cache)
        _, start_up, _, _ = _graded(Path(name) / "one", 1, jobs, cache)[0]
        for size in sizes:
            folder = Path(name) / str(size)
            (seconds, processor, peak, _), (again, again_processor, again_peak, said) = _graded(
                folder, size, jobs, cache
            )
            assert said["unchanged"] == size
            rows.append(
                {
                    "hand-ins": size,
                    "seconds": round(seconds, 1),
                    "a second": round(size / seconds, 1),
                    "processor ms each": round(1000 * (processor - start_up) / size, 1),
                    "peak MB": round(peak),
                    "again s": round(again, 1),
                    "again processor s": round(again_processor, 1),
                    "again peak MB": round(again_peak),
                }
            )
            print(rows[-1], flush=True)
            shutil.rmtree(folder)
    return rows


def _graded(folder: Path, size: int, jobs: int, cache: Path) -> tuple[tuple, tuple]:
    """Make a cohort and grade it twice."""
    (folder / "exercises" / "98-small").mkdir(parents=True)
    (folder / "exercises" / "98-small" / "master.md").write_text(MASTER)
    for number in range(size):
        path = folder / "submissions" / f"E{number:05d}" / "98-small.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(hand_in(number))
    first = grade(folder, jobs, cache)
    said = first[-1]
    assert said["graded"] == size, (said["graded"], said["not_graded"][:3])
    points = sum(result["points"] for result in said["results"])
    assert points == 2 * len(range(0, size, len(ANSWERS))), points
    return first, grade(folder, jobs, cache)


def fill(folder: Path, trainees: int, exercises: int) -> Path:
    """A gradebook with marks of a made-up cohort, of which some hand in late, twice, or not at all."""
    from playbook.gradebook.address import Address
    from playbook.gradebook.gradebook import Gradebook
    from playbook.gradebook.records import GradedExercise
    from playbook.submissions.hand_in import HandIn
    from playbook.submissions.notebook import Facts

    chance, path = Random(1), folder / "gradebook.sqlite"
    hand_ins, skills = [], []
    for person in range(trainees):
        skill = chance.gauss(0, 1)
        for exercise in range(exercises):
            if chance.random() < 0.001 * exercise:
                break
            for again in range(1 + (chance.random() < 0.2)):
                when = 1_740_000_000 + 604_800 * exercise + 86_400 * again + chance.random() * 86_400
                content = str(len(hand_ins)).encode()
                digest = hashlib.sha256(content).hexdigest()
                whose = (f"E{person:05d}", f"{exercise:02d}-exercise", "made up", digest)
                hand_ins.append(HandIn(*whose, when, Facts(), "", (), functools.partial(bytes, content)))
                skills.append(skill)
    with Gradebook(path) as book:
        known = book.record(hand_ins)
        for one, skill in zip(hand_ins, skills, strict=True):
            attempt = known[one.trainee, one.exercise, one.sha256].id
            book.keep(attempt, Address(one.sha256, "m", "c", "k", "s"), _marked(one, chance, skill))
        book.keep_exercises(
            GradedExercise(f"{n:02d}-exercise", n, f"Exercise {n}", 16) for n in range(exercises)
        )
    return path


def _marked(one: HandIn, chance: Random, skill: float) -> Graded:
    from playbook.exercises.outcomes import Outcome
    from playbook.exercises.question import Result
    from playbook.gradebook.result import GRADED, Graded, QuestionResult

    questions = []
    for place in range(8):
        right = chance.gauss(skill, 1.2) > (place - 4) / 3
        wrong = [Outcome.FAILED, Outcome.FAILED, Outcome.UNATTEMPTED, Outcome.ERRORED]
        outcome = Outcome.PASSED if right else chance.choice(wrong)
        hint = f"Hint {chance.randint(1, 4)} of question {place}" if outcome is Outcome.FAILED else ""
        result = Result(f"q{place}", outcome, 2.0 * right, 2.0, "", hint, f"Question {place}")
        questions.append(QuestionResult(result, own=str(outcome)))
    same = (one.trainee, one.exercise, one.source, one.sha256)
    return Graded(*same, GRADED, case="wuxi", questions=tuple(questions), seconds=0.1)


def measure_report(trainees: int, exercises: int) -> dict:
    """Seconds that `playbook report` takes, start-up included; the middle of five."""
    with tempfile.TemporaryDirectory(prefix="playbook-bench-") as name:
        path = fill(Path(name), trainees, exercises)
        command = [str(PLAYBOOK), "report", "--gradebook", str(path), "--out", f"{name}/report.html"]
        taken = []
        for _ in range(5):
            start = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            taken.append(time.monotonic() - start)
        row = {
            "trainees": trainees,
            "exercises": exercises,
            "report s": round(sorted(taken)[2], 2),
            "page KB": Path(name, "report.html").stat().st_size // 1024,
        }
    print(row, flush=True)
    return row


def chart(rows: list[dict], path: Path) -> None:
    """Cost and memory per hand-in against the size of the cohort."""
    from playbook.figures.style import COLORS, finish, new_figure

    fig, ax = new_figure()
    ax.remove()
    for ax, name, color in zip(
        fig.subplots(1, 2), ("processor ms each", "peak MB"), (COLORS["main"], COLORS["accent"]), strict=True
    ):
        ax.plot([row["hand-ins"] for row in rows], [row[name] for row in rows], color=color, marker="o")
        ax.set_xscale("log")
        ax.set_ylim(0)
        ax.set_title("Grader's peak memory, MB" if name == "peak MB" else "Processor ms per hand-in")
        ax.set_xlabel("Hand-ins")
    finish(fig, source="benchmarks/grading_scale.py").savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 400])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--trainees", type=int, default=1500)
    parser.add_argument("--exercises", type=int, default=12)
    parser.add_argument("--chart", type=Path, help="write a chart of the sizes to this file")
    told = parser.parse_args()
    measure_report(told.trainees, told.exercises)
    rows = measure_grading(told.sizes, told.jobs)
    if told.chart:
        chart(rows, told.chart)


if __name__ == "__main__":
    main()
