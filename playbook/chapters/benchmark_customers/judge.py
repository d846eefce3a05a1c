"""Judges: what says whether a plan keeps the rules, and how close it comes to the best one.

A judge takes a plan as plain data and a case, and never raises on what a plan may hold. It runs in the
notebook's check and in the grader alike, on data alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playbook.market.benchmark import BenchmarkProblem, benchmark_problem
from playbook.market.selection import best_selection, coverage_value


@dataclass(frozen=True)
class Constraint:
    """One rule that a plan must keep.

    Attributes:
        label: a short name of the rule.
        ok: whether the plan keeps it.
        message: what was found, in words for the trainee; names the entries that break the rule.
    """

    label: str
    ok: bool
    message: str


@dataclass(frozen=True)
class Judgement:
    """What became of a plan.

    Attributes:
        constraints: every rule, kept or broken.
        objective: what the plan reaches; entries that the case does not know count nothing.
        optimum: the most that a plan can reach under all rules, in the same unit.
    """

    constraints: tuple[Constraint, ...]
    objective: float
    optimum: float

    @property
    def kept(self) -> bool:
        """Whether every rule is kept."""
        return all(constraint.ok for constraint in self.constraints)


def judge_benchmark_plan(plan: object, case: Any) -> Judgement:
    """Judge a list of benchmark customers: known, each once, congruent, within the budget.

    Args:
        plan: account ids; a list, a set, a column, or a table with the column ``account_id``, as plain data.
        case: the case it was made for; its ``accounts`` and ``customers_home`` are used.

    Returns:
        A :class:`Judgement`; the objective is the covered value of prospects, in CNY a year.
    """
    problem = benchmark_problem(case.accounts, case.customers_home)
    entries = _entries(plan)
    known = [entry for entry in entries if isinstance(entry, str) and entry in problem.covered.index]
    chosen = list(dict.fromkeys(known))
    limits = problem.limits()
    constraints = (
        _known_accounts(entries, problem),
        _each_once(known),
        _congruent(chosen, problem),
        _within_budget(chosen, problem),
    )
    return Judgement(
        constraints=constraints,
        objective=coverage_value(problem.covered, problem.value, chosen),
        optimum=best_selection(problem.covered, problem.value, **limits).covered_value,
    )


def _entries(plan: object) -> list[object]:
    """What a plan lists, whatever it came as; texts are stripped of blanks."""
    if isinstance(plan, Mapping):
        tag = plan.get("t")
        if tag in ("list", "set"):
            plan = plan.get("v")
        elif tag == "table":
            plan = _column(plan.get("columns"), plan.get("data"), "account_id")
        else:
            plan = plan.get("account_id", list(plan))
    if isinstance(plan, str):
        plan = [plan]
    if isinstance(plan, Mapping | bytes) or not isinstance(plan, Iterable):
        return []
    return [entry.strip() if isinstance(entry, str) else entry for entry in plan]


def _column(names: object, data: object, wanted: str) -> object:
    if isinstance(names, list) and isinstance(data, list) and wanted in names[: len(data)]:
        return data[names.index(wanted)]
    return None


def _known_accounts(entries: list[object], problem: BenchmarkProblem) -> Constraint:
    label = "known"
    if not entries:
        return Constraint(label, False, "Your plan lists no account. Give a list of account ids.")
    strangers = [e for e in entries if not (isinstance(e, str) and e in problem.covered.index)]
    if strangers:
        prospects = set(problem.prospects["account_id"])
        first = strangers[0]
        a_prospect = isinstance(first, str) and first in prospects
        what = "is a prospect, but not a candidate" if a_prospect else "is not the id of a candidate"
        more = f" ({len(strangers)} such entries)" if len(strangers) > 1 else ""
        return Constraint(label, False, f"{_shown(first)} {what}{more}. Choose from the list of candidates.")
    return Constraint(label, True, "Every account is a candidate.")


def _each_once(known: list[str]) -> Constraint:
    repeated = [account for account in dict.fromkeys(known) if known.count(account) > 1]
    if repeated:
        times = known.count(repeated[0])
        return Constraint("once", False, f"{repeated[0]} stands in your plan {times} times; once is enough.")
    return Constraint("once", True, "Every account stands there once.")


def _congruent(chosen: list[str], problem: BenchmarkProblem) -> Constraint:
    fits = problem.candidates.set_index("account_id")["congruent"]
    misfits = [account for account in chosen if not fits[account]]
    if misfits:
        row = problem.candidates.set_index("account_id").loc[misfits[0]]
        trade = row["division"] in problem.profile.divisions
        why = (
            f"neither its size ({row['size_band']} employees) nor its district ({row['district']}) does"
            if trade
            else f"its division, {row['division']}, is not among your entry divisions"
        )
        more = f" {len(misfits)} of your accounts do not." if len(misfits) > 1 else ""
        return Constraint("congruent", False, f"{misfits[0]} does not fit your entry profile: {why}.{more}")
    return Constraint("congruent", True, "Every account fits your entry profile.")


def _within_budget(chosen: list[str], problem: BenchmarkProblem) -> Constraint:
    days = float(problem.candidates.set_index("account_id").loc[chosen, "days"].sum())
    ok = days <= problem.budget_days + 1e-9
    words = "within" if ok else "more than"
    return Constraint(
        "budget",
        ok,
        f"Winning them takes {days:g} selling days, {words} the {problem.budget_days:g} at hand.",
    )


def _shown(entry: object) -> str:
    """An entry as text, short enough for a message."""
    if entry is None or isinstance(entry, str | float | bool):
        text = repr(entry)
    elif isinstance(entry, int):
        text = str(entry) if abs(entry) < 10**15 else "a very large number"
    else:
        text = f"a {type(entry).__name__}"
    return text if len(text) <= 40 else text[:39] + "…"


#: Judges by the name that a question gives in `judge:`.
JUDGES: dict[str, Callable[[object, Any], Judgement]] = {"benchmark_plan": judge_benchmark_plan}
