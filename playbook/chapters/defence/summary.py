"""What chapter 13 says to a director: what is signed for, how the plan runs, what the rules say, when to look again."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from playbook.chapters.defence.answers import OWN_QUESTIONS
from playbook.chapters.defence.answers import Plan as Answers
from playbook.chapters.defence.document import plan_answered
from playbook.chapters.defence.levers import SAID, signed_for
from playbook.chapters.defence.rules import check_plan
from playbook.chapters.defence.rules_people import DENSITIES
from playbook.chapters.defence.trial import RUNS, ends_known, run_of, simulated
from playbook.chapters.defence.verdict import counted, verdict
from playbook.chapters.summing import (
    Ask,
    Milestone,
    Summary,
    Table,
    count,
    decimal,
    number_of,
    sentences,
    share,
    texts_of,
)
from playbook.simulator.outcome import RANGE, Outcome
from playbook.simulator.parameters import CASH_LIMIT
from playbook.simulator.plan import Plan
from playbook.words import N_, _, ngettext

SOURCE = N_("The course's simulator, 40 runs: a wind tunnel, no forecast. QiHang Cloud (invented company)")
#: Levers that a director reads first.
LEVERS = ("sections", "areas", "offices", "heads", "veterans", "teams", "benchmarks", "follow_up")
#: What is signed for, in a few words.
SIGNED = {
    "promise": N_("bookings of year one, CNY million"),
    "first_step": N_("what is widened first"),
    "leader": N_("who leads"),
    "attack": N_("districts worked first"),
    "supervisors": N_("supervisors asked for"),
    "reviews": N_("how often the plan is looked at"),
    "day_hours": N_("hours of a working day"),
    "first_gate": N_("month of the first gate"),
}


def summary(case: Any, answers: Mapping[str, Any], whole: Answers | None = None) -> Summary:
    """The section on the defended plan.

    Args:
        case: the trainee's case.
        answers: by question; ``plan`` and ``signed`` are used.
        whole: the answers of all chapters; without them the rules say nothing.
    """
    plan = plan_answered(case, answers)
    if plan is None:
        return Summary()
    signed = signed_for(answers.get("signed"))
    outcome = run_of(case, plan)
    totals = outcome.totals()
    ends = ends_known(case)
    run = simulated(case, plan, ends) if ends else None
    checked = check_plan(whole, case, run) if whole is not None else None
    ruled = verdict(checked) if checked else None
    promise = number_of(signed, "promise")
    return Summary(
        weight=100,
        lead=_lead(case.city, plan, promise),
        numbers=sentences(
            _numbers(totals, run.gap_share if run else None), counted(checked) if checked else ""
        ),
        ask=Ask(
            people=ngettext(
                "{sellers} sellers after a year, {veterans} veteran",
                "{sellers} sellers after a year, {veterans} veterans",
                plan.veterans,
            ).format(sellers=plan.heads[3], veterans=plan.veterans),
            time=_("24 months"),
            money=_("up to CNY {most} million before it comes back").format(
                most=decimal(-totals["lowest"].quantile(RANGE[0]) / 1000, 1)
            ),
        ),
        against=_against(totals),
        change=_("If cash falls below minus CNY {limit} million, hiring stops.").format(
            limit=decimal(-CASH_LIMIT / 1000, 0)
        ),
        milestones=_milestones(plan, signed),
        tables=tuple(
            one
            for one in (_by_month(outcome), ruled, _levers(case, plan), _signed(signed))
            if one and one.rows
        ),
        source=_(SOURCE),
        rests_on=("plan", "signed") if signed else ("plan",),
    )


def _lead(city: str, plan: Plan, promise: float | None) -> str:
    if promise is None:
        return _("Open {city} with {sellers} sellers").format(city=city, sellers=plan.heads[0])
    return _("Open {city} with {sellers} sellers, and sign for CNY {promise} million in year one").format(
        city=city, sellers=plan.heads[0], promise=decimal(promise, 1)
    )


def _numbers(totals: Any, gap: float | None) -> str:
    low, high = (totals["customers"].quantile(q) for q in RANGE)
    told = _("In eight of ten simulated runs the city has {low} to {high} customers after 24 months.").format(
        low=count(low), high=count(high)
    )
    closes = _("The plan closes {part} of the gap to the best one known.").format(part=share(gap))
    return sentences(told, closes if gap is not None else "")


def _against(totals: Any) -> str:
    low, high = (totals["value"].quantile(q) / 1000 for q in RANGE)
    return _(
        "The same plan is worth CNY {low} to {high} million, by luck alone; {leave} of the sellers leave in a year."
    ).format(low=decimal(low, 1), high=decimal(high, 1), leave=share(totals["attrition"].mean()))


def _milestones(plan: Plan, signed: Mapping[str, Any]) -> tuple[Milestone, ...]:
    found = [
        Milestone(
            13,
            _("{sellers} sellers, {veterans} veterans").format(sellers=plan.heads[0], veterans=plan.veterans),
        )
    ]
    gate = number_of(signed, "first_gate")
    if gate is not None and 1 <= gate <= 24:
        week = round(gate * 52 / 12)
        found.append(Milestone(week, _("First gate, month {month}").format(month=count(gate))))
    return tuple(found)


def _by_month(outcome: Outcome) -> Table:
    rows = []
    for month in (6, 12, 18, 24):
        cells = [str(month)]
        for column, unit, decimals in (
            ("cash", 1000, 1),
            ("reps", 1, 0),
            ("customers", 1, 0),
            ("density", 1, 2),
        ):
            low, high = np.quantile(outcome.column(column)[:, month - 1] / unit, RANGE)
            cells.append(
                _("{low} to {high}").format(low=decimal(low, decimals), high=decimal(high, decimals))
            )
        rows.append(tuple(cells))
    return Table(
        caption=_("The run: what eight of ten of {runs} runs lie between").format(runs=RUNS),
        columns=(
            _("Month"),
            _("Cash, CNY million"),
            _("Sellers"),
            _("Customers"),
            _("Management density"),
        ),
        rows=tuple(rows),
        numbers=(0, 1, 2, 3, 4),
        rests_on=("plan",),
    )


def _levers(case: Any, plan: Plan) -> Table:
    sections = dict(zip(case.sections["section"], case.sections["name_short"], strict=True))
    rows = []
    for name in LEVERS:
        value = getattr(plan, name)
        if name == "sections":
            value = tuple(_(sections.get(one, one)) for one in value)
        text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        rows.append((_(SAID[name]), text or _("all")))
    return Table(
        caption=_("The plan"),
        columns=(_("Lever"), _("Value")),
        rows=tuple(rows),
        rests_on=("plan",),
    )


def _signed(signed: Mapping[str, Any]) -> Table:
    rows = []
    for name in OWN_QUESTIONS:
        value = signed.get(name)
        if name == "first_step" and isinstance(value, str) and value in DENSITIES:
            value = _(DENSITIES[value][0])
        text = ", ".join(texts_of(signed, name)) or (
            str(value) if isinstance(value, str | int | float) else ""
        )
        if text:
            rows.append((_(SIGNED[name]), text[:200]))
    return Table(
        caption=_("Signed for"),
        columns=(_("What"), _("Value")),
        rows=tuple(rows),
        rests_on=("signed",),
    )
