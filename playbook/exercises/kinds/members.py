"""The texts that a list, a set or a column holds."""

from __future__ import annotations

from playbook.exercises.kinds.base import Problem, not_this
from playbook.exercises.plain import Plain, describe
from playbook.words import _


def members_of(plain: Plain) -> list[str] | Problem:
    """The texts that a list, column, set or single text holds; numbers are read as their digits."""
    if isinstance(plain, str):
        plain = {"t": "list", "v": [plain]}
    tag = plain.get("t") if isinstance(plain, dict) else type(plain).__name__
    if tag not in ("list", "set"):
        if tag == "table":
            return Problem(
                "members:table", _("Your answer is a whole table. Take the one column that is asked for.")
            )
        return not_this("members", _("a list of texts"), plain)
    members = []
    for position, item in enumerate(plain["v"], 1):
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
