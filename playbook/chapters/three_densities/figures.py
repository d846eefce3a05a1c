"""Figures of chapter 1: what holds a city back, what a zero does, and what a bench can lead."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from playbook.figures.live import Live
from playbook.figures.style import COLORS, emphasise, finish, legend_above, new_figure
from playbook.market.density import (
    FACTOR_NAMES,
    FACTORS,
    additive_index,
    breakthrough_index,
    city_densities,
    log_contributions,
)
from playbook.market.rollout import regions_supported
from playbook.words import N_, _

SOURCE = N_("Source: QiHang Cloud (fictional), densities table")
_FACTOR_COLORS = dict(zip(FACTORS, (COLORS["main"], COLORS["accent"], COLORS["good"]), strict=True))
_HATCHES = dict(zip(FACTORS, ("", "///", "..."), strict=True))


def contribution_bars(card: pd.DataFrame, highlight: str = "", source: str = SOURCE) -> Figure:
    """How far each density pulls each city's index below 1, as bars end to end (natural-log units).

    A city with a density of zero has no bar: its logarithm does not exist. It says so instead.

    Args:
        card: columns ``city, md, sd, kd``, drawn in the order given from the top.
        highlight: the city whose name is marked.
        source: the source line.

    Returns:
        One horizontal bar per city, made of three parts, with the index at its end.
    """
    alive = (card[list(FACTORS)] > 0).all(axis=1).to_numpy()
    parts = pd.DataFrame(0.0, index=range(len(card)), columns=list(FACTORS))
    parts.loc[alive] = log_contributions(
        *(card.loc[alive, factor].to_numpy() for factor in FACTORS)
    ).to_numpy()
    index = breakthrough_index(card["md"], card["sd"], card["kd"]).to_numpy()
    rows = np.arange(len(card))[::-1]
    fig, ax = new_figure(height=1.9 + 0.42 * len(card))
    right, left = np.zeros(len(card)), np.zeros(len(card))
    for factor in FACTORS:
        length = parts[factor].to_numpy()
        start = np.where(length >= 0, right, left)
        ax.barh(
            rows,
            length,
            left=start,
            height=0.62,
            color=_FACTOR_COLORS[factor],
            hatch=_HATCHES[factor],
            edgecolor=COLORS["paper"],
            label=_(FACTOR_NAMES[factor]).capitalize(),
        )
        right, left = right + np.clip(length, 0, None), left + np.clip(length, None, 0)
    for row, end, value, city in zip(rows, right, index, card.itertuples(), strict=True):
        text = (
            f"{value:.2f}"
            if value > 0
            else _("index 0: {factor} density is zero").format(factor=_lowest(city))
        )
        ax.annotate(text, (end, row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=11.5)
    ax.set_yticks(rows, [f"▸ {city}" if city == highlight else city for city in card["city"]])
    for label, city in zip(ax.get_yticklabels(), card["city"], strict=True):
        label.set_fontweight("bold" if city == highlight else "normal")
    ax.set_xlim(min(left.min() * 1.05, 0), max(right.max(), 0.1) * 1.12)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Pull below 1, −ln(density); index at the end of each bar"))
    ax.set_title(_("The longest part of a bar holds the city back"))
    legend_above(ax, ncols=3)
    said = " ".join(
        (
            _("{city}: index {value:.2f}, longest part {factor}.")
            if value > 0
            else _("{city}: index {value:.2f}, {factor} density is zero.")
        ).format(city=city.city, value=value, factor=_lowest(city))
        for city, value in zip(card.itertuples(), index, strict=True)
    )
    alt = _("Bars for {count} cities, each made of a management, a sales and a market part. {said}").format(
        count=len(card), said=said
    )
    return finish(fig, _(source), alt)


def product_against_mean(md: float, sd: float, kd: float, vary: str = "md", label: str = "") -> Figure:
    """The product and the mean as one density goes from 0 to 1 while the others stay.

    Args:
        md, sd, kd: the city's densities; the one named by ``vary`` marks where the city stands.
        vary: "md", "sd" or "kd".
        label: the city's name.

    Returns:
        Two lines over the varied density, and the city's point on each.
    """
    here = {"md": md, "sd": sd, "kd": kd}
    grid = np.linspace(0, max(1.0, here[vary]), 101)
    moved = {factor: grid if factor == vary else np.full_like(grid, here[factor]) for factor in FACTORS}
    product, mean = breakthrough_index(**moved), additive_index(**moved)
    fig, ax = new_figure()
    ax.plot(grid, mean, ls="--", color=COLORS["muted"])
    ax.plot(grid, product, color=COLORS["main"])
    ax.plot(here[vary], additive_index(**here), "s", color=COLORS["muted"])
    ax.plot(here[vary], breakthrough_index(**here), "o", color=COLORS["main"])
    ax.annotate(
        _("Mean of the three"), (grid[40], mean[40]), xytext=(-8, 6), textcoords="offset points", ha="right"
    )
    ax.annotate(
        _("Product of the three"),
        (grid[55], product[55]),
        xytext=(6, -8),
        textcoords="offset points",
        va="top",
        color=COLORS["main"],
    )
    if label:
        ax.annotate(
            _("{label} today").format(label=label),
            (here[vary], breakthrough_index(**here)),
            xytext=(0, 10),
            textcoords="offset points",
            ha="right",
        )
    ax.set_ylim(0, max(mean.max(), product.max()) * 1.15 + 0.01)
    ax.set_xlim(0, max(grid[-1], here[vary] * 1.03))
    name = _(FACTOR_NAMES[vary])
    ax.set_xlabel(
        _("{name} density (ready / required)").format(name=name.capitalize())
        if vary == "md"
        else _("{name} density").format(name=name.capitalize())
    )
    ax.set_ylabel(_("Index (no unit)"))
    ax.set_title(_("Without {name}, the product is zero").format(name=name))
    alt = _(
        "Two rising lines over {name} density from 0 to {highest:g}. The product starts at 0; "
        "the mean starts at {start:.2f}. {city} stands at {name} density {at:.2f}: "
        "product {product:.2f}, mean {mean:.2f}."
    ).format(
        name=name,
        highest=grid[-1],
        start=mean[0],
        city=label or _("The city"),
        at=here[vary],
        product=breakthrough_index(**here),
        mean=additive_index(**here),
    )
    return finish(fig, _(SOURCE), alt)


class DensityPicture(Live):
    """Three densities as bars, the product and the mean beside them: see :func:`density_bars`."""

    def __init__(self) -> None:
        self._labels = [
            _("Management"),
            _("Sales"),
            _("Market"),
            _("Product\n(the law)"),
            _("Mean\n(contrast)"),
        ]
        figure, self._ax = new_figure(height=3.3)
        ax = self._ax
        ax.set_xticks(range(5), self._labels)
        ax.axvline(2.5, color=COLORS["grid"])
        ax.axhline(1, color=COLORS["muted"], lw=1, ls=":")
        ax.grid(axis="x", visible=False)
        ax.set_ylabel(_("Density or index (no unit)"))
        super().__init__(figure)

    def draw(self, md: float, sd: float, kd: float) -> Figure:
        """Five bars; the binding density is marked.

        Args:
            md, sd, kd: densities, 0 or more.
        """
        values = [md, sd, kd, breakthrough_index(md, sd, kd), additive_index(md, sd, kd)]
        lowest = int(np.argmin(values[:3]))
        colors = [COLORS["second"]] * 3 + [COLORS["main"], COLORS["muted"]]
        ax = self._ax
        bars = ax.bar(range(5), values, color=colors, width=0.66)
        emphasise(bars[lowest])
        ax.bar_label(bars, fmt="%.2f", padding=2, fontsize=12)
        ax.set_ylim(0, max(1.15, self.end(max(values) * 1.12)))
        ax.set_title(
            _("{factor} density binds; the product is {product:.2f}").format(
                factor=self._labels[lowest], product=values[3]
            )
        )
        alt = _(
            "Bars: management {md:.2f}, sales {sd:.2f}, market {kd:.2f}; product {product:.2f}, "
            "mean {mean:.2f}. {factor} is the lowest density."
        ).format(md=md, sd=sd, kd=kd, product=values[3], mean=values[4], factor=self._labels[lowest])
        return finish(self.figure, alt=alt)


def density_bars(md: float, sd: float, kd: float) -> Figure:
    """The panel's picture: three densities as bars, the product and the mean beside them.

    Args:
        md, sd, kd: densities, 0 or more.

    Returns:
        Five bars; the binding density is marked.
    """
    return DensityPicture().draw(md, sd, kd)


def bench_limit(m1: int, m15: int, supervisors_per_region: int = 2, wanted: int = 0) -> Figure:
    """How many new regions each rung of the bench could lead, and the fewest of them.

    Args:
        m1, m15: people on each rung.
        supervisors_per_region: 2 or 3.
        wanted: regions the company would like to open; 0 draws no line.

    Returns:
        Two bars (managers' rung, supervisors' rung); the shorter is the limit.
    """
    by_manager, by_supervisor = m15, m1 // supervisors_per_region
    limit = regions_supported(m1, m15, supervisors_per_region)
    names = [
        _("Managers: {m15} M1.5,\n1 per region").format(m15=m15),
        _("Supervisors: {m1} M1,\n{count} per region").format(m1=m1, count=supervisors_per_region),
    ]
    values = [by_manager, by_supervisor]
    fig, ax = new_figure(height=2.9)
    bars = ax.barh(names[::-1], values[::-1], color=COLORS["second"], height=0.55)
    for bar, value in zip(bars, values[::-1], strict=True):
        if value == limit:
            emphasise(bar)
    ax.bar_label(bars, padding=4, fontsize=12)
    if wanted:
        ax.axvline(wanted, color=COLORS["ink"], lw=1.4, ls="--")
        ax.annotate(
            _("plan: {wanted}").format(wanted=wanted),
            (wanted, 1.42),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
        )
    ax.set_ylim(-0.5, 1.6)
    ax.set_xlim(0, max(*values, wanted) * 1.15 + 1)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("New regions that this rung could lead"))
    ax.set_title(_("The bench leads {limit} new regions, whatever the market offers").format(limit=limit))
    alt = (
        _(
            "Two bars. Managers' rung: {by_manager} regions. Supervisors' rung: {by_supervisor} regions. "
            "The limit is {limit}; the plan asks for {wanted}."
        )
        if wanted
        else _(
            "Two bars. Managers' rung: {by_manager} regions. Supervisors' rung: {by_supervisor} regions. "
            "The limit is {limit}."
        )
    ).format(by_manager=by_manager, by_supervisor=by_supervisor, limit=limit, wanted=wanted)
    return finish(fig, _(SOURCE), alt)


def lift_bars(table: pd.DataFrame, share: float = 0.20, top: int = 6) -> Figure:
    """What the same rise of one density adds to the total index: the largest gains first.

    Args:
        table: ``city, factor, gain`` as from ``density_lift``.
        share: the rise as a fraction, for the title.
        top: rows shown.

    Returns:
        Horizontal bars, longest first.
    """
    shown = table.head(top)
    rows = np.arange(len(shown))[::-1]
    fig, ax = new_figure(height=1.6 + 0.4 * len(shown))
    bars = ax.barh(rows, shown["gain"], color=COLORS["second"], height=0.62)
    emphasise(bars[0])
    ax.bar_label(bars, fmt="%.4f", padding=4, fontsize=11)
    ax.set_yticks(rows, [f"{row.city}, {row.factor}" for row in shown.itertuples()])
    ax.set_xlim(0, max(shown["gain"].max(), 1e-9) * 1.18)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Added to the cities' total index (index points)"))
    best = shown.iloc[0]
    percent = PercentFormatter(1, decimals=0).format_pct(share, 1)
    ax.set_title(
        _("+{percent} is worth most in {city}, on {factor} density").format(
            percent=percent, city=best["city"], factor=_(best["factor"])
        )
    )
    alt = _("Gains of +{percent} on one density, largest first: ").format(percent=percent) + "; ".join(
        f"{row.city} {_(row.factor)} {row.gain:.4f}" for row in shown.itertuples()
    )
    return finish(fig, _(SOURCE), alt + ".")


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of the City Playbook's section: what the city has of what it needs, beside the pilot cities.

    Args:
        case: the trainee's case.
        answers: the trainee's answers, by question; not needed here.

    Returns:
        One bar per density with the counts behind it, and a dot for each pilot city.
    """
    cities = case.densities
    card = city_densities(cities).set_index("city")[list(FACTORS)]
    own, counts = card.loc[case.city], cities.set_index("city").loc[case.city]
    pilots = card.drop(case.city)
    labels = [_("Managers"), _("Salespeople"), _("Accounts covered")]
    have = [
        f"{counts['managers_ready']:,.0f}",
        f"{counts['rep_equivalents']:,.1f}",
        f"{counts['accounts_covered']:,.0f}",
    ]
    need = [counts["managers_required"], counts["reps_required"], counts["accounts_icp"]]
    rows = np.arange(len(FACTORS))[::-1]
    lowest = int(np.argmin(own.to_numpy()))
    colors = [COLORS["accent"] if place == lowest else COLORS["second"] for place in range(len(FACTORS))]
    fig, ax = new_figure(height=3.4)
    bars = ax.barh(rows, own.to_numpy(), height=0.5, color=colors)
    bars[lowest].set_hatch("///")
    bars[lowest].set_edgecolor(COLORS["paper"])
    for row, factor in zip(rows, FACTORS, strict=True):
        label = _("Pilot cities") if row == rows[0] else None
        ax.plot(
            pilots[factor], np.full(len(pilots), row + 0.36), "D", color=COLORS["muted"], ms=5, label=label
        )
    ax.axvline(1, color=COLORS["ink"], lw=1.2, ls="--", label=_("As many as needed"))
    named = [
        _("{what}\n{have} of {need:,.0f}").format(what=what, have=there, need=wanted)
        for what, there, wanted in zip(labels, have, need, strict=True)
    ]
    ax.set_yticks(rows, named)
    ax.set_ylim(-0.5, 2.7)
    ax.set_xlim(0, max(1.15, card.to_numpy().max() * 1.08))
    ax.bar_label(bars, fmt="%.2f", padding=4, fontsize=11.5)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Density: what is there, over what is needed"))
    titles = [
        _("{city} lacks managers most: {have} of {need:,.0f} are ready"),
        _("{city} lacks salespeople most: {have} of {need:,.0f} are there"),
        _("{city} lacks customers most: {have} of {need:,.0f} accounts are covered"),
    ]
    title = titles[lowest].format(city=case.city, have=have[lowest], need=need[lowest])
    ax.set_title(title)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1.02), ncols=2, borderaxespad=0.2, handletextpad=0.5)
    listed = "; ".join(
        _("{what} {ratio:.2f}, in the pilot cities {low:.2f} to {high:.2f}").format(
            what=what, ratio=own[factor], low=pilots[factor].min(), high=pilots[factor].max()
        )
        for what, factor in zip(labels, FACTORS, strict=True)
    )
    return finish(fig, _(SOURCE), _("{title}. Densities: {listed}.").format(title=title, listed=listed))


def _lowest(row: Any) -> str:
    return _(FACTOR_NAMES[min(FACTORS, key=lambda factor: getattr(row, factor))])
