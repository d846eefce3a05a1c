"""The defended plan as the City Playbook holds it, and its figure there: the run month by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from playbook.chapters.defence.run_figure import run_figure
from playbook.chapters.defence.trial import city_of, ends_known, run_of, simulated
from playbook.errors import PlaybookError
from playbook.simulator.plan import Plan, plan_from
from playbook.simulator.policies import by_the_book, f_company, naive


def plan_answered(case: Any, answers: Mapping[str, Any]) -> Plan | None:
    """The plan that was answered, if it can be run in this city; None where there is none."""
    value = answers.get("plan")
    if not isinstance(value, Mapping) or not value:
        return None
    try:
        plan = plan_from(value)
        run_of(case, plan)
    except (PlaybookError, ValueError, TypeError, OverflowError):
        return None
    return plan


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The run of the plan that was answered, beside the naive plan and company F; of the plan by the book without one."""
    city = city_of(case)
    plan = plan_answered(case, answers)
    plans = {"own": plan or by_the_book(city), "naive": naive(city), "f": f_company(city)}
    ends = ends_known(case)
    gap = simulated(case, plan, ends).gap_share if plan and ends else None
    return run_figure({name: run_of(case, one) for name, one in plans.items()}, case.city, gap)
