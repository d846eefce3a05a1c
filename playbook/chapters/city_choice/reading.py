"""What a trainee's calendar says, and which role sets the pace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.chapters.city_choice.problem import LaunchProblem
from playbook.chapters.summing import column_of
from playbook.market.bench import LATER, ROLES, Sequence, best_sequence, sequence_of


def gains(problem: LaunchProblem, most: int = 2) -> pd.Series:
    """What one more person of each role, in every quarter, adds to the best calendar (CNY 10,000 by month 24)."""
    now = best_sequence(problem.cities, problem.people, most=most).value
    return pd.Series(
        {
            role: best_sequence(
                problem.cities, problem.people.assign(**{role: problem.people[role] + 1}), most=most
            ).value
            - now
            for role in ROLES
        }
    ).rename_axis("role")


def scarce_role(problem: LaunchProblem) -> str:
    """The role of which one more brings most; empty if none brings anything."""
    more = gains(problem)
    return str(more.idxmax()) if more.max() > 0 else ""


def calendar_of(answers: Mapping[str, Any], problem: LaunchProblem) -> Sequence:
    """The calendar that was answered, where it is one that can be read; else the best."""
    names = list(problem.cities["city"])
    found = column_of(answers, "sequence", "city", "quarter")
    quarters = {
        name: int(found[name])
        for name in names
        if isinstance(found.get(name), int | float) and found[name] in range(len(problem.people) + 1)
    }
    if len(quarters) < len(names) or not any(quarters.values()):
        return best_sequence(problem.cities, problem.people)
    return sequence_of({name: quarters.get(name, LATER) for name in names}, problem.cities, problem.people)
