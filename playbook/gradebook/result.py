"""What grading gives: one result for each submission, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playbook.exercises.question import Result

#: Version of the result files' form; see `book/instructor/results.md` for what each field means.
SCHEMA = 1

#: Fields of a question that only some have.
_MAYBE = ("unit", "answer", "did", "given", "follows")

GRADED, NOT_GRADED = "graded", "not graded"


@dataclass(frozen=True)
class QuestionResult:
    """One question's mark, and what it came from.

    Attributes:
        result: the mark that counts.
        own: outcome on the trainee's own case.
        unseen: outcome on the unseen case; empty for a judgement.
        stretch: beyond the core.
        playbook: the answer goes into the City Playbook.
        unit: of a number.
        answer: the answer as plain data, kept only for the City Playbook.
        did: what was done where points were missed, as a code (:mod:`playbook.grading.misses`).
        given: the answer that was given there, in a few words.
        follows: the question whose miss this one comes from; empty if it is a miss of its own.
    """

    result: Result
    own: str
    unseen: str = ""
    stretch: bool = False
    playbook: bool = False
    unit: str = ""
    answer: Any = None
    did: str = ""
    given: str = ""
    follows: str = ""

    def as_dict(self) -> dict[str, Any]:
        data = {
            **self.result.as_dict(),
            "own": self.own,
            "unseen": self.unseen,
            "stretch": self.stretch,
            "playbook": self.playbook,
        }
        if self.playbook:
            data |= {"unit": self.unit, "answer": self.answer}
        if self.did:
            data |= {"did": self.did, "given": self.given, "follows": self.follows}
        return data


@dataclass(frozen=True)
class Graded:
    """A submission's result.

    Attributes:
        trainee, exercise, source, sha256, release: of the submission.
        status: `graded`, or `not graded` for reasons outside the submission's answers.
        reason: why it was not graded; remedy: what to do about it.
        case: name of the trainee's own case.
        questions: one for each question of the master, in its order.
        notes: what looked odd and was settled.
        sandbox: layers of isolation its runs had.
        master: digest of the master it was marked against.
        kit: version of the kit.
        seconds: that its runs took.
        simulated: of the exercise in which a plan is defended: what the grader's own run of the simulator gave;
            see :class:`playbook.chapters.defence.finding.Simulated`. Empty elsewhere.
    """

    trainee: str
    exercise: str
    source: str
    sha256: str
    status: str
    reason: str = ""
    release: str = ""
    case: str = ""
    questions: tuple[QuestionResult, ...] = ()
    notes: tuple[str, ...] = ()
    sandbox: tuple[str, ...] = ()
    master: str = ""
    kit: str = ""
    seconds: float = field(default=0.0, compare=False)
    remedy: str = ""
    simulated: Mapping[str, Any] = field(default_factory=dict)

    @property
    def points(self) -> float:
        return sum(one.result.points for one in self.questions)

    @property
    def max_points(self) -> float:
        return sum(one.result.max_points for one in self.questions)

    def as_dict(self) -> dict[str, Any]:
        """The content of ``results/<trainee>/<exercise>.json``."""
        plain: dict[str, Any] = {
            name: list(value) if isinstance(value := getattr(self, name), tuple) else value
            for name in self.__dataclass_fields__
            if name != "questions" and (name != "simulated" or self.simulated)
        }
        return {
            "schema": SCHEMA,
            **plain,
            "points": self.points,
            "max_points": self.max_points,
            "questions": [one.as_dict() for one in self.questions],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Graded:
        """Read what :meth:`as_dict` wrote."""
        questions = []
        for one in data["questions"]:
            fields = {name: one[name] for name in Result.__dataclass_fields__}
            more = {name: one[name] for name in ("own", "unseen", "stretch", "playbook")}
            kept = {name: one[name] for name in _MAYBE if name in one}
            questions.append(QuestionResult(Result(**fields), **more, **kept))
        own = {
            name: tuple(data[name]) if isinstance(data[name], list) else data[name]
            for name in cls.__dataclass_fields__
            if name != "questions" and name in data
        }
        return cls(**own, questions=tuple(questions))
