"""Where a cohort stands, kept as numbers side by side: tens of thousands of attempts need a few megabytes."""

from __future__ import annotations

import functools
import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, overload

from playbook.gradebook.result import GRADED, NOT_GRADED
from playbook.gradebook.standing import Standing


class Stand(NamedTuple):
    """The attempt that counts for a trainee in an exercise; a :class:`Standing` without what no table shows.

    Attributes:
        mark: its id in the gradebook; None if it is not graded; reason: why not.
        points: that count; earned: what the answers are worth before the policy for late hand-ins.
        attempts: how many there are; first, last: when these came, seconds since 1970 (UTC).
        due: by when it had to be; None if nothing was said; late: it came after that.
        attempt: its id in the gradebook.
    """

    trainee: str
    exercise: str
    reason: str
    city: str
    points: float
    max_points: float
    earned: float
    first: float
    last: float
    due: float | None
    late: bool
    attempts: int
    attempt: int
    mark: int | None

    @property
    def status(self) -> str:
        """Whether it is graded."""
        return NOT_GRADED if self.mark is None else GRADED

    @property
    def share(self) -> float:
        """Points as a share of what was to be had."""
        return self.points / self.max_points if self.max_points else 0.0

    @property
    def late_words(self) -> str:
        """What the answers earned where being late cost points; empty where it did not."""
        return f"; late, the answers earned {self.earned:g}" if self.earned > self.points else ""

    @property
    def told(self) -> str:
        """Its points in words, with what was lost by being late."""
        return f"{self.points:g} of {self.max_points:g} points{self.late_words}"


class _Texts:
    """Texts of which few differ, as numbers."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.rows = array("I")
        self._numbers: dict[str, int] = {}

    def append(self, text: str) -> None:
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        self.rows.append(number)


class Stands(Sequence[Stand]):
    """The attempts that count, in order of trainee and exercise; a row is made when it is asked for.

    Args:
        chosen: in this order; those of no known exercise are left out.
    """

    def __init__(self, chosen: Iterable[Standing]) -> None:
        self._texts = tuple(_Texts() for _ in range(4))
        self._numbers = (*(array("d") for _ in range(6)), array("b"), *(array("q") for _ in range(3)))
        self._appends = [column.append for column in (*self._texts, *self._numbers)]
        self._of: dict[str, tuple[int, int]] = {}
        self._in: dict[str, array[int]] = {}
        for place, one in enumerate(one for one in chosen if one.exercise):
            self._append(place, one)

    def _append(self, place: int, one: Standing) -> None:
        start, _end = self._of.get(one.trainee, (place, place))
        self._of[one.trainee] = (start, place + 1)
        self._in.setdefault(one.exercise, array("I")).append(place)
        texts = (one.trainee, one.exercise, one.reason, one.city)
        earned = one.points if one.earned is None else one.earned
        due = math.nan if one.due is None else one.due
        floats = (one.points, one.max_points, earned, one.first, one.last, due)
        whole = (one.late, one.attempts, one.attempt, one.mark or 0)
        for append, value in zip(self._appends, (*texts, *floats, *whole), strict=True):
            append(value)

    def __len__(self) -> int:
        return len(self._numbers[0])

    @overload
    def __getitem__(self, place: int) -> Stand: ...
    @overload
    def __getitem__(self, place: slice) -> list[Stand]: ...
    def __getitem__(self, place: int | slice) -> Stand | list[Stand]:
        if isinstance(place, slice):
            return list(self._rows(range(len(self))[place]))
        return next(self._rows([range(len(self))[place]]))

    def __iter__(self) -> Iterator[Stand]:
        return self._rows(range(len(self)))

    def _rows(self, places: Iterable[int]) -> Iterator[Stand]:
        trainees, exercises, reasons, cities = (column.texts for column in self._texts)
        trainee, exercise, reason, city = (column.rows for column in self._texts)
        points, most, earned, first, last, due, late, attempts, attempt, mark = self._numbers
        for at in places:
            by = due[at]
            yield tuple.__new__(  # every page goes through all of them: `Stand(…)` takes twice as long
                Stand,
                (
                    trainees[trainee[at]],
                    exercises[exercise[at]],
                    reasons[reason[at]],
                    cities[city[at]],
                    points[at],
                    most[at],
                    earned[at],
                    first[at],
                    last[at],
                    by if by == by else None,
                    late[at] != 0,
                    attempts[at],
                    attempt[at],
                    mark[at] or None,
                ),
            )

    @property
    def trainees(self) -> Iterable[str]:
        """Who handed something in, in order."""
        return self._of.keys()

    @functools.cached_property
    def exercises(self) -> list[str]:
        """What somebody handed in, in order."""
        return sorted(self._in)

    def of(self, trainee: str) -> list[Stand]:
        """Somebody's attempts that count, in order of exercise; nothing for who handed nothing in."""
        return list(self._rows(range(*self._of.get(trainee, (0, 0)))))

    def within(self, exercise: str) -> Iterator[Stand]:
        """Everybody's attempt that counts in an exercise, in order of trainee."""
        return self._rows(self._in.get(exercise, ()))
