"""Why there is no answer to a question when its notebook has run: what was found in the notebook, in plain words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from playbook.exercises.question import Question
from playbook.parsing import parse
from playbook.submissions.notebook import question_of, source_of
from playbook.words import _

#: Magics of a whole cell that keep what the cell works out to themselves.
_KEEPS = re.compile(
    r"^\s*%%(timeit|prun|bash|sh|script|html|markdown|latex|javascript|js|svg|writefile|file|perl|ruby|python\d?|cmd)\b"
)
#: Characters of a cell that are looked at.
_MOST_CHARS = 20_000


def why_missing(notebook: Mapping[str, Any], question: Question) -> str:
    """What to say of an answer that was nowhere when the notebook had run; empty where the usual words fit."""
    name = question.answer
    cells = [cell for cell in notebook.get("cells", []) if isinstance(cell, Mapping)]
    own = [cell for cell in cells if question_of(cell) == question.id]
    sources = [source_of(cell)[:_MOST_CHARS] for cell in cells if cell.get("cell_type") == "code"]
    if any(_binds(source, name) for source in sources if not _KEEPS.match(source)):
        return _(
            "Nothing called `{name}` was left when your notebook had run: a line takes it away again (`del`, "
            "`%reset`), or the line that sets it was not reached."
        ).format(name=name)
    for cell in own:
        source = source_of(cell)[:_MOST_CHARS]
        if cell.get("cell_type") != "code":
            return _(
                "The cell of this question is text now, so it was not run. Click on it, choose Code in the "
                "toolbar (or press Esc, then Y), and run it."
            )
        if magic := _KEEPS.match(source):
            return _(
                "The cell of this question begins with `%%{magic}`, which keeps `{name}` to itself. Delete that line."
            ).format(magic=magic[1], name=name)
    if any(_inside_function(source, name) for source in sources):
        return _(
            "`{name}` is set inside a function only, where nobody outside sees it. Let the function `return` it, "
            "and write `{name} = …` with a call of the function, at the left edge."
        ).format(name=name)
    if not own:
        return _(
            "The cell of this question is not in this notebook any more. Open the exercise anew, and copy your "
            "answers into it."
        )
    if all(name not in source_of(cell) for cell in own):
        return _(
            "Nothing called `{name}` was left when your notebook had run: give your answer that name."
        ).format(name=name)
    return ""


def statements(source: str) -> Iterator[ast.stmt]:
    """The lines of a cell; those of IPython are left out where they keep the rest from being read."""
    for text in (source, re.sub(r"(?m)^\s*[%!].*$", "", source)):
        try:
            yield from parse(text).body
            return
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def _names_set(node: ast.AST) -> Iterator[str]:
    """Names that a part of a cell sets in the notebook itself: not those inside functions and classes."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _names_set(child)


def _is_open(node: ast.stmt) -> bool:
    """Whether a line is still the starter's: ``name = ...``."""
    value = getattr(node, "value", None)
    return isinstance(node, ast.Assign) and isinstance(value, ast.Constant) and value.value is Ellipsis


def _binds(source: str, name: str) -> bool:
    try:
        return any(name in _names_set(node) for node in statements(source) if not _is_open(node))
    except RecursionError:
        return False


def _inside_function(source: str, name: str) -> bool:
    for statement in statements(source):
        for node in ast.walk(statement):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
                isinstance(inner, ast.Name) and inner.id == name and isinstance(inner.ctx, ast.Store)
                for inner in ast.walk(node)
            ):
                return True
    return False
