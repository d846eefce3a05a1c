"""Whose screen to visit and why: stuck, stopped, low, falling, not graded; and where to begin beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from playbook.desk.reading import Reading
from playbook.desk.stands import Stand
from playbook.gradebook.records import MarkedQuestion
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import NOT_RUN

#: Share of an exercise's points from which it counts as done.
DONE_SHARE = 0.6
#: Attempts after which somebody who is not done counts as stuck.
STUCK_ATTEMPTS = 3
#: Days without a hand-in, counted back from the cohort's last, after which somebody has stopped.
IDLE_DAYS = 14
#: How far somebody's last exercise is below their earlier ones, the cohort's change taken out, to count as falling.
FALL = 0.2
#: Exercises that one reason lists: at the end of the course it could be fourteen, and the sheet is one page.
_LISTED = 4
#: Reasons, the most urgent first, with what each says.
KINDS = {
    "stuck": "tries again and again",
    "stopped": "has stopped or not begun",
    "falling": "falls behind their own earlier work",
    "not graded": "handed in something that could not be graded",
    "low": f"has less than {DONE_SHARE:.0%} of an exercise",
}


@dataclass(frozen=True)
class Why:
    """One reason to visit somebody: its kind (of :data:`KINDS`), what happened, in words, and in which exercise."""

    kind: str
    words: str
    exercise: str = ""


@dataclass(frozen=True)
class Visit:
    """Somebody to sit beside.

    Attributes:
        share: of the points of all that they handed in, 0 to 1; None where nothing is graded.
        begin: where to begin: exercise and question of the first miss where the first reason is; empty if there is none.
    """

    trainee: str
    name: str
    team: str
    city: str
    share: float | None
    whys: tuple[Why, ...]
    begin: str = ""


class FirstMisses:
    """Where to begin beside those who are to be visited: their first miss of their own.

    In the exercise of the first reason, else in one that is not done, else at all.

    Args:
        whys: reasons to visit somebody, by trainee.
    """

    def __init__(self, whys: Mapping[str, Sequence[Why]]) -> None:
        self._whys = whys
        self._found: dict[str, tuple[int, str, int, str]] = {}

    def note(self, one: Stand, rows: Sequence[MarkedQuestion]) -> None:
        """Note somebody's marked attempt; exercises come in their order."""
        if one.trainee not in self._whys:
            return
        here = one.exercise == self._whys[one.trainee][0].exercise
        rank = 0 if here else 1 if one.share < DONE_SHARE else 2
        if one.trainee in self._found and self._found[one.trainee][0] <= rank:
            return
        for row in rows:
            if row.points < row.max_points and not row.stretch and not row.follows:
                self._found[one.trainee] = (rank, one.exercise, row.place, row.question)
                return

    def words(self, reading: Reading, trainee: str) -> str:
        """Exercise and question of it; empty where there is none."""
        if self._whys[trainee][0].kind == "not graded":
            return f"{reading.number(self._whys[trainee][0].exercise)}: hand it in again"
        if trainee not in self._found:
            return ""
        _rank, exercise, place, question = self._found[trainee]
        return f"{reading.number(exercise)}, question {place + 1} “{reading.question(exercise, question)}”"


def reasons_to_visit(reading: Reading, idle_days: int = IDLE_DAYS) -> dict[str, list[Why]]:
    """Reasons to visit people, by trainee; who there is no reason to visit, or who left the roster, is not in it."""
    usual = _usual(reading)
    last = max((one.last for one in reading.chosen), default=None)
    found = {}
    for trainee in reading.trainees:
        if trainee in reading.left:
            continue
        own = reading.chosen.of(trainee)
        urgent = [
            *_stuck(reading, own),
            *_stopped(reading, own, last, idle_days),
            *_falling(reading, own, usual),
            *_not_graded(reading, own),
        ]
        if whys := [*urgent, *_low(reading, own, {why.exercise for why in urgent})]:
            found[trainee] = whys
    return found


def visits(reading: Reading, whys: Mapping[str, Sequence[Why]], begin: FirstMisses) -> list[Visit]:
    """Everybody there is a reason to visit, the most urgent first."""
    found = [_visit(reading, trainee, reasons, begin) for trainee, reasons in whys.items()]
    return sorted(found, key=lambda one: (_urgency(one), one.share or 0.0, one.trainee))


def _urgency(one: Visit) -> int:
    """The place of their first reason; who is low in all that they did needs you as much as who falls."""
    kind = one.whys[0].kind
    return list(KINDS).index("falling" if kind == "low" and (one.share or 0.0) < DONE_SHARE else kind)


def _visit(reading: Reading, trainee: str, whys: Sequence[Why], begin: FirstMisses) -> Visit:
    graded = [one for one in reading.chosen.of(trainee) if one.status == GRADED]
    enrolled = reading.people.get(trainee)
    return Visit(
        trainee=trainee,
        name=reading.name(trainee),
        team=enrolled.team if enrolled else "",
        city=next((one.city for one in graded if one.city), enrolled.city if enrolled else ""),
        share=share_of(graded),
        whys=tuple(whys),
        begin=begin.words(reading, trainee),
    )


def share_of(own: Sequence[Stand]) -> float | None:
    """The share of the points that somebody won of what they handed in, 0 to 1; None where nothing is graded."""
    most = sum(one.max_points for one in own)
    return sum(one.points for one in own) / most if most else None


def _points(reading: Reading, one: Stand) -> str:
    points = f"{one.points:g} of {one.max_points:g} points"
    return f"{reading.number(one.exercise)}: {points} ({one.share:.0%}{one.late_words})"


def _stuck(reading: Reading, own: Sequence[Stand]) -> Iterator[Why]:
    for one in own:
        if (
            one.reason != NOT_RUN
            and one.attempts >= STUCK_ATTEMPTS
            and not (one.status == GRADED and one.share >= DONE_SHARE)
        ):
            stands = (
                _points(reading, one)
                if one.status == GRADED
                else f"{reading.number(one.exercise)}: {one.status}"
            )
            yield Why("stuck", f"{stands} after {one.attempts} attempts", one.exercise)


def _stopped(reading: Reading, own: Sequence[Stand], last: float | None, idle_days: int) -> Iterator[Why]:
    """`last` is when the cohort's last hand-in came."""
    if not own:
        yield Why("stopped", "has handed nothing in")
        return
    has = {one.exercise for one in own}
    missing = [exercise for exercise in reading.chosen.exercises if exercise not in has]
    latest = max(one.last for one in own)
    if missing and last is not None and last - latest > idle_days * 86_400:
        days = int((last - latest) / 86_400)
        yield Why("stopped", f"nothing for {days} days; next would be {reading.number(missing[0])}")


def _usual(reading: Reading) -> dict[str, float]:
    """The middle share of the points of each exercise that somebody's mark is there for."""
    usual = {}
    for exercise in reading.chosen.exercises:
        if shares := [one.share for one in reading.chosen.within(exercise) if one.status == GRADED]:
            usual[exercise] = median(shares)
    return usual


def _falling(reading: Reading, own: Sequence[Stand], usual: Mapping[str, float]) -> Iterator[Why]:
    """Whose last exercise is far below their earlier ones, more than the cohort's own change explains."""
    graded = [one for one in own if one.status == GRADED]
    if len(graded) < 2:
        return
    *before, last = graded
    fall = mean(one.share - usual[one.exercise] for one in before) - (last.share - usual[last.exercise])
    earlier = mean(one.share for one in before)
    if fall >= FALL and earlier - last.share >= FALL:
        words = f"{_points(reading, last)}, after {earlier:.0%} in what came before"
        yield Why("falling", words, last.exercise)


def _not_graded(reading: Reading, own: Sequence[Stand]) -> Iterator[Why]:
    for one in own:
        if one.status != GRADED and one.reason != NOT_RUN:  # that is the grader's to do, not theirs
            yield Why("not graded", f"{reading.number(one.exercise)}: {one.reason}", one.exercise)


def _low(reading: Reading, own: Sequence[Stand], told: set[str]) -> Iterator[Why]:
    """Who has less than the share that counts as done, in one reason for all exercises; `told` are known by another."""
    below = [
        one for one in own if one.status == GRADED and one.share < DONE_SHARE and one.exercise not in told
    ]
    if len(below) == 1:
        yield Why("low", _points(reading, below[0]), below[0].exercise)
    elif below:
        listed = ", ".join(
            f"{reading.number(one.exercise)} {one.share:.0%}{' (late)' if one.earned > one.points else ''}"
            for one in below[:_LISTED]
        )
        if (rest := len(below) - _LISTED) > 0:
            listed += f" and {rest} more chapter{'' if rest == 1 else 's'}"
        yield Why("low", listed)
