"""What a run came to: totals of each run, and every month of each."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from playbook.simulator.parameters import CASH_LIMIT, MONTHS

#: Columns of a month. Money in thousand CNY, people and firms as counts at the end of the month.
COLUMNS = (
    "month",
    "reps",
    "ripe",
    "equivalents",
    "density",
    "visits",
    "b",
    "a",
    "wins",
    "decided",
    "bookings",
    "renewals",
    "spent",
    "cash",
    "customers",
    "left",
    "net",
)
#: The range that is shown beside a mean: 80 % of the runs are inside.
RANGE = (0.1, 0.9)


#: Payback in months from which on it is never.
NEVER = 240.0


@dataclass(frozen=True)
class Outcome:
    """R runs of one plan in one city.

    Args:
        months: R × 24 × columns, in the order of :data:`COLUMNS`.
        value: cash after 24 months and what a successor inherits, thousand CNY, R.
        margin: gross margin, share of bookings. days: selling days of a month.
    """

    months: np.ndarray
    value: np.ndarray
    margin: float
    days: float

    def first(self, runs: int) -> "Outcome":
        """The first of its runs."""
        return replace(self, months=self.months[:runs], value=self.value[:runs])

    def joined(self, other: "Outcome") -> "Outcome":
        """Its runs, and behind them those of another outcome of the same plan."""
        return replace(
            self,
            months=np.concatenate([self.months, other.months]),
            value=np.concatenate([self.value, other.value]),
        )

    def column(self, name: str) -> np.ndarray:
        """One column, R × 24."""
        return self.months[:, :, COLUMNS.index(name)]

    @property
    def cash_broken(self) -> float:
        """Share of the runs in which cash falls below the limit at any time, 0 to 1."""
        return float((self.column("cash").min(1) < CASH_LIMIT).mean())

    def totals(self) -> pd.DataFrame:
        """One row a run: `value`, `bookings`, `cost` (thousand CNY), `wins`, `win_rate`, `cost_each`, `payback` (months; 240 is never),
        `ripe_books` (thousand CNY a month, second year), `attrition` (share a year), `lowest` cash, `reps`, `customers`
        at the end, `density` (mean), `visits_day` (a full-time equivalent on a selling day)."""
        total = {name: self.column(name).sum(1) for name in COLUMNS}
        wins = np.maximum(total["wins"], 1)
        second = slice(MONTHS // 2, None)
        spent = total["spent"]
        return pd.DataFrame(
            {
                "value": self.value,
                "bookings": total["bookings"],
                "cost": spent,
                "wins": total["wins"],
                "win_rate": total["wins"] / np.maximum(total["decided"], 1),
                "cost_each": spent / wins,
                "payback": np.minimum(spent / np.maximum(self.margin * total["bookings"] / 12, 1e-9), NEVER),
                "ripe_books": self.column("bookings")[:, second].sum(1)
                / np.maximum(self.column("ripe")[:, second].sum(1), 1),
                "attrition": 12 * total["left"] / np.maximum(total["reps"], 1),
                "lowest": self.column("cash").min(1),
                "reps": self.column("reps")[:, -1],
                "customers": self.column("customers")[:, -1],
                "density": self.column("density").mean(1),
                "visits_day": total["visits"] / np.maximum(total["equivalents"] * self.days, 1e-9),
            }
        )

    def each_month(self) -> pd.DataFrame:
        """One row for each month of each run: `run` counted from 0, then the columns of :data:`COLUMNS`; R × 24 rows."""
        table = pd.DataFrame(self.months.reshape(-1, len(COLUMNS)), columns=list(COLUMNS))
        table.insert(0, "run", np.repeat(np.arange(len(self.months)), self.months.shape[1]))
        return table.astype({"month": int})

    def by_month(self) -> pd.DataFrame:
        """One row a month: the mean of each column, and as `<column>_low` and `<column>_high` the 10-90 % range."""
        table = {"month": np.arange(1, MONTHS + 1)}
        for name in COLUMNS[1:]:
            values = self.column(name)
            table[name] = values.mean(0)
            table[f"{name}_low"], table[f"{name}_high"] = np.quantile(values, RANGE, axis=0)
        return pd.DataFrame(table)

    def summary(self) -> pd.DataFrame:
        """One row a total: `mean`, `sd`, `low` and `high` (10-90 %)."""
        totals = self.totals()
        low, high = (totals.quantile(q) for q in RANGE)
        return pd.DataFrame({"mean": totals.mean(), "sd": totals.std(ddof=1), "low": low, "high": high})
