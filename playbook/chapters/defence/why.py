"""Why a plan falls short: which of its levers cost most, one changed at a time, on the same draws.

A trainee's kit holds no reference, so a notebook holds each lever against the plan by the book, which anybody can
make. The grader holds the same levers against the reference, and keeps names and points, never a value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from playbook.chapters.defence.trial import RUNS, run_of, runs_of
from playbook.simulator.plan import LEVERS, Plan, with_lever
from playbook.words import N_

#: Levers that are shown at most, and those that are looked at closely.
MOST, CLOSELY = 3, 6
#: Runs after which it is decided which levers promise most.
_FIRST_RUNS = 8
#: The levers in a manager's words, each with the chapter to go back to.
SAID = {
    "industries": (N_("industries and their focus"), 3),
    "areas": (N_("priority districts and their focus"), 4),
    "offices": (N_("offices"), 4),
    "profile": (N_("the ideal customer and the focus on it"), 5),
    "rivals": (N_("visits to rivals' customers"), 6),
    "benchmarks": (N_("benchmark customers"), 7),
    "supervisors": (N_("supervisors"), 8),
    "heads": (N_("sellers by quarter"), 9),
    "veterans": (N_("veterans and their package"), 9),
    "guarantee": (N_("guaranteed pay"), 9),
    "bench": (N_("the bench"), 8),
    "cadence": (N_("reviews and working days"), 10),
    "follow_up": (N_("the share that follows up"), 11),
    "salons": (N_("salons"), 11),
    "online": (N_("online work"), 11),
    "ecosystem": (N_("partners"), 11),
    "gate": (N_("the gate"), 12),
}


@dataclass(frozen=True)
class Cost:
    """What one lever costs a plan.

    Attributes:
        lever: its name. points: hundredths of the gap that are won when it is set as in the other plan.
        better: share of the runs in which that helps. back_to: the chapter that answers it.
    """

    lever: str
    points: float
    better: float

    @property
    def said(self) -> str:
        return SAID[self.lever][0]

    @property
    def back_to(self) -> int:
        return SAID[self.lever][1]


def dearest(
    case: Any,
    plan: Plan,
    other: Plan,
    ends: Mapping[str, Any],
    runs: int = RUNS,
    tell: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> list[Cost]:
    """The levers that cost a plan most against another one: each set as there, alone, on the same draws.

    Many levers run a few times each, and those that promise most are looked at closely.

    Args:
        ends: `naive` and `reference`, thousand CNY: the gap that points are hundredths of.
        tell: called with what is done (`levers` or `closely`), how much, and of how many.

    Returns:
        At most :data:`MOST`, the dearest first; only such as help in more than half of the runs.
    """
    gap = float(ends["reference"]) - float(ends["naive"])
    changed = {lever: with_lever(plan, lever, other) for lever in LEVERS}
    differ = {lever: one for lever, one in changed.items() if one != plan}

    def gains(what: str, levers: Collection[str], runs: int) -> dict[str, np.ndarray]:
        own, found = run_of(case, plan, runs).value, {}
        outcomes = runs_of(case, [differ[lever] for lever in levers], runs)
        for done, (lever, outcome) in enumerate(zip(levers, outcomes, strict=True), start=1):
            found[lever] = outcome.value - own
            tell(what, done, len(levers))
        return found

    promising: Collection[str] = differ
    if len(differ) > CLOSELY:
        first = gains("levers", differ, min(_FIRST_RUNS, runs))
        promising = sorted(first, key=lambda lever: -first[lever].mean())[:CLOSELY]
    found = [
        Cost(lever, 100 * float(gain.mean()) / gap, float((gain > 0).mean()))
        for lever, gain in gains("closely", promising, runs).items()
    ]
    helping = [one for one in found if one.points > 0 and one.better > 0.5]
    return sorted(helping, key=lambda one: -one.points)[:MOST]
