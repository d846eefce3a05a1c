"""What changed since the last report: the gradebook keeps what each report said."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playbook.desk.did import Trouble
from playbook.desk.reading import Reading
from playbook.desk.visits import DONE_SHARE, Visit
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import KeptReport
from playbook.gradebook.result import GRADED

#: Points of a hundred by which a question's share must move to be told; questions and names that are told of each thing.
_MOVED, _QUESTIONS, _NAMES = 0.1, 3, 5


@dataclass(frozen=True)
class Changes:
    """What is not as it was.

    Attributes:
        since: when the report was made that this one is compared with, seconds since 1970 (UTC); None if it is the first.
        lines: what changed, in words, the good news first.
    """

    since: float | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Before:
    """What an earlier report said, read with care: another version of the kit may have written it."""

    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    visits: Mapping[str, str] = field(default_factory=dict)
    missed: Mapping[str, float] = field(default_factory=dict)
    hand_ins: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> _Before:
        told = {name: data.get(name) for name in ("shares", "visits", "missed")}
        plain = {name: value if isinstance(value, dict) else {} for name, value in told.items()}
        count = data.get("hand_ins")
        return cls(**plain, hand_ins=count if isinstance(count, int) else 0)


def snapshot(reading: Reading, found: Sequence[Trouble], sought: Sequence[Visit]) -> dict[str, Any]:
    """What the next report is compared with: JSON-able, names left out."""
    shares: dict[str, dict[str, float]] = {}
    for one in reading.chosen:
        if one.status == GRADED:
            shares.setdefault(one.trainee, {})[one.exercise] = round(one.share, 4)
    return {
        "shares": shares,
        "visits": {one.trainee: one.whys[0].kind for one in sought},
        "missed": {f"{one.exercise}/{one.question}": round(one.share, 4) for one in found if one.marked},
        "hand_ins": sum(one.attempts for one in reading.chosen),
    }


def compare_and_keep(
    gradebook: Gradebook, reading: Reading, found: Sequence[Trouble], sought: Sequence[Visit]
) -> Changes:
    """Compare with the last report on another state of the gradebook, and keep what this one says.

    The same report twice tells the same changes: nothing is lost by looking again.
    """
    now = snapshot(reading, found, sought)
    state = reading.state
    before = gradebook.report_before(state)
    gradebook.keep_report(KeptReport(time.time(), state, now))
    if before is None:
        return Changes()
    lines = _lines(reading, found, _Before.of(before.data), now)
    return Changes(before.at, tuple(lines) or ("Nothing that matters here.",))


def _lines(reading: Reading, found: Sequence[Trouble], was: _Before, now: Mapping[str, Any]) -> Iterator[str]:
    there = set(reading.trainees) - reading.left  # who has left the roster is no change for the better
    sought = {one: kind for one, kind in was.visits.items() if one in there}
    more = now["hand_ins"] - was.hand_ins
    if more > 0:
        yield f"{more} notebook{'s' if more > 1 else ''} more {'were' if more > 1 else 'was'} handed in."
    done_now, undone = _crossed(was, now)
    yield from _by_exercise(reading, "Done since then", done_now)
    came_back = [
        one for one, kind in sought.items() if kind == "stopped" and now["visits"].get(one) != "stopped"
    ]
    if came_back:
        yield f"Came back: {_names(reading, came_back)}."
    done = [one for one in sought if one not in now["visits"] and one not in came_back]
    if done:
        yield f"No longer to be visited: {_names(reading, done)}."
    yield from _by_exercise(reading, "No longer done", undone)
    for kind, words in (("stuck", "Stuck now"), ("stopped", "Stopped now"), ("falling", "Falling now")):
        new = [one for one, is_ in now["visits"].items() if is_ == kind and was.visits.get(one) != kind]
        if new:
            yield f"{words}: {_names(reading, new)}."
    yield from _questions(reading, found, was)


def _crossed(was: _Before, now: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, int]]:
    """How many have an exercise done now, and how many no longer have it: by a new attempt, a reader or a regrade."""
    done: dict[str, int] = {}
    undone: dict[str, int] = {}
    for trainee, own in now["shares"].items():
        for exercise, share in own.items():
            before = was.shares.get(trainee, {}).get(exercise, 0.0)
            if (share >= DONE_SHARE) != (before >= DONE_SHARE):
                counts = done if share >= DONE_SHARE else undone
                counts[exercise] = counts.get(exercise, 0) + 1
    return done, undone


def _by_exercise(reading: Reading, words: str, counts: Mapping[str, int]) -> Iterator[str]:
    if counts:
        told = (f"{reading.number(exercise)} by {count}" for exercise, count in sorted(counts.items()))
        yield f"{words}: {', '.join(told)}."


def _questions(reading: Reading, found: Sequence[Trouble], was: _Before) -> Iterator[str]:
    """The questions that moved most; one's own sentences are left out, for a person reads them."""
    moved = []
    for one in found:
        before = was.missed.get(f"{one.exercise}/{one.question}")
        if before is not None and abs(one.share - before) >= _MOVED and not one.sentence:
            moved.append((one.share - before, one, before))
    for change, one, before in sorted(moved, key=lambda row: -abs(row[0]))[:_QUESTIONS]:
        word = "Fewer" if change < 0 else "More"
        yield (
            f"{word} miss {reading.number(one.exercise)}, “{one.title}”: "
            f"{one.share:.0%}, before {before:.0%}."
        )


def _names(reading: Reading, trainees: Sequence[str]) -> str:
    names = [reading.name(one) for one in trainees]
    rest = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {rest} more" if rest > 0 else "")
