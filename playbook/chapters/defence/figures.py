"""Figures of chapter 13: plans in the wind tunnel, what an answer is worth, and why plans meet the same chance."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from playbook.chapters.defence.trial import RUNS
from playbook.figures.style import COLORS, CYCLE, LINES, MARKERS, emphasise, finish, new_figure
from playbook.simulator import known_plans, make_city, make_draws, simulate
from playbook.simulator.outcome import RANGE, Outcome
from playbook.simulator.parameters import MONTHS, Parameters
from playbook.simulator.plan import Plan, with_lever
from playbook.simulator.sensitivity import points_lost, share_of_gap
from playbook.words import N_, _, ngettext

SOURCE = N_("the course's simulator, a wind tunnel and no forecast; accounts: QiHang Cloud (invented)")
PLAN_NAMES = {
    "naive": N_("naive"),
    "f": N_("company F"),
    "book": N_("by the book"),
    "alone": N_("book, no veterans"),
    "own": N_("your plan"),
}
LEVER_NAMES = {
    "industries": N_("industries"),
    "areas": N_("areas"),
    "offices": N_("offices"),
    "profile": N_("ideal customer"),
    "rivals": N_("rivals"),
    "benchmarks": N_("benchmarks"),
    "supervisors": N_("supervisors"),
    "heads": N_("sellers"),
    "veterans": N_("veterans"),
    "guarantee": N_("guarantee"),
    "bench": N_("bench"),
    "cadence": N_("cadence"),
    "follow_up": N_("follow-up"),
    "salons": N_("salons"),
    "online": N_("online"),
    "ecosystem": N_("ecosystem"),
    "gate": N_("gate"),
}


def four_plans(city: Any, own: Plan | None = None) -> dict[str, Plan]:
    """The naive plan, company F, the plan by the book, and the reader's own; without one, the book without veterans."""
    plans = known_plans(city)
    if own is not None:
        return plans | {"own": own}
    return plans | {"alone": with_lever(plans["book"], "veterans", plans["naive"])}


def cash_by_month(outcomes: Mapping[str, Outcome], city: str, limit: float | None = None) -> Figure:
    """Mean cash of each plan by month, with the range that holds 80 % of the runs.

    Args:
        outcomes: by the plan's name, of which :data:`PLAN_NAMES` has the words; at most four.
        limit: thousand CNY; default the course's.
    """
    limit = Parameters().frozen_below if limit is None else limit
    figure, axes = new_figure(height=4.6)
    months = np.arange(1, MONTHS + 1)
    said, below = [], []
    for number, (name, outcome) in enumerate(outcomes.items()):
        cash = outcome.column("cash") / 1000
        mean, (low, high) = cash.mean(0), np.quantile(cash, RANGE, axis=0)
        color, words = CYCLE[number], _(PLAN_NAMES[name])
        axes.fill_between(months, low, high, color=color, alpha=0.14, linewidth=0)
        axes.plot(months, mean, color=color, linestyle=LINES[number], label=words)
        axes.plot(months[5::6], mean[5::6], color=color, linestyle="none", marker=MARKERS[number])
        said.append(
            _("{plan} {end:.1f} ({low:.1f} to {high:.1f})").format(
                plan=words, end=mean[-1], low=low[-1], high=high[-1]
            )
        )
        if (mean < limit / 1000).any():
            below.append(words)
    axes.axhline(limit / 1000, color=COLORS["ink"], linewidth=1.4, linestyle=(0, (6, 3)))
    axes.text(1, limit / 1000, _("limit"), ha="left", va="bottom", fontsize=11)
    axes.axhline(0, color=COLORS["muted"], linewidth=1)
    axes.set_xticks([1, 6, 12, 18, 24])
    axes.set_xlabel(_("Month"))
    axes.set_ylabel(_("Cash, CNY million"))
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.2 * (high - low))  # room for the legend above the lines
    axes.legend(loc="upper left", handlelength=2.6, ncols=2)
    if below:
        title = ngettext(
            "{plans} runs out of money in {city}", "{plans} run out of money in {city}", len(below)
        )
        axes.set_title(title.format(plans=_capital(", ".join(below)), city=city))
    else:
        axes.set_title(_("Every plan keeps above the limit in {city}").format(city=city))
    alt = _(
        "Lines of mean cash by month in {city}, with the range of 80 % of the runs. After 24 months, CNY million: {listed}."
    )
    return finish(figure, _(SOURCE), alt.format(city=city, listed=", ".join(said)))


def shares_of_gap(outcomes: Mapping[str, Outcome], naive: float, reference: float, city: str) -> Figure:
    """How much of the gap each plan closes: the mean, and the range that holds 80 % of the runs.

    Args:
        outcomes: by the plan's name. naive, reference: mean values at 0 and at 1, thousand CNY.
    """
    figure, axes = new_figure(height=3.6)
    shares = {name: share_of_gap(outcome.value, naive, reference) for name, outcome in outcomes.items()}
    order = sorted(shares, key=lambda name: shares[name].mean())
    for row, name in enumerate(order):
        low, high = np.quantile(shares[name], RANGE)
        best = name == order[-1]
        color = COLORS["accent"] if best else COLORS["main"]
        axes.plot([low, high], [row, row], color=color, linewidth=7, alpha=0.35, solid_capstyle="butt")
        axes.plot([shares[name].mean()], [row], color=color, marker="D" if best else "o", markersize=11)
        axes.text(
            shares[name].mean(),
            row + 0.2,
            f"{shares[name].mean():.2f}",
            ha="center",
            va="bottom",
            fontsize=12,
        )
    for end in (0, 1):
        axes.axvline(end, color=COLORS["muted"], linewidth=1.4, linestyle=LINES[1])
    axes.set_yticks(range(len(order)), [_(PLAN_NAMES[name]) for name in order])
    axes.set_ylim(-0.6, len(order) - 0.3)
    axes.set_xlabel(_("Share of the gap: 0 naive, 1 the best found; bars: 80 % of the runs"))
    axes.grid(axis="y", visible=False)
    top = _(PLAN_NAMES[order[-1]])
    axes.set_title(
        _("{plan}: {share:.0%} of what is possible in {city}").format(
            plan=_capital(top), share=shares[order[-1]].mean(), city=city
        )
    )
    listed = ", ".join(
        f"{_(PLAN_NAMES[name])} {shares[name].mean().round(2) + 0:.2f}" for name in order[::-1]
    )
    return finish(
        figure, _(SOURCE), _("Share of the gap by plan, mean of the runs: {listed}.").format(listed=listed)
    )


def answers_worth(table: pd.DataFrame, city: str) -> Figure:
    """Points of the gap that a plan loses when one answer goes back to the naive one: a bar for each lever.

    Args:
        table: from :func:`playbook.simulator.points_lost`.
    """
    figure, axes = new_figure(height=6.2)
    rows = table.sort_values("points", ignore_index=True)
    names = [_(LEVER_NAMES[lever]) for lever in rows["lever"]]
    bars = axes.barh(names, rows["points"], color=COLORS["main"], height=0.7)
    emphasise(bars[-1])
    axes.errorbar(
        rows["points"],
        range(len(rows)),
        xerr=2 * rows["error"],
        fmt="none",
        ecolor=COLORS["ink"],
        elinewidth=1.3,
    )
    axes.axvline(0, color=COLORS["ink"], linewidth=1)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_xlabel(_("Points of the gap that are lost; thin lines: two standard errors"))
    axes.set_title(
        _("{lever}: {points:.0f} points lost, the most of one wrong answer in {city}").format(
            lever=_capital(names[-1]), points=rows["points"].iloc[-1], city=city
        )
    )
    listed = ", ".join(
        f"{name} {points:.0f}" for name, points in zip(names[::-1], rows["points"][::-1], strict=True)
    )
    alt = _("Bars of points lost when one answer of the plan by the book becomes the naive one: {listed}.")
    return finish(figure, _(SOURCE), alt.format(listed=listed))


def same_chance(same: np.ndarray, different: np.ndarray, change: str) -> Figure:
    """The difference of two plans, run by run: with the same chance for both, and with another for each.

    Args:
        same, different: value of the one less that of the other, thousand CNY, a number for each run.
        change: what the plans differ in, in a few words.
    """
    figure, axes = new_figure(height=3.4)
    rows = (
        (0, different / 1000, _("own chance\nfor each"), COLORS["main"], "o"),
        (1, same / 1000, _("the same\nchance"), COLORS["accent"], "D"),
    )
    for row, values, _words, color, marker in rows:
        spread = (np.arange(len(values)) * 0.618) % 1 - 0.5  # side by side, so that every run is seen
        axes.plot(
            values,
            row + 0.42 * spread,
            linestyle="none",
            marker=marker,
            color=color,
            alpha=0.55,
            markersize=5.5,
        )
        axes.plot([values.mean()] * 2, [row - 0.34, row + 0.34], color=COLORS["ink"], linewidth=2.4)
    axes.axvline(0, color=COLORS["muted"], linewidth=1.2, linestyle=LINES[1])
    axes.set_yticks([row for row, *_rest in rows], [words for _row, _values, words, *_rest in rows])
    axes.set_ylim(-0.6, 1.6)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(_("Gain from {change}, CNY million; a mark is a run").format(change=change))
    times = different.std(ddof=1) / max(same.std(ddof=1), 1e-9)
    axes.set_title(
        _("The same chance for both plans: luck moves the answer {times:.1f} times less").format(times=times)
    )
    alt = _(
        "Two rows of {runs} runs each. Gain from {change}, CNY million: with the same chance {one:.2f}, standard "
        "deviation {one_sd:.2f}; with a chance of its own for each plan {two:.2f}, standard deviation {two_sd:.2f}."
    ).format(
        runs=len(same),
        change=change,
        one=same.mean() / 1000,
        one_sd=same.std(ddof=1) / 1000,
        two=different.mean() / 1000,
        two_sd=different.std(ddof=1) / 1000,
    )
    return finish(figure, _(SOURCE), alt)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def outcomes_of(case: Any, own: Plan | None = None, runs: int = RUNS) -> dict[str, Outcome]:
    """Four plans in a case, all meeting the same chance."""
    city = make_city(case)
    draws = make_draws(city, runs)
    return {name: simulate(city, plan, draws) for name, plan in four_plans(city, own).items()}


def worth_of(case: Any, runs: int = RUNS, gap: float | None = None) -> pd.DataFrame:
    """What each answer carries in the plan by the book; see :func:`playbook.simulator.points_lost`."""
    city = make_city(case)
    return points_lost(city, known_plans(city)["book"], make_draws(city, runs), gap)


def gains_of(case: Any, lever: str, runs: int = RUNS) -> tuple[np.ndarray, np.ndarray]:
    """What one answer by the book gains over the naive one, run by run: with the same chance, and with another.

    Args:
        lever: one of :data:`playbook.simulator.LEVERS`.
    """
    city = make_city(case)
    plans = known_plans(city)
    without = with_lever(plans["book"], lever, plans["naive"])
    draws = make_draws(city, 2 * runs)
    whole = simulate(city, plans["book"], draws.part(0, runs)).value
    same, different = (simulate(city, without, draws.part(start, start + runs)).value for start in (0, runs))
    return whole - same, whole - different
