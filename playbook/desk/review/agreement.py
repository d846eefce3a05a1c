"""How far two readers agree who did not see each other's marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from playbook.gradebook.reviews import Key, Review, standing


@dataclass(frozen=True)
class Pair:
    """An answer that two people judged: points of the first and of the second, with their comments."""

    key: Key
    readers: tuple[str, str]
    points: tuple[float, float]
    comments: tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """Two readers' marks on the answers to one question, or to all (`question` empty).

    Attributes:
        answers: that both judged; equal: of these, with the same points.
        kappa: Cohen's, weighted; None where it has no value.
    """

    exercise: str
    question: str
    answers: int
    equal: int
    kappa: float | None

    @property
    def share(self) -> float:
        """Equal marks as a share of all."""
        return self.equal / self.answers if self.answers else 0.0

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "share": self.share}


def pairs(rows: Sequence[Review], exercises: Iterable[str] | None = None) -> list[Pair]:
    """Answers that two people judged, each blind.

    The second reader's judgement that stands is held against the first's that stood when it was given: what the
    first changes after the two have talked makes nobody agree.
    """
    wanted = None if exercises is None else set(exercises)
    by_key: dict[Key, list[Review]] = {}
    for row in rows:
        if wanted is None or row.key.exercise in wanted:
            by_key.setdefault(row.key, []).append(row)
    found = []
    for key, own in by_key.items():
        second = standing(own, True).get(key)
        first = standing((row for row in own if second and row.id < second.id), False).get(key)
        if first and second:
            points = (first.points or 0.0, second.points or 0.0)
            found.append(Pair(key, (first.reader, second.reader), points, (first.comment, second.comment)))
    return sorted(found, key=lambda one: (one.key.exercise, one.key.question, one.key.trainee))


def agreements(found: Sequence[Pair]) -> list[Agreement]:
    """Agreement by question, and at the end over all answers; empty where nothing was judged twice."""
    by_question: dict[tuple[str, str], list[Pair]] = {}
    for one in found:
        by_question.setdefault((one.key.exercise, one.key.question), []).append(one)
    rows = [_agreement(*key, own) for key, own in by_question.items()]
    return [*rows, _agreement("", "", found)] if found else []


def _agreement(exercise: str, question: str, own: Sequence[Pair]) -> Agreement:
    equal = sum(one.points[0] == one.points[1] for one in own)
    shares = [(one.points[0] / one.key.max_points, one.points[1] / one.key.max_points) for one in own]
    return Agreement(exercise, question, len(own), equal, weighted_kappa(shares))


def weighted_kappa(marks: Sequence[tuple[float, float]]) -> float | None:
    """Cohen's kappa with linear weights: agreement beyond what chance alone would give.

    kappa = 1 - mean |a - b| over the answers / mean |a - b| over all pairs of a first mark with a second one
    (Cohen 1968). A difference of two halves weighs twice as much as one of a half.

    Args:
        marks: the first and the second reader's mark of each answer, in one unit such as a share of the points.

    Returns:
        1 for equal marks throughout, 0 for what chance gives, below 0 for less; None where chance alone would give
        equal marks throughout, or nothing was judged.
    """
    first, second = Counter(one for one, _ in marks), Counter(other for _, other in marks)
    by_chance = _apart(first, second)
    if not by_chance:
        return None
    seen = sum(abs(one - other) for one, other in marks)
    return 1 - seen * len(marks) / by_chance


def _apart(first: Mapping[float, int], second: Mapping[float, int]) -> float:
    return sum(m * n * abs(one - other) for one, m in first.items() for other, n in second.items())
