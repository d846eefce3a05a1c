"""What another yuan brings in each way of selling: response curves, the next win, and the best mix of a budget.

A curve says how many wins a quarter's money brings. It bends: the first yuan of some ways bring little, the last
ones of all ways bring little. What a win has cost so far, the average, says nothing about what the next one costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import ceil, log

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.ties import first_largest
from playbook.words import _

#: The four ways to sell in the order in which the practice came to them, with the year.
MODELS = {"direct": 2000, "salon": 2005, "online": 2010, "ecosystem": 2015}
#: Ways that a team can run well at a time.
MOST_WAYS = 3
#: Slopes that are tried, halvings of a bracket, Newton steps to a root from afar and from near.
_GRID, _HALVINGS, _STEPS, _AGAIN = 240, 34, 16, 4
#: The logarithm of a number that is still one.
_LARGE = 700.0


def adbudg(spend, top, c, half, low=0.0):
    """Wins that a quarter's money brings: a curve that rises, bends, and fills up.

    .. math:: w(x) = \\text{low} + (\\text{top} - \\text{low}) \\frac{x^c}{h^c + x^c}

    Args:
        spend: money, ``x``, 0 or more; one number, an array or a column, like the others.
        top: wins that no money can exceed.
        c: shape; up to 1 the curve bends from the start, above 1 it is an S: slow, steep, full.
        half: money that brings half of what can be had, ``h``, in the unit of ``spend``.
        low: wins without any money.

    Returns:
        Wins, in the shape of the arguments.

    Raises:
        PlaybookError: money below 0, a shape or a half of 0 or below.

    Source: Little (1970), Management Science 16.
    """
    if np.any(np.asarray(spend, dtype=float) < 0):
        raise PlaybookError(_("money is below 0"), remedy=_("Spend 0 or more."))
    if np.any(np.asarray(c, dtype=float) <= 0) or np.any(np.asarray(half, dtype=float) <= 0):
        raise PlaybookError(
            _("a curve needs a shape and a half above 0"), remedy=_("Look at its two numbers.")
        )
    share = (spend / half) ** c
    return low + (top - low) * share / (1 + share)


def adbudg_from_judgements(
    low: float, today: float, more: float, top: float, factor: float = 1.5
) -> tuple[float, float]:
    """The curve of somebody's four judgements, with today's money as the unit.

    .. math:: d = \\frac{\\text{top} - \\text{today}}{\\text{today} - \\text{low}}, \\quad
        w(x) = \\text{low} + (\\text{top} - \\text{low}) \\frac{x^c}{d + x^c}

    Args:
        low: what comes without any money. today: with today's. top: with all the money in the world.
        more: with ``factor`` times today's, above today and below the top.

    Returns:
        ``d`` and ``c``; ``d ** (1 / c)`` is the half of :func:`adbudg`.

    Raises:
        PlaybookError: judgements that do not rise.

    Source: Little (1970), Management Science 16.
    """
    if not low < today < more < top or factor <= 1:
        raise PlaybookError(
            _("more money must bring more, and less than all"),
            remedy=_("Give four numbers that rise: without money, today, with more, at most."),
        )
    d = (top - today) / (today - low)
    reached = (more - low) / (top - low)
    return d, log(d * reached / (1 - reached)) / log(factor)


def average_cost(months: pd.DataFrame) -> pd.Series:
    """What a win has cost in each way of selling, the sellers' pay included (in the unit of the money).

    Args:
        months: ``channel``, ``spend_10k``, ``pay_10k``, ``wins``.

    Returns:
        By channel, all money over all wins; infinite where nothing was won.

    Source: cost of acquisition as in Gupta, Lehmann and Stuart (2004), Journal of Marketing Research 41.
    """
    sums = months.groupby("channel")[["spend_10k", "pay_10k", "wins"]].sum()
    return ((sums["spend_10k"] + sums["pay_10k"]) / sums["wins"]).rename("cost")


def next_cost(curves: pd.DataFrame, spend: Mapping | pd.Series, more: float = 1.0) -> pd.Series:
    """What the next win costs in each way of selling, from where one stands.

    .. math:: \\frac{\\Delta}{w(x + \\Delta) - w(x)}

    Args:
        curves: by channel (index): ``top``, ``c``, ``half_10k``.
        spend: money by channel, ``x``; a channel that is left out has none.
        more: the step, in the unit of the money.

    Returns:
        Money a win, by channel.

    Source: marginal instead of average cost, as in Mantrala, Sinha and Zoltners (1992), Journal of Marketing Research 29.
    """
    money = pd.Series(dict(spend), dtype=float).reindex(curves.index).fillna(0.0)
    shape = curves["top"], curves["c"], curves["half_10k"]
    return (more / (adbudg(money + more, *shape) - adbudg(money, *shape))).rename("next_cost")


@dataclass(frozen=True)
class Mix:
    """How a budget is shared.

    Attributes:
        spend: by channel, in the unit of the budget.
        wins: that it brings.
        next_win: what one more win would cost, the same in every channel that is used.
    """

    spend: pd.Series
    wins: float
    next_win: float


def mix_wins(spend: Mapping | pd.Series, curves: pd.DataFrame) -> float:
    """The wins that a mix brings; channels that the curves do not know count nothing.

    Args:
        spend: money by channel. curves: by channel: ``top``, ``c``, ``half_10k``.
    """
    money = pd.Series(dict(spend), dtype=float).reindex(curves.index).fillna(0.0)
    return float(adbudg(money, curves["top"], curves["c"], curves["half_10k"]).sum())


def best_mix(curves: pd.DataFrame, budget: float, most: int = MOST_WAYS) -> Mix:
    """The mix that brings most wins: every set of channels, and in each set the next win costs the same everywhere.

    .. math:: \\max \\sum_i w_i(x_i), \\quad \\sum_i x_i = B, \\quad w_i'(x_i) = \\lambda \\text{ where } x_i > 0

    Of the channels of a set at most one can stand below its bend (two would gain by moving money from one to the
    other). For each set, and for each channel that may stand there or none, the common slope is found by bisection.
    Where one stands below its bend several slopes can fit; all brackets on a grid of 240 are followed.

    Args:
        curves: by channel (index): ``top``, ``c`` (1 or more), ``half_10k``.
        budget: above 0, in the unit of ``half_10k``; all of it is spent.
        most: channels that may be used.

    Returns:
        The best; of equals, the one with the fewest channels, then the first ones.

    Raises:
        PlaybookError: a budget of 0 or below, no channel, a shape below 1, or the two the other way round.

    Source: equal marginal returns, Dorfman and Steiner (1954), American Economic Review 44; curves of Little (1970).
    """
    if not isinstance(curves, pd.DataFrame):
        raise PlaybookError(
            _("the curves come first, then the money"), remedy=_("Write `best_mix(curves, budget)`.")
        )
    if not budget > 0 or not len(curves) or most < 1:
        raise PlaybookError(_("there is nothing to share"), remedy=_("Give a budget above 0 and a channel."))
    if (curves["c"] < 1).any():
        raise PlaybookError(_("a shape is below 1"), remedy=_("Use shapes of 1 or more."))
    shapes = tuple(map(tuple, curves[["top", "c", "half_10k"]].to_numpy(float).tolist()))
    spend = pd.Series(_best_spend(shapes, float(budget), most), index=curves.index, dtype=float)
    used = spend[spend > 0].index
    slopes = _slope(spend[used], curves.loc[used, "top"], curves.loc[used, "c"], curves.loc[used, "half_10k"])
    return Mix(spend, mix_wins(spend, curves), float(1 / slopes.mean()))


def break_even_guests(hall: float, per_guest: float, share: float, win: float) -> int:
    """Guests from which a win of a salon costs no more than one that is won otherwise.

    .. math:: n^* = \\left\\lceil \\frac{F}{p\\,C - g} \\right\\rceil

    Args:
        hall: what a salon costs whoever comes, ``F``. per_guest: what each guest adds, ``g``.
        share: of the guests who sign, ``p``, a fraction. win: what a win costs otherwise, ``C``; same money as ``hall``.

    Raises:
        PlaybookError: a guest costs more than he or she is worth, so that no number is enough.

    Source: break-even, as in any textbook of cost accounting.
    """
    worth = share * win - per_guest
    if worth <= 0:
        raise PlaybookError(
            _("a guest costs more than a guest brings: no number of guests is enough"),
            remedy=_("Look at the share of guests who sign."),
        )
    return ceil(hall / worth - 1e-9)


def _slope(x, top, c, half):
    """Wins that the next bit of money brings, per unit of money."""
    share = (x / half) ** c
    return top * c / half * (x / half) ** (c - 1) / (1 + share) ** 2


@lru_cache(maxsize=512)
def _best_spend(
    shapes: tuple[tuple[float, float, float], ...], budget: float, most: int
) -> tuple[float, ...]:
    """Money by channel. Kept, because a panel asks again for what it asked before."""
    top, c, half = (np.array(column) for column in zip(*shapes, strict=True))
    count = len(top)
    steepest = np.log(_slope(half * ((c - 1) / (c + 1)) ** (1 / c), top, c, half))
    # Sets, and the channel of each that stands below its bend; -1 for none.
    pairs = [
        (members, low)
        for size in range(2, min(most, count) + 1)
        for members in combinations(range(count), size)
        for low in (-1, *(one for one in members if c[one] > 1))
    ]
    mixes = list(np.eye(count) * budget)
    if pairs:
        above = np.zeros((len(pairs), count), dtype=bool)
        below = np.zeros((len(pairs), count), dtype=bool)
        for row, (members, low) in enumerate(pairs):
            above[row, list(members)] = True
            if low >= 0:
                above[row, low], below[row, low] = False, True
        least = np.log(_slope(budget, top, c, half)).min() - 1
        grid = np.unique(np.concatenate([np.linspace(least, steepest.max(), _GRID), steepest]))
        high, low = _both_sides(grid[:, None], top, c, half, steepest)
        spent = np.where(above, high[:, None, :], np.where(below, low[:, None, :], 0.0)).sum(axis=-1) - budget
        at, row = np.nonzero((spent[:-1] >= 0) != (spent[1:] >= 0))
        both = np.isfinite(spent[at, row]) & np.isfinite(spent[at + 1, row])
        at, row = at[both], row[both]
        found = _halved(grid[at], grid[at + 1], above[row], below[row], top, c, half, steepest, budget)
        sums = found.sum(axis=1, keepdims=True)
        close = np.abs(sums[:, 0] - budget) < 1e-6 * budget
        mixes += list(found[close] / sums[close] * budget)
    table = np.array(mixes)
    best = table[first_largest(adbudg(table, top, c, half).sum(axis=1))]
    return tuple(float(value) for value in best)


def _halved(first, last, above, below, top, c, half, steepest, budget):
    """Money by bracket and channel at the slope, between the two of each bracket, at which the budget is spent."""
    logs, steps, falls = None, _STEPS, None
    for _halving in range(_HALVINGS):
        middle = (first + last) / 2 if falls is not None else first
        logs = _roots(middle[:, None], top, c, half, logs, steps)
        at = np.where(above, logs[0], np.where(below, logs[1], -np.inf))
        money = half * np.exp(np.minimum(at / c, _LARGE))
        over = money.sum(axis=1) >= budget
        if falls is None:
            falls, steps = over, _AGAIN
            continue
        first, last = np.where(over == falls, middle, first), np.where(over == falls, last, middle)
    return money


def _both_sides(slopes, top, c, half, steepest):
    """Money above and below the bend at which the slope (a logarithm) is reached; not a number where it never is."""
    right, left = _roots(slopes, top, c, half)
    there = slopes <= steepest + 1e-12
    return (
        half * np.exp(np.where(there, right / c, np.nan)),
        half * np.exp(np.where(there & (c > 1), left / c, np.nan)),
    )


def _roots(slopes, top, c, half, start=None, steps=_STEPS):
    """log u with u = (x / half)^c, above and below the bend, by Newton's steps.

    The logarithm of the slope is a concave function of log u, so the steps from the far right and the far left come
    to the two roots without passing them; from anywhere else the first step leads to where that holds.
    """
    wanted = slopes - np.log(top * c / half)
    rises = (c - 1) / c
    if start is None:
        start = -wanted * c / (c + 1), np.where(c > 1, wanted / np.where(c > 1, rises, 1.0), -np.inf)
    right, left = start
    with np.errstate(all="ignore"):
        for _step in range(steps):
            right = right - _off(right, wanted, rises)
            left = left - _off(left, wanted, rises)
    return right, left


def _off(at, wanted, rises):
    grown = np.exp(np.minimum(at, _LARGE))
    slope = rises - 2 * grown / (1 + grown)
    return np.where(
        slope == 0, 0.0, (rises * at - 2 * np.log1p(grown) - wanted) / np.where(slope == 0, 1.0, slope)
    )
