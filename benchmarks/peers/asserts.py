"""A question's check written as plain statements with `assert`, as authors for other graders write them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.authoring.solve import Solved
from playbook.errors import PlaybookError
from playbook.exercises.plain import from_plain


def check_source(solved: Solved, name: str = "") -> str:
    """Python source that stops with an AssertionError unless the answer is right.

    Args:
        solved: the question, run on the trainee's case.
        name: variable that holds the answer; default the question's own.
    """
    question = solved.block.question
    name = name or question.answer
    write = {
        "number": _number,
        "choice": _choice,
        "set": _set,
        "ranking": _ranking,
        "table": _table,
        "function": _function,
    }.get(question.kind)
    if write is None:
        raise PlaybookError(
            f"the question {question.id!r} is a {question.kind}, which no assert can judge",
            remedy="choose another exercise with --exercise",
        )
    return "\n".join(write(solved, name))


def _close(got: str, want: Any, question: Any) -> str:
    allowed = question.atol if question.atol is not None else abs(want) * (question.rtol or 0)
    return f"assert abs(float({got}) - {want!r}) <= {allowed!r}"


def _number(solved: Solved, name: str) -> list[str]:
    return [_close(name, solved.expected, solved.block.question)]


def _choice(solved: Solved, name: str) -> list[str]:
    return [f"assert str({name}) == {solved.expected!r}"]


def _set(solved: Solved, name: str) -> list[str]:
    want = {str(value) for value in solved.expected["v"]}
    return [f"assert {{str(value) for value in {name}}} == {want!r}"]


def _ranking(solved: Solved, name: str) -> list[str]:
    question, want = solved.block.question, [str(value) for value in solved.expected["v"]]
    if question.tau is not None:
        raise PlaybookError(f"the ranking {question.id!r} is judged by tau, which no assert here does")
    return [f"assert [str(value) for value in {name}][: {question.top}] == {want[: question.top]!r}"]


def _table(solved: Solved, name: str) -> list[str]:
    question, keys = solved.block.question, list(solved.block.question.key)
    want = _with_keys(pd.DataFrame(from_plain(solved.expected)), keys)
    columns = list(question.columns) or [column for column in want.columns if column not in keys]
    lines = [
        "import pandas as pd",
        f"got = pd.DataFrame({name})",
        f"got = got if set({keys!r}) <= set(got.columns) else got.rename_axis({keys!r}).reset_index()",
        f"got = got.set_index({keys!r})",
    ]
    if question.columns:
        lines.append(f"got = got[{columns!r}]")
    else:  # the names of the columns are the trainee's to choose
        lines += [f"assert got.shape[1] == {len(columns)}", f"got.columns = {columns!r}"]
    allowed = f"{question.atol!r}" if question.atol is not None else f"want.abs() * {question.rtol!r}"
    return [
        *lines,
        f"want = pd.DataFrame({want[[*keys, *columns]].to_dict('list')!r})",
        f"want = want.set_index({keys!r}).astype(float).sort_index()",
        "got = got.astype(float).sort_index()",
        "assert list(got.index) == list(want.index)",
        f"assert ((got - want).abs() <= {allowed}).all(axis=None)",
    ]


def _with_keys(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return table if set(keys) <= set(table.columns) else table.rename_axis(keys).reset_index()


def _function(solved: Solved, name: str) -> list[str]:
    lines = []
    for call, want in zip(solved.arguments, solved.expected["returned"], strict=True):
        given = ", ".join(repr(from_plain(argument)) for argument in call)
        if solved.block.question.returns == "number":
            lines.append(_close(f"{name}({given})", want, solved.block.question))
        else:
            lines.append(f"assert str({name}({given})) == {want!r}")
    return lines
