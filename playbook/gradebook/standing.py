"""Where a trainee stands in an exercise: the attempt that counts, on time or late."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from playbook.cases.roster import Enrolled, Roster
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.late import LatePolicy
from playbook.gradebook.records import Attempt
from playbook.gradebook.result import GRADED, NOT_GRADED
from playbook.gradebook.reviews import Judged, laid_over

#: Why there is no mark where nobody has tried to grade it.
NOT_RUN = "it was not run yet"
#: Which attempt counts: the last one handed in, or the one with the most points.
POLICIES = ("last", "best")
#: Results, and trainees with all their attempts, that are in memory at one time.
_AT_ONCE, _PEOPLE = 500, 50


@dataclass(frozen=True, slots=True)
class Standing:
    """The attempt that counts for a trainee in an exercise.

    Attributes:
        status: `graded` or `not graded`; reason: why not.
        points: that count; earned: what the answers are worth before the policy for late hand-ins; None if unknown.
        number: which of the trainee's attempts counts; attempts: how many there are.
        first, last: when the first and the last attempt were handed in, seconds since 1970 (UTC).
        received: when the one that counts was.
        due: by when it had to be, extension included; None if nothing was said.
        attempt, mark: their ids in the gradebook; mark is None if it is not graded.
        remarks: what looks odd about it, for a person to judge.
        codes: short codes of the hand-ins that it came with, the latest last; none for a notebook alone.
        read: changes whenever what readers of its free text wrote does; empty where nobody has read it.
    """

    trainee: str
    exercise: str
    status: str
    reason: str
    points: float
    max_points: float
    city: str
    number: int
    attempts: int
    first: float
    last: float
    received: float
    due: float | None
    attempt: int
    mark: int | None
    source: str
    remarks: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    earned: float | None = None
    read: str = ""

    @property
    def late(self) -> bool:
        """Whether the attempt that counts came after it was due."""
        return self.due is not None and self.received > self.due

    @property
    def share(self) -> float:
        """Points as a share of what was to be had."""
        return self.points / self.max_points if self.max_points else 0.0

    @property
    def stamp(self) -> str:
        """Changes whenever anything about it changes."""
        return _stamp(self)

    def result(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The content of a result file: the mark's data, and which attempt it is."""
        return {
            "stamp": self.stamp,
            **data,
            **(
                {"points": self.points, "earned": self.earned}
                if self.earned not in (None, self.points)
                else {}
            ),
            "notes": [*data["notes"], *(words for words in self.remarks if words not in data["notes"])],
            "attempt": self.number,
            "attempts": self.attempts,
            "received": shown_time(self.received),
            "due": shown_time(self.due),
            "late": self.late,
            "codes": list(self.codes),
        }


def shown_time(seconds: float | None) -> str:
    """A moment as ISO 8601 in UTC; empty if there is none."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(math.floor(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def standings(
    gradebook: Gradebook,
    policy: str = "last",
    roster: Roster | None = None,
    late: LatePolicy | None = None,
) -> list[Standing]:
    """Where everyone stands, in order of trainee and exercise; the arguments are those of :func:`each_standing`."""
    return list(each_standing(gradebook, policy, roster, late))


def each_standing(
    gradebook: Gradebook,
    policy: str = "last",
    roster: Roster | None = None,
    late: LatePolicy | None = None,
    trainees: Iterable[str] | None = None,
) -> Iterator[Standing]:
    """Where everyone stands, in order of trainee and exercise; what readers of free text gave counts.

    A few trainees' attempts are in memory at one time.

    Args:
        policy: one of :data:`POLICIES`.
        roster: for due dates; default the gradebook's.
        late: what late hand-ins keep; default what was applied to the gradebook.
        trainees: who, by what their results are filed under; default everybody who handed something in.
    """
    roster = gradebook.roster() if roster is None else roster
    late = gradebook.late_policy() if late is None else late
    people = gradebook.trainees() if trainees is None else sorted(set(trainees))
    for start in range(0, len(people), _PEOPLE):
        yield from _of_some(gradebook, people[start : start + _PEOPLE], policy, roster, late)


def _of_some(
    gradebook: Gradebook, trainees: Sequence[str], policy: str, roster: Roster, late: LatePolicy
) -> Iterator[Standing]:
    attempts = gradebook.attempts(trainees).values()  # the earliest first
    reasons, remarks = gradebook.reasons(trainees), gradebook.remarks(trainees)
    receipts = gradebook.receipts(trainees)
    codes = {attempt: tuple(one.code for one in all) for attempt, all in receipts.items()}
    judged = gradebook.judged(one.mark for one in attempts if one.mark is not None)
    groups: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in attempts:
        if own := judged.get(attempt.mark or 0):
            attempt = replace(attempt, points=as_judged(attempt.points, own))
        groups.setdefault((attempt.trainee, attempt.exercise), []).append(attempt)
    enrolled = {trainee: roster.find(trainee) for trainee in trainees}
    for key in sorted(groups):
        one = _standing(groups[key], policy, enrolled[key[0]], reasons, remarks, codes, late)
        own = judged.get(one.mark or 0)
        yield replace(one, read=_stamp(own)) if own else one


def as_judged(points: float, judged: Mapping[str, Judged]) -> float:
    """Points of a mark with what readers gave in place of what the form alone is worth."""
    return points + sum(one.points - one.before for one in judged.values())


def _stamp(of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()[:16]


def _standing(
    attempts: list[Attempt],
    policy: str,
    enrolled: Enrolled | None,
    reasons: Mapping[int, str],
    remarks: Mapping[int, tuple[str, ...]],
    codes: Mapping[int, tuple[str, ...]],
    late: LatePolicy,
) -> Standing:
    able = [one for one in attempts if not one.problem]  # what is no hand-in takes the place of none that is
    counts = (able or attempts)[-1]
    later = attempts[attempts.index(counts) + 1 :]
    odd = [f"handed in later, and not counted: {one.source}: {one.problem}" for one in later if one.problem]
    due = enrolled.due_for(counts.exercise) if enrolled else None
    if policy == "best":
        marked = [one for one in attempts if one.mark is not None]
        counts = max(
            marked, key=lambda one: kept_points(one, due, late), default=counts
        )  # of equals the earliest
    graded = counts.mark is not None
    return Standing(
        trainee=counts.trainee,
        exercise=counts.exercise,
        status=GRADED if graded else NOT_GRADED,
        reason="" if graded else reasons.get(counts.id, counts.problem or NOT_RUN),
        points=kept_points(counts, due, late),
        earned=counts.points,
        max_points=counts.max_points,
        city=counts.city,
        number=attempts.index(counts) + 1,
        attempts=len(attempts),
        first=min(one.received for one in attempts),
        last=attempts[-1].again,
        received=counts.received,
        due=due,
        attempt=counts.id,
        mark=counts.mark,
        source=counts.source,
        remarks=(*remarks.get(counts.id, ()), *odd),
        codes=codes.get(counts.id, ()),
    )


def kept_points(attempt: Attempt, due: float | None, late: LatePolicy) -> float:
    """Points of an attempt that count: what the policy for late hand-ins leaves, rounded down to half points."""
    share = 1.0 if due is None else late.keeps(attempt.exercise, attempt.received - due)
    return attempt.points if share >= 1 else math.floor(2 * attempt.points * share + 1e-9) / 2


def results_of(gradebook: Gradebook, chosen: Iterable[Standing]) -> Iterator[tuple[Standing, dict[str, Any]]]:
    """Standings with the data of their result files, in order; those without any data yet are left out."""
    chosen = list(chosen)
    for start in range(0, len(chosen), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        marks = [one.mark for one in some if one.mark is not None]
        judged = gradebook.judged(marks)
        marked = {mark: laid_over(data, judged.get(mark, {})) for mark, data in gradebook.results(marks)}
        refused = dict(gradebook.refused(one.attempt for one in some if one.mark is None))
        for one in some:
            data = refused.get(one.attempt) if one.mark is None else marked[one.mark]
            if data is not None:
                yield one, one.result(data)
