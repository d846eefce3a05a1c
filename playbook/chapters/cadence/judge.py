"""Judge of chapter 10: one seller's day."""

from __future__ import annotations

from collections import Counter
from typing import Any

from playbook.chapters.cadence.problem import day_problem
from playbook.chapters.judging import Constraint, Judgement, entries_of, shown
from playbook.kept import once_a_case
from playbook.market.route import DAY_MIN, LEAST_STOPS, Route, best_route, clock, route_of
from playbook.words import _, ngettext

_day = once_a_case(day_problem)


@once_a_case
def _most_prize(case: Any) -> float:
    day = _day(case)
    return best_route(day.stops, day.minutes).prize


def judge_route(plan: object, case: Any) -> Judgement:
    """Judge a day: known stops, each once, five or more, none too late, back by 18:00; the more it brings the better.

    Args:
        plan: names of stops in the order of the day; a list, a column, or a table with the column ``stop_id``, as
            plain data.
        case: the case it was made for; its stops, cities and assumptions are used.

    Returns:
        A :class:`Judgement`; the objective is what the day's stops bring, in CNY 100.
    """
    day = _day(case)
    names = list(day.stops["stop_id"])
    spelled = {name.casefold(): name for name in names}
    entries = [
        spelled.get(entry.casefold(), entry) if isinstance(entry, str) else entry
        for entry in entries_of(plan, "stop_id")
    ]
    known = [entry for entry in entries if entry in names]
    route = route_of(list(dict.fromkeys(known)), day.stops, day.minutes)
    constraints = (
        _known(entries, names),
        _once(known),
        _enough(route),
        _in_time(route),
        _home(route),
    )
    return Judgement(constraints, route.prize, _most_prize(case))


def route_in(answer: object, names: list[str]) -> list[str]:
    """The stops that an answer names, in its order, each once; none where it is of another shape."""
    if isinstance(answer, str) or not hasattr(answer, "__iter__"):
        return []
    spelled = {name.casefold(): name for name in names}
    found = [spelled.get(one.strip().casefold(), "") for one in answer if isinstance(one, str)]
    return [name for name in dict.fromkeys(found) if name]


def _known(entries: list[object], names: list[str]) -> Constraint:
    if not entries:
        return Constraint("known", False, _("Your day has no stop. Name the stops in their order."))
    strangers = [entry for entry in entries if entry not in names]
    if strangers:
        message = _("{entry} is no stop of tomorrow. They are: {stops}.").format(
            entry=shown(strangers[0]), stops=", ".join(names)
        )
        return Constraint("known", False, message)
    return Constraint("known", True, _("Every entry is a stop of tomorrow."))


def _once(known: list[object]) -> Constraint:
    twice = [name for name, count in Counter(known).items() if count > 1]
    if twice:
        return Constraint(
            "once", False, _("{stop} stands in your day twice: one visit is enough.").format(stop=twice[0])
        )
    if not known:
        return Constraint("once", False, _("No stop of tomorrow stands in your day."))
    return Constraint("once", True, _("Every stop stands there once."))


def _enough(route: Route) -> Constraint:
    count = len(route.order)
    message = ngettext(
        "Your day has {count} stop; at least {least} are asked for.",
        "Your day has {count} stops; at least {least} are asked for.",
        count,
    ).format(count=count, least=LEAST_STOPS)
    return Constraint("enough", count >= LEAST_STOPS, message)


def _in_time(route: Route) -> Constraint:
    if route.late:
        begin = route.timetable.set_index("stop_id")["begin"][route.late[0]]
        message = _(
            "You come to {stop} at {begin}, when it sees nobody any more: go there earlier, or leave it out."
        ).format(stop=route.late[0], begin=clock(begin))
        return Constraint("windows", False, message)
    if not route.order:
        return Constraint("windows", False, _("Nobody is visited."))
    return Constraint("windows", True, _("You come to no customer too late."))


def _home(route: Route) -> Constraint:
    if not route.order:
        return Constraint("home", False, _("The car stays at the office."))
    if route.home > DAY_MIN:
        message = _(
            "You are back at the office at {back}, and the day ends at {end}: an hour of lunch, every visit and the way "
            "home count."
        ).format(back=clock(route.home), end=clock(DAY_MIN))
        return Constraint("home", False, message)
    return Constraint("home", True, _("You are back at the office at {back}.").format(back=clock(route.home)))
