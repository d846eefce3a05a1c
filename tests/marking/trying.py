"""Try right and wrong answers on cities as check and grader do, and count what is marked otherwise than it should be.

python -m tests.marking.trying                    # every exercise on every shipped city
python -m tests.marking.trying --cities jiaxing --exercises 03 05
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from playbook.authoring.master import find_masters
from playbook.authoring.solve import MasterRun, Solved, answer_of, copy_namespace, quiet, run_master, seal_run
from playbook.authoring.unseen import draw_unseen
from playbook.cases import list_cases, load_case, use_case
from playbook.exercises.marking import Sealed, mark
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from tests.marking.forms import right_forms, wrong_forms
from tests.marking.ways import RIGHT, WRONG

#: What may go wrong: none of the right ones rejected; shares of the wrong ones that pass, and of hints that misname.
MOST_PASSED, MOST_MISNAMED = 0.01, 0.05
EXERCISES = ("00", "01", "03", "05", "07")


@dataclass
class Tally:
    """Counts, and a line for each answer that was marked otherwise than it should be."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)

    def note(self, what: str, where: str, results: list[Result]) -> None:
        """Count an answer that was marked otherwise than it should be."""
        self.counts[what] += 1
        said = " | ".join(f"{r.outcome} {r.message[:90]} {r.hint[:60]}" for r in results)
        self.lines.append(f"{what}: {where}: {said}")

    def add(self, other: Tally) -> None:
        """Take another's counts and lines."""
        self.counts += other.counts
        self.lines += other.lines

    @property
    def holds(self) -> bool:
        """Whether the marks are as they should be."""
        some = self.counts
        return (
            not some["rejected"]
            and not some["told apart"]
            and some["passed"] <= MOST_PASSED * some["wrong"]
            and some["misnamed"] <= MOST_MISNAMED * max(some["hints"], 1)
        )

    def __str__(self) -> str:
        some = self.counts
        return (
            f"{some['right']} right answers, {some['rejected']} rejected; {some['wrong']} wrong ones, "
            f"{some['passed']} passed; {some['hints']} hints, {some['misnamed']} misnamed; "
            f"{some['junk']} of junk, {some['paid']} earned points"
        )


class City:
    """One exercise on one city, and on an unseen case of it."""

    def __init__(self, exercise: str, city: str):
        master, case = find_masters(names=[exercise])[0], load_case(city)
        run = run_master(master, case)
        unseen = draw_unseen(master, seal_run(run, "marking"), case, "marking").run
        self.sides: list[tuple[MasterRun, dict[str, Sealed]]] = [
            (run, seal_run(run, "marking")),
            (unseen, seal_run(unseen, "marking")),
        ]
        self.tally = self._try(f"{exercise} {city}", exercise)

    def _try(self, where: str, exercise: str) -> Tally:
        tally = Tally()
        for name, solved in self.sides[0][0].solved.items():
            question = solved.block.question
            forms = [self._made(name, right_forms, side) for side in (0, 1)]
            for label in forms[0]:
                if label in forms[1]:
                    results = [forms[side][label] for side in (0, 1)]
                    self._right(tally, f"{where} {name}, {label}", results)
            for code in RIGHT.get((exercise, name), ()):
                self._right(tally, f"{where} {name}, {code!r}", self._coded(name, code))
            faults = [self._made(name, wrong_forms, side) for side in (0, 1)]
            for label in faults[0]:
                results = [faults[side][label] for side in (0, 1) if label in faults[side]]
                self._wrong(tally, f"{where} {name}, {label}", results[: 1 + question.computed], None)
                if label.startswith(("a text", "a list of one", "zero", "a truth", "an empty")):
                    tally.counts["junk"] += 1
                    if all(result.points for result in results) and question.kind.name != "choice":
                        tally.note("paid", f"{where} {name}, {label}", results)
            for place, (_plain, hint) in enumerate(solved.wrong):
                results = self._declared(name, place)[: 1 + question.computed]
                self._wrong(tally, f"{where} {name}, declared {place + 1}", results, (hint,))
            for code, hints in WRONG.get((exercise, name), ()):
                results = self._coded(name, code)[: 1 + question.computed]
                self._wrong(tally, f"{where} {name}, {code!r}", results, hints)
        return tally

    def _right(self, tally: Tally, where: str, results: list[Result]) -> None:
        tally.counts["right"] += 1
        if any(result.outcome is not Outcome.PASSED for result in results):
            tally.note("rejected", where, results)

    def _wrong(self, tally: Tally, where: str, results: list[Result], hints: tuple[str, ...] | None) -> None:
        tally.counts["wrong"] += 1
        if all(result.outcome is Outcome.PASSED for result in results):
            tally.note("passed", where, results)
        if hints is None:
            return
        for result in results:
            tally.counts["hints"] += bool(result.hint)
            if result.hint and not any(hint in result.hint for hint in hints):
                tally.note("misnamed", where, [result])

    def _declared(self, name: str, place: int) -> list[Result]:
        """A wrong answer that the master declares, on both sides where it was worked out there."""
        return [
            mark(sealed[name], run.solved[name].wrong[place][0], run.case)
            for run, sealed in self.sides
            if run.solved[name].wrong
        ]

    def _made(self, name: str, forms: Any, side: int) -> dict[str, Result]:
        run, sealed = self.sides[side]
        solved = run.solved[name]
        namespace = self._namespace(run, solved)
        with use_case(run.case), quiet():
            exec(solved.block.solution, namespace)
            kind, value = solved.block.question.kind, namespace[solved.block.question.answer]
            return {
                label: mark(sealed[name], kind.take(made, solved.arguments), run.case)
                for label, made in forms(solved.block.question, value)
            }

    def _coded(self, name: str, code: str) -> list[Result]:
        results = []
        for run, sealed in self.sides:
            solved = run.solved[name]
            namespace = self._namespace(run, solved)
            with use_case(run.case), quiet():
                exec(code, namespace)
                plain = answer_of(namespace, solved.block, solved.arguments)
                results.append(mark(sealed[name], plain, run.case))
        return results

    @staticmethod
    def _namespace(run: MasterRun, solved: Solved) -> dict[str, Any]:
        return copy_namespace(solved.before)


def try_city(exercise: str, city: str) -> Tally:
    """Try all answers to one exercise on one city."""
    return City(exercise, city).tally


def try_all(exercises: list[str], cities: list[str], jobs: int) -> Iterator[tuple[str, str, Tally]]:
    """Try exercises on cities, in several processes; yields each tally as it comes, in order."""
    pairs = [(exercise, city) for city in cities for exercise in exercises]
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(ProcessPoolExecutor(max_workers=jobs))
        futures = [pool.submit(try_city, *pair) for pair in pairs]
        for pair, future in zip(pairs, futures, strict=True):
            yield (*pair, future.result())


def main() -> None:
    """Try, say what came of it, and end with 1 where marks are not as they should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cities", nargs="*", default=[case.name for case in list_cases()])
    parser.add_argument("--exercises", nargs="*", default=list(EXERCISES))
    parser.add_argument("--jobs", type=int, default=2)
    told = parser.parse_args()
    total = Tally()
    for exercise, city, tally in try_all(told.exercises, told.cities, told.jobs):
        print(f"{city} {exercise}: {tally}", flush=True)
        print(*(f"  {line}" for line in tally.lines), sep="\n", flush=True)
        total.add(tally)
    print(f"together: {total}")
    sys.exit(not total.holds)


if __name__ == "__main__":
    main()
