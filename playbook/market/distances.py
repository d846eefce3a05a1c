"""How far places are from each other, and what a table of distances is asked with: points in order, shares of demand."""

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.words import _

#: Mean radius of the Earth, km.
EARTH_KM = 6_371.0


def haversine_km(lat: object, lon: object, to_lat: object, to_lon: object, radius_km: float = EARTH_KM):
    """Great-circle distance between two places, or between columns of places.

    .. math:: d = 2R \\arcsin \\sqrt{\\sin^2\\tfrac{\\Delta\\varphi}{2}
        + \\cos\\varphi_1 \\cos\\varphi_2 \\sin^2\\tfrac{\\Delta\\lambda}{2}}

    Args:
        lat, lon, to_lat, to_lon: degrees; numbers or columns of one length.

    Returns:
        km: a number, or an array or column as long as the longest argument.

    Source: Sinnott (1984), Sky and Telescope 68.
    """
    up, to_up, across = np.radians(lat), np.radians(to_lat), np.radians(np.subtract(to_lon, lon))
    half = np.sin((to_up - up) / 2) ** 2 + np.cos(to_up) * np.cos(up) * np.sin(across / 2) ** 2
    return 2 * radius_km * np.arcsin(np.sqrt(half))


def distance_table(places: pd.DataFrame, sites: pd.DataFrame, *, name: str = "district") -> pd.DataFrame:
    """Great-circle distances from every place to every site.

    Args:
        places, sites: ``lat, lon`` in degrees, and the column ``name``, unique in each.

    Returns:
        km; one row per place, one column per site, both by name.

    Raises:
        PlaybookError: a column is missing, or a name stands twice.
    """
    for table in (places, sites):
        lacking = [column for column in (name, "lat", "lon") if column not in table]
        if lacking:
            raise PlaybookError(
                _("the places lack the columns {columns}").format(columns=", ".join(lacking)),
                remedy=_("A place has a name, a latitude and a longitude."),
            )
        if table[name].duplicated().any():
            twice = table.loc[table[name].duplicated(), name].iloc[0]
            raise PlaybookError(
                _("{name} stands twice among the places").format(name=twice),
                remedy=_("Keep each place once."),
            )
    km = haversine_km(
        places["lat"].to_numpy(float)[:, None],
        places["lon"].to_numpy(float)[:, None],
        sites["lat"].to_numpy(float)[None, :],
        sites["lon"].to_numpy(float)[None, :],
    )
    return pd.DataFrame(km, index=pd.Index(places[name]), columns=pd.Index(sites[name]))


def swapped_points(places: pd.DataFrame) -> pd.Series:
    """Which addresses have latitude and longitude the wrong way round.

    An address is swapped if its latitude could be no latitude of mainland China (18 to 54 degrees north) and both
    numbers fit once they change places (longitude 73 to 135 degrees east).

    Args:
        places: ``lat, lon`` in degrees.

    Returns:
        True and False with the index of ``places``; an address that is merely far away is not swapped.

    Source: the course's own rule.
    """
    lat, lon = places["lat"], places["lon"]
    return ~lat.between(18, 54) & lon.between(18, 54) & lat.between(73, 135)


def with_points_repaired(places: pd.DataFrame) -> pd.DataFrame:
    """The places with the swapped ones put right; see :func:`swapped_points`."""
    swapped = swapped_points(places)
    fixed = places.copy()
    fixed.loc[swapped, ["lat", "lon"]] = places.loc[swapped, ["lon", "lat"]].to_numpy()
    return fixed


def shares_of_demand(demand: pd.Series, km: pd.DataFrame) -> np.ndarray:
    """Shares of the demand in the order of the table's rows.

    Args:
        demand: by place, from 0 up; places that the table has not are left out.
        km: distances, one row per place.

    Returns:
        Fractions that sum to 1, one per row of ``km``.

    Raises:
        PlaybookError: a row without a demand; a demand that is negative, missing, or nothing at all.
    """
    missing = [str(one) for one in km.index if one not in demand.index]
    if missing:
        raise PlaybookError(
            _("no demand is given for {places}").format(places=", ".join(missing[:5])),
            remedy=_("Give a number from 0 up for every row of the table of distances."),
        )
    weights = demand.reindex(km.index).to_numpy(float)
    if not (np.isfinite(weights).all() and weights.min() >= 0 and weights.sum() > 0):
        raise PlaybookError(
            _("the demand cannot be negative, missing, or nothing at all"),
            remedy=_("Give a number from 0 up for every row of the table of distances."),
        )
    return weights / weights.sum()
