"""Small changes of a plan: what a search tries next."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from playbook.market.traits import TRAITS
from playbook.simulator.city import City
from playbook.simulator.parameters import MONTHS, MOST_GROUPS
from playbook.simulator.plan import BOUNDS, LENGTHS, WHOLE, Plan

#: Usual step of a number; a move takes up to two of them.
STEPS: dict[str, float] = {
    "industry_focus": 0.08,
    "area_focus": 0.08,
    "least": 1,
    "profile_focus": 0.08,
    "rival_weight": 0.1,
    "benchmarks": 2,
    "heads": 2,
    "veterans": 1,
    "package": 5,
    "guarantee": 1,
    "bench": 0.04,
    "cadence": 0.05,
    "follow_up": 0.05,
    "salons": 1,
    "online": 8,
    "ecosystem": 8,
    "gate": 3,
}
_DIGITS = 3


def neighbour(plan: Plan, city: City, rng: np.random.Generator) -> Plan:
    """A plan like this one with one field moved a little, or two."""
    fields = list(_MOVES)
    for name in rng.choice(fields, 1 + int(rng.random() < 0.35), replace=False):
        plan = replace(plan, **{name: _MOVES[name](plan, city, rng)})
    return plan


def _number(name: str) -> Callable[[Plan, City, np.random.Generator], float]:
    def move(plan: Plan, city: City, rng: np.random.Generator) -> float:
        return _stepped(name, getattr(plan, name), _step(name, rng))

    return move


def _from_then_on(name: str) -> Callable[[Plan, City, np.random.Generator], tuple]:
    """Move the entries of a list from some time on, or one entry alone."""

    def move(plan: Plan, city: City, rng: np.random.Generator) -> tuple:
        values, step = list(getattr(plan, name)), _step(name, rng)
        first = int(rng.integers(len(values)))
        last = len(values) if rng.random() < 0.6 else first + 1
        return tuple(_stepped(name, v, step) if first <= i < last else v for i, v in enumerate(values))

    return move


def _step(name: str, rng: np.random.Generator) -> float:
    size = STEPS[name] * (int(rng.integers(1, 3)) if STEPS[name] >= 1 else rng.uniform(0.3, 2))
    return float(size if rng.random() < 0.5 else -size)


def _stepped(name: str, value: float, step: float) -> Any:
    """A step that would pass a bound goes half of the way to it: an end is found by coming near, not by a leap."""
    low, high = BOUNDS[name]
    moved = value + step
    if name not in WHOLE and not low < moved < high:
        moved = (value + (low if step < 0 else high)) / 2
    moved = min(max(round(moved, _DIGITS), low), high)
    return type(value)(moved) if isinstance(value, int) else moved


def _other_set(
    held: tuple[str, ...], all_of_them: list[str], rng: np.random.Generator, least: int, most: int
) -> tuple[str, ...]:
    """One more, one less, or another one."""
    out = [name for name in all_of_them if name not in held]
    kind = rng.random()
    held_list = list(held)
    if (kind < 0.67 and len(held) > least) or len(held) >= most:
        held_list.pop(int(rng.integers(len(held_list))))
    if kind >= 0.33 and out and len(held_list) < most:
        held_list.append(out[int(rng.integers(len(out)))])
    return tuple(name for name in all_of_them if name in held_list) or held


def _sections(plan: Plan, city: City, rng: np.random.Generator) -> tuple[str, ...]:
    return _other_set(plan.sections, list(city.sections), rng, 1, len(city.sections))


def _areas(plan: Plan, city: City, rng: np.random.Generator) -> tuple[str, ...]:
    return _other_set(plan.areas or city.districts, list(city.districts), rng, 1, len(city.districts))


def _offices(plan: Plan, city: City, rng: np.random.Generator) -> tuple[str, ...]:
    held = plan.offices or (city.districts[city.seat],)
    return _other_set(held, list(city.districts), rng, 1, 5)


def _profile(plan: Plan, city: City, rng: np.random.Generator) -> tuple[str, ...]:
    return _other_set(plan.profile, [name for name in TRAITS if name != "asked for a quote"], rng, 1, 6)


def _teams(plan: Plan, city: City, rng: np.random.Generator) -> tuple[int, ...]:
    months = list(plan.teams)
    kind = rng.random()
    if kind < 0.3 and len(months) > 1:
        months.pop(int(rng.integers(len(months))))
    elif kind < 0.6 and len(months) < MOST_GROUPS:
        months.append(int(rng.integers(1, 16)))
    else:
        at = int(rng.integers(len(months)))
        months[at] = int(np.clip(months[at] + rng.integers(-3, 4), 1, MONTHS))
    return tuple(sorted(months))


_MOVES: dict[str, Callable[[Plan, City, np.random.Generator], Any]] = {
    "sections": _sections,
    "areas": _areas,
    "offices": _offices,
    "profile": _profile,
    "teams": _teams,
    **{name: _number(name) for name in STEPS if name not in LENGTHS},
    **{name: _from_then_on(name) for name in LENGTHS},
}
