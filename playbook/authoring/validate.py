"""Prove an exercise: its solution passes, its starter is unattempted, wrong answers earn their hints, mutants die.

On one city, beginners' mistakes are played too: none may be shown a hint that describes another mistake.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playbook.authoring import beginners
from playbook.authoring.help import headings_of
from playbook.authoring.master import Master, load_master
from playbook.authoring.mutants import code_mutants, value_mutants
from playbook.authoring.prove_help import prove_help, without_help
from playbook.authoring.remembered import Remembered, libraries
from playbook.authoring.solve import (
    MasterRun,
    Solved,
    answer_of,
    copy_namespace,
    execute,
    quiet,
    run_master,
    seal_run,
)
from playbook.authoring.unseen import draw_unseen
from playbook.cases import list_cases, load_case, use_case
from playbook.errors import PlaybookError
from playbook.exercises.marking import Sealed, mark
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import Plain, is_unattempted
from playbook.rooms import code_digest

#: Seeds the unseen cases that mutants are tried on. No secret: these cases prove, they do not mark.
_SECRET = "validation"


@dataclass(frozen=True)
class Failing:
    """Something that an exercise does not prove: where, and what."""

    exercise: str
    case: str
    question: str
    what: str


@dataclass(frozen=True)
class Proof:
    """What was proved of one exercise on one case, in numbers, what failed, and which questions have no help yet."""

    exercise: str
    case: str
    questions: int
    wrong: int
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    mistakes: int = 0
    failing: tuple[Failing, ...] = field(default=())


def prove(master: Master, case_name: str, *, mutants: bool = True, mistakes: bool = False) -> Proof:
    """Prove one exercise on one case.

    Args:
        mutants: also try mutants, on this case and on an unseen one.
        mistakes: also play the beginners' mistakes that stand beside the master.
    """
    case = load_case(case_name)
    failing: list[Failing] = []

    def fail(question: str, what: str) -> None:
        failing.append(Failing(master.id, case_name, question, what))

    try:
        run = run_master(master, case)
        sealed = seal_run(run, secret="validation")
        wrong = _prove_answers(run, sealed, fail)
        _prove_starters(run, fail)
        for name in without_help(master):
            fail(name, "it has no help cell")
        prove_help(run, sealed, fail)
        total = killed = equivalent = 0
        played = _prove_mistakes(master, case_name, fail) if mistakes else 0
        if mutants:
            unseen = draw_unseen(master, sealed, case, _SECRET).run
            other = next(one for one in list_cases() if one.name != case.name)
            others = {other.city: run_master(master, other, wrong=False)}
            total, killed, equivalent = _prove_mutants(run, sealed, unseen, others, fail)
    except PlaybookError as error:
        fail("", str(error))
        return Proof(master.id, case_name, len(master.questions), 0, failing=tuple(failing))
    return Proof(
        master.id,
        case_name,
        len(master.questions),
        wrong,
        total,
        killed,
        equivalent,
        played,
        tuple(failing),
    )


def _prove_answers(run: MasterRun, sealed: dict[str, Sealed], fail: Callable[[str, str], None]) -> int:
    count = 0
    for name, solved in run.solved.items():
        result = mark(sealed[name], solved.expected, run.case)
        if result.outcome is not Outcome.PASSED:
            fail(name, f"the solution is {result.outcome}: {result.message}")
        for (plain, hint), wrong in zip(solved.wrong, solved.block.wrongs, strict=True):
            count += 1
            result = mark(sealed[name], plain, run.case)
            if result.outcome in (Outcome.PASSED, Outcome.UNATTEMPTED):
                fail(name, f"the wrong answer in cell {wrong.cell} is {result.outcome}")
            elif result.hint != hint:
                got = f"the hint {result.hint[:60]!r}" if result.hint else f"no hint ({result.message[:80]})"
                fail(name, f"the wrong answer in cell {wrong.cell} earns {got} instead of its own")
    return count


def _prove_starters(run: MasterRun, fail: Callable[[str, str], None]) -> None:
    """Run the released notebook as it is handed out: nothing stops, nothing counts as attempted."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with use_case(run.case), quiet():
        for cell in run.master.cells:
            where = f"{run.master.path} cell {cell.number}"
            source = cell.block.starter if cell.block else cell.source
            if cell.kind == "markdown":
                continue
            try:
                execute(source, namespace, f"{where} (starter)" if cell.block else where)
            except PlaybookError as error:
                fail(cell.block.question.id if cell.block else "", f"as handed out: {error}")
                return
            if cell.block:
                solved = run.solved[cell.block.question.id]
                plain = answer_of(namespace, cell.block, solved.arguments)
                if not is_unattempted(plain):
                    fail(cell.block.question.id, f"the untouched starter answers {str(plain)[:80]}")


def _prove_mistakes(master: Master, case_name: str, fail: Callable[[str, str], None]) -> int:
    """Play beginners' mistakes: a hint that fires describes the mistake, and nearly all get help that fits."""
    mistakes = beginners.read_mistakes(master)
    if not mistakes:
        return 0
    score = beginners.play(master, mistakes, case_name)
    for told in score.told:
        who = f"a beginner who {told.mistake.does} ({told.mistake.where})"
        if told.broken:
            fail(told.mistake.question, told.broken)
        elif told.misleads:
            shown = " ".join(told.shown.split())[:200]
            wanted = " and ".join(map(repr, told.lacking or told.mistake.helps))
            fail(
                told.mistake.question,
                f"{who} is misled: {shown!r} is shown, and {wanted} describes the mistake",
            )
    if score.share < beginners.TARGET:
        missed = "; ".join(told.mistake.does for told in score.told if not told.fits)
        fail("", f"{score}, and {beginners.TARGET:.0%} are asked. No help that fits: {missed}")
    return len(mistakes)


def _prove_mutants(
    run: MasterRun,
    sealed: dict[str, Sealed],
    unseen: MasterRun,
    others: dict[str, MasterRun],
    fail: Callable[[str, str], None],
) -> tuple[int, int, int]:
    again = seal_run(unseen, secret="validation")
    total = killed = equivalent = 0
    for name, solved in run.solved.items():
        pairs = [
            *_value_pairs(name, run, unseen, others),
            *_code_pairs(solved, unseen.solved[name], run, unseen),
        ]
        for label, own, new in pairs:
            if _same(own(), solved.expected) and _same(new(), unseen.solved[name].expected):
                equivalent += 1
                continue
            total += 1
            if (
                mark(sealed[name], own(), run.case).outcome is not Outcome.PASSED
                or mark(again[name], new(), unseen.case).outcome is not Outcome.PASSED
            ):
                killed += 1
            else:
                fail(name, f"a mutant survives: {label}")
    return total, killed, equivalent


def _value_pairs(name: str, run: MasterRun, unseen: MasterRun, others: dict[str, MasterRun]):
    solved, new = run.solved[name], unseen.solved[name]
    question = solved.block.question
    elsewhere = {city: other.solved[name].expected for city, other in others.items()}
    if not question.kind.typeable:
        elsewhere = {}
    for mutant in value_mutants(question, elsewhere):
        if mutant.constant and not question.computed and mutant.make(solved.expected) == solved.expected:
            continue
        yield (
            mutant.label,
            lambda m=mutant: m.make(solved.expected),
            lambda m=mutant: m.make(new.expected),
        )
    if question.computed and question.kind.typeable:
        yield ("its own answer, typed in", lambda: solved.expected, lambda: solved.expected)


def _code_pairs(solved: Solved, new: Solved, run: MasterRun, unseen: MasterRun):
    if not solved.block.question.computed:
        return
    for mutant in code_mutants(solved.block.solution):
        own = _mutated(mutant.source, solved, run)
        if own is None:
            continue
        yield (
            mutant.label,
            lambda own=own: own,
            lambda mutant=mutant: _mutated(mutant.source, new, unseen),
        )


def _mutated(source: str, solved: Solved, run: MasterRun) -> Plain | None:
    """A mutant's answer, or None where it stops: a mutant that does not run needs no killing."""
    namespace = copy_namespace(solved.before)
    namespace["__same__"] = lambda value: value
    with use_case(run.case), quiet():
        try:
            execute(source, namespace, "mutant")
        except PlaybookError:
            return None
        return answer_of(namespace, solved.block, solved.arguments)


def _same(one: Plain, other: Plain) -> bool:
    """Whether two answers are the same but for rounding in the last digits."""
    if isinstance(one, float) or isinstance(other, float):
        numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (one, other))
        return numbers and abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1e-12)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        ignored = {"dtypes", "name", "index_name"}
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one if k not in ignored)
    return one == other


def validate(
    masters: Sequence[Master],
    cases: Iterable[str],
    *,
    mutants: bool = True,
    jobs: int = 2,
    kept: Remembered | None = None,
    tell: Callable[[Proof, int, int], None] = lambda proof, done, total: None,
) -> list[Proof]:
    """Prove exercises on cases, in several processes; what was proved before, of the same content, is not run again.

    Args:
        mutants: also try mutants.
        kept: where proofs without a failure are kept; default nowhere.
        tell: called with each proof as it comes, how many there are so far, and of how many.
    """
    names = {case.name: case.fingerprint for case in list_cases()}
    cases = list(cases)
    played_on = beginners.CITY if beginners.CITY in cases else next(iter(cases), "")
    work = [(master, case) for case in cases for master in masters]
    facts = {
        (master.id, case): _follows_from(master, case, names, mutants, case == played_on)
        for master, case in work
    }
    proofs = []

    def take(proof: Proof) -> None:
        proofs.append(proof)
        tell(proof, len(proofs), len(work))

    with ProcessPoolExecutor(max_workers=jobs) as pool:
        futures = {}
        for master, case in work:
            known = kept.get(facts[master.id, case]) if kept else None
            if known is None:
                futures[pool.submit(_prove_path, master.path, case, mutants, case == played_on)] = (
                    master.id,
                    case,
                )
            else:
                take(Proof(**{**known, "failing": ()}))
        for future in as_completed(futures):
            proof = future.result()
            if kept and not proof.failing:
                kept.keep(facts[futures[future]], asdict(proof))
            take(proof)
    if kept:
        kept.sweep()
    return sorted(proofs, key=lambda proof: (proof.exercise, proof.case))


def _follows_from(
    master: Master, case: str, cases: Mapping[str, str], mutants: bool, mistakes: bool
) -> tuple[str, ...]:
    """Everything that a proof depends on: master, headings of its page, data of the case and its neighbours, kit."""
    listed = master.path.with_name(beginners.FILE)
    text = master.path.read_bytes() + (listed.read_bytes() if mistakes and listed.is_file() else b"")
    digest = hashlib.sha256(text).hexdigest()
    digest += repr(sorted(headings_of(master)))
    data = cases.get(case) or load_case(case).fingerprint
    return (
        master.id,
        digest,
        data,
        *cases.values(),
        code_digest(),
        str(mutants),
        str(mistakes),
        *libraries(),
    )


def _prove_path(path: Path, case: str, mutants: bool, mistakes: bool) -> Proof:
    return prove(load_master(path), case, mutants=mutants, mistakes=mistakes)
