"""What a question is, and what can become of an answer to it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any

from playbook.errors import PlaybookError
from playbook.exercises.kinds import KINDS, Kind
from playbook.exercises.outcomes import Outcome


@dataclass(frozen=True)
class Question:
    """One graded item of an exercise.

    Attributes:
        id: unique within the exercise.
        title: a short label for lists and documents.
        points: what a full answer is worth; a multiple of one half.
        kind: the kind of answer, with the fields that only this kind has.
        answer: the variable a trainee's notebook binds.
        computed: the answer must follow from the case; False where a typed judgement is legitimate.
        feedback: `full` (right, wrong, where) or `recorded` (noted, no word of right or wrong).
        stretch: beyond what a manager must be able to do.
        playbook: the answer goes into the City Playbook.
    """

    id: str
    title: str
    points: float
    kind: Kind
    answer: str = ""
    computed: bool = True
    feedback: str = ""
    stretch: bool = False
    playbook: bool = False

    def __post_init__(self):
        set_ = object.__setattr__
        set_(self, "answer", self.answer or self.id)
        set_(self, "computed", self.computed and self.kind.computed)
        set_(self, "feedback", self.feedback or ("full" if self.computed else "recorded"))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Question:
        """Read a question from flat data, such as :meth:`public` gives; `kind` is the kind's name.

        A field that every question has and the kind names too, such as `title`, is given to both.
        """
        kind = KINDS[data["kind"]]
        data = {"title": data["id"], **data}
        own, every = {one.name: one for one in fields(kind)}, {one.name for one in fields(cls)}
        special = {name: _as_field(own[name], value) for name, value in data.items() if name in own}
        common = {name: value for name, value in data.items() if name not in own or name in every}
        return cls(**{**common, "kind": kind(**special)})

    @classmethod
    def from_metadata(
        cls, metadata: Mapping[str, Any], where: str, judges: Mapping[str, str] | None = None
    ) -> Question:
        """Read a question from a solution cell's metadata.

        Args:
            judges: ``module:function`` by the name that a plan's `judge:` gives it.

        Raises:
            PlaybookError: names the key that is unknown, missing or out of range.
        """

        def wrong(what: str, remedy: str = "see CONTRIBUTING.md") -> PlaybookError:
            return PlaybookError(what, where=where, remedy=remedy)

        for key in ("id", "title", "kind", "points"):
            if key not in metadata:
                raise wrong(f"the question lacks {key!r}", f"add `{key}: …` to its metadata")
        name = str(metadata["kind"])
        if name not in KINDS:
            raise wrong(
                f"question {metadata['id']!r}: `kind: {name}` is not one of {', '.join(KINDS)}",
                "use one of them",
            )
        known = [one.name for one in (*fields(cls), *fields(KINDS[name]))]
        for key in metadata:
            if key not in known:
                raise wrong(
                    f"a {name} question has no field {key!r}", f"use one of {', '.join(sorted(known))}"
                )
        if metadata.get("computed") and not KINDS[name].computed:
            raise wrong(
                f"question {metadata['id']!r}: a {name} is judged by a person and never computed",
                "leave `computed:` out",
            )
        metadata = dict(metadata)
        if "judge" in metadata:
            judge = str(metadata["judge"])
            if judge not in (judges or {}):
                raise wrong(
                    f"question {metadata['id']!r}: the front matter names no judge {judge!r}",
                    f"add `judges: {{{judge}: package.module:function}}` to the front matter"
                    + (f", or use one of {', '.join(judges)}" if judges else ""),
                )
            metadata["judge"] = (judges or {})[judge]
        question = cls.from_dict(metadata)
        for problem in question._problems():
            raise wrong(f"question {question.id!r}: {problem}")
        return question

    def _problems(self) -> Iterator[str]:
        if not self.answer.isidentifier():
            yield f"`answer: {self.answer}` is not a variable name"
        if not (isinstance(self.points, (int, float)) and self.points > 0 and (2 * self.points) % 1 == 0):
            yield f"`points: {self.points}` is not a positive multiple of one half"
        if self.feedback not in ("full", "recorded"):
            yield f"`feedback: {self.feedback}` is not full or recorded"
        yield from self.kind.problems()

    def public(self) -> dict[str, Any]:
        """The fields that a release shows, flat and without defaults."""
        shown = {"id": self.id, "kind": self.kind.name, "points": self.points}
        shown |= {"answer": self.answer, "feedback": self.feedback}
        for part in (self, self.kind):
            for one in fields(part):
                value = getattr(part, one.name)
                if one.name not in shown and value != _default(one):
                    shown[one.name] = list(value) if isinstance(value, tuple) else value
        return shown

    def share_points(self, share: float) -> float:
        """Points for a share of the answer that is right, rounded down to half points."""
        if share >= 1:
            return float(self.points)
        if not self.kind.shared:
            return 0.0
        return math.floor(2 * self.points * max(share, 0.0) + 1e-9) / 2


def _as_field(one: Field, value: Any) -> Any:
    """A value of metadata as kinds hold it: where several texts may stand, a tuple of them, also for one.

    Where the kind's own default holds something else than texts, the values stay what they are.
    """
    if not isinstance(one.default, tuple):
        return value
    if one.default and not isinstance(one.default[0], str):
        return tuple(value) if isinstance(value, (list, tuple)) else (value,)
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)


def _default(one: Field) -> Any:
    return None if one.default is MISSING else one.default


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
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**plain, "outcome": str(self.outcome)}
