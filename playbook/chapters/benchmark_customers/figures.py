"""Figures of chapter 7: how far a few benchmark customers reach, whom they leave out, whose word counts."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from playbook.figures.style import COLORS, CYCLE, LINES, MARKERS, finish, new_figure
from playbook.market.benchmark import benchmark_problem, largest_accounts
from playbook.market.reference import BANDS
from playbook.market.selection import coverage_curve, greedy_selection
from playbook.words import N_, _, ngettext

COMPANY = N_("QiHang Cloud (fictional), accounts and customers")
REFERENCES = N_("QiHang Cloud (fictional), references and customers")


def coverage_lines(curves: Mapping[str, pd.DataFrame], city: str, highlight: str = "") -> Figure:
    """How the covered share of the prospects' value grows, benchmark by benchmark, for several choices.

    Args:
        curves: a label per choice, each with ``step`` and ``share`` (a fraction): see ``coverage_curve``.
        city: for the title and the alternative text.
        highlight: the label to draw strongest; the first if left out. The title contrasts it with the last.

    Returns:
        One line with markers per choice, its label and last value at its end.
    """
    highlight = highlight or next(iter(curves))
    fig, ax = new_figure()
    longest = max(int(curve["step"].iloc[-1]) for curve in curves.values())
    ends = {label: float(curve["share"].iloc[-1]) for label, curve in curves.items()}
    top = min(max(max(ends.values()) * 1.18, 0.05), 1.02)
    heights = _apart([max(ends[label], 0.04 * top) for label in curves], 0.075 * top)
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
            f"{label} {ends[label]:.0%}",
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
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(_("Benchmark customers won"))
    ax.set_ylabel(_("Prospects' value covered"))
    contrast = list(curves)[-1]
    title = _("{highlight}: {share:.0%} of the prospects' value in {city}").format(
        highlight=highlight, share=ends[highlight], city=city
    )
    if contrast != highlight:
        title += f"\n{contrast}: {ends[contrast]:.0%}"
    ax.set_title(title)
    alt = _(
        "Lines of the covered share of prospects' value in {city} by number of benchmark customers. "
    ).format(city=city) + " ".join(
        f"{label}: {', '.join(f'{share:.0%}' for share in curve['share'].iloc[1:])}."
        for label, curve in curves.items()
    )
    return finish(fig, _(COMPANY), alt)


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
            fontsize=12,
        )
    labels = [names.get(row, row) if row != "rest" else _("All other divisions") for row in rows]
    ax.set_yticks(np.arange(len(rows)) + 0.5, [_short(label) for label in labels])
    ax.set_xticks(np.arange(len(BANDS)) + 0.5, BANDS)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.invert_yaxis()
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlabel(_("Employees"))
    covered = float(part.to_numpy().sum() / max(value.to_numpy().sum(), 1e-9))
    gap_row, gap_band = (value - part).loc[shown].stack().idxmax()
    ax.set_title(
        _(
            "{covered:.0%} of the value in {city} is covered\nLargest gap: {division}, {band} employees"
        ).format(
            covered=covered, city=city, division=_short(names.get(gap_row, gap_row)).lower(), band=gap_band
        )
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
        _("{label} highest by own value").format(label=label): (
            by_own.difference(by_word),
            COLORS["warn"],
            "s",
            62,
        ),
        _("{label} highest by reference value").format(label=label): (
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
    ax.set_ylim(0, top)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlabel(_("Own lifetime value (CNY 10,000)"))
    ax.set_ylabel(_("Business reference value (CNY 10,000)"))
    both = len(by_own.intersection(by_word))
    if both:
        title = ngettext(
            "One of the {label} best references is a top-{label} payer",
            "{count} of the {label} best references are top-{label} payers",
            both,
        )
    else:
        title = _("None of the {label} best references is a top-{label} payer")
    ax.set_title(title.format(label=label, count=both), pad=52)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, columnspacing=1.2)
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
    """The figure of this chapter's section in the City Playbook: the trainee's plan against two others.

    Args:
        case: the trainee's case.
        answers: answers by question; ``plan`` is a list of account ids. Ids that are no candidates are left
            out; without a plan the figure shows greedy's choice under the same rules.
    """
    problem = benchmark_problem(case.accounts, case.customers_home)
    plan = answers.get("plan")
    if isinstance(plan, Mapping):
        plan = plan.get("v", plan.get("account_id"))
    listed = plan if isinstance(plan, list | tuple | set) else [plan]
    ids = [entry for entry in listed if isinstance(entry, str) and entry in problem.covered.index]
    greedy = greedy_selection(problem.covered, problem.value, **problem.limits()).chosen
    count = len(ids) or len(greedy)
    orders = {_("Your plan"): list(dict.fromkeys(ids))} if ids else {}
    orders |= {
        _("Greedy"): list(greedy),
        _("The {count} largest").format(count=count): largest_accounts(problem.candidates, count),
    }
    curves = {label: coverage_curve(problem.covered, problem.value, order) for label, order in orders.items()}
    return coverage_lines(curves, case.city)


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


def _short(label: str, letters: int = 26) -> str:
    return label if len(label) <= letters else label[: letters - 1].rstrip() + "…"


def _listed(clients: pd.DataFrame, rows: pd.Index, column: str) -> str:
    ordered = clients.loc[rows].sort_values(column, ascending=False)
    return ", ".join(
        f"{name} {value / 10_000:.0f}" for name, value in zip(ordered["name"], ordered[column], strict=True)
    )
