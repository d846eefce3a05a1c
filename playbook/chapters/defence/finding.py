"""What a rule says about a plan, and how the rules are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from playbook.chapters.defence.answers import Lacking, Plan
from playbook.words import _, pgettext

if TYPE_CHECKING:
    from playbook.chapters.defence.city import City


class Severity(StrEnum):
    """How much a finding weighs, the most first."""

    STOP = "stop"
    WARN = "warn"
    NOTE = "note"

    @property
    def word(self) -> str:
        """In the reader's language."""
        return {
            Severity.STOP: pgettext("a finding", "stop"),
            Severity.WARN: pgettext("a finding", "warning"),
            Severity.NOTE: pgettext("a finding", "note"),
        }[self]


@dataclass(frozen=True)
class Simulated:
    """What rules and gates read of a simulated plan.

    Attributes:
        gap_share: (value − naive) / (reference − naive), mean over the draws; 1 is the reference.
        cash_broken: share of draws in which cash fell below the limit.
        attrition: share of the sellers who leave in a year.
        mean_density: mean management density over the months, 0 to 1.
        gate_passed: share of draws in which the plan passes its own gate; None if no gate was set.
        draws: how many there were.
    """

    gap_share: float
    cash_broken: float
    attrition: float
    mean_density: float
    gate_passed: float | None = None
    draws: int = 0

    @classmethod
    def from_record(cls, record: object) -> Simulated | None:
        """What a grader has recorded of a run; None where that is no whole record of numbers that can be right."""
        if not isinstance(record, Mapping):
            return None
        limits = {"gap_share": (-100, 100), "attrition": (0, 100), "draws": (1, 1e6)}
        read = {}
        for name in cls.__dataclass_fields__:
            value = record.get(name)
            if name == "gate_passed" and value is None:
                continue
            low, high = limits.get(name, (0, 1))
            if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
                return None
            read[name] = value
        return cls(**read)

    def as_record(self) -> dict[str, Any]:
        """The same as JSON-able data, for a grader to record."""
        return asdict(self)


@dataclass(frozen=True)
class Finding:
    """Where a plan contradicts itself or what its city says.

    Attributes:
        rule: number of the rule, 1 to 32.
        message: what was found, with the trainee's numbers. remedy: what to do.
        chapters: whose answers were compared. back_to: the chapter to go back to.
        borrowed: answers that were compared and are not the trainee's own, by chapter and question.
    """

    rule: int
    severity: Severity
    message: str
    remedy: str
    chapters: tuple[int, ...]
    back_to: int
    borrowed: tuple[tuple[int, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "message": self.message,
            "remedy": self.remedy,
            "chapters": list(self.chapters),
            "back_to": self.back_to,
            "borrowed": [list(one) for one in self.borrowed],
        }


@dataclass(frozen=True)
class Waiting:
    """A rule that could not speak yet: an answer is missing or cannot be read.

    Attributes:
        chapter, question: of the answer; question is empty where the simulated run is missing.
    """

    rule: int
    chapter: int
    question: str

    @property
    def message(self) -> str:
        if not self.question:
            return _("This rule waits for the simulated plan.")
        return _(
            "This rule waits for chapter {chapter}: its answer `{question}` is missing or can't be read."
        ).format(chapter=self.chapter, question=self.question)


#: A finding's message and remedy, and a severity other than the rule's; None where the rule is kept.
Said = tuple[str, str] | tuple[str, str, Severity] | None


@dataclass(frozen=True)
class Rule:
    """One rule: its number, what it weighs, what it compares, and the function that looks."""

    number: int
    severity: Severity
    chapters: tuple[int, ...]
    back_to: int
    look: Callable[[Plan, City, Simulated | None], Said]

    def apply(self, plan: Plan, city: City, run: Simulated | None = None) -> Finding | Waiting | None:
        """What the rule finds; None where the plan keeps it."""
        reading = _Watched(plan.given, plan.outcomes)
        try:
            said = self.look(reading, city, run)
        except Lacking as lacking:
            return Waiting(self.number, lacking.chapter, lacking.question)
        if said is None:
            return None
        borrowed = [key for key in plan.borrowed(self.chapters) if key in reading.read]
        severity = said[2] if len(said) > 2 else self.severity
        return Finding(self.number, severity, said[0], said[1], self.chapters, self.back_to, tuple(borrowed))


class _Watched(Plan):
    """A plan that remembers which of its answers were read."""

    def __init__(self, given: Any, outcomes: Any):
        super().__init__(given, outcomes)
        object.__setattr__(self, "read", set())

    def value(self, chapter: int, question: str) -> Any:
        self.read.add((chapter, question))
        return super().value(chapter, question)

    def answers(self, chapter: int) -> dict[str, Any]:
        found = super().answers(chapter)
        self.read.update((chapter, question) for question in found)
        return found


def rule(
    number: int, severity: Severity, chapters: tuple[int, ...], back_to: int
) -> Callable[[Callable[[Plan, City, Simulated | None], Said]], Rule]:
    """Make a function a rule."""
    return lambda look: Rule(number, severity, chapters, back_to, look)
