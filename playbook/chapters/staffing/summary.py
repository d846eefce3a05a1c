"""What chapter 9 says to a director: heads by quarter, veterans by group, terms of a move, promotions protected."""

from collections.abc import Mapping
from typing import Any

from playbook.chapters.staffing.problem import TARGET_MONTH, staffing_problem
from playbook.chapters.staffing.reading import heads_by_quarter, month_answered, seeding_answered
from playbook.chapters.summing import (
    GAP,
    Ask,
    Milestone,
    Summary,
    Table,
    count,
    decimal,
    number_of,
    sentences,
    share,
)
from playbook.market.staffing import cohort_table
from playbook.words import N_, _, ngettext

SOURCE = N_("QiHang Cloud (invented company), its newcomers, its plan of hires and its terms of a move")
_GROUPS = {
    "G1": N_("first group here"),
    "G2": N_("second group here"),
    "G3": N_("first group of the next city"),
    "G4": N_("second group of the next city"),
}


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on staffing.

    Args:
        case: the trainee's case.
        answers: by question; ``needed``, ``hire_by``, ``seeding``, ``offer`` are used.
    """
    problem = staffing_problem(case)
    usual = case.assumptions.set_index("name")["usual"]
    month, seeding = month_answered(answers), seeding_answered(answers, case.veterans)
    needed, offer = number_of(answers, "needed"), number_of(answers, "offer")
    terms = (*_veterans(case, seeding), *_terms(usual, offer))
    if month is None:
        return Summary(tables=terms, source=_(SOURCE))
    hires = problem.with_more(month)
    there = cohort_table(hires, problem.worth).loc[TARGET_MONTH].sum()
    ready = problem.ready
    return Summary(
        weight=29,
        lead=_("Hire {people} more by month {month}").format(people=problem.together, month=month),
        numbers=sentences(
            _("The visits of a year take {needed} experienced sellers.").format(needed=count(needed))
            if needed is not None
            else "",
            _(
                "With those hires month {target} has {there} of the {need} that it takes, without them {plan}."
            ).format(
                target=TARGET_MONTH,
                there=decimal(there, 1),
                need=count(problem.need),
                plan=decimal(problem.capacity[TARGET_MONTH], 1),
            ),
        ),
        ask=Ask(
            people=_("{people} newcomers in a year").format(people=count(hires.sum())),
            time=ngettext(
                "{months} month until a newcomer is ready",
                "{months} months until a newcomer is ready",
                int(ready["with"]),
            ).format(months=int(ready["with"])),
            money=_("CNY {once} for each veteran who moves").format(once=count(usual["move_once_cny"])),
        ),
        against=sentences(
            _("{quits} of the newcomers leave in a month, and all are paid from the first day.").format(
                quits=share(problem.quits, 1)
            ),
            _("Without a veteran in the group it takes {months} months instead of {beside}.").format(
                months=int(ready["without"]), beside=int(ready["with"])
            ),
        ),
        change=_("If month {target} may have {gap} experienced sellers fewer, nobody more is hired.").format(
            target=TARGET_MONTH, gap=decimal(problem.gap, 1)
        ),
        milestones=(
            Milestone(
                max(1, round((month - 1) * 52 / 12)),
                _("{people} more newcomers have started").format(people=problem.together),
            ),
            Milestone(
                round((TARGET_MONTH - 1) * 52 / 12),
                _("The team is worth {need} experienced sellers").format(need=count(problem.need)),
            ),
        ),
        tables=(_heads(problem, month), *terms),
        source=_(SOURCE),
        rests_on=("needed", "hire_by"),
    )


def _heads(problem: Any, month: int) -> Table:
    cohorts = cohort_table(problem.with_more(month), problem.worth)
    plan = heads_by_quarter(problem, None)
    wanted = heads_by_quarter(problem, month)
    return Table(
        caption=_("Heads by quarter"),
        columns=(
            _("Quarter"),
            _("Start by head office's plan"),
            _("Start by this plan"),
            _("Worth in its last month, experienced sellers"),
        ),
        rows=tuple(
            (
                str(number + 1),
                count(drafted),
                count(people),
                decimal(cohorts.loc[3 * number + 3].sum(), 1),
            )
            for number, (drafted, people) in enumerate(zip(plan, wanted, strict=True))
        ),
        numbers=(1, 2, 3),
        note=_("Measured on newcomers beside a veteran, those who left included."),
        rests_on=("capacity", "hire_by"),
    )


def _veterans(case: Any, seeding: Any) -> tuple[Table, ...]:
    if seeding is None:
        return ()
    known = case.veterans.set_index("veteran_id")
    return (
        Table(
            caption=_("Veterans by group"),
            columns=(_("Group"), _("Veterans"), _("How they sell")),
            rows=tuple(
                (_(where), ", ".join(people) or GAP, ", ".join(known.loc[people, "profile"]) or GAP)
                for group, where in _GROUPS.items()
                for people in [[str(one) for one, there in seeding.group.items() if there == group]]
            ),
            note=_("Only those who want to go; asked before the plan was made."),
            rests_on=("seeding",),
        ),
    )


def _terms(usual: Any, offer: float | None) -> tuple[Table, ...]:
    if offer is None:
        return ()
    rows = (
        (_("Paid once, CNY"), count(usual["move_once_cny"])),
        (_("Base pay on top, CNY a month"), count(usual["move_base_cny"])),
        (_("Rent and journeys home, CNY a month"), count(usual["move_rent_cny"])),
        (_("Commission on top, share of bookings"), share(usual["move_tilt"])),
        (_("Ends after, months"), count(usual["move_months"])),
        (_("Earned back after, months"), decimal(offer, 1)),
        (_("Promoted above 90 % of the goal"), _("the same share of the options")),
    )
    return (
        Table(
            caption=_("Terms of a veteran's move"),
            columns=(_("Term"), _("Value")),
            rows=rows,
            numbers=(1,),
            note=_("In writing, with the veteran's consent and an end date; nobody is moved by an order."),
            rests_on=("offer",),
        ),
    )
