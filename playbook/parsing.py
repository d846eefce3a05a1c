"""Python source as a syntax tree, one source at a time.

Before 3.11.8 and 3.12.2 CPython keeps the depth of a tree that it makes in one place for all threads: two that parse
at once may end in ``SystemError: AST constructor recursion depth mismatch`` (CPython's issue 106905).
"""

from __future__ import annotations

import ast
import threading

_ONE_AT_A_TIME = threading.Lock()


def parse(source: str, flags: int = 0) -> ast.Module:
    """The syntax tree of a cell.

    Args:
        source: the text of the cell.
        flags: of the compiler, besides that for a tree.

    Raises:
        SyntaxError: the text is no Python.
        ValueError: it holds a zero byte.
        RecursionError, MemoryError: it is nested too deeply.
    """
    with _ONE_AT_A_TIME:
        tree: ast.Module = compile(source, "cell", "exec", flags | ast.PyCF_ONLY_AST)  # type: ignore[assignment]
    return tree
