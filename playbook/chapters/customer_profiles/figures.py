"""Figures of chapter 5: what is missing, which groups there are, what marks a customer, and what a score saves."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from playbook.chapters.customer_profiles.summary import chosen_traits
from playbook.errors import PlaybookError
from playbook.figures.live import Live
from playbook.figures.style import COLORS, WIDTH, emphasise, finish, legend_above, new_figure
from playbook.market.profile import prepare_accounts
from playbook.market.scoring import lift_table, precision_recall_at
from playbook.market.traits import rate_by_traits_met, trait_flags
from playbook.words import N_, _, pgettext

SOURCE = N_("QiHang Cloud (fictional), accounts table")


def missing_bars(table: pd.DataFrame, what: str, by: str, source: str = SOURCE) -> Figure:
    """How often a field is empty, group by group.

    Args:
        table: from :func:`playbook.market.missing_by`.
        what: the field, in words ("headcount").
        by: the groups, in words ("revenue quarter").
        source: the source line.

    Returns:
        One bar per group, with its share in percent, and a line at the overall share.
    """
    overall = table["missing"].sum() / table["accounts"].sum()
    top = table["missing_share"].idxmax()
    fig, ax = new_figure(height=3.9)
    shares = table["missing_share"]
    bars = ax.bar([str(group) for group in table.index], shares, color=COLORS["second"], width=0.62)
    emphasise(bars[list(table.index).index(top)])
    ax.bar_label(
        bars,
        [f"{share:.1%}" for share in shares],
        padding=3,
        bbox={"boxstyle": "square,pad=0.05", "fc": COLORS["paper"], "ec": "none"},
    )
    ax.axhline(overall, color=COLORS["ink"], lw=1.3, ls="--")
    ax.annotate(
        _("all: {overall:.1%}").format(overall=overall), (1, overall), xycoords=("axes fraction", "data"), xytext=(-2, 4),
        textcoords="offset points", ha="right", fontsize=11,
    )  # fmt: skip
    ax.set_ylim(0, max(shares.max() * 1.2, 0.01))
    _in_percent(ax.yaxis)
    ax.grid(axis="x", visible=False)
    ax.set_xlabel(by.capitalize())
    ax.set_ylabel(_("Accounts without {what}").format(what=what))
    low = shares.idxmin()
    ax.set_title(
        _("{highest:.0%} without {what} in ‘{top}’, {lowest:.0%} in ‘{low}’").format(
            what=what,
            highest=shares[top],
            top=str(top).replace(" ", "\N{NO-BREAK SPACE}"),
            lowest=shares[low],
            low=str(low).replace(" ", "\N{NO-BREAK SPACE}"),
        )
    )
    alt = _("Bars: share of accounts without {what}, by {by}. ").format(what=what, by=by) + ", ".join(
        f"{group}: {share:.1%}" for group, share in shares.items()
    )
    return finish(fig, _(source), _("{alt}; all accounts: {overall:.1%}.").format(alt=alt, overall=overall))


def silhouette_bars(silhouettes: pd.Series, source: str = SOURCE) -> Figure:
    """Average silhouette width for each number of groups tried, the best marked.

    Args:
        silhouettes: widths (-1 to 1) indexed by the number of groups.
        source: the source line.

    Returns:
        One bar per number of groups; lines at 0.25 and 0.50 mark the rule of thumb.
    """
    best = silhouettes.idxmax()
    fig, ax = new_figure(height=3.9)
    colours = [COLORS["main"] if k == best else COLORS["grid"] for k in silhouettes.index]
    bars = ax.bar(
        [str(k) for k in silhouettes.index], silhouettes, color=colours, edgecolor=COLORS["muted"], width=0.62
    )
    ax.bar_label(
        bars,
        [f"{width:.2f}" for width in silhouettes],
        padding=3,
        bbox={"boxstyle": "square,pad=0.05", "fc": COLORS["paper"], "ec": "none"},
    )
    for level, word in ((0.25, _("weak")), (0.5, _("reasonable"))):
        ax.axhline(level, color=COLORS["accent"], lw=1.2, ls="--")
        ax.annotate(
            _("{word}\nfrom {level:.2f}").format(word=word, level=level),
            (1, level),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=10.5,
            color=COLORS["accent"],
        )
    ax.set_ylim(min(0, silhouettes.min() * 1.2), max(silhouettes.max() * 1.25, 0.62))
    ax.grid(axis="x", visible=False)
    ax.set_xlabel(_("Number of groups"))
    ax.set_ylabel(_("Average silhouette (−1 to 1)"))
    ax.set_title(
        _("{best} groups are told apart best: {width:.2f}").format(best=best, width=silhouettes[best])
    )
    alt = _("Bars: average silhouette width by number of groups. ") + ", ".join(
        _("{k} groups: {width:.2f}").format(k=k, width=width) for k, width in silhouettes.items()
    )
    return finish(fig, _(source), _("{alt}. Best: {best} groups.").format(alt=alt, best=best))


def profile_comparison(table: pd.DataFrame, overall: float, source: str = SOURCE) -> Figure:
    """For each trait, the share in need among accounts with it and among those without it.

    Args:
        table: from :func:`playbook.market.trait_table`, drawn in its order from the top.
        overall: share of all accounts in need (0-1).
        source: the source line.

    Returns:
        Two marks and a line between them per trait: a filled circle with it, an open one without.
    """
    rows = np.arange(len(table))[::-1]
    fig, ax = new_figure(height=1.9 + 0.38 * len(table))
    ax.hlines(rows, table["rate_without"], table["rate_with"], color=COLORS["grid"], lw=4)
    ax.axvline(overall, color=COLORS["muted"], lw=1.2, ls="--")
    ax.plot(
        table["rate_without"],
        rows,
        "o",
        mfc=COLORS["paper"],
        mec=COLORS["muted"],
        mew=1.8,
        ms=9,
        label=_("without"),
    )
    ax.plot(table["rate_with"], rows, "o", color=COLORS["main"], ms=9, label=_("with the trait"))
    for row, rate, other in zip(rows, table["rate_with"], table["rate_without"], strict=True):
        if np.isfinite(rate):
            side = 1 if not rate < other else -1
            ax.annotate(
                f"{rate:.0%}", (rate, row), xytext=(side * 9, 0), textcoords="offset points", va="center",
                ha="left" if side > 0 else "right", fontsize=11,
            )  # fmt: skip
    ax.set_yticks(rows, [_(str(trait)) for trait in table.index])
    ax.set_ylim(-0.6, len(table) - 0.4)
    low, high = (
        np.nanmin(table[["rate_with", "rate_without"]]),
        np.nanmax(table[["rate_with", "rate_without"]]),
    )
    margin = max(high - low, 0.02) * 0.14
    ax.set_xlim(max(low - 1.3 * margin, 0), high + 1.3 * margin)
    _in_percent(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Accounts that need the product (dashed: all, {overall:.0%})").format(overall=overall))
    first = _(str(table.index[0]))
    ax.set_title(_("The trait that tells most: {first}").format(first=first))
    legend_above(ax, ncols=2)
    alt = _(
        "Share of accounts that need the product, with and without each trait; all: {overall:.0%}. "
    ).format(overall=overall) + ", ".join(
        _("{trait}: {rate_with:.0%} with, {rate_without:.0%} without").format(
            trait=_(str(trait)), rate_with=row.rate_with, rate_without=row.rate_without
        )
        for trait, row in zip(table.index, table.itertuples(), strict=True)
    )
    return finish(fig, _(source), alt + ".")


class LiftPicture(Live):
    """The share of accounts in need found over the share visited, with one visit list: see :func:`lift_curve`."""

    def __init__(
        self,
        needs: Sequence[bool] | pd.Series,
        scores: Sequence[float] | pd.Series,
        source: str = SOURCE,
    ):
        self._needs, self._scores, self._source = needs, scores, source
        table = lift_table(needs, scores, bands=min(50, len(list(needs))))
        visited = np.r_[0, table["cumulative_accounts"]]
        found = np.r_[0, table["cumulative_wins"]]
        figure, self._ax = new_figure()
        ax = self._ax
        ax.plot([0, 1], [0, 1], ls="--", color=COLORS["muted"])
        ax.fill_between(visited, visited, found, color=COLORS["main"], alpha=0.1, lw=0)
        ax.plot(visited, found, color=COLORS["main"])
        ax.annotate(
            _("visits in no order"), (0.66, 0.66), xytext=(4, -12), textcoords="offset points", va="top",
            color=COLORS["muted"],
        )  # fmt: skip
        ax.set_xlim(-0.02, 1.02)
        ax.set_ylim(-0.02, 1.03)
        _in_percent(ax.xaxis)
        _in_percent(ax.yaxis)
        ax.set_xlabel(_("Accounts visited, highest score first (share)"))
        ax.set_ylabel(_("Accounts in need found (share)"))
        super().__init__(figure)

    def draw(self, threshold: float | None = None) -> Figure:
        """Mark the visit list of all scores from the threshold on; without one, the first tenth."""
        if threshold is None:
            top = lift_table(self._needs, self._scores)
            here, there = top["cumulative_accounts"].iloc[0], top["cumulative_wins"].iloc[0]
            title = _("The best-scored tenth holds {there:.0%} of all accounts in need").format(there=there)
        else:
            visits = precision_recall_at(self._needs, self._scores, threshold)
            here, there = visits.visits / len(list(self._needs)), visits.recall
            title = _("{here:.0%} of the visits find {there:.0%} of the accounts in need").format(
                here=here, there=there
            )
        ax = self._ax
        ax.vlines(here, 0, there, color=COLORS["accent"], lw=1.4, ls=":")
        ax.hlines(there, 0, here, color=COLORS["accent"], lw=1.4, ls=":")
        ax.plot(here, there, "o", color=COLORS["accent"], ms=9, zorder=4)
        left = here > 0.6
        ax.annotate(
            _("{there:.0%} found").format(there=there), (here, there), xytext=(-10 if left else 10, -6),
            textcoords="offset points", va="top", ha="right" if left else "left",
            color=COLORS["accent"], weight="bold", zorder=5,
            bbox={"boxstyle": "square,pad=0.1", "fc": COLORS["paper"], "ec": "none", "alpha": 0.9},
        )  # fmt: skip
        ax.set_xlim(-0.02, 1.02)
        ax.set_ylim(-0.02, 1.03)
        ax.set_title(title)
        alt = _(
            "Curve of the share of accounts in need found against the share visited, highest score first. "
            "At {here:.0%} visited, {there:.0%} are found; visiting in no order would find {here:.0%}."
        ).format(here=here, there=there)
        return finish(self.figure, _("{source}; held-out accounts").format(source=_(self._source)), alt)


def lift_curve(
    needs: Sequence[bool] | pd.Series,
    scores: Sequence[float] | pd.Series,
    threshold: float | None = None,
    source: str = SOURCE,
) -> Figure:
    """How many of all accounts in need are found by visiting the highest scores first.

    Args:
        needs: yes/no per account of the hold-out.
        scores: their scores, 0 to 1.
        threshold: marks the visit list of all scores from here on; None marks the first tenth.
        source: the source line.

    Returns:
        A curve of the share found over the share visited, beside the line of visits in no order.
    """
    return LiftPicture(needs, scores, source).draw(threshold)


def icp_card(accounts: pd.DataFrame, traits: Sequence[str], city: str, source: str = SOURCE) -> Figure:
    """The ideal customer profile on a card: its traits, and the share in need by how many are met.

    Args:
        accounts: the accounts table, with ``need``.
        traits: names from :data:`playbook.market.TRAITS`.
        city: for the title.
        source: the source line.

    Returns:
        Left, the traits in words; right, a bar for each number of traits met.
    """
    traits = list(traits)
    rates = rate_by_traits_met(trait_flags(accounts, traits), accounts["need"])
    fig, ax = new_figure(height=4.4)
    ax.remove()
    card, bars = fig.subplots(1, 2, gridspec_kw={"width_ratios": [1, 1.25]})
    card.set_axis_off()
    card.set_xlim(0, 1)
    card.set_ylim(0, 1)
    step = min(0.16, 0.86 / (len(traits) + 1))
    for place, trait in enumerate(traits):
        y = 0.9 - place * step
        card.plot(0.04, y, "s", color=COLORS["main"], ms=8, clip_on=False)
        card.text(0.12, y, _(trait), va="center", fontsize=11)
    overall = rates["wins"].sum() / rates["accounts"].sum()
    card.text(
        0.04,
        0.9 - len(traits) * step,
        _("All accounts: {overall:.0%} in need").format(overall=overall),
        va="center",
        fontsize=11,
    )
    met = [str(count) for count in rates.index]
    colours = [COLORS["second"]] * (len(met) - 1) + [COLORS["main"]]
    drawn = bars.bar(met, rates["rate"].fillna(0), color=colours, width=0.66)
    bars.bar_label(
        drawn,
        [pgettext("accounts", "none") if np.isnan(rate) else f"{rate:.0%}" for rate in rates["rate"]],
        padding=3,
        bbox={"boxstyle": "square,pad=0.05", "fc": COLORS["paper"], "ec": "none"},
    )
    bars.set_xticks(range(len(met)), [f"{m}\n({n:,})" for m, n in zip(met, rates["accounts"], strict=True)])
    bars.tick_params(axis="x", labelsize=10.5)
    bars.set_ylim(0, max(rates["rate"].max() * 1.18, 0.01))
    _in_percent(bars.yaxis)
    bars.grid(axis="x", visible=False)
    bars.set_xlabel(_("Traits met (accounts)"))
    bars.set_ylabel(_("Accounts that need the product"))
    fig.suptitle(
        "\n".join(wrap(_card_title(rates, city), int(8 * WIDTH))),
        x=0.012,
        ha="left",
        fontsize=14,
        weight="bold",
    )
    alt = (
        _("Profile card for {city}. Traits: {traits}. Share in need by traits met: ").format(
            city=city, traits=", ".join(map(_, traits))
        )
        + ", ".join(
            (_("{count}: {rate:.0%} of {accounts}") if row.accounts else _("{count}: nobody")).format(
                count=count, rate=row.rate, accounts=row.accounts
            )
            for count, row in zip(rates.index, rates.itertuples(), strict=True)
        )
        + "."
    )
    return finish(fig, _(source), alt)


def _in_percent(axis: Axis) -> None:
    """Whole percentages at even steps: 10 %, 12 %, 14 %, and none that had to be rounded."""
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(PercentFormatter(1, decimals=0))


def _card_title(rates: pd.DataFrame, city: str) -> str:
    full = rates.dropna(subset=["rate"])
    first, last = full.iloc[0], full.iloc[-1]
    title = (
        _("{city}’s ideal customer: need rises from {first:.0%} to {last:.0%} with the traits met")
        if last["rate"] >= first["rate"]
        else _("{city}’s ideal customer: need falls from {first:.0%} to {last:.0%} with the traits met")
    )
    return title.format(city=city, first=first["rate"], last=last["rate"])


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: the trainee's profile on a card.

    Args:
        case: the trainee's case.
        answers: what the trainee's notebook bound; ``icp`` holds the traits chosen.

    Returns:
        The card for those of the chosen traits that exist.

    Raises:
        PlaybookError: none of them does.
    """
    traits = chosen_traits(answers)
    if not traits:
        raise PlaybookError(_("no trait is chosen, so there is no profile to draw"))
    return icp_card(prepare_accounts(case.accounts), traits, case.city)
