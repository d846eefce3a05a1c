"""One plan from the answers of all chapters: whose each answer is, and how a rule reads it.

The trainee's own answers come first. What is missing may be borrowed from a plan by the book, and is marked as
borrowed wherever it is used. A value may have any shape: what cannot be read counts as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from playbook.chapters.summing import column_of, number_of, text_of, texts_of

_T = TypeVar("_T")
#: The chapter in which the plan is defended, and its own questions come from.
DEFENCE = 13
#: By chapter, the answers that rules and simulator read. What a function answers is not kept; see `rules`.
ASKED: dict[int, tuple[str, ...]] = {
    1: ("binding", "regions"),
    2: ("unique", "estimate", "tam"),
    3: ("ranking", "entry"),
    4: ("heart", "offices", "day", "territories"),
    5: ("icp",),
    6: ("keep_out", "next_seller"),
    7: ("plan", "first"),
    8: ("eligible", "supply", "sequence"),
    9: ("needed", "ramp_months", "capacity", "hire_by", "seeding", "offer"),
    10: ("cascade",),
    11: ("phases", "lag", "mix"),
    12: ("payback",),
    DEFENCE: (
        *("promise", "first_step", "leader", "attack", "supervisors"),
        *("reviews", "day_hours", "first_gate"),
    ),
}
#: What the defence itself asks for, by kind of answer.
OWN_QUESTIONS = {
    "promise": "number",  # CNY million that the trainee signs for in year one
    "first_step": "choice",  # management, sales or market: the density that the plan widens first
    "leader": "choice",  # a person_id of the bench, who is to lead the city
    "attack": "set",  # districts that are worked first; default the priority districts that are not kept out of
    "supervisors": "number",  # asked for within the year; default those of the launch plan
    "reviews": "set",  # of day, week and month: how often the plan is looked at
    "day_hours": "number",  # of a seller's working day
    "first_gate": "number",  # month of the plan, 1 to 24, in which it is held against its gate for the first time
}
#: The note in which a section says what speaks against it.
AGAINST = "against"
#: Chapters that end with such a note.
CHAPTERS = tuple(range(1, 13))


class Origin(StrEnum):
    """Whose an answer is."""

    OWN = "own"
    BORROWED = "borrowed"
    MISSING = "missing"


class Lacking(Exception):
    """An answer that a rule needs is not there, or has a form that nothing can be read from."""

    def __init__(self, chapter: int, question: str):
        self.chapter, self.question = chapter, question
        super().__init__(f"{chapter} {question}")


@dataclass(frozen=True)
class Given:
    """One answer: its value as the notebook bound it, and whose it is."""

    value: Any
    origin: Origin = Origin.OWN


@dataclass(frozen=True)
class Plan:
    """The answers of all chapters, by chapter and question.

    Attributes:
        given: answers whose value is kept. outcomes: of the trainee's own answers, those without a value too.

    Every reader raises :class:`Lacking` where there is nothing to read, and nothing else.
    """

    given: Mapping[tuple[int, str], Given] = field(default_factory=dict)
    outcomes: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def origin(self, chapter: int, question: str) -> Origin:
        """Whose an answer is."""
        one = self.given.get((chapter, question))
        return one.origin if one else Origin.MISSING

    def outcome(self, chapter: int, question: str) -> str:
        """What became of an answer when it was checked or marked; empty where nothing did."""
        return self.outcomes.get((chapter, question), "")

    def value(self, chapter: int, question: str) -> Any:
        """An answer as it is."""
        one = self.given.get((chapter, question))
        if one is None or one.value is None or one.value is ...:
            raise Lacking(chapter, question)
        return one.value

    def answers(self, chapter: int) -> dict[str, Any]:
        """A chapter's answers by question, as its own reading functions take them."""
        return {question: one.value for (number, question), one in self.given.items() if number == chapter}

    def _read(self, chapter: int, question: str, reading: Callable[[dict[str, Any], str], _T]) -> _T:
        """What a reading function finds; an answer that it stumbles over can't be read."""
        value = self.value(chapter, question)
        try:
            return reading({question: value}, question)
        except Exception:  # an answer is whatever a notebook bound to a name
            raise Lacking(chapter, question) from None

    def number(self, chapter: int, question: str, low: float = -1e15, high: float = 1e15) -> float:
        """A number between two others."""
        found = self._read(chapter, question, number_of)
        if found is None or not low <= found <= high:
            raise Lacking(chapter, question)
        return found

    def text(self, chapter: int, question: str, choices: Sequence[str] = ()) -> str:
        """A text; one of some, if they are named."""
        found = self._read(chapter, question, text_of)
        if not found or (choices and found not in choices):
            raise Lacking(chapter, question)
        return found

    def texts(self, chapter: int, question: str, empty: bool = False) -> list[str]:
        """The texts that an answer lists, each once.

        Args:
            empty: a list without an entry is an answer too.
        """
        found = self._read(chapter, question, texts_of)
        value = self.value(chapter, question)
        if found or (empty and isinstance(value, list | tuple | set) and not value):
            return found
        raise Lacking(chapter, question)

    def column(self, chapter: int, question: str, key: str, column: str) -> dict[str, Any]:
        """One column of a table by its key, of the rows that have a text as key."""
        found = self._read(chapter, question, lambda answers, name: column_of(answers, name, key, column))
        if not found:
            raise Lacking(chapter, question)
        return found

    def numbers(self, chapter: int, question: str, key: str, column: str) -> dict[str, float]:
        """The same, of the rows whose cell is a number."""
        found = {name: _number(one) for name, one in self.column(chapter, question, key, column).items()}
        kept = {name: one for name, one in found.items() if one is not None}
        if not kept:
            raise Lacking(chapter, question)
        return kept

    def months(self, chapter: int, question: str, key: str, column: str) -> dict[int, float]:
        """A column of numbers by month or quarter, a whole number, however the table is labelled."""
        pairs = self._read(chapter, question, lambda answers, name: _pairs(answers[name], key, column))
        found = {_number(name): _number(one) for name, one in pairs}
        whole = {int(n): v for n, v in found.items() if n is not None and n.is_integer() and v is not None}
        if not whole:
            raise Lacking(chapter, question)
        return whole

    def borrowed(self, chapters: Sequence[int]) -> list[tuple[int, str]]:
        """Answers of some chapters that are not the trainee's own."""
        return sorted(
            key for key, one in self.given.items() if key[0] in chapters and one.origin is Origin.BORROWED
        )

    def missing(self) -> list[tuple[int, str]]:
        """What rules and simulator read and nobody has given, in order of chapters."""
        return [(c, q) for c, asked in ASKED.items() for q in asked if (c, q) not in self.given]


def _pairs(value: Any, key: str, column: str) -> list[tuple[Any, Any]]:
    """A column of a table as pairs of key and cell; a series or a dictionary counts as such a column."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        labelled = value.set_index(key) if key in value.columns else value
        value = labelled[column] if column in labelled.columns else labelled.iloc[:, 0]
    if isinstance(value, pd.Series):
        return list(zip(value.index.tolist(), value.tolist(), strict=True))
    return list(value.items()) if isinstance(value, Mapping) else []


def _number(value: Any) -> float | None:
    """A cell as a number; None for anything else."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    return number_of({"cell": value}, "cell")


def gather(
    own: Mapping[int, Mapping[str, Any]],
    outcomes: Mapping[int, Mapping[str, str]] | None = None,
    book: Mapping[int, Mapping[str, Any]] | None = None,
) -> Plan:
    """One plan from a trainee's answers and, where they are missing, the book's.

    Args:
        own: chapter → question → the value that the trainee's notebook bound; None and ``...`` are no answers.
        outcomes: chapter → question → what became of it, such as ``passed``.
        book: the same as `own` for a plan by the book; what is taken from it is marked as borrowed.
    """
    given: dict[tuple[int, str], Given] = {}
    for origin, answers in ((Origin.BORROWED, book or {}), (Origin.OWN, own)):
        for chapter, questions in answers.items():
            for question, value in questions.items():
                if value is None or value is ...:
                    continue
                given[chapter, question] = Given(value, origin)
    told = {(chapter, q): str(one) for chapter, all in (outcomes or {}).items() for q, one in all.items()}
    return Plan(given, told)
