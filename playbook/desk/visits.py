"""Whose screen to visit and why: stuck, stopped, low, falling, not graded; and where to begin beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median

from playbook.desk.did import first_misses
from playbook.desk.reading import Reading
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing

#: Share of an exercise's points from which it counts as done.
DONE_SHARE = 0.6
#: Attempts after which somebody who is not done counts as stuck.
STUCK_ATTEMPTS = 3
#: Days without a hand-in, counted back from the cohort's last, after which somebody has stopped.
IDLE_DAYS = 14
#: How far somebody's last exercise is below their earlier ones, the cohort's change taken out, to count as falling.
FALL = 0.2
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
        share: of the points of all that they handed in, 0 to 1.
        begin: where to begin: exercise and question of the first miss where the first reason is; empty if there is none.
    """

    trainee: str
    name: str
    team: str
    city: str
    share: float
    whys: tuple[Why, ...]
    begin: str = ""


def visits(reading: Reading, idle_days: int = IDLE_DAYS) -> list[Visit]:
    """Everybody there is a reason to visit, the most urgent first."""
    whys: dict[str, list[Why]] = {}
    urgent = [
        *_stuck(reading),
        *_stopped(reading, idle_days),
        *_falling(reading),
        *_not_graded(reading),
    ]
    told = {(trainee, why.exercise) for trainee, why in urgent}
    for trainee, why in [*urgent, *_low(reading, told)]:
        whys.setdefault(trainee, []).append(why)
    begin = first_misses(reading)
    found = [_visit(reading, trainee, reasons, begin.get(trainee, ())) for trainee, reasons in whys.items()]
    return sorted(found, key=lambda one: (_urgency(one), one.share, one.trainee))


def _urgency(one: Visit) -> int:
    """The place of their first reason; who is low in all that they did needs you as much as who falls."""
    kind = one.whys[0].kind
    return list(KINDS).index("falling" if kind == "low" and one.share < DONE_SHARE else kind)


def _visit(reading: Reading, trainee: str, whys: Sequence[Why], misses: Sequence) -> Visit:
    own = [one for one in reading.by_trainee.get(trainee, ()) if one.status == GRADED]
    enrolled = reading.people.get(trainee)
    return Visit(
        trainee=trainee,
        name=reading.name(trainee),
        team=enrolled.team if enrolled else "",
        city=next((one.city for one in own if one.city), enrolled.city if enrolled else ""),
        share=share_of(own),
        whys=tuple(whys),
        begin=_begin(reading, own, misses, whys[0]),
    )


def share_of(own: Sequence[Standing]) -> float:
    """The share of the points that somebody won of what they handed in, 0 to 1."""
    most = sum(one.max_points for one in own)
    return sum(one.points for one in own) / most if most else 0.0


def _begin(reading: Reading, own: Sequence[Standing], misses: Sequence, why: Why) -> str:
    """The first miss in the exercise of the first reason, else in one that is not done, else at all."""
    if why.kind == "not graded":
        return f"{reading.number(why.exercise)}: hand it in again"
    worst = {one.exercise for one in own if one.share < DONE_SHARE}
    places = ({why.exercise}, worst, {exercise for exercise, _ in misses})
    first = next((one for place in places for one in misses if one[0] in place), None)
    if first is None:
        return ""
    exercise, row = first
    title = reading.question(exercise, row.question)
    return f"{reading.number(exercise)}, question {row.place + 1} “{title}”"


def _points(reading: Reading, one: Standing) -> str:
    return f"{reading.number(one.exercise)}: {one.points:g} of {one.max_points:g} points ({one.share:.0%})"


def _stuck(reading: Reading) -> Iterator[tuple[str, Why]]:
    for one in reading.chosen:
        if one.attempts >= STUCK_ATTEMPTS and not (one.status == GRADED and one.share >= DONE_SHARE):
            stands = (
                _points(reading, one)
                if one.status == GRADED
                else f"{reading.number(one.exercise)}: {one.status}"
            )
            yield one.trainee, Why("stuck", f"{stands} after {one.attempts} attempts", one.exercise)


def _stopped(reading: Reading, idle_days: int) -> Iterator[tuple[str, Why]]:
    handed_in = sorted({one.exercise for one in reading.chosen})
    last = max((one.last for one in reading.chosen), default=None)
    for trainee in reading.trainees:
        own = reading.by_trainee.get(trainee, ())
        if not own:
            yield trainee, Why("stopped", "has handed nothing in")
            continue
        has = {one.exercise for one in own}
        missing = [exercise for exercise in handed_in if exercise not in has]
        latest = max(one.last for one in own)
        if missing and last is not None and last - latest > idle_days * 86_400:
            days = int((last - latest) / 86_400)
            yield (
                trainee,
                Why("stopped", f"nothing for {days} days; next would be {reading.number(missing[0])}"),
            )


def _falling(reading: Reading) -> Iterator[tuple[str, Why]]:
    """Whose last exercise is far below their earlier ones, more than the cohort's own change explains."""
    shares: dict[str, list[float]] = {}
    for one in reading.graded:
        shares.setdefault(one.exercise, []).append(one.share)
    usual = {exercise: median(all_) for exercise, all_ in shares.items()}
    for trainee, all_own in reading.by_trainee.items():
        own = [one for one in all_own if one.status == GRADED]
        if len(own) < 2:
            continue
        *before, last = own
        fall = mean(one.share - usual[one.exercise] for one in before) - (last.share - usual[last.exercise])
        earlier = mean(one.share for one in before)
        if fall >= FALL and earlier - last.share >= FALL:
            words = f"{_points(reading, last)}, after {earlier:.0%} in what came before"
            yield trainee, Why("falling", words, last.exercise)


def _not_graded(reading: Reading) -> Iterator[tuple[str, Why]]:
    for one in reading.chosen:
        if one.status != GRADED:
            yield (
                one.trainee,
                Why("not graded", f"{reading.number(one.exercise)}: {one.reason}", one.exercise),
            )


def _low(reading: Reading, told: set[tuple[str, str]]) -> Iterator[tuple[str, Why]]:
    """Who has less than the share that counts as done, in one reason for all exercises; `told` are known by another."""
    for trainee, own in reading.by_trainee.items():
        below = [
            one
            for one in own
            if one.status == GRADED and one.share < DONE_SHARE and (trainee, one.exercise) not in told
        ]
        if len(below) == 1:
            yield trainee, Why("low", _points(reading, below[0]), below[0].exercise)
        elif below:
            listed = ", ".join(f"{reading.number(one.exercise)} {one.share:.0%}" for one in below)
            yield trainee, Why("low", listed)
