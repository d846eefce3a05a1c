"""What a trainee's calendar says, and which role sets the pace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from playbook.chapters.city_choice.problem import LaunchProblem
from playbook.chapters.judging import shown
from playbook.chapters.summing import column_of
from playbook.market.bench import LATER, ROLES, Sequence, most_value, sequence_of

#: What people write for a city that waits.
_LATER = ("later", "wait", "none", "")


def gains(problem: LaunchProblem, most: int = 2) -> pd.Series:
    """What one more person of each role, in every quarter, adds to the best calendar (CNY 10,000 by month 24)."""
    roles = list(ROLES)
    now = np.floor(problem.people[roles].to_numpy(float) + 1e-9)
    one_more = np.eye(len(roles))[:, None, :]
    found = most_value(
        problem.cities["value"].to_numpy(float),
        problem.cities[roles].to_numpy(float),
        np.concatenate([now[None], now + one_more]),
        most=most,
    )
    return pd.Series((found[1:] - found[0]).round(6), index=pd.Index(roles, name="role"))


def scarce_role(problem: LaunchProblem) -> str:
    """The role of which one more brings most; empty if none brings anything."""
    more = gains(problem)
    return str(more.idxmax()) if more.max() > 0 else ""


def quarter_of(value: object) -> object:
    """A quarter as a whole number, 0 for a city that waits; anything else as it can be shown to people."""
    if isinstance(value, str):
        text = value.strip().casefold().removeprefix("q")
        return LATER if text in _LATER else int(text) if text in ("0", "1", "2", "3", "4") else value
    if isinstance(value, float) and value.is_integer() and abs(value) < 100:
        return int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return shown(value)


def calendar_of(answers: Mapping[str, Any], problem: LaunchProblem) -> Sequence | None:
    """The calendar that was answered; a city that it does not name waits. None where it opens no city."""
    known = {name.casefold(): name for name in problem.cities["city"]}
    when = dict.fromkeys(known.values(), LATER)
    for city, value in column_of(answers, "sequence", "city", "quarter").items():
        quarter = quarter_of(value)
        if city.strip().casefold() in known and quarter in range(1, len(problem.people) + 1):
            when[known[city.strip().casefold()]] = quarter
    return sequence_of(when, problem.cities, problem.people) if any(when.values()) else None
