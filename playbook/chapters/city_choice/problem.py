"""What chapter 8 decides on: six cities, three judges, and the people there will be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from playbook.cases.planning import CRITERIA, LEVELS
from playbook.market.bench import PairWeights, ahp_weights, bench_supply, moving_rates, pairs_of
from playbook.market.entry import entry_industry_scores

QUARTERS = 4
#: Column of `launch_options` by criterion; all but the market count against a city.
COLUMNS = dict(zip(CRITERIA, ("market_accounts", "rival_pressure", "cost_10k", "km"), strict=True))


@dataclass(frozen=True)
class LaunchProblem:
    """The choice of a case.

    Attributes:
        cities: ``city``, ``value`` (CNY 10,000 a month), ``leaders``, ``supervisors``, ``veterans`` (people it takes).
        people: the same three roles by quarter 1-4, those already sent included; not rounded.
        indicators: what cities are compared by, more being better, by city.
        judged: what each judge's comparisons say, by judge.
    """

    cities: pd.DataFrame
    people: pd.DataFrame
    indicators: pd.DataFrame
    judged: dict[str, PairWeights]

    @property
    def consistent(self) -> list[str]:
        """The judges whose comparisons do not contradict each other."""
        return [judge for judge, one in self.judged.items() if one.consistent]

    def weights(self, judges: Iterable[str] = ()) -> pd.Series:
        """The mean weights of some judges; of the consistent ones if none is named."""
        chosen = list(judges) or self.consistent
        return pd.DataFrame({judge: self.judged[judge].weights for judge in chosen}).mean(axis=1)

    def scores(self, weights: Any = None) -> pd.DataFrame:
        """The cities by their score, the best first."""
        return entry_industry_scores(self.indicators, self.weights() if weights is None else weights)


def launch_problem(case: Any) -> LaunchProblem:
    """The choice of a case.

    Args:
        case: with ``launch_options``, ``judgements``, ``bench``, ``bench_moves`` and ``assumptions``.
    """
    options = case.launch_options
    indicators = pd.DataFrame({name: options[column].astype(float) for name, column in COLUMNS.items()})
    indicators[list(CRITERIA[1:])] *= -1
    pairs = case.judgements.rename(columns={"criterion_a": "row", "criterion_b": "column", "ratio": "times"})
    stock = case.bench["level"].value_counts().reindex(list(LEVELS)).fillna(0)
    usual = case.assumptions.set_index("name")["usual"]
    return LaunchProblem(
        cities=options.rename(columns={"value_10k": "value", "managers": "leaders"}),
        people=people_by_quarter(
            bench_supply(stock, moving_rates(case.bench_moves, LEVELS), QUARTERS),
            usual["veterans_now"],
            usual["veterans_quarter"],
        ),
        indicators=indicators.set_axis(pd.Index(options["city"], name="city")),
        judged={judge: ahp_weights(pairs_of(rows)) for judge, rows in pairs.groupby("judge")},
    )


def people_by_quarter(supply: pd.DataFrame, veterans_now: float, veterans_more: float) -> pd.DataFrame:
    """Leaders, supervisors and veterans by quarter.

    Args:
        supply: by quarter, with the levels ``M1`` and ``M2``. veterans_now: free in the first quarter.
        veterans_more: that come free in each quarter after it.
    """
    veterans = [veterans_now + veterans_more * number for number in range(len(supply))]
    return pd.DataFrame({"leaders": supply["M2"], "supervisors": supply["M1"], "veterans": veterans})
