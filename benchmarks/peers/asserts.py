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
        "plan": _plan,
        "note": _note,
    }.get(question.kind.name)
    if write is None:
        raise PlaybookError(
            f"the question {question.id!r} is a {question.kind.name}, which no assert can judge",
            remedy="choose another exercise with --exercise",
        )
    return "\n".join(write(solved, name))


def _close(got: str, want: Any, kind: Any) -> str:
    allowed = kind.atol if kind.atol is not None else abs(want) * (kind.rtol or 0)
    return f"assert abs(float({got}) - {want!r}) <= {allowed!r}"


def _number(solved: Solved, name: str) -> list[str]:
    return [_close(name, solved.expected, solved.block.question.kind)]


def _choice(solved: Solved, name: str) -> list[str]:
    return [f"assert str({name}) == {solved.expected!r}"]


def _set(solved: Solved, name: str) -> list[str]:
    want = {str(value) for value in solved.expected["v"]}
    return [f"assert {{str(value) for value in {name}}} == {want!r}"]


def _ranking(solved: Solved, name: str) -> list[str]:
    kind, want = solved.block.question.kind, [str(value) for value in solved.expected["v"]]
    if kind.tau is not None:
        raise PlaybookError(
            f"the ranking {solved.block.question.id!r} is judged by tau, which no assert here does"
        )
    return [f"assert [str(value) for value in {name}][: {kind.top}] == {want[: kind.top]!r}"]


def _table(solved: Solved, name: str) -> list[str]:
    kind, keys = solved.block.question.kind, list(solved.block.question.kind.key)
    want = _with_keys(pd.DataFrame(from_plain(solved.expected)), keys)
    columns = list(kind.columns) or [column for column in want.columns if column not in keys]
    lines = [
        "import pandas as pd",
        f"got = pd.DataFrame({name})",
        f"got = got if set({keys!r}) <= set(got.columns) else got.rename_axis({keys!r}).reset_index()",
        f"got = got.set_index({keys!r})",
    ]
    if kind.columns:
        lines.append(f"got = got[{columns!r}]")
    else:  # the names of the columns are the trainee's to choose
        lines += [f"assert got.shape[1] == {len(columns)}", f"got.columns = {columns!r}"]
    sort = "" if kind.ordered else ".sort_index()"
    lines += [
        f"want = pd.DataFrame({_cells(want[[*keys, *columns]])!r})",
        f"want = want.set_index({keys!r}){sort}",
        f"got = got{sort}",
        "assert list(got.index) == list(want.index)",
    ]
    for column in columns:
        if pd.api.types.is_numeric_dtype(want[column]) and not pd.api.types.is_bool_dtype(want[column]):
            allowed = (
                f"{kind.atol!r}" if kind.atol is not None else f"want[{column!r}].abs() * {kind.rtol or 0!r}"
            )
            lines.append(f"off = (got[{column!r}].astype(float) - want[{column!r}]).abs()")
            lines.append(f"assert ((off <= {allowed}) | want[{column!r}].isna()).all()")
        else:
            lines.append(f"assert list(got[{column!r}].astype(str)) == list(want[{column!r}].astype(str))")
    return lines


def _cells(table: pd.DataFrame) -> dict[str, list[Any]]:
    """The cells as Python writes them; what is missing as None."""
    return {
        name: [None if pd.isna(value) else value for value in values]
        for name, values in table.to_dict("list").items()
    }


def _with_keys(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return table if set(keys) <= set(table.columns) else table.rename_axis(keys).reset_index()


def _function(solved: Solved, name: str) -> list[str]:
    # Arguments travel as plain data: a row of a table holds values whose repr is no Python, such as <NA>.
    kind, lines = solved.block.question.kind, ["from playbook.exercises.plain import from_plain"]
    for call, want in zip(solved.arguments, solved.expected["returned"], strict=True):
        given = f"*map(from_plain, {list(call)!r})"
        if kind.returns == "number":
            lines.append(_close(f"{name}({given})", want, kind))
        else:
            lines.append(f"assert str({name}({given})) == {want!r}")
    return lines


def _plan(solved: Solved, name: str) -> list[str]:
    """The course's own judge is called as a library: nobody writes it into a cell."""
    kind = solved.block.question.kind
    module, _, function = kind.judge.partition(":")
    return [
        f"from {module} import {function}",
        "from playbook.exercises.kinds.plan import plan_items",
        "from playbook.exercises.plain import to_plain",
        f"judged = {function}(plan_items(to_plain({name})), case)",
        "assert all(one.ok for one in judged.constraints)",
        f"assert judged.objective >= {1 - kind.within!r} * judged.optimum",
    ]


def _note(solved: Solved, name: str) -> list[str]:
    """Length alone: a person reads the rest."""
    least, _most = solved.block.question.kind.words
    return [f"assert len(str({name}).split()) >= {least}"]
