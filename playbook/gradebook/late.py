"""What a late hand-in keeps of its points: steps that an instructor has set, and nothing unless they were applied."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

#: Seconds of a day.
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Step:
    """One row of a policy.

    Attributes:
        exercise: the beginning of an exercise's id; empty for all.
        days: the step holds for hand-ins that are at most so many days late; None for all that are later.
        keep: share of the points that is kept, 0 to 1.
    """

    exercise: str
    days: float | None
    keep: float


@dataclass(frozen=True)
class LatePolicy:
    """Steps, in any order; without any, a late hand-in keeps all its points."""

    steps: tuple[Step, ...] = ()

    def keeps(self, exercise: str, seconds_late: float) -> float:
        """The share of the points that is kept.

        The steps of the longest fitting beginning of the exercise's id decide; of these, the one with the fewest
        days that are not over yet.

        Args:
            seconds_late: seconds after the last moment, extension included; on time is 0 or less.
        """
        if seconds_late <= 0:
            return 1.0
        fitting = [one for one in self.steps if exercise.startswith(one.exercise)]
        longest = max((len(one.exercise) for one in fitting), default=0)
        own = [one for one in fitting if len(one.exercise) == longest]
        still = [one for one in own if one.days is None or seconds_late <= one.days * _DAY_S]
        if not still:
            return min((one.keep for one in own), default=1.0)
        return min(still, key=lambda one: float("inf") if one.days is None else one.days).keep

    def as_text(self) -> str:
        """For the gradebook; empty without steps."""
        return json.dumps([asdict(one) for one in self.steps]) if self.steps else ""

    @classmethod
    def from_text(cls, text: str) -> LatePolicy:
        """Read what :meth:`as_text` wrote."""
        return cls(tuple(Step(**one) for one in json.loads(text or "[]")))
