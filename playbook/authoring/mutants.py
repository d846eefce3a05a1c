"""Systematic mutants of a solution: answers that are nearly right, to prove that a check tells them apart."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from playbook.exercises.kinds.base import ValueMutant, constant
from playbook.exercises.plain import Plain
from playbook.exercises.question import Question


@dataclass(frozen=True)
class CodeMutant:
    """The solution's code with one change: what was changed, and the code."""

    label: str
    source: str


_COMPARE = {
    ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_METHODS = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "nlargest": "nsmallest", "nsmallest": "nlargest",
    "idxmax": "idxmin", "idxmin": "idxmax", "head": "tail", "tail": "head",
}  # fmt: skip
_LEFT_OUT = ("drop_duplicates", "dropna", "sort_values")
_JOINS = {"left": "inner", "inner": "left", "right": "inner", "outer": "inner"}
#: Calls whose arguments mean the same in either order.
_SYMMETRIC = frozenset(["min", "max", "print", "set", "sorted", "zip"])


def code_mutants(source: str) -> Iterator[CodeMutant]:
    """Every single change to a solution's code, in order of place."""
    count = sum(1 for _ in ast.walk(ast.parse(source)))
    for place in range(count):
        for variant in range(2):
            # Parsed anew: all trees of a process share some nodes, and a traceback hangs whole files onto those, so
            # that a copy of one small tree would copy them too.
            mutated = ast.parse(source)
            node = list(ast.walk(mutated))[place]
            label = _mutate(node, variant)
            if label:
                ast.fix_missing_locations(mutated)
                line = getattr(node, "lineno", 0)
                yield CodeMutant(f"line {line}: {label}", ast.unparse(mutated))


def _mutate(node: ast.AST, variant: int) -> str:
    """Change a node in place; returns what was changed, or nothing."""
    if isinstance(node, ast.Call) and variant == 0 and len(node.args) >= 2:
        if isinstance(node.func, ast.Name) and node.func.id in _SYMMETRIC:
            return ""
        if any(isinstance(a, ast.Starred) for a in node.args[:2]) or ast.dump(node.args[0]) == ast.dump(
            node.args[1]
        ):
            return ""
        node.args[0], node.args[1] = node.args[1], node.args[0]
        return f"arguments of {ast.unparse(node.func)} swapped"
    if isinstance(node, ast.Attribute) and variant == 0 and node.attr in _METHODS:
        old, node.attr = node.attr, _METHODS[node.attr]
        return f".{old} made .{node.attr}"
    if isinstance(node, ast.Call) and variant == 1 and isinstance(node.func, ast.Attribute):
        if node.func.attr in _LEFT_OUT:
            name, inner = node.func.attr, node.func.value
            node.func = ast.Name("__same__", ast.Load())
            node.args, node.keywords = [inner], []
            return f".{name} left out"
        return ""
    if variant:
        return ""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        old = ast.unparse(node)
        node.ops[0] = _COMPARE[type(node.ops[0])]()
        return f"{old} made {ast.unparse(node)}"
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        old = ast.unparse(node)
        node.op = _ARITHMETIC[type(node.op)]()
        return f"{old} made {ast.unparse(node)}"
    if isinstance(node, ast.Constant):
        old_value = node.value
        if isinstance(old_value, bool):
            node.value = not old_value
        elif isinstance(old_value, int):
            node.value = old_value + 1
        elif isinstance(old_value, float):
            node.value = old_value * 1.25
        elif isinstance(old_value, str) and old_value in _JOINS:
            node.value = _JOINS[old_value]
        else:
            return ""
        return f"{old_value!r} made {node.value!r}"
    return ""


def value_mutants(question: Question, others: dict[str, Plain]) -> Iterator[ValueMutant]:
    """Answers made from the right one, by kind; `others` are the right answers of other cities."""
    if question.computed:
        for city, plain in others.items():
            yield constant(f"the answer of {city}", plain)
    yield from question.kind.mutants()
