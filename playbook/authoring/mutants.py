"""Systematic mutants of a solution: answers that are nearly right, to prove that a check tells them apart."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playbook.exercises.plain import Plain
from playbook.exercises.question import Question


@dataclass(frozen=True)
class CodeMutant:
    """The solution's code with one change: what was changed, and the code."""

    label: str
    source: str


@dataclass(frozen=True)
class ValueMutant:
    """An answer made from the right one: what was done, and how. `constant` ones could be typed in."""

    label: str
    make: Callable[[Plain], Plain]
    constant: bool = False


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
    tree = ast.parse(source)
    count = sum(1 for _ in ast.walk(tree))
    for place in range(count):
        for variant in range(2):
            mutated = copy.deepcopy(tree)
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
            yield ValueMutant(f"the answer of {city}", lambda _, plain=plain: plain, constant=True)
    yield from _BY_KIND[question.kind](question)


def _constant(label: str, plain: Plain) -> ValueMutant:
    return ValueMutant(label, lambda _: plain, constant=True)


def _number(question: Question) -> Iterator[ValueMutant]:
    for value in (0, 1, 100):
        yield _constant(f"constant {value}", value)
    yield ValueMutant("one more", lambda v: v + 1)
    yield ValueMutant("one less", lambda v: v - 1)
    yield ValueMutant("a tenth more", lambda v: v * 1.1 if v else 1)
    yield ValueMutant("times 100", lambda v: v * 100 if v else 1)
    yield ValueMutant("the sign turned", lambda v: -v if v else 1)
    yield ValueMutant("as text", lambda v: str(v))


def _choice(question: Question) -> Iterator[ValueMutant]:
    for choice in question.choices:
        yield _constant(f"constant {choice!r}", choice)


def _items(change: Callable[[list], list]) -> Callable[[Plain], Plain]:
    def make(plain: Plain) -> Plain:
        values = list(plain["v"]) if isinstance(plain, dict) else [plain]
        return {"t": "list", "of": "list", "v": change(values)}

    return make


def _set(question: Question) -> Iterator[ValueMutant]:
    yield ValueMutant("one member left out", _items(lambda v: v[1:]))
    stranger = question.choices[0] if question.choices else "stranger"
    yield ValueMutant(
        "a stranger added", _items(lambda v: [*v, stranger if stranger not in v else "stranger"])
    )
    if question.choices:
        yield _constant("every choice", {"t": "list", "of": "list", "v": list(question.choices)})


def _ranking(question: Question) -> Iterator[ValueMutant]:
    yield ValueMutant("reversed", _items(lambda v: v[::-1]))
    yield ValueMutant("without the first", _items(lambda v: v[1:]))
    if question.tau is None:
        yield ValueMutant("the first two swapped", _items(lambda v: [*v[1::-1], *v[2:]]))


def _rows(change: Callable[[list], list]) -> Callable[[Plain], Plain]:
    def make(plain: Plain) -> Plain:
        if plain.get("t") == "list":
            index = change(list(plain["index"])) if not plain.get("counted") else plain["index"]
            return {**plain, "v": change(list(plain["v"])), "index": index}
        index = plain["index"] and {
            **plain["index"],
            "levels": [change(list(level)) for level in plain["index"]["levels"]],
        }
        data = [change(list(column)) for column in plain["data"]]
        return {**plain, "data": data, "index": index, "rows": len(change([0] * plain["rows"]))}

    return make


def _cells(change: Callable[[list], list], key: tuple[str, ...]) -> Callable[[Plain], Plain]:
    """Change the columns that are no key, and leave the index."""

    def make(plain: Plain) -> Plain:
        if plain.get("t") == "list":
            return {**plain, "v": change(list(plain["v"]))}
        data = [
            column if name in key else change(list(column))
            for name, column in zip(plain["columns"], plain["data"], strict=True)
        ]
        return {**plain, "data": data}

    return make


def _table(question: Question) -> Iterator[ValueMutant]:
    def more(values: list) -> list:
        return [
            v * 1.1 + 1e-3 if isinstance(v, (int, float)) and not isinstance(v, bool) else v for v in values
        ]

    yield ValueMutant("the first row left out", _rows(lambda v: v[1:]))
    yield ValueMutant("the last row left out", _rows(lambda v: v[:-1]))
    yield ValueMutant("the first row twice", _rows(lambda v: [v[0], *v]))
    yield ValueMutant("values shifted by a row", _cells(lambda v: [*v[1:], v[0]], question.key))
    yield ValueMutant("numbers a tenth larger", _cells(more, question.key))
    if question.ordered:
        yield ValueMutant("rows reversed", _rows(lambda v: v[::-1]))


def _function(question: Question) -> Iterator[ValueMutant]:
    def all_as(index: int) -> Callable[[Plain], Plain]:
        return lambda p: {**p, "returned": [p["returned"][index]] * len(p["returned"])}

    yield ValueMutant("always its first result", all_as(0))
    yield ValueMutant("always its last result", all_as(-1))
    if question.returns == "number":
        for value in (0, 1):
            yield ValueMutant(
                f"always {value}", lambda p, v=value: {**p, "returned": [v] * len(p["returned"])}
            )
        yield ValueMutant("one more", lambda p: {**p, "returned": [_plus(v) for v in p["returned"]]})


def _plus(value: Plain) -> Plain:
    return value + 1 if isinstance(value, (int, float)) else value


def _plan(question: Question) -> Iterator[ValueMutant]:
    yield ValueMutant("only its first entry", _items(lambda v: v[:1]))
    yield ValueMutant("its first entry twice", _items(lambda v: [v[0], *v]))
    yield ValueMutant("a stranger added", _items(lambda v: [*v, "stranger"]))


_BY_KIND = {
    "number": _number,
    "choice": _choice,
    "set": _set,
    "ranking": _ranking,
    "table": _table,
    "function": _function,
    "plan": _plan,
}
