"""What offices, driving and a visit take in a city (chapter 4)."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.errors import PlaybookError
from playbook.market.bases import (
    FARTHEST_KM,
    BaseArea,
    OfficeCosts,
    base_area,
    every_set,
    km_to_offices,
    visits_a_day,
)
from playbook.market.distances import haversine_km, with_points_repaired
from playbook.market.firms import one_row_per_firm
from playbook.market.territories import territory_choices

#: Draws, how much dearer than the best the next best choice and any shortcut must be in them, and how many districts
#: must do without an office. The exercise lets pass what is 0.2 % dearer; where no draw sets the best so clearly
#: apart, a smaller margin does.
_LADDER = ((150, 1.005, 1.04, 2), (150, 1.0025, 1.02, 2), (150, 1.0005, 1.01, 2), (400, 1.0005, 1.01, 1))
#: Where a small city has no such draw: only that the best is the best by more than the exercise lets pass.
_LAST = ((1500, 1.0005, 1.0025, 1), (1500, 1.0005, 1.0025, 0))
_REACH_KM = (4, 6, 8, 10, 12, 15, 20, 25, 30)
_HEART = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75)
_BALANCE = (0.15, 0.1, 0.05)
#: Where a few districts hold most of the need, so that no split is as fair as that.
_WIDE_BALANCE = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8)
_DETOUR, _DAYS, _DAY_MIN = 1.3, 20, 480


def offices(ground: Ground) -> dict[str, pd.DataFrame]:
    """Rows of `assumptions`: rent, speed, wages, how long a visit takes, and what the director wants.

    Raises:
        PlaybookError: no draw keeps chapter 4's shortcuts away from its answers.
    """
    rng = stream(ground.seed, "assumptions of offices")
    city = _City(ground)
    heart = city.heart(rng) or city.heart(rng, apart=0.002, spare=1)
    for ladder, apart in ((_LADDER, 0.004), (_LAST, 0.001)):
        for costs, chosen in city.clear_choices(rng, ladder):
            reach, visit = city.reach_km(rng, chosen, apart), city.visit(rng, chosen, costs)
            if heart and reach and visit:
                return {"assumptions": _table(costs, *visit, reach, heart, city.balance())}
    raise PlaybookError(
        "no rent keeps the shortcuts of chapter 4 away",
        where=f"the case {ground.adcode}",
        remedy="Use another seed.",
    )


def _table(
    costs: OfficeCosts, service: int, leg: int, reach: int, heart: float, balance: float
) -> pd.DataFrame:
    rent, sellers, speed, hour = costs.rent_cny, costs.sellers, costs.speed_kmh, costs.hour_cny
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
        ("office_days", "Working days", "days a month", _DAYS, 19, 22),
        ("detour", "Kilometres driven for one straight kilometre", "ratio", _DETOUR, 1.2, 1.5),
        ("speed_kmh", "Speed on the road", "km an hour", speed, speed - 10, speed + 10),
        ("hour_cny", "What an hour of a seller costs", "CNY an hour", hour, hour - 10, hour + 15),
        ("day_min", "Working time a day, lunch not counted", "minutes", _DAY_MIN, 450, 510),
        ("service_min", "One visit", "minutes", service, service - 15, service + 20),
        ("leg_min", "The way from one customer to the next", "minutes", leg, leg - 5, leg + 10),
        (
            "reach_km",
            "How far from an office, in a straight line, counts as near",
            "km",
            reach,
            reach - 2,
            reach + 5,
        ),
        (
            "heart_share",
            "Part of the accounts in need that the priority districts must hold",
            "share",
            heart,
            round(heart - 0.1, 2),
            round(heart + 0.1, 2),
        ),
        (
            "balance",
            "How far a group's work may be from an equal part",
            "share",
            balance,
            0.02,
            max(0.2, balance),
        ),
    ]
    return pd.DataFrame(rows, columns=["name", "meaning", "unit", "usual", "low", "high"])


class _City:
    """A city's districts and firms, and whether a draw on them can be asked about."""

    def __init__(self, ground: Ground):
        city, self.districts = ground.city, ground.districts
        self.area: BaseArea = base_area(
            ground.accounts, self.districts, city["lat"], city["lon"], OfficeCosts()
        )
        firms = with_points_repaired(one_row_per_firm(ground.accounts))
        self.firms = firms[haversine_km(firms["lat"], firms["lon"], city["lat"], city["lon"]) <= FARTHEST_KM]
        self.names = list(self.area.km.index)
        self.weights = (self.area.need / self.area.need.sum()).to_numpy(float)
        self.sets, self.count, self.mean = every_set(self.weights, self.area.km.to_numpy(float))
        self.place = {int(one): row for row, one in enumerate(self.sets)}
        from_hall = haversine_km(self.districts["lat"], self.districts["lon"], city["lat"], city["lon"])
        self.hall = self.names[int(np.argmin(np.asarray(from_hall)))]

    def clear_choices(
        self, rng: np.random.Generator, ladder: tuple[tuple[int, float, float, int], ...]
    ) -> Iterator[tuple[OfficeCosts, list]]:
        """Costs under which the best offices are known from all others, with these offices; clear ones first."""
        shortcuts = self._shortcuts()
        for draws, apart, dearer, without in ladder:
            for _ in range(draws):
                costs = OfficeCosts(
                    rent_cny=500.0 * rng.integers(4, 13),
                    sellers=2.0 * rng.integers(8, 13),
                    days=_DAYS,
                    detour=_DETOUR,
                    speed_kmh=5.0 * rng.integers(6, 10),
                    hour_cny=5.0 * rng.integers(12, 19),
                )
                cost = self.mean * costs.cny_per_km + self.count * costs.rent_cny
                best, second = np.argsort(cost, kind="stable")[:2]
                if (
                    2 <= self.count[best] <= len(self.names) - without
                    and cost[second] > apart * cost[best]
                    and cost[shortcuts].min() > dearer * cost[best]
                ):
                    yield costs, [name for site, name in enumerate(self.names) if self.sets[best] >> site & 1]

    def _shortcuts(self) -> list[int]:
        """Ways to place offices without counting: city hall, everywhere, the first by customers or workers."""
        by_need = list(self.area.need.sort_values(ascending=False, kind="stable").index)
        workers = self.districts.set_index("district").filter(like="workers_").sum(axis=1)
        by_workers = list(workers.sort_values(ascending=False, kind="stable").index)
        firsts = [order[:count] for order in (by_need, by_workers) for count in (1, 2, 3)]
        return [
            self.place[sum(1 << self.names.index(name) for name in one)]
            for one in ([self.hall], self.names, *firsts)
        ]

    def heart(self, rng: np.random.Generator, apart: float = 0.008, spare: int = 2) -> float | None:
        """A share that no number of the largest districts comes close to, held by some of them and not by most."""
        counts = self.area.need.sort_values(ascending=False, kind="stable").to_numpy()
        reached = counts.cumsum() / counts.sum()
        for share in rng.permutation(_HEART).tolist():
            held = int(np.argmax(reached >= share)) + 1
            if (
                2 <= held <= len(counts) - spare
                and np.abs(reached - share).min() > apart
                and counts[held - 1] > counts[held]
            ):
                return share
        return None

    def balance(self) -> float:
        """The widest band about an equal part that shuts out the splits which drive least without one."""
        splits = territory_choices(self.area.need, self.area.km)
        share = splits["share_1"]
        loose = [splits, splits[share.between(0.25, 0.75)]]
        best = [one.loc[one["mean_km"].idxmin(), "share_1"] for one in loose if len(one)]
        away = (2 * share - 1).abs()
        shut_out = [band for band in _BALANCE if all(abs(2 * one - 1) > band for one in best)]
        for band in (*shut_out, *_WIDE_BALANCE):
            if (away <= band).sum() > 1 and (away - band).abs().min() > 1e-6:
                return band
        raise PlaybookError("no split of the districts is fair", remedy="Use another seed.")

    def reach_km(self, rng: np.random.Generator, chosen: list, apart: float) -> int | None:
        """A distance within which many customers lie and not nearly all, other than if one counts another way."""
        sites = self.districts[self.districts["district"].isin(chosen)]
        hall = self.districts[self.districts["district"] == self.hall]
        near, firms = self.area.accounts, self.firms
        away, all_away, from_hall = (
            km_to_offices(one, to) for one, to in ((near, sites), (firms, sites), (near, hall))
        )
        for within in rng.permutation(_REACH_KM).tolist():
            share = (away <= within).mean()
            others = (
                (all_away <= within).mean(),
                (away <= within).groupby(near["district"]).mean().mean(),
                (from_hall <= within).mean(),
                1 - share,
            )
            if 0.45 < share < 0.92 and min(abs(share - other) for other in others) > apart:
                return int(within)
        return None

    def visit(self, rng: np.random.Generator, chosen: list, costs: OfficeCosts) -> tuple[int, int] | None:
        """Minutes of a visit and of the way to the next, with which each mistake in the day's sum shows as itself."""
        sites = self.districts[self.districts["district"].isin(chosen)]
        near = self.area.accounts
        away = km_to_offices(near, sites).groupby(near["district"]).mean()
        drive = (away * costs.detour / costs.speed_kmh * 60).clip(upper=_DAY_MIN / 2)
        pairs = [(5 * service, 5 * leg) for service in range(8, 13) for leg in range(2, 5)]
        for pair in rng.permutation(pairs).tolist():
            service, leg = pair
            slots = (_DAY_MIN - 2 * drive) / (service + leg)
            right = visits_a_day(drive, day_min=_DAY_MIN, service_min=service, leg_min=leg)
            others = (
                visits_a_day(drive / 2, day_min=_DAY_MIN, service_min=service, leg_min=leg),
                visits_a_day(drive.clip(upper=210), day_min=_DAY_MIN - 60, service_min=service, leg_min=leg),
                visits_a_day(drive, day_min=_DAY_MIN, service_min=service, leg_min=0),
                np.ceil(slots),
            )
            alone = all((one != other).any() for one, other in combinations((right, *others), 2))
            alone = alone and (right != slots.round()).any()
            clear = ((slots - slots.round()).abs() > 0.01) | (slots == 0)
            if clear.all() and right.nunique() > 1 and alone:
                return service, leg
        return None
