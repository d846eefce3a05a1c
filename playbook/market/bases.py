"""Where the customers are, and how many offices serve them and from where.

Few districts make few choices: all of them are tried, so the best is the best and no solver is needed. The larger
problems of the literature are solved by ``scipy.optimize.milp``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.distances import distance_table, haversine_km, shares_of_demand, with_points_repaired
from playbook.market.firms import one_row_per_firm
from playbook.market.ties import first_smallest
from playbook.words import _

#: Up to so many sets of sites are tried one by one; beyond, the solver finds the best.
_MOST_TRIED = 20_000
#: Up to so many sites are tried in every way there is.
_MOST_SITES = 16


@dataclass(frozen=True)
class OfficeCosts:
    """What a month of offices and driving costs.

    Attributes:
        rent_cny: rent of one office, CNY a month.
        sellers: who drive out and back on every working day.
        days: working days a month.
        detour: driven over straight kilometres.
        speed_kmh: on the road.
        hour_cny: what an hour of a seller costs, CNY.
    """

    rent_cny: float = 4_000.0
    sellers: float = 20.0
    days: float = 20.0
    detour: float = 1.3
    speed_kmh: float = 45.0
    hour_cny: float = 75.0

    @property
    def cny_per_km(self) -> float:
        """CNY a month for each kilometre of mean straight distance, there and back."""
        return self.sellers * self.days * 2 * self.detour / self.speed_kmh * self.hour_cny


#: An address farther from city hall than this cannot be in the city, km.
FARTHEST_KM = 200.0


@dataclass(frozen=True)
class BaseArea:
    """A city's choice of offices.

    Attributes:
        accounts: firms in need, each once, at places that can be right: ``account_id, district, lat, lon``.
        need: accounts in need by district, in the order of the districts.
        km: straight distances between the districts, to any of them.
        costs: rent, and what driving costs.
    """

    accounts: pd.DataFrame
    need: pd.Series
    km: pd.DataFrame
    costs: OfficeCosts


def base_area(
    accounts: pd.DataFrame, districts: pd.DataFrame, city_lat: float, city_lon: float, costs: OfficeCosts
) -> BaseArea:
    """Offices can stand in any district, at its centre; the demand is the accounts in need there.

    Of a firm that is listed twice one entry counts; addresses with latitude and longitude swapped are put right, and
    one farther than :data:`FARTHEST_KM` from city hall has no place, though its district counts it.

    Args:
        accounts: ``account_id, district, lat, lon, need`` and the columns that tell one firm from another.
        districts: ``district, lat, lon``. city_lat, city_lon: city hall, degrees.

    Raises:
        PlaybookError: as :func:`distance_table`.
    """
    firms = with_points_repaired(one_row_per_firm(accounts))
    needy = firms[firms["need"]]
    counts = needy.groupby("district").size().reindex(districts["district"]).fillna(0)
    away = haversine_km(needy["lat"], needy["lon"], city_lat, city_lon)
    columns = ["account_id", "district", "lat", "lon"]
    return BaseArea(
        needy.loc[away <= FARTHEST_KM, columns].reset_index(drop=True),
        counts.astype(int),
        distance_table(districts, districts),
        costs,
    )


def km_to_offices(places: pd.DataFrame, sites: pd.DataFrame) -> pd.Series:
    """Straight distance of each place to the nearest of some sites, km; index of ``places``.

    Args:
        places, sites: ``lat, lon`` in degrees; at least one site.

    Raises:
        PlaybookError: there is no site.
    """
    if not len(sites):
        raise PlaybookError(_("there is no office"), remedy=_("Choose at least one district."))
    km = haversine_km(
        places["lat"].to_numpy(float)[:, None],
        places["lon"].to_numpy(float)[:, None],
        sites["lat"].to_numpy(float)[None, :],
        sites["lon"].to_numpy(float)[None, :],
    )
    return pd.Series(km.min(axis=1), index=places.index)


def fewest_for(counts: pd.Series, share: float) -> list:
    """The fewest districts that hold a share of the whole: the largest, one after the other, until it is reached.

    Args:
        counts: by district, not negative.
        share: of the sum, above 0, at most 1.

    Returns:
        Names, the largest first; of equals, the first of the list.

    Raises:
        PlaybookError: a share outside that range, a negative count, or nothing to share.
    """
    if not 0 < share <= 1:
        raise PlaybookError(
            _("a share of {share:g} cannot be").format(share=share),
            remedy=_("60 % is 0.6."),
        )
    if not counts.sum() > 0 or counts.min() < 0:
        raise PlaybookError(
            _("there is nothing to share among the districts"),
            remedy=_("Give counts from 0 up, one of them above 0."),
        )
    order = counts.sort_values(ascending=False, kind="stable")
    reached = order.cumsum() >= share * counts.sum() * (1 - 1e-9)
    return list(order.index[: int(reached.to_numpy().argmax()) + 1])


@dataclass(frozen=True)
class Offices:
    """Offices, and what they cost.

    Attributes:
        chosen: the sites, in the order of the table of distances.
        mean_km: mean straight distance of the demand to its nearest office.
        driving_cny, rent_cny: CNY a month.
    """

    chosen: tuple
    mean_km: float
    driving_cny: float
    rent_cny: float

    @property
    def cost_cny(self) -> float:
        return self.driving_cny + self.rent_cny


def offices_cost(
    demand: pd.Series, km: pd.DataFrame, chosen: Iterable, costs: OfficeCosts | None = None
) -> Offices:
    """What some offices cost a month: rent, and the sellers' way to the demand and back.

    .. math:: C = R\\,|S| + q\\,d \\cdot 2\\,\\frac{\\sum_i w_i \\min_{j \\in S} k_{ij}}{\\sum_i w_i}
        \\cdot \\frac{u}{v}\\, h

    Args:
        demand: by place, such as accounts in need, ``w``.
        km: straight distances, places x sites, ``k``.
        chosen: sites with an office, at least one, ``S``.
        costs: rent ``R``, sellers ``q``, days ``d``, detour ``u``, speed ``v``, cost of an hour ``h``.

    Raises:
        PlaybookError: no office, one that is not in the table, or a demand that does not fit it.

    Source: fixed-charge location, Balinski (1965), Management Science 12.
    """
    costs = costs or OfficeCosts()
    weights = shares_of_demand(demand, km)
    sites = list(dict.fromkeys(chosen))
    unknown = [str(one) for one in sites if one not in km.columns]
    if unknown or not sites:
        raise PlaybookError(
            _("no such site: {sites}").format(sites=", ".join(unknown))
            if unknown
            else _("there is no office"),
            remedy=_("Choose from: {sites}.").format(sites=", ".join(map(str, km.columns))),
        )
    nearest = km[sites].to_numpy().min(axis=1)
    mean = float(weights @ nearest)
    ordered = tuple(one for one in km.columns if one in sites)
    return Offices(ordered, mean, mean * costs.cny_per_km, len(sites) * costs.rent_cny)


def office_choices(demand: pd.Series, km: pd.DataFrame, costs: OfficeCosts | None = None) -> pd.DataFrame:
    """Every way to place offices, and what each costs a month, rent and driving apart.

    Args:
        demand, km, costs: as for :func:`offices_cost`; at most 16 sites.

    Returns:
        One row per set of sites, the fewest offices first: ``offices`` (names, in the order of the table of
        distances), ``count``, ``mean_km``, ``rent_cny`` and ``driving_cny`` (CNY a month).

    Raises:
        PlaybookError: as :func:`offices_cost`, or too many sites to try.

    Source: Balinski (1965), Management Science 12.
    """
    costs = costs or OfficeCosts()
    sets, count, mean = every_set(shares_of_demand(demand, km), km.to_numpy(float))
    names = list(km.columns)
    chosen = [tuple(name for site, name in enumerate(names) if one >> site & 1) for one in sets.tolist()]
    return pd.DataFrame(
        {
            "offices": chosen,
            "count": count,
            "mean_km": mean,
            "rent_cny": count * costs.rent_cny,
            "driving_cny": mean * costs.cny_per_km,
        }
    )


def every_set(weights: np.ndarray, distances: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every set of sites as binary digits, how many sites it has, and the mean distance to the nearest of them.

    Args:
        weights: shares of the demand by place. distances: km, places x sites.

    Returns:
        Three columns of one length, the sets with the fewest sites first.

    Raises:
        PlaybookError: too many sites to try.
    """
    sites = distances.shape[1]
    if sites > _MOST_SITES:
        raise PlaybookError(
            _("{count} sites are too many to try every set").format(count=sites),
            remedy=_("Leave out sites that cannot be meant; 16 can be tried."),
        )
    # The sets with a site are those before it, with it: their nearest office is the nearer of the two.
    nearest = np.full((1, len(weights)), np.inf)
    for site in range(sites):
        nearest = np.vstack([nearest, np.minimum(nearest, distances[:, site])])
    sets = np.arange(1, 2**sites)
    count = sum(sets >> site & 1 for site in range(sites))
    order = np.lexsort((sets, count))
    return sets[order], count[order], (nearest[1:] @ weights)[order]


def best_offices(demand: pd.Series, km: pd.DataFrame, costs: OfficeCosts | None = None) -> Offices:
    """The offices that cost least, rent and driving together, found by trying every set of sites.

    Args:
        demand, km, costs: as for :func:`offices_cost`; at most 16 sites.

    Returns:
        The cheapest; of equals, the one with the fewest offices, then the first sites of the table.

    Raises:
        PlaybookError: as :func:`offices_cost`, or too many sites to try.

    Source: Balinski (1965), Management Science 12; the p-median is its special case without rent.
    """
    costs = costs or OfficeCosts()
    sets, count, mean = every_set(shares_of_demand(demand, km), km.to_numpy(float))
    best = int(sets[first_smallest(mean * costs.cny_per_km + count * costs.rent_cny)])
    chosen = [name for site, name in enumerate(km.columns) if best >> site & 1]
    return offices_cost(demand, km, chosen, costs)


def best_bases(demand: pd.Series, km: pd.DataFrame, p: int) -> Offices:
    """The ``p`` sites with the least mean distance to the demand: the p-median.

    .. math:: \\min \\sum_i w_i \\sum_j k_{ij} y_{ij} \\quad \\text{with} \\quad \\sum_j y_{ij} = 1, \\;
        y_{ij} \\le x_j, \\; \\sum_j x_j = p

    Args:
        demand: by place, ``w``. km: distances, places x sites, ``k``. p: how many, at least 1.

    Returns:
        The sites with ``mean_km``; rent is left out (0).

    Raises:
        PlaybookError: as :func:`offices_cost`; more bases than sites; the solver found nothing.

    Source: Hakimi (1964), Operations Research 12; the model is that of ReVelle and Swain (1970),
    Geographical Analysis 2.
    """
    weights = shares_of_demand(demand, km)
    distances = km.to_numpy(float)
    sites = distances.shape[1]
    if not 1 <= p <= sites:
        raise PlaybookError(
            _("{p} bases on {sites} sites cannot be").format(p=p, sites=sites),
            remedy=_("Ask for 1 to {sites}.").format(sites=sites),
        )
    if comb(sites, p) <= _MOST_TRIED:
        sets = list(combinations(range(sites), p))
        means = np.array([weights @ distances[:, one].min(axis=1) for one in sets])
        best = sets[first_smallest(means)]
    else:
        best = _solved_bases(weights, distances, p)
    free = OfficeCosts(rent_cny=0.0)
    return offices_cost(demand, km, [km.columns[site] for site in best], free)


def _solved_bases(weights: np.ndarray, distances: np.ndarray, p: int) -> list[int]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, hstack, identity, kron

    places, sites = distances.shape
    pairs = places * sites
    ones = np.ones((1, sites))
    each = hstack([kron(identity(places), ones), coo_array((places, sites))])
    only_open = hstack([identity(pairs), kron(np.ones((places, 1)), -identity(sites))])
    count = hstack([coo_array((1, pairs)), coo_array(ones)])
    result = milp(
        np.concatenate([(weights[:, None] * distances).ravel(), np.zeros(sites)]),
        integrality=np.concatenate([np.zeros(pairs), np.ones(sites)]),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(each.tocsr(), 1, 1),
            LinearConstraint(only_open.tocsr(), ub=0),
            LinearConstraint(count.tocsr(), p, p),
        ],
        options={"mip_rel_gap": 0},
    )
    if result.x is None:
        raise PlaybookError(
            _("no best choice was found: {message}").format(message=result.message),
            where="best_bases",
            remedy=_("check the distances for numbers out of proportion"),
        )
    return np.flatnonzero(result.x[pairs:] > 0.5).tolist()


def catchments(km: pd.DataFrame, chosen: Iterable) -> pd.Series:
    """Which office serves each place: the nearest; of equals, the first of the table.

    Args:
        km: places x sites. chosen: sites with an office.

    Returns:
        Site by place.
    """
    sites = [one for one in km.columns if one in set(chosen)]
    table = km[sites].to_numpy(float)
    return pd.Series([sites[first_smallest(row)] for row in table], index=km.index)


def visits_a_day(
    drive_min: pd.Series | float, *, day_min: float = 480, service_min: float = 45, leg_min: float = 15
):
    """How many visits fit into a day: out, visit after visit, and back.

    .. math:: n = \\left\\lfloor \\frac{T - 2d}{s + l} \\right\\rfloor

    Args:
        drive_min: one way from the office to the first customer, minutes, ``d``.
        day_min: working time without lunch, minutes, ``T``.
        service_min, leg_min: a visit, and the way to the next one, minutes, ``s`` and ``l``.

    Returns:
        Whole visits, 0 where the way eats the day.

    Raises:
        PlaybookError: a time below 0, or visits without a length.

    Source: the course's own.
    """
    shortest = drive_min.min() if isinstance(drive_min, pd.Series) else drive_min
    if shortest < 0 or day_min < 0 or not service_min + leg_min > 0:
        raise PlaybookError(
            _("minutes cannot be below 0, and a visit takes some"),
            remedy=_("Give the drive one way, the visit and the way to the next, in minutes."),
        )
    fits = np.floor((day_min - 2 * np.asarray(drive_min, dtype=float)) / (service_min + leg_min) + 1e-9)
    fits = np.maximum(fits, 0).astype(int)
    return pd.Series(fits, index=drive_min.index) if isinstance(drive_min, pd.Series) else int(fits)
