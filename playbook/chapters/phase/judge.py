"""Judge of chapter 11: how a quarter's money is shared over the ways to sell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from playbook.chapters.judging import Constraint, Judgement, entries_of, shown
from playbook.chapters.phase.problem import mix_problem
from playbook.chapters.phase.reading import money_of
from playbook.kept import once_a_case
from playbook.market.channels import MOST_WAYS, best_mix, mix_wins
from playbook.words import _

#: So much more than the budget is rounding; so much in one way, of the budget, is nothing.
_ROUNDING, _NOTHING = 0.002, 1e-4


_problem = once_a_case(mix_problem)


@once_a_case
def _most_wins(case: Any) -> float:
    problem = _problem(case)
    return best_mix(problem.curves, problem.budget).wins


def judge_mix(plan: object, case: Any) -> Judgement:
    """Judge a mix: known ways, money in numbers, at most three ways, no more than the budget.

    Args:
        plan: money by way, CNY 10,000: a dictionary, or a table with the columns ``channel`` and ``spend``, as plain
            data.
        case: the case it was made for; its curves, its last quarter and its budget are used.

    Returns:
        A :class:`Judgement`; the objective is the wins that the mix brings in the quarter.
    """
    problem = _problem(case)
    ways = list(problem.curves.index)
    pairs = [(_way(way, ways), money) for way, money in _pairs(plan)]
    known = [(way, money_of(money)) for way, money in pairs if way in ways]
    spend: dict[str, float] = {}
    for way, money in known:
        spend.setdefault(str(way), money or 0.0)
    total = sum(spend.values())
    constraints = (
        _known([way for way, _money in pairs], ways),
        _numbers(pairs, ways),
        _few(spend, problem.budget),
        _affordable(total, problem.budget),
    )
    # Money that is not there buys nothing.
    paid = {way: money * min(1.0, problem.budget / total) for way, money in spend.items()} if total else {}
    return Judgement(constraints, mix_wins(paid, problem.curves), _most_wins(case))


def _way(entry: object, ways: list[str]) -> object:
    return (
        next((way for way in ways if way == entry.strip().casefold()), entry)
        if isinstance(entry, str)
        else entry
    )


def _pairs(plan: object) -> list[tuple[object, object]]:
    """What a mix says, whatever it came as."""
    if not isinstance(plan, Mapping):
        return [(entry, None) for entry in entries_of(plan, "channel")]
    columns = {name: values for name, values in plan.items() if isinstance(values, list)}
    if not columns:
        return list(plan.items())
    entries = entries_of(plan, "channel")
    rest = [values for values in columns.values() if values and not any(isinstance(v, str) for v in values)]
    money = columns.get("spend", rest[-1] if rest else [])
    return list(zip(entries, money, strict=False))


def _known(entries: list[object], ways: list[str]) -> Constraint:
    listed = ", ".join(ways)
    if not entries:
        message = _("Your plan names no way to sell. Give money to up to three of: {ways}.").format(
            ways=listed
        )
        return Constraint("known", False, message)
    strangers = [entry for entry in entries if entry not in ways]
    if strangers:
        message = _("{entry} is no way to sell in your table. They are: {ways}.").format(
            entry=shown(strangers[0]), ways=listed
        )
        return Constraint("known", False, message)
    twice = [entry for entry, times in Counter(map(str, entries)).items() if times > 1]
    if twice:
        return Constraint("known", False, _("{way} stands in your plan twice.").format(way=twice[0]))
    return Constraint("known", True, _("Every way is one of the table."))


def _numbers(pairs: list[tuple[object, object]], ways: list[str]) -> Constraint:
    for way, money in pairs:
        if way not in ways:
            continue
        if money is None:
            message = _("Your plan gives {way} no money. End your line with `.spend.to_dict()`.").format(
                way=way
            )
            return Constraint("money", False, message)
        if money_of(money) is None:
            message = _("{way} gets {money}: write a number of 0 or more, in CNY 10,000.").format(
                way=way, money=shown(money)
            )
            return Constraint("money", False, message)
    if not any(money_of(money) for way, money in pairs if way in ways):
        return Constraint("money", False, _("Your plan spends nothing."))
    return Constraint("money", True, _("Every amount is a number."))


def _few(spend: dict[str, float], budget: float) -> Constraint:
    used = [way for way, money in spend.items() if money > _NOTHING * budget]
    if len(used) > MOST_WAYS:
        message = _("Your plan uses {count} ways; a team runs {most} well, no more.").format(
            count=len(used), most=MOST_WAYS
        )
        return Constraint("few", False, message)
    if not used:
        return Constraint("few", False, _("No way gets any money."))
    return Constraint("few", True, _("The plan uses three ways at most."))


def _affordable(total: float, budget: float) -> Constraint:
    if total > budget * (1 + _ROUNDING):
        message = _("Your plan spends CNY {spent:,.0f}, and the budget is CNY {budget:,.0f}.").format(
            spent=min(total, 1e12) * 10_000, budget=budget * 10_000
        )
        return Constraint("budget", False, message)
    if not total > 0:
        return Constraint("budget", False, _("Your plan leaves the whole budget."))
    return Constraint("budget", True, _("The plan keeps to the budget."))
