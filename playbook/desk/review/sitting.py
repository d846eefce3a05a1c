"""One reader at work: which texts are theirs, what they gave, what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.desk.review.texts import Text
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.reviews import Key, Review, checked_reader, same_reader, standing
from playbook.words import _


class Sitting:
    """A reader with the texts that they may judge.

    A first reader gets what nobody has judged, and their own. A second one gets what somebody else has judged first;
    nothing of what that reader gave or wrote is in here. Nobody gets what they handed in themselves.

    Attributes:
        own_texts: how many are left out because the reader, by the roster's names and ids, wrote them.

    Args:
        texts: all there are, in order.
        second: read blind, after another one.

    Raises:
        PlaybookError: the reader's name is none.
    """

    def __init__(self, gradebook: Gradebook, texts: Sequence[Text], reader: str, second: bool = False):
        self._book = gradebook
        self.reader, self.second = checked_reader(reader), second
        self._last, self._rows, self._turns = 0, list[Review](), list[Review]()
        self._read_again()
        turns = self._whose()
        theirs = {self.reader, *(one.filed for one in gradebook.roster().named(self.reader))}
        others = [one for one in texts if one.read.trainee not in theirs]
        self.own_texts = len(texts) - len(others)
        self.texts = [one for one in others if self._is_mine(one.read.key, *turns)]

    def _wrote(self, row: Review) -> bool:
        return same_reader(row.reader, self.reader) and row.second == self.second

    def _whose(self) -> tuple[dict[Key, Review], dict[Key, Review]]:
        """Who has judged what, as the first reader and as the second, and nothing of what they gave."""
        return standing(self._turns, False), standing(self._turns, True)

    def _is_mine(self, key: Key, first: dict[Key, Review], other: dict[Key, Review]) -> bool:
        if not self.second:
            return key not in first or same_reader(first[key].reader, self.reader)
        if key not in first or same_reader(first[key].reader, self.reader):
            return False
        return key not in other or same_reader(other[key].reader, self.reader)

    def own(self, place: int) -> Review | None:
        """What this reader gave for a text; `place` counts from 1."""
        return self._standing().get(self.texts[place - 1].read.key)

    def stands(self, place: int) -> int:
        """The number of the judgement that this reader gave for a text; 0 where there is none."""
        own = self.own(place)
        return own.id if own else 0

    def _standing(self) -> dict[Key, Review]:
        return standing(self._rows, self.second)

    @property
    def done(self) -> int:
        """How many texts this reader has judged."""
        own = self._standing()
        return sum(one.read.key in own for one in self.texts)

    def next_open(self, after: int = 0) -> int | None:
        """The next text that waits for this reader, from a place on and round; None where none does.

        What another one has judged since the sitting began waits no more.
        """
        own, turns = self._standing(), self._whose()
        places = [*range(after + 1, len(self.texts) + 1), *range(1, min(after, len(self.texts)) + 1)]
        keys = ((place, self.texts[place - 1].read.key) for place in places)
        return next((place for place, key in keys if key not in own and self._is_mine(key, *turns)), None)

    def keep(self, place: int, points: float, comment: str = "", seen: int | None = None) -> None:
        """Keep a judgement; the same once more is not written twice.

        Args:
            seen: the judgement of one's own that stood on the page, 0 for none; not looked at if not given.

        Raises:
            PlaybookError: the points are none that can be given, another reader was quicker, or this one in another
                window.
        """
        self._read_again()
        before = self.own(place)
        if before and (before.points, before.comment) == (points, comment.strip()):
            return
        if seen is not None and seen != self.stands(place):
            given = _("nothing") if before is None else f"{before.points:g}"
            raise PlaybookError(
                _(
                    "in another window you have changed this judgement meanwhile; what stands now: {given}"
                ).format(given=given),
                remedy=_("send yours again if it is to take the place of that one"),
            )
        self._book.review(self.texts[place - 1].read, self.reader, points, comment, self.second)
        self._read_again()

    def undo(self) -> int | None:
        """Take back what this reader gave last, and tell which text it was; None where there is nothing."""
        self._read_again()
        places = {one.read.key: place for place, one in enumerate(self.texts, 1)}
        gone = {row.withdraws for row in self._rows}
        open_rows = [
            row for row in self._rows if row.withdraws is None and row.id not in gone and row.key in places
        ]
        if not open_rows:
            return None
        self._book.withdraw(open_rows[-1].id, self.reader)
        self._read_again()
        return places[open_rows[-1].key]

    def _read_again(self) -> None:
        """Take what was written since, by this reader also in another window; of others only who judged what."""
        rows = self._book.reviews(self._last)
        self._last = rows[-1].id if rows else self._last
        self._rows += [row for row in rows if self._wrote(row)]
        self._turns += [row._replace(points=None, comment="") for row in rows]
