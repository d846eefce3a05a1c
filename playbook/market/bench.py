"""Which city opens when, and who may lead it: weights of judges, the bench, and the calendar of openings.

The analytic hierarchy process turns comparisons in pairs into weights; a Markov chain tells how many leaders the
bench will have; the calendar never asks for more people than there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.market.ties import first_largest
from playbook.words import _

#: Consistency of random comparisons by their number of criteria, Saaty (1980).
RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
#: Below this ratio comparisons count as consistent (Saaty 1980).
CONSISTENT = 0.10
#: People an opening takes, as columns of a table of cities and of the supply.
ROLES = ("leaders", "supervisors", "veterans")
#: What `sequence` holds for a city that waits.
LATER = 0
#: Most cities for which every calendar is tried.
_MOST_CITIES = 7
#: The gates to an appointment as manager, and the rule of each.
SCORES = ("results", "process", "team", "strategy")
LEAST_SCORE, LEAST_QUARTERS, LEAST_MARKETS = 60, 2, 2


@dataclass(frozen=True)
class PairWeights:
    """What comparisons in pairs say.

    Attributes:
        weights: by criterion, together 1.
        lambda_max: largest eigenvalue, or its estimate; equal to the number of criteria if nothing contradicts.
        index: consistency index, ``(lambda_max - n) / (n - 1)``.
        ratio: consistency ratio, the index over that of random comparisons.
    """

    weights: pd.Series
    lambda_max: float
    index: float
    ratio: float

    @property
    def consistent(self) -> bool:
        """Whether the ratio is below 0.10."""
        return self.ratio < CONSISTENT


@kept_by_content
def ahp_weights(comparisons: pd.DataFrame, method: str = "rows") -> PairWeights:
    """Weights from comparisons in pairs.

    .. math:: w_i \\propto \\Bigl(\\prod_j a_{ij}\\Bigr)^{1/n}, \\quad
        \\lambda = \\frac1n \\sum_i \\frac{(Aw)_i}{w_i}, \\quad CR = \\frac{(\\lambda - n)/(n - 1)}{RI_n}

    Args:
        comparisons: square, criteria as index and columns in one order; a cell says how many times the row matters
            as much as the column; the diagonal is 1, and the mirror cell one over it.
        method: ``rows`` (geometric means of the rows, a spreadsheet can do it) or ``eigenvector`` (Saaty's own).

    Raises:
        PlaybookError: not square, a cell of 0 or below, or a cell that is not one over its mirror.

    Source: Saaty (1980), The Analytic Hierarchy Process; geometric means: Crawford and Williams (1985), Journal of
    Mathematical Psychology 29.
    """
    matrix = comparisons.to_numpy(float)
    size = len(matrix)
    if matrix.ndim != 2 or matrix.shape[1] != size or list(comparisons.index) != list(comparisons.columns):
        raise PlaybookError(
            _("comparisons need the same criteria across and down"),
            remedy=_("Give one row and one column for each criterion, in the same order."),
        )
    if size >= len(RANDOM_INDEX):
        raise PlaybookError(
            _("{count} criteria are too many to compare in pairs").format(count=size),
            remedy=_("Use at most {most}.").format(most=len(RANDOM_INDEX) - 1),
        )
    off = ~np.isclose(matrix * matrix.T, 1, rtol=0.02) if (matrix > 0).all() else matrix <= 0
    if off.any() or not np.isfinite(matrix).all():
        row, column = np.argwhere(off | ~np.isfinite(matrix))[0]
        raise PlaybookError(
            _("{row} against {column} is {value:g}, and the mirror cell {mirror:g}").format(
                row=comparisons.index[row],
                column=comparisons.columns[column],
                value=matrix[row, column],
                mirror=matrix[column, row],
            ),
            remedy=_("A cell is above 0, and its mirror is one over it: 3 and 1/3."),
        )
    if method == "eigenvector":
        values, vectors = np.linalg.eig(matrix)
        first = int(np.argmax(values.real))
        weights = np.abs(vectors[:, first].real)
        largest = float(values[first].real)
    else:
        weights = np.exp(np.log(matrix).mean(axis=1))
        largest = float((matrix @ weights / weights).mean())
    weights = weights / weights.sum()
    index = max(largest - size, 0.0) / (size - 1) if size > 1 else 0.0
    usual = RANDOM_INDEX[size]
    return PairWeights(
        pd.Series(weights, index=comparisons.index), largest, index, index / usual if usual else 0.0
    )


@kept_by_content
def pairs_of(judgements: pd.DataFrame) -> pd.DataFrame:
    """The square table of comparisons from a list of pairs; the diagonal and the mirror cells are filled in.

    Args:
        judgements: one row per pair: ``row``, ``column``, ``times`` (how many times the row matters as much).

    Returns:
        Criteria as index and columns, in the order in which they are first named.
    """
    names = list(dict.fromkeys([*judgements["row"], *judgements["column"]]))
    square = pd.DataFrame(1.0, index=names, columns=names)
    for one in judgements.itertuples():
        square.loc[one.row, one.column] = one.times
        square.loc[one.column, one.row] = 1 / one.times
    return square


def eligible_managers(bench: pd.DataFrame) -> pd.DataFrame:
    """Who may be appointed manager: every gate on its own; no strength makes up for a gap.

    In the pool, for at least two quarters, the course done, has led a team, each of the four scores at least 60,
    two kinds of market, and no breach of the red line.

    Args:
        bench: ``in_pool, pool_quarters, course_done, led_team, results, process, team, strategy, markets, red_line``.

    Returns:
        The rows that pass all, in their order.

    Source: the practice this course draws on (appointments from the pool only; results, process, team and
    strategy); the least values are the course's own.
    """
    passes = (
        bench["in_pool"]
        & (bench["pool_quarters"] >= LEAST_QUARTERS)
        & bench["course_done"]
        & bench["led_team"]
        & (bench[list(SCORES)] >= LEAST_SCORE).all(axis=1)
        & (bench["markets"] >= LEAST_MARKETS)
        & ~bench["red_line"]
    )
    return bench[passes]


@kept_by_content
def moving_rates(moves: pd.DataFrame, levels: tuple[str, ...]) -> pd.DataFrame:
    """How a level's people spread over the levels in one quarter, from counts of moves.

    Args:
        moves: one row per move counted: ``from_level``, ``to_level``, ``people``; whoever left the company has a
            ``to_level`` outside ``levels``.
        levels: the levels, lowest first.

    Returns:
        levels x levels, fractions; a row adds up to 1 less the share that left.

    Raises:
        PlaybookError: a level in which nobody was.

    Source: Bartholomew, Forbes and McClean (1991), Statistical Techniques for Manpower Planning.
    """
    counts = moves.pivot_table(index="from_level", columns="to_level", values="people", aggfunc="sum")
    counts = counts.fillna(0)
    whole = counts.sum(axis=1).reindex(list(levels)).fillna(0)
    empty = [level for level in levels if not whole[level] > 0]
    if empty:
        raise PlaybookError(
            _("nobody was at {levels}: no rate can be told").format(levels=", ".join(empty)),
            remedy=_("Give counts for every level."),
        )
    return counts.reindex(index=list(levels), columns=list(levels)).fillna(0).div(whole, axis=0)


@kept_by_content
def bench_supply(stock: pd.Series, rates: pd.DataFrame, quarters: int) -> pd.DataFrame:
    """How many people each level holds after 1, 2, ... quarters.

    .. math:: n_{t+1} = n_t P

    Args:
        stock: people by level now, ``n``. rates: as :func:`moving_rates` returns, ``P``. quarters: 1 or more.

    Returns:
        One row per quarter (index 1 ...), one column per level; people, not rounded.

    Raises:
        PlaybookError: the levels differ, or a row of rates adds up to more than 1.

    Source: Bartholomew, Forbes and McClean (1991).
    """
    if list(stock.index) != list(rates.index) or list(rates.index) != list(rates.columns):
        raise PlaybookError(
            _("the stock and the rates have different levels"), remedy=_("Use one order of levels in both.")
        )
    if (rates.sum(axis=1) > 1 + 1e-9).any() or (rates < 0).any(axis=None):
        raise PlaybookError(
            _("more people move than there are"),
            remedy=_("Across, the rates of a level add up to 1 or less."),
        )
    now, rows = stock.to_numpy(float), []
    for _quarter in range(quarters):
        now = now @ rates.to_numpy(float)
        rows.append(now)
    return pd.DataFrame(rows, index=pd.RangeIndex(1, quarters + 1, name="quarter"), columns=stock.index)


def absorption(rates: pd.DataFrame, ends: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """How long people stay on the bench, and where they end.

    .. math:: N = (I - Q)^{-1}, \\quad t = N 1, \\quad B = N R

    Args:
        rates: among the levels, ``Q``. ends: from each level out for good, such as manager or gone, ``R``.

    Returns:
        Expected visits (levels x levels), steps before the end (by level), shares of the ends (levels x ends).

    Raises:
        PlaybookError: somebody can stay for ever.

    Source: Kemeny and Snell (1960), Finite Markov Chains.
    """
    size = len(rates)
    try:
        visits = np.linalg.inv(np.eye(size) - rates.to_numpy(float))
    except np.linalg.LinAlgError:
        raise PlaybookError(
            _("somebody stays on the bench for ever"), remedy=_("Give every level a way out.")
        ) from None
    return (
        pd.DataFrame(visits, index=rates.index, columns=rates.columns),
        pd.Series(visits.sum(axis=1), index=rates.index),
        pd.DataFrame(visits @ ends.to_numpy(float), index=rates.index, columns=ends.columns),
    )


@dataclass(frozen=True)
class Sequence:
    """A calendar of openings.

    Attributes:
        quarter: by city, 1 and up; 0 for a city that waits.
        value: what it brings by the last month, in the unit of the cities' value.
        short: (quarter, role, people missing) wherever it asks for more than there are.
        crowded: quarters with too many openings.
    """

    quarter: pd.Series
    value: float
    short: tuple[tuple[int, str, int], ...] = ()
    crowded: tuple[int, ...] = ()

    @property
    def feasible(self) -> bool:
        return not (self.short or self.crowded)


def sequence_of(
    quarter: Mapping | pd.Series,
    cities: pd.DataFrame,
    supply: pd.DataFrame,
    *,
    most: int = 2,
    months: int = 24,
    ramp: int = 6,
) -> Sequence:
    """What a calendar of openings brings, and where it asks for more people than there are.

    A city that opens in quarter q works from month ``3 (q - 1)`` and earns its full month after ``ramp`` months:
    it brings ``value x max(0, months - 3 (q - 1) - ramp)``. Whoever leads a city stays there, so the needs of
    earlier openings count in every later quarter.

    Args:
        quarter: quarter by city, 0 for later.
        cities: ``city``, ``value`` (of a full month) and people needed: ``leaders, supervisors, veterans``.
        supply: people there are by quarter (index 1 ...), those already sent included: the same three columns.
        most: openings in a quarter, at most.

    Raises:
        PlaybookError: a city that is missing or unknown, or a quarter that does not exist.

    Source: the course's own; that management sets the pace is the practice's.
    """
    named = pd.Series(dict(quarter)) if isinstance(quarter, Mapping) else quarter
    names = list(cities["city"])
    missing = [name for name in names if name not in named.index or pd.isna(named[name])]
    unknown = [str(name) for name in named.index if name not in names]
    if missing or unknown:
        raise PlaybookError(
            _("no quarter is given for {cities}").format(cities=", ".join(missing))
            if missing
            else _("not on the list: {cities}").format(cities=", ".join(unknown)),
            remedy=_("Give every city of the list a quarter, 0 for later."),
        )
    when = named.reindex(names)
    if not when.isin([LATER, *supply.index]).all():
        wrong = when[~when.isin([LATER, *supply.index])]
        raise PlaybookError(
            _("{city} in quarter {quarter}: there is no such quarter").format(
                city=wrong.index[0], quarter=wrong.iloc[0]
            ),
            remedy=_("Use 1 to {last}, or 0 for later.").format(last=supply.index.max()),
        )
    when = when.astype(int)
    opened = when.to_numpy()
    value = float(cities["value"].to_numpy(float) @ working_months(opened, months, ramp))
    needs, there = _needs_and_people(cities, supply)
    short, crowded = [], []
    for number, have in zip(supply.index, there, strict=True):
        taken = needs[(opened > 0) & (opened <= number)].sum(axis=0)
        short += [
            (int(number), role, int(missing))
            for role, missing in zip(ROLES, taken - have, strict=True)
            if missing > 0
        ]
        if (opened == number).sum() > most:
            crowded.append(int(number))
    return Sequence(when, value, tuple(short), tuple(crowded))


@kept_by_content
def best_sequence(
    cities: pd.DataFrame, supply: pd.DataFrame, *, most: int = 2, months: int = 24, ramp: int = 6
) -> Sequence:
    """The calendar that brings most and never asks for more people than there are; every calendar is tried.

    Args:
        cities, supply, most, months, ramp: as for :func:`sequence_of`; at most 7 cities.

    Returns:
        The best; of equals, the one whose first city opens first, then the second, with *later* last.

    Raises:
        PlaybookError: too many cities.
    """
    count = len(cities)
    if count > _MOST_CITIES:
        raise PlaybookError(
            _("{count} cities are too many to try every calendar").format(count=count),
            remedy=_("Keep at most {most} on the list.").format(most=_MOST_CITIES),
        )
    plans, opened = calendars(len(supply), count, most), _opened(len(supply), count, most)
    needs, there = _needs_and_people(cities, supply)
    fits = (opened @ needs.astype(np.float32) <= there[:, None, :]).all(axis=(0, 2))
    plans = plans[fits]
    value = working_months(plans, months, ramp) @ cities["value"].to_numpy(float)
    best = plans[first_largest(value)]
    chosen = dict(zip(cities["city"], best.tolist(), strict=True))
    return sequence_of(chosen, cities, supply, most=most, months=months, ramp=ramp)


def sequence_in_turn(
    order: Iterable[str],
    cities: pd.DataFrame,
    supply: pd.DataFrame,
    *,
    most: int = 2,
    months: int = 24,
    ramp: int = 6,
) -> Sequence:
    """The calendar of somebody who goes down a list: each city in turn gets the first quarter that can be staffed.

    A city for which no quarter has the people waits, and the next in the list is tried.

    Args:
        order: the cities, first choice first; cities that are not in it wait.
        cities, supply, most, months, ramp: as for :func:`sequence_of`.

    Source: the course's own, as what the best calendar is compared with.
    """
    names = list(cities["city"])
    quarter = dict.fromkeys(names, LATER)
    needs, there = _needs_and_people(cities, supply)
    for name in order:
        place = names.index(name)
        for number in supply.index:
            opened = list(quarter.values()).count(int(number))
            if opened < most and (there[int(number) - 1 :] >= needs[place]).all():
                quarter[name] = int(number)
                there[int(number) - 1 :] -= needs[place]
                break
    return sequence_of(quarter, cities, supply, most=most, months=months, ramp=ramp)


def most_value(
    value: np.ndarray,
    needs: np.ndarray,
    people: np.ndarray,
    *,
    most: int = 2,
    months: int = 24,
    ramp: int = 6,
) -> np.ndarray:
    """What the best calendar brings, without saying which it is: a hundred times faster than trying every one.

    Quarter by quarter from each set of open cities to each larger one, so no calendar is gone through twice.

    Args:
        value: by city, of a full month.
        needs: city x role, people it takes.
        people: quarter x role, whole people there are; with a first dimension more, several supplies at once.
        most, months, ramp: as for :func:`sequence_of`.

    Returns:
        One number a supply, as ``best_sequence(...).value`` has it.

    Source: Bellman (1957), Dynamic Programming.
    """
    members, before, after, starts = _larger_sets(len(value), most)
    worth, taken = members @ value, members @ needs
    fits = (taken <= people[..., None, :]).all(axis=-1)
    full = working_months(np.arange(1, people.shape[-2] + 1), months, ramp)
    best = np.full((*people.shape[:-2], len(members)), -np.inf)
    best[..., 0] = 0
    for place, left in enumerate(full):
        reached = best[..., before] + left * (worth[after] - worth[before])
        best = np.where(fits[..., place, :], np.maximum.reduceat(reached, starts, axis=-1), -np.inf)
    return best.max(axis=-1)


@lru_cache(maxsize=4)
def _larger_sets(cities: int, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """All sets of cities (set x city, 0 or 1); every step by at most so many cities; where each new set starts."""
    sets = np.arange(2**cities)
    members = (sets[:, None] >> np.arange(cities)) & 1
    grows = (sets[:, None] & sets) == sets
    few = members.sum(axis=1)[:, None] - members.sum(axis=1) <= most
    after, before = np.nonzero(grows & few)
    return members.astype(float), before, after, np.searchsorted(after, sets)


def _needs_and_people(cities: pd.DataFrame, supply: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """City x role and quarter x role; a share of a person leads no city."""
    return cities[list(ROLES)].to_numpy(float), np.floor(supply[list(ROLES)].to_numpy(float) + 1e-9)


@lru_cache(maxsize=4)
def calendars(quarters: int, cities: int, most: int) -> np.ndarray:
    """Every way to give each city a quarter (1 ...) or 0, with no quarter too crowded; the earliest first."""
    choices = [*range(1, quarters + 1), LATER]
    grids = np.meshgrid(*[choices] * cities, indexing="ij")
    plans = np.stack([grid.ravel() for grid in grids], axis=1)
    crowded = [(plans == number).sum(axis=1) > most for number in range(1, quarters + 1)]
    plans = plans[~np.any(crowded, axis=0)]
    plans.flags.writeable = False
    return plans


@lru_cache(maxsize=4)
def _opened(quarters: int, cities: int, most: int) -> np.ndarray:
    """Which cities of each calendar are open, quarter x calendar x city, 0 or 1."""
    plans = calendars(quarters, cities, most)
    return np.stack(
        [((plans > 0) & (plans <= number)).astype(np.float32) for number in range(1, quarters + 1)]
    )


def working_months(quarters: np.ndarray, months: int = 24, ramp: int = 6) -> np.ndarray:
    """Full months that a city earns, by the quarter in which it opens."""
    return np.where(quarters > 0, np.maximum(months - 3 * (quarters - 1) - ramp, 0), 0)
