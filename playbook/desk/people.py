"""Find somebody by id or name, however an instructor types it."""

from __future__ import annotations

from collections.abc import Collection

from playbook.cases.roster import Roster, name_forms
from playbook.errors import PlaybookError
from playbook.names import safe_name, squash


def find_trainee(wanted: str, there: Collection[str], roster: Roster) -> str:
    """What somebody's results are filed under.

    Args:
        wanted: an id or a name.
        there: what results are filed under.

    Raises:
        PlaybookError: nobody there is called so, or more than one.
    """
    named = [one.filed for one in roster.named(wanted)]
    for found in (
        [one for one in there if one == wanted],
        [one for one in named if one in there],
        [one for one in there if one == safe_name(wanted)],
        [one for one in there if squash(one) == squash(wanted)],
        [one for one in there if squash(wanted) in name_forms(one)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise PlaybookError(
                f"{wanted!r} may be {' or '.join(sorted(found))}",
                remedy="use the id that the results are filed under",
            )
    raise PlaybookError(
        f"{wanted!r} has handed nothing in",
        remedy="use the id or name that stands in the roster, or the hand-in's folder",
    )
