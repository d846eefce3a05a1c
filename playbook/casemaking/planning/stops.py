"""Fourteen customers for tomorrow, drawn until no shortcut makes a good day of them (chapter 10)."""

import numpy as np
import pandas as pd

from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.errors import PlaybookError
from playbook.market.distances import haversine_km
from playbook.market.firms import one_row_per_firm
from playbook.market.profile import abc_grade
from playbook.market.route import DAY_MIN, LEAST_STOPS, every_day, minutes_between, most_prize, nearest_first

#: Chance that a deal of grade A or B is signed within the month; of a visit, by grade.
CHANCES = (0.5, 0.2)
_VISIT_CHANCE = {"A": (0.22, 0.34), "B": (0.10, 0.18), "C": (0.03, 0.07)}
#: How many of each grade are on tomorrow's list.
_MIX = {"A": 4, "B": 5, "C": 5}
#: What a shortcut reaches at most of the best day: twice what the exercise lets pass.
_CLEARLY_LESS = 0.90
#: Windows for the start of a visit, in minutes after 9:00 without lunch, and how often each occurs.
_WINDOWS = ((0, DAY_MIN), (0, 120), (60, 180), (180, 300), (240, 420), (330, 450))
_HOW_OFTEN = (0.36, 0.14, 0.14, 0.12, 0.12, 0.12)
_SPEED_KMH, _DETOUR = 30.0, 1.3
#: How far from the office each grade is looked for, km: those who are worth most sit farther out.
_RADIUS_KM = {"A": (3.0, 12.0), "B": (2.0, 11.0), "C": (1.0, 7.0)}
_CANDIDATES, _MOST_LISTS, _MOST_DAYS = 400, 40, 30


def stops(ground: Ground) -> pd.DataFrame:
    """The stops, by number.

    Raises:
        PlaybookError: no list of stops keeps the shortcuts away from the best day.
    """
    rng = stream(ground.seed, "stops")
    home = ground.city
    pool = _pool(rng, ground, home)
    for _ in range(_MOST_LISTS):
        chosen = pd.concat(
            [pool[pool["grade"] == grade].sample(count, random_state=rng) for grade, count in _MIX.items()]
        )
        chosen = chosen.sample(frac=1, random_state=rng).reset_index(drop=True)
        minutes = minutes_between(chosen, home["lat"], home["lon"], detour=_DETOUR, speed_kmh=_SPEED_KMH)
        for _again in range(_MOST_DAYS):
            table = _with_wishes(rng, chosen)
            if _worth_planning(table, minutes):
                return table
    raise PlaybookError("no list of stops makes a day worth planning", where=f"the case {ground.adcode}")


def _pool(rng: np.random.Generator, ground: Ground, home: pd.Series) -> pd.DataFrame:
    """Accounts near the city's centre that are no customers yet, each once, with their grade."""
    firms = one_row_per_firm(ground.accounts)
    away = haversine_km(firms["lat"], firms["lon"], home["lat"], home["lon"])
    firms = firms.assign(away=away)[away.between(1.0, 12.0) & ~firms["customer"]]
    firms = firms.sample(min(_CANDIDATES, len(firms)), random_state=rng)
    grade = [abc_grade(row) for row in firms.to_dict("records")]
    pool = firms[["account_id", "lat", "lon", "away"]].assign(grade=grade)
    low, high = np.array([_RADIUS_KM[one] for one in grade]).T
    pool = pool[pool["away"].between(low, high)]
    lacking = [one for one, count in _MIX.items() if (pool["grade"] == one).sum() < count]
    if lacking:
        raise PlaybookError(f"too few customers of grade {lacking[0]}", where=f"the case {ground.adcode}")
    return pool


def _with_wishes(rng: np.random.Generator, chosen: pd.DataFrame) -> pd.DataFrame:
    """The stops with what a visit is worth and takes, and when it may begin."""
    count = len(chosen)
    low, high = np.array([_VISIT_CHANCE[grade] for grade in chosen["grade"]]).T
    margin = rng.lognormal(np.log(110), 0.7, count).clip(30, 400)
    window = np.array(_WINDOWS)[rng.choice(len(_WINDOWS), count, p=_HOW_OFTEN)]
    return pd.DataFrame(
        {
            "stop_id": [f"K{number:02d}" for number in range(1, count + 1)],
            "account_id": chosen["account_id"],
            "lat": chosen["lat"],
            "lon": chosen["lon"],
            "grade": chosen["grade"],
            "prize": np.maximum(np.round(margin * rng.uniform(low, high)), 2).astype(int),
            "service_min": 5 * rng.integers(6, 15, count),
            "from_min": window[:, 0],
            "to_min": window[:, 1],
        }
    )


def _worth_planning(table: pd.DataFrame, minutes: np.ndarray) -> bool:
    """Whether the nearest first and the grades alone lead to a poor day, and forgetting a rule to a broken one."""
    prize = table["prize"].to_numpy(float)
    days = every_day(table, minutes)
    fits = (days.home <= DAY_MIN) & (days.size >= LEAST_STOPS)
    if not fits.any():
        return False
    worth = days.worth(prize)
    best = worth[fits].max()
    if nearest_first(table, minutes).prize > _CLEARLY_LESS * best:
        return False
    # Without the way back a day fits that is worth more than any that keeps all rules.
    if worth[days.size >= LEAST_STOPS].max() <= best:
        return False
    grades = days.worth(table["grade"].map({"A": 3, "B": 2, "C": 1}).to_numpy(float))
    by_grade = np.flatnonzero(fits & (grades == grades[fits].max()))
    if worth[by_grade[np.argmin(days.home[by_grade])]] > _CLEARLY_LESS * best:
        return False
    # So it is without the time of the visits, or without the windows.
    order = days.order_of(int(np.flatnonzero(fits & (worth == best))[0]))
    if not _has_room(order, table.assign(service_min=0), minutes):
        return False
    always = table.assign(from_min=0, to_min=DAY_MIN)
    return _has_room(order, always, minutes) or most_prize(always, minutes) > best


def _has_room(order: list[int], table: pd.DataFrame, minutes: np.ndarray) -> bool:
    """Whether one more stop fits somewhere into a day, or one that is worth more fits in for another."""
    service, opens, closes, prize = (
        table[name].to_numpy(float).tolist() for name in ("service_min", "from_min", "to_min", "prize")
    )
    drive = minutes.tolist()

    def kept(stops: list[int]) -> bool:
        now, at = 0.0, 0
        for stop in stops:
            begin = max(now + drive[at][stop + 1], opens[stop])
            if begin > closes[stop]:
                return False
            now, at = begin + service[stop], stop + 1
        return now + drive[at][0] <= DAY_MIN

    others = [stop for stop in range(len(table)) if stop not in order]
    for gone in (None, *order):
        rest = [stop for stop in order if stop != gone]
        for stop in others:
            better = gone is None or prize[stop] > prize[gone]
            if better and any(kept([*rest[:at], stop, *rest[at:]]) for at in range(len(rest) + 1)):
                return True
    return False
