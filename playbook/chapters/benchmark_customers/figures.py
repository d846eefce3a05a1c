"""Figures of chapter 7: how far a few benchmark customers reach, whom they leave out, whose word counts."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from playbook.chapters.benchmark_customers.summary import planned_order
from playbook.errors import PlaybookError
from playbook.figures.live import Live
from playbook.figures.style import COLORS, CYCLE, LINES, MARKERS, finish, legend_above, new_figure
from playbook.market.benchmark import benchmark_problem, largest_accounts
from playbook.market.reference import BANDS
from playbook.market.selection import coverage_curve, coverage_value
from playbook.words import N_, _, ngettext

COMPANY = N_("QiHang Cloud (fictional), accounts and customers")
REFERENCES = N_("QiHang Cloud (fictional), references and customers")


class CoveragePicture(Live):
    """The covered share of the prospects' value, choice by choice: see :func:`coverage_lines`."""

    def __init__(self, city: str):
        self._city = city
        figure, self._ax = new_figure()
        self._ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        self._ax.set_xlabel(_("Benchmark customers won"))
        self._ax.set_ylabel(_("Prospects' value covered"))
        super().__init__(figure)

    def draw(self, curves: Mapping[str, pd.DataFrame], highlight: str = "") -> Figure:
        """One line with markers per choice, its label and last value at its end."""
        highlight = highlight or next(iter(curves))
        ax = self._ax
        longest = max(int(curve["step"].iloc[-1]) for curve in curves.values())
        ends = {label: float(curve["share"].iloc[-1]) for label, curve in curves.items()}
        top = min(self.end(max(max(ends.values()) * 1.18, 0.05)), 1.02)
        labels = {label: "\n".join(wrap(f"{label} {end:.0%}", 16)) for label, end in ends.items()}
        lines = max(label.count("\n") + 1 for label in labels.values())
        heights = _apart([max(end, 0.04 * lines * top) for end in ends.values()], 0.075 * lines * top)
        for place, (label, curve) in enumerate(curves.items()):
            strong = label == highlight
            ax.plot(
                curve["step"],
                curve["share"],
                color=CYCLE[place],
                ls=LINES[place],
                marker=MARKERS[place],
                lw=3.0 if strong else 2.0,
                ms=8 if strong else 6.5,
                zorder=4 if strong else 3,
            )
            ax.annotate(
                labels[label],
                (curve["step"].iloc[-1], ends[label]),
                xytext=(longest + 0.3, heights[place]),
                color=CYCLE[place],
                va="center",
                fontsize=11.5,
                fontweight="bold" if strong else "normal",
            )
        ax.set_xlim(0, longest * 1.55 + 0.3)
        ax.set_ylim(0, top)
        ax.set_xticks(range(0, longest + 1, max(1, longest // 8)))
        contrast = list(curves)[-1]
        title = (
            _("{highlight}: {share:.0%} of the prospects' value in {city}. {contrast}: {other:.0%}")
            if contrast != highlight
            else _("{highlight}: {share:.0%} of the prospects' value in {city}")
        )
        ax.set_title(
            title.format(
                highlight=highlight,
                share=ends[highlight],
                city=self._city,
                contrast=contrast,
                other=ends[contrast],
            )
        )
        alt = _(
            "Lines of the covered share of prospects' value in {city} by number of benchmark customers. "
        ).format(city=self._city) + " ".join(
            f"{label}: {', '.join(f'{share:.0%}' for share in curve['share'].iloc[1:])}."
            for label, curve in curves.items()
        )
        return finish(self.figure, _(COMPANY), alt)


def coverage_lines(curves: Mapping[str, pd.DataFrame], city: str, highlight: str = "") -> Figure:
    """How the covered share of the prospects' value grows, benchmark by benchmark, for several choices.

    Args:
        curves: a label per choice, each with ``step`` and ``share`` (a fraction): see ``coverage_curve``.
        city: for the title and the alternative text.
        highlight: the label to draw strongest; the first if left out. The title contrasts it with the last.

    Returns:
        One line with markers per choice, its label and last value at its end.
    """
    return CoveragePicture(city).draw(curves, highlight)


def coverage_grid(
    prospects: pd.DataFrame,
    reached: Iterable[str],
    names: Mapping[str, str],
    city: str,
    most_rows: int = 9,
) -> Figure:
    """Who is covered: the value of each division and size band, shaded by the share that is covered.

    Args:
        prospects: ``account_id``, ``division``, ``size_band``, ``value_cny`` (CNY a year).
        reached: ids of the prospects that are covered.
        names: a short name per division.
        city: for the title.
        most_rows: how many divisions to show, most value first; the rest is one row.

    Returns:
        A grid of divisions by size bands; each cell names its value and the covered share.
    """
    totals = prospects.groupby("division")["value_cny"].sum().sort_values(ascending=False, kind="stable")
    shown = list(totals.index[:most_rows])
    table = prospects.assign(
        row=prospects["division"].where(prospects["division"].isin(shown), "rest"),
        reached=prospects["value_cny"].where(prospects["account_id"].isin(set(reached)), 0.0),
    )
    sums = table.groupby(["row", "size_band"])[["value_cny", "reached"]].sum()
    rows = [*shown, "rest"] if len(totals) > most_rows else shown
    fig, ax = new_figure(height=1.7 + 0.36 * len(rows))
    value, part = (
        sums[column].unstack(fill_value=0.0).reindex(index=rows, columns=list(BANDS), fill_value=0.0)
        for column in ("value_cny", "reached")
    )
    share = (part / value.where(value > 0)).to_numpy()
    shades = LinearSegmentedColormap.from_list("covered", ["#F1F4F7", "#74B4DE"])
    ax.pcolormesh(np.nan_to_num(share), cmap=shades, vmin=0, vmax=1, edgecolors=COLORS["paper"], linewidth=2)
    for y, x in np.argwhere(value.to_numpy() > 0):
        ax.text(
            x + 0.5,
            y + 0.5,
            f"{value.iloc[y, x] / 10_000:.0f} · {share[y, x]:.0%}",
            ha="center",
            va="center",
            fontsize=10.5,
        )
    labels = [names.get(row, row) if row != "rest" else _("All other divisions") for row in rows]
    ax.set_yticks(np.arange(len(rows)) + 0.5, [_in_two_lines(label) for label in labels])
    ax.set_xticks(np.arange(len(BANDS)) + 0.5, BANDS)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.invert_yaxis()
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlabel(_("Employees"))
    covered = float(part.to_numpy().sum() / max(value.to_numpy().sum(), 1e-9))
    gap_row, gap_band = (value - part).stack().idxmax()
    ax.set_title(
        _(
            "{covered:.0%} of the value in {city} is covered\nLargest gap: {division}, {band} employees"
        ).format(covered=covered, city=city, division=labels[rows.index(gap_row)].lower(), band=gap_band)
    )
    alt = _("Grid of divisions by size band in {city}, shaded by the covered share of value. ").format(
        city=city
    ) + " ".join(
        _("{label}: {share:.0%} of CNY {millions:.2f} million.").format(
            label=label,
            share=part.loc[row].sum() / max(value.loc[row].sum(), 1e-9),
            millions=value.loc[row].sum() / 1e6,
        )
        for row, label in zip(rows, labels, strict=True)
    )
    cells = _("In each cell: value in CNY 10,000 a year · share of it covered")
    return finish(fig, _("Source: {source}").format(source=_(COMPANY)) + f"\n{cells}", alt)


def reference_against_own_value(clients: pd.DataFrame, city: str, label: int = 4) -> Figure:
    """What clients are worth by their own contracts and by their word, one dot a client.

    Args:
        clients: ``name`` (or an id), ``clv_cny`` and ``brv_cny`` (CNY).
        city: for the title.
        label: how many of each list's highest to name.

    Returns:
        Dots: across, the own lifetime value; up, the reference value; the highest of each are named.
    """
    x, y = clients["clv_cny"] / 10_000, clients["brv_cny"] / 10_000
    by_own = clients["clv_cny"].nlargest(label).index
    by_word = clients["brv_cny"].nlargest(label).index
    fig, ax = new_figure(height=4.6)
    groups = {
        _("Other clients"): (clients.index.difference(by_own.union(by_word)), COLORS["muted"], "o", 28),
        _("Top {label} by own value").format(label=label): (
            by_own.difference(by_word),
            COLORS["warn"],
            "s",
            62,
        ),
        _("Top {label} by reference value").format(label=label): (
            by_word.difference(by_own),
            COLORS["main"],
            "^",
            78,
        ),
        _("In both"): (by_own.intersection(by_word), COLORS["accent"], "D", 62),
    }
    for name, (rows, colour, marker, size) in groups.items():
        if len(rows):
            ax.scatter(x[rows], y[rows], color=colour, marker=marker, s=size, label=name, zorder=3)
    named = by_own.union(by_word)
    right_edge, top = x.max() * 1.08, y.max() * 1.15
    bottom = -0.04 * top
    heights = _label_heights(x[named] / right_edge, y[named] / top)
    for row, height in zip(named, heights, strict=True):
        left = x[row] > 0.75 * x.max()
        ax.annotate(
            clients["name"][row],
            (x[row], y[row]),
            xytext=(x[row] + (-0.016 if left else 0.016) * right_edge, height * top),
            ha="right" if left else "left",
            va="center",
            fontsize=10,
            arrowprops={"arrowstyle": "-", "color": COLORS["muted"], "lw": 0.6, "shrinkA": 0, "shrinkB": 3},
        )
    ax.set_xlim(0, right_edge)
    ax.set_ylim(bottom, top)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlabel(_("Own lifetime value (CNY 10,000)"))
    ax.set_ylabel(_("Reference value (CNY 10,000)"))
    both = len(by_own.intersection(by_word))
    if both:
        title = ngettext(
            "One of the {label} best references is a top-{label} payer",
            "{count} of the {label} best references are top-{label} payers",
            both,
        )
    else:
        title = _("None of the {label} best references is a top-{label} payer")
    ax.set_title(title.format(label=label, count=both))
    legend_above(ax, ncols=2)
    alt = _(
        "Scatter of {count} clients in {city}: own lifetime value against business reference value. "
        "Highest by reference value: {by_reference}. "
        "Highest by own value: {by_own}."
    ).format(
        count=len(clients),
        city=city,
        by_reference=_listed(clients, by_word, "brv_cny"),
        by_own=_listed(clients, by_own, "clv_cny"),
    )
    return finish(fig, _(REFERENCES), alt)


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: what each benchmark customer adds.

    Args:
        case: the trainee's case.
        answers: answers by question; ``plan`` lists account ids. Ids that are no candidates are left out.

    Returns:
        A step per benchmark customer, the one that adds most first, and the same number of largest names below.

    Raises:
        PlaybookError: the plan names no candidate.
    """
    problem = benchmark_problem(case.accounts, case.customers_home)
    plan = planned_order(problem, answers)
    if not plan:
        raise PlaybookError(_("the plan names no candidate, so there is nothing to draw"))
    names = problem.candidates.set_index("account_id")["name"]
    shares = coverage_curve(problem.covered, problem.value, plan)["share"].to_numpy()
    largest = largest_accounts(problem.candidates, len(plan))
    contrast = coverage_value(problem.covered, problem.value, largest) / float(problem.value.sum())
    rows = np.arange(len(plan), -1, -1)
    fig, ax = new_figure(height=1.8 + 0.42 * (len(plan) + 1))
    ax.barh(rows[:-1], shares[:-1], height=0.6, color=COLORS["grid"])
    ax.barh(rows[:-1], np.diff(shares), left=shares[:-1], height=0.6, color=COLORS["main"])
    ax.barh(rows[-1], contrast, height=0.6, color=COLORS["paper"], edgecolor=COLORS["muted"], hatch="///")
    for row, end in zip(rows, [*shares[1:], contrast], strict=True):
        ax.annotate(
            f"{end:.0%}", (end, row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=11.5
        )
    besides = ngettext("The largest name instead", "The {count} largest names instead", len(plan))
    labels = [*(_named_short(names[account]) for account in plan), besides.format(count=len(plan))]
    ax.set_yticks(rows, labels)
    ax.tick_params(axis="y", length=0, labelsize=10.5)
    ax.set_xlim(0, max(shares[-1], contrast) * 1.15)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Prospects' value reached (dark: what this one adds)"))
    title = ngettext(
        "{count} benchmark customer reaches {share:.0%} of the prospects' value in {city}, the largest name {other:.0%}",
        "{count} benchmark customers reach {share:.0%} of the prospects' value in {city}, the {count} largest names "
        "{other:.0%}",
        len(plan),
    ).format(count=len(plan), city=case.city, share=shares[-1], other=contrast)
    ax.set_title(title)
    listed = "; ".join(f"{names[one]} {share:.0%}" for one, share in zip(plan, shares[1:], strict=True))
    alt = _("{title}. Steps, each with those above it: {listed}.").format(title=title, listed=listed)
    return finish(fig, _(COMPANY), alt)


def _named_short(name: str, letters: int = 30) -> str:
    """A firm's name without its legal form, in at most two lines."""
    name = " ".join(word for word in name.split() if word not in ("Co", "Ltd"))
    return "\n".join(wrap(name, letters)[:2])


def _apart(values: list[float], least: float) -> list[float]:
    """The values, pushed up where two labels would overlap."""
    heights = list(values)
    order = sorted(range(len(values)), key=lambda place: values[place])
    for below, above in pairwise(order):
        heights[above] = max(heights[above], heights[below] + least)
    return heights


def _label_heights(across: pd.Series, up: pd.Series) -> list[float]:
    """Heights for labels beside dots (fractions of the axes), pushed up where two would overlap."""
    heights: dict[Any, float] = {}
    for row in up.sort_values().index:
        height = float(up[row])
        while any(abs(height - heights[o]) < 0.048 and abs(across[row] - across[o]) < 0.2 for o in heights):
            height += 0.01
        heights[row] = height
    return [heights[row] for row in up.index]


def _in_two_lines(label: str, letters: int = 20) -> str:
    """A long label on two lines; what does not fit on them is left out."""
    return "\n".join(wrap(label, letters, max_lines=2, placeholder=" …"))


def _listed(clients: pd.DataFrame, rows: pd.Index, column: str) -> str:
    ordered = clients.loc[rows].sort_values(column, ascending=False)
    return ", ".join(
        f"{name} {value / 10_000:.0f}" for name, value in zip(ordered["name"], ordered[column], strict=True)
    )
