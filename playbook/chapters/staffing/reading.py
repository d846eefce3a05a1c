"""What a trainee's answers on staffing say, whatever shape they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbook.chapters.staffing.judge import pairs_of_plan
from playbook.chapters.staffing.problem import MONTHS, TARGET_MONTH, StaffingProblem
from playbook.chapters.summing import number_of
from playbook.market.seeding import Seeding, groups_of, seeding_of


def seeding_answered(answers: Mapping[str, Any], veterans: Any) -> Seeding | None:
    """The plan of veterans that was answered, as far as it names veterans and groups; None where it names none."""
    value = answers.get("seeding")
    names, groups = set(veterans["veteran_id"]), groups_of(veterans)
    if hasattr(value, "to_dict"):
        value = value.to_dict("list") if hasattr(value, "columns") else value.to_dict()
    pairs = pairs_of_plan(value) if isinstance(value, Mapping) else []
    plan = {
        one: group
        for one, group in pairs
        if isinstance(one, str) and one in names and isinstance(group, str) and group in groups
    }
    return seeding_of(plan, veterans) if plan else None


def month_answered(answers: Mapping[str, Any]) -> int | None:
    """The last month to hire that was answered, if it is one of the plan's months up to the target."""
    value = number_of(answers, "hire_by")
    whole = value is not None and float(value).is_integer() and 1 <= value <= TARGET_MONTH
    return int(value) if whole and value is not None else None


def heads_by_quarter(problem: StaffingProblem, extra_in: int | None) -> list[int]:
    """People who start in each quarter, those hired together included."""
    hires = problem.hires if extra_in is None else problem.with_more(extra_in)
    return [int(hires.loc[first : first + 2].sum()) for first in range(1, MONTHS + 1, 3)]
