"""Which lever carries how much: points of the gap that are lost when one goes back to the naive plan."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from playbook.simulator.city import City
from playbook.simulator.draws import Draws
from playbook.simulator.parameters import Parameters
from playbook.simulator.plan import LEVERS, Plan, with_lever
from playbook.simulator.policies import naive
from playbook.simulator.run import simulate


def share_of_gap(value: np.ndarray | float, naive_value: float, reference_value: float) -> np.ndarray | float:
    """How much of the way from the naive plan to the reference: 0 is the naive plan, 1 the reference.

    .. math:: g = \\frac{v - v_{naive}}{v_{reference} - v_{naive}}

    Args:
        value, naive_value, reference_value: thousand CNY; means over the same runs.
    """
    return (value - naive_value) / (reference_value - naive_value)


def points_lost(
    city: City,
    plan: Plan,
    draws: Draws,
    gap: float | None = None,
    parameters: Parameters | None = None,
    tell: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> pd.DataFrame:
    """What each of the seventeen levers carries in a plan.

    Args:
        gap: value of the reference less that of the naive plan, thousand CNY; default this plan's own gap.
        tell: called with what is being done, how many levers are done, and of how many.

    Returns:
        One row a lever, the heaviest first: `lever`, `points` (hundredths of the gap that are lost when the lever goes
        back to the naive plan), `error` (their standard error), `thousand_cny` (the same as a loss of value).
    """
    nobody = naive(city)
    own = simulate(city, plan, draws, parameters).value
    if gap is None:
        gap = float((own - simulate(city, nobody, draws, parameters).value).mean())
    rows = []
    for done, lever in enumerate(LEVERS, start=1):
        lost = own - simulate(city, with_lever(plan, lever, nobody), draws, parameters).value
        error = lost.std(ddof=1) / np.sqrt(len(lost)) if len(lost) > 1 else np.nan
        rows.append((lever, 100 * lost.mean() / gap, 100 * error / gap, lost.mean()))
        tell("levers", done, len(LEVERS))
    table = pd.DataFrame(rows, columns=["lever", "points", "error", "thousand_cny"])
    return table.sort_values("points", ascending=False, kind="stable", ignore_index=True)
