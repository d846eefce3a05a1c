"""A trainee's noted or graded answers as one plan, ready for the rules of chapter 13."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbook.chapters.defence.answers import DEFENCE, Plan, gather
from playbook.chapters.defence.levers import signed_for
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import from_plain

#: The question of chapter 13 whose answer holds several: what is signed for.
SIGNED = "signed"


def plan_of(
    answers: Mapping[str, Mapping[str, Mapping[str, Any]]],
    chapters: Mapping[str, int],
    book: Mapping[int, Mapping[str, Any]] | None = None,
) -> Plan:
    """One plan from what checks noted or grading kept.

    Args:
        answers: exercise → question → ``{"answer": plain, "outcome": …}``; an outcome may come without an answer.
        chapters: exercise → its chapter, as outline or gradebook have it; others are left out.
        book: chapter → question → value of a plan by the book, for what is missing.
    """
    own: dict[int, dict[str, Any]] = {}
    outcomes: dict[int, dict[str, str]] = {}
    for exercise, questions in answers.items():
        if exercise not in chapters:
            continue
        values, ends = (kept.setdefault(chapters[exercise], {}) for kept in (own, outcomes))
        for question, one in questions.items():
            ends[question] = str(one.get("outcome", ""))
            if ends[question] != Outcome.UNATTEMPTED:
                values[question] = _value(one.get("answer"))
    if DEFENCE in own:
        own[DEFENCE] |= signed_for(own[DEFENCE].get(SIGNED))
    return gather(own, outcomes, book)


def _value(plain: Any) -> Any:
    """What an answer stands for; None where nothing does, whatever came in."""
    try:
        return from_plain(plain)
    except Exception:  # an answer is whatever a notebook bound to a name
        return None
