"""The texts that a list, a set or a column holds."""

from __future__ import annotations

from playbook.exercises.kinds.base import Problem, not_this
from playbook.exercises.plain import Plain, describe
from playbook.words import _


def members_of(plain: Plain) -> list[str] | Problem:
    """The texts that a list, column, set or single text holds; numbers are read as their digits.

    Where a column or a table has its texts beside it, in its index, they are taken from there.
    """
    if isinstance(plain, str):
        plain = {"t": "list", "v": [plain]}
    tag = plain.get("t") if isinstance(plain, dict) else type(plain).__name__
    if tag == "table":
        values = _of_table(plain)
        if values is None:
            return Problem(
                "members:table", _("Your answer is a whole table. Take the one column that is asked for.")
            )
    elif tag == "dict":
        values = _of_pairs(plain)
    elif tag in ("list", "set"):
        values = list(plain["v"])
        if plain.get("of") == "series" and not plain.get("counted") and _texts(plain["index"]):
            if values and all(isinstance(value, bool) for value in values):
                return Problem(
                    "members:mask",
                    _("Your answer says yes or no to each. Keep those with a yes, and take their names."),
                )
            if all(value is None or _is_number(value) for value in values):
                values = list(plain["index"])
    else:
        return not_this("members", _("a list of texts"), plain)
    members = []
    for position, item in enumerate(_flat(values), 1):
        if item is None:
            return Problem(
                "members:missing",
                _("Entry {position} of your answer is missing (NaN).").format(position=position),
            )
        if isinstance(item, bool) or not isinstance(item, (str, int, float)):
            return Problem(
                "members:kind",
                _("Entry {position} of your answer is {described}; a text is asked for.").format(
                    position=position, described=describe(item)
                ),
            )
        members.append(item if isinstance(item, str) else f"{item:g}")
    return members


def _of_table(plain: Plain) -> list[Plain] | None:
    """A table's index of texts, its only column, or the only one that holds texts."""
    levels = plain["index"]["levels"] if plain["index"] else []
    if len(levels) == 1 and _texts(levels[0]):
        return list(levels[0])
    texts = [column for column in plain["data"] if _texts(column)]
    only = plain["data"] if len(plain["columns"]) == 1 else texts
    return list(only[0]) if len(only) == 1 else None


def _of_pairs(plain: Plain) -> list[Plain]:
    """What a dictionary names: its keys; its values where the keys only count them."""
    keys, values = [pair[0] for pair in plain["v"]], [pair[1] for pair in plain["v"]]
    return values if _texts(values) and not _texts(keys) else keys


def _flat(values: list[Plain]) -> list[Plain]:
    """Without brackets that hold one thing each, or that hold all."""

    def inside(value: Plain) -> list[Plain] | None:
        return list(value["v"]) if isinstance(value, dict) and value.get("t") == "list" else None

    if len(values) == 1 and inside(values[0]) is not None:
        return inside(values[0]) or []
    if values and all(inside(value) is not None and len(value["v"]) == 1 for value in values):
        return [value["v"][0] for value in values]
    return values


def _texts(values: list[Plain]) -> bool:
    return bool(values) and all(isinstance(value, str) for value in values)


def _is_number(value: Plain) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
