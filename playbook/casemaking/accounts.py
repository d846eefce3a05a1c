"""The company's account list in one city: who is there, and who needs the product."""

import numpy as np
import pandas as pd

from playbook.casemaking.names import firm_names, firm_places
from playbook.casemaking.parameters import (
    EXPORTERS,
    LARGE_FROM,
    LARGE_POWER,
    LARGEST,
    LISTED,
    MOST_ROWS,
    OWNERS,
    REVENUE_A_HEAD,
    REVENUE_SPREAD,
    RIVAL_INSTALLED,
    ROWS,
    SECTIONS,
    SMALL_SHARE,
    SMALL_SIZE,
    SOURCES,
    UNIT_SIZE,
)
from playbook.casemaking.public import district_sections
from playbook.casemaking.truths import Truths
from playbook.market.distances import haversine_km

_IT = {"I": 1.0, "J": 0.7, "M": 0.5, "H": -0.3, "E": -0.2}
DIVISIONS = {
    "C": "13 14 15 17 18 19 20 21 22 23 24 26 27 28 29 30 32 33 34 35 36 37 38 39 40 41",
    "E": "47 48 49 50",
    "F": "51 52",
    "G": "54 55 58 59 60",
    "H": "61 62",
    "I": "63 64 65",
    "J": "66 68 69",
    "K": "70",
    "L": "71 72",
    "M": "73 74 75",
}
RIVALS = np.array(["K1", "K2", "K3", "K4", "K5"], dtype=object)
_KM_PER_DEGREE = 111.195
_LARGE_SHARE = 0.21  # of firms that have 20 people or more, with the sizes of `parameters`


def clean_accounts(rng, truths: Truths, public: dict[str, pd.DataFrame], adcode: str) -> pd.DataFrame:
    """The list without its impurities; ``km``, ``known`` and ``place_zh`` are for what is made from it."""
    city = public["cities"].set_index("adcode").loc[adcode]
    workers = district_sections(public, adcode, SECTIONS)
    frame = _places(rng, public, workers, list_length(public, adcode))
    sections = frame["section"].to_numpy()
    frame["division"] = divisions(rng, sections, frame["district_adcode"].to_numpy())
    coastal = 1.0 if city["belt"] == "East" else 0.6
    frame = frame.assign(**firmographics(rng, sections, coastal * float(rng.uniform(0.9, 1.1))))
    place, frame["place_zh"] = firm_places(
        rng, frame["district"].to_numpy(), frame["district_zh"].to_numpy(), (city["city"], city["city_zh"])
    )
    names = firm_names(rng, place, frame["place_zh"], frame["division"].to_numpy(), frame["employees"])
    frame["name"], frame["name_zh"] = names.name, names.name_zh
    alike = frame.duplicated(["district", "division", "founded", "revenue_10k"])
    frame.loc[alike, "revenue_10k"] = (frame.loc[alike, "revenue_10k"] + 0.1).round(
        1
    )  # two firms, not one twice
    frame["km"] = haversine_km(city["lat"], city["lon"], frame["lat"], frame["lon"])
    frame["comp_installed"] = _rivals(rng, frame["it_maturity"].to_numpy())
    frame["source"] = rng.choice(np.array(SOURCES[0], dtype=object), len(frame), p=SOURCES[1])
    frame["known"] = rng.random(len(frame)) >= _gaps(truths, frame)
    frame["need"] = _need(rng, truths, frame)
    _contacts(rng, frame)
    return frame


def list_length(public: dict[str, pd.DataFrame], adcode: str) -> int:
    """Firms on the list: more in a city with more workers, between the two ends of ``ROWS``, at most ``MOST_ROWS``."""
    totals = public["city_workers"].groupby("adcode")["workers_thousand"].sum()
    cities = public["cities"]
    totals = totals[cities.loc[cities["role"] != "home", "adcode"]]
    place = (totals[adcode] - totals.min()) / (totals.max() - totals.min())
    return min(round(ROWS[0] + (ROWS[1] - ROWS[0]) * float(place)), MOST_ROWS)


def expected_pool(public: dict[str, pd.DataFrame], adcode: str) -> pd.DataFrame:
    """About how many accounts, and large ones, a list would have in each section."""
    weights = (district_sections(public, adcode, SECTIONS) / pd.Series(UNIT_SIZE) * pd.Series(LISTED)).sum()
    accounts = list_length(public, adcode) * weights / weights.sum()
    return pd.DataFrame({"accounts": accounts, "large": accounts * _LARGE_SHARE})


def _gaps(truths: Truths, frame: pd.DataFrame) -> np.ndarray:
    """The chance that a firm did not say how many people it has, by the city's pattern."""
    where, often, seldom = truths.gaps
    small = (frame["employees"] < 10).to_numpy()
    by_size = {"small firms": small, "large firms": ~small}
    there = by_size[where] if where in by_size else (frame["source"] == where).to_numpy()
    return np.where(there, often, seldom)


def _places(rng, public, workers: pd.DataFrame, rows: int) -> pd.DataFrame:
    weights = workers / pd.Series(UNIT_SIZE) * pd.Series(LISTED)
    weights = weights[list(SECTIONS)].to_numpy()
    counts = rng.multinomial(rows, (weights / weights.sum()).ravel())
    order = rng.permutation(np.repeat(np.arange(weights.size), counts))
    district, section = np.unravel_index(order, weights.shape)
    centres = public["districts"].set_index("district_adcode").loc[workers.index]
    radius = np.where(rng.random(rows) < 0.75, 3.5, 9.0)
    north, east = np.clip(rng.normal(0, 1, (2, rows)), -2.2, 2.2) * radius
    lat = centres["lat"].to_numpy()[district] + north / _KM_PER_DEGREE
    lon = centres["lon"].to_numpy()[district] + east / _KM_PER_DEGREE / np.cos(np.radians(lat))
    return pd.DataFrame(
        {
            "district_adcode": workers.index.to_numpy(dtype=object)[district],
            "district": centres["district"].to_numpy(dtype=object)[district],
            "district_zh": centres["district_zh"].to_numpy(dtype=object)[district],
            "lat": lat.round(4),
            "lon": lon.round(4),
            "section": np.array(list(SECTIONS), dtype=object)[section],
        }
    )


def divisions(rng, sections: np.ndarray, places: np.ndarray) -> np.ndarray:
    """A division for every firm; each place has its own mix (fictional)."""
    result = np.empty(len(sections), dtype=object)
    for place in pd.unique(pd.Series(places)):
        for section in pd.unique(pd.Series(sections)):
            here = np.flatnonzero((places == place) & (sections == section))
            codes = np.array([section + digits for digits in DIVISIONS[section].split()], dtype=object)
            mix = rng.gamma(0.6, 1, len(codes)) + 0.02
            result[here] = rng.choice(codes, len(here), p=mix / mix.sum())
    return result


def firmographics(rng, sections: np.ndarray, openness: float) -> dict[str, np.ndarray]:
    """Size, revenue, age, export, use of IT and owner of firms (sizes after Axtell 2001)."""
    count = len(sections)
    tail = LARGE_FROM * (1 + rng.pareto(LARGE_POWER, count))
    size = np.where(rng.random(count) < SMALL_SHARE, rng.lognormal(*SMALL_SIZE, count), tail)
    size = np.where(size > LARGEST, LARGEST**2 / size, size)  # folded back, so that no two stand at the end
    employees = np.maximum(np.rint(size), 1).astype("int64")
    per_head = rng.lognormal(0, REVENUE_SPREAD, count) * _by_section(REVENUE_A_HEAD, sections)
    export = rng.random(count) < np.minimum(_by_section(EXPORTERS, sections) * openness, 0.9)
    it = (
        1.7
        + 0.5 * np.log10(employees)
        + 0.3 * export
        + _by_section(_IT, sections, 0.0)
        + rng.normal(0, 0.9, count)
    )
    return {
        "employees": employees,
        "revenue_10k": np.maximum(employees * per_head, 1.0).round(1),
        "founded": np.clip(2024 - rng.gamma(2.2, 4.5, count), 1980, 2024).astype("int64"),
        "export": export,
        "it_maturity": np.clip(np.rint(it), 1, 5).astype("int64"),
        "owner_type": rng.choice(np.array(OWNERS[0], dtype=object), count, p=OWNERS[1]),
    }


def _by_section(values: dict[str, float], sections: np.ndarray, default: float = 0.0) -> np.ndarray:
    return np.array([values.get(section, default) for section in sections], dtype=float)


def _rivals(rng, it_maturity: np.ndarray) -> np.ndarray:
    shares = rng.dirichlet(np.array([4.0, 3.0, 2.0, 1.5, 1.0]))
    rivals = rng.choice(RIVALS, len(it_maturity), p=shares)
    chance = RIVAL_INSTALLED[0] + RIVAL_INSTALLED[1] * it_maturity
    return np.where(rng.random(len(it_maturity)) < chance, rivals, None)


def need_design(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of the planted logit, in the order of `Truths.need`."""
    return pd.DataFrame(
        {
            "export": frame["export"],
            "it_maturity": frame["it_maturity"] - 2,
            "log10_employees": np.log10(frame["employees"].astype(float)) - 1,
            "competitor": frame["comp_installed"].notna(),
            "manufacturing": frame["section"] == "C",
            "young": frame["founded"] >= 2015,
            "state": frame["owner_type"] == "state",
            "exhibition": frame["source"] == "exhibition",
            "km": frame["km"],
            "trade": frame["section"] == "F",
        }
    ).astype(float)


def _need(rng, truths: Truths, frame: pd.DataFrame) -> np.ndarray:
    """Draw who needs the product, again until each planted coefficient can be recovered.

    A draw is taken when one Newton step from the planted coefficients, on the accounts whose size is known,
    moves none of them by more than 1.5 standard errors.
    """
    design = need_design(frame)[list(truths.need)].to_numpy()
    planted = design @ np.array(list(truths.need.values()))
    low, high = -12.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _logistic(planted + middle).mean() < truths.base_need else (low, middle)
    chance = _logistic(planted + low)
    full = np.column_stack([np.ones(len(frame)), design])[frame["known"]]
    weight = (chance * (1 - chance))[frame["known"]]
    inverse = np.linalg.inv(full.T @ (full * weight[:, None]))
    error = np.sqrt(np.diag(inverse))
    while True:
        need = rng.random(len(frame)) < chance
        step = inverse @ (full.T @ (need - chance)[frame["known"]])
        if (np.abs(step) < 1.5 * error).all() and abs(need.mean() - truths.base_need) < 0.006:
            return need


def _logistic(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))


def _contacts(rng, frame: pd.DataFrame) -> None:
    count = len(frame)
    wanted = 0.7 + 0.8 * (frame["employees"] >= 20) + 0.5 * (frame["source"] == "referral")
    frame["visits_12m"] = rng.poisson(wanted)
    frame["contacts"] = rng.poisson(0.5 + 0.3 * frame["visits_12m"])
    known = np.minimum(0.20 + 0.16 * frame["contacts"], 0.85)
    frame["decision_maker_known"] = rng.random(count) < known
    frame["quote_asked"] = rng.random(count) < np.where(frame["need"], 0.45, 0.02)
