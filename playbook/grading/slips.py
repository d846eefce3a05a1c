"""What a wrong answer is that no hint fits: off by a factor, turned round, in another order. A code, not a sentence."""

from __future__ import annotations

import copy
import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

from playbook.exercises.kinds import Kind, Problem
from playbook.exercises.kinds.number import Number
from playbook.exercises.kinds.ranking import Ranking
from playbook.exercises.kinds.table import Table
from playbook.exercises.marking import Sealed
from playbook.exercises.plain import Plain

#: What undoes a slip, by its code; a number that it makes right was off by it.
_UNDO: dict[str, Callable[[float], float]] = {
    "100 times too large": lambda v: v / 100,
    "100 times too small": lambda v: v * 100,
    "1,000 times too large": lambda v: v / 1_000,
    "1,000 times too small": lambda v: v * 1_000,
    "10,000 times too large": lambda v: v / 10_000,
    "10,000 times too small": lambda v: v * 10_000,
    "10 times too large": lambda v: v / 10,
    "10 times too small": lambda v: v * 10,
    "the sign turned": lambda v: -v,
    "turned upside down": lambda v: 1 / v,
    "the rest instead of the part": lambda v: 1 - v,
    "one too many": lambda v: v - 1,
    "one too few": lambda v: v + 1,
}
#: Slips that say nothing of a number that is no count.
_OF_COUNTS = ("one too many", "one too few")
#: A tolerance that is a larger part of the value would take anything for right.
_LEAST_ATOLS = 20
#: Rows of a table that is looked at: more cost more than the word is worth.
_MOST_ROWS = 400


def slip(sealed: Sealed, plain: Plain, case: Any = None) -> str:
    """The code of what a wrong answer is; empty where nothing of the kind makes it right."""
    normal = sealed.question.kind.normalise(plain)
    return "" if isinstance(normal, Problem) else _slip(sealed.question.kind, sealed, plain, case)


@functools.singledispatch
def _slip(kind: Kind, sealed: Sealed, plain: Plain, case: Any) -> str:
    return ""


@_slip.register
def _of_number(kind: Number, sealed: Sealed, plain: Plain, case: Any) -> str:
    value = kind.normalise(plain)
    for code, undo in _slips_of(kind.atol, kind.rtol):
        undone = _undone(undo, value, kind.atol)
        if undone is not None and _is_right(sealed, undone, case):
            return code
    return ""


@_slip.register
def _of_ranking(kind: Ranking, sealed: Sealed, plain: Plain, case: Any) -> str:
    members = kind.normalise(plain)
    if isinstance(members, Problem):
        return ""
    wanted = sealed.expected["order"]
    given = kind.seal(members, sealed.salt)[0]["order"]
    return "the right entries in another order" if sorted(given) == sorted(wanted) else ""


@_slip.register
def _of_table(kind: Table, sealed: Sealed, plain: Plain, case: Any) -> str:
    if not (isinstance(plain, dict) and plain.get("t") == "table" and plain["rows"] <= _MOST_ROWS):
        return ""
    for code, undo in _slips_of(kind.atol, kind.rtol):
        turned = copy.copy(plain)
        turned["data"] = [
            [_cell(undo, value, kind.atol) for value in column]
            if name not in kind.key and (not kind.columns or name in kind.columns)
            else column
            for name, column in zip(plain["columns"], plain["data"], strict=True)
        ]
        if turned["data"] != plain["data"] and _is_right(sealed, turned, case):
            return code
    return ""


def _slips_of(atol: float | None, rtol: float | None) -> Iterator[tuple[str, Callable[[float], float]]]:
    for code, undo in _UNDO.items():
        if not ((atol or rtol) and code in _OF_COUNTS):
            yield code, undo


def _undone(undo: Callable[[float], float], value: Any, atol: float | None) -> float | None:
    """The number without the slip; None where that says nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value:
        return None
    undone = undo(value)
    if not math.isfinite(undone):
        return None
    return None if atol and abs(undone) < _LEAST_ATOLS * atol else undone


def _cell(undo: Callable[[float], float], value: Plain, atol: float | None) -> Plain:
    undone = _undone(undo, value, atol)
    return value if undone is None else undone


def _is_right(sealed: Sealed, plain: Plain, case: Any) -> bool:
    kind = sealed.question.kind
    normal = kind.normalise(plain)
    return (
        not isinstance(normal, Problem)
        and kind.verdict(sealed.expected, normal, sealed.salt, case).share >= 1
    )
