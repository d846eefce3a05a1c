"""Figures of chapter 9: how newcomers learn, and cohorts stacked against what the work takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from playbook.chapters.staffing.problem import TARGET_MONTH, StaffingProblem, staffing_problem
from playbook.chapters.staffing.reading import month_answered
from playbook.figures.live import Live
from playbook.figures.style import COLORS, LINES, MARKERS, finish, new_figure
from playbook.market.staffing import READY, cohort_table, fit_ramp, ramp
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (fictional), newcomers of its last launches and plan of hires")
#: Fill and hatch of the cohorts, from the oldest to the youngest; those hired together stand out.
FILLS = ("main", "second", "third", "good", "warn", "muted")
HATCHES = ("", "//", "..", "\\\\", "xx", "--")
_NAMES = {"with": N_("with a veteran"), "without": N_("without a veteran")}


def newcomers(problem: StaffingProblem) -> Figure:
    """The measured level by month of service, with and without a veteran, and the smooth ramp through each.

    Args:
        problem: of a case.
    """
    fig, ax = new_figure(height=4.2)
    ready = problem.ready
    said = []
    for place, name in enumerate(_NAMES):
        measured = (problem.curve[name] / problem.ripe).dropna().loc[1:15]
        half, spread = fit_ramp(measured.index.to_numpy(float), measured.to_numpy(float))
        smooth = np.linspace(1, measured.index.max(), 80)
        color = COLORS["main"] if name == "with" else COLORS["accent"]
        ax.plot(smooth, ramp(smooth, half, spread), LINES[place], color=color)
        ax.plot(measured.index, measured, MARKERS[place], color=color, ms=6, label=_(_NAMES[name]))
        month = int(ready[name])
        ax.annotate(
            _("month {month}").format(month=month),
            (month, float(measured[month])),
            xytext=(-8, 5) if name == "with" else (8, -14),
            textcoords="offset points",
            ha="right" if name == "with" else "left",
            color=color,
            fontsize=11.5,
        )
        said.append(
            _("{name}: 80 % in month {month}, half after {half:.1f} months").format(
                name=_(_NAMES[name]), month=month, half=half
            )
        )
    ax.axhline(READY, color=COLORS["muted"], linewidth=1.2, linestyle=":")
    ax.set_ylim(0, 1.25)
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0], ["0", "20", "40", "60", "80", "100"])
    ax.set_xlabel(_("Month of service"))
    ax.set_ylabel(_("Bookings, % of the ripe level"))
    ax.legend(loc="lower right")
    earlier = int(ready["without"] - ready["with"])
    title = _("Beside a veteran newcomers are ready {earlier} months earlier").format(earlier=earlier)
    ax.set_title(title)
    alt = _("{title}. {listed}.").format(title=title, listed="; ".join(said))
    return finish(fig, _(SOURCE), alt)


class CohortPicture(Live):
    """Capacity by month, one layer a group of hires, against what month 9 takes: see :func:`cohorts_against_need`.

    Args:
        layers: what each group is called, the oldest first.
        months: their numbers.
        need: experienced sellers that month 9 takes.
    """

    def __init__(self, layers: Sequence[str], months: Sequence[int], need: float):
        self._need, self._months = need, list(months)
        figure, self._ax = new_figure(height=4.4)
        ax = self._ax
        self._bars = [
            ax.bar(
                self._months,
                0.0,
                width=0.8,
                color=COLORS[FILLS[place % len(FILLS)]],
                hatch=HATCHES[place % len(HATCHES)],
                edgecolor=COLORS["paper"],
                linewidth=0.6,
                label=label,
            ).patches
            for place, label in enumerate(layers)
        ]
        (line,) = ax.plot(
            [TARGET_MONTH - 0.5, self._months[-1] + 0.5],
            [need, need],
            "--",
            color=COLORS["ink"],
            linewidth=2.2,
        )
        words = ax.annotate(
            _("month {month} takes {need:.0f}").format(month=TARGET_MONTH, need=need),
            (TARGET_MONTH - 0.6, need),
            ha="right",
            va="center",
            fontsize=11.5,
            bbox={"facecolor": COLORS["paper"], "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )
        ax.set_xticks(self._months)
        ax.grid(visible=False, axis="x")
        ax.set_xlabel(_("Month after the opening"))
        ax.set_ylabel(_("Experienced sellers"))
        ax.legend(loc="upper left", fontsize=10.5, ncols=2)
        super().__init__(figure, [*(bar for layer in self._bars for bar in layer), line, words])

    def widest(self) -> None:
        """More than a hundred sellers."""
        self._ax.set_ylim(0, 150)

    def draw(self, cohorts: pd.DataFrame, hire_by: int = 0, city: str = "") -> Figure:
        """Set the bars.

        Args:
            cohorts: months x groups of hires, experienced sellers.
            hire_by, city: for the title.
        """
        need, floor = self._need, np.zeros(len(self._months))
        for layer, column in zip(self._bars, cohorts.columns, strict=True):
            heights = cohorts[column].to_numpy(float)
            for bar, bottom, height in zip(layer, floor, heights, strict=True):
                bar.set(y=bottom, height=height)
            floor = floor + heights
        # Room for the legend above the tallest bar.
        self._ax.set_ylim(0, self.end(max(need, floor.max()) * 1.5))
        title = message(float(floor[TARGET_MONTH - 1]), need, hire_by, city)
        self._ax.set_title(title)
        listed = ", ".join(f"{month}: {value:.1f}" for month, value in zip(self._months, floor, strict=True))
        alt = _("{title}. Experienced sellers by month: {listed}. Month 9 takes {need:.0f}.").format(
            title=title, listed=listed, need=need
        )
        return finish(self.figure, _(SOURCE), alt)


def cohorts_against_need(cohorts: pd.DataFrame, need: float, hire_by: int = 0, city: str = "") -> Figure:
    """Capacity by month, one layer a month of hiring, against what month 9 takes.

    Args:
        cohorts: months x months of hiring, experienced sellers.
        need: experienced sellers that month 9 takes.
        hire_by: the last month to hire, for the title; 0 if it is not known.
        city: for the title; may be empty.

    Returns:
        Stacked bars, each cohort with its own hatch, and a dashed line for the need from month 9 on.
    """
    layers = [_("hired in month {month}").format(month=start) for start in cohorts.columns]
    return CohortPicture(layers, list(cohorts.index), need).draw(cohorts, hire_by, city)


def message(there: float, need: float, hire_by: int, city: str) -> str:
    """The one sentence of the picture."""
    if hire_by:
        who = _("Who is to sell in month {target} is hired by month {month}").format(
            target=TARGET_MONTH, month=hire_by
        )
        return _("{city}: {who}").format(city=city, who=who) if city else who
    if there < need:
        return _("{short:.1f} experienced sellers are missing in month {target}").format(
            target=TARGET_MONTH, short=need - there
        )
    return _("In month {target} the team does the work").format(target=TARGET_MONTH)


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: the plan with the last hires, where they are known.

    Args:
        answers: by question; of ``hire_by``, the last month to hire.
    """
    problem = staffing_problem(case)
    month = month_answered(answers)
    if month is None:
        return cohorts_against_need(problem.cohorts, problem.need)
    cohorts = cohort_table(problem.with_more(month), problem.worth)
    enough = float(cohorts.loc[TARGET_MONTH].sum()) >= problem.need - 1e-9
    return cohorts_against_need(cohorts, problem.need, month if enough else 0, case.city if enough else "")
