"""What stopped a cell, in the words that the notebook's own box would have said beside the red text."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from typing import Any

from playbook.exercises.advice import advise

#: Begins what was kept of a cell that stopped.
_STOPPED = "stopped:"
#: What advice needs the notebook's tables for; without them it would guess.
_KNOWN = (NameError, SyntaxError, AttributeError, ZeroDivisionError)


def in_plain_words(question: Mapping[str, Any], source: str) -> str:
    """The message of a question; where its cell stopped, with what to do about it as far as its text tells.

    Args:
        question: as a result file has it.
        source: the question's cell.
    """
    message = str(question["message"])
    did = str(question.get("did", ""))
    if not did.startswith(_STOPPED) or not source:
        return message
    error = _error(str(question.get("given", "")), source)
    said = advise(error, source, {}) if isinstance(error, _KNOWN) else ""
    return f"{said} ({message})" if said else message


def _error(given: str, source: str) -> BaseException | None:
    """The error again, from its name and words; None where the kit knows no such error."""
    name, _, words = given.partition(": ")
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        return None
    if issubclass(kind, SyntaxError):
        try:
            compile(source, "cell", "exec")
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError):
            return None
        return None
    if issubclass(kind, NameError):
        quoted = words.split("'")
        return kind(words, name=quoted[1]) if len(quoted) > 2 else None
    try:
        return kind(words)
    except TypeError:
        return None


def cells_of(notebook: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """The code cells of a notebook, whatever it holds."""
    cells = notebook.get("cells") if notebook else None
    for cell in cells if isinstance(cells, list) else []:
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code":
            yield cell
