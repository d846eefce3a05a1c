"""The one family of errors that people read."""

from playbook.words import _


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
