"""What chapter 9 decides on: the work, the newcomers' ramp, the plan of hires, the veterans and their terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from playbook.market.staffing import (
    Package,
    capacity_by_month,
    cohort_table,
    hire_worth,
    latest_hire,
    package,
    quit_rate,
    ramp_table,
    ready_month,
    workload_reps,
)

#: Months of the plan, and the one by which the work must be done.
MONTHS, TARGET_MONTH = 12, 9
#: Service from which a month counts as an experienced seller's.
RIPE_AFTER = 12


@dataclass(frozen=True)
class StaffingProblem:
    """The staffing of a case.

    Attributes:
        needed: experienced sellers that the year's visits take, with decimals.
        need: experienced sellers that month 9 takes.
        curve: mean bookings by month of service, ``with`` and ``without`` a veteran, CNY 10,000.
        survivors: the same of those who are still here.
        ripe: an experienced seller's month, CNY 10,000.
        quits: share that leaves in a month.
        hires: people who start in month 1 to 12.
        together: newcomers whom head office would hire in one month.
    """

    needed: float
    need: float
    curve: pd.DataFrame
    survivors: pd.DataFrame
    ripe: float
    quits: float
    hires: pd.Series
    together: int

    @property
    def level(self) -> pd.Series:
        """Share of the ripe level beside a veteran by month of service 1 to 12, at most 1."""
        return (self.curve["with"] / self.ripe).clip(upper=1).loc[1:MONTHS]

    @property
    def worth(self) -> pd.Series:
        """What one hire beside a veteran is worth by month of service 1 to 12."""
        return hire_worth(self.level, self.quits)

    @property
    def capacity(self) -> pd.Series:
        """Experienced sellers by month, as the plan stands."""
        return capacity_by_month(self.hires, self.level, self.quits)

    @property
    def cohorts(self) -> pd.DataFrame:
        """The same by the month of hiring."""
        return cohort_table(self.hires, self.worth)

    @property
    def gap(self) -> float:
        """Experienced sellers that are missing in month 9."""
        return float(self.need - self.capacity[TARGET_MONTH])

    @property
    def hire_by(self) -> int:
        """The last month in which those hired together close the gap."""
        return latest_hire(self.gap, self.together, self.worth, TARGET_MONTH)

    @property
    def ready(self) -> pd.Series:
        """The first month of service at 80 % of the ripe level, with and without a veteran."""
        return ready_month(self.curve, self.ripe)

    @property
    def halves(self) -> dict[str, float]:
        """Months of service at half of the ripe level, with and without a veteran, read between the months."""
        found = {}
        for name in self.curve.columns:
            share = (self.curve[name] / self.ripe).dropna()
            after = int(np.argmax(share.to_numpy() >= 0.5))
            around = share.iloc[max(after - 1, 0) : after + 1]
            found[str(name)] = float(np.interp(0.5, around.to_numpy(), around.index.to_numpy(float)))
        return found

    def with_more(self, month: int) -> pd.Series:
        """The plan with the people hired together in a month."""
        hires = self.hires.copy()
        hires[month] += self.together
        return hires


def staffing_problem(case: Any) -> StaffingProblem:
    """The staffing of a case.

    Args:
        case: with ``call_plan``, ``sellers``, ``seller_months``, ``hiring_plan`` and ``assumptions``.
    """
    usual = case.assumptions.set_index("name")["usual"]
    sellers = case.sellers
    months = case.seller_months.merge(sellers, on="rep_id")
    months["beside"] = months["veteran_in_group"].map({True: "with", False: "without"})
    experienced = months["service_month"] > RIPE_AFTER
    return StaffingProblem(
        needed=workload_reps(case.call_plan, usual["selling_days"] * usual["selling_hours"]),
        need=float(usual["sellers_month_nine"]),
        curve=ramp_table(months, "beside"),
        survivors=ramp_table(months[months["left"].isna()], "beside"),
        ripe=float(months.loc[experienced, "bookings_10k"].mean()),
        quits=quit_rate(sellers["left"], len(months)),
        hires=case.hiring_plan.set_index("month")["hires"],
        together=int(usual["hired_together"]),
    )


def package_of(case: Any) -> Package:
    """A veteran's package by the case's terms."""
    usual = case.assumptions.set_index("name")["usual"]
    return package(
        usual["move_once_cny"],
        usual["move_base_cny"] + usual["move_rent_cny"],
        usual["veteran_adds_cny"],
        usual["margin"],
        usual["move_tilt"],
    )
