"""The run of a plan, month by month: cash, people, customers and management density, beside naive and company F."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from playbook.figures.style import COLORS, TITLE_SIZE, finish, new_figure
from playbook.simulator.outcome import RANGE, Outcome
from playbook.words import N_, _

#: What is drawn: the column, its name, and by how much it is divided.
SHOWN = (
    ("cash", N_("cash, CNY million"), 1000.0),
    ("reps", N_("sellers"), 1.0),
    ("customers", N_("customers"), 1.0),
    ("density", N_("density"), 1.0),
)
#: How each plan is drawn: colour and line.
LOOKS = {"own": ("main", "-"), "naive": ("muted", "--"), "f": ("accent", ":")}
NAMES = {"own": N_("your plan"), "naive": N_("naive plan"), "f": N_("company F")}


def run_figure(runs: Mapping[str, Outcome], city: str, share: float | None = None) -> Figure:
    """Four small charts over 24 months: the mean of each plan, and the range of eight in ten runs of the own one.

    Args:
        runs: outcomes by ``own``, ``naive`` and ``f``.
        share: of the gap that the plan closes, for the title; None where no end is known.
    """
    figure, first = new_figure(height=6.0)
    first.remove()
    grid = figure.subplots(2, 2, sharex=True).ravel()
    for axes, (column, name, unit) in zip(grid, SHOWN, strict=True):
        _draw(axes, runs, column, unit)
        axes.set_title(_(name), pad=4)
    for axes in grid[2:]:
        axes.set_xlabel(_("month"))
        axes.set_xticks([1, 6, 12, 18, 24])
    grid[2].legend(fontsize=10, loc="upper left")
    cash = runs["own"].column("cash")[:, -1] / 1000
    low, high = np.quantile(cash, RANGE)
    title = _("{city}: CNY {low:.1f} to {high:.1f} million\nin cash after 24 months").format(
        city=city, low=low, high=high
    )
    figure.suptitle(title, x=0.012, ha="left", fontweight="bold", fontsize=TITLE_SIZE)
    ends = "; ".join(
        _("{plan}: cash {cash:.1f}, sellers {reps:.0f}, customers {customers:.0f}").format(
            plan=_(NAMES[name]),
            cash=one.column("cash")[:, -1].mean() / 1000,
            reps=one.column("reps")[:, -1].mean(),
            customers=one.column("customers")[:, -1].mean(),
        )
        for name, one in runs.items()
    )
    closes = "" if share is None else " " + _("It closes {part:.0%} of the gap.").format(part=share)
    alt = _("Four charts over 24 months. At the end, in means, cash in CNY million: {ends}.").format(
        ends=ends
    )
    return finish(figure, source=_("the course's simulator, a wind tunnel and no forecast"), alt=alt + closes)


def _draw(axes: Axes, runs: Mapping[str, Outcome], column: str, unit: float) -> None:
    for name, outcome in runs.items():
        values = outcome.column(column) / unit
        months = np.arange(1, values.shape[1] + 1)
        colour, line = LOOKS[name]
        if name == "own":
            low, high = np.quantile(values, RANGE, axis=0)
            axes.fill_between(months, low, high, color=COLORS[colour], alpha=0.2, linewidth=0)
        axes.plot(months, values.mean(0), line, color=COLORS[colour], label=_(NAMES[name]), linewidth=2)
    if column == "density":
        axes.set_ylim(0, 1.05)
