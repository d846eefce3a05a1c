"""Seal a question's expected answer, and mark an answer against the seal.

The notebook's check and the grader both mark through :func:`mark`, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playbook.exercises.kinds import KINDS, Problem, Verdict, judged
from playbook.exercises.plain import Plain, is_unattempted
from playbook.exercises.question import Outcome, Question, Result
from playbook.exercises.sealing import decrypt, digest, encrypt


@dataclass(frozen=True)
class Sealed:
    """A question's seal: the expected answer and the typical wrong ones, none of them readable.

    Attributes:
        question: as released.
        salt: makes the same answer look different from question to question and case to case.
        expected: the kind's own seal; empty for a plan, which is judged.
        wrong: seals of typical wrong answers, each with its encrypted hint.
        arguments: what a function is called with.
    """

    question: Question
    salt: str
    expected: dict[str, Any]
    wrong: tuple[dict[str, Any], ...] = ()
    arguments: tuple[tuple[Plain, ...], ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data, for a release."""
        return {
            "question": self.question.public(),
            "salt": self.salt,
            "expected": self.expected,
            "wrong": list(self.wrong),
            "arguments": [list(call) for call in self.arguments],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Sealed:
        """Read what :meth:`as_dict` wrote."""
        return cls(
            Question(**{"title": data["question"]["id"], **data["question"]}),
            data["salt"],
            data["expected"],
            tuple(data["wrong"]),
            tuple(tuple(call) for call in data["arguments"]),
        )


def seal_question(
    question: Question,
    expected: Plain,
    wrong: Iterable[tuple[Plain, str]] = (),
    *,
    salt: str,
    arguments: Sequence[Sequence[Plain]] = (),
    case: Any = None,
) -> Sealed:
    """Seal an expected answer with its typical wrong ones.

    Args:
        expected: plain data; for a function, with `returned`.
        wrong: pairs of a wrong answer's plain data and its hint.
        case: what plans are judged on.

    Raises:
        ValueError: the expected answer itself is not of the question's kind.
    """
    kind = KINDS[question.kind]
    normal = kind.normalise(question, expected)
    if isinstance(normal, Problem):
        raise ValueError(f"the solution of {question.id!r} is not a {question.kind}: {normal.message}")
    sealed = {} if question.kind == "plan" else kind.seal(question, normal, salt)[0]
    hints = [_seal_hint(question, sealed, plain, hint, salt, case) for plain, hint in wrong]
    return Sealed(question, salt, sealed, tuple(hints), tuple(tuple(call) for call in arguments))


def _seal_hint(
    question: Question, sealed: dict, plain: Plain, hint: str, salt: str, case: Any
) -> dict[str, Any]:
    kind = KINDS[question.kind]
    normal = kind.normalise(question, plain)
    code = normal.code if isinstance(normal, Problem) else _verdict(question, sealed, normal, salt, case).code
    if code and question.kind != "plan":
        return {
            "code": digest(salt, "code", code),
            "hint": encrypt(digest(salt, "code key", code, size=24), hint),
        }
    seal_one = getattr(kind, "seal_sample", kind.seal)
    seal, key = seal_one(question, normal, salt)
    return {"seal": seal, "hint": encrypt(key, hint)}


def _verdict(question: Question, sealed: dict, normal: Any, salt: str, case: Any) -> Verdict:
    if question.kind == "plan":
        return judged(question, normal, case)
    return KINDS[question.kind].compare(question, sealed, normal, salt)


def mark(sealed: Sealed, plain: Plain, case: Any = None) -> Result:
    """Mark an answer.

    Args:
        sealed: the question's seal.
        plain: the answer as plain data; a function's with `returned` (see `plain.call_plain`).
        case: the case it was worked out on; plans are judged on it.
    """
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
        return result(Outcome.UNATTEMPTED, message=_still_open(question, plain))
    normal = KINDS[question.kind].normalise(question, plain)
    if isinstance(normal, Problem):
        stopped = question.kind == "function" and normal.message.find("it stopped with") >= 0
        outcome = Outcome.ERRORED if stopped else Outcome.FAILED
        return result(outcome, message=normal.message, hint=_hint_by_code(sealed, normal.code))
    verdict = _verdict(question, sealed.expected, normal, sealed.salt, case)
    if verdict.share >= 1:
        return result(Outcome.PASSED, 1.0, verdict.message)
    hint = _hint_by_code(sealed, verdict.code) or _hint_by_answer(sealed, normal)
    outcome = Outcome.PARTIAL if question.share_points(verdict.share) > 0 else Outcome.FAILED
    return result(outcome, verdict.share, verdict.message, hint)


def _still_open(question: Question, plain: Plain) -> str:
    if question.kind != "function":
        return f"Not answered yet: replace the `...` behind `{question.answer} =`."
    if plain.get("t") == "function" and None in plain["returned"]:
        return (
            "Your function gives nothing back yet: replace the `...`, and let that line begin with `return`."
        )
    return "Not answered yet: replace the `...`."


def _hint_by_code(sealed: Sealed, code: str) -> str:
    if code:
        wanted = digest(sealed.salt, "code", code)
        for wrong in sealed.wrong:
            if wrong.get("code") == wanted:
                return decrypt(digest(sealed.salt, "code key", code, size=24), wrong["hint"])
    return ""


def _hint_by_answer(sealed: Sealed, normal: Any) -> str:
    kind = KINDS[sealed.question.kind]
    for wrong in sealed.wrong:
        if "seal" in wrong:
            verdict = kind.compare(sealed.question, wrong["seal"], normal, sealed.salt)
            if verdict.share >= 1 and verdict.key:
                return decrypt(verdict.key, wrong["hint"])
    return ""
