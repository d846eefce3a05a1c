"""What is wrong with files that people bring: every kind once, with its first places and what to do."""

from __future__ import annotations

import re

from playbook.errors import PlaybookError

#: Kinds that are shown, and places of one kind.
_KINDS, _PLACES = 20, 5


def _row(place: str) -> int:
    """Where a place stands in its file: its first number."""
    found = re.search(r"\d+", place)
    return int(found[0]) if found else 0


class Breaches:
    """Collects what is wrong; two breaches with the same words are one kind."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str, str], list[str]] = {}

    def add(self, file: str, what: str, remedy: str, place: str = "") -> None:
        """One place at which something is wrong."""
        places = self._kinds.setdefault((file, what, remedy), [])
        if place:
            places.append(place)

    def __len__(self) -> int:
        return len(self._kinds)

    def stop(self) -> None:
        """Raise all that was collected, as one error.

        Raises:
            PlaybookError: anything was.
        """
        if not self._kinds:
            return
        lines = []
        for (file, what, remedy), places in list(self._kinds.items())[:_KINDS]:
            where = ", ".join(sorted(places, key=_row)[:_PLACES])
            more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
            lines.append(f"- {file}: {what}{': ' + where + more if where else ''}. {remedy}.")
        if len(self._kinds) > _KINDS:
            lines.append(f"- … and {len(self._kinds) - _KINDS} kinds more")
        count = f"{len(self._kinds)} {'thing' if len(self._kinds) == 1 else 'kinds of things'}"
        raise PlaybookError(
            "\n".join([f"{count} to put right, and nothing was written:", *lines]),
            remedy="put them right, and run the same command again",
        )
