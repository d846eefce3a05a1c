"""Chapter 4's problem as a case states it: offices, what they cost, and the districts that groups share."""

from typing import Any

from playbook.market.bases import BaseArea, OfficeCosts, base_area
from playbook.market.distances import haversine_km


def assumptions_of(case: Any) -> dict[str, float]:
    """The usual values of the case's assumptions, by name."""
    table = case.table("assumptions")
    return dict(zip(table["name"], table["usual"].astype(float), strict=True))


def costs_of(case: Any) -> OfficeCosts:
    """What offices and driving cost in a case's city."""
    usual = assumptions_of(case)
    return OfficeCosts(
        rent_cny=usual["rent_cny"],
        sellers=usual["office_sellers"],
        days=usual["office_days"],
        detour=usual["detour"],
        speed_kmh=usual["speed_kmh"],
        hour_cny=usual["hour_cny"],
    )


def area_of(case: Any) -> BaseArea:
    """The choice of offices in a case's city; see :func:`playbook.market.bases.base_area`."""
    city = case.cities.set_index("adcode").loc[case.adcode]
    return base_area(case.accounts, case.city_districts, city["lat"], city["lon"], costs_of(case))


def hall_district(case: Any) -> str:
    """The district whose centre is nearest to city hall."""
    city = case.cities.set_index("adcode").loc[case.adcode]
    districts = case.city_districts.reset_index(drop=True)
    away = haversine_km(districts["lat"], districts["lon"], city["lat"], city["lon"])
    return str(districts.loc[away.idxmin(), "district"])
