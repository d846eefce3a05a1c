"""What the gradebook says about a person, as far as gates and ladder ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playbook.certifying.culture import SCENARIOS, passed
from playbook.chapters.defence.answers import DEFENCE, Plan
from playbook.chapters.defence.finding import Simulated
from playbook.exercises.defence import plan_of
from playbook.exercises.outcomes import Outcome
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, results_of, standings


@dataclass(frozen=True)
class Chapter:
    """One exercise of a person: the attempt that counts.

    Attributes:
        share: of its points. graded: whether it has a mark; reason: why not.
        errored: questions whose cell or function stopped.
        own: computed answers that pass on the person's own case. unseen: those of them that pass on the unseen one.
    """

    number: int
    exercise: str
    title: str
    share: float
    graded: bool
    reason: str = ""
    errored: tuple[str, ...] = ()
    own: int = 0
    unseen: int = 0


@dataclass(frozen=True)
class Evidence:
    """What the gradebook says about one person.

    Attributes:
        city: name of the case. chapters: by number.
        plan: the answers that were kept, the person's own alone.
        simulated: the grader's run of the defended plan, if there is one.
        culture: whether the scenarios are passed; None where they were not all answered.
        remarks: what looked odd about hand-ins, for a person to judge.
    """

    person: str
    city: str = ""
    chapters: Mapping[int, Chapter] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    simulated: Simulated | None = None
    culture: bool | None = None
    remarks: tuple[str, ...] = ()


def gather_evidence(
    book: Gradebook, people: Iterable[str] | None = None, policy: str = "last"
) -> dict[str, Evidence]:
    """Evidence by what a person's results are filed under.

    Args:
        people: who; default everybody who handed something in.
        policy: which attempt counts, ``last`` or ``best``.
    """
    wanted = None if people is None else set(people)
    chosen = [one for one in standings(book, policy) if wanted is None or one.trainee in wanted]
    exercises = {one.id: one for one in book.exercises()}
    data = {(one.trainee, one.exercise): result for one, result in results_of(book, chosen)}
    by_person: dict[str, list[Standing]] = {name: [] for name in sorted(wanted or ())}
    for one in chosen:
        by_person.setdefault(one.trainee, []).append(one)
    numbers = {name: one.chapter for name, one in exercises.items()}
    found = {}
    for person, own in by_person.items():
        results = {one.exercise: data.get((person, one.exercise), {}) for one in own}
        answers = {exercise: _questions(result) for exercise, result in results.items()}
        chapters = {
            numbers[one.exercise]: _chapter(
                one, results[one.exercise], exercises[one.exercise].chapter, exercises[one.exercise].title
            )
            for one in own
            if one.exercise in numbers
        }
        capstone = next((results[name] for name in results if numbers.get(name) == DEFENCE), {})
        found[person] = Evidence(
            person=person,
            city=next((one.city for one in own if one.city), ""),
            chapters=chapters,
            plan=plan_of(answers, numbers),
            simulated=Simulated.from_record(capstone.get("simulated")),
            culture=_culture(answers),
            remarks=tuple(dict.fromkeys(words for one in own for words in one.remarks)),
        )
    return found


def _questions(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["question"]: dict(one) for one in result.get("questions", ())}


def _chapter(one: Standing, result: Mapping[str, Any], number: int, title: str) -> Chapter:
    questions = result.get("questions", ()) if one.status == GRADED else ()
    computed = [q for q in questions if q["unseen"] and q["own"] == Outcome.PASSED]
    return Chapter(
        number=number,
        exercise=one.exercise,
        title=title,
        share=one.share,
        graded=one.status == GRADED,
        reason=one.reason,
        errored=tuple(
            q["question"] for q in questions if Outcome.ERRORED in (q["outcome"], q["own"], q["unseen"])
        ),
        own=len(computed),
        unseen=sum(q["unseen"] == Outcome.PASSED for q in computed),
    )


def _culture(answers: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> bool | None:
    """Whether the scenarios are passed, in whatever exercise they were asked."""
    wanted = {one.id for one in SCENARIOS}
    right = {
        name: one["outcome"] == Outcome.PASSED
        for questions in answers.values()
        for name, one in questions.items()
        if name in wanted and one["outcome"] != Outcome.UNATTEMPTED
    }
    return passed(right)
