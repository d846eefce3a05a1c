"""What chapter 12 says to a director: scale, hold or stop, by which numbers, and what happens on red."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.chapters.gates.problem import (
    HOLD,
    LIMITS,
    NAMES,
    SCALE,
    GateProblem,
    colour,
    gate_problem,
    off,
    said,
    verdict,
)
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
    text_of,
)
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (invented company): reports of six cities, home customers, launch panel")
#: What is done about a number that is red.
ON_RED = {
    "payback": N_("No new sellers; the cheapest channel first, weak channels closed"),
    "cover": N_("No new sellers; two weeks of visits for offers, reviewed weekly"),
    "density": N_("No new groups; managers from the bench or from old regions first"),
}
_COLOURS = {"green": N_("green"), "amber": N_("amber"), "red": N_("red")}


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on the gates.

    Args:
        case: the trainee's case.
        answers: by question; ``payback``, ``lifetime``, ``effect``, ``violator``, ``magic`` are used.
    """
    payback = number_of(answers, "payback")
    if payback is None or payback <= 0:
        return Summary()
    problem = gate_problem(case)
    own = problem.numbers.loc[case.city].copy()
    own["payback"] = payback
    outcome = verdict(*own)
    failed = off(own)
    numbers = problem.numbers.copy()
    numbers.loc[case.city] = own
    last = case.quarters[case.quarters["city"] == case.city].sort_values("quarter").iloc[-1]
    missing = int(last["managers_required"] - last["managers_ready"])
    return Summary(
        weight=30,
        lead=_lead(case.city, outcome, failed),
        numbers=sentences(
            _("Payback is {payback} months, pipeline cover {cover}, management density {density}.").format(
                payback=decimal(payback, 1), cover=decimal(own["cover"], 1), density=decimal(own["density"])
            ),
            _effect(answers),
        ),
        ask=Ask(
            people=_("{count} managers more").format(count=missing)
            if missing > 0 and "density" in failed
            else "",
            time=_("next gate in month 15"),
        ),
        against=_against(answers, problem),
        change=_change(outcome, failed),
        milestones=(
            *(
                (
                    Milestone(
                        4,
                        _("A plan to mend it is agreed: {names}").format(names=", ".join(map(said, failed))),
                    ),
                )
                if failed
                else ()
            ),
            Milestone(13, _("Gate of month 15: the three numbers, checked by somebody else")),
            Milestone(26, _("Gate of month 18")),
        ),
        tables=(_gates(own), _cities(numbers)),
        source=_(SOURCE),
        rests_on=("payback",),
    )


def _lead(city: str, outcome: str, failed: list[str]) -> str:
    if outcome == SCALE:
        return _("Scale {city}: all three gates are green").format(city=city)
    names = ", ".join(map(said, failed))
    if outcome == HOLD:
        return _("Hold {city}: not green is {names}").format(city=city, names=names)
    return _("Stop new money for {city} until this is mended: {names}").format(city=city, names=names)


def _effect(answers: Mapping[str, Any]) -> str:
    effect, pilot = number_of(answers, "effect"), text_of(answers, "violator")
    if effect is None:
        return ""
    said_effect = _(
        "The launch programme raised bookings by {effect} of what people and relations explain."
    ).format(effect=share(effect))
    left_out = _("One pilot is left out: it was rising before.") if pilot else ""
    return sentences(said_effect, left_out)


def _against(answers: Mapping[str, Any], problem: GateProblem) -> str:
    lifetime = number_of(answers, "lifetime")
    return sentences(
        _("A year is short; how long customers stay is known from the home markets only."),
        _("There a new one is worth {years} years, CNY {worth} of margin.").format(
            years=decimal(lifetime, 1), worth=count(lifetime * 12 * problem.month_cny * problem.margin)
        )
        if lifetime is not None and lifetime > 0
        else "",
    )


def _change(outcome: str, failed: list[str]) -> str:
    if outcome == SCALE:
        return _("If one of the three is no longer green in month 15, we hold.")
    limits = {
        "payback": _("payback at {limit} months or less").format(limit=count(LIMITS.payback[0])),
        "cover": _("pipeline cover at {limit} or more").format(limit=decimal(LIMITS.cover[0], 0)),
        "density": _("management density at {limit} or more").format(limit=decimal(LIMITS.density[0], 1)),
    }
    return _("We scale with {limits}.").format(limits=", ".join(limits[name] for name in failed))


def _gates(own: pd.Series) -> Table:
    shown = {"payback": 1, "cover": 1, "density": 2}
    limits = {
        "payback": (_("18 or less"), _("more than 24")),
        "cover": (_("3 or more"), _("less than 2")),
        "density": (_("0.8 or more"), _("less than 0.5")),
    }
    return Table(
        caption=_("The gates of month 12"),
        columns=(_("Number"), _("Now"), _("Green"), _("Red"), _("It is"), _("What happens on red")),
        rows=tuple(
            (
                said(name).capitalize(),
                decimal(own[name], shown[name]),
                *limits[name],
                _(_COLOURS[colour(name, own[name])]),
                _(ON_RED[name]),
            )
            for name in NAMES
        ),
        numbers=(1,),
        note=_("Payback in months. One red number stops, three green ones scale; none makes up for another."),
        rests_on=("payback",),
    )


def _cities(numbers: pd.DataFrame) -> Table:
    return Table(
        caption=_("Six cities after their first year"),
        columns=(_("City"), _("Payback, months"), _("Pipeline cover"), _("Management density"), _("Verdict")),
        rows=tuple(
            (
                str(row.Index),
                decimal(row.payback, 1),
                decimal(row.cover, 1),
                decimal(row.density),
                _(verdict(row.payback, row.cover, row.density)),
            )
            for row in numbers.itertuples()
        ),
        numbers=(1, 2, 3),
        rests_on=("payback",),
    )
