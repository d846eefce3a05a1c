"""What every kind of answer can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from playbook.exercises.plain import Plain
from playbook.exercises.question import Question


@dataclass(frozen=True)
class Problem:
    """The answer is not of the form the question asks for.

    Attributes:
        code: what is wrong, stable from case to case: a wrong answer's hint can hang on it.
        message: what is wrong, in words.
    """

    code: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """How a well-formed answer compares with a sealed one.

    Attributes:
        share: of the answer that is right, 0 to 1.
        message: where it goes wrong.
        key: opens a hint sealed with the same answer; only set where `share` is 1.
        code: as in :class:`Problem`, where the answer lacks a part.
    """

    share: float
    message: str = ""
    key: str = ""
    code: str = ""


class Kind(Protocol):
    """A kind of answer. `normal` is what :meth:`normalise` makes of plain data."""

    def normalise(self, question: Question, plain: Plain) -> Any | Problem:
        """Bring an answer into the form that is compared, or say why it can't be."""

    def seal(self, question: Question, normal: Any, salt: str) -> tuple[dict[str, Any], str]:
        """Seal a normal form; returns the JSON-able seal and the key that it gives."""

    def compare(self, question: Question, sealed: dict[str, Any], normal: Any, salt: str) -> Verdict:
        """Compare an answer with a seal."""
