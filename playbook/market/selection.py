"""Choosing a few that reach many: coverage, the greedy choice, and the exact one.

Nothing here knows about customers: rows of a yes-or-no table are what can be chosen, its columns what can be
covered. Chapter 7 chooses benchmark customers that cover prospects.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.market.ties import first_largest, surely_less
from playbook.words import _

GREEDY_SHARE = 1 - float(np.exp(-1))
"""1 - 1/e, about 0.632: the share of the best coverage that greedy reaches at least, for a fixed number of
picks (Nemhauser, Wolsey and Fisher, 1978)."""


@dataclass(frozen=True)
class Selection:
    """What was chosen, in the order in which it adds most.

    Attributes:
        chosen: row labels of the coverage table.
        gains: what each added to those before it, in the unit of the values.
        covered_value: the sum of the gains.
        cost: what the choice costs, in the unit of the costs; 0 without costs.
    """

    chosen: tuple[Hashable, ...]
    gains: tuple[float, ...]
    covered_value: float
    cost: float


def coverage_value(covered: pd.DataFrame, value: pd.Series, chosen: Iterable[Hashable]) -> float:
    """The value that at least one of the chosen covers; what two cover counts once.

    .. math:: f(S) = \\sum_j w_j \\cdot 1[\\exists\\, i \\in S : i \\text{ covers } j]

    Args:
        covered: True or False, one row per candidate, one column per prospect.
        value: what each prospect is worth, indexed by the columns of ``covered``; not negative.
        chosen: row labels of ``covered``, in any order.

    Returns:
        The covered value, in the unit of ``value``.

    Raises:
        PlaybookError: the tables do not fit together, or a chosen label is not a row of ``covered``.
    """
    matrix, worth = _arrays(covered, value)
    return float(worth[matrix[_positions(covered, chosen)].any(axis=0)].sum())


def own_coverage(covered: pd.DataFrame, value: pd.Series) -> pd.Series:
    """What each candidate covers by itself, in the unit of ``value``, in the order of the rows.

    To six decimals, so that what covers the same is the same number on every machine.
    """
    matrix, worth = _arrays(covered, value)
    return pd.Series((matrix @ worth).round(6), index=covered.index, name="own_coverage")


def coverage_curve(covered: pd.DataFrame, value: pd.Series, order: Iterable[Hashable]) -> pd.DataFrame:
    """How coverage grows when candidates are won one after another.

    Args:
        covered: True or False, one row per candidate, one column per prospect.
        value: what each prospect is worth, indexed by the columns of ``covered``.
        order: row labels of ``covered``, first won first.

    Returns:
        One row per step, from 0 (nobody won yet): ``step``, ``chosen``, ``gain``, ``covered_value`` (unit of
        ``value``), ``share`` (fraction of the whole value).

    Raises:
        PlaybookError: as :func:`coverage_value`.
    """
    matrix, worth = _arrays(covered, value)
    order = list(order)
    rows = matrix[_positions(covered, order)]
    reached = np.array([0.0, *(worth[rows[: step + 1].any(axis=0)].sum() for step in range(len(order)))])
    total = worth.sum()
    return pd.DataFrame(
        {
            "step": np.arange(len(order) + 1),
            "chosen": [None, *order],
            "gain": np.diff(reached, prepend=0.0),
            "covered_value": reached,
            "share": reached / total if total > 0 else np.zeros(len(reached)),
        }
    )


def greedy_selection(
    covered: pd.DataFrame,
    value: pd.Series,
    k: int | None = None,
    *,
    cost: pd.Series | None = None,
    budget: float | None = None,
    eligible: pd.Series | None = None,
) -> Selection:
    """Take, again and again, the candidate that adds most to those already taken.

    With ``cost`` and ``budget`` it takes the one that adds most per unit of cost and still fits, and gives
    back the best single candidate instead if that alone covers more. Of two that add the same (within a
    billionth, see :mod:`playbook.market.ties`), the one that stands first in ``covered`` is taken. It stops
    when nobody adds anything.

    Args:
        covered: True or False, one row per candidate, one column per prospect.
        value: what each prospect is worth, indexed by the columns of ``covered``; not negative.
        k: the most candidates to take.
        cost: what each candidate costs, indexed by the rows; more than 0.
        budget: the most that the chosen may cost together, in the unit of ``cost``.
        eligible: True for candidates that may be taken; all if left out.

    Returns:
        A :class:`Selection`. With ``k`` alone it covers at least 1 - 1/e (63 %) of what the best ``k`` cover;
        with a budget at least half of that share (Khuller, Moss and Naor, 1999).

    Raises:
        PlaybookError: no limit at all, a limit that makes no sense, or tables that do not fit together.

    Source: Nemhauser, Wolsey and Fisher (1978), Mathematical Programming 14; Khuller, Moss and Naor (1999),
    Information Processing Letters 70.
    """
    matrix, worth = _arrays(covered, value)
    rules = _rules(covered, k, cost, budget, eligible)
    taken: list[int] = []
    gains: list[float] = []
    reached = np.zeros(len(worth), dtype=bool)
    while True:
        open_rows = rules.open_after(taken)
        if not open_rows.any():
            break
        adds = matrix[:, ~reached] @ worth[~reached]
        rate = np.where(open_rows, adds / rules.cost if rules.budget is not None else adds, -1.0)
        best = first_largest(rate)
        if not surely_less(0.0, adds[best]):
            break
        taken.append(best)
        gains.append(float(adds[best]))
        reached |= matrix[best]
    if rules.budget is not None and taken:
        single = np.where(rules.open_after([]), matrix @ worth, -1.0)
        best = first_largest(single)
        if surely_less(sum(gains), single[best]):
            taken, gains = [best], [float(single[best])]
    return _selection(covered, taken, gains, rules)


@kept_by_content
def best_selection(
    covered: pd.DataFrame,
    value: pd.Series,
    k: int | None = None,
    *,
    cost: pd.Series | None = None,
    budget: float | None = None,
    eligible: pd.Series | None = None,
) -> Selection:
    """The choice that covers the most value under the limits, found exactly.

    .. math::

        \\max \\sum_j w_j z_j \\quad \\text{with} \\quad z_j \\le \\sum_{i \\text{ covers } j} x_i,
        \\; \\sum_i x_i \\le k, \\; \\sum_i c_i x_i \\le B,
        \\; x_i \\in \\{0, 1\\}, \\; 0 \\le z_j \\le 1

    Solved with ``scipy.optimize.milp``; prospects that the same candidates cover are taken together, so some
    60 candidates and 400 prospects take well under a second.

    Args:
        covered, value, k, cost, budget, eligible: as for :func:`greedy_selection`.

    Returns:
        A :class:`Selection`, the chosen in the order in which they add most.

    Raises:
        PlaybookError: as :func:`greedy_selection`; or the solver found no answer.

    Source: Church and ReVelle (1974), Papers of the Regional Science Association 32 (maximal covering).
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, worth = _arrays(covered, value)
    rules = _rules(covered, k, cost, budget, eligible)
    patterns, belongs = np.unique(matrix[:, worth > 0], axis=1, return_inverse=True)
    if not patterns.size:
        return _selection(covered, [], [], rules)
    weights = np.bincount(belongs.ravel(), weights=worth[worth > 0])
    rows, columns = patterns.shape
    # Each group of prospects is covered only if a candidate that covers it is chosen.
    constraints = [LinearConstraint(np.hstack([-patterns.T.astype(float), np.eye(columns)]), ub=0)]

    def at_most(coefficients: np.ndarray, limit: float) -> None:
        row = np.concatenate([coefficients.astype(float), np.zeros(columns)])
        constraints.append(LinearConstraint(row[None, :], ub=limit))

    if rules.k is not None:
        at_most(np.ones(rows), rules.k)
    if rules.budget is not None:
        at_most(rules.cost, rules.budget)
    result = milp(
        np.concatenate([np.zeros(rows), -weights]),
        integrality=np.concatenate([np.ones(rows), np.zeros(columns)]),
        bounds=Bounds(0, np.concatenate([rules.eligible.astype(float), np.ones(columns)])),
        constraints=constraints,
        options={"mip_rel_gap": 0},
    )
    if result.x is None:
        raise PlaybookError(
            _("no best choice was found: {message}").format(message=result.message),
            where="best_selection",
            remedy=_("check the costs, the budget and the values for numbers out of proportion"),
        )
    return _in_order_of_gain(covered, value, np.flatnonzero(result.x[:rows] > 0.5), rules)


@dataclass(frozen=True)
class _Rules:
    """Limits as arrays, checked."""

    k: int | None
    cost: np.ndarray
    budget: float | None
    eligible: np.ndarray

    def open_after(self, taken: list[int]) -> np.ndarray:
        """Which rows may be taken next."""
        rows = self.eligible.copy()
        rows[taken] = False
        if self.k is not None and len(taken) >= self.k:
            rows[:] = False
        if self.budget is not None:
            # A hair of slack: costs such as 4.5 add up exactly, other fractions may not.
            rows &= self.cost <= self.budget - self.cost[taken].sum() + 1e-9
        return rows


def _rules(
    covered: pd.DataFrame,
    k: int | None,
    cost: pd.Series | None,
    budget: float | None,
    eligible: pd.Series | None,
) -> _Rules:
    if k is None and budget is None:
        raise PlaybookError(
            _("nothing limits the choice"), remedy=_("give k, the number to choose, or cost and budget")
        )
    if (budget is None) != (cost is None):
        raise PlaybookError(_("a budget needs costs, and costs a budget"), remedy=_("give both, or neither"))
    if k is not None and not (isinstance(k, int | np.integer) and k >= 0):
        raise PlaybookError(_("k is {k!r}").format(k=k), remedy=_("give a whole number, 0 or more"))
    if budget is not None and not budget >= 0:
        raise PlaybookError(
            _("the budget is {budget!r}").format(budget=budget), remedy=_("give a number, 0 or more")
        )
    prices = _aligned(cost, covered, "cost", 1.0).astype(float)
    if not (prices > 0).all():
        raise PlaybookError(
            _("a cost is missing, zero or negative"), where="cost", remedy=_("every cost is above 0")
        )
    allowed = _aligned(eligible, covered, "eligible", True).astype(bool)
    return _Rules(k, prices, budget, allowed)


def _aligned(series: pd.Series | Mapping | None, covered: pd.DataFrame, name: str, default) -> np.ndarray:
    if series is None:
        return np.full(len(covered), default)
    series = pd.Series(series)
    missing = covered.index.difference(series.index)
    if len(missing):
        raise PlaybookError(
            _("{candidate} has no {name}").format(candidate=missing[0], name=name),
            where=name,
            remedy=_("give one {name} per candidate, indexed like the rows of the coverage table").format(
                name=name
            ),
        )
    return series.reindex(covered.index).to_numpy()


def _arrays(covered: pd.DataFrame, value: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    missing = covered.columns.difference(value.index)
    if len(missing):
        raise PlaybookError(
            _("prospect {name} has no value").format(name=missing[0]),
            where="value",
            remedy=_("index the values by the columns of the coverage table"),
        )
    if covered.index.has_duplicates or covered.columns.has_duplicates or value.index.has_duplicates:
        raise PlaybookError(
            _("a label appears twice"), where=_("coverage table"), remedy=_("keep each account once")
        )
    worth = value.reindex(covered.columns).to_numpy(dtype=float)
    if not (worth >= 0).all():
        raise PlaybookError(_("a value is missing or negative"), where="value", remedy=_("fill or drop it"))
    return covered.to_numpy(dtype=bool), worth


def _positions(covered: pd.DataFrame, chosen: Iterable[Hashable]) -> list[int]:
    chosen = list(dict.fromkeys(chosen))
    positions = covered.index.get_indexer(chosen) if chosen else []
    for label, position in zip(chosen, positions, strict=True):
        if position < 0:
            raise PlaybookError(
                _("{label} is not among the candidates").format(label=label),
                remedy=_("choose from the rows of the coverage table"),
            )
    return [int(position) for position in positions]


def _in_order_of_gain(covered: pd.DataFrame, value: pd.Series, rows: np.ndarray, rules: _Rules) -> Selection:
    matrix, worth = _arrays(covered, value)
    left, taken, gains = list(map(int, rows)), [], []
    reached = np.zeros(len(worth), dtype=bool)
    while left:
        adds = [float(worth[matrix[row] & ~reached].sum()) for row in left]
        best = first_largest(adds)
        gains.append(adds[best])
        taken.append(left.pop(best))
        reached |= matrix[taken[-1]]
    return _selection(covered, taken, gains, rules)


def _selection(covered: pd.DataFrame, taken: list[int], gains: list[float], rules: _Rules) -> Selection:
    cost = float(rules.cost[taken].sum()) if rules.budget is not None else 0.0
    return Selection(tuple(covered.index[taken]), tuple(gains), float(sum(gains)), cost)
