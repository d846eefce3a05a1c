"""Figures of chapter 8: the people there are against the people that open cities need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from playbook.chapters.city_choice.judge import NAMES
from playbook.chapters.city_choice.problem import launch_problem
from playbook.chapters.city_choice.reading import calendar_of, scarce_role
from playbook.figures.style import COLORS, finish, new_figure
from playbook.market.bench import ROLES, Sequence
from playbook.words import N_, _, ngettext

SOURCE = N_("QiHang Cloud (fictional), bench and launch options")


def supply_against_need(
    cities: pd.DataFrame, people: pd.DataFrame, calendar: Sequence, scarce: str, home: str = ""
) -> Figure:
    """People there are and people that the open cities need, quarter by quarter, one row of axes a role.

    Args:
        cities: ``city`` and the three roles: what each city takes.
        people: the three roles by quarter.
        calendar: what opens when.
        scarce: the role of which one more would bring most; empty if none would.
        home: where the company chooses, for the title; may be empty.

    Returns:
        Bars for the need, a stepped line for the people there are; the scarce role is striped.
    """
    fig, ax = new_figure(height=5.6)
    ax.remove()
    rows = fig.subplots(len(ROLES), 1, sharex=True)
    quarters = list(people.index)
    said = []
    for axes, role in zip(rows, ROLES, strict=True):
        have = np.floor(people[role].to_numpy(float) + 1e-9)
        need = [
            float(cities.loc[((calendar.quarter > 0) & (calendar.quarter <= number)).to_numpy(), role].sum())
            for number in quarters
        ]
        colour = COLORS["accent"] if role == scarce else COLORS["second"]
        axes.bar(
            quarters,
            need,
            width=0.62,
            color=colour,
            hatch="///" if role == scarce else "",
            edgecolor=COLORS["paper"],
        )
        edges = [quarters[0] - 0.5, *(number + 0.5 for number in quarters)]
        axes.stairs(have, edges, baseline=None, color=COLORS["ink"], linewidth=2.2)
        for number, wanted, there in zip(quarters, need, have, strict=True):
            axes.annotate(
                f"{wanted:.0f} / {there:.0f}",
                (number, max(wanted, there)),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=11,
            )
        axes.set_ylim(0, 1.45 * max(have.max(), *need, 1))
        axes.set_ylabel(_(NAMES[role]).capitalize())
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes.grid(axis="x", visible=False)
        said.append(
            f"{_(NAMES[role])}: "
            + ", ".join(f"{wanted:.0f} / {there:.0f}" for wanted, there in zip(need, have, strict=True))
        )
    rows[-1].set_xticks(quarters, [_("quarter {number}").format(number=number) for number in quarters])
    message = _message(calendar, scarce, home)
    rows[0].set_title(message)
    rows[-1].set_xlabel(_("Bars: needed. Line: there"))
    alt = _("{message}. Needed and there, quarter by quarter: {listed}.").format(
        message=message, listed="; ".join(said)
    )
    return finish(fig, _(SOURCE), alt)


def _message(calendar: Sequence, scarce: str, home: str) -> str:
    if not calendar.feasible:
        quarter, role = calendar.short[0][:2] if calendar.short else (calendar.crowded[0], "")
        if not role:
            return _("Quarter {quarter} is too crowded").format(quarter=quarter)
        return _("In quarter {quarter} there are too few {role}").format(quarter=quarter, role=_(NAMES[role]))
    opened = int((calendar.quarter > 0).sum())
    many = ngettext("{count} city opens", "{count} cities open", opened).format(count=opened)
    if not scarce:
        return _("{many}, and people are left in every role").format(many=many)
    if home:
        return _("{home}'s list: {many}, and {role} set the pace").format(
            home=home, many=many, role=_(NAMES[scarce])
        )
    return _("{many}, and {role} set the pace").format(many=many, role=_(NAMES[scarce]))


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook; `answers` by question, as far as there are any."""
    problem = launch_problem(case)
    calendar = calendar_of(answers, problem)
    return supply_against_need(problem.cities, problem.people, calendar, scarce_role(problem), case.city)
