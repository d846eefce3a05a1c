"""What a cohort's marks say: about trainees, about exercises, and about the questions themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from playbook.cases.roster import Roster
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import MarkedQuestion
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, standings

#: Share of an exercise's points from which it counts as done.
DONE_SHARE = 0.6
#: Attempts after which somebody who is not done counts as stuck.
STUCK_ATTEMPTS = 3
#: Days without a hand-in, counted back from the cohort's last, after which somebody has stopped.
IDLE_DAYS = 14
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
        hints: wrong answers that earned a hint, by hint, with how often.
        unexplained: wrong answers that earned none.
    """

    exercise: str
    question: str
    title: str
    answered: int
    difficulty: float
    discrimination: float | None
    outcomes: Mapping[str, int]
    hints: Mapping[str, int]
    unexplained: int

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
class Person:
    """Somebody to talk to, and why."""

    trainee: str
    name: str
    why: str


@dataclass(frozen=True)
class Analysis:
    """A cohort's marks, summed up.

    Attributes:
        trainees: who is on the roster, or handed something in.
        shares: each trainee's share of the points of all exercises that at least one trainee handed in; what
            is missing counts nothing.
        last: when the last hand-in came, seconds since 1970 (UTC); None if there is none.
    """

    trainees: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    items: tuple[Item, ...]
    shares: tuple[float, ...]
    stuck: tuple[Person, ...]
    stopped: tuple[Person, ...]
    hand_ins: int
    graded: int
    not_graded: int
    late: int
    last: float | None
    idle_days: int = IDLE_DAYS
    reasons: Mapping[str, int] = field(default_factory=dict)


def analyse(gradebook: Gradebook, policy: str = "last", idle_days: int = IDLE_DAYS) -> Analysis:
    """Sum a gradebook up.

    Args:
        policy: which attempt counts.
        idle_days: days without a hand-in after which somebody has stopped.
    """
    roster = gradebook.roster()
    chosen = [one for one in standings(gradebook, policy, roster) if one.exercise]
    titles = {one.id: f"{one.chapter} · {one.title}" for one in gradebook.exercises()}
    handed_in = sorted({one.exercise for one in chosen})
    trainees = sorted({one.trainee for one in chosen} | {roster.id_of(one.id) for one in roster.trainees})
    last = max((one.last for one in chosen), default=None)
    reasons = Counter(one.reason for one in chosen if one.status != GRADED)
    return Analysis(
        trainees=tuple(trainees),
        chapters=tuple(
            _chapter(exercise, titles.get(exercise, exercise), chosen, len(trainees))
            for exercise in sorted({*titles, *handed_in})
        ),
        items=tuple(_items(gradebook, chosen)),
        shares=tuple(_shares(chosen, trainees)),
        stuck=tuple(_stuck(chosen, roster, titles)),
        stopped=tuple(_stopped(chosen, roster, trainees, handed_in, last, idle_days)),
        hand_ins=sum(one.attempts for one in chosen),
        graded=sum(one.status == GRADED for one in chosen),
        not_graded=sum(one.status != GRADED for one in chosen),
        late=sum(one.late for one in chosen),
        last=last,
        idle_days=idle_days,
        reasons=dict(reasons.most_common()),
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


def _items(gradebook: Gradebook, chosen: Sequence[Standing]) -> list[Item]:
    standing = {one.mark: one for one in chosen if one.mark is not None}
    titles = gradebook.titles()
    gathered: dict[tuple[str, str], list[tuple[MarkedQuestion, Standing]]] = {}
    for row in gradebook.questions():
        one = standing.get(row.mark)
        if one is not None:
            gathered.setdefault((one.exercise, row.question), []).append((row, one))
    return [
        _item(exercise, question, titles.get((exercise, question), question), rows)
        for (exercise, question), rows in sorted(gathered.items(), key=lambda one: _place(one))
    ]


def _place(gathered: tuple[tuple[str, str], list[tuple[MarkedQuestion, Standing]]]) -> tuple[str, int]:
    (exercise, _), rows = gathered
    return exercise, rows[-1][0].place


def _item(exercise: str, question: str, title: str, rows: Sequence[tuple[MarkedQuestion, Standing]]) -> Item:
    points = np.array([row.points for row, _ in rows], dtype=float)
    most = np.array([row.max_points for row, _ in rows], dtype=float)
    rest = np.array([one.points for _, one in rows], dtype=float) - points
    wrong = [row.hint for row, _ in rows if row.outcome in ("failed", "partial", "errored")]
    hints = Counter(hint for hint in wrong if hint)
    return Item(
        exercise=exercise,
        question=question,
        title=title or question,
        answered=len(rows),
        difficulty=float((points / most).mean()),
        discrimination=discrimination(points / most, rest),
        outcomes=dict(Counter(row.outcome for row, _ in rows)),
        hints=dict(hints.most_common()),
        unexplained=sum(not hint for hint in wrong),
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


def _stuck(chosen: Iterable[Standing], roster: Roster, titles: Mapping[str, str]) -> list[Person]:
    people = []
    for one in chosen:
        if one.attempts >= STUCK_ATTEMPTS and not (one.status == GRADED and one.share >= DONE_SHARE):
            stands = f"{one.points:g} of {one.max_points:g} points" if one.status == GRADED else one.status
            why = f"{titles.get(one.exercise, one.exercise)}: {stands} after {one.attempts} attempts"
            people.append(Person(one.trainee, _name(roster, one.trainee), why))
    return people


def _stopped(
    chosen: Sequence[Standing],
    roster: Roster,
    trainees: Sequence[str],
    handed_in: Sequence[str],
    last: float | None,
    idle_days: int,
) -> list[Person]:
    latest: dict[str, float] = {}
    has: dict[str, set[str]] = {}
    for one in chosen:
        latest[one.trainee] = max(latest.get(one.trainee, one.last), one.last)
        has.setdefault(one.trainee, set()).add(one.exercise)
    people = []
    for trainee in trainees:
        missing = [exercise for exercise in handed_in if exercise not in has.get(trainee, ())]
        if trainee not in latest:
            people.append(Person(trainee, _name(roster, trainee), "has handed nothing in"))
        elif missing and last is not None and last - latest[trainee] > idle_days * 86_400:
            days = int((last - latest[trainee]) / 86_400)
            why = f"nothing for {days} days; next would be {missing[0]}"
            people.append(Person(trainee, _name(roster, trainee), why))
    return people


def _name(roster: Roster, trainee: str) -> str:
    enrolled = roster.find(trainee)
    return enrolled.name if enrolled else ""
