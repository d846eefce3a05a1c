"""Figures of chapter 3: what a city has more of, which sections buy, and how far a ranking holds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from playbook.chapters.entry_industries.summary import compared_sections
from playbook.figures.live import Live
from playbook.figures.style import COLORS, CYCLE, MARKERS, finish, legend_above, new_figure
from playbook.market.industry import LEAST_TO_ENTER, SPECIALISED
from playbook.words import N_, _

CENSUS = N_("Seventh National Population Census 2020 (residents in work by section)")
COMPANY = N_("QiHang Cloud (fictional), opportunities and customers")
_HATCHES = ("", "///", "...", "xx", "--")


def lq_bars(
    table: pd.DataFrame,
    threshold: float = SPECIALISED,
    least_share: float = LEAST_TO_ENTER,
    city: str = "",
) -> Figure:
    """Location quotients as bars, the sections that pass both floors in colour.

    Args:
        table: ``name``, ``lq`` and ``city_share`` (a fraction), one row per section.
        threshold: the quotient from which a section counts as specialised.
        least_share: the share of the city's workers below which a section counts as too small.
        city: for the title; "the city" if left out.

    Returns:
        One horizontal bar per section, the highest quotient on top, with lines at 1 and at the threshold.
    """
    city = city or _("the city")
    rows = table.dropna(subset=["lq"]).sort_values("lq").reset_index(drop=True)
    passed = (rows["lq"] >= threshold) & (rows["city_share"] >= least_share)
    fig, ax = new_figure(height=1.4 + 0.31 * len(rows))
    colours = np.where(passed, COLORS["main"], COLORS["grid"])
    ax.barh(rows.index, rows["lq"], height=0.68, color=colours, edgecolor=COLORS["muted"], linewidth=0.6)
    ax.axvline(1, color=COLORS["muted"], lw=1.4)
    ax.axvline(threshold, color=COLORS["accent"], lw=1.6, ls="--")
    for y, lq in enumerate(rows["lq"]):
        ax.annotate(
            f"{lq:.2f}",
            (lq, y),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=11,
            bbox={"boxstyle": "square,pad=0.1", "fc": COLORS["paper"], "ec": "none"},
        )
    ax.set_yticks(
        rows.index,
        [f"{name}  {share:.1%}" for name, share in zip(rows["name"], rows["city_share"], strict=True)],
    )
    ax.tick_params(axis="y", length=0, labelsize=11)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(0, max(rows["lq"].max() * 1.25, threshold * 1.2))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Location quotient"))
    ax.annotate(
        _("dashed: {threshold:g}").format(threshold=threshold),
        (threshold, 0),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=11,
        color=COLORS["accent"],
    )
    ax.annotate(
        _("Section, share of workers"),
        (0, 1),
        xycoords="axes fraction",
        xytext=(-5, 3),
        textcoords="offset points",
        ha="right",
        fontsize=11,
        color=COLORS["muted"],
    )
    ax.set_title(_specialised_title(rows[passed], city, threshold, least_share))
    top = rows.iloc[::-1].head(3)
    alt = (
        _(
            "Horizontal bars, one per section of industry in {city}, sorted by location quotient. Highest: "
        ).format(city=city)
        + ", ".join(f"{row.name_} {row.lq:.2f}" for row in top.rename(columns={"name": "name_"}).itertuples())
        + f". {_specialised_title(rows[passed], city, threshold, least_share)}."
    )
    return finish(fig, _(CENSUS), alt)


class SectionMap(Live):
    """Location quotient, size and win rate of each section at once: see :func:`bubble_map`."""

    def __init__(self, city: str = ""):
        self._city = city or _("the city")
        self._known: dict[tuple, list] = {}
        figure, self._ax = new_figure(height=4.8)
        self._ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        self._ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        super().__init__(figure, [self._ax.xaxis, self._ax.yaxis])

    def draw(
        self,
        sections: pd.DataFrame,
        threshold: float = SPECIALISED,
        least_share: float = LEAST_TO_ENTER,
        highlight: Sequence[str] = (),
        rate_label: str = "",
    ) -> Figure:
        """The bubbles with their names and both floors."""
        rows = sections.dropna(subset=["lq", "win_rate"]).sort_values("city_workers", ascending=False)
        passed = (rows["lq"] >= threshold) & (rows["city_share"] >= least_share)
        area = _LARGEST * rows["city_workers"] / rows["city_workers"].max()
        ax = self._ax
        right, (bottom, top) = _limits(rows, area, threshold)
        ax.axvspan(threshold, right, color=COLORS["main"], alpha=0.06, lw=0)
        ax.axvline(threshold, color=COLORS["accent"], lw=1.6, ls="--")
        ax.vlines(rows["lq"], rows["low"], rows["high"], color=COLORS["muted"], lw=1.1, zorder=2)
        ringed = rows["section"].isin(list(highlight))
        ax.scatter(
            rows["lq"],
            rows["win_rate"],
            s=area,
            c=np.where(passed, COLORS["main"], COLORS["muted"]),
            alpha=0.62,
            edgecolors=np.where(ringed, COLORS["accent"], COLORS["paper"]),
            linewidths=np.where(ringed, 3.0, 1.0),
            zorder=3,
        )
        ax.set_xlim(0, right)
        ax.set_ylim(bottom, top)
        ticks = MaxNLocator(9, steps=[1, 2, 2.5, 5, 10]).tick_values(bottom, top)
        ax.set_yticks([tick for tick in ticks if max(bottom, 0) <= tick <= top])
        for (name, x, y), (label_x, label_y) in self._spots(rows, area, right, ax.get_ylim()):
            ax.annotate(
                name,
                (x, y),
                xytext=(label_x, label_y),
                fontsize=11,
                va="center",
                zorder=4,
                arrowprops={
                    "arrowstyle": "-",
                    "color": COLORS["muted"],
                    "lw": 0.7,
                    "shrinkA": 0,
                    "shrinkB": 0,
                },
                bbox={"boxstyle": "square,pad=0.05", "fc": COLORS["paper"], "ec": "none", "alpha": 0.75},
            )
        ax.set_xlabel(
            _("Location quotient (dashed: {threshold:g}); area: workers").format(threshold=threshold)
        )
        ax.set_ylabel(rate_label or _("Win rate, with 95 % range"))
        ax.set_title(_map_title(rows, passed, self._city))
        alt = _("Bubble chart of {count} sections in {city}. ").format(
            count=len(rows), city=self._city
        ) + " ".join(
            _(
                "{name}: quotient {lq:.2f}, win rate {win_rate:.0%}{span}, {city_workers:,.0f} thousand workers."
            ).format(
                name=row.name,
                lq=row.lq,
                win_rate=row.win_rate,
                span=_span(row),
                city_workers=row.city_workers,
            )
            for row in rows.itertuples()
        )
        return finish(self.figure, f"{_(CENSUS)}; {_(COMPANY)}", alt)

    def _spots(self, rows: pd.DataFrame, area: pd.Series, right: float, height: tuple[float, float]) -> list:
        """Where the names stand; found once for each shape of the map, for that takes long."""
        shape = (right, height, tuple(rows["name"]), tuple(rows["win_rate"]))
        if shape not in self._known:
            self._known[shape] = list(_spread_labels(rows, area, right, height))
        return self._known[shape]


def bubble_map(
    sections: pd.DataFrame,
    threshold: float = SPECIALISED,
    least_share: float = LEAST_TO_ENTER,
    city: str = "",
    highlight: Sequence[str] = (),
    rate_label: str = "",
) -> Figure:
    """Location quotient, size and win rate of each section at once.

    Args:
        sections: ``section``, ``name``, ``lq``, ``city_workers`` (thousand), ``city_share``, ``win_rate``,
            ``low`` and ``high`` (fractions), one row per section.
        threshold, least_share: the two floors; what passes both is drawn in colour.
        city: for the title and the labels; "the city" if left out.
        highlight: sections to ring.
        rate_label: what the win rate is; "Win rate, with 95 % range" if left out.

    Returns:
        Bubbles: across, the quotient; up, the win rate with its 95 % range; area, the workers.
    """
    return SectionMap(city).draw(sections, threshold, least_share, highlight, rate_label)


def _span(row: Any) -> str:
    """The range in words, where there is one."""
    return (
        " " + _("({low:.0%} to {high:.0%})").format(low=row.low, high=row.high) if row.high > row.low else ""
    )


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of the City Playbook's section: how often we win in each industry, like for like.

    Args:
        case: the trainee's case.
        answers: by question; ``entry`` is the section chosen, drawn in another colour if it is known.

    Returns:
        One bar per industry that is large enough and has enough decided deals, the most won on top.
    """
    rows = compared_sections(case).iloc[::-1].reset_index(drop=True)
    names = [_(name) for name in rows["name"]]
    chosen = rows["section"] == str(answers.get("entry")).strip().upper()
    rates = rows["like_for_like"]
    fig, ax = new_figure(height=1.7 + 0.36 * len(rows))
    colors = np.where(chosen, COLORS["accent"], COLORS["second"])
    bars = ax.barh(rows.index, rates, height=0.66, color=colors)
    for bar, marked in zip(bars, chosen, strict=True):
        if marked:
            bar.set_hatch("///")
            bar.set_edgecolor(COLORS["paper"])
    ax.bar_label(bars, [f"{rate:.1%}" for rate in rates], padding=4, fontsize=11)
    ax.set_yticks(rows.index, [f"▸ {name}" if own else name for name, own in zip(names, chosen, strict=True)])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, rates.max() * 1.25)
    ax.set_xticks([tick for tick in np.arange(0, 1.01, 0.1) if tick <= rates.max() * 1.05])
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Decided deals won, like for like"))
    place = int(np.argmax(chosen.to_numpy())) if chosen.any() else len(rows) - 1
    title = _("{industry} in {city}: {rate:.1%} of decided deals won, {rank} of {total}").format(
        industry=names[place],
        city=case.city,
        rate=rates[place],
        rank=_("place {place}").format(place=len(rows) - place),
        total=len(rows),
    )
    ax.set_title(title)
    listed = "; ".join(f"{name} {rate:.1%}" for name, rate in zip(names[::-1], rates[::-1], strict=True))
    alt = _("Bars of the share of decided deals won, like for like: {listed}.").format(listed=listed)
    return finish(fig, f"{_(CENSUS)}; {_(COMPANY)}", f"{title}. {alt}")


def shift_share_bars(parts: pd.DataFrame, names: Mapping[str, str], place: str) -> Figure:
    """What each section's change is made of: all markets' growth, the section's, the place's own.

    Args:
        parts: what :func:`playbook.market.shift_share` returns, by section, in customers.
        names: a short name per section.
        place: the home market, for the title.

    Returns:
        One horizontal bar per section, stacked to both sides of zero, with the change marked.
    """
    rows = parts.loc[parts["change"].sort_values().index]
    rows = rows[(rows != 0).any(axis=1)]
    labels = {
        "reference_growth": _("Growth of all markets"),
        "mix": _("Section mix"),
        "local": _("{place}'s own").format(place=place),
    }
    fig, ax = new_figure(height=2.1 + 0.34 * len(rows))
    y = np.arange(len(rows))
    right, left = np.zeros(len(rows)), np.zeros(len(rows))
    for colour, hatch, (column, label) in zip(CYCLE, _HATCHES, labels.items(), strict=False):
        width = rows[column].to_numpy()
        start = np.where(width >= 0, right, left)
        ax.barh(y, width, left=start, height=0.64, color=colour, hatch=hatch, edgecolor="white", label=label)
        right, left = right + width.clip(min=0), left + width.clip(max=0)
    ax.plot(rows["change"], y, "D", color=COLORS["ink"], ms=6, ls="none", label=_("Change"))
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.set_yticks(y, [names.get(section, section) for section in rows.index])
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Customers gained or lost in the year"))
    total = parts.sum()
    best = max(labels, key=lambda column: total[column])
    ax.set_title(
        _("{place}'s gain of {change:.0f} customers: {role}").format(
            place=place, change=total["change"], role=_(_ROLE[best])
        ),
    )
    legend_above(ax, ncols=2)
    alt = (
        _("Stacked bars of the change in customers by section in {place}. In all, ").format(place=place)
        + ", ".join(f"{label} {total[column]:+.1f}" for column, label in labels.items())
        + _("; together {change:+.0f} customers.").format(change=total["change"])
    )
    return finish(fig, _(COMPANY), alt)


_ROLE = {
    "reference_growth": N_("the growth of all markets carried it"),
    "mix": N_("being in growing sections carried it"),
    "local": N_("its own doing carried it"),
}


def like_for_like_dots(
    cells: pd.DataFrame, rates: pd.DataFrame, names: Mapping[str, str], within: str
) -> Figure:
    """Win rates of a few sections within each stratum, as they stand overall, and like for like.

    Args:
        cells: ``section``, ``within``, ``win_rate``, ``low``, ``high``: what ``win_rates`` returns for both.
        rates: ``section``, ``win_rate``, ``like_for_like``: what ``like_for_like`` returns.
        names: a short name per section.
        within: the column that splits the deals, such as ``grade``.

    Returns:
        One row per stratum and two for the totals, one dot per section in each.
    """
    strata = sorted(cells[within].unique())
    heading = {"grade": _("Grade")}.get(within, within.capitalize())
    rows = [f"{heading} {stratum}" for stratum in strata] + [
        _("As it stands"),
        _("Like for like"),
    ]
    fig, ax = new_figure(height=1.9 + 0.44 * len(rows))
    for place, (colour, section) in enumerate(zip(CYCLE, rates["section"], strict=False)):
        own = cells[cells["section"] == section].set_index(within).reindex(strata)
        total = rates.set_index("section").loc[section]
        x = [*own["win_rate"], total["win_rate"], total["like_for_like"]]
        y = np.arange(len(rows)) + 0.16 * (place - (len(rates) - 1) / 2)
        ax.hlines(y[: len(strata)], own["low"], own["high"], color=colour, lw=1.2, alpha=0.7)
        ax.plot(x, y, ls="none", marker=MARKERS[place], color=colour, ms=8, label=names.get(section, section))
    ax.axhline(len(strata) - 0.5, color=COLORS["muted"], lw=1)
    ax.set_yticks(range(len(rows)), rows)
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(left=0)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Win rate of decided deals (thin lines: 95 % range)"))
    ordered = rates.sort_values("win_rate")["section"].tolist()
    turned = rates.sort_values("like_for_like")["section"].tolist()
    title = (
        _("Comparing like with like keeps the order")
        if ordered == turned
        else _("Comparing like with like turns the order round")
    )
    ax.set_title(title)
    legend_above(ax, ncols=min(len(rates), 2))
    alt = _("Win rates of {count} sections. ").format(count=len(rates)) + " ".join(
        _("{section}: {win_rate:.0%} as it stands, {like_for_like:.0%} like for like.").format(
            section=names.get(row.section, row.section),
            win_rate=row.win_rate,
            like_for_like=row.like_for_like,
        )
        for row in rates.itertuples()
    )
    return finish(fig, _(COMPANY), alt)


def score_bars(
    parts: pd.DataFrame, first: pd.Series, names: Mapping[str, str], criteria: Mapping[str, str], city: str
) -> Figure:
    """The score of each section, made of its criteria, and how often it comes first whatever the weights.

    Args:
        parts: points by section (index, best first) and criterion (columns); a row's sum is its score.
        first: the share of random weightings under which a section comes first, by section.
        names: a short name per section.
        criteria: a label per criterion.
        city: for the title; "the city" if left out.

    Returns:
        One stacked horizontal bar per section, best on top.
    """
    rows = parts.iloc[::-1]
    y = np.arange(len(rows))
    fig, ax = new_figure(height=2.0 + 0.36 * len(rows))
    start = np.zeros(len(rows))
    for colour, hatch, column in zip(CYCLE, _HATCHES, parts.columns, strict=False):
        width = rows[column].to_numpy()
        label = criteria.get(column, column)
        ax.barh(y, width, left=start, height=0.66, color=colour, hatch=hatch, edgecolor="white", label=label)
        start = start + width
    for height, section, score in zip(y, rows.index, start, strict=True):
        ax.annotate(
            _("{score:.2f}   first in {first:.0%}").format(score=score, first=first[section]),
            (score, height),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=11,
        )
    ax.set_yticks(y, [names.get(section, section) for section in rows.index])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 1.45)
    ax.set_xticks(np.linspace(0, 1, 6))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Score; how often first with random weights"), loc="right")
    leader = parts.index[0]
    ax.set_title(
        _("{section} leads in {city} and stays first under {first:.0%} of weights").format(
            section=names.get(leader, leader), city=city, first=first[leader]
        ),
    )
    legend_above(ax, ncols=3)
    scores = parts.sum(axis=1)
    alt = _("Stacked bars of entry scores in {city}. ").format(city=city) + " ".join(
        _("{section} {score:.2f}, first in {first:.0%}.").format(
            section=names.get(section, section), score=scores[section], first=first[section]
        )
        for section in parts.index
    )
    return finish(fig, f"{_(CENSUS)}; {_(COMPANY)}", alt)


def _limits(rows: pd.DataFrame, area: pd.Series, threshold: float) -> tuple[float, tuple[float, float]]:
    """How far the map goes, so that no bubble and no range is cut at its edge: right, and bottom to top."""
    # A bubble takes this part of the map, on each side of its middle.
    across, up = (1.15 * area**0.5 / 2 / points for points in _PLOT)
    right = max((rows["lq"] / (1 - across)).max(), threshold * 1.25, rows["lq"].max() * 1.15)
    low, high = rows["low"].min(), rows["high"].max()
    for _again in range(5):  # a higher map makes each bubble reach further
        reach = up * (high - low)
        low = min(low, (rows["win_rate"] - reach).min())
        high = max(high, (rows["win_rate"] + reach).max())
    margin = max(0.02 * (high - low), 0.002)
    return right, (low - margin, high + margin)


def _spread_labels(rows: pd.DataFrame, area: pd.Series, right: float, height: tuple[float, float]):
    """A place for each bubble's name where it covers no other name and as few bubbles as can be.

    Measured in points on a plot of the least size, which is close enough on every screen.
    """
    bottom, top = height
    x_points, y_points = _PLOT[0] / right, _PLOT[1] / (top - bottom)
    circles = [
        (row.lq * x_points, (row.win_rate - bottom) * y_points, size**0.5 / 2)
        for row, size in zip(rows.itertuples(), area, strict=True)
    ]
    taken: list[tuple[float, float, float]] = []
    for row, (x, y, radius) in zip(rows.itertuples(), circles, strict=True):
        width = _LETTER * len(row.name)
        places = [
            (left, y + lift)
            for lift in (0, 12, -12, 24, -24, 36, -36, 48, -48, 60, -60)
            for left in (x + radius + 5, x - radius - 5 - width, x - width / 2)
            if 0 < left < _PLOT[0] - width and 8 < y + lift < _PLOT[1] - 8
        ]
        best = min(places or [(x, y)], key=lambda place: _cost(place, width, (x, y), circles, taken))
        taken.append((*best, width))
        yield (row.name, row.lq, row.win_rate), (best[0] / x_points, bottom + best[1] / y_points)


_PLOT = (320, 235)  # the map's axes, in points, at least
_LARGEST = 2000  # the largest bubble's area, in square points
_LETTER = 6.3  # a letter's width, in points


def _cost(place, width, home, circles, taken) -> float:
    """How bad a place for a name is: names covered, then bubbles, then distance."""
    left, y = place
    names = sum(
        abs(y - other_y) < 14 and left < a + w + 4 and a < left + width + 4 for a, other_y, w in taken
    )
    bubbles = sum(
        abs(y - circle_y) < radius + 6 and left < circle_x + radius and circle_x - radius < left + width
        for circle_x, circle_y, radius in circles
    )
    return 1000 * names + 60 * bubbles + abs(y - home[1]) + 0.2 * abs(left + width / 2 - home[0])


def _map_title(rows: pd.DataFrame, passed: pd.Series, city: str) -> str:
    """What the map adds to the bars: where those that pass both floors stand when it comes to winning."""
    if not passed.any():
        best = rows.loc[rows["win_rate"].idxmax()]
        title = _("No section passes both floors in {city}; {section} wins most often, {rate:.0%}")
        return title.format(city=city, section=best["name"].lower(), rate=best["win_rate"])
    best = rows.loc[rows.loc[passed, "win_rate"].idxmax()]
    place = 1 + int((rows["win_rate"] > best["win_rate"]).sum())
    title = (
        _("{section} passes both floors in {city} and wins {rate:.0%}: more than any other")
        if place == 1
        else _("{section} passes both floors in {city} but wins {rate:.0%}: rank {place} of {count}")
    )
    return title.format(section=best["name"], city=city, rate=best["win_rate"], place=place, count=len(rows))


def _specialised_title(passed: pd.DataFrame, city: str, threshold: float, least_share: float) -> str:
    names = passed.sort_values("lq", ascending=False)["name"].tolist()
    if not names:
        return _("No section of {city} reaches {threshold:g} with {least_share:.0%} of the workers").format(
            city=city, threshold=threshold, least_share=least_share
        )
    if len(names) > 3:
        return _("{city} is specialised in {count} sections, {section} foremost").format(
            city=city, count=len(names), section=names[0].lower()
        )
    listed = (
        names[0]
        if len(names) == 1
        else _("{others} and {last}").format(others=", ".join(names[:-1]), last=names[-1])
    )
    return _("{city} is specialised in {sections}").format(city=city, sections=listed.lower())
