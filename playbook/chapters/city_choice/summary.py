"""What chapter 8 says to a director: which city opens in which quarter, who may lead it, what waits and for whom."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.chapters.city_choice.judge import NAMES
from playbook.chapters.city_choice.problem import launch_problem
from playbook.chapters.city_choice.reading import calendar_of, gains
from playbook.chapters.summing import Ask, Milestone, Summary, Table, count, decimal, sentences, texts_of
from playbook.market.bench import SCORES, sequence_in_turn
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (invented company), its bench, its judges, and its list of cities")


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on which city opens when.

    Args:
        case: the trainee's case.
        answers: by question; ``sequence``, ``order``, ``eligible`` are used.
    """
    problem = launch_problem(case)
    calendar = calendar_of(answers, problem)
    if calendar is None:
        return Summary(tables=_leaders(case.bench, answers), source=_(SOURCE))
    cities = problem.cities.set_index("city")
    opened = calendar.quarter[calendar.quarter > 0].sort_values(kind="stable")
    waits = list(calendar.quarter.index[calendar.quarter == 0])
    more = gains(problem)
    scarce = str(more.idxmax()) if more.max() > 0 else ""
    first = [str(name) for name in opened.index[opened == opened.iloc[0]]]
    largest = list(cities["value"].sort_values(ascending=False, kind="stable").index)
    naive = sequence_in_turn(largest, problem.cities, problem.people)
    taken = cities.loc[opened.index]
    return Summary(
        weight=30,
        lead=_("Open {cities} first, in quarter {quarter}").format(
            cities=_(" and ").join(first), quarter=int(opened.iloc[0])
        ),
        numbers=_(
            "{count} of {all} cities open in four quarters and bring CNY {value} million by month 24; the largest city first "
            "would bring {naive}."
        ).format(
            count=len(opened),
            all=len(cities),
            value=decimal(calendar.value / 100, 1),
            naive=decimal(naive.value / 100, 1),
        ),
        ask=Ask(
            people=_("{leaders} managers, {supervisors} supervisors, {veterans} veterans").format(
                leaders=count(taken["leaders"].sum()),
                supervisors=count(taken["supervisors"].sum()),
                veterans=count(taken["veterans"].sum()),
            ),
            time=_("4 quarters"),
            money=_("CNY {millions} million to open them").format(
                millions=decimal(taken["cost_10k"].sum() / 100, 1)
            ),
        ),
        against=sentences(
            _("Later: {cities}.").format(cities=", ".join(waits)) if waits else "",
            _("What is short are {role}: the bench sets the pace, not the market.").format(
                role=_(NAMES[scarce])
            )
            if waits and scarce
            else "",
        ),
        change=_(
            "One more of the {role} from the first quarter on would bring CNY {more} million more."
        ).format(role=_(NAMES[scarce]), more=decimal(more.max() / 100, 1))
        if scarce
        else "",
        milestones=tuple(
            Milestone(
                13 * int(quarter),
                _("{city} is open, and everybody whom it takes is there").format(city=city),
            )
            for city, quarter in opened.items()
        ),
        tables=(_calendar(cities, calendar.quarter, answers), *_leaders(case.bench, answers)),
        source=_(SOURCE),
        rests_on=("sequence",),
    )


def _calendar(cities: pd.DataFrame, quarter: pd.Series, answers: Mapping[str, Any]) -> Table:
    order = texts_of(answers, "order")
    by_quarter = quarter.where(quarter > 0, 9).sort_values(kind="stable").index
    return Table(
        caption=_("The calendar of openings"),
        columns=(
            _("City"),
            _("Opens in quarter"),
            _("A full month, CNY 10,000"),
            _("Opening, CNY 10,000"),
            _("Managers"),
            _("Supervisors"),
            _("Veterans"),
            _("Place by score"),
        ),
        rows=tuple(
            (
                str(city),
                str(int(quarter[city])) if quarter[city] else _("later"),
                decimal(cities.loc[city, "value"], 1),
                count(cities.loc[city, "cost_10k"]),
                count(cities.loc[city, "leaders"]),
                count(cities.loc[city, "supervisors"]),
                count(cities.loc[city, "veterans"]),
                str(order.index(city) + 1) if city in order[:3] else _("lower"),
            )
            for city in by_quarter
        ),
        numbers=(2, 3, 4, 5, 6),
        note=_(
            "A full month: contracts half a year after the opening. Weights: of the judges who do not contradict themselves."
        ),
        rests_on=("sequence", "order"),
    )


def _leaders(bench: pd.DataFrame, answers: Mapping[str, Any]) -> tuple[Table, ...]:
    people = bench.set_index("person_id")
    named = [person for person in texts_of(answers, "eligible") if person in people.index]
    if not named:
        return ()
    return (
        Table(
            caption=_("Who may be appointed manager"),
            columns=(_("Person"), _("Results"), _("Process"), _("Team"), _("Strategy"), _("Would move")),
            rows=tuple(
                (
                    person,
                    *(count(people.loc[person, score]) for score in SCORES),
                    _("yes") if people.loc[person, "would_move"] else _("no"),
                )
                for person in named
            ),
            numbers=(1, 2, 3, 4),
            note=_(
                "From the bench only; each of the four scores is at least 60. The scores are other people's judgement: they "
                "open a conversation, they do not replace it, the law, or the person's consent."
            ),
            rests_on=("eligible",),
        ),
    )
