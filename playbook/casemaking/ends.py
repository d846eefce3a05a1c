"""The two ends by which a plan is graded in any version of a city: the naive plan, and the frozen reference.

A reference is searched on a city as it ships. On an unseen version the same plan stands for the far end: what was
searched for other figures, as what is graded was written for them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from playbook.casemaking.best_plans import FOLDER, RUNS, ends_on, measure, read_standing
from playbook.simulator.city import City, make_city
from playbook.simulator.plan import Plan, plan_from
from playbook.simulator.policies import by_the_book
from playbook.simulator.yardstick import Yardstick

#: How much of the gap the plan by the book is taken to close where nobody has searched a reference: own records.
BOOK = 0.50


def frozen_plan(city: City, folder: Path = FOLDER) -> Plan | None:
    """The reference that was frozen for a city's name, whatever version it was searched on; None where there is none.

    Raises:
        PlaybookError: its file cannot be read.
    """
    path = folder / f"{city.name}.json"
    data = read_standing(path)
    if data is None:
        return None
    plan = plan_from(data["plan"], str(path))
    return plan if {*plan.areas, *plan.offices} <= {*city.districts} else None


def ends_for(city: City, runs: int = RUNS, folder: Path = FOLDER) -> Yardstick:
    """Naive plan and frozen reference, run on this very version of a city by the same draws as what is graded.

    Where no reference was searched, the plan by the book is taken to close :data:`BOOK` of the gap.

    Args:
        runs: on which the plans are compared; what is graded must run on as many.

    Raises:
        PlaybookError: the reference's file cannot be read, or it was searched with other parameters.
    """
    if (folder / f"{city.name}.json").is_file():
        return ends_on(city, folder, runs)
    found = measure(city, by_the_book(city), runs=runs)
    return replace(found, reference=round(found.naive + (found.reference - found.naive) / BOOK, 3))


def ends_of(case: Any, runs: int = RUNS) -> dict[str, Any]:
    """The same of a case, as a judge is given them: ``runs``, ``naive`` and ``reference``, thousand CNY."""
    ends = ends_for(make_city(case), runs)
    return {"runs": ends.runs, "naive": ends.naive, "reference": ends.reference}
