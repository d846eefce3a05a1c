"""Measure whether only the right way gives the right answer.

A wrong way (a declared wrong answer, a trap cell, the book's answer copied) that gives the right answer by chance
teaches the wrong thing. Here each is tried on every shipped city and on many unseen cases. And the spread: no
option is the answer of a choice in too many cities.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from playbook.authoring.master import Block, Master, load_master
from playbook.authoring.remembered import Remembered, libraries
from playbook.authoring.solve import MasterRun, run_master, seal_run
from playbook.authoring.unseen import make_unseen, unseen_seed
from playbook.cases import Case, list_cases
from playbook.cases.case import WORKED, find_case
from playbook.exercises.marking import mark
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import Plain
from playbook.progress import Progress, no_progress
from playbook.rooms import RELEASED, code_digest

#: A way may be right in so many of the shipped cities, and in this share of the unseen cases.
MOST_SHIPPED, MOST_UNSEEN = 1, 0.05
#: An option may be the answer of a choice in so many of the shipped cities.
MOST_ALIKE = 5
_SECRET = "collisions"


@dataclass(frozen=True)
class Way:
    """A wrong way to answer a question, and where it gave the right answer all the same.

    Attributes:
        kind: ``wrong`` (declared, with a hint), ``trap``, or ``book`` (Jinhua's answer copied).
        shipped: names of the cities.
        unseen: how many unseen cases, of ``tried``.
    """

    exercise: str
    question: str
    kind: str
    way: str
    shipped: tuple[str, ...]
    unseen: int
    tried: int

    @property
    def fails(self) -> bool:
        return len(self.shipped) > MOST_SHIPPED or self.unseen > MOST_UNSEEN * self.tried


@dataclass(frozen=True)
class Spread:
    """How often each answer of a question occurs over the shipped cities, the commonest first."""

    exercise: str
    question: str
    kind: str
    answers: tuple[tuple[str, int], ...]

    @property
    def fails(self) -> bool:
        return self.kind == "choice" and len(self.answers) > 1 and self.answers[0][1] > MOST_ALIKE


def measure(
    masters: Sequence[Master],
    unseen: int = 40,
    *,
    jobs: int = 2,
    kept: Remembered | None = None,
    progress: Progress = no_progress,
) -> tuple[list[Way], list[Spread]]:
    """Try every wrong way of some exercises on the shipped cities and on unseen cases.

    Args:
        unseen: how many unseen cases an exercise; they go round the cities.
        kept: where results are kept; one is used again while exercise, kit and case stay as they are.
    """
    cities = [case.name for case in list_cases() if case.role != "worked"]
    paths = [master.path for master in masters]
    work: list[tuple[str, int | None]] = [(city, None) for city in cities]
    work += [(cities[number % len(cities)], number) for number in range(unseen)]
    found: dict[tuple[str, str, int | None], dict] = {}
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        futures = {pool.submit(_on_one_case, paths, *item, kept): item for item in work}
        for done, future in enumerate(as_completed(futures), 1):
            for exercise, result in future.result().items():
                found[exercise, *futures[future]] = result
            progress("trying wrong ways", done, len(work))
    ways, spreads = [], []
    for master in masters:
        own = {c: found[master.id, c, None] for c in cities}
        new = [found[e, c, n] for e, c, n in found if e == master.id and n is not None]
        for block in master.blocks:
            name = block.question.id
            answers = Counter(own[c]["answers"][name] for c in cities)
            spreads.append(Spread(master.id, name, block.question.kind.name, tuple(answers.most_common())))
            for kind, place, way in _ways(block, differs=len(answers) > 1):
                hits = tuple(c for c in cities if own[c]["passed"][name][kind][place])
                count = sum(one["passed"][name][kind][place] for one in new)
                ways.append(Way(master.id, name, kind, way, hits, count, len(new)))
    return ways, spreads


def _ways(block: Block, differs: bool) -> Iterable[tuple[str, int, str]]:
    """Kind, place and name of each wrong way. Where the answer hangs on no case, copying it is knowing it.

    A choice copied from the book is one option ticked blindly: how often that is right, the spread of answers bounds.
    """
    for place, wrong in enumerate(block.wrongs):
        yield "wrong", place, wrong.hint[:70]
    for place, trap in enumerate(block.traps):
        yield "trap", place, trap.way
    kind = block.question.kind
    if kind.typeable and differs and not kind.few:
        yield "book", 0, "the answer of Jinhua, copied"


def _on_one_case(
    paths: Sequence[Path], city: str, number: int | None, kept: Remembered | None
) -> dict[str, dict]:
    """What became of every wrong way of some exercises on a city's shipped case, or on an unseen one of it."""
    case = find_case(city)
    results, missing = {}, []
    for path in paths:
        known = kept.get(_follows_from(path, case, number)) if kept else None
        if known is None:
            missing.append(path)
        else:
            results[path.parent.name] = known
    if not missing:
        return results
    with tempfile.TemporaryDirectory(prefix="playbook-unseen-") as folder:
        made = case
        if number is not None:
            made = make_unseen(case, unseen_seed(_SECRET, f"{case.adcode}/collisions", number), Path(folder))
        for path in missing:
            result = try_ways(load_master(path), made)
            results[path.parent.name] = result
            if kept:
                kept.keep(_follows_from(path, case, number), result)
    return results


def _follows_from(path: Path, case: Case, number: int | None) -> tuple[str, ...]:
    """Everything that a result depends on: the exercise, the case, the book's own case, the kit."""
    facts = (path.read_text("utf-8"), case.fingerprint, find_case(WORKED).fingerprint, str(number))
    return ("collisions", *facts, code_digest(RELEASED), *libraries())


@lru_cache(maxsize=8)
def _book(path: Path) -> dict[str, Plain]:
    return run_master(load_master(path), find_case(WORKED), wrong=False).expected


def try_ways(master: Master, case: Case) -> dict:
    """Which wrong ways pass on one case; and the right answers, as text."""
    return _tried(run_master(master, case, traps=True), _book(master.path))


def _tried(run: MasterRun, book: dict[str, Plain]) -> dict:
    sealed = seal_run(run, _SECRET)

    def passes(name: str, plain: Plain) -> bool:
        return mark(sealed[name], plain, run.case).outcome is Outcome.PASSED

    passed = {
        name: {
            "wrong": [passes(name, plain) for plain, _ in solved.wrong],
            "trap": [passes(name, plain) for plain in solved.traps],
            "book": [passes(name, book[name])],
        }
        for name, solved in run.solved.items()
    }
    return {
        "passed": passed,
        "answers": {name: _shown(solved.expected) for name, solved in run.solved.items()},
    }


def _shown(plain: Plain) -> str:
    """An answer as one short text."""
    if isinstance(plain, dict) and plain.get("t") in ("list", "set"):
        values = plain["v"] if plain["t"] == "list" else sorted(map(str, plain["v"]))
        return ", ".join(map(str, values[:6]))
    return str(plain) if not isinstance(plain, dict) else json.dumps(plain, sort_keys=True)[:200]


def table(ways: Sequence[Way], spreads: Sequence[Spread], *, all_ways: bool = False) -> str:
    """Both measurements as text: one line a way that is right somewhere, one a question's spread."""
    lines = [f"{'exercise':<26}{'question':<16}{'kind':<7}{'shipped':>8}{'unseen':>8}  way"]
    for way in ways:
        if all_ways or way.shipped or way.unseen:
            mark_ = "!" if way.fails else " "
            lines.append(
                f"{way.exercise:<26}{way.question:<16}{way.kind:<7}{len(way.shipped):>8}"
                f"{way.unseen:>5}/{way.tried:<3}{mark_}{way.way}"
            )
    lines += ["", f"{'exercise':<26}{'question':<16}commonest answers over the shipped cities"]
    for spread in spreads:
        if spread.kind in ("choice", "ranking", "set"):
            shown = "; ".join(f"{count}× {answer[:40]}" for answer, count in spread.answers[:4])
            lines.append(f"{spread.exercise:<26}{spread.question:<16}{'! ' if spread.fails else ''}{shown}")
    # Last, since this is what somebody must mend, and all that a long log is read for.
    lines += [f"fails {told}" for told in failures(ways, spreads)]
    return "\n".join(lines)


def failures(ways: Sequence[Way], spreads: Sequence[Spread]) -> list[str]:
    """What is right by chance too often, or the same answer too often, and what mends it: a line each."""
    mend = "mend it in the question (a finer tolerance, one more row) or in how the case deals the answer"
    return [
        f"{way.exercise} · {way.question}: the {way.kind} way {way.way!r} is right in {len(way.shipped)} cities "
        f"(at most {MOST_SHIPPED}) and {way.unseen} of {way.tried} unseen cases "
        f"(at most {int(MOST_UNSEEN * way.tried)}): {mend}"
        for way in ways
        if way.fails
    ] + [
        f"{spread.exercise} · {spread.question}: {spread.answers[0][0]!r} is the answer in {spread.answers[0][1]} "
        f"cities (at most {MOST_ALIKE}): {mend}"
        for spread in spreads
        if spread.fails
    ]
