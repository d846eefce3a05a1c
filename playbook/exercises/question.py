"""What a question is, and what can become of an answer to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from playbook.errors import PlaybookError


class Outcome(StrEnum):
    """How a question ends. `recorded` exists in the notebook only: noted, marked later."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    ERRORED = "errored"
    UNATTEMPTED = "unattempted"
    RECORDED = "recorded"


KINDS = ("number", "choice", "set", "ranking", "table", "function", "plan")
#: Kinds whose points can be shared out.
PARTIAL_KINDS = ("set", "table", "plan")


@dataclass(frozen=True)
class Question:
    """One graded item of an exercise.

    Attributes:
        id: unique within the exercise.
        answer: the variable a trainee's notebook binds.
        title: a short label for lists and documents.
        kind: one of :data:`KINDS`.
        points: what a full answer is worth; a multiple of one half.
        computed: the answer must follow from the case; False where a typed judgement is legitimate.
        feedback: `full` (right, wrong, where) or `recorded` (noted, no word of right or wrong).
        stretch: beyond what a manager must be able to do.
        playbook: the answer goes into the City Playbook.
        unit: of a number.
        atol, rtol: how far numbers may be off, absolute or as a share of the value.
        choices: what may be chosen (choice, set).
        top: how many places of a ranking count; None means all.
        tau: least Kendall rank correlation that passes a ranking; None means the exact order.
        key: columns that name a table's rows.
        columns: columns that count; empty means all of the expected table's.
        ordered: the order of a table's rows matters.
        returns: what a function returns: number or choice.
        judge: name of a plan's judge.
        within: how far a plan may fall short of the optimum, as a share of it.
    """

    id: str
    title: str
    kind: str
    points: float
    answer: str = ""
    computed: bool = True
    feedback: str = ""
    stretch: bool = False
    playbook: bool = False
    unit: str = ""
    atol: float | None = None
    rtol: float | None = None
    choices: tuple[str, ...] = ()
    top: int | None = None
    tau: float | None = None
    key: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    ordered: bool = False
    returns: str = "number"
    judge: str = ""
    within: float = 0.03

    def __post_init__(self):
        set_ = object.__setattr__
        set_(self, "answer", self.answer or self.id)
        set_(self, "feedback", self.feedback or ("full" if self.computed else "recorded"))
        for name in ("choices", "key", "columns"):
            value = getattr(self, name)
            set_(self, name, (value,) if isinstance(value, str) else tuple(map(str, value)))

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any], where: str) -> Question:
        """Read a question from a solution cell's metadata.

        Raises:
            PlaybookError: names the key that is unknown, missing or out of range.
        """
        known = {f.name for f in fields(cls)}
        for key in metadata:
            if key not in known:
                raise PlaybookError(
                    f"a question has no field {key!r}",
                    where=where,
                    remedy=f"use one of {', '.join(sorted(known))}",
                )
        for key in ("id", "title", "kind", "points"):
            if key not in metadata:
                raise PlaybookError(
                    f"the question lacks {key!r}", where=where, remedy=f"add `{key}: …` to its metadata"
                )
        question = cls(**metadata)
        for problem in question._problems():
            raise PlaybookError(
                f"question {question.id!r}: {problem}", where=where, remedy="see CONTRIBUTING.md"
            )
        return question

    def _problems(self):
        if not self.answer.isidentifier():
            yield f"`answer: {self.answer}` is not a variable name"
        if self.kind not in KINDS:
            yield f"`kind: {self.kind}` is not one of {', '.join(KINDS)}"
        if not (isinstance(self.points, (int, float)) and self.points > 0 and (2 * self.points) % 1 == 0):
            yield f"`points: {self.points}` is not a positive multiple of one half"
        if self.feedback not in ("full", "recorded"):
            yield f"`feedback: {self.feedback}` is not full or recorded"
        if self.atol is not None and self.rtol is not None:
            yield "give `atol` or `rtol`, not both"
        if self.rtol is not None and not 0 < self.rtol < 1:
            yield f"`rtol: {self.rtol}` is not between 0 and 1"
        if self.atol is not None and not self.atol > 0:
            yield f"`atol: {self.atol}` is not above 0"
        if self.kind == "table" and not self.key:
            yield "a table needs `key: column`, which names its rows"
        if self.kind == "plan" and not self.judge:
            yield "a plan needs `judge: name`"
        if self.kind == "choice" and not self.choices:
            yield "a choice needs `choices: [...]`"

    def public(self) -> dict[str, Any]:
        """The fields that a release shows, without defaults."""
        blank = Question(id="", title="", kind="", points=0, answer="", feedback="full")
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != getattr(blank, name) or name in ("id", "kind", "points", "answer", "feedback")
        }

    def share_points(self, share: float) -> float:
        """Points for a share of the answer that is right, rounded down to half points."""
        if share >= 1:
            return float(self.points)
        if self.kind not in PARTIAL_KINDS:
            return 0.0
        return math.floor(2 * self.points * max(share, 0.0) + 1e-9) / 2


@dataclass(frozen=True)
class Result:
    """What became of one answer.

    Attributes:
        question: the question's id.
        outcome: see :class:`Outcome`.
        points: awarded. max_points: to be had.
        message: what is right or wrong, and where, for the trainee.
        hint: what to think about, when the answer is one that trainees often give.
    """

    question: str
    outcome: Outcome
    points: float
    max_points: float
    message: str = ""
    hint: str = ""
    title: str = field(default="", compare=False)

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {**asdict(self), "outcome": str(self.outcome)}
