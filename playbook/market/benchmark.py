"""A city's choice of benchmark customers: who could be won first, who is to be reached, and the rules.

The days and limits below are the course's own assumptions; change them where you know better.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.firms import ONE_FIRM, one_row_per_firm
from playbook.market.flags import yes_or_no
from playbook.market.reference import (
    THRESHOLD,
    EntryProfile,
    congruency,
    entry_profile,
    need_columns,
    similarity,
    similarity_coverage,
    size_band,
)
from playbook.words import _

WINNING_DAYS = {"1-9": 3.0, "10-49": 5.0, "50-199": 9.0, "200+": 16.0}
"""Selling days to win an account and make it show itself as a reference, by size band. Fictional."""

COMPETITOR_FACTOR = 1.5
"""An account that has a competitor's system takes this many times the days. Fictional."""

MOST_CANDIDATES = 80
"""How many candidates are kept at most: no manager judges more one by one."""


@dataclass(frozen=True)
class BenchmarkProblem:
    """Everything that the choice of benchmark customers in one city rests on.

    Attributes:
        candidates: who may be won first; one row per account, see :func:`candidate_accounts`, with
            ``days`` (selling days to win it) and ``congruent`` (fits the entry profile).
        prospects: who is to be reached; see :func:`prospect_accounts`, with ``value_cny`` (a year).
        profile: where the value lies.
        similarity: candidates by prospects, 0 to 1.
        covered: the similarity is at or above the threshold.
        budget_days: selling days at hand for benchmarks.
    """

    candidates: pd.DataFrame
    prospects: pd.DataFrame
    profile: EntryProfile
    similarity: pd.DataFrame
    covered: pd.DataFrame
    budget_days: float

    @property
    def value(self) -> pd.Series:
        """CNY a year per prospect, indexed by account_id."""
        return self.prospects.set_index("account_id")["value_cny"]

    def limits(self) -> dict[str, object]:
        """The rules of the choice, ready for ``greedy_selection(..., **limits)`` and ``best_selection``."""
        by_id = self.candidates.set_index("account_id")
        return {
            "cost": by_id["days"],
            "budget": self.budget_days,
            "eligible": by_id["congruent"],
        }


def benchmark_problem(
    accounts: pd.DataFrame,
    customers_home: pd.DataFrame,
    *,
    threshold: float = THRESHOLD,
    budget_days: float = 30.0,
    most_candidates: int = MOST_CANDIDATES,
) -> BenchmarkProblem:
    """Put a city's choice of benchmark customers together from its records.

    Args:
        accounts: the case's accounts.
        customers_home: the company's customers at home.
        threshold: from which similarity a prospect counts as covered.
        budget_days: selling days at hand for benchmarks; 30 is what one seller has in six weeks.
        most_candidates: how many candidates to keep.

    Raises:
        PlaybookError: a column is missing, or nobody qualifies.
    """
    prospects = prospect_accounts(accounts, customers_home)
    candidates = candidate_accounts(prospects, most_candidates)
    if candidates.empty:
        raise PlaybookError(
            _("no account qualifies as a candidate"),
            where="accounts",
            remedy=_("a candidate needs the product, an IT maturity of 3 or more and a known decision maker"),
        )
    profile = entry_profile(prospects)
    scores = similarity(candidates, prospects)
    return BenchmarkProblem(
        candidates=candidates.assign(congruent=congruency(candidates, profile)),
        prospects=prospects,
        profile=profile,
        similarity=scores,
        covered=similarity_coverage(scores, threshold),
        budget_days=budget_days,
    )


def prospect_accounts(accounts: pd.DataFrame, customers_home: pd.DataFrame) -> pd.DataFrame:
    """The accounts that need the product, have not signed yet, and are known well enough to be compared.

    Each firm counts once. Where the table has no column ``customer``, nobody has signed.
    A prospect is worth the mean yearly contract of the home customers of its size band.

    Args:
        accounts: the case's accounts.
        customers_home: the company's customers at home: ``employees``, ``acv_cny`` (CNY a year).

    Returns:
        Sorted by account_id: ``account_id, name, district, section, division, employees, size_band,
        it_maturity, comp_installed, decision_maker_known, value_cny``.

    Raises:
        PlaybookError: a column is missing, or no home customer has a size band that a prospect has.
    """
    kept = [
        "account_id", "name", "district", "section", "division", "employees", "it_maturity",
        "comp_installed", "decision_maker_known",
    ]  # fmt: skip
    need_columns(accounts, [*kept, "need", *ONE_FIRM], "accounts")
    need_columns(customers_home, ["employees", "acv_cny"], "customers_home")
    accounts = accounts.assign(need=yes_or_no(accounts["need"]))
    open_still = ~yes_or_no(accounts["customer"]).astype(bool) if "customer" in accounts else True
    table = accounts[accounts["need"].astype(bool) & accounts["employees"].notna() & open_still]
    table = one_row_per_firm(table).sort_values("account_id")[kept]
    table = table.reset_index(drop=True)
    table.insert(table.columns.get_loc("employees") + 1, "size_band", size_band(table["employees"]))
    contract = customers_home["acv_cny"].groupby(size_band(customers_home["employees"])).mean()
    lost = sorted(set(table["size_band"]) - set(contract.index))
    if lost:
        raise PlaybookError(
            _("no home customer has {band} employees, so such a prospect has no value").format(band=lost[0]),
            where="customers_home",
            remedy=_("add home customers of that size, or leave those prospects out"),
        )
    return table.assign(value_cny=table["size_band"].map(contract).astype(float))


def candidate_accounts(prospects: pd.DataFrame, most: int = MOST_CANDIDATES) -> pd.DataFrame:
    """The prospects that could be won first and be shown to others.

    Their IT maturity is 3 or more and you know who decides there. If there are more than ``most``, the ones
    with the most employees stay.

    Args:
        prospects: what :func:`prospect_accounts` returns.
        most: how many to keep.

    Returns:
        Those rows, sorted by account_id, with ``days``: selling days to win each.
    """
    ready = prospects[
        yes_or_no(prospects["decision_maker_known"], unknown=False) & (prospects["it_maturity"] >= 3)
    ]
    ready = ready.sort_values(["employees", "account_id"], ascending=[False, True]).head(most)
    ready = ready.sort_values("account_id", ignore_index=True)
    return ready.assign(days=winning_days(ready))


def winning_days(accounts: pd.DataFrame) -> pd.Series:
    """Selling days to win each account: ``WINNING_DAYS`` by size band, more against a competitor."""
    factor = np.where(accounts["comp_installed"].notna(), COMPETITOR_FACTOR, 1.0)
    return (accounts["size_band"].map(WINNING_DAYS).astype(float) * factor).rename("days")


def largest_accounts(candidates: pd.DataFrame, k: int) -> list[str]:
    """The k candidates with the most employees, for contrast: the biggest names, not the best references."""
    ordered = candidates.sort_values(["employees", "account_id"], ascending=[False, True])
    return ordered["account_id"].head(k).tolist()
