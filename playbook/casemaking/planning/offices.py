"""What offices and driving cost in a city (chapter 4)."""

import numpy as np
import pandas as pd

from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.errors import PlaybookError
from playbook.market.bases import BaseArea, OfficeCosts, base_area, best_offices, offices_cost

_MOST_DRAWS = 400
#: A plan that a shortcut gives costs at least so much more than the best: twice what the exercise lets pass.
_CLEARLY_DEARER = 1.04


def offices(ground: Ground) -> dict[str, pd.DataFrame]:
    """Rows of `assumptions`: rent, speed, wages, and how long a visit takes."""
    rng = stream(ground.seed, "assumptions of offices")
    city = ground.city
    area = base_area(ground.accounts, ground.districts, city["lat"], city["lon"], OfficeCosts())
    for _ in range(_MOST_DRAWS):
        rent, speed = 500 * int(rng.integers(4, 10)), 5 * int(rng.integers(6, 10))
        hour, sellers = 5 * int(rng.integers(12, 19)), 2 * int(rng.integers(8, 13))
        costs = OfficeCosts(float(rent), float(sellers), speed_kmh=float(speed), hour_cny=float(hour))
        if _no_shortcut_to_offices(ground, area, costs):
            break
    else:
        raise PlaybookError(
            "no rent keeps the shortcuts of chapter 4 away", where=f"the case {ground.adcode}"
        )
    service, leg = 5 * int(rng.integers(8, 13)), 5 * int(rng.integers(2, 5))
    rows = [
        ("rent_cny", "Rent of a small office", "CNY a month", rent, rent - 1000, rent + 1500),
        (
            "office_sellers",
            "Sellers who drive out every working day",
            "persons",
            sellers,
            sellers - 4,
            sellers + 4,
        ),
        ("office_days", "Working days", "days a month", 20, 19, 22),
        ("detour", "Kilometres driven for one straight kilometre", "ratio", 1.3, 1.2, 1.5),
        ("speed_kmh", "Speed on the road", "km an hour", speed, speed - 10, speed + 10),
        ("hour_cny", "What an hour of a seller costs", "CNY an hour", hour, hour - 10, hour + 15),
        ("day_min", "Working time a day, lunch not counted", "minutes", 480, 450, 510),
        ("service_min", "One visit", "minutes", service, service - 15, service + 20),
        ("leg_min", "The way from one customer to the next", "minutes", leg, leg - 5, leg + 10),
    ]
    return {"assumptions": pd.DataFrame(rows, columns=["name", "meaning", "unit", "usual", "low", "high"])}


def _no_shortcut_to_offices(ground: Ground, area: BaseArea, costs: OfficeCosts) -> bool:
    """Whether the known ways to place offices without counting cost clearly more than the best."""
    best = best_offices(area.need, area.km, costs)
    names = list(area.km.index)
    if not 2 <= len(best.chosen) <= len(names) - 2:
        return False
    hall = (ground.districts["lat"] - ground.city["lat"]) ** 2 + (
        ground.districts["lon"] - ground.city["lon"]
    ) ** 2
    by_need = list(area.need.sort_values(ascending=False, kind="stable").index)
    workers = ground.districts.set_index("district").filter(like="workers_").sum(axis=1)
    by_workers = list(workers.sort_values(ascending=False, kind="stable").index)
    shortcuts = [
        [names[int(np.argmin(hall.to_numpy()))]],
        names,
        *(order[:count] for order in (by_need, by_workers, names) for count in (1, 2, 3)),
    ]
    return all(
        offices_cost(area.need, area.km, one, costs).cost_cny > _CLEARLY_DEARER * best.cost_cny
        for one in shortcuts
    )
