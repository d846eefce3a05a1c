"""What a notebook says about itself, read from its text: claims, for finding its owner and its exercise."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playbook.names import clean, normalise
from playbook.parsing import parse
from playbook.submissions import reasons

#: Names of questions and variables that are noted, and characters of a cell that are looked at.
_MOST_NAMES, _MOST_CHARS = 400, 20_000
_ASKED = re.compile(r"""\bcheck\s*\(\s*["']([\w-]{1,80})["']""")
_BOUND = re.compile(r"^[ \t]*(?:(\w{1,80})[ \t]*(?::[^=\n]+)?=(?!=)|def[ \t]+(\w{1,80}))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notebook says about itself; every word of it is the trainee's.

    Attributes:
        exercise, release, trainee, case: as its metadata name them.
        name: as typed into ``open_case("…")``, as far as its text tells.
        problem: why it is no notebook; empty if it is.
        names: questions it holds or checks, and variables it binds; None if nobody looked.
    """

    exercise: str = ""
    release: str = ""
    trainee: str = ""
    case: str = ""
    name: str = ""
    problem: str = ""
    names: tuple[str, ...] | None = None


def parse_notebook(data: bytes) -> tuple[Mapping[str, Any] | None, str]:
    """The notebook in a file's bytes, or None and what is wrong with it."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, reasons.NOT_TEXT
    except RecursionError:
        return None, reasons.TOO_DEEP
    except ValueError as error:
        return None, f"{reasons.NO_NOTEBOOK}: {error}" if data.strip() else reasons.EMPTY
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return None, f"{reasons.NO_NOTEBOOK} of format 4: it has no list of cells"
    return notebook, ""


def facts_of(notebook: Mapping[str, Any] | None, problem: str = "") -> Facts:
    """What a notebook says about itself."""
    if notebook is None:
        return Facts(problem=clean(problem))
    own = _own(notebook)
    said = {name: _text(own.get(name)) for name in ("exercise", "release", "trainee", "case")}
    name = clean(typed_name(notebook))[:200]
    return Facts(**said, name=name, problem=problem, names=tuple(sorted(_names(notebook)))[:_MOST_NAMES])


def names_in(data: bytes) -> set[str]:
    """The names that a notebook's bytes give: typed, and its own word; empty if it is none."""
    notebook, _problem = parse_notebook(data)
    facts = facts_of(notebook)
    return {name for name in (facts.name, facts.trainee) if normalise(name)}


def source_of(cell: Mapping[str, Any]) -> str:
    """A cell's text; a list of lines counts as one."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def question_of(cell: Mapping[str, Any]) -> str:
    """The question that a cell answers, as its metadata say; empty if none."""
    question = _own(cell).get("question")
    return question if isinstance(question, str) else ""


def _own(part: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = part.get("metadata")
    own = metadata.get("playbook") if isinstance(metadata, Mapping) else None
    return own if isinstance(own, Mapping) else {}


def _cells(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (cell for cell in notebook.get("cells", []) if isinstance(cell, Mapping))


def _names(notebook: Mapping[str, Any]) -> set[str]:
    names: set[str] = set()
    for cell in _cells(notebook):
        names.add(question_of(cell)[:80])
        if cell.get("cell_type") == "code" and len(names) < _MOST_NAMES:
            source = clean(source_of(cell)[:_MOST_CHARS])
            names.update(_ASKED.findall(source))
            names.update(one or other for one, other in _BOUND.findall(source))
    return {clean(name) for name in names} - {""}


def typed_name(notebook: Mapping[str, Any]) -> str:
    """The name a trainee typed into the last ``open_case(…)`` of a notebook, or nothing.

    Read from the text as IPython reads it, for finding out whose it is; which city was opened, the run tells.
    """
    name, bound = "", {}
    for cell in _cells(notebook):
        source = source_of(cell)
        if cell.get("cell_type") != "code" or len(source) > _MOST_CHARS:
            continue
        if "open_case" not in source and "=" not in source:
            continue
        tree = _parsed(source, wanted="open_case" in source)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                bound |= {one.id: node.value.value for one in node.targets if isinstance(one, ast.Name)}
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            given = [*call.args[:1], *(one.value for one in call.keywords if one.arg == "trainee")]
            if called == "open_case" and given:
                name = _shown(given[0], bound) or name
    return name


def _parsed(source: str, wanted: bool) -> ast.Module | None:
    try:
        return parse(source)
    except (ValueError, RecursionError, MemoryError):
        return None
    except SyntaxError:
        if not wanted:
            return None
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return parse(TransformerManager().transform_cell(source))
    except Exception:  # whatever a transformation makes of text that is no Python
        return None


def _shown(value: ast.expr, bound: Mapping[str, Any]) -> str:
    told = bound.get(value.id) if isinstance(value, ast.Name) else getattr(value, "value", None)
    if isinstance(told, bool) or not isinstance(told, (str, int)):
        return ""
    try:
        return str(told)
    except ValueError:  # thousands of digits
        return ""


def _text(value: object) -> str:
    return clean(value)[:200] if isinstance(value, str) else ""
