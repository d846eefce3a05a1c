"""What chapter 10 says to a director: whether the month is made, the cadence, who is helped, and a model day."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.chapters.cadence.figures import LIGHTS
from playbook.chapters.cadence.judge import route_in
from playbook.chapters.cadence.problem import MonthProblem, day_problem, month_problem
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
from playbook.market.goals import light_of
from playbook.market.route import Route, best_route, clock, nearest_first, route_of
from playbook.words import N_, _, ngettext

SOURCE = N_(
    "QiHang Cloud (invented company), its board, twelve past months, and one day's stops; official calendar"
)


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on the month, the cadence and the day.

    Args:
        case: the trainee's case.
        answers: by question; ``forecast``, ``daily``, ``cascade``, ``risk``, ``talk_to`` and ``route`` are used.
    """
    problem, day = month_problem(case), day_problem(case)
    forecast, daily = number_of(answers, "forecast"), number_of(answers, "daily")
    people = list(problem.board["seller"])
    risk = [name for name in texts_of(answers, "risk") if name in people]
    talk = [name for name in texts_of(answers, "talk_to") if name in people]
    route = _route(answers, day)
    tables = (
        *(_groups(problem) if forecast is not None else ()),
        *(_cadence(risk, talk) if risk or talk else ()),
        *_day(route, day, case.accounts),
    )
    if forecast is None:
        return Summary(tables=tables, source=_(SOURCE))
    limits = problem.limits
    light = light_of(forecast, problem.target)
    low, high = problem.booked / limits.high, problem.booked / max(limits.low, 0.01)
    return Summary(
        weight=20,
        lead=_LEADS[light]().format(forecast=count(forecast), target=count(problem.target)),
        numbers=sentences(
            _(
                "{booked} contracts are signed on the evening of working day {gone} of {days}; a usual month has {share} by then."
            ).format(
                booked=count(problem.booked),
                gone=problem.gone,
                days=problem.gone + problem.left,
                share=share(problem.share),
            ),
            _("Each working day left must bring {daily}.").format(daily=decimal(daily, 1))
            if daily is not None
            else "",
        ),
        ask=Ask(
            people=ngettext("help for {count} seller", "help for {count} sellers", len(risk)).format(
                count=len(risk)
            )
            if risk
            else "",
            time=ngettext("{count} working day", "{count} working days", problem.left).format(
                count=problem.left
            ),
            money=_("one day's route brings CNY {prize}").format(prize=count(100 * route.prize))
            if route
            else "",
        ),
        against=_(
            "Past months differed: this one may end at {low} as well as at {high}. On a straight line it would be {line}."
        ).format(
            low=count(low),
            high=count(high),
            line=count(problem.booked / problem.gone * (problem.gone + problem.left)),
        ),
        change=_("Below {least} contracts at the month's end the light is red: help before then.").format(
            least=count(0.85 * problem.target)
        )
        if light != "red"
        else _("From {least} contracts at the month's end on the light is amber again.").format(
            least=count(0.85 * problem.target)
        ),
        milestones=(
            Milestone(1, _("The board hangs, by branch, group and person, and is filled in every evening")),
            Milestone(4, _("The first month has been reviewed: the forecast against what came")),
        ),
        tables=tables,
        source=_(SOURCE),
        rests_on=("forecast", "daily"),
    )


_LEADS = {
    "green": lambda: _("The month will be made: {forecast} of {target} contracts"),
    "amber": lambda: _("The month will be short without help: {forecast} of {target} contracts"),
    "red": lambda: _("The month will be missed: {forecast} of {target} contracts"),
}


def _route(answers: Mapping[str, Any], day: Any) -> Route | None:
    answer = answers.get("route")
    if isinstance(answer, pd.DataFrame | Mapping):
        answer = texts_of(answers, "route")
    order = route_in(answer, list(day.stops["stop_id"]))
    return route_of(order, day.stops, day.minutes) if order else None


def _groups(problem: MonthProblem) -> tuple[Table, ...]:
    rows = []
    for group, people in problem.board.groupby("group", sort=False):
        target, booked, projected = (int(people[name].sum()) for name in ("target", "booked", "projected"))
        light = _(LIGHTS[light_of(projected, target)])
        rows.append(
            (
                str(group),
                count(len(people)),
                count(target),
                count(booked),
                count(target - booked),
                count(projected),
                light,
            )
        )
    return (
        Table(
            caption=_("The board, by group"),
            columns=(
                _("Group"),
                _("Sellers"),
                _("Target"),
                _("Signed"),
                _("Gap"),
                _("Forecast"),
                _("Light"),
            ),
            rows=tuple(rows),
            numbers=(1, 2, 3, 4, 5),
            note=_("Green from 95 % of the target on, amber from 85 %. Contracts: new, renewed, extended."),
            rests_on=("cascade", "forecast"),
        ),
    )


def _cadence(risk: list[str], talk: list[str]) -> tuple[Table, ...]:
    helped = ", ".join(risk) if risk else _("those at risk")
    asked = ngettext(
        "a talk in private with {count} person", "talks in private with {count} people", len(talk)
    )
    return (
        Table(
            caption=_("Cadence"),
            columns=(_("When"), _("What"), _("Who")),
            rows=(
                (_("every morning, 15 minutes"), _("gap, and what it takes today"), _("the group")),
                (
                    _("every evening, 20 minutes"),
                    _("what customers said, and what is at risk"),
                    _("the group"),
                ),
                (_("every evening"), _("the board is filled in and sent out"), _("sales coordinator")),
                (_("this week"), _("help on deals: {names}").format(names=helped), _("supervisors")),
                (
                    _("this week"),
                    asked.format(count=len(talk)) if talk else _("reports against positions"),
                    _("the manager alone"),
                ),
                (_("every week"), _("report and call: forecast, risks, good and bad news"), _("supervisors")),
                (_("every month"), _("meeting in person: forecast against what came"), _("all leaders")),
            ),
            note=_("Names of those whose reports are asked about stay out of this document."),
            rests_on=("risk", "talk_to"),
        ),
    )


def _day(route: Route | None, day: Any, accounts: pd.DataFrame) -> tuple[Table, ...]:
    if route is None:
        return ()
    best, near = best_route(day.stops, day.minutes), nearest_first(day.stops, day.minutes)
    stops = day.stops.set_index("stop_id")
    firms = accounts.set_index("account_id")
    names = (firms["name"] + "\n" + firms["name_zh"]).to_dict()
    return (
        Table(
            caption=_("A model day"),
            columns=(_("Begins"), _("Leaves"), _("Customer"), _("Grade"), _("Brings, CNY")),
            rows=tuple(
                (
                    clock(row.begin),
                    clock(row.leave),
                    str(names.get(stops.loc[row.stop_id, "account_id"], "")),
                    str(stops.loc[row.stop_id, "grade"]),
                    count(100 * stops.loc[row.stop_id, "prize"]),
                )
                for row in route.timetable.itertuples()
            ),
            numbers=(4,),
            note=_(
                "Starts at 9:00, back at {home}, an hour of lunch in between. {part} of the best day; the nearest first "
                "reaches {near}."
            ).format(
                home=clock(route.home),
                part=share(route.prize / best.prize),
                near=share(near.prize / best.prize),
            ),
            rests_on=("route",),
        ),
    )
