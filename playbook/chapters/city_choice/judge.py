"""Judge of chapter 8: a calendar of openings that the bench can staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from playbook.chapters.city_choice.problem import launch_problem
from playbook.chapters.city_choice.reading import quarter_of
from playbook.chapters.judging import Constraint, Judgement, entries_of, shown
from playbook.kept import once_a_case
from playbook.market.bench import LATER, ROLES, Sequence, best_sequence, sequence_of
from playbook.words import N_, _

#: Openings in a quarter, at most.
MOST = 2
NAMES = {"leaders": N_("managers"), "supervisors": N_("supervisors"), "veterans": N_("veterans")}


_problem = once_a_case(launch_problem)


@once_a_case
def _most_value(case: Any) -> float:
    problem = _problem(case)
    return best_sequence(problem.cities, problem.people).value


def judge_sequence(plan: object, case: Any) -> Judgement:
    """Judge a calendar: every city once, quarters 1 to 4 or later, two a quarter, never more people than there are.

    Args:
        plan: quarter by city (0 or ``later`` for a city that waits): a dictionary, or a table with the columns
            ``city`` and ``quarter``, as plain data.
        case: the case it was made for; its launch options, bench and assumptions are used.

    Returns:
        A :class:`Judgement`; the objective is what the openings bring by month 24, in CNY 10,000.
    """
    problem = _problem(case)
    names = list(problem.cities["city"])
    spelled = {name.casefold(): name for name in names}
    pairs = [
        (spelled.get(city.strip().casefold(), city) if isinstance(city, str) else city, quarter_of(quarter))
        for city, quarter in _pairs(plan)
    ]
    known = [(city, quarter) for city, quarter in pairs if city in names]
    when = {city: quarter for city, quarter in known if quarter in range(len(problem.people) + 1)}
    calendar = sequence_of({name: when.get(name, LATER) for name in names}, problem.cities, problem.people)
    constraints = (
        _known([city for city, _when in pairs], names),
        _every_city([city for city, _when in known], names),
        _real_quarters(known, len(problem.people)),
        _not_crowded(calendar),
        *(_staffed(calendar, role) for role in ROLES),
    )
    return Judgement(constraints, calendar.value, _most_value(case))


def _pairs(plan: object) -> list[tuple[object, object]]:
    """What a calendar says, whatever it came as."""
    if not isinstance(plan, Mapping):
        return [(entry, None) for entry in entries_of(plan, "city")]
    columns = {name: values for name, values in plan.items() if isinstance(values, list)}
    if not columns:
        return list(plan.items())
    cities = entries_of(plan, "city")
    rest = [values for values in columns.values() if values and not any(isinstance(v, str) for v in values)]
    quarters = columns.get("quarter", rest[-1] if rest else [])
    return list(zip(cities, quarters, strict=False))


def _known(entries: list[object], names: list[str]) -> Constraint:
    if not entries:
        return Constraint("known", False, _("Your plan names no city. Give each city of the list a quarter."))
    strangers = [entry for entry in entries if entry not in names]
    if strangers:
        message = _("{entry} is not on the list of cities. They are: {cities}.").format(
            entry=shown(strangers[0]), cities=", ".join(names)
        )
        return Constraint("known", False, message)
    return Constraint("known", True, _("Every city is on the list."))


def _every_city(known: list[object], names: list[str]) -> Constraint:
    twice = [name for name, times in Counter(known).items() if times > 1]
    if twice:
        return Constraint("all", False, _("{city} stands in your plan twice.").format(city=twice[0]))
    missing = [name for name in names if name not in known]
    if missing:
        message = _("Your plan does not say when {cities} opens: give a quarter, or 0 for later.").format(
            cities=", ".join(missing)
        )
        return Constraint("all", False, message)
    return Constraint("all", True, _("Every city has its place once."))


def _real_quarters(known: list[tuple[object, object]], last: int) -> Constraint:
    for city, quarter in known:
        if quarter is None:
            message = _("Your plan gives {city} no quarter. End your line with `.quarter.to_dict()`.").format(
                city=city
            )
            return Constraint("quarters", False, message)
        if quarter not in range(last + 1):
            message = _("{city} opens in quarter {quarter}: use 1 to {last}, or 0 for later.").format(
                city=city, quarter=quarter, last=last
            )
            return Constraint("quarters", False, message)
    if not known or all(quarter == LATER for _city, quarter in known):
        return Constraint("quarters", False, _("Nothing opens in your plan: every city waits."))
    return Constraint("quarters", True, _("Every quarter is one of the calendar."))


def _not_crowded(calendar: Sequence) -> Constraint:
    if calendar.crowded:
        message = _(
            "More than {most} cities open in quarter {quarter}: head office can help two at a time."
        ).format(most=MOST, quarter=calendar.crowded[0])
        return Constraint("two a quarter", False, message)
    return Constraint("two a quarter", True, _("No quarter has more than two openings."))


def _staffed(calendar: Sequence, role: str) -> Constraint:
    short = [(quarter, missing) for quarter, who, missing in calendar.short if who == role]
    if short:
        quarter, missing = short[0]
        message = _(
            "In quarter {quarter} the open cities need more {role} than there are, {missing} too many: whoever is sent to a "
            "city stays there."
        ).format(quarter=quarter, missing=missing, role=_(NAMES[role]))
        return Constraint(role, False, message)
    if not (calendar.quarter > 0).any():
        return Constraint(
            role, False, _("Nothing opens, so no {role} are needed.").format(role=_(NAMES[role]))
        )
    return Constraint(role, True, _("There are {role} enough in every quarter.").format(role=_(NAMES[role])))
