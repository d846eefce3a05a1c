"""The grader's own run of a defended plan: what gates read of it, and what costs it most against the reference.

It runs outside the sandbox, from the plan as plain data, on the trainee's own case and on as many draws as the mark.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playbook.casemaking.ends import frozen_plan
from playbook.chapters.defence.trial import city_of, simulated
from playbook.chapters.defence.why import dearest
from playbook.errors import PlaybookError
from playbook.exercises.kinds import Problem
from playbook.exercises.plain import Plain
from playbook.grading.prepared import Key
from playbook.simulator.plan import plan_from


def record_of(key: Key, answer_of: Callable[[str], Plain]) -> dict[str, Any]:
    """What is recorded of a defended plan; empty in exercises without one, and where it cannot be run in its city.

    Beside what :class:`playbook.chapters.defence.finding.Simulated` holds: ``costs``, the levers that cost most
    against the reference, each with the points of the gap. The reference itself is not in it.

    Args:
        key: of the trainee's own case. answer_of: an answer as it left the sandbox, by its variable.
    """
    sealed = next((one for one in key.sealed.values() if "given" in one.expected), None)
    if sealed is None:
        return {}
    normal = sealed.question.kind.normalise(answer_of(sealed.question.answer))
    if isinstance(normal, Problem):
        return {}
    ends = sealed.expected["given"]
    runs = int(ends["runs"])
    try:
        plan = plan_from(normal)
        run = simulated(key.case, plan, ends, runs)
    except (PlaybookError, ValueError, TypeError, OverflowError, RecursionError):
        return {}
    best = frozen_plan(city_of(key.case))
    costs = dearest(key.case, plan, best, ends) if best else []
    return {**run.as_record(), "costs": [[one.lever, round(one.points, 1)] for one in costs]}
