"""What a hand-in costs on a cluster, and which part of it gives way first; on this machine.

    python benchmarks/cluster.py                                       # two chapters, one worker and two
    python benchmarks/cluster.py --exercises 03 --sizes 100 400 --gradebook postgresql+psycopg://…
    python benchmarks/cluster.py --alone 5000 20000                    # the grader by itself: its workers answer at once

Seconds depend on what else the machine does; processor seconds hardly. Each cohort is graded in two sizes, and what
the larger one costs more is what its hand-ins cost: what a call costs anyway falls out.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playbook.authoring.master import Master, find_masters
from playbook.authoring.release import release_notebook

BIN = Path(sys.executable).parent
#: One city for all: what is made ready once for a course is made before anything is measured.
CITY = "wuxi"
#: Hand-ins, hours until all are to be done, and what a core costs an hour, in CNY: the list price of shared
#: virtual machines lies between 0.2 and 0.5.
MANY, HOURS, CORE_HOUR_CNY = 100_000, 8.0, 0.35


@dataclass
class Used:
    """What a process and its children used.

    Attributes:
        cpu_s: processor seconds.
        peak_mb: the largest process's memory.
    """

    cpu_s: float
    peak_mb: float


class Machine:
    """A process that is ended in the end, and what it used."""

    def __init__(self, command: list[str], ready: str, cache: Path):
        self._process = subprocess.Popen(
            command,
            env=os.environ | {"PLAYBOOK_CACHE": str(cache)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = next((line for line in self._process.stdout if ready in line), "")
        if not self.said:
            raise SystemExit(f"{command[:3]} did not start")

    def end(self) -> Used:
        self._process.terminate()
        return used(self._process)


def used(process: subprocess.Popen) -> Used:
    """Wait for a process; what it and all that it waited for used."""
    if process.stdout is not None:
        process.stdout.close()
    _, status, told = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Used(told.ru_utime + told.ru_stime, told.ru_maxrss / 1024)


def write_cohort(folder: Path, master: Master, count: int) -> None:
    """Hand-ins of one exercise, all different: right, half done and wrong in turn."""
    base = release_notebook(master, "bench")
    blocks = {block.question.id: block for block in master.blocks}
    for number in range(count):
        notebook = json.loads(json.dumps(base))
        for place, cell in enumerate(notebook["cells"]):
            block = blocks.get(cell["metadata"].get("playbook", {}).get("question"))
            if block is not None:
                cell["source"] = _answer(block, number, place)
            if isinstance(cell["source"], str):
                cell["source"] = cell["source"].replace("your name or staff number", f"E{number:05d}")
        notebook["metadata"]["cohort"] = folder.name  # the same database may serve several
        path = folder / "submissions" / f"E{number:05d}" / f"{master.id}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    rows = "".join(f"E{number:05d},{CITY}\n" for number in range(count))
    (folder / "roster.csv").write_text(f"id,city\n{rows}", encoding="utf-8")


def _answer(block, number: int, place: int) -> str:
    kind = number % 3
    if kind == 1 and place % 2:
        return block.starter
    source = block.wrongs[0].source if kind == 2 and block.wrongs else block.solution
    return f'{source}\ncheck("{block.question.id}", {block.question.answer})'


def grade(folder: Path, address: str, cache: Path, gradebook: str) -> tuple[float, Used]:
    """Seconds of grading as the command tells them, and what the grader used."""
    command = [
        str(BIN / "playbook"),
        "grade",
        "submissions",
        "--roster",
        "roster.csv",
        "--json",
        "--cluster",
        address,
    ]
    command += ["--exercises", str(Path(__file__).resolve().parents[1] / "exercises")]
    command += ["--gradebook", gradebook] if gradebook else []
    with (folder / "printed.json").open("wb") as printed:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"PLAYBOOK_CACHE": str(cache), "PLAYBOOK_SECRET": "bench"},
            stdout=printed,
            stderr=subprocess.DEVNULL,
        )
        told = used(process)
    if process.returncode:
        raise SystemExit(f"playbook grade ended with {process.returncode}: see {folder}")
    return json.loads((folder / "printed.json").read_text())["seconds"], told


def measure(master: Master, workers: int, size: int, gradebook: str, where: Path) -> dict[str, float]:
    """Grade a cohort on a scheduler and workers that are started for it; what each part used."""
    folder = where / f"{master.id}-{workers}-{size}"
    folder.mkdir()
    write_cohort(folder, master, size)
    dask = [str(BIN / "dask"), "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = Machine(dask, "Scheduler at:", where / "cache")
    address = scheduler.said.partition("Scheduler at:")[2].split()[0]
    command = [str(BIN / "playbook"), "worker", address, "--jobs", "1", "--name"]
    # Each with a disk of its own, as on a machine of its own; the grader's has what is ready from before.
    crew = [Machine([*command, f"w{n}"], "is at work", where / f"cache-{n}") for n in range(workers)]
    seconds, grader = grade(folder, address, where / "cache", gradebook)
    worked = [one.end() for one in crew]
    scheduled = scheduler.end()
    files = [path.stat().st_size for path in (folder / "submissions").rglob("*.ipynb")]
    book = folder / "results" / "gradebook.sqlite"
    return {
        "seconds": seconds,
        "worker cpu": sum(one.cpu_s for one in worked),
        "grader cpu": grader.cpu_s,
        "scheduler cpu": scheduled.cpu_s,
        "grader MB": grader.peak_mb,
        "scheduler MB": scheduled.peak_mb,
        "worker MB": max(one.peak_mb for one in worked),
        "sent": sum(files),
        "gradebook": book.stat().st_size if book.is_file() else 0,
    }


def each(small: dict[str, float], large: dict[str, float], more: int) -> dict[str, float]:
    """What one hand-in adds."""
    return {name: (large[name] - small[name]) / more for name in large}


def compare(
    master: Master, workers: Iterable[int], sizes: list[int], gradebook: str, where: Path
) -> list[dict]:
    """A row for each number of workers."""
    measure(master, 1, 1, "", where)  # makes the exercise ready for the city, once
    rows = []
    for count in workers:
        small, large = (measure(master, count, size, gradebook, where) for size in sizes)
        one = each(small, large, sizes[1] - sizes[0])
        rows.append(
            {
                "exercise": master.id,
                "workers": count,
                "hand-ins": sizes[1],
                "s each": round(one["seconds"], 3),
                "worker cpu ms each": round(1000 * one["worker cpu"]),
                "grader cpu ms each": round(1000 * one["grader cpu"], 1),
                "scheduler cpu ms each": round(1000 * one["scheduler cpu"], 1),
                "sent KB each": round(one["sent"] / 1024, 1),
                "gradebook KB each": round(one["gradebook"] / 1024, 1),
                "grader MB": round(large["grader MB"]),
                "scheduler MB": round(large["scheduler MB"]),
                "worker MB": round(large["worker MB"]),
                "start of a worker, cpu s": round(
                    small["worker cpu"] / count - sizes[0] * one["worker cpu"] / count, 1
                ),
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    return rows


class Echo:
    """Workers that are infinitely fast: what remains is the grader's own work. See `playbook.grading.crew.Crew`."""

    waits_s = 0.0

    def __init__(self, marker):
        self.marker = marker

    def room(self) -> int:
        return 64

    def prepare(self, pairs, progress) -> None:
        pass

    def submit(self, one):
        from concurrent.futures import Future

        from playbook.exercises.outcomes import Outcome
        from playbook.exercises.question import Result
        from playbook.gradebook.result import GRADED, Graded, QuestionResult

        one.read()
        questions = tuple(
            QuestionResult(Result(f"q{n}", Outcome.PASSED, 2.0, 2.0, title=f"Question {n}"), own="passed")
            for n in range(8)
        )
        done = Future()
        same = (one.trainee, one.exercise, one.source, one.sha256)
        done.set_result((Graded(*same, GRADED, case=CITY, questions=questions), None))
        return done

    def look(self) -> None:
        pass

    def stop(self) -> None:
        pass


def alone(count: int, where: Path, gradebook: str) -> dict[str, float]:
    """What the grader itself takes for a cohort: finding, noting, keeping, writing results."""
    from playbook.cases.roster_file import read_roster
    from playbook.desk.exports.result_files import write_results
    from playbook.gradebook.gradebook import Gradebook
    from playbook.gradebook.standing import standings
    from playbook.grading.grade import grade_pending, plan_grading
    from playbook.grading.marker import Marker
    from playbook.submissions.hand_in import find_hand_ins

    [master] = find_masters(names=["00"])
    write_cohort(where, master, count)
    marker = Marker(
        {master.id: master}, "bench", where / "prepared", roster=read_roster(where / "roster.csv", ())
    )
    took, began = {}, time.monotonic()

    def lap(name: str) -> None:
        nonlocal began
        took[name] = round(1000 * (time.monotonic() - began) / count, 2)
        began = time.monotonic()

    with Gradebook(gradebook or where / "g.sqlite") as book:
        found = find_hand_ins(where / "submissions", [master.id], roster=marker.roster)
        lap("find, ms each")
        made = plan_grading(found.hand_ins, book, marker)
        lap("note, ms each")
        assert grade_pending(made, book, Echo(marker)).graded == count
        lap("claim and keep, ms each")
        write_results(book, standings(book), where / "results")
        lap("write results, ms each")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"hand-ins": count, **took, "peak MB": round(peak)}


def plan(rows: list[dict]) -> dict[str, float]:
    """What 100,000 hand-ins of such chapters in turn would take: cores, money, and the most a grader can serve."""
    worker_ms = sum(row["worker cpu ms each"] for row in rows) / len(rows)
    grader_ms = sum(row["grader cpu ms each"] for row in rows) / len(rows)
    scheduler_ms = sum(row["scheduler cpu ms each"] for row in rows) / len(rows)
    core_hours = MANY * worker_ms / 1000 / 3600
    a_second = 1000 / grader_ms
    return {
        "worker cpu ms each": round(worker_ms),
        "core hours": round(core_hours, 1),
        f"cores for {HOURS:g} hours": math.ceil(core_hours / HOURS),
        "CNY": round(core_hours * CORE_HOUR_CNY),
        "a grader serves, a second": round(a_second),
        "a scheduler serves, a second": round(1000 / scheduler_ms),
        "worker cores that one grader keeps busy": round(a_second * worker_ms / 1000),
        "least hours with one grader": round(MANY / a_second / 3600, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--exercises", nargs="*", default=["00", "03"])
    parser.add_argument("--sizes", type=int, nargs=2, default=[20, 120])
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--gradebook", default="", help="a database instead of a file; it should be empty")
    parser.add_argument(
        "--alone", type=int, nargs="*", help="measure the grader by itself, with so many hand-ins"
    )
    told = parser.parse_args()
    if told.alone:
        for count in told.alone:
            with tempfile.TemporaryDirectory(prefix="playbook-bench-") as name:
                print(json.dumps(alone(count, Path(name), told.gradebook)), flush=True)
        return
    rows = []
    with tempfile.TemporaryDirectory(prefix="playbook-bench-") as name:
        began = time.monotonic()
        for master in find_masters(names=told.exercises):
            rows += compare(master, told.workers, told.sizes, told.gradebook, Path(name))
    print(json.dumps(plan(rows)))
    print(f"in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
