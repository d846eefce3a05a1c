"""Run a master on a case: the expected answers, the wrong ones, and their seals."""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from playbook.authoring.master import Block, Master
from playbook.authoring.rows import plain_calls
from playbook.cases import Case, use_case
from playbook.cases.imported import is_imported
from playbook.errors import PlaybookError
from playbook.exercises.marking import Sealed, seal_question
from playbook.exercises.plain import MISSING, Plain, from_plain
from playbook.exercises.sealing import digest
from playbook.lazily import named

#: Behind an answer's name: a list of other values that a solution calls as right.
ALSO = "_also"


@dataclass(frozen=True)
class Solved:
    """One question of a master, run on a case.

    Attributes:
        expected: the solution's answer as plain data.
        wrong: the wrong cells' answers, in order, each with its hint.
        arguments: what a function is called with.
        before: the namespace as it stood before the solution, for mutants.
        also: other answers that the solution calls as right.
        traps: the trap cells' answers, in order, where they were asked for.
    """

    block: Block
    expected: Plain
    wrong: tuple[tuple[Plain, str], ...]
    arguments: tuple[tuple[Plain, ...], ...]
    before: Mapping[str, Any]
    also: tuple[Plain, ...] = ()
    traps: tuple[Plain, ...] = ()


@dataclass(frozen=True)
class MasterRun:
    """A master run on a case: one :class:`Solved` a question, by id."""

    master: Master
    case: Case
    solved: Mapping[str, Solved]

    @property
    def expected(self) -> dict[str, Plain]:
        return {name: solved.expected for name, solved in self.solved.items()}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Run code for its values: nothing printed, no figure drawn on a screen or laid out, none left open."""
    import matplotlib
    from matplotlib.layout_engine import ConstrainedLayoutEngine, TightLayoutEngine

    before = matplotlib.get_backend()
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    try:
        with contextlib.ExitStack() as stack:
            # Laying out measures every label, which costs as much as drawing.
            for engine in (ConstrainedLayoutEngine, TightLayoutEngine):
                stack.enter_context(patch.object(engine, "execute", lambda _engine, _fig: None))
            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
            stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            yield
    finally:
        plt.close("all")
        matplotlib.use(before)


def copy_namespace(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """A copy in which changing a table leaves the original as it was."""
    import numpy as np
    import pandas as pd

    def one(value: Any) -> Any:
        if isinstance(value, (pd.DataFrame, pd.Series, np.ndarray)):
            return value.copy()
        return copy.deepcopy(value) if isinstance(value, (list, dict, set)) else value

    return {name: one(value) for name, value in namespace.items()}


def execute(source: str | ast.Module, namespace: dict[str, Any], where: str) -> None:
    """Run a cell's code in a namespace.

    Raises:
        PlaybookError: the code stopped; names the cell, the line and the error.
    """
    try:
        exec(compile(source, where, "exec"), namespace)
    except Exception as error:
        line = _line_in(error, where)
        raise PlaybookError(
            f"{type(error).__name__}: {error}",
            where=f"{where}{f' line {line}' if line else ''}",
            remedy="mend the cell",
        ) from error


def _line_in(error: BaseException, where: str) -> int | None:
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == where:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def answer_of(namespace: Mapping[str, Any], block: Block, arguments: tuple[tuple[Plain, ...], ...]) -> Plain:
    """A question's answer in a namespace, as plain data; functions are called."""
    if block.question.answer not in namespace:
        return dict(MISSING)
    return block.question.kind.take(namespace[block.question.answer], arguments)


def run_master(master: Master, case: Case, *, wrong: bool = True, traps: bool = False) -> MasterRun:
    """Run a master's cells in order on a case, the wrong ones each on a copy; a panel, which binds nothing, is not drawn.

    On own records, which lack columns, a wrong answer that stops is left out.

    Args:
        wrong: run the wrong answers too.
        traps: run the trap cells too.

    Raises:
        PlaybookError: a cell stopped, or a solution's answer is missing.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    solved: dict[str, Solved] = {}
    lacking = is_imported(case)
    with use_case(case), quiet():
        for cell in master.cells:
            where = f"{master.path} cell {cell.number}"
            if cell.kind == "code" and not cell.shows_panel:
                execute(cell.source, namespace, where)
            elif cell.block:
                solved[cell.block.question.id] = _solve(
                    cell.block, namespace, master, where, wrong, traps, lacking
                )
    return MasterRun(master, case, solved)


def _solve(
    block: Block,
    namespace: dict[str, Any],
    master: Master,
    where: str,
    wrong: bool,
    traps: bool,
    lacking: bool,
) -> Solved:
    before = copy_namespace(namespace)
    execute(block.solution, namespace, where)
    if block.question.answer not in namespace:
        raise PlaybookError(
            f"the solution of {block.question.id!r} does not bind `{block.question.answer}`",
            where=where,
            remedy="bind it, or name another variable with `answer: …`",
        )
    arguments: tuple[tuple[Plain, ...], ...] = ()
    if block.arguments:
        hidden = copy_namespace(namespace)
        execute(block.arguments, hidden, f"{where} (arguments)")
        arguments = plain_calls(hidden.get("arguments", ()), hidden)
        for call in arguments:
            for argument in call:
                from_plain(argument)
    expected = answer_of(namespace, block, arguments)
    also = namespace.pop(f"{block.question.answer}{ALSO}", ())
    also = tuple(block.question.kind.take(value, arguments) for value in also)

    def instead(one: Any) -> Plain:
        other = copy_namespace(before)
        execute(one.source, other, f"{master.path} cell {one.cell}")
        return answer_of(other, block, arguments)

    answers = []
    for one in block.wrongs if wrong else ():
        try:
            answers.append((instead(one), one.hint))
        except PlaybookError:
            if not lacking:
                raise
    trapped = tuple(instead(one) for one in block.traps) if traps else ()
    return Solved(block, expected, tuple(answers), arguments, before, also, trapped)


#: Runs of a simulator on which a notebook's check stands, and those on which a mark stands.
CHECK_RUNS, GRADE_RUNS = 40, 200


def seal_run(run: MasterRun, secret: str = "", runs: int = CHECK_RUNS) -> dict[str, Sealed]:
    """Seal every question of a run.

    Args:
        secret: mixed into the salts; a release uses its own name, so that seals are reproducible.
        runs: of the simulator, for questions that are measured on it.
    """
    sealed = {}
    for name, solved in run.solved.items():
        salt = digest(secret, run.master.id, run.case.fingerprint, name, size=18)
        try:
            sealed[name] = seal_question(
                solved.block.question,
                solved.expected,
                solved.wrong,
                salt=salt,
                also=solved.also,
                arguments=solved.arguments,
                case=run.case,
                change=solved.block.change,
                given=measured(run, name, runs),
            )
        except ValueError as error:
            raise PlaybookError(
                str(error),
                where=f"{run.master.path} cell {solved.block.cell}",
                remedy="mend the solution or its kind",
            ) from None
    return sealed


def measured(run: MasterRun, question: str, runs: int = CHECK_RUNS) -> Any:
    """What a question's judge is given beside the plan on this case; None where its master measures nothing."""
    function = run.master.header.measures.get(question)
    return named(function)(run.case, runs) if function else None
