"""Judge of chapter 7: benchmark customers, known, each once, congruent, within the budget."""

from __future__ import annotations

from typing import Any

from playbook.chapters.judging import Constraint, Judgement, entries_of, shown
from playbook.kept import once_a_case
from playbook.market.benchmark import BenchmarkProblem, benchmark_problem
from playbook.market.selection import best_selection, coverage_value
from playbook.words import _


@once_a_case
def _problem(case: Any) -> BenchmarkProblem:
    return benchmark_problem(case.accounts, case.customers_home)


@once_a_case
def _most_covered(case: Any) -> float:
    problem = _problem(case)
    return best_selection(problem.covered, problem.value, **problem.limits()).covered_value


def judge_benchmark_plan(plan: object, case: Any) -> Judgement:
    """Judge a list of benchmark customers: known, each once, congruent, within the budget.

    Args:
        plan: account ids; a list, a set, a column, or a table with the column ``account_id``, as plain data.
        case: the case it was made for; its ``accounts`` and ``customers_home`` are used.

    Returns:
        A :class:`Judgement`; the objective is the covered value of prospects, in CNY a year.
    """
    problem = _problem(case)
    spelled = {account.casefold(): account for account in problem.covered.index}
    entries = [
        spelled.get(entry.casefold(), entry) if isinstance(entry, str) else entry
        for entry in entries_of(plan, "account_id")
    ]
    known = [entry for entry in entries if isinstance(entry, str) and entry in problem.covered.index]
    chosen = list(dict.fromkeys(known))
    constraints = (
        _known_accounts(entries, problem),
        _each_once(known),
        _congruent(chosen, problem),
        _within_budget(chosen, problem),
    )
    return Judgement(
        constraints=constraints,
        objective=coverage_value(problem.covered, problem.value, chosen),
        optimum=_most_covered(case),
    )


def _known_accounts(entries: list[object], problem: BenchmarkProblem) -> Constraint:
    label = "known"
    if not entries:
        return Constraint(label, False, _("Your plan lists no account. Give a list of account ids."))
    strangers = [e for e in entries if not (isinstance(e, str) and e in problem.covered.index)]
    if strangers:
        prospects = set(problem.prospects["account_id"])
        first = strangers[0]
        a_prospect = isinstance(first, str) and first in prospects
        what = (
            _("{entry} is a prospect, but not a candidate")
            if a_prospect
            else _("{entry} is not the id of a candidate")
        ).format(entry=shown(first))
        if len(strangers) > 1:
            what += " " + _("({count} such entries)").format(count=len(strangers))
        return Constraint(label, False, _("{what}. Choose from the list of candidates.").format(what=what))
    return Constraint(label, True, _("Every account is a candidate."))


def _each_once(known: list[str]) -> Constraint:
    repeated = [account for account in dict.fromkeys(known) if known.count(account) > 1]
    if repeated:
        times = known.count(repeated[0])
        return Constraint(
            "once",
            False,
            _("{account} stands in your plan {times} times; once is enough.").format(
                account=repeated[0], times=times
            ),
        )
    return Constraint("once", True, _("Every account stands there once."))


def _congruent(chosen: list[str], problem: BenchmarkProblem) -> Constraint:
    fits = problem.candidates.set_index("account_id")["congruent"]
    misfits = [account for account in chosen if not fits[account]]
    if misfits:
        row = problem.candidates.set_index("account_id").loc[misfits[0]]
        trade = row["division"] in problem.profile.divisions
        why = (
            _("neither its size ({band} employees) nor its district ({district}) does").format(
                band=row["size_band"], district=row["district"]
            )
            if trade
            else _("its division, {division}, is not among your entry divisions").format(
                division=row["division"]
            )
        )
        message = _("{account} does not fit your entry profile: {why}.").format(account=misfits[0], why=why)
        if len(misfits) > 1:
            message += " " + _("{count} of your accounts do not.").format(count=len(misfits))
        return Constraint("congruent", False, message)
    return Constraint("congruent", True, _("Every account fits your entry profile."))


def _within_budget(chosen: list[str], problem: BenchmarkProblem) -> Constraint:
    days = float(problem.candidates.set_index("account_id").loc[chosen, "days"].sum())
    ok = days <= problem.budget_days + 1e-9
    words = (
        _("Winning them takes {days:g} selling days, within the {budget:g} at hand.")
        if ok
        else _("Winning them takes {days:g} selling days, more than the {budget:g} at hand.")
    )
    return Constraint("budget", ok, words.format(days=days, budget=problem.budget_days))
