"""The marks of a cohort, read once: what every page of the desk is worked out from."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbook.cases.roster import Enrolled, Roster
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise, MarkedQuestion, Miss
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, standings


@dataclass(frozen=True)
class Reading:
    """A cohort's marks.

    Attributes:
        chosen: the attempts that count, in order of trainee and exercise; those of no known exercise are left out.
        trainees: who is on the roster, or handed something in, by what their results are filed under.
        exercises: those that were graded, in order.
        titles: of questions, by exercise and question.
        questions: of each mark that counts, in the exercise's order.
        misses: what was done where points were missed, by mark and question.
    """

    roster: Roster
    chosen: Sequence[Standing]
    trainees: Sequence[str]
    exercises: Sequence[GradedExercise]
    titles: Mapping[tuple[str, str], str]
    questions: Mapping[int, Sequence[MarkedQuestion]]
    misses: Mapping[tuple[int, str], Miss]
    people: Mapping[str, Enrolled]

    def name(self, trainee: str) -> str:
        """Somebody's name as the roster has it; what they are filed under where it has none."""
        one = self.people.get(trainee)
        return one.name if one and one.name else trainee

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

    @functools.cached_property
    def by_trainee(self) -> Mapping[str, Sequence[Standing]]:
        """Everybody's attempts that count, in order of exercise; nothing for who handed nothing in."""
        found: dict[str, list[Standing]] = {}
        for one in self.chosen:
            found.setdefault(one.trainee, []).append(one)
        return found

    @functools.cached_property
    def by_question(self) -> Mapping[tuple[str, str], Sequence[tuple[Standing, MarkedQuestion]]]:
        """Everybody's mark on each question, by exercise and question."""
        found: dict[tuple[str, str], list[tuple[Standing, MarkedQuestion]]] = {}
        for one in self.graded:
            for row in self.questions.get(one.mark or 0, ()):
                found.setdefault((one.exercise, row.question), []).append((one, row))
        return found

    @functools.cached_property
    def graded(self) -> Sequence[Standing]:
        """The attempts that count and have a mark."""
        return [one for one in self.chosen if one.status == GRADED]

    @property
    def state(self) -> str:
        """Changes whenever anything that counts does."""
        parts = [
            (one.trainee, one.exercise, one.attempt, one.mark, one.points, one.attempts)
            for one in self.chosen
        ]
        return hashlib.sha256(repr((parts, list(self.trainees))).encode()).hexdigest()


def read_cohort(gradebook: Gradebook, policy: str = "last") -> Reading:
    """Read the marks that count.

    Args:
        policy: which attempt counts.
    """
    roster = gradebook.roster()
    chosen = [one for one in standings(gradebook, policy, roster) if one.exercise]
    marks = {one.mark for one in chosen if one.mark is not None}
    questions: dict[int, list[MarkedQuestion]] = {}
    for row in gradebook.questions():
        if row.mark in marks:
            questions.setdefault(row.mark, []).append(row)
    enrolled = {one.filed: one for one in roster.trainees}
    return Reading(
        roster=roster,
        chosen=chosen,
        trainees=sorted({one.trainee for one in chosen} | set(enrolled)),
        exercises=gradebook.exercises(),
        titles=gradebook.titles(),
        questions=questions,
        misses={(one.mark, one.question): one for one in gradebook.misses() if one.mark in marks},
        people=enrolled,
    )
