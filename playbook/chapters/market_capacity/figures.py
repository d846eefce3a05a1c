"""Figures of chapter 2: what three lists tell, from the prize to the promise, and what swings it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from playbook.chapters.market_capacity.problem import capacity_of
from playbook.chapters.summing import number_of
from playbook.figures.live import Live
from playbook.figures.style import COLORS, finish, new_figure
from playbook.market.capacity import MarketSize
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (fictional): lists, accounts, contracts and assumptions")
PAIRS = {
    "ours-exhibition": N_("Ours and exhibition"),
    "ours-chamber": N_("Ours and chamber"),
    "exhibition-chamber": N_("Exhibition and chamber"),
}
ASSUMED = {
    "reach": N_("Reach"),
    "hoped_share": N_("Share hoped for"),
    "ready_sellers": N_("Ready sellers"),
    "contracts_year": N_("Contracts a seller"),
    "value_cny": N_("Contract value"),
}


def pair_estimates(pairs: pd.DataFrame) -> Figure:
    """How many firms each pair of lists tells, with its range; the pair that knows each other in another colour.

    Args:
        pairs: as :func:`playbook.chapters.market_capacity.problem.pairs_of_lists` gives them.
    """
    rows = pairs.iloc[::-1]
    lowest = rows["all"].idxmin()
    figure, axes = new_figure(height=3.2)
    for place, (name, row) in enumerate(rows.iterrows()):
        colour, marker = (COLORS["accent"], "s") if name == lowest else (COLORS["main"], "o")
        axes.plot([row["low"], row["high"]], [place, place], color=colour, lw=2)
        axes.plot([row["all"]], [place], marker, color=colour, ms=9)
        axes.annotate(
            f"{row['all']:,.0f}", (row["all"], place), xytext=(0, 9), textcoords="offset points", ha="center"
        )
    axes.set_yticks(range(len(rows)), [_(PAIRS[name]) for name in rows.index])
    axes.set_ylim(-0.5, len(rows) - 0.2)
    axes.set_xlim(0, rows["high"].max() * 1.08)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel(_("Firms in the test district, with 95 % range"))
    axes.set_title(_("Two lists know each other: {pair}").format(pair=_(PAIRS[lowest]).lower()))
    told = "; ".join(f"{_(PAIRS[name])} {row['all']:,.0f}" for name, row in pairs.iterrows())
    alt = _("Dots with ranges of the firms that each pair of lists tells: {told}. The lowest stands apart.")
    return finish(figure, source=_(SOURCE), alt=alt.format(told=told))


class PromisePicture(Live):
    """TAM, SAM, what is hoped for, what the team signs, in CNY million a year: see :func:`prize_and_promise`."""

    def __init__(self, city: str):
        self._city = city
        self._steps = (
            _("All in need (TAM)"),
            _("Within reach (SAM)"),
            _("Hoped for"),
            _("The team can sign"),
        )
        figure, self._ax = new_figure(height=3.6)
        ax, places = self._ax, range(3, -1, -1)
        self._bars = ax.barh(places, 0, height=0.62, edgecolor=COLORS["paper"])
        self._numbers = [
            ax.annotate("", (0, place), xytext=(5, 0), textcoords="offset points", va="center")
            for place in places
        ]
        ax.set_yticks(places, self._steps)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(_("CNY million a year"))
        super().__init__(figure, [*self._bars, *self._numbers])

    def draw(self, size: MarketSize) -> Figure:
        """Set the bars, and mark the limit that holds."""
        values = [value / 1e6 for value in (size.tam, size.sam, size.wanted, size.capacity)]
        limit = 3 if size.capped_by == "team" else 2
        for place, (bar, number, value) in enumerate(zip(self._bars, self._numbers, values, strict=True)):
            marked = place == limit
            bar.set(
                width=value,
                facecolor=COLORS["accent"] if marked else COLORS["second"],
                hatch="//" if marked else "",
            )
            number.set_text(f"{value:.1f}")
            number.xy = (value, 3 - place)
        self._ax.set_xlim(0, self.end(max(values) * 1.15 or 1))
        title = (
            _("In year one the team, not the market, is the limit in {city}")
            if size.capped_by == "team"
            else _("In year one the market, not the team, is the limit in {city}")
        )
        self._ax.set_title(title.format(city=self._city))
        told = "; ".join(f"{name} {value:.1f}" for name, value in zip(self._steps, values, strict=True))
        alt = _("Bars in CNY million a year: {told}. You may promise {som:.1f}.")
        return finish(self.figure, source=_(SOURCE), alt=alt.format(told=told, som=size.som / 1e6))


def prize_and_promise(size: MarketSize, city: str) -> Figure:
    """From the prize to the promise: TAM, SAM, what is hoped for, what the team signs, in CNY million a year."""
    return PromisePicture(city).draw(size)


def swing_bars(bars: pd.DataFrame, som: float, city: str) -> Figure:
    """How far each assumption moves the number of year one over its own range.

    Args:
        bars: as :func:`playbook.market.tornado` gives them, in CNY.
        som: the number at the usual values, CNY.
    """
    rows = bars.iloc[::-1].reset_index(drop=True)
    figure, axes = new_figure(height=3.3)
    for place, row in rows.iterrows():
        low, high = sorted((row["at_low"] / 1e6, row["at_high"] / 1e6))
        first = place == len(rows) - 1
        axes.barh(
            place,
            high - low,
            left=low,
            height=0.6,
            color=COLORS["accent"] if first else COLORS["second"],
            hatch="//" if first else "",
            edgecolor=COLORS["paper"],
        )
    ends = bars[["at_low", "at_high"]].to_numpy() / 1e6
    edge = 0.05 * (ends.max() - ends.min())
    axes.set_xlim(ends.min() - edge, ends.max() + edge)
    axes.axvline(som / 1e6, color=COLORS["ink"], lw=1.4)
    axes.set_yticks(rows.index, [_(ASSUMED[name]) for name in rows["assumption"]])
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(_("Year one, CNY million"))
    first = _(ASSUMED[bars["assumption"][0]])
    axes.set_title(_("Check first in {city}: {assumption}").format(city=city, assumption=first.lower()))
    told = "; ".join(
        f"{_(ASSUMED[row.assumption])} {row.at_low / 1e6:.2f}–{row.at_high / 1e6:.2f}"
        for row in bars.itertuples()
    )
    alt = _("Bars of year one in CNY million, from the low to the high value: {told}.").format(told=told)
    return finish(figure, source=_(SOURCE), alt=alt)


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: from the prize to the promise."""
    capacity, tam = capacity_of(case), number_of(answers, "tam")
    return prize_and_promise(capacity.size() if tam is None else capacity.size_of(tam), case.city)
