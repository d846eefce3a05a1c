"""What the desk costs for a large cohort: the report, feedback pages, and what keeping one more mark costs.

    python benchmarks/desk_scale.py                                    # 150 trainees × 13 exercises, a minute or two
    python benchmarks/desk_scale.py --trainees 1500                    # the whole cohort: two minutes or more to fill
    python benchmarks/desk_scale.py --trainees 300 1500 3000           # how memory grows with the cohort: ten minutes

The notebooks are the course's own, with solutions or the masters' wrong answers in them, each with bytes of its own.
The gradebook is filled through its own API; marks are made up, with what was done and what follows from what.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
PLAYBOOK = [sys.executable, "-m", "playbook"]
CITIES = ("wuxi", "zibo", "dalian", "foshan")
CHUNK = 500


def fill(path: Path, trainees: int) -> list[dict]:
    """A gradebook of a made-up cohort; gives what keeping a mark cost along the way."""
    from playbook.authoring.master import find_masters
    from playbook.authoring.release import release_notebook
    from playbook.cases.roster import Enrolled, Roster
    from playbook.gradebook.address import Address
    from playbook.gradebook.gradebook import Gradebook

    masters = find_masters()
    released = {master.id: json.loads(json.dumps(release_notebook(master, "bench"))) for master in masters}
    chance, cost, kept, spent = Random(1), [], 0, 0.0
    people = [
        Enrolled(
            f"E{n:05d}", f"Trainee {n}", CITIES[n % 4], {}, f"Team {n % 50}", ("North", "South")[n % 50 // 25]
        )
        for n in range(trainees)
    ]
    with Gradebook(path) as book:
        book.keep_roster(Roster(tuple(people)))
        book.keep_exercises(masters)
        for week, master in enumerate(masters):
            for start in range(0, trainees, CHUNK):
                some = list(
                    _hand_ins(people[start : start + CHUNK], master, released[master.id], week, chance)
                )
                known = book.record(some)
                began = time.perf_counter()
                for one in some:
                    attempt = known[one.trainee, one.exercise, one.sha256].id
                    graded = _marked(one, master, chance)
                    book.keep(attempt, Address(one.sha256, "m", "c", "k", "s"), graded)
                spent = time.perf_counter() - began
                kept += len(some)
                cost.append({"marks": kept, "ms each": round(1000 * spent / len(some), 2)})
                print(cost[-1], flush=True)
    return cost


def _hand_ins(people, master, released, week, chance) -> Iterator:
    from playbook.submissions.hand_in import HandIn
    from playbook.submissions.notebook import Facts

    for one in people:
        if chance.random() < 0.003 * week:
            continue
        notebook = json.loads(json.dumps(released))
        for cell in notebook["cells"]:
            asked = cell["metadata"].get("playbook", {}).get("question")
            block = next((b for b in master.blocks if b.question.id == asked), None)
            if block:
                wrong = block.wrongs and chance.random() < 0.3
                cell["source"] = chance.choice(block.wrongs).source if wrong else block.solution
        notebook["metadata"]["whose"] = one.id
        content = json.dumps(notebook, ensure_ascii=False).encode()
        digest = hashlib.sha256(content).hexdigest()
        when = 1_740_000_000 + 604_800 * week + chance.random() * 500_000
        facts = Facts(name=one.id)
        yield HandIn(
            one.id, master.id, "made up", digest, when, facts, "", (), lambda content=content: content
        )


def _marked(one, master, chance):
    from playbook.exercises.outcomes import Outcome
    from playbook.exercises.question import Result
    from playbook.gradebook.result import GRADED, Graded, QuestionResult

    skill, questions, missed = chance.gauss(0.8, 0.8), [], ""
    for place, block in enumerate(master.blocks):
        right = chance.gauss(skill, 1.0) > place / 8
        most = float(block.question.points)
        hint = (
            chance.choice(block.wrongs).hint if block.wrongs and not right and chance.random() < 0.5 else ""
        )
        outcome = (
            Outcome.PASSED if right else chance.choice([Outcome.FAILED, Outcome.FAILED, Outcome.UNATTEMPTED])
        )
        hint = hint if outcome is Outcome.FAILED else ""
        did = "" if right else "open" if outcome is Outcome.UNATTEMPTED else "hint" if hint else "other"
        result = Result(block.question.id, outcome, most * right, most, "", hint, block.question.title)
        follows = missed if did and chance.random() < 0.3 else ""
        given = f"{chance.gauss(10, 5):.3f}" if did in ("hint", "other") else ""
        questions.append(QuestionResult(result, str(outcome), did=did, given=given, follows=follows))
        missed = missed or (block.question.id if did else "")
    city = CITIES[int(one.trainee[1:]) % 4]
    same = (one.trainee, one.exercise, one.source, one.sha256)
    return Graded(*same, GRADED, case=city, questions=tuple(questions), seconds=0.1)


def run(name: str, folder: Path, *arguments: str) -> dict:
    """Seconds of a command, processor seconds of it and its children, and the most memory of one process, in MB."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*PLAYBOOK, *arguments, "--gradebook", str(folder / "gradebook.sqlite")],
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": sys.path[0]},
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"playbook {arguments[0]} ended with {process.returncode}")
    return {
        "what": name,
        "seconds": round(time.monotonic() - began, 1),
        "processor s": round(used.ru_utime + used.ru_stime, 1),
        "peak MB": round(used.ru_maxrss / 1024),
    }


def measured(folder: Path, trainees: int) -> list[dict]:
    """What report and feedback take for a cohort of this size, in a gradebook that is filled unless it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "gradebook.sqlite").is_file():
        fill(folder / "gradebook.sqlite", trainees)
    page = str(folder / "report.html")
    rows = [
        run("report", folder, "report", "--out", page),
        run("report again", folder, "report", "--out", page),
        run("report --json", folder, "report", "--json"),
        run("feedback", folder, "feedback", "--out", str(folder / "feedback"), "--jobs", "2"),
    ]
    for row in rows:
        print(row, flush=True)
    print({"page KB": Path(page).stat().st_size // 1024}, flush=True)
    return rows


def print_table(found: dict[int, list[dict]]) -> None:
    """Most memory of one process by command and size of the cohort, and how far it grows."""
    print("\npeak MB        " + "".join(f"{size:>8,}" for size in found) + "  growth")
    for rows in zip(*found.values(), strict=True):
        peaks = [row["peak MB"] for row in rows]
        print(f"{rows[0]['what']:15}" + "".join(f"{one:8}" for one in peaks) + f"{max(peaks) - min(peaks):8}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trainees", type=int, nargs="+", default=[150], help="sizes of cohorts")
    parser.add_argument("--keep", type=Path, help="folder to keep the gradebooks in, and to use again")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="playbook-desk-") as made:
        folder = told.keep or Path(made)
        print_table({size: measured(folder / str(size), size) for size in told.trainees})


if __name__ == "__main__":
    main()
