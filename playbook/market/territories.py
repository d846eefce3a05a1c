"""Who takes which district: two groups with the same work and short ways.

Few districts make few choices: all of them are tried, so the best is the best.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.distances import shares_of_demand
from playbook.market.ties import first_smallest
from playbook.words import _

#: Up to so many districts are split in every way there is.
_MOST_SPLIT = 16


@dataclass(frozen=True)
class Territories:
    """Districts shared between groups.

    Attributes:
        group: number of the group by district, from 1; the first district of the table is in group 1.
        bases: the district from which each group works, by group.
        workload: by group, share of the whole.
        driving: mean distance of the demand to its group's base, km.
    """

    group: pd.Series
    bases: tuple
    workload: tuple[float, ...]
    driving: float

    @property
    def imbalance(self) -> float:
        """How far the fullest or emptiest group is from an equal part, 0.15 being 15 %."""
        return max(abs(share * len(self.workload) - 1) for share in self.workload)


def territories_of(workload: pd.Series, km: pd.DataFrame, group: Mapping | pd.Series) -> Territories:
    """What a split of the districts means: each group's workload, and its way from the best base inside it.

    Args:
        workload: by district, such as accounts in need.
        km: distances, districts x districts.
        group: group by district: any names, all districts.

    Raises:
        PlaybookError: a district without a group, or one that is not in the table.

    Source: Hess and Samuels (1971), Management Science 18(4).
    """
    weights = shares_of_demand(workload, km)
    given = pd.Series(dict(group)) if isinstance(group, Mapping) else group
    unknown = [str(one) for one in given.index if one not in km.index]
    missing = [str(one) for one in km.index if one not in given.index or pd.isna(given[one])]
    if unknown or missing:
        raise PlaybookError(
            _("not in the city: {districts}").format(districts=", ".join(unknown))
            if unknown
            else _("without a group: {districts}").format(districts=", ".join(missing)),
            remedy=_("Give every district of the city to one group."),
        )
    given = given.reindex(km.index)
    numbers = pd.Series(pd.factorize(given)[0] + 1, index=km.index)
    bases, shares, driving = [], [], 0.0
    for number in range(1, numbers.max() + 1):
        rows = np.flatnonzero((numbers == number).to_numpy())
        ways = weights[rows] @ km.to_numpy(float)[np.ix_(rows, rows)]
        best = first_smallest(ways)
        bases.append(km.index[rows[best]])
        shares.append(float(weights[rows].sum()))
        driving += float(ways[best])
    return Territories(numbers, tuple(bases), tuple(shares), driving)


def territory_choices(workload: pd.Series, km: pd.DataFrame) -> pd.DataFrame:
    """Every way to share the districts between two groups.

    Args:
        workload, km: as for :func:`territories_of`; 2 to 16 districts.

    Returns:
        One row per split: ``group_1`` and ``group_2`` (names of districts; the first district of the table is in
        group 1), ``share_1`` (group 1's part of the workload, a fraction) and ``mean_km`` (mean distance of the
        workload to its group's base).

    Raises:
        PlaybookError: as :func:`territories_of`, or too many districts.

    Source: Hess and Samuels (1971), Management Science 18(4).
    """
    weights = shares_of_demand(workload, km)
    inside = _every_split(len(weights))
    amounts = workload.reindex(km.index).to_numpy(float)
    names = np.array(km.index, dtype=object)
    return pd.DataFrame(
        {
            "group_1": [tuple(names[~row]) for row in inside],
            "group_2": [tuple(names[row]) for row in inside],
            "share_1": (~inside @ amounts) / amounts.sum(),
            "mean_km": _driving(inside, weights, km),
        }
    )


def best_territories(workload: pd.Series, km: pd.DataFrame, band: float = 0.15) -> Territories:
    """The split into two groups with the least driving, each within a band of an equal workload.

    Every split is tried; up to 16 districts.

    Args:
        workload, km: as for :func:`territories_of`.
        band: how far a group may be from half of the whole, 0.15 being 15 %.

    Returns:
        The best; of equals, the one that comes first when districts are read as binary digits.

    Raises:
        PlaybookError: no split lies within the band, or there are too many districts.

    Source: Hess and Samuels (1971); Zoltners and Sinha (2005), Marketing Science 24(3).
    """
    weights = shares_of_demand(workload, km)
    inside = _every_split(len(weights))
    fits = np.abs(2 * (inside @ weights) - 1) <= band + 1e-9
    if not fits.any():
        raise PlaybookError(
            _("no split in two lies within {band:.0%} of an equal workload").format(band=band),
            remedy=_("Allow a wider band, or split the largest district."),
        )
    inside = inside[fits]
    best = inside[first_smallest(_driving(inside, weights, km))]
    return territories_of(workload, km, dict(zip(km.index, best.tolist(), strict=True)))


def _every_split(places: int) -> np.ndarray:
    """Rows of True for the districts of the second group; the first district is never in it."""
    if not 2 <= places <= _MOST_SPLIT:
        raise PlaybookError(
            _("{count} districts cannot be split by trying every way").format(count=places),
            remedy=_("Give 2 to 16 districts."),
        )
    sets = np.arange(1, 2 ** (places - 1)) << 1
    return (sets[:, None] >> np.arange(places) & 1).astype(bool)


def _driving(inside: np.ndarray, weights: np.ndarray, km: pd.DataFrame) -> np.ndarray:
    """Mean distance to the best base of the group, by split."""
    ways = weights[:, None] * km.to_numpy(float)
    driving = np.zeros(len(inside))
    for rows in (inside, ~inside):
        to_each = rows.astype(float) @ ways
        driving += np.where(rows, to_each, np.inf).min(axis=1)
    return driving
