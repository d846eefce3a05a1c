"""What a cohort's marks say: about trainees, about exercises, and about the questions themselves."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from playbook.desk.did import Misses, Trouble, worst_first
from playbook.desk.reading import Reading, read_cohort
from playbook.desk.visits import DONE_SHARE, IDLE_DAYS, FirstMisses, Visit, reasons_to_visit, visits
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import MarkedQuestion
from playbook.gradebook.result import GRADED

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
        shown = None if self.discrimination is None else round(self.discrimination, 2)
        if shown is not None and shown < 0:
            return "who does well elsewhere does worse here: check the question and its answer"
        if self.difficulty < 0.3:
            return "hard: less than 30% of its points are won"
        if self.difficulty > 0.95:
            return "easy: hardly anyone loses points"
        if shown is not None and shown < 0.2:
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
    cohort = len(reading.trainees)
    handed_in = reading.chosen.exercises
    exercises = sorted({*(one.id for one in reading.exercises), *handed_in})
    whys = reasons_to_visit(reading, idle_days)
    begin = FirstMisses(whys)
    items, troubles = _questions(reading, begin)
    hand_ins, graded, late, last = 0, 0, 0, None
    reasons: Counter[str] = Counter()
    for one in reading.chosen:
        hand_ins += one.attempts
        late += one.late
        last = one.last if last is None else max(last, one.last)
        if one.status == GRADED:
            graded += 1
        else:
            reasons[one.reason] += 1
    return Analysis(
        trainees=tuple(reading.trainees),
        chapters=tuple(_chapter(reading, exercise, cohort) for exercise in exercises),
        items=tuple(items),
        shares=tuple(_shares(reading)),
        troubles=tuple(worst_first(troubles)),
        visits=tuple(visits(reading, whys, begin)),
        paces=tuple(_pace(reading, exercise) for exercise in handed_in),
        hand_ins=hand_ins,
        graded=graded,
        not_graded=len(reading.chosen) - graded,
        late=late,
        last=last,
        idle_days=idle_days,
        reasons=dict(reasons.most_common()),
    )


def _pace(reading: Reading, exercise: str) -> Pace:
    own = list(reading.chosen.within(exercise))
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


def _chapter(reading: Reading, exercise: str, cohort: int) -> Chapter:
    own = list(reading.chosen.within(exercise))
    graded = [one for one in own if one.status == GRADED]
    done = sum(one.share >= DONE_SHARE for one in graded)
    return Chapter(
        exercise=exercise,
        title=reading.chapter(exercise),
        done=done,
        below=len(graded) - done,
        not_graded=len(own) - len(graded),
        missing=cohort - len(own),
        late=sum(one.late for one in own),
        shares=tuple(one.share for one in graded),
    )


def _shares(reading: Reading) -> list[float]:
    most: dict[str, float] = {}
    won: dict[str, float] = dict.fromkeys(reading.trainees, 0.0)
    for one in reading.chosen:
        most[one.exercise] = max(most.get(one.exercise, 0.0), one.max_points)
        won[one.trainee] += one.points
    total = sum(most.values())
    return [won[trainee] / total if total else 0.0 for trainee in reading.trainees]


def _questions(reading: Reading, begin: FirstMisses) -> tuple[list[Item], list[Trouble]]:
    """Every question and those that somebody missed, one exercise at a time; where misses begin is noted by the way."""
    items, troubles = [], []
    for exercise in reading.chosen.exercises:
        noted: dict[str, _Noted] = {}
        for one, rows in reading.marked(exercise):
            begin.note(one, rows)
            for row in rows:
                own = noted.get(row.question) or noted.setdefault(row.question, _Noted(row))
                own.numbers.extend((row.points, row.max_points, one.earned))
                own.last = row
                own.outcomes[row.outcome] = own.outcomes.get(row.outcome, 0) + 1
                if row.points < row.max_points:
                    own.misses.note(one, row)
        items += [
            _item(exercise, reading.question(exercise, own.last.question), own)
            for own in sorted(noted.values(), key=lambda own: own.last.place)
        ]
        for question, own in noted.items():
            title = reading.question(exercise, question)
            if found := own.misses.trouble(exercise, title, own.first, len(own.numbers) // 3):
                troubles.append(found)
    return items, troubles


class _Noted:
    """One question, noted person by person; `numbers` has its points, the most there were, and the exercise's points.

    `first` and `last` are the question as the first and the last trainee have it.
    """

    def __init__(self, first: MarkedQuestion) -> None:
        self.first = self.last = first
        self.numbers = array("d")
        self.outcomes: dict[str, int] = {}
        self.misses = Misses()


def _item(exercise: str, title: str, own: _Noted) -> Item:
    points, most, whole = np.array(own.numbers).reshape(-1, 3).T
    return Item(
        exercise=exercise,
        question=own.last.question,
        title=title,
        answered=len(points),
        difficulty=float((points / most).mean()),
        discrimination=discrimination(points / most, whole - points),
        outcomes=own.outcomes,
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
