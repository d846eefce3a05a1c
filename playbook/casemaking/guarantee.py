"""What a draw must hold: the answers of chapters 3, 5 and 7 as dealt, and every known shortcut elsewhere.

A draw that breaks one of these is thrown away. The answers are computed with the same models as in the exercises.
"""

import numpy as np
import pandas as pd

from playbook.casemaking.sections import DIRECTOR, LEAST_TO_ENTER, OTHER_WEIGHTS, SURE
from playbook.casemaking.truths import Truths
from playbook.market.benchmark import benchmark_problem, largest_accounts
from playbook.market.entry import entry_indicators, entry_industry_scores, like_for_like, win_rates
from playbook.market.groups import gower_distance, silhouette_by_k
from playbook.market.industry import industry_table
from playbook.market.profile import missing_by, prepare_accounts
from playbook.market.reference import business_reference_value
from playbook.market.selection import best_selection, coverage_value, greedy_selection

_GROUPS_IN_CHAPTER = 5
_CRITERIA = ("size", "lq", "win_rate")
#: Traits by the name of their coefficient: as a salesperson says it, and how an account shows it.
TRAIT = {
    "export": lambda a: a["export"],
    "it_maturity": lambda a: a["it_maturity"] >= 3,
    "log10_employees": lambda a: (a["employees"] >= 20).fillna(False),
    "competitor": lambda a: a["comp_installed"].isna(),
    "manufacturing": lambda a: a["section"] == "C",
    "young": lambda a: a["founded"] >= 2015,
    "state": lambda a: a["owner_type"] == "state",
    "exhibition": lambda a: a["source"] == "exhibition",
}


def profile_holds(truths: Truths, accounts: pd.DataFrame) -> bool:
    """Whether the four dealt traits make the largest differences, by a clear margin (chapter 5)."""
    firms = accounts[~accounts["twin"]]
    need = firms["need"].to_numpy(bool)
    apart = {}
    for name, rule in TRAIT.items():
        has = rule(firms).to_numpy(bool)
        apart[name] = need[has].mean() - need[~has].mean()
    order = sorted(apart, key=lambda name: -apart[name])
    return set(order[:4]) == truths.dealt.profile and apart[order[3]] - apart[order[4]] > 0.012


def gaps_hold(truths: Truths, accounts: pd.DataFrame) -> bool:
    """Whether where headcount is missing can be read from a table, and in one of the two only (chapter 5)."""
    firms = prepare_accounts(accounts)
    by_source, by_revenue = (
        missing_by(firms, "employees", name)["missing_share"] for name in ("source", "revenue_10k")
    )
    lean = by_source.max() / by_source.median()
    if truths.dealt.gap in by_source.index:
        return by_source.idxmax() == truths.dealt.gap and lean > 2
    few, many = (-1, 0) if truths.dealt.gap == "small firms" else (0, -1)
    return by_revenue.iloc[many] > 2 * by_revenue.iloc[few] and lean < 1.6


def groups_hold(truths: Truths, accounts: pd.DataFrame) -> bool:
    """Whether the number of groups is clear, not at an end of what is tried, and not the one of the chapter.

    On the worked example the chapter's own columns must give the chapter's number, too.
    """
    firms = prepare_accounts(accounts)
    needy = firms[firms["need"]]
    if not truths.dealt.entry:
        page = needy.head(300)[["log_employees", "it_maturity", "export", "industry"]]
        if silhouette_by_k(gower_distance(page), range(2, 8)).idxmax() != _GROUPS_IN_CHAPTER:
            return False
    sample = needy.head(200)[["log_employees", "it_maturity", "export", "source"]]
    widths = silhouette_by_k(gower_distance(sample), range(2, 13)).sort_values(ascending=False)
    return widths.index[0] not in (2, _GROUPS_IN_CHAPTER, 12) and widths.iloc[0] - widths.iloc[1] > 0.001


def entry_holds(
    truths: Truths, accounts: pd.DataFrame, deals: pd.DataFrame, workers: pd.DataFrame, strict: bool
) -> bool:
    """Whether manufacturing and trade reverse, and the dealt section is the decision of chapter 3."""
    merged = deals[["account_id", "status", "grade"]].merge(
        accounts[["account_id", "section"]], on="account_id"
    )
    if not _reverses(truths, merged):
        return False
    table = industry_table(workers, leave_out=["A"])
    fair = like_for_like(merged)
    indicators = entry_indicators(table, fair)
    if not truths.dealt.entry:
        return entry_industry_scores(indicators, dict(zip(_CRITERIA, (4, 3, 3), strict=True))).index[0] == "C"
    scores = _scores(indicators, DIRECTOR)
    if len(indicators) < 6 or (-np.diff(scores["score"].to_numpy()[:4]) < 0.02).any():
        return False
    top = list(scores.index[:3])
    raw = entry_indicators(table, win_rates(merged), rate="win_rate")
    ways = [_first_three(indicators, weights) for weights in OTHER_WEIGHTS]
    ways.append(_first_three(raw, DIRECTOR))
    if top in ways:
        return False
    facts = table.set_index("section").loc[scores.index]
    decided = fair.set_index("section")["decided"].loc[scores.index]
    large, sure = facts["city_share"] >= LEAST_TO_ENTER, decided >= SURE
    if not (large & sure).any():
        return False
    entry = scores.index[large & sure][0]
    reasons = scores.loc[entry, "reasons"]
    if entry != truths.dealt.entry or "+" not in reasons or "-" not in reasons:
        return False
    others = {scores.index[0], *scores.index[large][:1]}
    if strict:
        others |= {*scores.index[sure][:1]}
    others |= {*scores.index[large & (facts["lq"] >= 1)][:1], indicators["lq"].idxmax()}
    return entry not in others


def _scores(indicators: pd.DataFrame, weights) -> pd.DataFrame:
    return entry_industry_scores(indicators, dict(zip(_CRITERIA, weights, strict=True)))


def _first_three(indicators: pd.DataFrame, weights) -> list[str]:
    """The first three by other weights; quicker than the table with reasons."""
    values = indicators[list(_CRITERIA)].to_numpy()
    scaled = (values - values.min(axis=0)) / np.ptp(values, axis=0)
    order = np.argsort(-(scaled @ np.asarray(weights, dtype=float)).round(12), kind="stable")
    return list(indicators.index[order[:3]])


def _reverses(truths: Truths, merged: pd.DataFrame) -> bool:
    two = merged[(merged["status"] != "open") & merged["section"].isin(["C", "F"])]
    two = two.assign(won=two["status"] == "won")
    better, worse = truths.better, "F" if truths.better == "C" else "C"
    overall = two.groupby("section")["won"].mean()
    within = two.groupby(["grade", "section"])["won"].mean().unstack()
    return bool(overall[worse] - overall[better] > 0.025 and (within[better] - within[worse] > 0.03).all())


def benchmarks_hold(truths: Truths, accounts: pd.DataFrame, home: pd.DataFrame) -> bool:
    """Whether step by step falls short of the best within the days, and six are not the answer to everything.

    On the worked example, which nobody is marked on, other ways may lead to the same six. What is quick to see comes first: the exact choices take most of the time.
    """
    problem = benchmark_problem(accounts, home)
    if len(problem.candidates) < 20:
        return False
    covered, value, limits = problem.covered, problem.value, problem.limits()
    cost, budget, fits = limits["cost"], problem.budget_days, limits["eligible"]
    six = set(greedy_selection(covered, value, k=6).chosen)
    others = (
        greedy_selection(covered, value, k=6, eligible=fits),
        greedy_selection(covered, value * 0 + 1, k=6),
        greedy_selection(problem.similarity >= 0.6, value, k=6),
    )
    if truths.dealt.entry and six in [set(other.chosen) for other in others]:
        return False
    five = greedy_selection(covered, value, k=5).chosen
    largest = [one for one in largest_accounts(problem.candidates, 6) if one not in five]
    if truths.dealt.entry and largest and six == {*five, largest[0]}:
        return False
    twelve = greedy_selection(covered, value, k=12, eligible=fits).chosen
    if cost[list(twelve)].sum() <= budget:
        return False
    within = greedy_selection(covered, value, cost=cost, budget=budget).covered_value
    best = best_selection(covered, value, cost=cost, budget=budget)
    if within > 0.996 * best.covered_value or fits[list(best.chosen)].all():
        return False
    whole = {"cost": cost, "budget": budget, "eligible": fits}
    three = best_selection(covered, value, k=3, **whole).covered_value
    most = best_selection(covered, value, **whole).covered_value
    cheapest = coverage_value(covered, value, _cheapest_first(cost[fits], budget))
    if three > 0.96 * most or (truths.dealt.entry and cheapest >= 0.97 * most):
        return False
    six_best = best_selection(covered, value, k=6).covered_value
    return abs(six_best / best.covered_value - 1) > 0.002


def floors_hold(workers: pd.DataFrame) -> bool:
    """Whether sections lie on both sides of the floor of 3 %, so that a floor of 2 or 5 % gives another list.

    Args:
        workers: ``section, city_workers, nation_workers``.
    """
    share = industry_table(workers, leave_out=["A"])["city_share"]
    least = LEAST_TO_ENTER
    return bool(share.between(0.021, least - 0.001).any() and share.between(least + 0.001, 0.049).any())


def _cheapest_first(cost: pd.Series, budget: float) -> list:
    """The cheapest that fit into the budget, one after the other."""
    taken: list = []
    for one in cost.sort_values(kind="stable").index:
        if cost[[*taken, one]].sum() <= budget:
            taken.append(one)
    return taken


def references_hold(references: pd.DataFrame) -> bool:
    """Whether the best five speakers lead clearly, and neither talk nor another rate of interest finds them."""
    value = business_reference_value(references)
    top = value["brv_cny"].to_numpy()[:6]
    if len(top) < 6 or (-np.diff(top) / top[1:] < 0.01).any():
        return False
    spoken = references.groupby("referrer_id").size().sort_values(ascending=False, kind="stable")
    five = set(spoken.head(5).index)
    return five != set(value["referrer_id"][:5]) and references["converted"].sum() >= 40
