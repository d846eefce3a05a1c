"""What was done where points were missed, and which misses only come from an earlier one: for the instructor's report.

Nothing here moves a mark. A code says what was done; the sentence for it stands in :mod:`playbook.desk.did`.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from playbook.exercises.kinds import Problem
from playbook.exercises.marking import Sealed
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import Plain, describe
from playbook.exercises.question import Result
from playbook.grading.missing import statements
from playbook.grading.slips import slip
from playbook.names import clean
from playbook.submissions.notebook import question_of, source_of

#: Characters of an answer in a few words, entries of a list that are told, and characters of a code.
_MOST_GIVEN, _MOST_ENTRIES, _MOST_DID = 160, 6, 80
#: Characters of a cell that are looked at.
_MOST_CHARS = 20_000

#: Names that a line reads, those that it writes or changes, and of these the ones that it makes anew.
Line = tuple[frozenset[str], frozenset[str], frozenset[str]]


def what_was_done(
    sealed: Sealed, plain: Plain, own: Result, result: Result, typed: bool, case: Any = None
) -> str:
    """A code for a miss; empty where nothing was missed.

    Args:
        plain: the answer, on the trainee's own case.
        own: what the answer is worth there; result: the mark, with what the unseen case says.
        typed: it is known that the answer is made of constants.

    Returns:
        ``open`` (not attempted), ``stopped:<error>``, ``typed`` or ``own city`` (right there only), ``hint`` (a
        foreseen wrong answer), ``sentence`` (one's own words lack a part), ``form:<code>`` (not of the kind that is asked for), ``slip:<code>``, or ``other``.
    """
    if result.points >= result.max_points:
        return ""
    if result.outcome is Outcome.UNATTEMPTED:
        return "open"
    if not sealed.question.kind.computed:
        return "sentence"
    if own.points > result.points:
        return "typed" if typed else "own city"
    if result.hint:
        return "hint"
    normal = sealed.question.kind.normalise(plain)
    if result.outcome is Outcome.ERRORED:
        return f"stopped:{_error(plain, result.message)}"[:_MOST_DID]
    if isinstance(normal, Problem):
        return f"form:{normal.code}"[:_MOST_DID]
    code = slip(sealed, plain, case)
    return f"slip:{code}" if code else "other"


def _error(plain: Plain, message: str) -> str:
    """The name of the error that stopped a cell or a function."""
    if isinstance(plain, dict) and plain.get("t") == "function":
        for one in plain.get("returned", ()):
            if isinstance(one, dict) and one.get("t") == "raised":
                return str(one["error"])
    words = [word.strip(":") for word in message.split() if word.endswith(("Error:", "Exception:"))]
    return words[0] if words else ""


def in_short(plain: Plain) -> str:
    """An answer in a few words: numbers and texts as they are, of lists and of a table's last column the first."""
    return clean(_short(plain))[:_MOST_GIVEN]


def _short(plain: Plain, deep: int = 0) -> str:
    if isinstance(plain, bool) or plain is None:
        return str(plain)
    if isinstance(plain, (int, float)):
        return f"{plain:,.0f}" if 1e4 <= abs(plain) < 1e15 else f"{plain:.6g}"
    if isinstance(plain, str):
        return repr(plain[:_MOST_GIVEN])
    values = plain.get("v") if isinstance(plain, dict) and plain.get("t") in ("list", "set") else None
    if isinstance(plain, dict) and plain.get("t") == "function":
        values = plain.get("returned")
        if not values:  # nobody could call it
            return f"{plain.get('name')} without ()"
    if isinstance(values, list) and deep < 2:
        more = ", …" if len(values) > _MOST_ENTRIES else ""
        return "[" + ", ".join(_short(one, deep + 1) for one in values[:_MOST_ENTRIES]) + more + "]"
    if isinstance(plain, dict) and plain.get("t") == "table" and plain["columns"] and not deep:
        values = plain["data"][-1]
        more = ", …" if len(values) > _MOST_ENTRIES else ""
        shown = ", ".join(_short(one, 1) for one in values[:_MOST_ENTRIES])
        return f"{plain['columns'][-1]}: {shown}{more}" if values else describe(plain)
    if isinstance(plain, dict) and plain.get("t") == "raised":
        return f"{plain.get('error')}: {plain.get('message')}"
    return describe(plain)


def what_follows(
    notebook: Mapping[str, Any], answers: Mapping[str, str], missed: Collection[str]
) -> dict[str, str]:
    """Missed questions whose answer is worked out from that of an earlier missed one, with the first of these.

    A cell that reads what another cell has bound follows from it, also by way of cells between. Of the cell of a
    missed question everything counts as spoilt that its answer was made of.

    Args:
        notebook: as handed in.
        answers: the variable that holds the answer, by question, in order.
        missed: questions with points missed.
    """
    order = {question: place for place, question in enumerate(answers)}
    comes_from: dict[str, set[str]] = {}
    follows: dict[str, str] = {}
    for cell in notebook.get("cells", []):
        if not isinstance(cell, Mapping) or cell.get("cell_type") != "code":
            continue
        told = question_of(cell)
        own = told if told in answers else ""
        flow = _flow(source_of(cell)[:_MOST_CHARS])
        for reads, writes, anew in flow:
            sources = set().union(*(comes_from.get(name, set()) for name in reads))
            for name in writes:
                comes_from[name] = sources if name in anew else comes_from.get(name, set()) | sources
        if own in missed:
            slice_ = _made_of(flow, answers[own])
            roots = comes_from.get(answers[own], set()) - {own}
            if roots:
                follows[own] = min(roots, key=lambda one: order[one])
            written = {name for _reads, writes, _anew in flow for name in writes}
            for name in {answers[own], *(slice_ & written)}:
                comes_from[name] = comes_from.get(name, set()) | {follows.get(own, own)}
    return follows


@functools.lru_cache(maxsize=512)
def _flow(source: str) -> tuple[Line, ...]:
    """What each line of a cell reads and writes; most cells of a cohort are the course's own."""
    return tuple(_reads_and_writes(node) for node in statements(source))


def _made_of(flow: Sequence[Line], answer: str) -> set[str]:
    """Names of a cell that its answer was made of, the answer among them."""
    names = {answer}
    for reads, writes, _anew in reversed(flow):
        if names & writes:
            names |= reads
    return names


def _reads_and_writes(node: ast.stmt) -> Line:
    """Names that a line reads, those that it writes or changes, and of these the ones that it makes anew."""
    reads: set[str] = set()
    writes: set[str] = set()
    anew: set[str] = set()
    try:
        for one in _walk(node):
            if isinstance(one, ast.Name):
                (reads if isinstance(one.ctx, ast.Load) else anew).add(one.id)
            elif isinstance(one, (ast.Subscript, ast.Attribute)) and isinstance(one.ctx, ast.Store):
                writes.add(_root(one))
            elif isinstance(one, (ast.FunctionDef, ast.ClassDef)):
                anew.add(one.name)
    except RecursionError:
        return frozenset(), frozenset(), frozenset()
    if isinstance(node, ast.AugAssign):
        reads |= anew
    return frozenset(reads), frozenset((writes | anew) - {""}), frozenset(anew - writes)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All parts of a line; what is bound inside a function stays in it."""
    inside = isinstance(node, (ast.FunctionDef, ast.Lambda))
    yield node
    for child in ast.iter_child_nodes(node):
        for one in _walk(child):
            if not (inside and isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)):
                yield one


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
