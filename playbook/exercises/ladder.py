"""The ladder of help for who does not get on: where it is wrong; a worked step; a solution on another city's table."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any
from urllib.parse import quote

from playbook.words import _

#: The site's first folder, where a page has started this Python: told by the browser edition.
SITE = "PLAYBOOK_SITE"
#: Tries that are counted, and of how many it is remembered what was tried.
_MOST_TRIES, _MOST_SEEN = 9_999, 40


class Rung(IntEnum):
    """How much help a question has given: none, where it is wrong, a worked step, a solution elsewhere."""

    NONE = 0
    WHERE = 1
    STEP = 2
    SOLUTION = 3


#: From how many different wrong tries on a rung is reached.
FROM = {Rung.WHERE: 1, Rung.STEP: 2, Rung.SOLUTION: 4}


@dataclass(frozen=True)
class Tries:
    """How often an answer was wrong, and the highest rung of help shown for it. A right answer resets nothing.

    Attributes:
        wrong: different wrong tries; the same one twice counts once.
        rung: the highest shown.
        seen: digests of what was tried.
    """

    wrong: int = 0
    rung: Rung = Rung.NONE
    seen: tuple[str, ...] = ()

    def more(self, *tried: Any) -> Tries:
        """With one more wrong try; `tried` is JSON-able and tells it from others."""
        text = json.dumps(tried, ensure_ascii=True, sort_keys=True, default=str)
        mark = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
        if mark in self.seen:
            return self
        seen = (*self.seen, mark)[-_MOST_SEEN:]
        return Tries(min(self.wrong + 1, _MOST_TRIES), self.rung, seen)

    def reached(self, help_: Help | None) -> Rung:
        """The rung that these tries have reached, of those that a question has."""
        rungs = [rung for rung, least in FROM.items() if self.wrong >= least]
        return max((rung for rung in rungs if help_ or rung <= Rung.WHERE), default=Rung.NONE)

    def shown(self, rung: Rung) -> Tries:
        """The same after a rung was shown."""
        return Tries(self.wrong, max(self.rung, rung), self.seen)

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {"wrong": self.wrong, "rung": int(self.rung), "seen": list(self.seen)}

    @classmethod
    def from_dict(cls, data: Any) -> Tries:
        """Read what :meth:`as_dict` wrote; anything else in its place, a number out of range too, counts for nothing."""
        data = data if isinstance(data, Mapping) else {}
        seen = data.get("seen")
        marks = [one for one in seen if isinstance(one, str)] if isinstance(seen, list) else []
        return cls(
            whole(data.get("wrong"), _MOST_TRIES),
            Rung(whole(data.get("rung"), max(Rung))),
            tuple(one[:12] for one in marks[-_MOST_SEEN:]),
        )


def whole(value: Any, most: int) -> int:
    """A whole number from 0 to `most` as it was written; 0 in place of anything else."""
    return value if type(value) is int and 0 <= value <= most else 0


@dataclass(frozen=True)
class Table:
    """A small table as a notebook shows it: texts, the names of the rows among them."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Help:
    """What a question's master gives to who does not get on; nothing in it is a trainee's own answer.

    Attributes:
        step: a worked step, in words.
        see: where the chapter does the same: the anchor of a heading in its page.
        heading: that heading's words.
        chapter: the chapter's number.
        code: the question solved on another city's small table.
        text: what that prints, and its result if that is no table.
        table: its result if it is one.
        site: address of the site, if the course names one.
    """

    step: str
    see: str
    heading: str
    chapter: int
    code: str
    text: str = ""
    table: Table | None = None
    site: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value or name == "chapter"}

    def address(self, exercise: str) -> str:
        """Where in the site the chapter does the same; empty where nobody has told where the site is.

        A notebook in the browser asks the site that it came from. An address is whole also there: JupyterLab takes
        a relative one for a file beside the notebook.
        """
        site = os.environ.get(SITE) or self.site
        if not re.match(r"https?://", site) or not self.see:
            return ""
        return f"{site.rstrip('/')}/book/{quote(exercise)}.html#{quote(self.see)}"

    def place(self) -> str:
        """The same place by its name."""
        if not self.heading:
            return _("chapter {chapter}").format(chapter=self.chapter)
        return _("chapter {chapter}, “{heading}”").format(chapter=self.chapter, heading=self.heading)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Help:
        """Read what :meth:`as_dict` wrote."""
        table = data.get("table")
        shown = Table(tuple(table["head"]), tuple(map(tuple, table["rows"]))) if table else None
        return cls(**{**data, "table": shown})
