"""Slips that the text of a cell shows, where the answer alone says too little or the wrong thing."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator

from playbook.exercises.advice.names import compared
from playbook.parsing import parse
from playbook.words import _


def slip_in(cell: str, question: str, answer: str) -> str:
    """What went wrong on the way to an answer, as far as the cell's text shows it; empty where it does not.

    Args:
        cell: the cell that holds the question's check.
        question: its id.
        answer: the variable that holds the answer.
    """
    try:
        statements = parse(cell).body
    except (SyntaxError, ValueError):
        return ""
    found = (
        _compared(statements),
        _taken_away(statements, answer),
        _other_name(statements, question, answer),
        _misspelt(statements, answer),
        _formula_as_text(statements, answer),
    )
    return next((words for words in found if words), "")


def lacks_check(cell: str, answers: dict[str, str]) -> str:
    """The question that a cell answers without a check, where there is one.

    Args:
        cell: a cell that ran.
        answers: the questions' ids by the variables that hold their answers.
    """
    try:
        tree = parse(cell)
    except (SyntaxError, ValueError):
        return ""
    if any(_is_check(node) for node in ast.walk(tree)):
        return ""
    names = [name for name, _value in _given(tree.body)]
    return next((answers[name] for name in reversed(names) if name in answers), "")


def line_as_handed_out(cell: str, pieces: Iterable[str]) -> str:
    """The line of a cell, notes apart, in which a piece of the starter still stands that must go; empty without one."""
    for line in cell.splitlines():
        if not line.lstrip().startswith("#") and any(piece in line for piece in pieces):
            return line.partition("  #")[0].strip()
    return ""


def _is_check(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check"


def _given(statements: list[ast.stmt]) -> Iterator[tuple[str, ast.expr | None]]:
    """Names that get a value, in order, each with it."""
    for statement in statements:
        if isinstance(statement, ast.Assign):
            yield from ((t.id, statement.value) for t in statement.targets if isinstance(t, ast.Name))
        elif isinstance(statement, ast.FunctionDef):
            yield statement.name, None


def _compared(statements: list[ast.stmt]) -> str:
    """A comparison stands where a name was to be given."""
    for statement in statements:
        value = statement.value if isinstance(statement, ast.Expr) else None
        if not (isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq)):
            continue
        if isinstance(value.left, ast.Name):
            return compared(value.left.id)
        if isinstance(value.left, ast.Subscript) and isinstance(value.left.value, ast.Name):
            return compared(ast.unparse(value.left).replace("'", '"'))
    return ""


def _taken_away(statements: list[ast.stmt], answer: str) -> str:
    """The answer is given, and the starter's dots below take it away again."""
    values = [value for name, value in _given(statements) if name == answer]
    if len(values) > 1 and isinstance(values[-1], ast.Constant) and values[-1].value is ...:
        return _(
            "You give `{answer}` its value, and the line `{answer} = ...` stands below a second time and takes it away "
            "again. Delete that line."
        ).format(answer=answer)
    return ""


def _other_name(statements: list[ast.stmt], question: str, answer: str) -> str:
    """The check is given another name than that of the answer."""
    for statement in statements:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not (call and _is_check(call) and len(call.args) == 2):  # type: ignore[attr-defined]
            continue
        asked, value = call.args  # type: ignore[attr-defined]
        here = isinstance(asked, ast.Constant) and asked.value == question
        if here and isinstance(value, ast.Name) and value.id != answer:
            return _(
                'The check of this question was given `{other}`. What counts is `{answer}`: write `check("{question}", '
                "{answer})`, and give your answer that name."
            ).format(other=value.id, answer=answer, question=question)
    return ""


def _misspelt(statements: list[ast.stmt], answer: str) -> str:
    """The cell gives a value to a name that is spelled nearly as the answer's, and none to the answer."""
    names = [name for name, _value in _given(statements)]
    if answer in names or not names:
        return ""
    near = difflib.get_close_matches(answer, names, n=1, cutoff=0.8)
    near = near or [name for name in names if name.casefold() == answer.casefold()]
    if near:
        return _(
            "This cell gives a value to `{near}`, and none to `{answer}`, which is checked. Write `{answer} = ...`."
        ).format(near=near[0], answer=answer)
    return ""


def _formula_as_text(statements: list[ast.stmt], answer: str) -> str:
    """A formula in quotes is only a text."""
    values = [value for name, value in _given(statements) if name == answer]
    value = values[-1].value if values and isinstance(values[-1], ast.Constant) else None
    if isinstance(value, str) and any(sign in value for sign in ("(", "[", " / ", " * ")):
        return _("Your formula stands in quotes, so it is only a text. Delete the quotes round it.")
    return ""
