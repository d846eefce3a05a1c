"""Figures of chapter 8: the people there are against the people that open cities need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from playbook.chapters.city_choice.judge import NAMES
from playbook.chapters.city_choice.problem import launch_problem
from playbook.chapters.city_choice.reading import calendar_of, scarce_role
from playbook.errors import PlaybookError
from playbook.figures.live import Live
from playbook.figures.style import COLORS, finish, new_figure
from playbook.market.bench import ROLES, Sequence
from playbook.words import N_, _, ngettext

SOURCE = N_("QiHang Cloud (fictional), bench and launch options")
#: How much of its row the tallest bar or line fills; the rest is for the numbers.
_BAND = 0.72


class BenchPicture(Live):
    """People there are and people that the open cities need, one band a role: see :func:`supply_against_need`.

    The bands stand in one set of axes, each to its own scale, because three sets take twice as long to draw.

    Args:
        cities, home: as there.
        quarters: numbers of the quarters.
    """

    def __init__(self, cities: pd.DataFrame, quarters: list[int], home: str = ""):
        self._cities, self._quarters, self._home = cities, quarters, home
        self._edges = [quarters[0] - 0.5, *(number + 0.5 for number in quarters)]
        figure, self._ax = new_figure(height=5.6)
        ax = self._ax
        for floor in range(len(ROLES)):
            ax.axhline(floor, color=COLORS["muted"], linewidth=0.8)
        ax.set_ylim(0, len(ROLES))
        ax.set_yticks(
            [len(ROLES) - 1 - place + _BAND / 2 for place in range(len(ROLES))],
            [_(NAMES[role]).capitalize() for role in ROLES],
            rotation=90,
            va="center",
        )
        ax.tick_params(axis="both", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(visible=False)
        ax.set_xticks(quarters, [_("quarter {number}").format(number=number) for number in quarters])
        ax.set_xlabel(_("Bars: needed. Line: there"))
        super().__init__(figure)

    def draw(self, people: pd.DataFrame, calendar: Sequence, scarce: str) -> Figure:
        """Bars for the need, a stepped line for the people there are; the scarce role is striped."""
        said = []
        for place, role in enumerate(ROLES):
            have = np.floor(people[role].to_numpy(float) + 1e-9)
            need = np.array(
                [
                    self._cities.loc[
                        ((calendar.quarter > 0) & (calendar.quarter <= number)).to_numpy(), role
                    ].sum()
                    for number in self._quarters
                ]
            )
            numbers = self._band(len(ROLES) - 1 - place, have, need, role == scarce)
            said.append(f"{_(NAMES[role])}: " + ", ".join(numbers))
        self._ax.set_ylim(0, len(ROLES))
        message = _message(calendar, scarce, self._home)
        self._ax.set_title(message)
        alt = _("{message}. Needed and there, quarter by quarter: {listed}.").format(
            message=message, listed="; ".join(said)
        )
        return finish(self.figure, _(SOURCE), alt)

    def _band(self, floor: int, have: np.ndarray, need: np.ndarray, scarce: bool) -> list[str]:
        """One role over its floor; returns the numbers that stand over its bars."""
        ax, scale = self._ax, _BAND / max(have.max(), need.max(), 1)
        ax.bar(
            self._quarters,
            need * scale,
            bottom=floor,
            width=0.62,
            color=COLORS["accent"] if scarce else COLORS["second"],
            hatch="///" if scarce else "",
            edgecolor=COLORS["paper"],
        )
        ax.stairs(floor + have * scale, self._edges, baseline=None, color=COLORS["ink"], linewidth=2.2)
        numbers = [f"{wanted:.0f} / {there:.0f}" for wanted, there in zip(need, have, strict=True)]
        tops = floor + scale * np.maximum(need, have)
        for number, top, text in zip(self._quarters, tops, numbers, strict=True):
            ax.annotate(
                text, (number, top), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=11.5
            )
        return numbers


def supply_against_need(
    cities: pd.DataFrame, people: pd.DataFrame, calendar: Sequence, scarce: str, home: str = ""
) -> Figure:
    """People there are and people that the open cities need, quarter by quarter, one band a role.

    Args:
        cities: ``city`` and the three roles: what each city takes.
        people: the three roles by quarter.
        calendar: what opens when.
        scarce: the role of which one more would bring most; empty if none would.
        home: where the company chooses, for the title; may be empty.

    Returns:
        Bars for the need, a stepped line for the people there are; the scarce role is striped.
    """
    return BenchPicture(cities, list(people.index), home).draw(people, calendar, scarce)


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
    """The figure of this chapter's section in the City Playbook: what the answered calendar asks of the bench.

    Args:
        answers: by question; of ``sequence``, the quarter of each city.

    Raises:
        PlaybookError: the calendar opens no city.
    """
    problem = launch_problem(case)
    calendar = calendar_of(answers, problem)
    if calendar is None:
        raise PlaybookError(_("the calendar opens no city, so there is nothing to draw"))
    return supply_against_need(problem.cities, problem.people, calendar, scarce_role(problem), case.city)
