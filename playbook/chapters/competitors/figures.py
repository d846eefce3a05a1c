"""Figures of chapter 6: against whom we surely win less, what sellers and buyers say, where one more seller adds."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from playbook.chapters.competitors.field import REASONS, SOURCE, reasons_named
from playbook.figures.live import Live
from playbook.figures.style import COLORS, emphasise, finish, legend_above, new_figure
from playbook.words import _


def rate_ranges(rates: pd.DataFrame, overall: float, city: str) -> Figure:
    """Win rate and range against each rival, beside the rate over all.

    Args:
        rates: ``rival``, ``decided``, ``win_rate``, ``low``, ``high``, the most met first.
        overall: our rate over all interviews, a fraction.
        city: for the title.
    """
    rows = rates.iloc[::-1].reset_index(drop=True)
    sure = rows["high"] < overall
    fig, ax = new_figure(height=1.8 + 0.42 * len(rows))
    for place, row in rows.iterrows():
        colour, marker = (COLORS["accent"], "D") if sure[place] else (COLORS["main"], "o")
        ax.hlines(place, row["low"], row["high"], color=colour, lw=3)
        ax.plot(row["win_rate"], place, marker, color=colour, ms=9)
    ax.axvline(overall, color=COLORS["ink"], lw=1.4, ls="--")
    ax.set_yticks(
        rows.index,
        [
            _("{rival}  {decided} deals").format(rival=row.rival, decided=row.decided)
            for row in rows.itertuples()
        ],
    )
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(0, min(1.0, rows["high"].max() * 1.08))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Win rate with its range (dashed: over all, {overall:.0%})").format(overall=overall))
    names = ", ".join(rows.loc[sure, "rival"][::-1])
    title = (
        _("In {city} we surely win less against {names} only").format(city=city, names=names)
        if names
        else _("In {city} we surely win less against no rival").format(city=city)
    )
    ax.set_title(title)
    alt = " ".join(
        _("{rival}: {rate:.0%}, range {low:.0%} to {high:.0%}, on {decided} deals.").format(
            rival=row.rival, rate=row.win_rate, low=row.low, high=row.high, decided=row.decided
        )
        for row in rates.itertuples()
    )
    return finish(fig, _(SOURCE), f"{title}. {alt}")


def reasons_dumbbell(interviews: pd.DataFrame, city: str) -> Figure:
    """Why deals were lost: as sellers write it down, and as the buyers of the same deals say.

    Args:
        interviews: ``status``, ``reason_seller``, ``reason_buyer``.
        city: for the title.
    """
    rows = reasons_named(interviews)
    fig, ax = new_figure(height=3.6)
    y = np.arange(len(rows))
    ax.hlines(y, rows["seller"], rows["buyer"], color=COLORS["muted"], lw=3, zorder=1)
    ax.plot(rows["seller"], y, "s", ls="none", color=COLORS["accent"], ms=10, label=_("Sellers write"))
    ax.plot(rows["buyer"], y, "o", ls="none", color=COLORS["main"], ms=10, label=_("Buyers say"))
    for place, row in enumerate(rows.itertuples()):
        low, high = sorted((row.seller, row.buyer))
        for value, left in ((low, True), (high, False)):
            ax.annotate(
                f"{value:.0%}",
                (value, place),
                xytext=(-10 if left else 10, 0),
                textcoords="offset points",
                ha="right" if left else "left",
                va="center",
                fontsize=11,
            )
    ax.set_yticks(y, [_first_upper(_(REASONS[name])) for name in rows.index])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    top = float(rows.to_numpy().max())
    ax.set_xlim(-0.08 * top, top * 1.2)
    ax.set_xticks([tick for tick in np.arange(0, 1.01, 0.1) if tick <= top * 1.2])
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Share of the lost deals in which both speak"))
    title = _("{city}: sellers say price in {seller:.0%} of lost deals, buyers in {buyer:.0%}").format(
        city=city, seller=rows.loc["price", "seller"], buyer=rows.loc["price", "buyer"]
    )
    ax.set_title(title)
    legend_above(ax, ncols=2)
    alt = " ".join(
        _("{reason}: sellers {seller:.0%}, buyers {buyer:.0%}.").format(
            reason=_first_upper(_(REASONS[row.Index])), seller=row.seller, buyer=row.buyer
        )
        for row in rows[::-1].itertuples()
    )
    return finish(fig, _(SOURCE), f"{title}. {alt}")


class GainsPicture(Live):
    """The wins as the field stands, and what one more seller adds, by district: see :func:`next_gains`.

    Args:
        count: of districts.
        city: for the title.
    """

    def __init__(self, count: int, city: str):
        self._city, self._places = city, np.arange(count)
        figure, self._ax = new_figure(height=1.9 + 0.36 * count)
        ax, nothing = self._ax, np.zeros(count)
        self._wins = ax.barh(
            self._places, nothing, height=0.62, color=COLORS["second"], label=_("As it stands")
        )
        self._more = ax.barh(self._places, nothing, height=0.62, label=_("One more seller adds"))
        for bar in self._more:
            emphasise(bar)
        self._numbers = [
            ax.annotate("", (0, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=11)
            for place in self._places
        ]
        ax.set_yticks(self._places)
        ax.tick_params(axis="y", length=0)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(_("Wins among the firms in need"))
        legend_above(ax, ncols=2)
        super().__init__(figure, [*self._wins, *self._more, *self._numbers], ax.get_yticklabels())

    def draw(self, gains: pd.DataFrame) -> Figure:
        """Set bars, numbers and the order of the districts.

        Args:
            gains: ``district``, ``wins``, ``adds``; the most added first.
        """
        rows = gains.iloc[::-1].reset_index(drop=True)
        for place, row in enumerate(rows.itertuples()):
            end = row.wins + row.adds
            self._wins[place].set_width(row.wins)
            self._more[place].set(x=row.wins, width=row.adds)
            self._numbers[place].set_text(f"+{row.adds:.1f}")
            self._numbers[place].xy = (end, place)
        ax = self._ax
        ax.set_yticklabels(rows["district"])
        ax.set_xlim(0, self.end(max(float((rows["wins"] + rows["adds"]).max()) * 1.2, 0.1)))
        title = _("{city}: the next seller adds most in {district}, {adds:.1f} wins").format(
            city=self._city, district=gains["district"].iloc[0], adds=gains["adds"].iloc[0]
        )
        ax.set_title(title)
        alt = " ".join(
            _("{district}: {wins:.1f} wins, one more seller adds {adds:.1f}.").format(
                district=row.district, wins=row.wins, adds=row.adds
            )
            for row in gains.itertuples()
        )
        return finish(self.figure, _(SOURCE), f"{title}. {alt}")


def next_gains(gains: pd.DataFrame, city: str) -> Figure:
    """The wins as the field stands, and what one more seller adds, by district.

    Args:
        gains: ``district``, ``wins``, ``adds``; the most added first.
        city: for the title.
    """
    return GainsPicture(len(gains), city).draw(gains)


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of the City Playbook's section: what sellers write down, beside what buyers say."""
    return reasons_dumbbell(case.win_loss, case.city)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
