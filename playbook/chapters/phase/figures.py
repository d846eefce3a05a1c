"""Figures of chapter 11: four ways to sell at small and large money, the lag, and the curves with a mix on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from playbook.chapters.phase.problem import NAMES, SOURCE, MixProblem, mix_problem
from playbook.chapters.phase.reading import mix_of
from playbook.errors import PlaybookError
from playbook.figures.live import Live
from playbook.figures.style import COLORS, LINES, finish, legend_above, new_figure
from playbook.market.channels import MODELS, adbudg, mix_wins
from playbook.words import _

#: A quarter's small and large money, CNY 10,000.
SMALL, LARGE = 10.0, 50.0
#: Colour of each way to sell; its line style stands beside it.
WAY_COLORS = dict(
    zip(MODELS, (COLORS["accent"], COLORS["main"], COLORS["good"], COLORS["third"]), strict=True)
)


def small_and_large(curves: pd.DataFrame, city: str) -> Figure:
    """Wins for CNY 100,000 in each way to sell, if a quarter gets little money and if it gets much.

    Args:
        curves: by channel: ``top``, ``c``, ``half_10k``.
        city: for the title.
    """
    ways = [way for way in MODELS if way in curves.index]
    shape = curves.loc[ways, ["top", "c", "half_10k"]].to_numpy(float).T
    little = adbudg(SMALL, *shape) * 10 / SMALL
    much = adbudg(LARGE, *shape) * 10 / LARGE
    fig, ax = new_figure(height=4.0)
    y = np.arange(len(ways))[::-1]
    labels = (
        _("with CNY {money:,.0f}").format(money=SMALL * 10_000),
        _("with CNY {money:,.0f}").format(money=LARGE * 10_000),
    )
    ax.barh(y + 0.2, little, height=0.36, color=COLORS["second"], label=labels[0])
    ax.barh(
        y - 0.2,
        much,
        height=0.36,
        color=COLORS["accent"],
        hatch="///",
        edgecolor=COLORS["paper"],
        label=labels[1],
    )
    for place, one, other in zip(y, little, much, strict=True):
        for up, value in ((0.2, one), (-0.2, other)):
            ax.annotate(
                f"{value:.1f}",
                (value, place + up),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=11,
            )
    ax.set_yticks(y, [f"{MODELS[way]}\n{_(NAMES[way])}" for way in ways])
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.set_xlim(0, max(little.max(), much.max()) * 1.14)
    ax.set_xlabel(_("Wins for each CNY 100,000 of a quarter"))
    full = ways[int(np.argmin(much))]
    title = (
        _("{city}: single talks are not wrong, they are full").format(city=city)
        if full == "direct" and ways[int(np.argmax(little))] == "direct"
        else _("{city}: with much money {way} bring least").format(city=city, way=_(NAMES[full]))
    )
    ax.set_title(title)
    legend_above(ax, ncols=2)
    alt = " ".join(
        _(
            "{way} of {year}: {little:.1f} wins for CNY 100,000 with little money, {much:.1f} with much."
        ).format(way=_(NAMES[way]), year=MODELS[way], little=one, much=other)
        for way, one, other in zip(ways, little, much, strict=True)
    )
    return finish(fig, _(SOURCE), f"{title}. {alt}")


def lag_bars(correlations: pd.Series, city: str) -> Figure:
    """How well visits go with the bookings of so many months later.

    Args:
        correlations: by lag in months.
        city: whose months they are.
    """
    best = int(correlations.idxmax())
    fig, ax = new_figure(height=3.4)
    for lag, value in correlations.items():
        marked = lag == best
        ax.bar(
            lag,
            value,
            width=0.7,
            color=COLORS["accent"] if marked else COLORS["second"],
            hatch="///" if marked else "",
            edgecolor=COLORS["paper"],
        )
        ax.annotate(
            f"{value:.2f}",
            (lag, max(value, 0)),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=11,
        )
    ax.axhline(0, color=COLORS["muted"], linewidth=0.8)
    ax.set_ylim(min(0.0, float(correlations.min()) * 1.2), max(float(correlations.max()) * 1.18, 0.1))
    ax.set_xticks(list(correlations.index))
    ax.grid(axis="x", visible=False)
    ax.set_xlabel(_("Months from visit to booking"))
    ax.set_ylabel(_("Correlation"))
    title = _("{city}: a visit pays after {months} months").format(city=city, months=best)
    ax.set_title(title)
    listed = ", ".join(f"{lag}: {value:.2f}" for lag, value in correlations.items())
    alt = _("{title}. Correlation by months: {listed}.").format(title=title, listed=listed)
    return finish(fig, _(SOURCE), alt)


class CurvesPicture(Live):
    """The curves with a dot on each for the money of a mix.

    Args:
        problem: the money of a case. city: for the title. farthest: where the curves end, CNY 10,000.
    """

    def __init__(self, problem: MixProblem, city: str, farthest: float):
        self._problem, self._city = problem, city
        figure, ax = new_figure(height=3.6)
        money = np.linspace(0, farthest, 120)
        self.dots = {}
        for way, line in zip(problem.curves.index, LINES, strict=False):
            ax.plot(
                money, adbudg(money, *self._shape(way)), color=WAY_COLORS[way], ls=line, label=_(NAMES[way])
            )
            (self.dots[way],) = ax.plot(
                [0], [0], "o", color=WAY_COLORS[way], ms=10, mec=COLORS["ink"], clip_on=False
            )
        ax.set_xlim(0, farthest)
        ax.set_ylim(0, None)
        ax.set_xlabel(_("Money in the quarter (CNY 10,000)"))
        ax.set_ylabel(_("Wins in the quarter"))
        ax.legend(loc="upper left")
        super().__init__(figure, self.dots.values())

    def draw(self, spend: Mapping[str, float]) -> Figure:
        """Set the dots.

        Args:
            spend: money by way, CNY 10,000.
        """
        said = []
        for way, dot in self.dots.items():
            money = float(spend.get(way, 0.0))
            wins = float(adbudg(money, *self._shape(way)))
            dot.set_data([money], [wins])
            said.append(
                _("{way}: CNY {money:,.0f} brings {wins:.1f}").format(
                    way=_(NAMES[way]), money=money * 10_000, wins=wins
                )
            )
        title = _("{city}: this mix brings {wins:.1f} wins").format(
            city=self._city, wins=mix_wins(spend, self._problem.curves)
        )
        self.figure.axes[0].set_title(title)
        alt = _("{title}. {listed}.").format(title=title, listed="; ".join(said))
        return finish(self.figure, _(SOURCE), alt)

    def _shape(self, way: str) -> list[float]:
        return [float(self._problem.curves.loc[way, name]) for name in ("top", "c", "half_10k")]


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: the ways to sell at small and large money.

    Args:
        answers: by question; of ``mix``, the money of each way.

    Raises:
        PlaybookError: the mix spends nothing, so there is no decision to draw.
    """
    problem = mix_problem(case)
    if not mix_of(answers, list(problem.curves.index)):
        raise PlaybookError(_("the mix spends nothing, so there is nothing to draw"))
    return small_and_large(problem.curves, case.city)
