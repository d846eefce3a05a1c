"""Figures of chapter 10: how the month fills, and the day's route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from playbook.chapters.cadence.problem import DayProblem, MonthProblem, month_problem
from playbook.figures.style import COLORS, finish, new_figure
from playbook.market.goals import control_limits, light_of
from playbook.market.route import Route, clock
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (fictional), board and twelve past months")
LIGHTS = {"green": N_("green"), "amber": N_("amber"), "red": N_("red")}


def usual_month(problem: MonthProblem) -> pd.DataFrame:
    """How a usual month fills, by its working days.

    Returns:
        One row a working day of this month: ``day`` (1 ...), ``share``, ``low``, ``high`` (natural limits of the past
        months at that point, within 0 and 1).
    """
    rows = []
    for day in range(1, problem.gone + problem.left + 1):
        left = problem.gone + problem.left - day
        limits = control_limits(problem.past.loc[problem.past["days_left"] == left, "share"])
        rows.append((day, limits.mean, max(limits.low, 0.0), min(limits.high, 1.0)))
    return pd.DataFrame(rows, columns=["day", "share", "low", "high"])


def burn_up(problem: MonthProblem, city: str) -> Figure:
    """Contracts signed so far beside the usual month that makes the target, and two ways to go on from today.

    Args:
        problem: the month. city: for the title.
    """
    usual = usual_month(problem)
    days, target = usual["day"].to_numpy(), problem.target
    fig, ax = new_figure(height=4.4)
    ax.fill_between(
        days, usual["low"] * target, usual["high"] * target, color=COLORS["grid"], label=_("past months")
    )
    ax.plot(days, usual["share"] * target, color=COLORS["muted"], linewidth=1.4, label=_("usual month"))
    ahead = days >= problem.gone
    ax.plot(
        days[ahead],
        (usual["share"] * problem.forecast).to_numpy()[ahead],
        color=COLORS["main"],
        linestyle=":",
        label=_("as months fill"),
    )
    straight = problem.booked / problem.gone
    ax.plot(
        days[ahead], straight * days[ahead], color=COLORS["accent"], linestyle="--", label=_("straight line")
    )
    ax.plot(
        days[: problem.gone], np.cumsum(problem.signed), color=COLORS["main"], marker="o", markersize=4,
        label=_("signed"),
    )  # fmt: skip
    ax.axhline(target, color=COLORS["ink"], linewidth=1)
    ax.annotate(
        _("target {target}").format(target=target), (1, target), xytext=(0, 4), textcoords="offset points"
    )
    ax.set_xlim(1, days[-1])
    ax.set_ylim(0, 1.18 * max(target, problem.forecast))
    ax.set_xlabel(_("Working day of the month"))
    ax.set_ylabel(_("Contracts"))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="lower right", fontsize=10.5)
    line = straight * days[-1]
    message = _("{city} reaches {forecast:.0f} of {target}; a straight line says {line:.0f}").format(
        city=city, forecast=problem.forecast, target=target, line=line
    )
    ax.set_title(message)
    alt = _(
        "{message}. After {gone} of {all} working days {booked} contracts are signed; a usual month has {share:.0%} by then. "
        "The light is {light}, on the straight line {other}."
    ).format(
        message=message,
        gone=problem.gone,
        all=problem.gone + problem.left,
        booked=problem.booked,
        share=problem.share,
        light=_(LIGHTS[light_of(problem.forecast, target)]),
        other=_(LIGHTS[light_of(line, target)]),
    )
    return finish(fig, _(SOURCE), alt)


def day_map(day: DayProblem, route: Route, city: str) -> Figure:
    """Tomorrow's stops, the larger the more they bring, and the way of one seller."""
    east = (day.stops["lon"] - day.lon) * 111.2 * np.cos(np.radians(day.lat))
    north = (day.stops["lat"] - day.lat) * 111.2
    place = dict(zip(day.stops["stop_id"], zip(east, north, strict=True), strict=True))
    fig, ax = new_figure(height=4.8)
    taken = day.stops["stop_id"].isin(route.order).to_numpy()
    size = 24 + 6 * day.stops["prize"].to_numpy(float)
    way = np.array([(0, 0), *(place[name] for name in route.order), (0, 0)])
    ax.plot(way[:, 0], way[:, 1], color=COLORS["main"], linewidth=1.6, zorder=1)
    for chosen, color in ((False, COLORS["muted"]), (True, COLORS["accent"])):
        ax.scatter(
            east[taken == chosen],
            north[taken == chosen],
            s=size[taken == chosen],
            color=color,
            alpha=0.85,
            zorder=2,
        )
    ax.scatter([0], [0], marker="s", s=70, color=COLORS["ink"], zorder=3)
    ax.annotate(_("office"), (0, 0), xytext=(6, -13), textcoords="offset points", fontsize=10.5)
    for name, (x, y) in place.items():
        ax.annotate(name, (x, y), xytext=(5, 5), textcoords="offset points", fontsize=10.5, zorder=4)
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_xlabel(_("km east of the office"))
    ax.set_ylabel(_("km north"))
    message = _("{city}: {count} stops bring CNY {prize:,.0f}, back at {home}").format(
        city=city, count=len(route.order), prize=100 * route.prize, home=clock(route.home)
    )
    ax.set_title(message)
    alt = _("{message}. The order is {order}. Larger circles bring more.").format(
        message=message, order=", ".join(route.order) or "–"
    )
    return finish(fig, _("QiHang Cloud (fictional), stops of one day"), alt)


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: the month beside the usual one.

    Args:
        answers: by question; the figure shows the case's own month, whatever they are.
    """
    return burn_up(month_problem(case), case.city)
