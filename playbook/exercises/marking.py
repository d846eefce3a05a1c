"""Seal a question's expected answer, and mark an answer against the seal.

The notebook's check and the grader both mark through :func:`mark`, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playbook.exercises.kinds import Problem
from playbook.exercises.ladder import Help
from playbook.exercises.letters import in_letters
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import Plain, is_unattempted
from playbook.exercises.question import Question, Result
from playbook.exercises.sealing import decrypt, digest, encrypt


@dataclass(frozen=True)
class Sealed:
    """A question's seal: the expected answer and the typical wrong ones, none of them readable.

    Attributes:
        question: as released.
        salt: makes the same answer look different from question to question and case to case.
        expected: the kind's own seal; empty for a plan, which is judged.
        also: seals of other answers that are as right.
        change: pieces of the starter that must go.
        wrong: seals of typical wrong answers, each with its encrypted hint.
        arguments: what a function is called with.
        help: for who does not get on; None where a release carries none.
    """

    question: Question
    salt: str
    expected: dict[str, Any]
    wrong: tuple[dict[str, Any], ...] = ()
    arguments: tuple[tuple[Plain, ...], ...] = field(default=())
    also: tuple[dict[str, Any], ...] = ()
    help: Help | None = None
    change: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data, for a release; help is put beside it, for it is the same in every city."""
        return {
            "question": self.question.public(),
            "salt": self.salt,
            "expected": self.expected,
            "also": list(self.also),
            "wrong": list(self.wrong),
            "arguments": [list(call) for call in self.arguments],
            "change": list(self.change),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Sealed:
        """Read what :meth:`as_dict` wrote."""
        return cls(
            Question.from_dict(data["question"]),
            data["salt"],
            data["expected"],
            tuple(data["wrong"]),
            tuple(tuple(call) for call in data["arguments"]),
            tuple(data["also"]),
            Help.from_dict(data["help"]) if data.get("help") else None,
            tuple(data.get("change", ())),
        )


def seal_question(
    question: Question,
    expected: Plain,
    wrong: Iterable[tuple[Plain, str]] = (),
    *,
    also: Iterable[Plain] = (),
    salt: str,
    arguments: Sequence[Sequence[Plain]] = (),
    case: Any = None,
    change: Sequence[str] = (),
    given: Any = None,
) -> Sealed:
    """Seal an expected answer with its typical wrong ones.

    Args:
        expected: plain data; for a function, with `returned`.
        wrong: pairs of a wrong answer's plain data and its hint.
        also: other answers that are as right, such as where a rule says "a tenth" and not how to round it.
        case: what plans are judged on.
        change: pieces of the starter that must go.
        given: JSON-able facts of the case that its judge needs beside the plan; sealed with the answer.

    Raises:
        ValueError: the expected answer itself is not of the question's kind.
    """
    kind = question.kind
    seals = []
    for plain in (expected, *also):
        normal = kind.normalise(plain)
        if isinstance(normal, Problem):
            raise ValueError(f"the solution of {question.id!r} is not a {kind.called}: {normal.message}")
        seals.append(kind.seal_expected(normal, salt) | ({} if given is None else {"given": given}))
    sealed, *others = seals
    hints = [_seal_hint(question, sealed, plain, hint, salt, case) for plain, hint in wrong]
    calls = tuple(tuple(call) for call in arguments)
    return Sealed(question, salt, sealed, tuple(hints), calls, tuple(others), change=tuple(change))


def _seal_hint(
    question: Question, sealed: dict, plain: Plain, hint: str, salt: str, case: Any
) -> dict[str, Any]:
    kind = question.kind
    normal = kind.normalise(plain)
    if isinstance(normal, Problem):
        code = normal.code
    else:
        code = kind.hint_code(kind.verdict(sealed, normal, salt, case))
    if code:
        return {
            "code": digest(salt, "code", code),
            "hint": encrypt(digest(salt, "code key", code, size=24), hint),
        }
    seal, key = kind.seal_wrong(normal, salt)
    return {"seal": seal, "hint": encrypt(key, hint)}


def mark(sealed: Sealed, plain: Plain, case: Any = None) -> Result:
    """Mark an answer.

    Args:
        sealed: the question's seal.
        plain: the answer as plain data; a function's with `returned` (see `plain.call_plain`).
        case: the case it was worked out on; plans are judged on it.
    """
    result = _mark(sealed, plain, case)
    decision = (
        sealed.question.kind.may_be_typed
    )  # its words are what they say: "manufacturing" is a trait there
    if result.outcome in (Outcome.FAILED, Outcome.PARTIAL, Outcome.ERRORED) and not decision:
        lettered = in_letters(plain, case)
        if lettered != plain and not isinstance(sealed.question.kind.normalise(lettered), Problem):
            again = _mark(sealed, lettered, case)
            return again if again.points >= result.points else result
    return result


def _mark(sealed: Sealed, plain: Plain, case: Any) -> Result:
    question = sealed.question

    def result(outcome: Outcome, share: float = 0.0, message: str = "", hint: str = "") -> Result:
        return Result(
            question.id,
            outcome,
            question.share_points(share),
            float(question.points),
            message,
            hint,
            question.title,
        )

    if is_unattempted(plain):
        return result(Outcome.UNATTEMPTED, message=question.kind.still_open(question.answer, plain))
    normal = question.kind.normalise(plain)
    if isinstance(normal, Problem):
        outcome = Outcome.ERRORED if normal.stopped else Outcome.FAILED
        return result(outcome, message=normal.message, hint=_hint_by_code(sealed, normal.code))
    verdict = question.kind.verdict(sealed.expected, normal, sealed.salt, case)
    for other in sealed.also:
        if verdict.share < 1:
            verdict = max(
                verdict, question.kind.verdict(other, normal, sealed.salt, case), key=lambda one: one.share
            )
    if verdict.share >= 1:
        return result(Outcome.PASSED, 1.0, verdict.message)
    hint = _hint_by_code(sealed, verdict.code) or _hint_by_answer(sealed, normal)
    outcome = Outcome.PARTIAL if question.share_points(verdict.share) > 0 else Outcome.FAILED
    return result(outcome, verdict.share, verdict.message, hint)


def _hint_by_code(sealed: Sealed, code: str) -> str:
    if code:
        wanted = digest(sealed.salt, "code", code)
        for wrong in sealed.wrong:
            if wrong.get("code") == wanted:
                return decrypt(digest(sealed.salt, "code key", code, size=24), wrong["hint"])
    return ""


def _hint_by_answer(sealed: Sealed, normal: Any) -> str:
    kind = sealed.question.kind
    for wrong in sealed.wrong:
        if "seal" in wrong:
            verdict = kind.compare(wrong["seal"], normal, sealed.salt)
            if verdict.share >= 1 and verdict.key:
                return decrypt(verdict.key, wrong["hint"])
    return ""
