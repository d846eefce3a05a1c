"""Whether an answer was typed in or worked out."""

from __future__ import annotations

import ast

#: Names that may stand in a typed answer: they only give it its form.
_FORMS = frozenset(["pd", "np", "list", "set", "tuple", "dict", "round", "int", "float", "str", "len", "sum"])


def is_typed_in(cell: str, answer: str) -> bool:
    """Whether a cell gives the answer a value in which nothing of the case occurs: ``281``, ``281 / 3090``.

    Args:
        cell: the cell's lines.
        answer: the variable that holds the answer; its last assignment counts.
    """
    try:
        statements = ast.parse(cell).body
    except SyntaxError:
        return False
    values = [
        statement.value
        for statement in statements
        if isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == answer for target in statement.targets)
    ]
    if not values:
        return False
    return all(node.id in _FORMS for node in ast.walk(values[-1]) if isinstance(node, ast.Name))
