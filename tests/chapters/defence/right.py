"""Plans of the right answers of cities, with the answers that a sensible manager gives in the defence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from playbook.authoring.master import find_masters
from playbook.authoring.solve import run_master
from playbook.chapters.defence.answers import DEFENCE, Plan, gather
from playbook.chapters.defence.city import City
from playbook.chapters.defence.rules_market import able_cny
from playbook.exercises.plain import from_plain


def right_answers(case: Any) -> dict[int, dict[str, Any]]:
    """By chapter and question, the masters' own answers; functions are left out."""
    found: dict[int, dict[str, Any]] = {}
    for master in find_masters():
        if master.chapter < DEFENCE:
            solved = run_master(master, case, wrong=False).solved
            found[master.chapter] = dict(_values({name: one.expected for name, one in solved.items()}))
    return found


def _values(plain: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, one in plain.items():
        if not (isinstance(one, dict) and one.get("t") == "function"):
            yield name, from_plain(one)


def with_defence(answers: dict[int, dict[str, Any]], city: City, **instead: Any) -> dict[int, dict[str, Any]]:
    """The same with chapter 13's answers: the promise that can be kept, the density that binds, somebody eligible."""
    plan = gather(answers)
    promise = min(city.capacity.size_of(answers[2]["tam"]).som, able_cny(plan, city)[1])
    own = {
        "promise": math.floor(promise / 1e4) / 100,
        "first_step": plan.column(1, "binding", "city", "binding")[city.name],
        "leader": plan.texts(8, "eligible")[0],
        "reviews": ["week", "month"],
        "day_hours": 8,
        "first_gate": 12,
    }
    return {**answers, DEFENCE: own | instead}


def plan_with(answers: dict[int, dict[str, Any]], payout: str = "passed", **changed: Any) -> Plan:
    """A plan with some answers changed: ``c4_heart=…`` replaces the answer `heart` of chapter 4; None takes it away."""
    other = {chapter: dict(questions) for chapter, questions in answers.items()}
    for name, value in changed.items():
        chapter, _, question = name.removeprefix("c").partition("_")
        other.setdefault(int(chapter), {})[question] = value
    return gather(other, {9: {"payout": payout}} if payout else {})
