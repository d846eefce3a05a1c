"""The one family of errors that people read."""

import contextlib
from collections.abc import Iterator

from playbook.words import _

#: Kinds that are shown of all that is wrong, and places of one kind.
_KINDS, _PLACES = 20, 5


class PlaybookError(Exception):
    """Something is wrong that a person can mend.

    Args:
        what: what is wrong, in a sentence.
        where: file, cell, column or row, as precisely as known.
        remedy: what to do about it.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = ""):
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(what)

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.remedy:
            parts.append(_("What to do: {remedy}").format(remedy=self.remedy))
        return "\n".join(parts)


class Together:
    """Gathers what is wrong with the rows of a table, so that a person is told all of it at once."""

    def __init__(self) -> None:
        self._found: list[PlaybookError] = []

    @contextlib.contextmanager
    def each(self) -> Iterator[None]:
        """Keep an error that is raised inside, and go on behind."""
        try:
            yield
        except PlaybookError as error:
            self._found.append(error)

    def stop(self) -> None:
        """Raise what was gathered: one error as it is, several as one, the same words once with their places.

        Raises:
            PlaybookError: anything was.
        """
        if not self._found:
            return
        if len(self._found) == 1:
            raise self._found[0]
        split = [error.where.rpartition(" row ") for error in self._found]
        file = split[0][0] if len({head for head, _row, _rest in split}) == 1 else ""
        kinds: dict[str, list[str]] = {}
        for error in self._found:
            kinds.setdefault(error.what, []).append(error.where.removeprefix(file).strip())
        lines = [_("{count} things are wrong:").format(count=len(self._found))]
        for what, places in list(kinds.items())[:_KINDS]:
            shown = ", ".join(places[:_PLACES])
            if len(places) > _PLACES:
                shown = _("{places} and {count} more").format(places=shown, count=len(places) - _PLACES)
            lines.append(f"- {shown}: {what}")
        if len(kinds) > _KINDS:
            lines.append(_("- and {count} kinds more").format(count=len(kinds) - _KINDS))
        remedies = dict.fromkeys(error.remedy.rstrip(".") for error in self._found)
        raise PlaybookError("\n".join(lines), where=file, remedy="; ".join(remedies))
