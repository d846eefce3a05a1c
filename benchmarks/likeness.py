"""How well alike notebooks are found: planted copies of five kinds, and how many honest pairs are shown by mistake.

    python benchmarks/likeness.py                  # forty people, three exercises, ten copies of each kind

Everybody's notebook is the example cohort's (tests/shared/forty.py): solutions and recorded wrong answers, names and
remarks of one's own, added cells. Nothing is graded, so rare wrong answers are no evidence here: what is measured is
what the notebooks' text tells.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playbook.authoring.master import find_masters
from playbook.cases.roster_file import read_roster
from playbook.desk.likeness import find_pairs
from playbook.gradebook.gradebook import Gradebook
from playbook.submissions.hand_in import find_hand_ins
from tests.shared import forty

HOW = ("as it is", "name changed", "added cells gone", "names changed too", "all typed anew")


def copied(notebook: dict, whose: str, name: str, how: str) -> dict:
    """A copy as somebody makes it."""
    made = copy.deepcopy(notebook)
    made["metadata"]["touched"] = name
    cells = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    if how != "as it is":
        for cell in cells:
            cell["source"] = cell["source"].replace(f'"{whose}"', f'"{name}"')
    if how in HOW[2:]:
        made["cells"] = [
            one for one in made["cells"] if str(one["id"]).startswith(("step", "question", "hand"))
        ]
    for cell in cells if how in HOW[3:] else ():
        lines = [line for line in cell["source"].splitlines() if not re.fullmatch(r"\w+ = \w+", line)]
        if how == HOW[4]:
            lines = [line for line in lines if not line.lstrip().startswith("#")]
        cell["source"] = "\n".join(lines)
    return made


def measure(exercise: str, people: int, copies: int) -> None:
    """One exercise: honest notebooks alone, then with copies of each kind."""
    [master] = find_masters(names=[exercise])
    cohort = forty.people(people)
    honest = {one.id: forty.notebook(master, one, forty.answers(master, one, one.skill)) for one in cohort}
    began = time.perf_counter()
    alarms = len(_pairs(master, cohort, honest))
    seconds = time.perf_counter() - began
    found: Counter[str] = Counter()
    strange = 0
    for how in HOW:
        for number in range(copies):
            whose, name = cohort[number].id, cohort[-1 - number].id
            notebooks = {**honest, name: copied(honest[whose], whose, name, how)}
            pairs = {one.trainees for one in _pairs(master, cohort, notebooks)}
            planted = tuple(sorted((whose, name)))
            found[how] += planted in pairs
            strange += len(pairs - {planted})
    print(
        f"{exercise}: {people} honest notebooks, {people * (people - 1) // 2} pairs: {alarms} shown; {seconds:.1f} s"
    )
    for how in HOW:
        print(f"  copied, {how}: {found[how]} of {copies} found")
    print(f"  other pairs shown beside the planted ones: {strange}", flush=True)


def _pairs(master, cohort, notebooks):
    with tempfile.TemporaryDirectory(prefix="playbook-likeness-") as made:
        folder = Path(made)
        (folder / "roster.csv").write_text(forty.roster_csv(cohort), encoding="utf-8")
        for trainee, notebook in notebooks.items():
            forty.put(folder / "in" / trainee / f"{master.id}.ipynb", notebook, forty.START)
        with Gradebook(folder / "g.sqlite") as book:
            book.keep_roster(read_roster(folder / "roster.csv"))
            book.record(list(find_hand_ins(folder / "in", [master.id], roster=book.roster())))
            return find_pairs(book, [master])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("exercises", nargs="*", default=list(forty.EXERCISES))
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--copies", type=int, default=10)
    told = parser.parse_args()
    for exercise in told.exercises:
        measure(exercise, told.people, told.copies)


if __name__ == "__main__":
    main()
