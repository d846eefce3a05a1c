"""What the gradebook gives out: its rows, with their fields by name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from playbook.gradebook.address import Address


class Claim(Enum):
    """What became of the wish to grade an attempt."""

    OURS = "ours"
    THEIRS = "another grader is at it"
    DONE = "it is marked"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One notebook that a trainee handed in for an exercise, as the gradebook knows it.

    Attributes:
        id: of its row.
        received, again: when it was first and last seen with this content, seconds since 1970 (UTC).
        mark: id of the mark that stands, or None.
        address: what the mark depends on; None without a mark.
        points, max_points, city: of the mark.
    """

    id: int
    trainee: str
    exercise: str
    sha256: str
    source: str
    problem: str
    received: float
    again: float
    mark: int | None
    address: Address | None
    points: float
    max_points: float
    city: str


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A hand-in that an attempt came with, as it says itself.

    Attributes:
        code: short, for comparing with the trainee's receipt.
        made: when, ISO 8601; trainee: for whom; source: the attempt's file in it.
    """

    code: str
    made: str
    trainee: str
    source: str


class MarkedQuestion(NamedTuple):
    """One question of a mark; a tuple, since a cohort has hundreds of thousands.

    Attributes:
        mark: id of the mark; place: of the question in its exercise, from 0.
        did: what was done where points are missed, as a code; empty where nothing was kept.
        given: the answer that was given there, in a few words.
        follows: the question whose miss this one comes from; empty if it is a miss of its own.
    """

    mark: int
    place: int
    question: str
    outcome: str
    points: float
    max_points: float
    stretch: bool
    hint: str
    did: str
    given: str
    follows: str


@dataclass(frozen=True, slots=True)
class KeptReport:
    """What a report said: when (seconds since 1970, UTC), of which state of the gradebook, and its numbers."""

    at: float
    state: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GradedExercise:
    """An exercise as it was graded last."""

    id: str
    chapter: int
    title: str
    points: float
