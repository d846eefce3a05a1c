"""What chapter 7 says to a director: which customers to win first, what they cost in days, and whom they reach."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.chapters.summing import (
    Ask,
    Milestone,
    Summary,
    Table,
    column_of,
    count,
    decimal,
    millions,
    sentences,
    share,
    text_of,
    texts_of,
)
from playbook.market.benchmark import COMPETITOR_FACTOR, BenchmarkProblem, benchmark_problem, largest_accounts
from playbook.market.selection import coverage_curve, coverage_value, greedy_selection
from playbook.words import N_, _, ngettext

SOURCE = N_(
    "QiHang Cloud (invented company): its accounts, the contracts of home customers of the same size, its references"
)
#: Selling days of one seller in a week.
DAYS_A_WEEK = 5
_FIRST = {
    "famous": N_("the best-known name of the city, whatever its trade"),
    "typical": N_("a firm of the first trade and a usual size, introduced by a client of the same trade"),
    "quick": N_("whoever signs this week, for a large discount"),
    "friend": N_("an old acquaintance, whatever the trade"),
}


def planned_order(problem: BenchmarkProblem, answers: Mapping[str, Any]) -> list[str]:
    """The candidates of the trainee's plan, the one that adds most first."""
    spelled = {account.casefold(): account for account in problem.covered.index}
    ids = [spelled[one.casefold()] for one in texts_of(answers, "plan") if one.casefold() in spelled]
    ids = list(dict.fromkeys(ids))
    if not ids:
        return []
    order = list(greedy_selection(problem.covered.loc[ids], problem.value, k=len(ids)).chosen)
    return [*order, *(one for one in ids if one not in order)]


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on benchmark customers.

    Args:
        case: the trainee's case.
        answers: by question; ``plan``, ``speakers`` and ``first`` are used.
    """
    problem = benchmark_problem(case.accounts, case.customers_home)
    plan = planned_order(problem, answers)
    speakers = _speakers(case, answers)
    kind = _FIRST.get(text_of(answers, "first").casefold())
    begin = _("Among equals, begin with {kind}.").format(kind=_(kind)) if kind else ""
    if not plan:
        return Summary(
            weight=50,
            numbers=begin,
            tables=(speakers,) if speakers else (),
            source=_(SOURCE),
            rests_on=("plan", "first"),
        )
    chosen = problem.candidates.set_index("account_id").loc[plan]
    total = float(problem.value.sum())
    curve = coverage_curve(problem.covered, problem.value, plan).iloc[1:].set_index("chosen")
    reached, days = float(curve["covered_value"].iloc[-1]), float(chosen["days"].sum())
    largest = largest_accounts(problem.candidates, len(plan))
    contrast = coverage_value(problem.covered, problem.value, largest)
    weeks = math.ceil(days / DAYS_A_WEEK)
    return Summary(
        weight=50,
        lead=ngettext(
            "Win this benchmark customer first: {names}",
            "Win {count} benchmark customers first, led by {names}",
            len(plan),
        ).format(count=len(plan), names=chosen["name"].iloc[0]),
        numbers=ngettext(
            "It reaches prospects like itself that are worth CNY {reached} million a year, {part} of the city's {total} "
            "million; the largest name would reach {other}.",
            "They reach prospects like themselves that are worth CNY {reached} million a year, {part} of the city's "
            "{total} million; the {count} largest names would reach {other}.",
            len(plan),
        ).format(
            part=share(reached / total),
            reached=millions(reached),
            total=millions(total),
            count=len(plan),
            other=share(contrast / total),
        ),
        ask=Ask(
            people=_("1 seller"),
            time=ngettext(
                "{days:g} selling days ({weeks} week)", "{days:g} selling days ({weeks} weeks)", weeks
            ).format(days=days, weeks=weeks),
            money=_("CNY {each} a year of prospects reached for each selling day").format(
                each=count(round(reached / days, -3))
            ),
        ),
        against=_against(problem, chosen, case, plan, total),
        change=_change(problem, chosen, plan, reached, total),
        milestones=_milestones(chosen, curve),
        tables=tuple(filter(None, (_plan_table(case, chosen, curve, total, begin), speakers))),
        source=_(SOURCE),
        rests_on=("plan",),
    )


def _trades(case: Any) -> dict[str, str]:
    return case.table("divisions").set_index("division")["name"].to_dict()


def _against(
    problem: BenchmarkProblem, chosen: pd.DataFrame, case: Any, plan: list[str], total: float
) -> str:
    left = problem.prospects[~problem.covered.loc[plan].any(axis=0).to_numpy()]
    by_trade = left.groupby("division")["value_cny"].sum()
    rivals = int(chosen["comp_installed"].notna().sum())
    return sentences(
        _("{part} of the prospects' value is reached by none of them, most of it in {trade}.").format(
            part=share(left["value_cny"].sum() / total),
            trade=_lower(_trades(case).get(by_trade.idxmax(), by_trade.idxmax())),
        )
        if len(by_trade)
        else "",
        ngettext(
            "{count} of them uses a competitor's system, and takes {factor:g} times the days.",
            "{count} of them use a competitor's system, and take {factor:g} times the days.",
            rivals,
        ).format(count=rivals, factor=COMPETITOR_FACTOR)
        if rivals
        else "",
    )


def _change(
    problem: BenchmarkProblem, chosen: pd.DataFrame, plan: list[str], reached: float, total: float
) -> str:
    if len(plan) == 1:
        return _("If {name} is not to be won, nothing is left of the plan: then choose anew.").format(
            name=chosen["name"].iloc[0]
        )
    without = {
        one: coverage_value(problem.covered, problem.value, [o for o in plan if o != one]) for one in plan
    }
    dearest = min(without, key=lambda one: without[one])
    return _(
        "If {name} is not to be won, the others reach {less} of the value instead of {part}: then choose anew."
    ).format(
        name=chosen.loc[dearest, "name"], less=share(without[dearest] / total), part=share(reached / total)
    )


def _milestones(chosen: pd.DataFrame, curve: pd.DataFrame) -> tuple[Milestone, ...]:
    weeks = [math.ceil(days / DAYS_A_WEEK) for days in chosen["days"].cumsum()]
    first = Milestone(
        weeks[0],
        _("{name} is won, and reaches {part} of the prospects' value").format(
            name=chosen["name"].iloc[0], part=share(curve["share"].iloc[0])
        ),
    )
    if len(chosen) == 1:
        return (first,)
    return (
        first,
        Milestone(
            weeks[-1],
            _("All {count} benchmark customers are won, and reach {part} of the value").format(
                count=len(chosen), part=share(curve["share"].iloc[-1])
            ),
        ),
    )


def _plan_table(case: Any, chosen: pd.DataFrame, curve: pd.DataFrame, total: float, begin: str) -> Table:
    trades = _trades(case)
    chinese = case.accounts.set_index("account_id")["name_zh"].to_dict()
    rows = [
        (
            f"{row['name']}\n{chinese.get(account, '')}".strip(),
            _(trades.get(row["division"], row["division"])),
            str(row["size_band"]),
            row["district"],
            f"{row['days']:g}",
            count(row["value_cny"]),
            count(curve.loc[account, "gain"]),
        )
        for account, row in chosen.iterrows()
    ]
    whole = (
        _("Together"),
        "",
        "",
        "",
        f"{chosen['days'].sum():g}",
        count(chosen["value_cny"].sum()),
        _("{value} ({part})").format(
            value=count(curve["covered_value"].iloc[-1]), part=share(curve["covered_value"].iloc[-1] / total)
        ),
    )
    return Table(
        caption=_("The benchmark customers, the one that adds most first"),
        columns=(
            _("Customer"),
            _("Trade"),
            _("Employees"),
            _("District"),
            _("Selling days"),
            _("Own value, CNY a year"),
            _("Prospects it adds, CNY a year"),
        ),
        rows=(*rows, whole),
        numbers=(4, 5, 6),
        note=sentences(
            _(
                "Own value: what home customers of that size pay a year on average. Prospects it adds: the value of those "
                "who are like it, and like none above it."
            ),
            begin,
        ),
        rests_on=("plan", "first"),
    )


def _speakers(case: Any, answers: Mapping[str, Any]) -> Table | None:
    values = column_of(answers, "speakers", "referrer_id", "brv_cny")
    accounts = case.accounts.drop_duplicates("account_id").set_index("account_id")
    known = {one: value for one, value in values.items() if one in accounts.index}
    if not known:
        return None
    trades = _trades(case)
    return Table(
        caption=_("Clients whose word is worth most"),
        columns=(_("Client"), _("Trade"), _("District"), _("Customers won by its word, CNY 10,000")),
        rows=tuple(
            (
                accounts.loc[one, "name"],
                _(trades.get(accounts.loc[one, "division"], "")) or "",
                accounts.loc[one, "district"],
                decimal(value / 10_000 if isinstance(value, int | float) else None, 1),
            )
            for one, value in known.items()
        ),
        numbers=(3,),
        note=_("The lifetime value of the customers whom it helped to win, by how much its word counted."),
        rests_on=("speakers",),
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
