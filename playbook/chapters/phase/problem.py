"""What chapter 11 decides on: five cities with their signs, the lag, and four ways to spend a quarter's money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from playbook.market.channels import MODELS, average_cost
from playbook.market.phases import best_lag, city_signs, phases_of, verdicts
from playbook.words import N_

OWN = "own"
SOURCE = N_("QiHang Cloud (fictional), its pilots and its ways to sell")
#: What the ways to sell are called.
NAMES = {
    "direct": N_("single talks"),
    "salon": N_("salons"),
    "online": N_("online work"),
    "ecosystem": N_("the ecosystem"),
}
PHASE_NAMES = {
    "sow": N_("sowing"),
    "cultivate": N_("cultivating"),
    "grow": N_("growing"),
    "harvest": N_("harvesting"),
}


@dataclass(frozen=True)
class MixProblem:
    """How a quarter's money may be shared.

    Attributes:
        curves: by channel, in the order in which the ways came: ``top``, ``c``, ``half_10k``.
        today: money of the last quarter by channel, CNY 10,000.
        average: what a win has cost in the last twelve months, CNY 10,000.
        budget: of the next quarter, CNY 10,000.
    """

    curves: pd.DataFrame
    today: pd.Series
    average: pd.Series
    budget: float


def mix_problem(case: Any) -> MixProblem:
    """The money of a case with ``channel_curves``, ``channel_months`` and ``assumptions``."""
    months = case.channel_months
    last = months[months["month"] > months["month"].max() - 3]
    today = (last["spend_10k"] + last["pay_10k"]).groupby(last["channel"]).sum()
    curves = case.channel_curves.set_index("channel")
    ways = [way for way in MODELS if way in curves.index]
    return MixProblem(
        curves=curves.loc[ways],
        today=today.reindex(ways).fillna(0.0),
        average=average_cost(months).reindex(ways),
        budget=float(case.assumptions.set_index("name").loc["mix_budget_10k", "usual"]),
    )


@dataclass(frozen=True)
class PhaseProblem:
    """The signs of a case's cities.

    Attributes:
        cities: one row a city: signs, ``rise``, ``beyond``, ``phase``, ``growth``, ``due``, ``verdict``.
        lag: months from visits to bookings, told by the oldest pilot.
        oldest: that pilot.
    """

    cities: pd.DataFrame
    lag: int
    oldest: str

    @property
    def own(self) -> pd.Series:
        """The row of the city itself."""
        return self.cities.set_index("city_id").loc[OWN]


def phase_problem(case: Any) -> PhaseProblem:
    """The signs of a case with ``city_months``."""
    signs = city_signs(case.city_months)
    oldest = str(signs.loc[signs["month"].idxmax(), "city_id"])
    pilot = case.city_months[case.city_months["city_id"] == oldest].sort_values("month")
    lag = best_lag(pilot["visits"], pilot["bookings_10k"])
    told = phases_of(signs).drop(columns="ab_stock")
    cities = signs.merge(told, on="city_id").merge(verdicts(signs, lag), on="city_id")
    return PhaseProblem(cities, lag, oldest)
