"""Customer profiles: measure how alike accounts are, and find the groups they form.

Numbers and categories count together (Gower's distance); groups form around real accounts (medoids); the
silhouette says how many groups there are, and whether there are any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.market.ties import first_largest, first_smallest, surely_less
from playbook.words import _


def gower_distance(
    frame: pd.DataFrame,
    *,
    ranges: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
    asymmetric: Iterable[str] = (),
) -> pd.DataFrame:
    """Measure how unlike each two rows are, over numbers and categories together (0 same, 1 opposite).

    ``d_ij = sum_c w_c k_ijc d_ijc / sum_c w_c k_ijc`` with, for a numeric column,
    ``d_ijc = |x_ic - x_jc| / range_c``; for any other (text, yes/no), 0 if equal and 1 if not. ``k_ijc`` is
    0 where a value is missing in either row, so the column drops out of that pair's average; else 1. This is
    one minus Gower's similarity.

    Args:
        frame: one row per account; number columns are scaled by range, all others compared for equality.
        ranges: range of a numeric column where the rows' own is not wanted (say, the whole city's, or a
            scale's: 4 for 1-5), in the column's unit.
        weights: weight per column (default 1).
        asymmetric: yes/no columns in which two "no" say nothing: such a pair drops the column out.

    Returns:
        Square table, rows and columns labelled as the frame's index; missing where a pair has no column in
        common. A column without spread adds 0.

    Raises:
        PlaybookError: no columns, a given range smaller than the spread, or a weight below zero.

    Source: Gower (1971).
    """
    if not len(frame.columns):
        raise PlaybookError(_("no columns to compare accounts on"), remedy=_("Choose at least one column."))
    ranges, weights, asymmetric = dict(ranges or {}), dict(weights or {}), set(asymmetric)
    apart = np.zeros((len(frame), len(frame)))
    compared = np.zeros_like(apart)
    for column in frame.columns:
        weight = float(weights.get(column, 1))
        if weight < 0:
            raise PlaybookError(
                _("the weight of {column!r} is {weight}").format(column=column, weight=weight),
                remedy=_("Use zero or more."),
            )
        if _is_number(frame[column]):
            values = frame[column].to_numpy(dtype=float, na_value=np.nan)
            known = np.isfinite(values)
            spread = np.ptp(values[known]) if known.any() else 0.0
            scale = float(ranges.get(column, spread))
            if scale < spread:
                raise PlaybookError(
                    _(
                        "the range given for {column!r} is {scale:g}, but its values spread over {spread:g}"
                    ).format(column=column, scale=scale, spread=spread),
                    remedy=_("Give the largest value minus the smallest, in the column's own unit."),
                )
            values = np.where(known, values, 0.0)
            unlike = np.abs(values[:, None] - values[None, :]) / (scale or 1.0)
            both = known[:, None] & known[None, :]
        else:
            codes, _uniques = pd.factorize(frame[column])
            unlike = (codes[:, None] != codes[None, :]).astype(float)
            both = (codes[:, None] >= 0) & (codes[None, :] >= 0)
            if column in asymmetric:
                present = frame[column].eq(True).fillna(False).to_numpy(dtype=bool)
                both = both & (present[:, None] | present[None, :])
        apart += weight * both * unlike
        compared += weight * both
    distance = np.divide(apart, compared, out=np.full_like(apart, np.nan), where=compared > 0)
    np.fill_diagonal(distance, 0.0)
    return pd.DataFrame(np.minimum(distance, 1.0), index=frame.index, columns=frame.index)


@dataclass(frozen=True, eq=False)
class Profiles:
    """Groups of accounts that are alike.

    Attributes:
        k: number of groups.
        labels: group of each account, 1 the largest ... ``k`` the smallest; indexed like the distances.
        medoids: label of the most central account of each group, in group order: a real account to visit.
        silhouette: average silhouette width, -1 to 1.
        silhouettes: that width for every ``k`` tried, indexed by ``k``.
    """

    k: int
    labels: pd.Series
    medoids: tuple
    silhouette: float
    silhouettes: pd.Series


def silhouette(distance: pd.DataFrame | np.ndarray, labels: Iterable) -> float:
    """Average silhouette width of a grouping: are accounts closer to their own group than to the next?

    Per account ``s = (b - a) / max(a, b)``: ``a`` its mean distance to the others of its group, ``b`` the
    lowest mean distance to another group; 0 for an account alone in its group. The average over accounts
    runs from -1 to 1. A rule of thumb: up to 0.25 no structure to speak of, to 0.50 weak, to 0.70
    reasonable, above it strong.

    Args:
        distance: square, symmetric, in any unit.
        labels: one group label per row.

    Raises:
        PlaybookError: not square, gaps in it, labels of another length, or fewer than two groups.

    Source: Rousseeuw (1987); the rule of thumb: Kaufman and Rousseeuw (1990).
    """
    matrix = _square(distance)
    codes, groups = pd.factorize(np.asarray(list(labels)))
    if len(codes) != len(matrix):
        raise PlaybookError(
            _("{labels} labels for {accounts} accounts").format(labels=len(codes), accounts=len(matrix)),
            remedy=_("Give one label a row."),
        )
    if len(groups) < 2:
        raise PlaybookError(_("a silhouette compares groups"), remedy=_("Give at least two groups."))
    member = np.eye(len(groups))[codes]
    size = member.sum(axis=0)
    total = matrix @ member
    own = np.arange(len(codes)), codes
    inside = total[own] / np.maximum(size[codes] - 1, 1)
    average = total / size
    average[own] = np.inf
    nearest = average.min(axis=1)
    larger = np.maximum(inside, nearest)
    width = np.divide(nearest - inside, larger, out=np.zeros_like(larger), where=larger > 0)
    return float(np.where(size[codes] == 1, 0.0, width).mean())


def k_medoids(distance: pd.DataFrame | np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Split accounts into ``k`` groups around ``k`` of themselves (partitioning around medoids).

    Chooses the medoids that make the sum of each account's distance to its nearest medoid small: one by one
    first, then by swapping while any swap helps. No random start: the same distances give the same groups.

    Args:
        distance: square, symmetric, without gaps; in any unit.
        k: number of groups, from 1 to the number of rows.

    Returns:
        Groups (integers 0 ... k-1, largest group first) and the row positions of the medoids in that order.

    Raises:
        PlaybookError: not square, gaps in it, or no such ``k``.

    Source: Kaufman and Rousseeuw (1990), chapter 2.
    """
    matrix = _square(distance)
    if not 1 <= k <= len(matrix):
        raise PlaybookError(
            _("{groups} groups of {accounts} accounts").format(groups=k, accounts=len(matrix)),
            remedy=_("Ask for 1 up to the accounts."),
        )
    # Of equal sums the first is taken, so that ties fall alike on every machine.
    medoids = [first_smallest(matrix.sum(axis=0))]
    while len(medoids) < k:
        nearest = matrix[:, medoids].min(axis=1)
        cost = np.minimum(nearest[:, None], matrix).sum(axis=0)
        cost[medoids] = np.inf
        medoids.append(first_smallest(cost))
    cost = float(matrix[:, medoids].min(axis=1).sum())
    while True:
        trials = []
        for place in range(k):
            others = medoids[:place] + medoids[place + 1 :]
            nearest = matrix[:, others].min(axis=1) if others else np.full(len(matrix), np.inf)
            totals = np.minimum(nearest[:, None], matrix).sum(axis=0)
            candidate = first_smallest(totals)
            trials.append((float(totals[candidate]), candidate))
        place = first_smallest(np.array([trial[0] for trial in trials]))
        best, candidate = trials[place]
        if not surely_less(best, cost):
            break
        cost, medoids[place] = best, candidate
    labels = matrix[:, medoids].round(9).argmin(axis=1)
    order = sorted(range(k), key=lambda group: (-(labels == group).sum(), medoids[group]))
    rank = np.empty(k, dtype=int)
    rank[order] = np.arange(k)
    return rank[labels], np.array(medoids)[order]


def silhouette_by_k(distance: pd.DataFrame | np.ndarray, ks: Iterable[int] = range(2, 7)) -> pd.Series:
    """Average silhouette width of the grouping into ``k`` groups, for each ``k`` (see :func:`k_medoids`).

    Args:
        distance: square, symmetric, without gaps.
        ks: the numbers of groups to try, each from 2 to the number of rows.

    Returns:
        Widths (-1 to 1) indexed by ``k``.

    Raises:
        PlaybookError: as :func:`k_medoids` and :func:`silhouette`.

    Source: Rousseeuw (1987).
    """
    ks = list(ks)
    widths = [round(silhouette(distance, k_medoids(distance, k)[0]), 9) for k in ks]
    return pd.Series(widths, index=pd.Index(ks, name="k"), name="silhouette", dtype=float)


@kept_by_content
def cluster_profiles(distance: pd.DataFrame, ks: Iterable[int] = range(2, 7)) -> Profiles:
    """Group accounts around typical ones, with the number of groups that the silhouette prefers.

    Args:
        distance: square table from :func:`gower_distance`.
        ks: the numbers of groups to try; the lowest wins a tie.

    Raises:
        PlaybookError: as :func:`silhouette_by_k`.

    Source: Kaufman and Rousseeuw (1990); Rousseeuw (1987).
    """
    widths = silhouette_by_k(distance, ks)
    k = int(widths.index[first_largest(widths.to_numpy())])
    labels, medoids = k_medoids(distance, k)
    names = distance.index if isinstance(distance, pd.DataFrame) else pd.RangeIndex(len(distance))
    return Profiles(
        k=k,
        labels=pd.Series(labels + 1, index=names, name="group"),
        medoids=tuple(names[position] for position in medoids),
        silhouette=float(widths[k]),
        silhouettes=widths,
    )


def describe_groups(frame: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Describe each group in a line: its size, and per column the median, the share of yes or the commonest.

    Args:
        frame: one row per account, indexed like ``labels``.
        labels: group of each account.

    Returns:
        Indexed by group: ``accounts`` (count), ``share`` (0-1), then the frame's columns: medians of numbers
        (missing left out), share of ``True`` (0-1) of yes/no, most frequent value of the rest.

    Raises:
        PlaybookError: the two have different indexes.
    """
    if not frame.index.equals(labels.index):
        raise PlaybookError(_("accounts and groups are not the same rows"), remedy=_("Index both alike."))
    rows = {}
    for group, part in frame.groupby(labels, sort=True):
        row = {"accounts": len(part), "share": len(part) / len(frame)}
        for column in frame.columns:
            known = part[column].dropna()
            if pd.api.types.is_bool_dtype(known):
                row[column] = float(known.mean()) if len(known) else np.nan
            elif _is_number(known):
                row[column] = float(known.median()) if len(known) else np.nan
            else:
                row[column] = known.mode().iloc[0] if len(known) else None
        rows[group] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _square(distance: pd.DataFrame | np.ndarray) -> np.ndarray:
    matrix = np.asarray(distance, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise PlaybookError(
            _("distances must form a square, not {shape}").format(shape=matrix.shape),
            remedy=_("Pass what gower_distance returns."),
        )
    if np.isnan(matrix).any():
        lonely = int(np.isnan(matrix).any(axis=1).sum())
        raise PlaybookError(
            _("{lonely} accounts have no known column in common with some other").format(lonely=lonely),
            remedy=_("Leave those rows out, or compare on a column that is always filled in."),
        )
    return matrix
