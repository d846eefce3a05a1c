"""The marks of a cohort: where everybody stands, read once; questions, read anew whenever they are gone through."""

from __future__ import annotations

import functools
import hashlib
import itertools
import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.stands import Stand, Stands
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise, MarkedQuestion
from playbook.gradebook.standing import each_standing
from playbook.names import squash

#: Marks whose questions are in memory at one time.
_AT_ONCE = 250


@dataclass(frozen=True)
class Reading:
    """A cohort's marks; the gradebook stays open while it is used.

    Attributes:
        policy: which attempt counts.
        chosen: the attempts that count, in order of trainee and exercise; those of no known exercise are left out.
        trainees: who is on the roster, or handed something in, by what their results are filed under.
        exercises: those that were graded, in order.
        titles: of questions, by exercise and question.
    """

    gradebook: Gradebook
    policy: str
    roster: Roster
    chosen: Stands
    trainees: Sequence[str]
    exercises: Sequence[GradedExercise]
    titles: Mapping[tuple[str, str], str]
    people: Mapping[str, Enrolled]

    def name(self, trainee: str) -> str:
        """Somebody's name as the roster has it, told apart from another of that name; else what they are filed under."""
        name = self.own_name(trainee)
        return f"{name} ({trainee})" if self._namesakes[squash(name)] > 1 and name != trainee else name

    def own_name(self, trainee: str) -> str:
        """Somebody's name as they write it; what they are filed under where the roster has none."""
        one = self.people.get(trainee)
        return one.name if one and one.name else trainee

    @functools.cached_property
    def left(self) -> frozenset[str]:
        """Who handed something in and is not on the roster (any more): nobody is sent to them. None without a roster."""
        return frozenset(self.trainees) - frozenset(self.people) if self.people else frozenset()

    @functools.cached_property
    def _namesakes(self) -> Counter[str]:
        """How many people have a name, whatever its width, case and blanks."""
        return Counter(squash(self.own_name(one)) for one in self.trainees)

    @functools.cached_property
    def _by_id(self) -> Mapping[str, GradedExercise]:
        return {one.id: one for one in self.exercises}

    def chapter(self, exercise: str) -> str:
        """An exercise as people call it: its number and title."""
        found = self._by_id.get(exercise)
        return f"{found.chapter} · {found.title}" if found else exercise

    def number(self, exercise: str) -> str:
        """An exercise by its chapter's number alone."""
        found = self._by_id.get(exercise)
        return f"chapter {found.chapter}" if found else exercise

    def question(self, exercise: str, question: str) -> str:
        """A question's title."""
        return self.titles.get((exercise, question)) or question

    def marked(self, exercise: str) -> Iterator[tuple[Stand, Sequence[MarkedQuestion]]]:
        """Everybody's marked attempt at an exercise, in order of trainee, each with its questions in their order.

        They come from the gradebook a few at a time, and again at every call: a cohort has hundreds of thousands.
        """
        for some, marks in self._some(exercise):
            rows = itertools.groupby(self.gradebook.questions(marks), operator.itemgetter(0))
            by_mark = {mark: tuple(own) for mark, own in rows}
            yield from ((one, by_mark.get(mark, ())) for one, mark in zip(some, marks, strict=True))

    def right(self, exercise: str, question: str) -> Iterator[Stand]:
        """The marked attempts with all points of a question, in order of trainee."""
        for some, marks in self._some(exercise):
            rows = self.gradebook.questions(marks, question)
            able = {row.mark for row in rows if row.points >= row.max_points}
            yield from (one for one in some if one.mark in able)

    def _some(self, exercise: str) -> Iterator[tuple[list[Stand], list[int]]]:
        """Marked attempts at an exercise with their marks, a few at a time."""
        able = (one for one in self.chosen.within(exercise) if one.mark is not None)
        while some := list(itertools.islice(able, _AT_ONCE)):
            yield some, [one.mark or 0 for one in some]

    @property
    def state(self) -> str:
        """Changes whenever anything that counts does."""
        digest = hashlib.sha256(b"([")
        for place, one in enumerate(self.chosen):
            parts = (one.trainee, one.exercise, one.attempt, one.mark, one.points, one.attempts)
            digest.update(f"{', ' if place else ''}{parts!r}".encode())
        digest.update(f"], {list(self.trainees)!r})".encode())
        return digest.hexdigest()


def read_cohort(gradebook: Gradebook, policy: str = "last") -> Reading:
    """Read where everybody stands.

    Args:
        policy: which attempt counts.
    """
    roster = gradebook.roster()
    chosen = Stands(each_standing(gradebook, policy, roster))
    enrolled = {one.filed: one for one in roster.trainees}
    return Reading(
        gradebook=gradebook,
        policy=policy,
        roster=roster,
        chosen=chosen,
        trainees=sorted({*chosen.trainees, *enrolled}),
        exercises=gradebook.exercises(),
        titles=gradebook.titles(),
        people=enrolled,
    )
