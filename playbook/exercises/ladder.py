"""The ladder of help for who does not get on: where it is wrong; a worked step; a solution on another city's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Help:
        """Read what :meth:`as_dict` wrote."""
        table = data.get("table")
        shown = Table(tuple(table["head"]), tuple(map(tuple, table["rows"]))) if table else None
        return cls(**{**data, "table": shown})
