"""What a cohort's marks say: about trainees, about exercises, and about the questions themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from playbook.desk.did import Trouble, troubles
from playbook.desk.reading import Reading, read_cohort
from playbook.desk.visits import DONE_SHARE, IDLE_DAYS, Visit, visits
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import MarkedQuestion
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing

#: Trainees from whom on a discrimination says something.
_ENOUGH = 10


@dataclass(frozen=True)
class Item:
    """One question over all trainees whose hand-in counts.

    Attributes:
        answered: trainees with a mark on it.
        difficulty: mean share of its points that was won, 0 to 1; low is hard.
        discrimination: correlation between the question's points and the points of the rest of its exercise,
            -1 to 1 (corrected item-total correlation); None with fewer than ten trainees or where everyone
            has the same.
        outcomes: how often it ended how.
    """

    exercise: str
    question: str
    title: str
    answered: int
    difficulty: float
    discrimination: float | None
    outcomes: Mapping[str, int]

    @property
    def remark(self) -> str:
        """What an author should look at, by the usual bands (Ebel and Frisbie, 1991); empty if nothing."""
        if self.discrimination is not None and self.discrimination < 0:
            return "who does well elsewhere does worse here: check the question and its answer"
        if self.difficulty < 0.3:
            return "hard: less than 30% of its points are won"
        if self.difficulty > 0.95:
            return "easy: hardly anyone loses points"
        if self.discrimination is not None and self.discrimination < 0.2:
            return "hardly tells strong from weak"
        return ""


@dataclass(frozen=True)
class Chapter:
    """One exercise over the whole cohort: trainees by where they stand, and the shares of points won."""

    exercise: str
    title: str
    done: int
    below: int
    not_graded: int
    missing: int
    late: int
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Pace:
    """How an exercise is worked through.

    Attributes:
        handed_in: trainees who handed it in.
        once: of these, who did so once; most: the most attempts of one trainee.
        first_days: days from the cohort's first hand-in of it until half of these had handed in.
        between_days: days between the first and the last attempt, the median over who tried again; None without any.
        before_due_hours: hours that the first attempt came before it was due, the median; negative is late; None
            where nothing is due.
    """

    exercise: str
    title: str
    handed_in: int
    once: int
    most: int
    first_days: float
    between_days: float | None
    before_due_hours: float | None


@dataclass(frozen=True)
class Analysis:
    """A cohort's marks, summed up.

    Attributes:
        trainees: who is on the roster, or handed something in.
        shares: each trainee's share of the points of all exercises that at least one trainee handed in; what
            is missing counts nothing.
        troubles: every question that somebody missed, with what they did.
        visits: everybody there is a reason to visit, the most urgent first.
        last: when the last hand-in came, seconds since 1970 (UTC); None if there is none.
    """

    trainees: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    items: tuple[Item, ...]
    shares: tuple[float, ...]
    troubles: tuple[Trouble, ...]
    visits: tuple[Visit, ...]
    paces: tuple[Pace, ...]
    hand_ins: int
    graded: int
    not_graded: int
    late: int
    last: float | None
    idle_days: int = IDLE_DAYS
    reasons: Mapping[str, int] = field(default_factory=dict)


def analyse(
    gradebook: Gradebook, policy: str = "last", idle_days: int = IDLE_DAYS, reading: Reading | None = None
) -> Analysis:
    """Sum a gradebook up.

    Args:
        policy: which attempt counts.
        idle_days: days without a hand-in after which somebody has stopped.
        reading: what was read of it before.
    """
    reading = reading or read_cohort(gradebook, policy)
    chosen = reading.chosen
    handed_in = sorted({one.exercise for one in chosen})
    exercises = sorted({*(one.id for one in reading.exercises), *handed_in})
    reasons = Counter(one.reason for one in chosen if one.status != GRADED)
    return Analysis(
        trainees=tuple(reading.trainees),
        chapters=tuple(
            _chapter(exercise, reading.chapter(exercise), chosen, len(reading.trainees))
            for exercise in exercises
        ),
        items=tuple(_items(reading)),
        shares=tuple(_shares(chosen, reading.trainees)),
        troubles=tuple(troubles(reading)),
        visits=tuple(visits(reading, idle_days)),
        paces=tuple(_pace(exercise, reading) for exercise in handed_in),
        hand_ins=sum(one.attempts for one in chosen),
        graded=sum(one.status == GRADED for one in chosen),
        not_graded=sum(one.status != GRADED for one in chosen),
        late=sum(one.late for one in chosen),
        last=max((one.last for one in chosen), default=None),
        idle_days=idle_days,
        reasons=dict(reasons.most_common()),
    )


def _pace(exercise: str, reading: Reading) -> Pace:
    own = [one for one in reading.chosen if one.exercise == exercise]
    begun = min(one.first for one in own)
    again = [(one.last - one.first) / 86_400 for one in own if one.attempts > 1]
    early = [(one.due - one.first) / 3_600 for one in own if one.due is not None]
    return Pace(
        exercise=exercise,
        title=reading.chapter(exercise),
        handed_in=len(own),
        once=sum(one.attempts == 1 for one in own),
        most=max(one.attempts for one in own),
        first_days=median(one.first - begun for one in own) / 86_400,
        between_days=median(again) if again else None,
        before_due_hours=median(early) if early else None,
    )


def _chapter(exercise: str, title: str, chosen: Sequence[Standing], cohort: int) -> Chapter:
    own = [one for one in chosen if one.exercise == exercise]
    graded = [one for one in own if one.status == GRADED]
    done = sum(one.share >= DONE_SHARE for one in graded)
    return Chapter(
        exercise=exercise,
        title=title,
        done=done,
        below=len(graded) - done,
        not_graded=len(own) - len(graded),
        missing=cohort - len(own),
        late=sum(one.late for one in own),
        shares=tuple(one.share for one in graded),
    )


def _shares(chosen: Sequence[Standing], trainees: Sequence[str]) -> list[float]:
    most: dict[str, float] = {}
    won: dict[str, float] = dict.fromkeys(trainees, 0.0)
    for one in chosen:
        most[one.exercise] = max(most.get(one.exercise, 0.0), one.max_points)
        won[one.trainee] += one.points
    total = sum(most.values())
    return [won[trainee] / total if total else 0.0 for trainee in trainees]


def _items(reading: Reading) -> list[Item]:
    placed = sorted(reading.by_question.items(), key=lambda item: (item[0][0], item[1][-1][1].place))
    return [
        _item(exercise, question, reading.question(exercise, question), rows)
        for (exercise, question), rows in placed
    ]


def _item(exercise: str, question: str, title: str, rows: Sequence[tuple[Standing, MarkedQuestion]]) -> Item:
    points = np.fromiter((row.points for _one, row in rows), float, len(rows))
    most = np.fromiter((row.max_points for _one, row in rows), float, len(rows))
    whole = np.fromiter(
        (one.points if one.earned is None else one.earned for one, _row in rows), float, len(rows)
    )
    return Item(
        exercise=exercise,
        question=question,
        title=title,
        answered=len(rows),
        difficulty=float((points / most).mean()),
        discrimination=discrimination(points / most, whole - points),
        outcomes=dict(Counter(row.outcome for _one, row in rows)),
    )


def discrimination(shares: np.ndarray, rest: np.ndarray) -> float | None:
    """Corrected item-total correlation: the question's share of points against the rest of its exercise.

    Args:
        shares: of the question's points, one a trainee.
        rest: points in the exercise's other questions, one a trainee.

    Returns:
        Pearson's correlation, or None where it says nothing.
    """
    if len(shares) < _ENOUGH or np.ptp(shares) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(shares, rest)[0, 1])
