"""A later cell that gave an answer's name another value: the check saw the answer before it, the grader after it."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playbook.parsing import parse
from playbook.words import _

#: Methods that change what they are called on.
_CHANGES = frozenset(
    [
        "append",
        "add",
        "clear",
        "difference_update",
        "discard",
        "drop",
        "drop_duplicates",
        "dropna",
        "extend",
        "fillna",
        "insert",
        "intersection_update",
        "pop",
        "popitem",
        "remove",
        "rename",
        "replace",
        "reset_index",
        "reverse",
        "set_index",
        "setdefault",
        "sort",
        "sort_index",
        "sort_values",
        "symmetric_difference_update",
        "update",
    ]
)
#: Of these, the ones of tables: they change in place only when they are told to.
_IN_PLACE = frozenset(
    [
        "drop",
        "drop_duplicates",
        "dropna",
        "fillna",
        "rename",
        "replace",
        "reset_index",
        "set_index",
        "sort_index",
        "sort_values",
    ]
)


def later_change(notebook: Mapping[str, Any], question: str, name: str) -> str:
    """Say which cell changed an answer after its own cell; empty where none did.

    Args:
        notebook: as handed in.
        question: the question's id; its own cell says so, or checks it.
        name: the variable that holds the answer.
    """
    code = [
        (number, _source(cell), cell)
        for number, cell in enumerate(_cells(notebook), 1)
        if cell.get("cell_type") == "code"
    ]
    own = [number for number, source, cell in code if _is_own(cell, source, question)]
    if not own:
        own = [number for number, source, _cell in code if _changed_at(source, name)][:1]
    if not own:
        return ""
    found = [
        (number, line)
        for number, source, _cell in code
        if number > own[-1]
        for line in [_changed_at(source, name)]
        if line
    ]
    if not found:
        return ""
    number, line = found[-1]
    return _(
        "A later cell changes `{name}`, so what you checked is not what counts: cell {number}, in the line "
        "`{line}`. Use another name there, and hand in again."
    ).format(name=name, number=number, line=line)


def _cells(notebook: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    cells = notebook.get("cells")
    return [one if isinstance(one, Mapping) else {} for one in cells] if isinstance(cells, list) else []


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


@dataclass(frozen=True)
class _Seen:
    """What a cell does: the texts that it hands to `check`, and by name the first line that changes it."""

    checks: frozenset[Any]
    changes: Mapping[str, int]


@functools.lru_cache(maxsize=512)
def _seen(source: str) -> _Seen:
    """The same for one text; every question of a notebook asks for all of its cells, and most notebooks share many."""
    checks: set[Any] = set()
    changes: dict[str, int] = {}
    for node in _nodes(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check":
            checks |= {part.value for part in node.args if isinstance(part, ast.Constant)}
        for name in _changed_by(node):
            changes[name] = min(node.lineno, changes.get(name, node.lineno))
    return _Seen(frozenset(checks), changes)


def _is_own(cell: Mapping[str, Any], source: str, question: str) -> bool:
    """Whether a cell checks the question, or carries its mark and was not emptied."""
    metadata = cell.get("metadata")
    told = metadata.get("playbook") if isinstance(metadata, Mapping) else None
    if isinstance(told, Mapping) and told.get("question") == question:
        return True
    return question in _seen(source).checks


def _nodes(source: str) -> Iterable[ast.AST]:
    """What runs in the notebook's own space: functions' insides only where they say `global`."""
    # Lines of magic are no Python; without them the rest can be read.
    lines = ["" if line.lstrip()[:1] in ("%", "!", "?") else line for line in source.split("\n")]
    try:
        stack: list[ast.AST] = [parse("\n".join(lines))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            inside = [one for one in ast.walk(node) if isinstance(one, ast.Global)]
            yield from inside
            continue
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            stack.extend(one for one in ast.walk(node) if isinstance(one, (ast.NamedExpr, ast.Call)))
            continue
        stack.extend(ast.iter_child_nodes(node))


def _changed_at(source: str, name: str) -> str:
    """The first line of a cell that changes a name; empty where none does."""
    line = _seen(source).changes.get(name)
    return "" if line is None else source.split("\n")[line - 1].strip()[:80].replace("`", "'")


def _changed_by(node: ast.AST) -> Iterable[str]:
    """The names that a node changes by itself, without what is inside it."""
    if isinstance(node, ast.Name):
        return [node.id] if isinstance(node.ctx, (ast.Store, ast.Del)) else []
    if isinstance(node, (ast.Subscript, ast.Attribute)):
        return [_root(node)] if isinstance(node.ctx, (ast.Store, ast.Del)) else []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.alias):
        return [node.asname or node.name.partition(".")[0]]
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return [node.name] if node.name else []
    if isinstance(node, ast.Global):
        return node.names
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        in_place = any(
            one.arg == "inplace" and isinstance(one.value, ast.Constant) and one.value.value is True
            for one in node.keywords
        )
        method = node.func.attr
        changes = in_place if method in _IN_PLACE else method in _CHANGES
        return [node.func.value.id] if changes and isinstance(node.func.value, ast.Name) else []
    return []


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
